/* SPDX-License-Identifier: MIT */
/* The groups of options that several commands share. */
#include "cli/cli.h"

#include <string.h>

#define AT(field) offsetof(cli_settings, field)

/* Sizes up to here are exact as doubles, which is what ranges are kept in. */
#define LARGEST 1099511627776.0 /* 2^40 */

static const cli_choice encodings[] = {
    {"terrarium", EG_ENCODING_TERRARIUM, "256 R + G + B / 256 - 32768 metres"},
    {"mapbox", EG_ENCODING_MAPBOX, "(65536 R + 256 G + B) / 10 - 10000 metres"},
    {NULL, 0, NULL},
};

static const cli_option picture_rows[] = {
    {.name = "alpha",
     .type = OPTION_ALPHA,
     .offset = AT(read),
     .metavar = "HOW",
     .help = "transparency: ignore takes the stored colours as they are; over=COLOUR puts the "
             "picture on a background (black, white, grey, #rgb, #rrggbb)",
     .initial = "ignore"},
    {.name = "ignore-orientation",
     .type = OPTION_FLAG,
     .offset = AT(read.ignore_orientation),
     .help = "leave the rows as stored, even where the camera noted that it was turned (EXIF)"},
    {.name = "white",
     .type = OPTION_REAL,
     .offset = AT(read.white_level),
     .metavar = "LEVEL",
     .help = "the stored intensity that counts as white, 255 on the scale of thresholds",
     .absent = "what the format says",
     .min = 1e-30,
     .max = 1e30},
    {.name = NULL},
};

const cli_group picture_group = {"Pictures", picture_rows};

static const cli_option input_rows[] = {
    {.name = "tolerate",
     .type = OPTION_FLAG,
     .offset = AT(read.tolerate),
     .help = "take what can be read of a damaged file instead of refusing it"},
    {.name = "encoding",
     .type = OPTION_CHOICE,
     .offset = AT(read.encoding),
     .metavar = "NAME",
     .help = "the colours of a PNG hold heights",
     .absent = "they hold a picture",
     .choices = encodings},
    {.name = NULL},
};

const cli_group input_group = {"Input", input_rows};

static const cli_option output_rows[] = {
    {.name = "format",
     .letter = 'f',
     .type = OPTION_TEXT,
     .offset = AT(write.format),
     .metavar = "NAME",
     .help = "file format of OUTPUT, by its usual extension: png, pgm ...",
     .absent = "from the name of OUTPUT; png where that is -"},
    {.name = "quality",
     .type = OPTION_WHOLE,
     .offset = AT(write.quality),
     .metavar = "N",
     .help = "JPEG: larger is better and bigger",
     .initial = "90",
     .min = 1,
     .max = 100},
    {.name = "compression",
     .type = OPTION_WHOLE,
     .offset = AT(write.compression),
     .metavar = "N",
     .help = "PNG, TIFF: 0 stores, 9 packs as small as it can and takes longest",
     .absent = "suits the kind of picture",
     .min = 0,
     .max = 9},
    {.name = "compress",
     .type = OPTION_CHOICE,
     .offset = AT(write.compress),
     .metavar = "NAME",
     .help = "TIFF: the codec",
     .initial = "deflate",
     .choices = (const cli_choice[]){{"deflate", EG_COMPRESS_DEFLATE, "small, read everywhere"},
                                     {"none", EG_COMPRESS_NONE, "as fast as the disc is"},
                                     {"lzw", EG_COMPRESS_LZW, "for the oldest readers"},
                                     {"zstd", EG_COMPRESS_ZSTD, "faster, not read everywhere"},
                                     {NULL, 0, NULL}}},
    {.name = "predictor",
     .type = OPTION_CHOICE,
     .offset = AT(write.predictor),
     .metavar = "N",
     .help = "TIFF: what is compressed instead of the samples",
     .initial = "0",
     .absent = "what suits the samples",
     .choices = (const cli_choice[]){{"0", 0, "what suits the samples"},
                                     {"1", 1, "the samples themselves"},
                                     {"2", 2, "differences of neighbours"},
                                     {"3", 3, "differences of the bytes of floats"},
                                     {NULL, 0, NULL}}},
    {.name = "tile",
     .type = OPTION_WHOLE,
     .offset = AT(write.tile),
     .metavar = "N",
     .help = "TIFF: the side of its tiles, a multiple of 16; -1 writes strips",
     .initial = "0",
     .absent = "256, less in small pictures",
     .unit = "pixels",
     .min = -1,
     .max = 16384},
    {.name = "output-encoding",
     .type = OPTION_CHOICE,
     .offset = AT(write.encoding),
     .metavar = "NAME",
     .help = "PNG: the colours hold the numbers of a float map as if they were heights",
     .absent = "integer maps in grey",
     .choices = encodings},
    {.name = NULL},
};

