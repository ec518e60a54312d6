/* SPDX-License-Identifier: MIT */
/* Prints completion scripts for three shells from the commands and their option tables. */
#include <string.h>

#include "cli/options/help.h"

/* Prints the part of a script about one option of `command`. */
typedef void option_printer(FILE *out, const cli_command *command, const cli_option *option);

static void for_each_option(FILE *out, const cli_command *command, option_printer *print)
{
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *option = (*group)->options; option->name; option++)
            print(out, command, option);
}

static bool has_choices(const cli_option *option)
{
    const char *help;
    return option_choice(option, 0, &help) != NULL;
}

static void print_choices(FILE *out, const cli_option *option)
{
    const char *help, *name;
    for (size_t i = 0; (name = option_choice(option, i, &help)) != NULL; i++)
        fprintf(out, "%s%s", i ? " " : "", name);
}

static void print_commands(FILE *out, const cli_command *const *commands, const char *separator)
{
    for (const cli_command *const *c = commands; *c; c++)
        fprintf(out, "%s%s", c == commands ? "" : separator, (*c)->name);
}

/* Prints the first clause of a help text without characters that are special in shell quotes. */
static void print_summary(FILE *out, const char *text)
{
    size_t length = strcspn(text, ";([");
    const char *stop = strstr(text, ". ");
    if (stop && (size_t)(stop - text) < length)
        length = (size_t)(stop - text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++)
        if (!strchr("'\"\\]$`", text[i]))
            fputc(text[i], out);
}

/* ---- bash ----*/

static void print_bash_values(FILE *out, const cli_command *command, const cli_option *option)
{
    if (option_is_flag(option))
        return;
    fprintf(out, "    %s:--%s", command->name, option->name);
    if (option->letter)
        fprintf(out, "|%s:-%c", command->name, option->letter);
    fputs(")\n        ", out);
    if (has_choices(option)) {
        fputs("mapfile -t COMPREPLY < <(compgen -W '", out);
        print_choices(out, option);
        fputs("' -- \"$cur\")\n        ", out);
    }
    fputs("return ;;\n", out);
}

static void print_bash_name(FILE *out, const cli_command *command, const cli_option *option)
{
    (void)command;
    fprintf(out, " --%s", option->name);
}

static const char bash_begin[] =
    "# bash completion for edgegrad\n"
    "_edgegrad()\n{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=edges options=\n"
    "    COMPREPLY=()\n"
    "    # bash splits --name=value at the =\n"
    "    if [[ $cur == = ]]; then\n        cur=\n"
    "    elif [[ $prev == = ]]; then\n        prev=${COMP_WORDS[COMP_CWORD-2]}\n    fi\n"
    "    if (( COMP_CWORD > 1 )); then\n        case ${COMP_WORDS[1]} in\n        ";

static const char bash_words[] =
    "    esac\n"
    "    if [[ $cur == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
    "    elif (( COMP_CWORD == 1 )) || [[ $command == help ]]; then\n"
    "        mapfile -t COMPREPLY < <(\n            compgen -W '";

static const char bash_end[] =
    "' -- \"$cur\"\n"
    "            [[ $command == help ]] || compgen -f -- \"$cur\"\n        )\n"
    "    fi\n}\n"
    "complete -o default -o filenames -F _edgegrad edgegrad\n";

static void print_bash(FILE *out, const cli_command *const *commands)
{
    fputs(bash_begin, out);
    print_commands(out, commands, "|");
    fputs(") command=${COMP_WORDS[1]} ;;\n        esac\n    fi\n    case $command:$prev in\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        for_each_option(out, *c, print_bash_values);
    fputs("    esac\n    case $command in\n", out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "    %s) options='", (*c)->name);
        for_each_option(out, *c, print_bash_name);
        fputs("' ;;\n", out);
    }
    fputs(bash_words, out);
    print_commands(out, commands, " ");
    fputs(bash_end, out);
}

/* ---- zsh ----*/

static void print_zsh_option(FILE *out, const cli_command *command, const cli_option *option)
{
    (void)command;
    bool flag = option_is_flag(option);
    fputs(" \\\n            ", out);
    if (option->letter)
        fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}", option->letter, option->name, option->letter,
                flag ? "" : "+", option->name, flag ? "" : "=");
    else
        fprintf(out, "--%s%s", option->name, flag ? "" : "=");
    fputs("'[", out);
    print_summary(out, option->help);
    fputc(']', out);
    if (!flag)
        fprintf(out, ":%s:%s", option->metavar, option_is_path(option) ? "_files" : "");
    if (has_choices(option)) {
        fputc('(', out);
        print_choices(out, option);
        fputc(')', out);
    }
    fputc('\'', out);
}

static void print_zsh(FILE *out, const cli_command *const *commands)
{
    fputs("#compdef edgegrad\n\n_edgegrad()\n{\n    local command=edges\n    local -a commands\n"
          "    commands=(\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "        '%s:", (*c)->name);
        print_summary(out, (*c)->summary);
        fputs("'\n", out);
    }
    fputs("    )\n    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
          "        _describe -t commands command commands\n        _files\n        return\n    fi\n"
          "    case $words[2] in\n    ",
          out);
    print_commands(out, commands, "|");
    fputs(") command=$words[2]; shift words; (( CURRENT-- )) ;;\n    esac\n    case $command in\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "    %s)\n        _arguments -s", (*c)->name);
        for_each_option(out, *c, print_zsh_option);
        fputs(" \\\n            ", out);
        if (strcmp((*c)->operands[0], "[COMMAND]") == 0) {
            fputs("'*:command:(", out);
            print_commands(out, commands, " ");
            fputs(")' ;;\n", out);
        } else {
            fputs("'*:file:_files' ;;\n", out);
        }
    }
    fputs("    esac\n}\n\n_edgegrad \"$@\"\n", out);
}

/* ---- fish ----*/

static void print_fish_option(FILE *out, const cli_command *command, const cli_option *option)
{
    fprintf(out, "complete -c edgegrad -n '__edgegrad_is %s' -l %s", command->name, option->name);
    if (option->letter)
        fprintf(out, " -s %c", option->letter);
    if (!option_is_flag(option))
        fputs(option_is_path(option) ? " -rF" : " -x", out);
    if (has_choices(option)) {
        fputs(" -a '", out);
        print_choices(out, option);
        fputc('\'', out);
    }
    fputs(" -d '", out);
    print_summary(out, option->help);
    fputs("'\n", out);
}

static void print_fish(FILE *out, const cli_command *const *commands)
{
    fputs("# fish completion for edgegrad\n"
          "function __edgegrad_is\n    set -l words (commandline -opc)\n"
          "    set -l command edges\n    if contains -- \"$words[2]\" ",
          out);
    print_commands(out, commands, " ");
    fputs("\n        set command $words[2]\n    end\n    test $command = $argv[1]\nend\n"
          "function __edgegrad_first\n    test (count (commandline -opc)) -eq 1\nend\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "complete -c edgegrad -n '__edgegrad_first; or __edgegrad_is help' -a %s -d '",
                (*c)->name);
        print_summary(out, (*c)->summary);
        fputs("'\n", out);
    }
    for (const cli_command *const *c = commands; *c; c++)
        for_each_option(out, *c, print_fish_option);
}

static const struct {
    const char *name;
    void (*print)(FILE *out, const cli_command *const *commands);
} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

void help_completion(FILE *out, const cli_command *const *commands, const char *shell)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, shell) == 0)
            shells[i].print(out, commands);
}
