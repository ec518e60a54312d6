/* SPDX-License-Identifier: MIT */
/* The groups of options that several commands share. */
#include "cli/cli.h"

#include <stdlib.h>

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
     .offset = offsetof(cli_settings, read),
     .metavar = "HOW",
     .help = "transparency: ignore takes the stored colours as they are; over=COLOUR puts the "
             "picture on a background (black, white, grey, #rgb, #rrggbb)",
     .initial = "ignore"},
    {.name = "ignore-orientation",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, read.ignore_orientation),
     .help = "leave the rows as stored, even where the camera noted that it was turned (EXIF)"},
    {.name = "white",
     .type = OPTION_REAL,
     .offset = offsetof(cli_settings, read.white_level),
     .metavar = "LEVEL",
     .help = "the stored intensity that counts as white, 255 on the scale of thresholds",
     .absent = "what the format says",
     .min = 1e-30,
     .max = 1e30},
    {.name = NULL},
};

const cli_group picture_group = {"Pictures", picture_rows, sizeof(cli_settings)};

static const cli_option input_rows[] = {
    {.name = "tolerate",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, read.tolerate),
     .help = "take what can be read of a damaged file instead of refusing it"},
    {.name = "encoding",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, read.encoding),
     .metavar = "NAME",
     .help = "the colours of a PNG hold heights",
     .absent = "they hold a picture",
     .choices = encodings},
    {.name = NULL},
};

const cli_group input_group = {"Input", input_rows, sizeof(cli_settings)};

static const cli_option output_rows[] = {
    {.name = "format",
     .letter = 'f',
     .type = OPTION_TEXT,
     .offset = offsetof(cli_settings, write.format),
     .metavar = "NAME",
     .help = "file format of OUTPUT, by its usual extension: png, pgm ...",
     .absent = "from the name of OUTPUT; png where that is -"},
    {.name = "quality",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, write.quality),
     .metavar = "N",
     .help = "JPEG: larger is better and bigger",
     .initial = "90",
     .min = 1,
     .max = 100},
    {.name = "compression",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, write.compression),
     .metavar = "N",
     .help = "PNG, TIFF: 0 stores, 9 packs as small as it can and takes longest",
     .absent = "suits the kind of picture",
     .min = 0,
     .max = 9},
    {.name = "compress",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, write.compress),
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
     .offset = offsetof(cli_settings, write.predictor),
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
     .offset = offsetof(cli_settings, write.tile),
     .metavar = "N",
     .help = "TIFF: the side of its tiles, a multiple of 16; -1 writes strips",
     .initial = "0",
     .absent = "256, less in small pictures",
     .unit = "pixels",
     .min = -1,
     .max = 16384},
    {.name = "output-encoding",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, write.encoding),
     .metavar = "NAME",
     .help = "PNG: the colours hold the numbers of a float map as if they were heights",
     .absent = "integer maps in grey",
     .choices = encodings},
    {.name = NULL},
};

const cli_group output_group = {"Output", output_rows, sizeof(cli_settings)};

static const cli_option job_rows[] = {
    {.name = "threads",
     .letter = 't',
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, config.threads),
     .metavar = "N",
     .help = "threads to compute with; changes no pixel",
     .initial = "0",
     .absent = "0, one for each processor",
     .min = 0,
     .max = 1024},
    {.name = "cpu",
     .type = OPTION_NAME,
     .offset = offsetof(cli_settings, config.cpu),
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
     .offset = offsetof(cli_settings, config.strip_rows),
     .metavar = "N",
     .help = "rows computed at a time; changes no pixel",
     .initial = "0",
     .absent = "0, as many as the cache holds",
     .min = 0,
     .max = 1048576,
     .hidden = true},
    {.name = NULL},
};

const cli_group job_group = {"Work", job_rows, sizeof(cli_settings)};

static const cli_option limit_rows[] = {
    {.name = "max-memory",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_memory),
     .metavar = "SIZE",
     .help = "most memory held at a time; K, M and G stand for 1024, 1024^2 and 1024^3 bytes",
     .initial = "4G",
     .min = 1,
     .max = LARGEST},
    {.name = "max-side",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_side),
     .metavar = "N",
     .help = "largest width or height",
     .initial = "1000000",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-pixels",
     .type = OPTION_SIZE64,
     .offset = offsetof(cli_settings, config.max_pixels),
     .metavar = "N",
     .help = "largest width times height",
     .initial = "4G",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-chunk",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_chunk),
     .metavar = "SIZE",
     .help = "largest PNG chunk or JPEG marker kept in memory",
     .initial = "64M",
     .min = 1,
     .max = LARGEST},
    {.name = "max-scans",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, config.max_scans),
     .metavar = "N",
     .help = "most scans of a progressive JPEG",
     .initial = "200",
     .min = 1,
     .max = 1000000},
    {.name = NULL},
};

const cli_group limit_group = {"Limits", limit_rows, sizeof(cli_settings)};

static const cli_option other_rows[] = {
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, quiet),
     .help = "no messages about files: the exit code alone tells"},
    {.name = "help",
     .letter = 'h',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, help),
     .help = "show this help"},
    {.name = "version",
     .letter = 'V',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, version),
     .help = "show the version, what it was built with, and the instruction set in use"},
    {.name = NULL},
};

const cli_group other_group = {"Other", other_rows, sizeof(cli_settings)};

cli_settings *settings_new(const cli_command *command)
{
    cli_settings *settings = calloc(1, command->settings_size);
    if (!settings)
        return NULL;
    eg_config_default(&settings->config);
    eg_read_default(&settings->read);
    eg_write_default(&settings->write);
    if (command->set_defaults)
        command->set_defaults(settings);
    return settings;
}