const cli_group output_group = {"Output", output_rows};

static const cli_option job_rows[] = {
    {.name = "threads",
     .letter = 't',
     .type = OPTION_WHOLE,
     .offset = AT(config.threads),
     .metavar = "N",
     .help = "threads to compute with; changes no pixel",
     .initial = "0",
     .absent = "0, one for each processor",
     .min = 0,
     .max = 1024},
    {.name = "cpu",
     .type = OPTION_NAME,
     .offset = AT(config.cpu),
     .metavar = "NAME",
     .help = "instruction set to use; changes no pixel",
     .absent = "$EDGEGRAD_CPU, else the best this processor has",
     .choices = (const cli_choice[]){{"baseline", 0, "what every processor of this kind has"},
                                     {"v3", 0, "x86-64-v3: AVX2 and FMA"},
                                     {"v4", 0, "x86-64-v4: AVX-512"},
                                     {NULL, 0, NULL}},
     .hidden = true},
    {.name = "strip-rows",
     .type = OPTION_SIZE,
     .offset = AT(config.strip_rows),
     .metavar = "N",
     .help = "rows computed at a time; changes no pixel",
     .initial = "0",
     .absent = "0, as many as the cache holds",
     .min = 0,
     .max = 1048576,
     .hidden = true},
    {.name = NULL},
};

const cli_group job_group = {"Work", job_rows};

static const cli_option limit_rows[] = {
    {.name = "max-memory",
     .type = OPTION_SIZE,
     .offset = AT(config.max_memory),
     .metavar = "SIZE",
     .help = "most memory held at a time; K, M and G stand for 1024, 1024^2 and 1024^3 bytes",
     .initial = "4G",
     .min = 1,
     .max = LARGEST},
    {.name = "max-side",
     .type = OPTION_SIZE,
     .offset = AT(config.max_side),
     .metavar = "N",
     .help = "largest width or height",
     .initial = "1000000",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-pixels",
     .type = OPTION_SIZE64,
     .offset = AT(config.max_pixels),
     .metavar = "N",
     .help = "largest width times height",
     .initial = "4G",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-chunk",
     .type = OPTION_SIZE,
     .offset = AT(config.max_chunk),
     .metavar = "SIZE",
     .help = "largest PNG chunk or JPEG marker kept in memory",
     .initial = "64M",
     .min = 1,
     .max = LARGEST},
    {.name = "max-scans",
     .type = OPTION_WHOLE,
     .offset = AT(config.max_scans),
     .metavar = "N",
     .help = "most scans of a progressive JPEG",
     .initial = "200",
     .min = 1,
     .max = 1000000},
    {.name = NULL},
};

const cli_group limit_group = {"Limits", limit_rows};

static const cli_option other_rows[] = {
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = AT(quiet),
     .help = "no messages about files: the exit code alone tells"},
    {.name = "help",
     .letter = 'h',
     .type = OPTION_FLAG,
     .offset = AT(help),
     .help = "show this help"},
    {.name = "version",
     .letter = 'V',
     .type = OPTION_FLAG,
     .offset = AT(version),
     .help = "show the version, what it was built with, and the instruction set in use"},
    {.name = NULL},
};

const cli_group other_group = {"Other", other_rows};

