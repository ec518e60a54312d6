/* SPDX-License-Identifier: MIT */
/*
 * PNG in. Rows are decoded one at a time and turned into grey while they are still in the cache; an
 * interlaced image is decoded whole at the first read, as its last pass touches every second row.
 */
#include "io/png/png_read.h"

#include <string.h>

enum {
    INFLATE_BYTES = 32 * 1024, /* compressed bytes handed to zlib at a time */
    TOLERANT_BYTES = 64 /* the same where a file may be cut off: what is lost of it with its end */
};

/* Half of the signature: a file whose other half, made of line ends, was changed by a copy as text
 * is still told to be a PNG, and then what has happened to it. */
bool eg_png_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    static const uint8_t start[4] = {0x89, 'P', 'N', 'G'};
    return size >= sizeof start && memcmp(bytes, start, sizeof start) == 0;
}

/* ---- the header ------------------------------------------------------------------------------ */

static void on_read(png_structp png, png_bytep bytes, size_t size)
{
    eg_png_source *s = png_get_io_ptr(png);
    size_t got;
    eg_status status = eg_input_read(s->input, bytes, size, &got, &s->guard.failure);
    if (status == EG_OK && got == size)
        return;
    if (status == EG_OK)
        eg_png_damaged(&s->guard, "is truncated");
    eg_png_leave(png);
}

/* Everything but the image itself, transparency and EXIF is passed over: only check sums are looked
 * at. The size is left to eg_check_size(), which words its refusals better than libpng. */
static void set_up(eg_png_source *s)
{
    static const png_byte exif[5] = "eXIf";
    png_structp png = s->guard.png;
    int damage = s->options.tolerate ? PNG_CRC_WARN_USE : PNG_CRC_ERROR_QUIT;

    png_set_read_fn(png, s, on_read);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png, s->base.ctx->config.max_chunk);
    png_set_chunk_cache_max(png, 1); /* none */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, exif, 1);
    png_set_crc_action(png, damage, damage);
    png_set_compression_buffer_size(png, s->options.tolerate ? TOLERANT_BYTES : INFLATE_BYTES);
    /* Some old writers state a smaller window than they used */
    png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
}

static const struct {
    const char *name;
    eg_pixels pixels;
} colours[] = {
    [PNG_COLOR_TYPE_GRAY] = {"grey", {1, 1, -1}},
    [PNG_COLOR_TYPE_RGB] = {"RGB", {3, 3, -1}},
    [PNG_COLOR_TYPE_PALETTE] = {"palette", {1, 1, -1}},
    [PNG_COLOR_TYPE_GRAY_ALPHA] = {"grey+alpha", {1, 2, 1}},
    [PNG_COLOR_TYPE_RGB_ALPHA] = {"RGBA", {3, 4, 3}},
};

static void describe(eg_png_source *s)
{
    png_structp png = s->guard.png;
    png_infop header = s->guard.info;
    eg_info *info = &s->base.info;
    int type = png_get_color_type(png, header);

    s->pixels = colours[type].pixels;
    info->format = "PNG";
    info->colour = colours[type].name;
    info->width = info->stored_width = png_get_image_width(png, header);
    info->height = info->stored_height = png_get_image_height(png, header);
    info->channels = png_get_channels(png, header);
    info->depth = png_get_bit_depth(png, header);
    info->sample = info->depth == 16 ? EG_F32 : EG_U8;
    info->white_level = info->depth == 16 ? 65535.0F : 255.0F;
    info->interlaced = png_get_interlace_type(png, header) != PNG_INTERLACE_NONE;
    info->has_alpha = s->pixels.alpha_at >= 0 || png_get_valid(png, header, PNG_INFO_tRNS);
    if (s->options.encoding) {
        bool wide = s->options.as_values && s->options.encoding == EG_ENCODING_MAPBOX;
        info->sample = wide ? EG_F64 : EG_F32;
        info->white_level = 1;
    }
}

static int orientation(eg_png_source *s)
{
    png_uint_32 size = 0;
    png_bytep exif = NULL;
    if (!png_get_eXIf_1(s->guard.png, s->guard.info, &size, &exif) || !exif)
        return 1;
    return eg_exif_orientation(exif, size);
}

static void read_header(void *opaque)
{
    eg_png_source *s = opaque;
    set_up(s);
    s->guard.largest = s->base.ctx->config.max_chunk;
    png_read_info(s->guard.png, s->guard.info);
    s->guard.largest = 0;
    describe(s);
    s->base.info.orientation =
        s->options.encoding ? 1 : orientation(s); /* tiles are no photographs */
}

/* ---- rows ------------------------------------------------------------------------------------ */

static char *row_wanted(const eg_png_source *s)
{
    return s->rows + s->done * s->stride;
}

static void decode_rows(void *opaque)
{
    eg_png_source *s = opaque;
    for (; s->done < s->count; s->done++) {
        char *out = row_wanted(s);
        uint8_t *row = s->row ? s->row : (uint8_t *)out;
        png_read_row(s->guard.png, row, NULL);
        s->convert(s, out, row);
        if (s->guard.failure.status != EG_OK)
            return;
    }
}

/* Every pass puts its own pixels into the rows and leaves the others as they are. */
static void decode_image(void *opaque)
{
    eg_png_source *s = opaque;
    size_t height = s->base.info.stored_height;
    for (int pass = 0; pass < s->passes; pass++) {
        for (size_t y = 0; y < height; y++) {
            if (eg_cancelled(s->base.ctx)) {
                eg_fail_file(&s->guard.failure, EG_CANCELLED, s->guard.name, "cancelled");
                return;
            }
            png_read_row(s->guard.png, s->image + y * s->row_bytes, NULL);
        }
    }
}

