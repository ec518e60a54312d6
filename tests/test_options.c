/* SPDX-License-Identifier: MIT */
/* The option tables of every command agree with the library and with each other. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options/help.h"
#include "support.h"

enum { MAX_OPTIONS = 2 * OPTION_LIMIT };

/* Collects the options of a command; returns their number. */
static size_t options_of(const cli_command *command, const cli_option *options[MAX_OPTIONS])
{
    size_t count = 0;
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name && count < MAX_OPTIONS;
             option++)
            options[count++] = option;
    return count;
}

/* Returns the settings of a command before any option. */
static cli_settings *new_settings(const cli_command *command)
{
    cli_settings *settings = settings_new(command);
    assert_non_null(settings);
    return settings;
}

/* Returns true if setting the option to its default changes nothing. Names are compared as text,
 * because equal names may have different addresses. */
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

static void test_defaults_are_those_of_the_library(void **state)
{
    (void)state;
    const cli_option *options[MAX_OPTIONS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = options_of(*c, options);
        for (size_t i = 0; i < count; i++)
            if (options[i]->initial && !same_default(*c, options[i]))
                fail_msg("edgegrad %s --%s: its default is not the library's", (*c)->name,
                         options[i]->name);
    }
}

/* `edges` copies the options that it shares with `gradient`, but for the operator, from
 * eg_gradient_options. */
static void test_edges_and_gradient_have_one_default(void **state)
{
    (void)state;
    eg_edges_options edges;
    eg_gradient_options gradient;
    eg_edges_default(&edges);
    eg_gradient_default(&gradient);
    assert_int_equal(edges.norm, gradient.norm);
    assert_int_equal(edges.border, gradient.border);
    assert_memory_equal(&edges.border_value, &gradient.border_value, sizeof(double));
}

/* The options of a group set fields that the settings of every command with the group have. */
static void test_options_set_fields_of_the_settings(void **state)
{
    (void)state;
    for (const cli_command *const *c = commands; *c; c++) {
        assert_true((*c)->settings_size >= sizeof(cli_settings));
        for (const cli_group *const *group = (*c)->groups; *group; group++) {
            assert_in_range((*group)->settings_size, sizeof(cli_settings), (*c)->settings_size);
            for (const cli_option *option = (*group)->options; option->name; option++)
                assert_true(option->offset < (*group)->settings_size);
        }
    }
}

static void test_names_are_unique_in_a_command(void **state)
{
    (void)state;
    const cli_option *options[MAX_OPTIONS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = options_of(*c, options);
        assert_in_range(count, 1, OPTION_LIMIT);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < i; k++) {
                assert_string_not_equal(options[i]->name, options[k]->name);
                assert_true(options[i]->letter == 0 || options[i]->letter != options[k]->letter);
            }
    }
}

static void test_options_are_complete(void **state)
{
    (void)state;
    const cli_option *options[MAX_OPTIONS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = options_of(*c, options);
        assert_true(isupper((unsigned char)*(*c)->summary) && isupper((unsigned char)*(*c)->about));
        for (size_t i = 0; i < count; i++) {
            const cli_option *option = options[i];
            const char *help;
            char note[256];
            help_note(option, note, sizeof note);
            assert_true(option->help && *option->help);
            assert_true(isupper((unsigned char)*option->help));
            assert_true(strlen(option->help) + strlen(note) <
                        1000); /* fits into the buffers of help */
            assert_int_equal(option->metavar == NULL, option->type == OPTION_FLAG);
            if (option->type == OPTION_CHOICE || option->type == OPTION_NAME)
                assert_non_null(option_choice(option, 1, &help));
        }
    }
}

/* Every choice is an accepted value of its option. */
static void test_choices_are_accepted(void **state)
{
    (void)state;
    const cli_option *options[MAX_OPTIONS];
    for (const cli_command *const *c = commands; *c; c++) {
        size_t count = options_of(*c, options);
        for (size_t i = 0; i < count; i++) {
            const char *help, *name;
            for (size_t k = 0; (name = option_choice(options[i], k, &help)) != NULL; k++) {
                cli_settings *settings = new_settings(*c);
                char reason[REASON_SIZE];
                assert_true(option_set(options[i], settings, name, reason));
                free(settings);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_those_of_the_library),
        cmocka_unit_test(test_edges_and_gradient_have_one_default),
        cmocka_unit_test(test_options_set_fields_of_the_settings),
        cmocka_unit_test(test_names_are_unique_in_a_command),
        cmocka_unit_test(test_options_are_complete),
        cmocka_unit_test(test_choices_are_accepted),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
