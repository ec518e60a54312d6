/* SPDX-License-Identifier: MIT */
/*
 * Option rows. Parsing, range checks, messages, --help, the manual page and the shell completions
 * all read the same rows: an option is one row, and nothing else knows of it but the code that uses
 * its field.
 */
#ifndef CLI_OPTIONS_OPTIONS_H
#define CLI_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "edgegrad.h"

struct cli_settings;
struct cli_command;

/* The field a row fills, and how its text is read. */
typedef enum option_type {
    OPTION_FLAG,      /* bool, set by being there */
    OPTION_WHOLE,     /* int */
    OPTION_REAL,      /* double */
    OPTION_NUMBER,    /* double, or nan */
    OPTION_AUTO,      /* double, or auto: NaN */
    OPTION_CHOICE,    /* an enum or int: the value of one of `choices` */
    OPTION_NAME,      /* const char *: one of `choices`, or of `names` */
    OPTION_TEXT,      /* const char * */
    OPTION_TEXTS,     /* cli_texts: every one that is given */
    OPTION_FILE,      /* const char *: the name of one */
    OPTION_SIZE,      /* size_t, suffixes K, M and G */
    OPTION_SIZE64,    /* uint64_t, the same */
    OPTION_THRESHOLD, /* threshold: N, N/px or auto */
    OPTION_ALPHA,     /* eg_read_options: ignore, or over=COLOUR */
    OPTION_CELL,      /* eg_ground_options: a cell's size, M or X,Y */
    OPTION_SHARD,     /* cli_shard: K/N */
    OPTION_REPORT,    /* cli_report: a flag, or the name of a page that follows */
    OPTION_TYPES
} option_type;

/* What an option that may be repeated was given. */
enum { OPTION_TEXTS_LIMIT = 64 };
typedef struct cli_texts {
    const char *text[OPTION_TEXTS_LIMIT];
    size_t count;
} cli_texts;

/* The value of an OPTION_THRESHOLD; NaN stands for `auto`. */
typedef struct cli_threshold {
    double value;
    eg_threshold_unit unit;
} cli_threshold;

/* The value of an OPTION_REPORT. */
typedef struct cli_report {
    bool asked;       /* a line about each file */
    const char *page; /* path of the page; NULL: none */
} cli_report;

/* The value of an OPTION_SHARD: part number `part`, from 1, of `of` parts; of == 0: all files. */
typedef struct cli_shard {
    int part, of;
} cli_shard;

typedef struct cli_choice {
    const char *name; /* NULL ends the list */
    int value;
    const char *help;
} cli_choice;

/* Choices the library lists; NULL past the last. */
typedef struct cli_names {
    const char *(*name)(size_t index);
    const char *(*help)(size_t index);
} cli_names;

typedef struct cli_option {
    const char *name; /* without its dashes; NULL ends the rows */
    char letter;      /* 0: none */
    option_type type;
    size_t offset;       /* of the field in the settings of the commands that have the row */
    const char *metavar; /* what stands for the value in help */
    const char *help;
    const char *initial; /* the default, read like what a user types; NULL: what the library says */
    const char *unit;    /* of the value, for help and messages; may be NULL */
    const char *absent;  /* shown as the default where `initial` is NULL or says too little */
    double min, max;     /* of the types that are numbers */
    const cli_choice *choices;
    const cli_names *names;
    bool hidden; /* from --help; the manual page has it */
} cli_option;

typedef struct cli_group {
    const char *title;
    const cli_option *rows;
    size_t settings_size; /* bytes of the settings that the offsets of the rows count in */
} cli_group;

/* The largest number of rows a command may have, over all of its groups. */
enum { OPTION_LIMIT = 128, REASON_SIZE = 512 };

/* What a user asked for, beside the settings. */
typedef struct cli_line {
    const struct cli_command *const *commands; /* all of them, ended by NULL */
    const struct cli_command *command;
    bool implied;                          /* the command was not named */
    const cli_option *given[OPTION_LIMIT]; /* the options that were there, each once */
    size_t given_count;
    char **operands;
    size_t operand_count;
    char **words; /* all of them as they were typed, for reports; not all may be in their places any
                     more */
    size_t word_count;
} cli_line;

/* Reads every option out of argv (from its first word on, no program name), which is reordered.
 * `line` has its command. Returns an exit code, EXIT_DONE where all is well. */
int options_parse(cli_line *line, struct cli_settings *settings, int argc, char **argv);

/* Returns the command called `name` out of a table that NULL ends, or NULL. */
const struct cli_command *command_find(const struct cli_command *const *commands, const char *name);

bool option_given(const cli_line *line, const char *name);

/* Reads `text` into the row's field; what is wrong with it goes to `reason` ("is not a number"). */
bool option_set(const cli_option *row, struct cli_settings *settings, const char *text,
                char reason[REASON_SIZE]);

/* Whether the word after an OPTION_REPORT belongs to it: it ends in .html. */
bool option_is_page(const char *text);

/* A flag to those who look at the command line: it needs no value. */
static inline bool option_is_flag(const cli_option *row)
{
    return row->type == OPTION_FLAG || row->type == OPTION_REPORT;
}

/* Sets every row that has an `initial`. */
void options_initial(const cli_group *const *groups, struct cli_settings *settings);

/* Its choice number `index`; NULL past the last, or where any value will do. */
const char *option_choice(const cli_option *row, size_t index, const char **help);

/* "1 to 100", "at least 0"; empty where the type has no range. */
void option_range(const cli_option *row, char *out, size_t size);

#endif