static const cli_option operator_rows[] = {
    {.name = "op",
     .type = OPTION_NAME,
     .offset = AT(gradient.op),
     .metavar = "NAME",
     .help = "the operator: the weights that turn neighbouring pixels into a slope",
     .initial = "sobel3",
     .names = &(const cli_names){eg_operator_name, eg_operator_help}},
    {.name = "aperture",
     .type = OPTION_CHOICE,
     .offset = AT(aperture),
     .metavar = "N",
     .help = "short for --op sobelN; the aperture is the width of the operator in pixels: a "
             "wider one sees less noise and less detail",
     .absent = "3, unless --op says otherwise",
     .choices =
         (const cli_choice[]){
             {"3", 3, "sobel3"}, {"5", 5, "sobel5"}, {"7", 7, "sobel7"}, {NULL, 0, NULL}}},
    {.name = "norm",
     .type = OPTION_CHOICE,
     .offset = AT(gradient.norm),
     .metavar = "NAME",
     .help = "how the two slopes become one magnitude",
     .initial = "l2",
     .choices = (const cli_choice[]){{"l2", EG_NORM_L2, "sqrt(gx^2 + gy^2), the true length"},
                                     {"l1", EG_NORM_L1, "|gx| + |gy|, up to 1.41 times as much"},
                                     {NULL, 0, NULL}}},
    {.name = "border",
     .type = OPTION_CHOICE,
     .offset = AT(gradient.border),
     .metavar = "NAME",
     .help = "what is taken to lie outside the picture",
     .initial = "replicate",
     .choices =
         (const cli_choice[]){{"replicate", EG_BORDER_REPLICATE, "aaa|abcd|ddd"},
                              {"reflect", EG_BORDER_REFLECT, "dcb|abcd|cba"},
                              {"constant", EG_BORDER_CONSTANT, "vvv|abcd|vvv (--border-value V)"},
                              {NULL, 0, NULL}}},
    {.name = "border-value",
     .type = OPTION_REAL,
     .offset = AT(gradient.border_value),
     .metavar = "V",
     .help = "the intensity outside, in stored levels, for --border constant",
     .initial = "0",
     .min = -1e30,
     .max = 1e30},
    {.name = NULL},
};

const cli_group operator_group = {"Derivative", operator_rows};

void settings_library(cli_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    eg_config_default(&settings->config);
    eg_read_default(&settings->read);
    eg_write_default(&settings->write);
    eg_gradient_default(&settings->gradient);
    eg_edges_default(&settings->edges);
    eg_descent_default(&settings->descent.options);
    settings->descent.method = eg_method_name(settings->descent.options.method);
    settings->descent.steps = (int)settings->descent.options.steps;
    eg_terrain_default(&settings->terrain);
    eg_ground_default(&settings->ground);
    settings->low = (cli_threshold){settings->edges.low, settings->edges.unit};
    settings->high = (cli_threshold){settings->edges.high, settings->edges.unit};
    settings->above = settings->high;
    settings->digits = 7;
}

/* `edges` and `gradient` read these from the same rows. */
static bool operators_agree(const cli_settings *settings)
{
    const eg_edges_options *edges = &settings->edges;
    const eg_gradient_options *gradient = &settings->gradient;
    return strcmp(edges->op, gradient->op) == 0 && edges->norm == gradient->norm &&
           edges->border == gradient->border &&
           memcmp(&edges->border_value, &gradient->border_value, sizeof(double)) == 0;
}

static const char *name_in(const cli_option *row, const cli_settings *settings)
{
    const char *name;
    memcpy(&name, (const char *)settings + row->offset, sizeof name);
    return name ? name : "";
}

static bool same_default(const cli_option *row, const cli_settings *a, const cli_settings *b)
{
    if (row->type == OPTION_NAME)
        return strcmp(name_in(row, a), name_in(row, b)) == 0;
    return memcmp(a, b, sizeof *a) == 0;
}

const cli_option *settings_disagreement(const cli_command *command)
{
    cli_settings library, rows;
    char reason[REASON_SIZE];
    settings_library(&library);
    if (!operators_agree(&library))
        return operator_group.rows;
    for (const cli_group *const *group = command->groups; *group; group++)
        for (const cli_option *row = (*group)->rows; row->name; row++) {
            memcpy(&rows, &library, sizeof rows);
            if (!row->initial)
                continue;
            if (!option_set(row, &rows, row->initial, reason) ||
                !same_default(row, &rows, &library))
                return row;
        }
    return NULL;
}

/* The name of the operator that --aperture stands for. */
static const char *sobel(int aperture)
{
    char name[16];
    snprintf(name, sizeof name, "sobel%d", aperture);
    for (size_t i = 0; eg_operator_name(i); i++)
        if (strcmp(eg_operator_name(i), name) == 0)
            return eg_operator_name(i);
    return "sobel3";
}

int operator_settle(const cli_line *line, cli_settings *settings)
{
    if (settings->aperture) {
        const char *name = sobel(settings->aperture);
        if (option_given(line, "op") && strcmp(name, settings->gradient.op) != 0)
            return usage_error(line->command,
                               "--op %s and --aperture %d contradict each other: leave "
                               "one of them out",
                               settings->gradient.op, settings->aperture);
        settings->gradient.op = name;
    }
    if (option_given(line, "border-value") && settings->gradient.border != EG_BORDER_CONSTANT)
        return usage_error(line->command, "--border-value has no effect without --border constant");
    return EXIT_DONE;
}
