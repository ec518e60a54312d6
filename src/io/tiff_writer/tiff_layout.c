/* SPDX-License-Identifier: MIT */
/* Chooses a TIFF's sample format, codec, predictor and blocks, and makes their tags. */
#include "io/codecs/isal_deflate.h"
#include "io/tiff_writer/tiff_write.h"

enum {
    TILE = 256,              /* default tile side, in pixels */
    STRIP_BYTES = 256 * 1024 /* target size of a strip: that of a tile of floats */
};

/* Bound on the file size, in bytes, above which a BigTIFF is written, because classic TIFF has
 * 32-bit offsets. */
#define CLASSIC_TIFF_MAX 3900000000u

static const struct sample_type {
    uint16_t bits_per_sample, channels, sample_format, predictor;
} sample_types[] = {
    [EG_BIT] = {1, 1, SAMPLEFORMAT_UINT, PREDICTOR_NONE},
    [EG_U8] = {8, 1, SAMPLEFORMAT_UINT, PREDICTOR_HORIZONTAL},
    [EG_U16] = {16, 1, SAMPLEFORMAT_UINT, PREDICTOR_HORIZONTAL},
    [EG_F32] = {32, 1, SAMPLEFORMAT_IEEEFP, PREDICTOR_FLOATINGPOINT},
    [EG_RGB] = {8, 3, SAMPLEFORMAT_UINT, PREDICTOR_HORIZONTAL},
};

static const struct codec {
    const char *name;
    uint16_t compression;
    eg_codec codec;
    bool has_predictor;
    int min_level, default_level; /* compression levels; -1: the codec has none */
} codecs[] = {
    [EG_COMPRESS_DEFLATE] = {"DEFLATE", COMPRESSION_ADOBE_DEFLATE, EG_CODEC_DEFLATE, true, 0,
                             EG_ENCODER_FAST},
    [EG_COMPRESS_NONE] = {"none", COMPRESSION_NONE, EG_CODEC_NONE, false, -1, -1},
    [EG_COMPRESS_LZW] = {"LZW", COMPRESSION_LZW, EG_CODEC_LZW, true, -1, -1},
    [EG_COMPRESS_ZSTD] = {"ZSTD", COMPRESSION_ZSTD, EG_CODEC_ZSTD, true, 1, 3},
};

/* Returns the default tile side, in pixels: TILE, or a smaller one that holds the whole image. */
static uint32_t default_tile(size_t side)
{
    return side < TILE ? (uint32_t)(side + 15) / 16 * 16 : TILE;
}

/* Chooses the blocks. tile: side of a tile in pixels, 0: default, -1: strips. */
static eg_status choose_blocks(eg_tiff_layout *layout, const eg_output *output, int tile,
                               eg_error *error)
{
    layout->tiled = tile >= 0;
    layout->block_width = tile < 0 ? layout->width
                          : tile   ? (uint32_t)tile
                                   : default_tile(layout->width);
    layout->row_bytes =
        ((size_t)layout->block_width * layout->channels * layout->bits_per_sample + 7) / 8;
    size_t rows = STRIP_BYTES / layout->row_bytes;
    if (tile >= 0)
        rows = tile ? (size_t)tile : default_tile(layout->height);
    else if (rows > layout->height)
        rows = layout->height;
    layout->block_height = rows ? (uint32_t)rows : 1;
    layout->block_bytes = layout->row_bytes * layout->block_height;
    layout->blocks_across = eg_tiff_block_count(layout->width, layout->block_width);
    uint64_t count =
        (uint64_t)layout->blocks_across * eg_tiff_block_count(layout->height, layout->block_height);
    if (count > UINT32_MAX)
        return eg_output_fail(output, error, EG_LIMIT_EXCEEDED,
                              "%llu tiles or strips are too many: TIFF allows 4294967295",
                              (unsigned long long)count);
    layout->block_count = (uint32_t)count;
    return EG_OK;
}

static eg_status choose_predictor(eg_tiff_layout *layout, const eg_output *output, int requested,
                                  eg_sample sample, eg_error *error)
{
    if ((requested == PREDICTOR_HORIZONTAL && sample == EG_BIT) ||
        (requested == PREDICTOR_FLOATINGPOINT && sample != EG_F32))
        return eg_output_fail(
            output, error, EG_USAGE, "predictor %d cannot be used with samples of %d %s", requested,
            layout->bits_per_sample, layout->bits_per_sample == 1 ? "bit" : "bits");
    layout->predictor = requested ? (uint16_t)requested : sample_types[sample].predictor;
    return EG_OK;
}

