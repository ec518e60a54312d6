/* SPDX-License-Identifier: MIT */
/* What a TIFF is to look like: its samples, codec, predictor and cells; and how libtiff is told. */
#include "io/tiff/tiff_write.h"

enum {
    TILE = 256,
    STRIP_BYTES = 256 * 1024, /* as many as a tile of floats has */
    EXTRA = 128               /* for headers and check sums of a cell, many times over */
};

/* A file that may get more bytes than this is a BigTIFF. */
#define CLASSIC_MOST 3900000000u

static const struct kind {
    uint16_t bits, sample_format, predictor;
} kinds[] = {
    [EG_BIT] = {1, SAMPLEFORMAT_UINT, PREDICTOR_NONE},
    [EG_U8] = {8, SAMPLEFORMAT_UINT, PREDICTOR_HORIZONTAL},
    [EG_U16] = {16, SAMPLEFORMAT_UINT, PREDICTOR_HORIZONTAL},
    [EG_F32] = {32, SAMPLEFORMAT_IEEEFP, PREDICTOR_FLOATINGPOINT},
};

static const struct codec {
    const char *name;
    uint16_t compression;
    bool predicts;
    int least, level; /* of compression, and what is taken unless one is asked for; -1: has none */
} codecs[] = {
    [EG_COMPRESS_DEFLATE] = {"DEFLATE", COMPRESSION_ADOBE_DEFLATE, true, 0, 1},
    [EG_COMPRESS_NONE] = {"none", COMPRESSION_NONE, false, -1, -1},
    [EG_COMPRESS_LZW] = {"LZW", COMPRESSION_LZW, true, -1, -1},
    [EG_COMPRESS_ZSTD] = {"ZSTD", COMPRESSION_ZSTD, true, 1, 3},
};

/* The usual tile, or one that just holds a smaller picture. */
static uint32_t usual_tile(size_t side)
{
    return side < TILE ? (uint32_t)(side + 15) / 16 * 16 : TILE;
}

static eg_status choose_cells(eg_tiff_layout *form, const eg_output *output, int tile,
                              eg_error *error)
{
    form->tiled = tile >= 0;
    form->cell_width = tile < 0 ? form->width : tile ? (uint32_t)tile : usual_tile(form->width);
    form->row_bytes = ((size_t)form->cell_width * form->bits + 7) / 8;
    size_t rows = STRIP_BYTES / form->row_bytes;
    if (tile >= 0)
        rows = tile ? (size_t)tile : usual_tile(form->height);
    else if (rows > form->height)
        rows = form->height;
    form->cell_height = rows ? (uint32_t)rows : 1;
    form->cell_bytes = form->row_bytes * form->cell_height;
    form->across = eg_tiff_cells(form->width, form->cell_width);
    uint64_t cells = (uint64_t)form->across * eg_tiff_cells(form->height, form->cell_height);
    if (cells > UINT32_MAX)
        return eg_output_fail(output, error, EG_LIMIT_EXCEEDED,
                              "TIFF has room for 4294967295 tiles or strips, not for %llu",
                              (unsigned long long)cells);
    form->cells = (uint32_t)cells;
    return EG_OK;
}

static eg_status choose_predictor(eg_tiff_layout *form, const eg_output *output, int asked,
                                  eg_sample sample, eg_error *error)
{
    if ((asked == PREDICTOR_HORIZONTAL && sample == EG_BIT) ||
        (asked == PREDICTOR_FLOATINGPOINT && sample != EG_F32))
        return eg_output_fail(output, error, EG_USAGE, "predictor %d is not for samples of %d %s",
                              asked, form->bits, form->bits == 1 ? "bit" : "bits");
    form->predictor = asked ? (uint16_t)asked : kinds[sample].predictor;
    return EG_OK;
}

eg_status eg_tiff_plan(eg_tiff_layout *form, const eg_output *output,
                       const eg_write_options *options, const eg_layout *layout, eg_error *error)
{
    const struct codec *codec = &codecs[options->compress];
    if (layout->width > UINT32_MAX || layout->height > UINT32_MAX)
        return eg_output_fail(output, error, EG_LIMIT_EXCEEDED,
                              "TIFF has room for 4294967295 pixels a side, not for %zu x %zu",
                              layout->width, layout->height);
    *form = (eg_tiff_layout){
        .width = (uint32_t)layout->width,
        .height = (uint32_t)layout->height,
        .bits = kinds[layout->sample].bits,
        .sample_format = kinds[layout->sample].sample_format,
        .compression = codec->compression,
        .level = options->compression < 0 ? codec->level : options->compression,
    };
    eg_status status = choose_predictor(form, output, options->predictor, layout->sample, error);
    if (!codec->predicts)
        form->predictor = 0;
    else if (!options->predictor && form->level == 0)
        form->predictor = PREDICTOR_NONE; /* DEFLATE that only stores */
    return status == EG_OK ? choose_cells(form, output, options->tile, error) : status;
}

