/* SPDX-License-Identifier: MIT */
/* Prints the manual pages in roff man macros, from the commands and their option tables. */
#include <string.h>

#include "cli/options/help.h"

enum { EXAMPLE_COLUMNS = 68 }; /* of a page of 80 */

static const char description[] =
    "edgegrad finds edges in images. The same engine computes slope, aspect and hillshade from "
    "elevation models, and the gradient of any function you type. Files are read and written strip "
    "by strip, so large ones need little memory; results do not depend on the number of threads or "
    "on the processor.\n"
    "The format of an input file is recognised by its content, that of an output file by its "
    "extension. The file name - means standard input or output. An output file appears under its "
    "name only when it is complete; after a failure the previous file is still there. On success "
    "the commands that write images and rasters print nothing.\n"
    "Options may precede, follow or stand between the operands; -- ends them. A value follows "
    "after "
    "a space or after =. If an option is given twice, the last value counts.";

static const struct {
    const char *head, *text;
} statuses[] =
    {
        {"0", "Success."},
        {"1", "The command ran and its answer is negative."},
        {"2",
         "The command line or a formula is invalid, or the output format cannot hold the result."},
        {"3", "An input file is damaged, truncated or of an unsupported format."},
        {"4", "A file could not be opened, read, written or renamed."},
        {"5", "A limit was exceeded (see the Limits options), memory ran out, or the sandbox "
              "stopped the "
              "run."},
        {"128+n", "Stopped by signal n."},
},
  notes[] = {
      {"Axes",
       "x points right and y down, so directions turn clockwise as the image is seen: 0 degrees is "
       "right, 90 down, 180 left, 270 up. The gradient points to the brighter side; the edge runs "
       "across it."},
      {"Units of gradients",
       "Intensity levels per pixel, for every operator: a ramp that gets one level brighter with "
       "every pixel has gradient 1. A step from black to white has gradient 127.5 with Sobel 3."},
      {"Units of thresholds",
       "A plain number is a response of the operator, its weighted sum of pixels, as in cv::Canny: "
       "for Sobel 3 eight times the gradient. N/px is a gradient in levels per pixel. Both use the "
       "intensity scale 0 to 255, also for 16-bit and floating-point input."},
      {"Grey", "Y = 0.299 R + 0.587 G + 0.114 B of the stored samples, the same for every format."},
      {"Ground",
       "Slopes of terrain are metres of elevation per metre of ground. The cell size of a "
       "projected "
       "raster is taken in the unit its file states. Cells in degrees of longitude and latitude "
       "are "
       "measured on the file's ellipsoid, row by row. Web Mercator metres are corrected to metres "
       "on the ground. --cell-size and --scale override the file. --compat gdal uses the cell size "
       "as stored, like gdaldem."},
      {"Formulas",
       "+ - * / ^, parentheses, numbers, pi, e, tau, and the functions below. Comparisons < <= > "
       ">= "
       "== != are 1 or 0; of a chain 0 < x < 1 all must hold. The multiplication sign may be "
       "left out where a product is meant without doubt: 2x, x y, x^2 sin(y), 3(x+1), (x+1)(y-1); "
       "but xy is one name, and x(y+1) reads as a call. The decimal separator is a point. -2^2 is "
       "-4, 2^3^2 is 2^9; 1/2x is refused as "
       "ambiguous. Any other name is a variable; the order of variables is x, y, z, t, then "
       "alphabetical."},
      {"Several machines",
       "edgegrad-mpi, built by make mpi, takes the same arguments under mpirun: mpirun -n 4 "
       "edgegrad-mpi slope dem.tif slope.tif. Its processes divide the rows of a raster among "
       "themselves; the result is that of one process. An OUTPUT whose name ends in .vrt becomes a "
       "mosaic, with or without mpirun: each process writes a TIFF of its own beside it, "
       "slope.0000.tif, slope.0001.tif ..."},
      {"Hysteresis",
       "Thinned pixels above the high threshold are edges. Those between the two thresholds are "
       "edges if a chain of such pixels connects them to one above the high threshold."},
};

