/* SPDX-License-Identifier: MIT */
/* Completion scripts for three shells, from the command table and the option rows. */
#include <string.h>

#include "cli/options/help.h"

/* What a script says of one option; `command` is the one that has it. */
typedef void put_option(FILE *out, const cli_command *command, const cli_option *row);

static void each_option(FILE *out, const cli_command *command, put_option *put)
{
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *row = (*group)->rows; row->name; row++)
            put(out, command, row);
}

static bool has_choices(const cli_option *row)
{
    const char *help;
    return option_choice(row, 0, &help) != NULL;
}

static void put_choices(FILE *out, const cli_option *row)
{
    const char *help, *name;
    for (size_t i = 0; (name = option_choice(row, i, &help)) != NULL; i++)
        fprintf(out, "%s%s", i ? " " : "", name);
}

static void put_commands(FILE *out, const cli_command *const *commands, const char *between)
{
    for (const cli_command *const *c = commands; *c; c++)
        fprintf(out, "%s%s", c == commands ? "" : between, (*c)->name);
}

/* The first clause of a help text, without what a shell's quotes would trip over. */
static void put_summary(FILE *out, const char *text)
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

/* ---- bash --------------------------------------------------------------------------------------
 */

static void bash_values(FILE *out, const cli_command *command, const cli_option *row)
{
    if (option_is_flag(row))
        return;
    fprintf(out, "    %s:--%s", command->name, row->name);
    if (row->letter)
        fprintf(out, "|%s:-%c", command->name, row->letter);
    fputs(")\n        ", out);
    if (has_choices(row)) {
        fputs("mapfile -t COMPREPLY < <(compgen -W '", out);
        put_choices(out, row);
        fputs("' -- \"$cur\")\n        ", out);
    }
    fputs("return ;;\n", out);
}

static void bash_name(FILE *out, const cli_command *command, const cli_option *row)
{
    (void)command;
    fprintf(out, " --%s", row->name);
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

static void bash(FILE *out, const cli_command *const *commands)
{
    fputs(bash_begin, out);
    put_commands(out, commands, "|");
    fputs(") command=${COMP_WORDS[1]} ;;\n        esac\n    fi\n    case $command:$prev in\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        each_option(out, *c, bash_values);
    fputs("    esac\n    case $command in\n", out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "    %s) options='", (*c)->name);
        each_option(out, *c, bash_name);
        fputs("' ;;\n", out);
    }
    fputs(bash_words, out);
    put_commands(out, commands, " ");
    fputs(bash_end, out);
}

/* ---- zsh ---------------------------------------------------------------------------------------
 */

static void zsh_option(FILE *out, const cli_command *command, const cli_option *row)
{
    (void)command;
    bool flag = option_is_flag(row);
    fputs(" \\\n            ", out);
    if (row->letter)
        fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}", row->letter, row->name, row->letter,
                flag ? "" : "+", row->name, flag ? "" : "=");
    else
        fprintf(out, "--%s%s", row->name, flag ? "" : "=");
    fputs("'[", out);
    put_summary(out, row->help);
    fputc(']', out);
    if (!flag)
        fprintf(out, ":%s:%s", row->metavar, row->type == OPTION_FILE ? "_files" : "");
    if (has_choices(row)) {
        fputc('(', out);
        put_choices(out, row);
        fputc(')', out);
    }
    fputc('\'', out);
}

static void zsh(FILE *out, const cli_command *const *commands)
{
    fputs("#compdef edgegrad\n\n_edgegrad()\n{\n    local command=edges\n    local -a commands\n"
          "    commands=(\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "        '%s:", (*c)->name);
        put_summary(out, (*c)->summary);
        fputs("'\n", out);
    }
    fputs("    )\n    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
          "        _describe -t commands command commands\n        _files\n        return\n    fi\n"
          "    case $words[2] in\n    ",
          out);
    put_commands(out, commands, "|");
    fputs(") command=$words[2]; shift words; (( CURRENT-- )) ;;\n    esac\n    case $command in\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "    %s)\n        _arguments -s", (*c)->name);
        each_option(out, *c, zsh_option);
        fputs(" \\\n            ", out);
        if (strcmp((*c)->operands[0], "[COMMAND]") == 0) {
            fputs("'*:command:(", out);
            put_commands(out, commands, " ");
            fputs(")' ;;\n", out);
        } else {
            fputs("'*:file:_files' ;;\n", out);
        }
    }
    fputs("    esac\n}\n\n_edgegrad \"$@\"\n", out);
}

/* ---- fish --------------------------------------------------------------------------------------
 */

static void fish_option(FILE *out, const cli_command *command, const cli_option *row)
{
    fprintf(out, "complete -c edgegrad -n '__edgegrad_is %s' -l %s", command->name, row->name);
    if (row->letter)
        fprintf(out, " -s %c", row->letter);
    if (!option_is_flag(row))
        fputs(row->type == OPTION_FILE ? " -rF" : " -x", out);
    if (has_choices(row)) {
        fputs(" -a '", out);
        put_choices(out, row);
        fputc('\'', out);
    }
    fputs(" -d '", out);
    put_summary(out, row->help);
    fputs("'\n", out);
}

static void fish(FILE *out, const cli_command *const *commands)
{
    fputs("# fish completion for edgegrad\n"
          "function __edgegrad_is\n    set -l words (commandline -opc)\n"
          "    set -l command edges\n    if contains -- \"$words[2]\" ",
          out);
    put_commands(out, commands, " ");
    fputs("\n        set command $words[2]\n    end\n    test $command = $argv[1]\nend\n"
          "function __edgegrad_first\n    test (count (commandline -opc)) -eq 1\nend\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fprintf(out, "complete -c edgegrad -n '__edgegrad_first; or __edgegrad_is help' -a %s -d '",
                (*c)->name);
        put_summary(out, (*c)->summary);
        fputs("'\n", out);
    }
    for (const cli_command *const *c = commands; *c; c++)
        each_option(out, *c, fish_option);
}

static const struct {
    const char *name;
    void (*put)(FILE *out, const cli_command *const *commands);
} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

void help_completion(FILE *out, const cli_command *const *commands, const char *shell)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, shell) == 0)
            shells[i].put(out, commands);
}
