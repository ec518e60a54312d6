/* SPDX-License-Identifier: MIT */
/* Option groups that several commands share, and the settings before any option. */
#include "cli/cli.h"

#include <stdlib.h>

/* Largest size an option accepts. Ranges are doubles, which hold it exactly. */
#define LARGEST 1099511627776.0 /* 2^40 */

static const char terrarium[] = "256 R + G + B / 256 - 32768 metres";
static const char mapbox[] = "(65536 R + 256 G + B) / 10 - 10000 metres";

static const cli_choice input_encodings[] = {
    {"terrarium", EG_ENCODING_TERRARIUM, terrarium},
    {"mapbox", EG_ENCODING_MAPBOX, mapbox},
    {"grey", EG_ENCODING_GREY, "The grey levels of any image, also of a colour image or a JPEG"},
    {NULL, 0, NULL},
};

static const cli_choice output_encodings[] = {
    {"terrarium", EG_ENCODING_TERRARIUM, terrarium},
    {"mapbox", EG_ENCODING_MAPBOX, mapbox},
    {NULL, 0, NULL},
};

static const cli_option picture_options[] = {
    {.name = "alpha",
     .type = OPTION_ALPHA,
     .offset = offsetof(cli_settings, read),
     .metavar = "HOW",
     .help = "Treatment of transparency: ignore uses the stored colours; over=COLOUR composites "
             "the image over a background (black, white, grey, #rgb, #rrggbb); mask makes fully "
             "transparent pixels missing, as --mask does",
     .initial = "ignore"},
    {.name = "mask",
     .type = OPTION_INPUT,
     .offset = offsetof(cli_settings, read.mask),
     .metavar = "FILE",
     .help =
         "Image of the same size whose black pixels (0) mark missing pixels of INPUT: they have "
         "no influence, are never edges, and are NaN in floating-point maps",
     .absent = "no pixel is masked"},
    {.name = "ignore-orientation",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, read.ignore_orientation),
     .help = "Process the image as stored, without the rotation that its EXIF data requests"},
    {.name = "white",
     .type = OPTION_REAL,
     .offset = offsetof(cli_settings, read.white_level),
     .metavar = "LEVEL",
     .help = "Sample value of white, which is 255 on the scale of thresholds. Automatic thresholds "
             "find the same edges for every value",
     .absent = "maximum of the file format",
     .min = 1e-30,
     .max = 1e30},
    {.name = NULL},
};

const cli_group picture_group = {"Images", picture_options, sizeof(cli_settings)};

static const cli_option input_options[] = {
    {.name = "tolerate",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, read.tolerate),
     .brief = {3, "Read what is left of a damaged file"},
     .help = "Read what is left of a damaged file instead of refusing it"},
    {.name = "page",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, read.page),
     .metavar = "N",
     .brief = {3, "Page of a file of several images, from 1"},
     .help = "Page of a file of several images, counted from 1: directory of a TIFF, image of an "
             "MPO or of joined PNM files",
     .absent = "first full image",
     .min = 1,
     .max = 1000000},
    {.name = "encoding",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, read.encoding),
     .metavar = "NAME",
     .brief = {3, "Elevations as colours: terrarium or mapbox"},
     .help = "Encoding of elevations in the colours of a PNG or TIFF",
     .absent = "none, the colours are an image",
     .choices = input_encodings},
    {.name = NULL},
};

static const cli_option band_options[] = {
    {.name = "band",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, read.band),
     .metavar = "N",
     .brief = {3, "Band of a raster of several, from 1"},
     .help =
         "Band of INPUT to read, counted from 1, of a raster of several: TIFF, BIL, BIP, BSQ. Its "
         "numbers are used even if the bands are the colours of an image",
     .absent = "the first band; colours are refused",
     .min = 1,
     .max = 1000000},
    {.name = NULL},
};

const cli_group band_group = {"Band", band_options, sizeof(cli_settings)};

const cli_group input_group = {"Input", input_options, sizeof(cli_settings)};

static const cli_option output_options[] = {
    {.name = "format",
     .letter = 'f',
     .type = OPTION_TEXT,
     .offset = offsetof(cli_settings, write.format),
     .metavar = "NAME",
     .help = "File format of OUTPUT, named by its usual extension: png, pgm ...",
     .absent = "extension of OUTPUT; png for -"},
    {.name = "quality",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, write.quality),
     .metavar = "N",
     .help = "JPEG quality. Larger values give a better image and a larger file",
     .initial = "90",
     .min = 1,
     .max = 100},
    {.name = "compression",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, write.compression),
     .metavar = "N",
     .help = "Compression level of PNG and TIFF. Larger values give smaller files and take longer; "
             "0 stores without compression",
     .absent = "chosen by image type",
     .min = 0,
     .max = 9},
    {.name = "compress",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, write.compress),
     .metavar = "NAME",
     .help = "Compression method of TIFF",
     .initial = "deflate",
     .choices =
         (const cli_choice[]){
             {"deflate", EG_COMPRESS_DEFLATE, "Small files, supported by all readers"},
             {"none", EG_COMPRESS_NONE, "No compression"},
             {"lzw", EG_COMPRESS_LZW, "For very old readers"},
             {"zstd", EG_COMPRESS_ZSTD, "Faster than deflate, not supported by all readers"},
             {NULL, 0, NULL}}},
    {.name = "predictor",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, write.predictor),
     .metavar = "N",
     .help = "Prediction before compression of TIFF",
     .initial = "0",
     .choices = (const cli_choice[]){{"0", 0, "By sample type"},
                                     {"1", 1, "None"},
                                     {"2", 2, "Differences of horizontal neighbours"},
                                     {"3", 3, "Differences of the bytes of floating-point samples"},
                                     {NULL, 0, NULL}}},
    {.name = "tile",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, write.tile),
     .metavar = "N",
     .help = "Side of TIFF tiles, in pixels, a multiple of 16; -1 writes strips",
     .initial = "0",
     .absent = "256, less for small images",
     .unit = "pixels",
     .min = -1,
     .max = 16384},
    {.name = "output-encoding",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, write.encoding),
     .metavar = "NAME",
     .help = "Encoding of floating-point results in the colours of a PNG, as for elevations",
     .absent = "none; integer results are grey",
     .choices = output_encodings},
    {.name = "no-sidecars",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, write.no_sidecars),
     .help =
         "Leave out the sidecar files with the georeferencing: a world file and .aux.xml beside "
         "PNG and JPEG, .prj beside ASCII grids"},
    OVERWRITE_OPTION,
    NO_SYNC_OPTION,
    {.name = NULL},
};