void roff_text(FILE *out, const char *text)
{
    bool start = true; /* at the start of a line */
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        start = *text == '\n';
        if (*text == '\n')
            fputs("\n.PP", out);
        switch (*text) {
        case '\\':
            fputs("\\e", out);
            break;
        case '-':
            fputs("\\-", out);
            break;
        case '^':
            fputs("\\(ha", out);
            break;
        case '~':
            fputs("\\(ti", out);
            break;
        default:
            fputc(*text, out);
        }
    }
    fputc('\n', out);
}

static void print_synopsis(FILE *out, const cli_command *const *commands,
                           const cli_command *command)
{
    bool implied = command == commands[0];
    fprintf(out, ".B edgegrad\n%s\\fB%s\\fR%s\n[options]\n", implied ? "[" : "", command->name,
            implied ? "]" : "");
    for (const char *const *operand = command->operands; *operand; operand++)
        fprintf(out, "\\fI%s\\fR\\&\n", *operand);
}

static void print_choices(FILE *out, const cli_option *option)
{
    const char *help, *name;
    if (!option_choice(option, 0, &help))
        return;
    fputs(".RS\n", out);
    for (size_t i = 0; (name = option_choice(option, i, &help)) != NULL; i++) {
        fputs(".TP 12\n.B ", out);
        roff_text(out, name);
        roff_text(out, help ? help : "");
    }
    fputs(".RE\n", out);
}

static void print_option(FILE *out, const cli_option *option)
{
    char note[256], text[1024];
    help_note(option, note, sizeof note);
    snprintf(text, sizeof text, "--%s", option->name);
    fputs(".TP\n\\fB", out);
    if (option->letter)
        fprintf(out, "\\-%c\\fR, \\fB", option->letter);
    for (const char *c = text; *c; c++)
        fprintf(out, *c == '-' ? "\\-" : "%c", *c);
    fputs("\\fR", out);
    if (option->metavar)
        fprintf(out, " \\fI%s\\fR", option->metavar);
    fputc('\n', out);
    snprintf(text, sizeof text, "%s%s%s", option->help, note[0] ? " " : "", note);
    roff_text(out, text);
    print_choices(out, option);
}

/* Returns the number of commands that have the group. */
static int count_users(const cli_command *const *commands, const cli_group *group)
{
    int count = 0;
    for (const cli_command *const *c = commands; *c; c++)
        for (const cli_group *const *g = (*c)->groups; *g; g++)
            count += *g == group;
    return count;
}

static void print_group(FILE *out, const cli_group *group)
{
    for (const cli_option *option = group->options; option->name; option++)
        print_option(out, option);
}

/* Prints the options of a command, and the titles of the groups it shares with others. */
static void print_command(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    fprintf(out, ".SS edgegrad %s\n", command->name);
    roff_text(out, command->about);
    for (const cli_group *const *group = command->groups; *group; group++)
        if (count_users(commands, *group) == 1)
            print_group(out, *group);
    fputs(".PP\nSee also these groups of options:\n", out);
    const char *comma = "";
    for (const cli_group *const *group = command->groups; *group; group++)
        if (count_users(commands, *group) > 1) {
            fprintf(out, "%s\\fI%s\\fR", comma, (*group)->title);
            comma = ";\n";
        }
    fputs(".\n", out);
}

/* Returns true if a command before `until` has the group. */
static bool has_earlier_user(const cli_command *const *commands, const cli_command *const *until,
                             const cli_group *group)
{
    for (const cli_command *const *c = commands; c < until; c++)
        for (const cli_group *const *g = (*c)->groups; *g; g++)
            if (*g == group)
                return true;
    return false;
}

/* Prints the groups of options that several commands share. */
static void print_shared_groups(FILE *out, const cli_command *const *commands)
{
    for (const cli_command *const *c = commands; *c; c++)
        for (const cli_group *const *group = (*c)->groups; *group; group++)
            if (count_users(commands, *group) > 1 && !has_earlier_user(commands, c, *group)) {
                fprintf(out, ".SS %s\n", (*group)->title);
                print_group(out, *group);
            }
}

/* Prints a command line; if it is longer than EXAMPLE_COLUMNS, it continues on the next line from
 * an option on. */
