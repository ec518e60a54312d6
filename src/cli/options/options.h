/* SPDX-License-Identifier: MIT */
/*
 * Option tables. An option is one entry of a table: the parser, range checks, messages, --help, the
 * manual page and the shell completions all read that entry. Only the code that uses the field the
 * option fills knows the option besides.
 */
#ifndef CLI_OPTIONS_OPTIONS_H
#define CLI_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "edgegrad.h"

struct cli_settings;
struct cli_command;

/* The type of the field an option fills, and the syntax of its value. */
typedef enum option_type {
    OPTION_FLAG,      /* bool; takes no value */
    OPTION_WHOLE,     /* int */
    OPTION_REAL,      /* double */
    OPTION_NUMBER,    /* double; "nan" is accepted */
    OPTION_AUTO,      /* double; "auto" is stored as NaN */
    OPTION_CHOICE,    /* int or enum: the value of one of `choices` */
    OPTION_NAME,      /* const char *: one of `choices` or of `names` */
    OPTION_TEXT,      /* const char * */
    OPTION_TEXTS,     /* cli_texts: the option may be repeated */
    OPTION_FILE,      /* const char *: a path */
    OPTION_INPUT,     /* const char *: a path of a file that affects the outputs */
    OPTION_SIZE,      /* size_t; suffixes K, M and G */
    OPTION_SIZE64,    /* uint64_t; suffixes K, M and G */
    OPTION_PERCENT,   /* double: P or P% */
    OPTION_SIGMA,     /* cli_sigma: N, P% or auto */
    OPTION_LENGTH,    /* cli_length: N or P% */
    OPTION_THRESHOLD, /* cli_threshold: N, N/px, P% or auto */
    OPTION_ALPHA,     /* eg_read_options: ignore, mask or over=COLOUR */
    OPTION_CELL,      /* eg_ground_options: cell size M or X,Y in metres */
    OPTION_SHARD,     /* cli_shard: K/N */
    OPTION_REPORT,    /* cli_report: no value, or the path of a page, which ends in .html */
    OPTION_MAPS,      /* cli_maps: one of `choices`, or CHOICE=FILE, which may be repeated */
    OPTION_COLOUR,    /* cli_rgb: a name, #rgb or #rrggbb */
    OPTION_SCHEDULE,  /* eg_schedule: the text that eg_schedule_parse() reads */
    OPTION_TYPES
} option_type;

/* The most values of an option that may be repeated. */
enum { OPTION_TEXTS_LIMIT = 64 };

/* The value of an OPTION_TEXTS. */
typedef struct cli_texts {
    const char *text[OPTION_TEXTS_LIMIT];
    size_t count;
} cli_texts;

/* The value of an OPTION_THRESHOLD; NaN stands for "auto". */
typedef struct cli_threshold {
    double value;
    eg_threshold_unit unit;
} cli_threshold;

/* The value of an OPTION_SIGMA: in pixels, NaN for "auto", or if `percent` is not 0 in percent of
 * the diagonal. */
typedef struct cli_sigma {
    double pixels, percent;
} cli_sigma;

/* The value of an OPTION_LENGTH: in pixels, or in percent of the diagonal; the other one is 0. */
typedef struct cli_length {
    double pixels, percent;
} cli_length;

typedef struct cli_choice {
    const char *name; /* NULL ends the list */
    int value;
    const char *help;
} cli_choice;

enum { OPTION_MAPS_LIMIT = 16 };

/* The value of an OPTION_MAPS: the last choice without a file, or all choices with files. */
typedef struct cli_maps {
    struct {
        const cli_choice *choice;
        const char *path; /* NULL: without a file */
    } map[OPTION_MAPS_LIMIT];
    size_t count;
} cli_maps;

/* The value of an OPTION_COLOUR: red, green, blue. */
typedef struct cli_rgb {
    uint8_t value[3];
} cli_rgb;

/* The value of an OPTION_REPORT. */
typedef struct cli_report {
    bool print_line;  /* true: print a line about each file */
    const char *page; /* path of the HTML page; NULL: none */
} cli_report;

/* The value of an OPTION_SHARD: part number `part`, from 1, of `of` parts; of == 0: all files. */
typedef struct cli_shard {
    int part, of;
} cli_shard;

