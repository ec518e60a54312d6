/* SPDX-License-Identifier: MIT */
/* What a TIFF's tags say of its picture, checked against what can be read here. */
#include <string.h>

#include "io/tiff/tiff_read.h"

typedef struct reader {
    eg_tiff_image *picture;
    eg_info *info;
    const eg_tiff_client *client;
    const eg_read_options *options;
    eg_error *error;
    uint16_t photometric, format; /* SampleFormat */
} reader;

static eg_status refuse(const reader *r, const char *what)
{
    return eg_input_fail(r->client->input, r->error, EG_UNSUPPORTED, "%s is not read here", what);
}

static eg_status damaged(const reader *r, const char *what)
{
    return eg_input_fail(r->client->input, r->error, EG_BAD_INPUT, "is damaged: %s", what);
}

static uint16_t small_tag(const reader *r, uint32_t tag)
{
    uint16_t value = 0;
    TIFFGetFieldDefaulted(r->client->tiff, tag, &value);
    return value;
}

static uint32_t large_tag(const reader *r, uint32_t tag)
{
    uint32_t value = 0;
    TIFFGetFieldDefaulted(r->client->tiff, tag, &value);
    return value;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* A strip may say that it has more rows than the picture. */
static eg_status read_blocks(const reader *r)
{
    eg_tiff_image *p = r->picture;
    p->tiled = TIFFIsTiled(r->client->tiff);
    p->block_width = p->tiled ? large_tag(r, TIFFTAG_TILEWIDTH) : p->width;
    p->block_height = large_tag(r, p->tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
    if (p->block_width == 0 || p->block_height == 0)
        return damaged(r, p->tiled ? "its tiles are of no size" : "its strips have no rows");
    if (!p->tiled && p->block_height > p->height)
        p->block_height = p->height;
    p->across = (p->width + p->block_width - 1) / p->block_width;
    p->down = (p->height + p->block_height - 1) / p->block_height;
    return EG_OK;
}

/* The bytes of a decoded block; a tile may be far larger than the picture. */
static eg_status measure_blocks(const reader *r)
{
    eg_tiff_image *p = r->picture;
    uint64_t samples = (uint64_t)p->block_width * (p->separate ? 1 : p->samples);
    uint64_t row_bytes = (samples * p->bits + 7) / 8;
    uint64_t bytes, most = r->client->input->ctx->config.max_memory;
    if (__builtin_mul_overflow(row_bytes, p->block_height, &bytes) || bytes > most)
        return eg_input_fail(r->client->input, r->error, EG_LIMIT_EXCEEDED,
                             "a %s of it, %zu x %zu pixels of %u samples, needs more memory than "
                             "--max-memory allows",
                             p->tiled ? "tile" : "strip", p->block_width, p->block_height,
                             p->separate ? 1u : p->samples);
    if (p->across > UINT32_MAX / p->down / p->samples)
        return damaged(r, "it has more blocks than can be counted");
    p->row_bytes = (size_t)row_bytes;
    p->plane_bytes = (size_t)bytes;
    return EG_OK;
}

/* ---- compression ----------------------------------------------------------------------------- */

static eg_status read_compression(const reader *r)
{
    eg_tiff_image *p = r->picture;
    p->compression = small_tag(r, TIFFTAG_COMPRESSION);
    p->plain_bytes =
        p->compression == COMPRESSION_NONE && small_tag(r, TIFFTAG_FILLORDER) == FILLORDER_MSB2LSB;
    p->subsampled =
        p->compression == COMPRESSION_JPEG && r->photometric == PHOTOMETRIC_YCBCR && !p->separate;
    if (p->compression == COMPRESSION_OJPEG)
        return refuse(r, "old-style JPEG compression (TIFF 6.0's)");
    if (TIFFIsCODECConfigured(p->compression))
        return EG_OK;
    const TIFFCodec *codec = TIFFFindCODEC(p->compression);
    return eg_input_fail(r->client->input, r->error, EG_UNSUPPORTED,
                         "is compressed in a way (%u%s%s) that the libtiff here was not built with",
                         p->compression, codec ? ", " : "", codec ? codec->name : "");
}

/* ---- samples --------------------------------------------------------------------------------- */

static const struct kind_row {
    uint16_t format, bits;
    eg_sample_kind kind;
    float white_level; /* the largest value; of floats 1 */
} kinds[] = {
    {SAMPLEFORMAT_UINT, 1, EG_KIND_BITS, 255},     {SAMPLEFORMAT_UINT, 2, EG_KIND_BITS, 255},
    {SAMPLEFORMAT_UINT, 4, EG_KIND_BITS, 255},     {SAMPLEFORMAT_UINT, 8, EG_KIND_U8, 255},
    {SAMPLEFORMAT_UINT, 16, EG_KIND_U16, 65535},   {SAMPLEFORMAT_UINT, 32, EG_KIND_U32, 0x1p32F},
    {SAMPLEFORMAT_UINT, 64, EG_KIND_U64, 0x1p64F}, {SAMPLEFORMAT_INT, 8, EG_KIND_S8, 127},
    {SAMPLEFORMAT_INT, 16, EG_KIND_S16, 32767},    {SAMPLEFORMAT_INT, 32, EG_KIND_S32, 0x1p31F},
    {SAMPLEFORMAT_INT, 64, EG_KIND_S64, 0x1p63F},  {SAMPLEFORMAT_IEEEFP, 16, EG_KIND_F16, 1},
    {SAMPLEFORMAT_IEEEFP, 32, EG_KIND_F32, 1},     {SAMPLEFORMAT_IEEEFP, 64, EG_KIND_F64, 1},
};

static eg_status read_kind(reader *r)
{
    eg_tiff_image *p = r->picture;
    p->bits = small_tag(r, TIFFTAG_BITSPERSAMPLE);
    p->samples = small_tag(r, TIFFTAG_SAMPLESPERPIXEL);
    p->separate = p->samples > 1 && small_tag(r, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
    r->format = small_tag(r, TIFFTAG_SAMPLEFORMAT);
    if (r->format == SAMPLEFORMAT_VOID)
        r->format = SAMPLEFORMAT_UINT;
    if (p->samples == 0)
        return damaged(r, "its pixels have no samples");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].format != r->format || kinds[i].bits != p->bits)
            continue;
        p->how.kind = kinds[i].kind;
        p->how.white_level = kinds[i].white_level;
        p->how.bits = p->bits;
        p->how.bytes = (p->bits + 7u) / 8;
        return EG_OK;
    }
    bool complex = r->format == SAMPLEFORMAT_COMPLEXINT || r->format == SAMPLEFORMAT_COMPLEXIEEEFP;
    return eg_input_fail(r->client->input, r->error, EG_UNSUPPORTED,
                         "has %s samples of %u bits, which are not read here",
                         complex                            ? "complex"
                         : r->format == SAMPLEFORMAT_IEEEFP ? "floating-point"
                                                            : "integer",
                         p->bits);
}