static void print_command_line(FILE *out, const char *line)
{
    char part[EXAMPLE_COLUMNS + 1];
    while (strlen(line) > EXAMPLE_COLUMNS) {
        size_t at = EXAMPLE_COLUMNS - 2;
        while (at > 0 && strncmp(line + at, " --", 3) != 0)
            at--;
        if (at == 0)
            break;
        snprintf(part, sizeof part, "%.*s \\", (int)at, line);
        roff_text(out, part);
        fputs("\\ \\ \\ ", out);
        line += at;
    }
    roff_text(out, line);
}

static void print_examples(FILE *out, const cli_command *command)
{
    for (const char *const *e = command->examples; *e; e += 2) {
        fputs(e > command->examples ? ".PP\n" : "", out);
        roff_text(out, e[0]);
        fputs(".RS 4\n.EX\n", out);
        print_command_line(out, e[1]);
        fputs(".EE\n.RE\n", out);
    }
}

static void print_statuses(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        fprintf(out, ".TP 8\n.B %s\n%s\n", statuses[i].head, statuses[i].text);
}

static void print_functions(FILE *out)
{
    char call[80];
    const char *meaning;
    fputs(".SH FUNCTIONS\n", out);
    roff_text(out, "Functions of formulas. Angles are in radians.");
    for (size_t i = 0; (meaning = help_function(i, call, sizeof call)) != NULL; i++) {
        fprintf(out, ".TP 20\n.B %s\n", call);
        roff_text(out, meaning);
    }
}

void roff_see_also(FILE *out, const cli_command *const *commands, const char *own)
{
    fputs(".SH SEE ALSO\n.ad l\n.nh\n", out);
    if (!own || *own)
        fputs(".BR edgegrad (1),\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        if (!own || strcmp((*c)->name, own) != 0)
            fprintf(out, ".BR edgegrad\\-%s (1),\n", (*c)->name);
    fputs(own ? ".BR edgegrad\\-formats (5),\n" : "", out);
    fputs(".BR libedgegrad (3)\n", out);
}

void help_manual(FILE *out, const cli_command *const *commands)
{
    fprintf(out, ".TH EDGEGRAD 1 \"\" \"edgegrad %s\" \"User Commands\"\n", EG_VERSION);
    fputs(".SH NAME\nedgegrad \\- find edges in images, compute gradients and terrain maps\n.SH "
          "SYNOPSIS\n",
          out);
    for (const cli_command *const *c = commands; *c; c++) {
        fputs(c > commands ? ".br\n" : "", out);
        print_synopsis(out, commands, *c);
    }
    fputs(".SH DESCRIPTION\n", out);
    roff_text(out, description);
    fputs(".SH COMMANDS\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        print_command(out, commands, *c);
    fputs(".SH OPTIONS\n", out);
    print_shared_groups(out, commands);
    print_statuses(out);
    fputs(".SH ENVIRONMENT\n.TP\n.B EDGEGRAD_CPU\n", out);
    roff_text(out, "Instruction set if --cpu is not given: baseline, v3 or v4.");
    fputs(".SH EXAMPLES\n", out);
    for (const cli_command *const *c = commands; *c; c++) {
        fputs(c > commands ? ".PP\n" : "", out);
        print_examples(out, *c);
    }
    fputs(".SH NOTES\n", out);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        fprintf(out, ".TP\n.B %s\n", notes[i].head);
        roff_text(out, notes[i].text);
    }
    print_functions(out);
    roff_see_also(out, commands, "");
}

void help_command_manual(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    fprintf(out, ".TH \"EDGEGRAD\\-");
    for (const char *c = command->name; *c; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fprintf(out, "\" 1 \"\" \"edgegrad %s\" \"User Commands\"\n", EG_VERSION);
    fprintf(out, ".SH NAME\nedgegrad\\-%s \\- ", command->name);
    roff_text(out, command->summary);
    fputs(".SH SYNOPSIS\n", out);
    print_synopsis(out, commands, command);
    fputs(".SH DESCRIPTION\n", out);
    roff_text(out, command->about);
    fputs(".SH OPTIONS\n", out);
    for (const cli_group *const *group = command->groups; *group; group++) {
        fprintf(out, ".SS %s\n", (*group)->title);
        print_group(out, *group);
    }
    print_statuses(out);
    fputs(".SH EXAMPLES\n", out);
    print_examples(out, command);
    roff_see_also(out, commands, command->name);
}
