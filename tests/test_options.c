/* SPDX-License-Identifier: MIT */
/* The option rows of every command: they agree with the library and with each other. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options/help.h"
#include "support.h"

enum { ROWS = 2 * OPTION_LIMIT };

/* Every row of a command; returns their number. */
static size_t rows_of(const cli_command *command, const cli_option *rows[ROWS])
{
    size_t count = 0;
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name && count < ROWS; row++)
            rows[count++] = row;
    return count;
}

/* Returns the settings of a command before any option. */
static cli_settings *new_settings(const cli_command *command)
{
    cli_settings *settings = settings_new(command);
    assert_non_null(settings);
    return settings;
}

/* Returns true if the defaults of `row` and of the library are one: setting the row to its default
 * changes nothing. A name may be equal text at another address. */
static bool same_default(const cli_command *command, const cli_option *option)
{
    cli_settings *library = new_settings(command), *settings = new_settings(command);
    char reason[REASON_SIZE];
    bool same = option_set(option, settings, option->initial, reason);
    if (same && option->type == OPTION_NAME) {
        const char *names[2];
        memcpy(&names[0], (const char *)library + option->offset, sizeof names[0]);
        memcpy(&names[1], (const char *)settings + option->offset, sizeof names[1]);
        same = names[0] && strcmp(names[0], names[1]) == 0;
    } else if (same) {
        same = memcmp(library, settings, command->settings_size) == 0;
    }
    free(library);
    free(settings);
    return same;
}

static void test_defaults_are_the_library_s(void **state)
{
    (void)state;
    const cli_option *rows[ROWS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = rows_of(*c, rows);
        for (size_t i = 0; i < count; i++)
            if (rows[i]->initial && !same_default(*c, rows[i]))
                fail_msg("edgegrad %s --%s: its default is not the library's", (*c)->name,
                         rows[i]->name);
    }
}

/* `edges` copies the options that it shares with `gradient` from eg_gradient_options. */
static void test_edges_and_gradient_have_one_default(void **state)
{
    (void)state;
    eg_edges_options edges;
    eg_gradient_options gradient;
    eg_edges_default(&edges);
    eg_gradient_default(&gradient);
    assert_string_equal(edges.op, gradient.op);
    assert_int_equal(edges.norm, gradient.norm);
    assert_int_equal(edges.border, gradient.border);
    assert_memory_equal(&edges.border_value, &gradient.border_value, sizeof(double));
}

/* The rows of a group fill fields of the settings of every command that has the group. */
static void test_rows_fill_fields_of_the_settings(void **state)
{
    (void)state;
    for (const cli_command *const *c = commands; *c; c++) {
        assert_true((*c)->settings_size >= sizeof(cli_settings));
        for (const cli_group *const *group = (*c)->groups; *group; group++) {
            assert_in_range((*group)->settings_size, sizeof(cli_settings), (*c)->settings_size);
            for (const cli_option *option = (*group)->options; option->name; row++)
                assert_true(option->offset < (*group)->settings_size);
        }
    }
}

static void test_names_are_unique_in_a_command(void **state)
{
    (void)state;
    const cli_option *rows[ROWS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = rows_of(*c, rows);
        assert_in_range(count, 1, OPTION_LIMIT);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < i; k++) {
                assert_string_not_equal(rows[i]->name, rows[k]->name);
                assert_true(rows[i]->letter == 0 || rows[i]->letter != rows[k]->letter);
            }
    }
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    const cli_option *rows[ROWS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = rows_of(*c, rows);
        for (size_t i = 0; i < count; i++) {
            const cli_option *option = rows[i];
            const char *help;
            char note[256];
            help_note(option, note, sizeof note);
            assert_true(option->help && *option->help);
            assert_true(strlen(option->help) + strlen(note) < 1000); /* fits the buffers of help */
            assert_int_equal(option->metavar == NULL, option->type == OPTION_FLAG);
            if (option->type == OPTION_CHOICE || option->type == OPTION_NAME)
                assert_non_null(option_choice(option, 1, &help));
        }
    }
}

/* Every choice is read back as itself. */
static void test_choices_are_taken(void **state)
{
    (void)state;
    const cli_option *rows[ROWS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = rows_of(*c, rows);
        for (size_t i = 0; i < count; i++) {
            const char *help, *name;
            for (size_t k = 0; (name = option_choice(rows[i], k, &help)) != NULL; k++) {
                cli_settings *settings = new_settings(*c);
                char reason[REASON_SIZE];
                assert_true(option_set(rows[i], settings, name, reason));
                free(settings);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_the_library_s),
        cmocka_unit_test(test_edges_and_gradient_have_one_default),
        cmocka_unit_test(test_rows_fill_fields_of_the_settings),
        cmocka_unit_test(test_names_are_unique_in_a_command),
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_choices_are_taken),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
