/* SPDX-License-Identifier: MIT */
/* The option rows of every command: they agree with the library and with each other. */
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
        for (const cli_option *row = (*group)->rows; row->name && count < ROWS; row++)
            rows[count++] = row;
    return count;
}

static void test_defaults_are_the_library_s(void **state)
{
    (void)state;
    for (const cli_command *const *c = commands; *c; c++) {
        const cli_option *row = settings_disagreement(*c);
        if (row)
            fail_msg("edgegrad %s --%s: its default is not the library's", (*c)->name, row->name);
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
            const cli_option *row = rows[i];
            const char *help;
            char note[256];
            help_note(row, note, sizeof note);
            assert_true(row->help && *row->help);
            assert_true(strlen(row->help) + strlen(note) < 1000); /* fits the buffers of help */
            assert_true(row->offset < sizeof(cli_settings));
            assert_int_equal(row->metavar == NULL, row->type == OPTION_FLAG);
            if (row->type == OPTION_CHOICE || row->type == OPTION_NAME)
                assert_non_null(option_choice(row, 1, &help));
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
                cli_settings settings;
                char reason[REASON_SIZE];
                settings_library(&settings);
                assert_true(option_set(rows[i], &settings, name, reason));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_the_library_s),
        cmocka_unit_test(test_names_are_unique_in_a_command),
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_choices_are_taken),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