const cli_group output_group = {"Output", output_options, sizeof(cli_settings)};

static const cli_option job_options[] = {
    {.name = "threads",
     .letter = 't',
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, config.threads),
     .metavar = "N",
     .brief = {3, "Worker threads [default: one per processor]"},
     .help = "Number of worker threads; does not change the result",
     .initial = "0",
     .absent = "0, one per processor",
     .min = 0,
     .max = 1024},
    {.name = "cpu",
     .type = OPTION_NAME,
     .offset = offsetof(cli_settings, config.cpu),
     .metavar = "NAME",
     .help = "Instruction set; does not change the result",
     .absent = "$EDGEGRAD_CPU, else the best of this processor",
     .choices =
         (const cli_choice[]){{"baseline", 0, "Supported by every processor of this architecture"},
                              {"v3", 0, "x86-64-v3: AVX2 and FMA"},
                              {"v4", 0, "x86-64-v4: AVX-512"},
                              {NULL, 0, NULL}},
     .hidden = true},
    {.name = "strip-rows",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.strip_rows),
     .metavar = "N",
     .help = "Rows processed at a time; does not change the result",
     .initial = "0",
     .absent = "0, as many as fit into the cache",
     .min = 0,
     .max = 1048576,
     .hidden = true},
    {.name = NULL},
};

const cli_group job_group = {"Performance", job_options, sizeof(cli_settings)};

static const cli_option limit_options[] = {
    {.name = "max-memory",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_memory),
     .metavar = "SIZE",
     .help = "Maximum memory in bytes; the suffixes K, M and G stand for 1024, 1024^2 and 1024^3",
     .initial = "4G",
     .min = 1,
     .max = LARGEST},
    {.name = "max-side",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_side),
     .metavar = "N",
     .help = "Maximum width and height",
     .initial = "1000000",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-pixels",
     .type = OPTION_SIZE64,
     .offset = offsetof(cli_settings, config.max_pixels),
     .metavar = "N",
     .help = "Maximum of width times height",
     .initial = "4G",
     .unit = "pixels",
     .min = 1,
     .max = LARGEST},
    {.name = "max-chunk",
     .type = OPTION_SIZE,
     .offset = offsetof(cli_settings, config.max_chunk),
     .metavar = "SIZE",
     .help = "Maximum size of a PNG chunk or JPEG marker in bytes",
     .initial = "64M",
     .min = 1,
     .max = LARGEST},
    {.name = "max-scans",
     .type = OPTION_WHOLE,
     .offset = offsetof(cli_settings, config.max_scans),
     .metavar = "N",
     .help = "Maximum number of scans of a progressive JPEG",
     .initial = "200",
     .min = 1,
     .max = 1000000},
    {.name = NULL},
};

const cli_group limit_group = {"Limits", limit_options, sizeof(cli_settings)};

static const cli_option other_options[] = {
    {.name = "sandbox",
     .type = OPTION_CHOICE,
     .offset = offsetof(cli_settings, sandbox),
     .metavar = "HOW",
     .help = "Confinement of the process while it reads files (Linux): no network, no other "
             "programs, no other files than those beside its inputs and outputs",
     .initial = "auto",
     .choices = (const cli_choice[]){{"auto", CLI_SANDBOX_AUTO, "As far as the system can"},
                                     {"require", CLI_SANDBOX_REQUIRE, "Fail if the system cannot"},
                                     {"off", CLI_SANDBOX_OFF, "No confinement"},
                                     {NULL, 0, NULL}}},
    {.name = "quiet",
     .letter = 'q',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, quiet),
     .brief = {3, "Suppress messages about files"},
     .help = "Suppress messages about files; check the exit code instead"},
    {.name = "usage",
     .letter = 'h',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, usage),
     .help = "Show one screen of help: the options used most, and examples"},
    {.name = "help",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, help),
     .help = "Show all options"},
    {.name = "version",
     .letter = 'V',
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, version),
     .help = "Show the version, the libraries of this build and the instruction set"},
    {.name = NULL},
};

const cli_group other_group = {"Other", other_options, sizeof(cli_settings)};

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