/* LZW's longest codes are half as long again as the bytes they stand for. */
size_t eg_tiff_bound(const eg_tiff_layout *form)
{
    size_t bytes = form->cell_bytes;
    if (form->compression == COMPRESSION_NONE)
        return bytes;
    return bytes + (form->compression == COMPRESSION_LZW ? bytes / 2 : 0) + bytes / 64 + EXTRA;
}

bool eg_tiff_is_big(const eg_tiff_layout *form)
{
    return form->cells > CLASSIC_MOST / (eg_tiff_bound(form) + 2 * sizeof(uint64_t));
}

eg_status eg_tiff_check(const eg_output *output, const eg_write_options *options, eg_error *error)
{
    const struct codec *codec = &codecs[options->compress];
    int level = options->compression;
    if (!TIFFIsCODECConfigured(codec->compression))
        return eg_output_fail(output, error, EG_USAGE, "this libtiff was built without %s",
                              codec->name);
    if (level >= 0 && codec->least < 0)
        return eg_output_fail(output, error, EG_USAGE, "compression %s has no level, such as %d",
                              codec->name, level);
    if (level >= 0 && level < codec->least)
        return eg_output_fail(output, error, EG_USAGE, "compression %s has levels from %d on",
                              codec->name, codec->least);
    if (!codec->predicts && options->predictor > 1)
        return eg_output_fail(output, error, EG_USAGE,
                              "predictor %d has no effect without compression", options->predictor);
    return EG_OK;
}

/* ---- telling libtiff ------------------------------------------------------------------------- */

bool eg_tiff_set_layout(TIFF *tif, const eg_tiff_layout *form)
{
    bool set = TIFFSetField(tif, TIFFTAG_IMAGEWIDTH, form->width) &&
               TIFFSetField(tif, TIFFTAG_IMAGELENGTH, form->height) &&
               TIFFSetField(tif, TIFFTAG_BITSPERSAMPLE, form->bits) &&
               TIFFSetField(tif, TIFFTAG_SAMPLEFORMAT, form->sample_format) &&
               TIFFSetField(tif, TIFFTAG_SAMPLESPERPIXEL, 1) &&
               TIFFSetField(tif, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
               TIFFSetField(tif, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
               TIFFSetField(tif, TIFFTAG_COMPRESSION, form->compression);
    if (form->tiled)
        set = set && TIFFSetField(tif, TIFFTAG_TILEWIDTH, form->cell_width) &&
              TIFFSetField(tif, TIFFTAG_TILELENGTH, form->cell_height);
    else
        set = set && TIFFSetField(tif, TIFFTAG_ROWSPERSTRIP, form->cell_height);
    if (form->predictor)
        set = set && TIFFSetField(tif, TIFFTAG_PREDICTOR, form->predictor);
    if (form->compression == COMPRESSION_ADOBE_DEFLATE)
        set = set && TIFFSetField(tif, TIFFTAG_ZIPQUALITY, form->level);
    if (form->compression == COMPRESSION_ZSTD)
        set = set && TIFFSetField(tif, TIFFTAG_ZSTD_LEVEL, form->level);
    return set;
}

/* ---- opening --------------------------------------------------------------------------------- */

static tmsize_t on_read(thandle_t opaque, void *bytes, tmsize_t size)
{
    (void)opaque, (void)bytes, (void)size;
    return -1;
}

static int on_close(thandle_t opaque)
{
    (void)opaque;
    return 0;
}

static int on_warning(TIFF *tif, void *opaque, const char *module, const char *format, va_list args)
{
    (void)tif, (void)opaque, (void)module, (void)format, (void)args;
    return 1;
}

TIFF *eg_tiff_client(const char *name, const char *mode, void *opaque, const eg_tiff_file *file)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, file->on_error, opaque);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, opaque);
    TIFF *tif = TIFFClientOpenExt(name, mode, opaque, on_read, file->on_write, file->on_seek,
                                  on_close, file->on_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tif;
}
