/* SPDX-License-Identifier: MIT */
/* edgegrad.1, from the command table and the option rows, in the man macros of roff. */
#include <string.h>

#include "cli/options/help.h"

static const char description[] =
    "edgegrad computes the gradient of a picture, how steeply its brightness changes and which "
    "way, and marks the edges where it changes most. Of a raster of heights it computes how steep "
    "the ground is, which way it faces, what light on it looks like, and more. Files are read and "
    "written strip by strip, so that large ones need little memory, and results do not depend on "
    "the number of threads or on the processor.\n"
    "The kind of an input file is told from its content, the kind of an output file from its name. "
    "A file called - is standard input or output. An output file appears under its name only when "
    "it is complete; a failure leaves what was there before. Success prints nothing.\n"
    "Options may stand before, between or after the operands; -- ends them. A value follows after "
    "a "
    "space or after =. Of an option given twice the last one counts.";

static const struct {
    const char *head, *text;
} statuses[] =
    {
        {"0", "Done."},
        {"1", "It ran, and the answer is no."},
        {"2", "The command line makes no sense, or asks of a format what it cannot hold."},
        {"3", "An input is damaged, truncated, or of a kind that cannot be read."},
        {"4", "The file system refused to open, read, write or rename."},
        {"5", "A limit would be passed (see the Limits options), or there is no memory left."},
        {"128+n", "Signal n asked for an end."},
},
  notes[] = {
      {"Axes",
       "x runs to the right and y down. Directions are therefore clockwise as the picture is "
       "seen: 0 degrees is to the right, 90 down, 180 to the left, 270 up. A direction points "
       "to where it gets brighter; the edge itself runs across it."},
      {"Units of slopes",
       "Intensity levels a pixel, whatever the operator: an even ramp that gets one "
       "level brighter with every pixel has slope 1. A step from black to white has "
       "slope 127.5 with Sobel 3."},
      {"Units of thresholds",
       "A plain number is in the operator's weighted sums, as cv::Canny counts: "
       "for Sobel 3 eight times the slope. N/px is a slope. Both count "
       "intensities from 0 to 255, also for 16-bit and floating-point input."},
      {"Grey", "Y = 0.299 R + 0.587 G + 0.114 B of the stored values, the same for every format."},
      {"Ground", "Slopes of terrain are metres up for metres ahead. Cells of a plane map are taken "
                 "in the unit its file says; cells in degrees of longitude and latitude have their "
                 "size on the file's ellipsoid, which differs from row to row; Web Mercator's "
                 "metres are shortened to true ones. --cell-size and --scale overrule the file. "
                 "gdaldem takes cells as they are stored: --compat gdal does too."},
      {"Formulas",
       "+ - * / ^, parentheses, numbers, pi, e, tau, and functions such as sqrt, exp, log, sin, "
       "atan2, abs, min, max, hypot. The sign of a product may be left out after a number: 2x, "
       "3(x+1). Decimals have a point. -2^2 is -4, 2^3^2 is 2^9; 1/2x is refused, as it reads "
       "two ways. Variables have any other name; their order is x, y, z, t and then the alphabet."},
      {"Several machines",
       "edgegrad-mpi, made by make mpi, takes the same words under mpirun: mpirun -n 4 "
       "edgegrad-mpi slope "
       "dem.tif slope.tif. Its processes share out the rows of a raster; the result is that of one "
       "process. An OUTPUT whose name ends in .vrt becomes a mosaic, with or without mpirun: each "
       "process writes a TIFF of its own beside it, slope.0000.tif, slope.0001.tif ..."},
      {"Hysteresis", "Thinned pixels above the high threshold are edges; those between the two "
                     "thresholds are edges where a chain of such pixels links them to one."},
};