/* Where the alpha is, and whether the colours are multiplied by it. */
static void read_alpha(const reader *r)
{
    eg_samples *how = &r->picture->how;
    uint16_t count = 0;
    const uint16_t *types = NULL;
    how->pixels.alpha_at = -1;
    if (!TIFFGetField(r->client->tiff, TIFFTAG_EXTRASAMPLES, &count, &types))
        return;
    for (int i = 0; i < count && how->pixels.colour + i < r->picture->samples; i++) {
        if (types[i] == EXTRASAMPLE_UNSPECIFIED)
            continue;
        how->pixels.alpha_at = how->pixels.colour + i;
        how->associated = types[i] == EXTRASAMPLE_ASSOCALPHA;
        return;
    }
}

/* ---- colours --------------------------------------------------------------------------------- */

/* Some writers fill only the lower half of the palette's 16 bits. */
static eg_status read_palette(const reader *r)
{
    static const eg_pixels rgb = {3, 3, -1};
    eg_tiff_image *p = r->picture;
    uint16_t *red, *green, *blue, all = 0;
    uint8_t colours[256][3] = {{0}};
    if (p->how.kind != EG_KIND_BITS && p->how.kind != EG_KIND_U8)
        return refuse(r, "a palette of more than 256 colours");
    if (!TIFFGetField(r->client->tiff, TIFFTAG_COLORMAP, &red, &green, &blue))
        return damaged(r, "its palette is missing");
    for (int i = 0; i < 1 << p->bits; i++)
        all |= red[i] | green[i] | blue[i];
    for (int i = 0; i < 1 << p->bits; i++) {
        colours[i][0] = (uint8_t)(all < 256 ? red[i] : red[i] >> 8);
        colours[i][1] = (uint8_t)(all < 256 ? green[i] : green[i] >> 8);
        colours[i][2] = (uint8_t)(all < 256 ? blue[i] : blue[i] >> 8);
    }
    eg_grey_row8(r->client->input->ctx, p->table, colours[0], 256, &rgb, r->options);
    p->how.table = p->table;
    return EG_OK;
}