/* Choices listed by the library; both functions return NULL past the last one. */
typedef struct cli_names {
    const char *(*name)(size_t index);
    const char *(*help)(size_t index);
} cli_names;

/* One line about an option for -h, which shows the ten options of a command that are used most. */
typedef struct cli_brief {
    int rank;         /* 1: shown first; 2, 3: shown if ten options of lower ranks do not fill the
                         screen; 0: not shown */
    const char *text; /* at most 52 characters */
} cli_brief;

enum { BRIEF_RANKS = 3 };

typedef struct cli_option {
    const char *name; /* without dashes; NULL ends the table */
    char letter;      /* short option; 0: none */
    option_type type;
    size_t offset; /* offset of the field in the settings of the commands that have the option */
    const char *metavar; /* placeholder of the value in help; NULL: no value */
    cli_brief brief;
    const char *help;
    const char *initial; /* default, in the syntax of the value; NULL: the library's default */
    const char *unit;    /* unit of the value in help and messages; may be NULL */
    const char *absent;  /* default shown in help instead of `initial`; may be NULL */
    double min, max;     /* range of numeric types */
    const cli_choice *choices;
    const cli_names *names;
    bool hidden; /* true: only in the manual page, not in --help */
} cli_option;

/* A table of options with its heading in help. */
typedef struct cli_group {
    const char *title;
    const cli_option *options;
    size_t settings_size; /* bytes of the settings struct that the options' offsets refer to */
} cli_group;

/* OPTION_LIMIT: the most options of a command, over all groups. REASON_SIZE: bytes of the reason
 * why a value is refused. */
enum { OPTION_LIMIT = 128, REASON_SIZE = 512 };

/* A parsed command line; option values are in the settings. */
typedef struct cli_args {
    const struct cli_command *const *commands; /* all commands, ended by NULL */
    const struct cli_command *command;
    bool implied;                          /* true: the command line names no command */
    const cli_option *given[OPTION_LIMIT]; /* options given, each once */
    size_t given_count;
    char **operands;
    size_t operand_count;
    char **argv_copy; /* argv before options_parse() reorders it; reports print it */
    size_t argv_count;
} cli_args;

/* Parses `argv`, whose first word is the one after the command, and reorders it: operands go to the
 * front. `args` has its command. Returns an exit code after its message, or EXIT_DONE. */
int options_parse(cli_args *args, struct cli_settings *settings, int argc, char **argv);

/* Returns the command called `name` from a NULL-terminated table, or NULL. */
const struct cli_command *command_find(const struct cli_command *const *commands, const char *name);

/* Returns the name of the command that `typed` may be a misspelling of, in whatever case, or NULL.
 */
const char *command_nearest(const struct cli_command *const *commands, const char *typed);

/* Returns true if the option is on the command line. */
bool option_given(const cli_args *args, const char *name);

/* Parses `text` into the option's field. On failure returns false and writes to `reason` what is
 * wrong with the value: "is not a number". */
bool option_set(const cli_option *option, struct cli_settings *settings, const char *text,
                char reason[REASON_SIZE]);

/* Returns true if `text` can be the value of an OPTION_REPORT: it ends in .html or .htm. */
bool option_is_page(const char *text);

/* Returns true if the next word of the command line is not the option's value. */
static inline bool option_is_flag(const cli_option *option)
{
    return option->type == OPTION_FLAG || option->type == OPTION_REPORT;
}

static inline bool option_is_path(const cli_option *option)
{
    return option->type == OPTION_FILE || option->type == OPTION_INPUT;
}

/* Sets every option that has an `initial` to it. */
void options_initial(const cli_group *const *groups, struct cli_settings *settings);

/* Returns the name of choice number `index` and its help; NULL past the last choice, or if the
 * option has none. */
const char *option_choice(const cli_option *option, size_t index, const char **help);

/* Writes the range of the value, "1 to 100"; an empty string if the type has none. */
void option_range(const cli_option *option, char *out, size_t size);

/* Reads finite numbers with commas between, at most `most`. Returns how many the text has; 0 if it
 * is anything else. */
size_t read_number_list(const char *text, double *numbers, size_t most);

#endif