eg_status eg_tiff_choose_layout(eg_tiff_layout *layout, const eg_output *output,
                                const eg_write_options *options, const eg_layout *raster,
                                eg_error *error)
{
    const struct codec *codec = &codecs[options->compress];
    if (raster->width > UINT32_MAX || raster->height > UINT32_MAX)
        return eg_output_fail(output, error, EG_LIMIT_EXCEEDED,
                              "%zu x %zu pixels are too many: TIFF allows 4294967295 a side",
                              raster->width, raster->height);
    *layout = (eg_tiff_layout){
        .width = (uint32_t)raster->width,
        .height = (uint32_t)raster->height,
        .bits_per_sample = sample_types[raster->sample].bits_per_sample,
        .channels = sample_types[raster->sample].channels,
        .sample_format = sample_types[raster->sample].sample_format,
        .compression = codec->compression,
        .codec = codec->codec,
        .level = options->compression < 0 ? codec->default_level : options->compression,
    };
    if (layout->level == EG_ENCODER_FAST && !eg_isal_available())
        layout->level = 1;
    eg_status status = choose_predictor(layout, output, options->predictor, raster->sample, error);
    if (!codec->has_predictor)
        layout->predictor = 0;
    else if (!options->predictor && layout->level == 0)
        layout->predictor = PREDICTOR_NONE; /* DEFLATE of level 0 does not compress */
    return status == EG_OK ? choose_blocks(layout, output, options->tile, error) : status;
}

size_t eg_tiff_block_bound(const eg_tiff_layout *layout)
{
    return layout->compression == COMPRESSION_NONE
               ? layout->block_bytes
               : eg_encoder_bound(layout->codec, layout->block_bytes);
}

bool eg_tiff_is_big(const eg_tiff_layout *layout)
{
    return layout->block_count >
           CLASSIC_TIFF_MAX / (eg_tiff_block_bound(layout) + 2 * sizeof(uint64_t));
}

eg_status eg_tiff_check_options(const eg_output *output, const eg_write_options *options,
                                eg_error *error)
{
    const struct codec *codec = &codecs[options->compress];
    int level = options->compression;
    if (!eg_codec_available(codec->codec))
        return eg_output_fail(output, error, EG_USAGE,
                              "compression %s needs the library libzstd, which was not found",
                              codec->name);
    if (level >= 0 && codec->min_level < 0)
        return eg_output_fail(output, error, EG_USAGE,
                              "compression %s has no levels; omit level %d", codec->name, level);
    if (level >= 0 && level < codec->min_level)
        return eg_output_fail(output, error, EG_USAGE, "the lowest level of compression %s is %d",
                              codec->name, codec->min_level);
    if (!codec->has_predictor && options->predictor > 1)
        return eg_output_fail(output, error, EG_USAGE,
                              "predictor %d has no effect without compression", options->predictor);
    return EG_OK;
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* Adds a tag that has the same value for each channel. */
static void put_for_channels(eg_tiff_tags *tags, unsigned tag, const eg_tiff_layout *layout,
                             uint16_t value)
{
    const uint16_t values[] = {value, value, value};
    eg_tiff_put(tags, tag, TIFF_SHORT, layout->channels, values);
}

void eg_tiff_put_layout(eg_tiff_tags *tags, const eg_tiff_layout *layout)
{
    eg_tiff_put_size(tags, TIFFTAG_IMAGEWIDTH, layout->width);
    eg_tiff_put_size(tags, TIFFTAG_IMAGELENGTH, layout->height);
    put_for_channels(tags, TIFFTAG_BITSPERSAMPLE, layout, layout->bits_per_sample);
    put_for_channels(tags, TIFFTAG_SAMPLEFORMAT, layout, layout->sample_format);
    eg_tiff_put_short(tags, TIFFTAG_SAMPLESPERPIXEL, layout->channels);
    eg_tiff_put_short(tags, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    eg_tiff_put_short(tags, TIFFTAG_PHOTOMETRIC,
                      layout->channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
    eg_tiff_put_short(tags, TIFFTAG_COMPRESSION, layout->compression);
    if (layout->tiled) {
        eg_tiff_put_size(tags, TIFFTAG_TILEWIDTH, layout->block_width);
        eg_tiff_put_size(tags, TIFFTAG_TILELENGTH, layout->block_height);
    } else {
        eg_tiff_put_size(tags, TIFFTAG_ROWSPERSTRIP, layout->block_height);
    }
    if (layout->predictor)
        eg_tiff_put_short(tags, TIFFTAG_PREDICTOR, layout->predictor);
}