/* Runs `work`, whose damage is no failure where it is to be tolerated. */
static eg_status run_tolerant(eg_png_source *s, void (*work)(void *opaque), eg_error *error)
{
    if (!s->options.tolerate)
        return eg_png_run(&s->guard, work, s, error);
    if (s->broken)
        return EG_OK;
    eg_error local = {0};
    eg_status status = eg_png_run(&s->guard, work, s, &local);
    if (status == EG_OK)
        return EG_OK;
    if (status != EG_BAD_INPUT)
        return eg_fail(error, status, "%s", local.message);
    s->broken = true;
    return EG_OK;
}

static eg_status read_rows(eg_png_source *s, eg_error *error)
{
    eg_status status = run_tolerant(s, decode_rows, error);
    if (status != EG_OK)
        return status;
    const eg_info *info = &s->base.info;
    bool heights = (s->options.as_values || s->options.encoding) && info->sample != EG_U8;
    int nothing = heights ? 0xFF : 0; /* in every byte of a float: NaN */
    for (; s->done < s->count; s->done++)
        memset(row_wanted(s), nothing, eg_row_bytes(info->sample, info->width));
    return EG_OK;
}

/* Memory for the image is cleared only where it may stay incomplete: otherwise a file that claims a
 * huge image and holds none of it would cost the time to touch every page. */
static eg_status load_image(eg_png_source *s, eg_error *error)
{
    eg_context *ctx = s->base.ctx;
    size_t height = s->base.info.height;
    s->image = s->options.tolerate ? eg_calloc(ctx, height, s->row_bytes, error)
                                   : eg_alloc(ctx, height, s->row_bytes, error);
    return s->image ? run_tolerant(s, decode_image, error) : eg_failed(error);
}

static eg_status read_interlaced(eg_png_source *s, eg_error *error)
{
    eg_status status = s->image ? EG_OK : load_image(s, error);
    if (status != EG_OK)
        return status;
    for (; s->done < s->count; s->done++)
        s->convert(s, row_wanted(s), s->image + (s->base.next_row + s->done) * s->row_bytes);
    if (s->guard.failure.status != EG_OK && !s->broken)
        return eg_fail(error, s->guard.failure.status, "%s", s->guard.failure.message);
    return EG_OK;
}

static eg_status png_read(eg_source *source, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    eg_png_source *s = (eg_png_source *)source;
    s->rows = rows;
    s->stride = stride;
    s->count = count;
    s->done = 0;
    return s->base.info.interlaced ? read_interlaced(s, error) : read_rows(s, error);
}

static void read_end(void *opaque)
{
    eg_png_source *s = opaque;
    png_read_end(s->guard.png, NULL);
}

static eg_status png_finish(eg_source *source, eg_error *error)
{
    return run_tolerant((eg_png_source *)source, read_end, error);
}

static void png_close(eg_source *source)
{
    eg_png_source *s = (eg_png_source *)source;
    eg_png_guard_free(&s->guard);
    eg_free(s->image);
    eg_free(s->row);
    eg_input_close(s->input);
    eg_free(s);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Colours hold heights in three bytes; a palette holds such colours. */
static eg_status check_encoding(const eg_png_source *s, eg_error *error)
{
    int type = png_get_color_type(s->guard.png, s->guard.info);
    bool colour = type & PNG_COLOR_MASK_COLOR;
    if (!s->options.encoding || (colour && s->base.info.depth <= 8))
        return EG_OK;
    return eg_input_fail(
        s->input, error, EG_USAGE,
        "is a PNG of %s with %d bits a channel, but heights are encoded in RGB with "
        "8 bits: leave --encoding out",
        s->base.info.colour, s->base.info.depth);
}

static eg_status start(eg_png_source *s, eg_error *error)
{
    const eg_info *info = &s->base.info;
    eg_status status = eg_png_guard_init(&s->guard, s->base.ctx, s->input->name, false, error);
    if (status == EG_OK)
        status = eg_png_run(&s->guard, read_header, s, error);
    if (status == EG_OK)
        status = eg_check_size(s->base.ctx, s->guard.name, info->width, info->height, error);
    if (status == EG_OK)
        status = check_encoding(s, error);
    if (status == EG_OK)
        status = eg_png_run(&s->guard, eg_png_start_rows, s, error);
    if (status != EG_OK)
        return status;
    s->guard.rows_begun = true;
    bool in_place = info->sample == EG_U8 && s->pixels.channels == 1;
    if (info->interlaced || in_place)
        return EG_OK;
    s->row = eg_alloc(s->base.ctx, 1, s->row_bytes, error);
    return s->row ? EG_OK : eg_failed(error);
}

eg_status eg_png_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error)
{
    static const eg_source_ops ops = {.read = png_read, .finish = png_finish, .close = png_close};

    eg_png_source *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made) {
        eg_input_close(input);
        return eg_failed(error);
    }
    made->base.ops = &ops;
    made->base.ctx = input->ctx;
    made->input = input;
    made->options = *options;
    made->guard.tolerate = options->tolerate;
    made->guard.composite = options->alpha == EG_ALPHA_OVER;
    eg_status status = start(made, error);
    if (status == EG_OK)
        *source = &made->base;
    else
        png_close(&made->base);
    return status;
}
