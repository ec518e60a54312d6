/* SPDX-License-Identifier: MIT */
/* Options of files and of the context by name. */
#include "options/fields.h"

const eg_choice eg_encoding_choices[] = {{"none", EG_ENCODING_NONE},
                                         {"terrarium", EG_ENCODING_TERRARIUM},
                                         {"mapbox", EG_ENCODING_MAPBOX},
                                         {"grey", EG_ENCODING_GREY},
                                         {NULL, 0}};
static const eg_choice alphas[] = {
    {"ignore", EG_ALPHA_IGNORE}, {"over", EG_ALPHA_OVER}, {"mask", EG_ALPHA_MASK}, {NULL, 0}};
static const eg_choice compressions[] = {{"deflate", EG_COMPRESS_DEFLATE},
                                         {"none", EG_COMPRESS_NONE},
                                         {"lzw", EG_COMPRESS_LZW},
                                         {"zstd", EG_COMPRESS_ZSTD},
                                         {NULL, 0}};

#define OPTIONS eg_read_options
const eg_field eg_read_fields[] = {
    CHOICE("alpha", alpha, alphas, "how an alpha channel is read"),
    {"over", EG_FIELD_COLOUR, offsetof(OPTIONS, over), 0, 0, NULL, "background of alpha over"},
    FLAG("ignore-orientation", ignore_orientation, "the stored row order, not that of EXIF"),
    FLAG("tolerate", tolerate, "what can be read of a damaged file"),
    REAL("white", white_level, 0, 0, "intensity that corresponds to 255; 0: the format's"),
    FLAG("as-values", as_values, "samples as values in a unit of their own, such as elevations"),
    FLAG("ignore-scale", ignore_scale, "stored values without the scale and offset of the file"),
    CHOICE("encoding", encoding, eg_encoding_choices, "encoding of elevations in colours"),
    INT("band", band, 0, 1e6, "band of a raster of values, from 1; 0: the first"),
    INT("page", page, 0, 1e6, "page of a file of several images, from 1; 0: the first full image"),
    TEXT("mask", mask, "path of an image whose pixels that are 0 mark missing ones"),
    FLAG("colour-planes", colour_planes, "colour images as three planes instead of grey"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_write_options
const eg_field eg_write_fields[] = {
    TEXT("format", format, "name of the format; without it that of the extension"),
    INT("quality", quality, 1, 100, "quality of JPEG"),
    INT("compression", compression, -1, 9, "level of PNG and TIFF, 9 the smallest; -1: chosen"),
    CHOICE("compress", compress, compressions, "compression of TIFF"),
    INT("predictor", predictor, 0, 3, "predictor of TIFF; 0: chosen by the sample type"),
    INT("tile", tile, -1, 65536, "side of TIFF's tiles, a multiple of 16; 0: 256; -1: strips"),
    CHOICE("encoding", encoding, eg_encoding_choices, "encoding of elevations in colours"),
    FLAG("no-sidecars", no_sidecars, "no files beside the output"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_config
const eg_field eg_config_fields[] = {
    INT("threads", threads, 0, 1024, "number of threads; 0: one for each processor"),
    SIZE("strip-rows", strip_rows, "rows computed at a time; 0: as many as fit into the cache"),
    SIZE("max-memory", max_memory, "limit of the memory of the context in bytes"),
    SIZE("max-side", max_side, "limit of width and height in pixels"),
    SIZE("max-chunk", max_chunk, "limit of a PNG chunk or JPEG marker in bytes"),
    INT("max-scans", max_scans, 1, 1e6, "limit of the scans of a progressive JPEG"),
    TEXT("cpu", cpu, "instruction set: baseline, v3 or v4; without it the best"),
    FLAG("sync", sync, "outputs reach the disc before the call returns"),
    END,
};
