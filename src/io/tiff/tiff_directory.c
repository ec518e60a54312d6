/* SPDX-License-Identifier: MIT */
/* Reads the tags that describe the image, and checks that edgegrad can read such images. */
#include <string.h>

#include "io/tiff/tiff_read.h"

typedef struct directory {
    eg_tiff_image *image;
    eg_info *info;
    const eg_tiff_directory *tags;
    const eg_read_options *options;
    eg_error *error;
    uint16_t photometric, sample_format;
} directory;

static eg_status fail_unsupported(const directory *d, const char *what)
{
    return eg_input_fail(d->tags->input, d->error, EG_UNSUPPORTED, "%s is not supported", what);
}

static eg_status fail_damaged(const directory *d, const char *what)
{
    return eg_input_fail(d->tags->input, d->error, EG_BAD_INPUT, "is damaged: %s", what);
}

/* Returns the first value of a tag; `fallback` if it is missing. */
static uint32_t number(const directory *d, unsigned tag, uint32_t fallback)
{
    return eg_tiff_number(d->tags, tag, 0, fallback);
}

static uint16_t short_number(const directory *d, unsigned tag, uint16_t fallback)
{
    const uint32_t value = number(d, tag, fallback);
    return value < UINT16_MAX ? (uint16_t)value : UINT16_MAX;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Reads the size of the blocks. RowsPerStrip may exceed the image's height. */
static eg_status read_block_size(const directory *d)
{
    eg_tiff_image *image = d->image;
    image->tiled =
        eg_tiff_find(d->tags, TIFFTAG_TILEWIDTH) || eg_tiff_find(d->tags, TIFFTAG_TILELENGTH);
    image->block_width = image->tiled ? number(d, TIFFTAG_TILEWIDTH, 0) : image->width;
    image->block_height = image->tiled ? number(d, TIFFTAG_TILELENGTH, 0)
                                       : number(d, TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
    if (image->block_width == 0 || image->block_height == 0)
        return fail_damaged(d, image->tiled ? "tile size is 0" : "RowsPerStrip is 0");
    if (!image->tiled && image->block_height > image->height)
        image->block_height = image->height;
    image->blocks_across = (image->width + image->block_width - 1) / image->block_width;
    image->blocks_down = (image->height + image->block_height - 1) / image->block_height;
    return EG_OK;
}

/* Computes the size in bytes of a decoded block and checks it against --max-memory, because a tile
 * may be far larger than the image. */
static eg_status measure_blocks(const directory *d)
{
    eg_tiff_image *image = d->image;
    uint64_t samples =
        (uint64_t)image->block_width * (image->separate ? 1 : image->samples_per_pixel);
    uint64_t row_bytes = (samples * image->bits_per_sample + 7) / 8;
    uint64_t bytes, max = d->tags->input->ctx->config.max_memory;
    if (__builtin_mul_overflow(row_bytes, image->block_height, &bytes) || bytes > INT64_MAX)
        return fail_damaged(d, "a tile or strip has more than 2^63 bytes");
    if (bytes > max)
        return eg_input_fail(d->tags->input, d->error, EG_LIMIT_EXCEEDED,
                             "a %s of %zu x %zu pixels with %u samples each needs more memory than "
                             "--max-memory allows",
                             image->tiled ? "tile" : "strip", image->block_width,
                             image->block_height, image->separate ? 1u : image->samples_per_pixel);
    if (image->blocks_across > UINT32_MAX / image->blocks_down / image->samples_per_pixel)
        return fail_damaged(d, "too many tiles or strips");
    image->row_bytes = (size_t)row_bytes;
    image->plane_bytes = eg_tiff_block_bytes(image, image->block_height);
    return EG_OK;
}

/* ---- compression ----------------------------------------------------------------------------- */

/* Finds the codec that decodes a compression without libtiff; returns false if there is none. */
static bool find_native_codec(uint16_t compression, eg_codec *codec)
{
    static const struct {
        uint16_t compression;
        eg_codec codec;
    } codecs[] = {
        {COMPRESSION_NONE, EG_CODEC_NONE},       {COMPRESSION_PACKBITS, EG_CODEC_PACKBITS},
        {COMPRESSION_LZW, EG_CODEC_LZW},         {COMPRESSION_ADOBE_DEFLATE, EG_CODEC_DEFLATE},
        {COMPRESSION_DEFLATE, EG_CODEC_DEFLATE}, {COMPRESSION_ZSTD, EG_CODEC_ZSTD},
        {COMPRESSION_LZMA, EG_CODEC_LZMA},
    };
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (codecs[i].compression == compression) {
            *codec = codecs[i].codec;
            return eg_codec_available(*codec);
        }
    return false;
}

/* Chooses between decoding without libtiff and with it, called when the layout is known. Predictors
 * that do not suit the samples are left to libtiff, which refuses them. */
static eg_status choose_decoder(const directory *d)
{
    eg_tiff_image *image = d->image;
    const unsigned bits = image->bits_per_sample;
    const bool predicted = image->codec == EG_CODEC_LZW || image->codec == EG_CODEC_DEFLATE ||
                           image->codec == EG_CODEC_ZSTD || image->codec == EG_CODEC_LZMA;
    const uint32_t predictor =
        predicted ? number(d, TIFFTAG_PREDICTOR, PREDICTOR_NONE) : PREDICTOR_NONE;
    const bool whole = bits == 8 || bits == 16 || bits == 32 || bits == 64;
    image->predictor = (eg_predictor){.number = (int)predictor,
                                      .bytes = whole ? bits / 8 : 1,
                                      .stride = image->separate ? 1 : image->samples_per_pixel,
                                      .row_bytes = image->row_bytes};
    image->native = find_native_codec(image->compression, &image->codec) &&
                    (predictor == PREDICTOR_NONE ||
                     (predictor == PREDICTOR_HORIZONTAL && whole && !image->subsampled) ||
                     (predictor == PREDICTOR_FLOATINGPOINT && whole && bits > 8 &&
                      d->sample_format == SAMPLEFORMAT_IEEEFP));
    return image->native ? EG_OK : eg_tiff_load(d->error);
}

static eg_status read_compression(const directory *d)
{
    eg_tiff_image *image = d->image;
    image->compression = short_number(d, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    image->reversed = number(d, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_LSB2MSB;
    image->plain_bytes = image->compression == COMPRESSION_NONE && !image->reversed;
    image->jpeg_ycbcr = image->compression == COMPRESSION_JPEG &&
                        d->photometric == PHOTOMETRIC_YCBCR && !image->separate;
    if (image->compression == COMPRESSION_OJPEG)
        return fail_unsupported(d, "old-style JPEG compression (TIFF 6.0)");
    if (image->compression == COMPRESSION_JPEG && image->bits_per_sample != 8)
        return fail_unsupported(d, "JPEG compression of samples of other than 8 bits");
    if (find_native_codec(image->compression, &image->codec))
        return EG_OK;
    eg_status status = eg_tiff_load(d->error);
    if (status != EG_OK || TIFFIsCODECConfigured(image->compression))
        return status;
    const TIFFCodec *codec = TIFFFindCODEC(image->compression);
    return eg_input_fail(d->tags->input, d->error, EG_UNSUPPORTED,
                         "compression %u%s%s is not supported by this build of libtiff",
                         image->compression, codec ? ", " : "", codec ? codec->name : "");
}

/* ---- samples --------------------------------------------------------------------------------- */

static const struct sample_type {
    uint16_t sample_format, bits;
    eg_sample_kind kind;
    float white_level; /* largest value; 1 for floats */
} sample_types[] = {
    {SAMPLEFORMAT_UINT, 8, EG_KIND_U8, 255},       {SAMPLEFORMAT_UINT, 16, EG_KIND_U16, 65535},
    {SAMPLEFORMAT_UINT, 32, EG_KIND_U32, 0x1p32F}, {SAMPLEFORMAT_UINT, 64, EG_KIND_U64, 0x1p64F},
    {SAMPLEFORMAT_INT, 8, EG_KIND_S8, 127},        {SAMPLEFORMAT_INT, 16, EG_KIND_S16, 32767},
    {SAMPLEFORMAT_INT, 32, EG_KIND_S32, 0x1p31F},  {SAMPLEFORMAT_INT, 64, EG_KIND_S64, 0x1p63F},
    {SAMPLEFORMAT_IEEEFP, 16, EG_KIND_F16, 1},     {SAMPLEFORMAT_IEEEFP, 32, EG_KIND_F32, 1},
    {SAMPLEFORMAT_IEEEFP, 64, EG_KIND_F64, 1},
};

/* Sets the type to which integers of any other number of bits up to 32 are unpacked. Intensities of
 * up to 16 bits are scaled to 0..255 or 0..65535, as in the other formats. */
static void choose_unpacked_type(const directory *d)
{
    eg_tiff_image *image = d->image;
    eg_samples *samples = &image->samples;
    const unsigned bits = image->bits_per_sample;
    image->packed = true;
    for (unsigned i = 0; i < 256; i++)
        image->scale[i] = (uint8_t)i;
    image->is_signed = d->sample_format == SAMPLEFORMAT_INT;
    samples->bytes = bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
    samples->kind = bits <= 8    ? (image->is_signed ? EG_KIND_S8 : EG_KIND_U8)
                    : bits <= 16 ? (image->is_signed ? EG_KIND_S16 : EG_KIND_U16)
                                 : (image->is_signed ? EG_KIND_S32 : EG_KIND_U32);
    if (image->is_signed)
        samples->white_level = (float)(((uint64_t)1 << (bits - 1)) - 1);
    else
        samples->white_level = bits <= 8    ? 255
                               : bits <= 16 ? 65535
                                            : (float)(((uint64_t)1 << bits) - 1);
    if (samples->kind == EG_KIND_U16)
        samples->max = (1u << bits) - 1;
}

static eg_status fail_sample_type(const directory *d)
{
    bool complex = d->sample_format == SAMPLEFORMAT_COMPLEXINT ||
                   d->sample_format == SAMPLEFORMAT_COMPLEXIEEEFP;
    return eg_input_fail(d->tags->input, d->error, EG_UNSUPPORTED,
                         "%s samples of %u bits are not supported",
                         complex                                   ? "complex"
                         : d->sample_format == SAMPLEFORMAT_IEEEFP ? "floating-point"
                                                                   : "integer",
                         d->image->bits_per_sample);
}

/* Returns true if the tag has the same value for all samples of a pixel. */
static bool is_uniform(const directory *d, unsigned tag)
{
    size_t count = eg_tiff_number_count(d->tags, tag);
    if (count > d->image->samples_per_pixel)
        count = d->image->samples_per_pixel;
    for (size_t i = 1; i < count; i++)
        if (eg_tiff_number(d->tags, tag, i, 0) != eg_tiff_number(d->tags, tag, 0, 0))
            return false;
    return true;
}

static eg_status read_sample_type(directory *d)
{
    enum { UNPACKED_MAX = 32 };
    eg_tiff_image *image = d->image;
    image->samples_per_pixel = short_number(d, TIFFTAG_SAMPLESPERPIXEL, 1);
    image->bits_per_sample = short_number(d, TIFFTAG_BITSPERSAMPLE, 1);
    image->separate = image->samples_per_pixel > 1 &&
                      number(d, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    d->sample_format = short_number(d, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (!is_uniform(d, TIFFTAG_BITSPERSAMPLE) || !is_uniform(d, TIFFTAG_SAMPLEFORMAT))
        return fail_unsupported(d, "a pixel of samples of different types");
    if (d->sample_format == SAMPLEFORMAT_VOID)
        d->sample_format = SAMPLEFORMAT_UINT;
    if (image->samples_per_pixel == 0 || image->bits_per_sample == 0)
        return fail_damaged(d, image->samples_per_pixel == 0 ? "SamplesPerPixel is 0"
                                                             : "BitsPerSample is 0");
    for (size_t i = 0; i < sizeof sample_types / sizeof *sample_types; i++) {
        if (sample_types[i].sample_format != d->sample_format ||
            sample_types[i].bits != image->bits_per_sample)
            continue;
        image->samples.kind = sample_types[i].kind;
        image->samples.white_level = sample_types[i].white_level;
        image->samples.bytes = image->bits_per_sample / 8u;
        return EG_OK;
    }
    bool integer = d->sample_format == SAMPLEFORMAT_UINT || d->sample_format == SAMPLEFORMAT_INT;
    const uint16_t least = d->sample_format == SAMPLEFORMAT_INT ? 2 : 1;
    if (!integer || image->bits_per_sample < least || image->bits_per_sample > UNPACKED_MAX)
        return fail_sample_type(d);
    choose_unpacked_type(d);
    return EG_OK;
}

/* Finds the alpha channel and whether the colours are premultiplied by it. */
static void read_alpha(const directory *d)
{
    eg_samples *samples = &d->image->samples;
    const size_t count = eg_tiff_number_count(d->tags, TIFFTAG_EXTRASAMPLES);
    enum { COREL_ALPHA = 999 }; /* unassociated alpha of Corel Draw 10 */
    samples->pixels.alpha_at = -1;
    for (size_t i = 0; i < count; i++) {
        const int at = samples->pixels.colour + (int)i;
        const uint32_t type = eg_tiff_number(d->tags, TIFFTAG_EXTRASAMPLES, i, 0);
        if (at >= d->image->samples_per_pixel)
            return;
        if (type != EXTRASAMPLE_ASSOCALPHA && type != EXTRASAMPLE_UNASSALPHA && type != COREL_ALPHA)
            continue;
        samples->pixels.alpha_at = at;
        samples->associated = type == EXTRASAMPLE_ASSOCALPHA;
        return;
    }
}

/* ---- colours --------------------------------------------------------------------------------- */

/* Reads the palette. Its entries have 16 bits, of which some writers fill only the lower 8: entries
 * that are all below 256 are taken as 8-bit values. */
static eg_status read_palette(const directory *d)
{
    eg_tiff_image *image = d->image;
    const size_t count = (size_t)1 << image->bits_per_sample;
    uint8_t(*const colours)[3] = image->palette;
    uint32_t bits_used = 0;
    if (image->samples.kind != EG_KIND_U8)
        return fail_unsupported(d, "a palette of more than 256 colours");
    if (eg_tiff_number_count(d->tags, TIFFTAG_COLORMAP) < 3 * count)
        return fail_damaged(d, "its palette is missing");
    for (size_t i = 0; i < 3 * count; i++)
        bits_used |= eg_tiff_number(d->tags, TIFFTAG_COLORMAP, i, 0);
    const unsigned shift = bits_used < 256 ? 0 : 8;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 3; k++)
            colours[i][k] =
                (uint8_t)(eg_tiff_number(d->tags, TIFFTAG_COLORMAP, k * count + i, 0) >> shift);
    eg_samples_set_palette(&image->samples, image->table, image->palette);
    return EG_OK;
}

/* Makes the table that scales packed intensities of up to 8 bits to 0..255, and one that inverts
 * bytes if 0 is white. With an alpha channel, which is not inverted, scaling does not invert. */
static void make_grey_table(const directory *d)
{
    eg_tiff_image *image = d->image;
    const bool inverted = image->samples.inverted;
    const bool values = d->options->as_values && image->samples.pixels.colour == 1;
    if (image->samples.kind != EG_KIND_U8 || values || (!image->packed && !inverted))
        return;
    const int max = (1 << image->bits_per_sample) - 1;
    const bool indexed = inverted && (!image->packed || image->samples.pixels.alpha_at >= 0);
    const bool invert = inverted && !indexed;
    for (int i = 0; image->packed && i <= max; i++)
        image->scale[i] = (uint8_t)((255 * (invert ? max - i : i) + max / 2) / max);
    for (int i = 0; i < 256; i++)
        image->table[i] = (uint8_t)(255 - i);
    if (indexed)
        image->samples.table = image->table;
}

static eg_status fail_photometric(const directory *d)
{
    static const struct {
        uint16_t photometric;
        const char *name;
    } names[] = {
        {PHOTOMETRIC_ITULAB, "ITU L*a*b*"},   {PHOTOMETRIC_LOGL, "LogL"},
        {PHOTOMETRIC_LOGLUV, "LogLuv"},       {PHOTOMETRIC_MASK, "a transparency mask"},
        {PHOTOMETRIC_CFA, "camera raw data"}, {34892, "linear raw data"}, /* of DNG */
    };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].photometric == d->photometric)
            name = names[i].name;
    if (name)
        return eg_input_fail(d->tags->input, d->error, EG_UNSUPPORTED,
                             "%s is not supported; convert it to RGB or grey first", name);
    return eg_input_fail(d->tags->input, d->error, EG_UNSUPPORTED,
                         "PhotometricInterpretation %u is not supported", d->photometric);
}

static eg_status read_grey(const directory *d)
{
    eg_tiff_image *image = d->image;
    eg_info *info = d->info;
    image->samples.pixels.colour = 1;
    read_alpha(d);
    info->colour = image->samples_per_pixel == 1 ? "grey"
                   : image->samples_per_pixel == 2 && image->samples.pixels.alpha_at > 0
                       ? "grey+alpha"
                       : "first band";
    image->samples.inverted = d->photometric == PHOTOMETRIC_MINISWHITE && !d->options->as_values;
    if (image->samples.inverted && d->options->alpha != EG_ALPHA_MASK)
        image->samples.pixels.alpha_at = -1;
    make_grey_table(d);
    return EG_OK;
}

/* Reads one band of grey or RGB as values of its own. Its alpha channel comes after it, or is the
 * band itself. */
static eg_status read_band(const directory *d)
{
    eg_tiff_image *image = d->image;
    eg_pixels *pixels = &image->samples.pixels;
    const int band = eg_band_index(d->options);
    const bool rgb = d->photometric == PHOTOMETRIC_RGB;
    if (band >= image->samples_per_pixel)
        return eg_fail_band(d->tags->input->name, band + 1, image->samples_per_pixel, d->error);
    if (image->jpeg_ycbcr || (!rgb && d->photometric != PHOTOMETRIC_MINISBLACK &&
                              d->photometric != PHOTOMETRIC_MINISWHITE))
        return fail_unsupported(d, "a band of colours other than RGB");
    pixels->colour = rgb ? 3 : 1;
    read_alpha(d);
    pixels->colour = 1;
    if (pixels->alpha_at == band)
        pixels->alpha_at = -1;
    if (pixels->alpha_at >= 0 && pixels->alpha_at < band)
        return fail_unsupported(d, "a band after the alpha channel");
    d->info->colour = image->samples_per_pixel == 1 ? "grey" : "bands";
    return EG_OK;
}

static eg_status read_rgb(const directory *d)
{
    eg_tiff_image *image = d->image;
    if (image->samples_per_pixel < 3)
        return fail_damaged(d, "an RGB image with fewer than 3 samples per pixel");
    image->samples.pixels.colour = 3;
    read_alpha(d);
    make_grey_table(d);
    d->info->colour = image->samples.pixels.alpha_at >= 0 ? "RGBA" : "RGB";
    return EG_OK;
}

static eg_status read_cmyk(const directory *d)
{
    eg_status status = eg_tiff_cmyk_read(d->image, d->tags, d->error);
    if (status == EG_OK)
        read_alpha(d);
    d->info->colour = "CMYK";
    return status;
}

static eg_status read_lab(const directory *d)
{
    eg_status status =
        eg_tiff_lab_read(d->image, d->photometric == PHOTOMETRIC_ICCLAB, d->tags, d->error);
    if (status == EG_OK)
        read_alpha(d);
    d->info->colour = d->image->samples.pixels.alpha_at >= 0 ? "L*a*b*+alpha" : "L*a*b*";
    return status;
}

static eg_status read_colours(const directory *d)
{
    eg_tiff_image *image = d->image;
    image->samples.pixels.alpha_at = -1;
    if (image->is_mask) {
        image->samples.pixels.colour = 1;
        d->info->colour = "mask";
        return EG_OK;
    }
    if (d->options->band > 0 && d->photometric != PHOTOMETRIC_PALETTE)
        return read_band(d);
    if (d->photometric == PHOTOMETRIC_PALETTE) {
        if (d->options->band > 1)
            return eg_fail_band(d->tags->input->name, d->options->band, 1, d->error);
        image->samples.pixels.colour = 1;
        if (d->options->alpha == EG_ALPHA_MASK)
            read_alpha(d);
        d->info->colour = "palette";
        return read_palette(d);
    }
    if (d->photometric == PHOTOMETRIC_MINISBLACK || d->photometric == PHOTOMETRIC_MINISWHITE)
        return read_grey(d);
    if (d->photometric == PHOTOMETRIC_RGB || image->jpeg_ycbcr)
        return read_rgb(d);
    if (d->photometric == PHOTOMETRIC_SEPARATED)
        return read_cmyk(d);
    if (d->photometric == PHOTOMETRIC_CIELAB || d->photometric == PHOTOMETRIC_ICCLAB)
        return read_lab(d);
    if (d->photometric == PHOTOMETRIC_YCBCR) {
        d->info->colour = "YCbCr";
        return eg_tiff_ycbcr_read(image, d->tags, d->error);
    }
    return fail_photometric(d);
}

/* Fails if the image cannot have elevations encoded in its colours. */
static eg_status check_encoding(const directory *d)
{
    const eg_tiff_image *image = d->image;
    bool exact = image->compression != COMPRESSION_JPEG && image->compression != COMPRESSION_WEBP;
    if (!eg_decodes_colours(d->options) ||
        (image->samples.pixels.colour == 3 && image->samples.kind == EG_KIND_U8 && exact))
        return EG_OK;
    return eg_input_fail(d->tags->input, d->error, EG_USAGE,
                         "is a TIFF of %s with %u bits a channel%s; encoded elevations are RGB "
                         "with 8 bits, exactly stored (leave out --encoding)",
                         d->info->colour, image->bits_per_sample,
                         exact ? "" : " and lossy compression");
}

/* Fails if eg_samples has no conversion for the sample type and channels. */
static eg_status check_conversion(const directory *d)
{
    const eg_tiff_image *image = d->image;
    const eg_samples *samples = &image->samples;
    bool over = d->options->alpha == EG_ALPHA_OVER && samples->pixels.alpha_at >= 0;
    if (over && !d->options->as_values &&
        ((samples->kind != EG_KIND_U8 && samples->kind != EG_KIND_U16) || samples->max))
        return fail_unsupported(d, "alpha of a depth other than 8 or 16 bits");
    return EG_OK;
}

/* Chooses the samples of a pixel to read and sets the resulting channels: their number and the
 * index of alpha, which is read for compositing and, if the samples are values, for missing cells.
 */
static void choose_channels(const directory *d)
{
    eg_tiff_image *image = d->image;
    eg_pixels *pixels = &image->samples.pixels;
    const bool values = d->options->as_values && pixels->colour == 1;
    const bool alpha = pixels->alpha_at >= 0 && (values || eg_decodes_colours(d->options) ||
                                                 d->options->alpha != EG_ALPHA_IGNORE);
    if (!alpha)
        pixels->alpha_at = -1;
    image->plane_count = 1;
    pixels->channels = image->subsampled ? pixels->colour : image->samples_per_pixel;
    const int band = eg_band_index(d->options);
    if (!image->separate && !image->packed) {
        image->samples.first = (size_t)band;
        pixels->alpha_at -= alpha ? band : 0;
        return;
    }
    for (int i = 0; i < pixels->colour; i++)
        image->channel_index[i] = (uint32_t)(band + i);
    if (alpha)
        image->channel_index[pixels->colour] = (uint32_t)pixels->alpha_at;
    pixels->channels = pixels->colour + alpha;
    pixels->alpha_at = alpha ? pixels->colour : -1;
    if (image->separate)
        image->plane_count = (size_t)pixels->channels;
}

/* ---- the image ------------------------------------------------------------------------------- */

static void fill_info(const directory *d)
{
    const eg_tiff_image *image = d->image;
    eg_info *info = d->info;
    const uint16_t orientation = short_number(d, TIFFTAG_ORIENTATION, 1);
    info->format = d->tags->big ? "BigTIFF" : "TIFF";
    info->width = info->stored_width = image->width;
    info->height = info->stored_height = image->height;
    info->white_level = eg_decodes_colours(d->options) ? 1 : image->samples.white_level;
    info->channels = image->samples_per_pixel;
    info->depth = image->bits_per_sample;
    info->has_alpha = image->samples.pixels.alpha_at >= 0;
    info->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
}

eg_status eg_tiff_image_read(eg_tiff_image *image, eg_info *info, const eg_tiff_directory *tags,
                             const eg_read_options *options, eg_error *error)
{
    directory d = {image, info, tags, options, error, .photometric = 0};
    const eg_input *input = tags->input;
    image->samples.ctx = input->ctx;
    image->samples.options = options;
    image->width = number(&d, TIFFTAG_IMAGEWIDTH, 0);
    image->height = number(&d, TIFFTAG_IMAGELENGTH, 0);
    d.photometric = short_number(&d, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    eg_status status = eg_check_size(input->ctx, input->name, image->width, image->height, error);
    if (status == EG_OK)
        status = read_sample_type(&d);
    if (status == EG_OK)
        status = read_compression(&d);
    if (status == EG_OK)
        status = read_colours(&d);
    if (status == EG_OK)
        status = check_encoding(&d);
    if (status == EG_OK)
        status = check_conversion(&d);
    if (status == EG_OK)
        status = read_block_size(&d);
    if (status == EG_OK)
        status = measure_blocks(&d);
    if (status == EG_OK)
        status = choose_decoder(&d);
    if (status != EG_OK)
        return status;
    fill_info(&d);
    choose_channels(&d);
    return EG_OK;
}