/* Text between macros: what roff would take for its own is escaped. */
static void put_text(FILE *out, const char *text)
{
    bool start = true; /* of a line */
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

static void put_synopsis(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    bool implied = command == commands[0];
    fprintf(out, ".br\n.B edgegrad\n%s\\fB%s\\fR%s\n[options]\n", implied ? "[" : "", command->name,
            implied ? "]" : "");
    for (const char *const *operand = command->operands; *operand; operand++)
        fprintf(out, "\\fI%s\\fR\n", *operand);
}

static void put_choices(FILE *out, const cli_option *row)
{
    const char *help, *name;
    if (!option_choice(row, 0, &help))
        return;
    fputs(".RS\n", out);
    for (size_t i = 0; (name = option_choice(row, i, &help)) != NULL; i++) {
        fputs(".TP 12\n.B ", out);
        put_text(out, name);
        put_text(out, help ? help : "");
    }
    fputs(".RE\n", out);
}

static void put_option(FILE *out, const cli_option *row)
{
    char note[256], text[1024];
    help_note(row, note, sizeof note);
    snprintf(text, sizeof text, "--%s", row->name);
    fputs(".TP\n\\fB", out);
    if (row->letter)
        fprintf(out, "\\-%c\\fR, \\fB", row->letter);
    for (const char *c = text; *c; c++)
        fprintf(out, *c == '-' ? "\\-" : "%c", *c);
    fputs("\\fR", out);
    if (row->metavar)
        fprintf(out, " \\fI%s\\fR", row->metavar);
    fputc('\n', out);
    snprintf(text, sizeof text, "%s%s%s", row->help, note[0] ? " " : "", note);
    put_text(out, text);
    put_choices(out, row);
}

/* How many commands have the group. */
static int users(const cli_command *const *commands, const cli_group *group)
{
    int count = 0;
    for (const cli_command *const *c = commands; *c; c++)
        for (const cli_group *const *g = (*c)->groups; *g; g++)
            count += *g == group;
    return count;
}

static void put_group(FILE *out, const cli_group *group)
{
    for (const cli_option *row = group->rows; row->name; row++)
        put_option(out, row);
}

/* A command's own options, and the names of the groups it shares. */
static void put_command(FILE *out, const cli_command *const *commands, const cli_command *command)
{
    fprintf(out, ".SS edgegrad %s\n", command->name);
    put_text(out, command->about);
    for (const cli_group *const *group = command->groups; *group; group++)
        if (users(commands, *group) == 1)
            put_group(out, *group);
    fputs(".PP\nAlso the options under:\n", out);
    const char *comma = "";
    for (const cli_group *const *group = command->groups; *group; group++)
        if (users(commands, *group) > 1) {
            fprintf(out, "%s\\fI%s\\fR", comma, (*group)->title);
            comma = ";\n";
        }
    fputs(".\n", out);
}

/* Whether an earlier command has the group, so that it is printed already. */
static bool seen_before(const cli_command *const *commands, const cli_command *const *until,
                        const cli_group *group)
{
    for (const cli_command *const *c = commands; c < until; c++)
        for (const cli_group *const *g = (*c)->groups; *g; g++)
            if (*g == group)
                return true;
    return false;
}

static void put_shared(FILE *out, const cli_command *const *commands)
{
    for (const cli_command *const *c = commands; *c; c++)
        for (const cli_group *const *group = (*c)->groups; *group; group++)
            if (users(commands, *group) > 1 && !seen_before(commands, c, *group)) {
                fprintf(out, ".SS %s\n", (*group)->title);
                put_group(out, *group);
            }
}

static void put_examples(FILE *out, const cli_command *const *commands)
{
    fputs(".SH EXAMPLES\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        for (const char *const *e = (*c)->examples; *e; e += 2) {
            fputs(".TP\n", out);
            put_text(out, e[0]);
            fputs(".EX\n", out);
            put_text(out, e[1]);
            fputs(".EE\n", out);
        }
}

void help_manual(FILE *out, const cli_command *const *commands)
{
    fprintf(out, ".TH EDGEGRAD 1 \"\" \"edgegrad %s\" \"User Commands\"\n", EG_VERSION);
    fputs(".SH NAME\nedgegrad \\- gradients of grids: edges of pictures, slopes of terrain\n.SH "
          "SYNOPSIS\n",
          out);
    for (const cli_command *const *c = commands; *c; c++)
        put_synopsis(out, commands, *c);
    fputs(".SH DESCRIPTION\n", out);
    put_text(out, description);
    fputs(".SH COMMANDS\n", out);
    for (const cli_command *const *c = commands; *c; c++)
        put_command(out, commands, *c);
    fputs(".SH OPTIONS\n", out);
    put_shared(out, commands);
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        fprintf(out, ".TP 8\n.B %s\n%s\n", statuses[i].head, statuses[i].text);
    fputs(".SH ENVIRONMENT\n.TP\n.B EDGEGRAD_CPU\n", out);
    put_text(out, "The instruction set to use where --cpu does not say: baseline, v3 or v4.");
    put_examples(out, commands);
    fputs(".SH NOTES\n", out);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        fprintf(out, ".TP\n.B %s\n", notes[i].head);
        put_text(out, notes[i].text);
    }
}