/* Integers of up to 8 bits, stretched to the range of bytes. */
static void stretch(const reader *r)
{
    eg_tiff_image *p = r->picture;
    bool inverted = r->photometric == PHOTOMETRIC_MINISWHITE;
    if (p->how.kind != EG_KIND_BITS && !(p->how.kind == EG_KIND_U8 && inverted))
        return;
    const int most = (1 << p->bits) - 1;
    for (int i = 0; i <= most; i++)
        p->table[i] = (uint8_t)(255 * (inverted ? most - i : i) / most);
    p->how.table = p->table;
}

static eg_status refuse_photometric(const reader *r)
{
    static const struct {
        uint16_t photometric;
        const char *name;
    } names[] = {
        {PHOTOMETRIC_SEPARATED, "CMYK"},          {PHOTOMETRIC_YCBCR, "YCbCr without JPEG"},
        {PHOTOMETRIC_CIELAB, "CIE L*a*b*"},       {PHOTOMETRIC_ICCLAB, "ICC L*a*b*"},
        {PHOTOMETRIC_ITULAB, "ITU L*a*b*"},       {PHOTOMETRIC_LOGL, "LogL"},
        {PHOTOMETRIC_LOGLUV, "LogLuv"},           {PHOTOMETRIC_MASK, "a transparency mask"},
        {PHOTOMETRIC_CFA, "a camera's raw data"}, {34892, "linear raw data"}, /* DNG's */
    };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].photometric == r->photometric)
            name = names[i].name;
    if (name)
        return eg_input_fail(r->client->input, r->error, EG_UNSUPPORTED,
                             "is %s, which is not read here; convert it to RGB or grey first",
                             name);
    return eg_input_fail(
        r->client->input, r->error, EG_UNSUPPORTED,
        "has colours of kind %u (PhotometricInterpretation), which are not read here",
        r->photometric);
}

static eg_status read_grey(const reader *r)
{
    eg_tiff_image *p = r->picture;
    eg_info *info = r->info;
    p->how.pixels.colour = 1;
    read_alpha(r);
    info->colour = p->samples == 1                                 ? "grey"
                   : p->samples == 2 && p->how.pixels.alpha_at > 0 ? "grey+alpha"
                                                                   : "first band";
    p->how.inverted = r->photometric == PHOTOMETRIC_MINISWHITE && !r->options->as_values;
    if (p->how.inverted)
        p->how.pixels.alpha_at = -1;
    stretch(r);
    return EG_OK;
}

static eg_status read_rgb(const reader *r)
{
    eg_tiff_image *p = r->picture;
    if (p->samples < 3)
        return damaged(r, "it says that it is RGB, and has fewer than 3 samples a pixel");
    p->how.pixels.colour = 3;
    read_alpha(r);
    r->info->colour = p->how.pixels.alpha_at >= 0 ? "RGBA" : "RGB";
    return EG_OK;
}

static eg_status read_colours(const reader *r)
{
    eg_tiff_image *p = r->picture;
    p->how.pixels.alpha_at = -1;
    if (r->photometric == PHOTOMETRIC_PALETTE) {
        p->how.pixels.colour = 1;
        r->info->colour = "palette";
        return read_palette(r);
    }
    if (r->photometric == PHOTOMETRIC_MINISBLACK || r->photometric == PHOTOMETRIC_MINISWHITE)
        return read_grey(r);
    if (r->photometric == PHOTOMETRIC_RGB || p->subsampled)
        return read_rgb(r);
    return refuse_photometric(r);
}

/* What the ways of converting cannot do. */
static eg_status check_layout(const reader *r)
{
    const eg_tiff_image *p = r->picture;
    const eg_samples *how = &p->how;
    bool packed = how->kind == EG_KIND_BITS;
    bool over = r->options->alpha == EG_ALPHA_OVER && how->pixels.alpha_at >= 0;
    if (packed && (how->pixels.colour > 1 || (p->samples > 1 && !p->separate)))
        return refuse(r, "a picture of several channels with fewer than 8 bits each");
    if (over && !r->options->as_values && how->kind != EG_KIND_U8 && how->kind != EG_KIND_U16)
        return refuse(r, "alpha of other than 8 or 16 bits");
    return EG_OK;
}

/* Which planes are read, and how their samples then follow each other. */
static void choose_planes(const reader *r)
{
    eg_tiff_image *p = r->picture;
    eg_pixels *pixels = &p->how.pixels;
    bool over = r->options->alpha == EG_ALPHA_OVER && pixels->alpha_at >= 0 &&
                !(r->options->as_values && pixels->colour == 1);
    if (!over)
        pixels->alpha_at = -1;
    p->planes = 1;
    pixels->channels = p->samples;
    if (!p->separate)
        return;
    for (int i = 0; i < pixels->colour; i++)
        p->plane_at[i] = (uint32_t)i;
    p->plane_at[pixels->colour] = (uint32_t)pixels->alpha_at;
    p->planes = (size_t)pixels->colour + over;
    pixels->channels = (int)p->planes;
    pixels->alpha_at = over ? pixels->colour : -1;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void describe(const reader *r)
{
    const eg_tiff_image *p = r->picture;
    eg_info *info = r->info;
    uint16_t orientation = small_tag(r, TIFFTAG_ORIENTATION);
    info->format = TIFFIsBigTIFF(r->client->tiff) ? "BigTIFF" : "TIFF";
    info->width = info->stored_width = p->width;
    info->height = info->stored_height = p->height;
    info->white_level = p->how.white_level;
    info->channels = p->samples;
    info->depth = p->bits;
    info->has_alpha = p->how.pixels.alpha_at >= 0;
    info->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
}

eg_status eg_tiff_image_read(eg_tiff_image *picture, eg_info *info, const eg_tiff_client *client,
                             const eg_read_options *options, eg_error *error)
{
    reader r = {picture, info, client, options, error, .photometric = 0};
    picture->how.ctx = client->input->ctx;
    picture->how.options = options;
    picture->width = large_tag(&r, TIFFTAG_IMAGEWIDTH);
    picture->height = large_tag(&r, TIFFTAG_IMAGELENGTH);
    r.photometric = PHOTOMETRIC_MINISBLACK;
    TIFFGetField(client->tiff, TIFFTAG_PHOTOMETRIC, &r.photometric);
    eg_status status = eg_check_size(client->input->ctx, client->input->name, picture->width,
                                     picture->height, error);
    if (status == EG_OK)
        status = read_kind(&r);
    if (status == EG_OK)
        status = read_compression(&r);
    if (status == EG_OK)
        status = read_colours(&r);
    if (status == EG_OK)
        status = check_layout(&r);
    if (status == EG_OK)
        status = read_blocks(&r);
    if (status == EG_OK)
        status = measure_blocks(&r);
    if (status != EG_OK)
        return status;
    describe(&r);
    choose_planes(&r);
    return EG_OK;
}
