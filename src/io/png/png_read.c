/* SPDX-License-Identifier: MIT */
/*
 * The PNG reader. Rows are decoded by png_decoder.c, or by libpng if they are of a rare kind, and
 * converted to grey, or to planes of colours, while they are in the cache.
 * An interlaced image is decoded completely at the first read, because the last pass of Adam7
 * contains pixels of every second row.
 */
#include "io/png/png_read.h"

#include <string.h>

#include "io/foreign.h"
#include "io/png/png_handover.h"

enum {
    INFLATE_BYTES = 32 * 1024, /* compressed bytes passed to zlib at a time */
    SMALL_BYTES = 4 * 1024, /* the same of a small image, which may expand to more than its rows */
    SMALL_IMAGE = 1 << 20,  /* largest size in bytes of a small image */
    TOLERANT_BYTES = 64     /* the same with --tolerate: at most so many are lost at a truncation */
};

/* Compares only the first half of the signature, so that libpng reports a file whose line ends, in
 * the second half, were changed by a copy in text mode. */
bool eg_png_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    static const uint8_t signature[4] = {0x89, 'P', 'N', 'G'};
    return size >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

/* ---- the header ------------------------------------------------------------------------------ */

static void on_read(png_structp png, png_bytep bytes, size_t size)
{
    eg_png_source *s = png_get_io_ptr(png);
    size_t got;
    if (eg_png_read_replaced(s, bytes, size))
        return;
    eg_status status = eg_input_read(s->input, bytes, size, &got, &s->guard.failure);
    if (status == EG_OK && s->scan_exif)
        status = eg_png_exif_scan(&s->exif, bytes, got, &s->guard.failure);
    if (status == EG_OK && got == size)
        eg_png_hand_over(s, bytes, size);
    if (status == EG_OK && got < size)
        eg_png_damaged(&s->guard, "is truncated");
    else if (status == EG_OK && !eg_png_rest_follow(&s->rest, bytes, size))
        eg_png_damaged(&s->guard, "has more image data than its rows need");
    else if (status == EG_OK)
        return;
    eg_png_leave(png);
}

/* Configures libpng to skip all chunks but the image and transparency, checking only their
 * checksums, and to leave checks of the size to eg_check_size(), which has better messages. */
static void configure_libpng(eg_png_source *s)
{
    png_structp png = s->guard.png;
    int crc_action = s->options.tolerate ? PNG_CRC_WARN_USE : PNG_CRC_ERROR_QUIT;

    png_set_read_fn(png, s, on_read);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png, s->base.ctx->config.max_chunk);
    png_set_chunk_cache_max(png, 1); /* keeps no ancillary chunk; 0 would mean no limit */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_crc_action(png, crc_action, crc_action);
    png_set_compression_buffer_size(png, s->options.tolerate ? TOLERANT_BYTES : INFLATE_BYTES);
    /* because some old writers declare a smaller window than they use */
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

/* Fills in the source's info from the header. */
static void fill_info(eg_png_source *s)
{
    png_structp png = s->guard.png;
    png_infop header = s->guard.info;
    eg_info *info = &s->base.info;
    int type = png_get_color_type(png, header);

    s->pixels = colours[type].pixels;
    info->planes = s->options.colour_planes && type & PNG_COLOR_MASK_COLOR ? 3 : 1;
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
    s->values = s->options.as_values && s->pixels.colour == 1 && type != PNG_COLOR_TYPE_PALETTE;
    if (s->values && s->options.alpha == EG_ALPHA_OVER)
        s->options.alpha = EG_ALPHA_IGNORE;
    if (s->options.alpha == EG_ALPHA_MASK && info->has_alpha) {
        info->sample = EG_F32;
        s->base.has_mask = true;
    }
    if (eg_decodes_colours(&s->options)) {
        bool wide = s->options.as_values && s->options.encoding == EG_ENCODING_MAPBOX;
        info->sample = wide ? EG_F64 : EG_F32;
        info->white_level = 1;
    }
}

static void read_header(void *opaque)
{
    eg_png_source *s = opaque;
    configure_libpng(s);
    s->guard.largest = s->base.ctx->config.max_chunk;
    png_read_info(s->guard.png, s->guard.info);
    s->guard.largest = 0;
    fill_info(s);
    s->base.info.orientation = s->exif.orientation ? s->exif.orientation : 1;
    if (s->exif.frames > 1)
        eg_source_warn(&s->base, "is an animation of %u frames; only its still image is read",
                       (unsigned)s->exif.frames);
}

/* Reads the orientation from the whole file if that is possible; else libpng's reads are scanned,
 * and an orientation after the image data comes too late. Encoded elevations are no photographs. */
static eg_status look_for_exif(eg_png_source *s, eg_error *error)
{
    bool done;
    s->exif.ctx = s->base.ctx;
    if (eg_decodes_colours(&s->options))
        return EG_OK;
    eg_status status = eg_png_exif_look(&s->exif, s->input, &done, error);
    s->scan_exif = !done;
    if (!done)
        eg_png_exif_free(&s->exif);
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static char *next_output_row(const eg_png_source *s)
{
    return s->rows + s->done * s->stride;
}

static void decode_rows(void *opaque)
{
    eg_png_source *s = opaque;
    if (s->handed_over) {
        eg_png_decode_handed_over(s);
        return;
    }
    for (; s->done < s->count; s->done++) {
        char *out = next_output_row(s);
        uint8_t *row = s->row ? s->row : (uint8_t *)out;
        if (s->base.next_row + s->done + 1 == s->base.info.stored_height)
            s->rest.last_row = s->row_bytes;
        png_read_row(s->guard.png, row, NULL);
        s->convert(s, out, row);
        if (s->guard.failure.status != EG_OK)
            return;
    }
}

/* Decodes all passes of an interlaced image; each pass changes only its own pixels of a row. */
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
            if (pass + 1 == s->passes && y + 1 == height)
                s->rest.last_row = s->row_bytes;
            png_read_row(s->guard.png, s->image + y * s->row_bytes, NULL);
        }
    }
}

/* Runs `work`; with options.tolerate, damage sets s->broken instead of failing. */
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

/* Decodes the requested rows; rows that cannot be decoded are black, or nodata. */
static eg_status read_rows(eg_png_source *s, eg_error *error)
{
    eg_status status = run_tolerant(s, decode_rows, error);
    if (status != EG_OK)
        return status;
    const eg_info *info = &s->base.info;
    bool values = (s->options.as_values || eg_decodes_colours(&s->options) || s->base.has_mask) &&
                  info->sample != EG_U8;
    int fill = values ? 0xFF : 0; /* 0xFF in all bytes of a float is NaN */
    for (; s->done < s->count; s->done++)
        for (size_t k = 0; k < eg_source_planes(&s->base); k++)
            memset(next_output_row(s) + k * (s->stride / 3), fill,
                   eg_row_bytes(info->sample, info->width));
    return EG_OK;
}

/* Decodes an interlaced image. The memory is zeroed only with options.tolerate, when it may stay
 * incomplete: zeroing the pages of a huge image costs time even if the file turns out to be empty.
 */
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
        s->convert(s, next_output_row(s), s->image + (s->base.next_row + s->done) * s->row_bytes);
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
    eg_png_source *s = (eg_png_source *)source;
    eg_status status = run_tolerant(s, read_end, error);
    const int orientation = s->exif.orientation;
    if (orientation > 0 && orientation != source->info.orientation &&
        !s->options.ignore_orientation)
        eg_source_warn(source,
                       "EXIF orientation %d comes after the image data and is ignored; read the "
                       "image from a file, not from a pipe",
                       orientation);
    return status;
}

static void png_close(eg_source *source)
{
    eg_png_source *s = (eg_png_source *)source;
    eg_png_guard_free(&s->guard);
    eg_png_decoder_free(&s->decoded);
    eg_png_exif_free(&s->exif);
    eg_free(s->image);
    eg_free(s->row);
    eg_input_close(s->input);
    eg_free(s);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Checks that elevations can be decoded: from 8-bit RGB, or a palette of such colours. */
static eg_status check_encoding(const eg_png_source *s, eg_error *error)
{
    int type = png_get_color_type(s->guard.png, s->guard.info);
    bool colour = type & PNG_COLOR_MASK_COLOR;
    if (!eg_decodes_colours(&s->options) || (colour && s->base.info.depth <= 8))
        return EG_OK;
    return eg_input_fail(
        s->input, error, EG_USAGE,
        "is a PNG of %s with %d bits a channel; encoded elevations are RGB with 8 bits "
        "(leave out --encoding)",
        s->base.info.colour, s->base.info.depth);
}

/* Reads the header and prepares decoding. */
static eg_status start_reading(eg_png_source *s, eg_error *error)
{
    const eg_info *info = &s->base.info;
    eg_status status = eg_png_guard_init(&s->guard, s->base.ctx, s->input->name, false, error);
    if (status == EG_OK)
        status = look_for_exif(s, error);
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
    status = eg_png_begin_handed_over(s, error);
    if (status != EG_OK)
        return status;
    if (!s->options.tolerate && s->row_bytes <= SMALL_IMAGE / info->height)
        png_set_compression_buffer_size(s->guard.png, SMALL_BYTES);
    bool in_place = info->sample == EG_U8 && s->pixels.channels == 1;
    bool elsewhere = s->handed_over && info->depth == 8; /* in a buffer of png_decoder.c */
    if (info->interlaced || in_place || elsewhere)
        return EG_OK;
    s->row = eg_alloc(s->base.ctx, 1, s->row_bytes, error);
    return s->row ? EG_OK : eg_failed(error);
}

/* Returns true if the first chunk is that of Xcode's PNGs, whose pixels other readers cannot
 * decode: blue first, premultiplied by alpha, deflated without zlib's header. */
static bool has_apple_chunk(eg_input *input)
{
    uint8_t type[4];
    return eg_input_look(input, 12, type, sizeof type) == sizeof type &&
           memcmp(type, "CgBI", sizeof type) == 0;
}

static eg_status open_by(eg_source **source, eg_input *input, const eg_read_options *options,
                         bool by_libpng, eg_error *error)
{
    static const eg_source_ops ops = {.read = png_read, .finish = png_finish, .close = png_close};
    static const eg_foreign apple = {"a PNG in Apple's variant (CgBI)", "png",
                                     "pngcrush -revert-iphone-optimizations IN OUT.png", false,
                                     false};

    if (has_apple_chunk(input)) {
        eg_status status = eg_fail_foreign(input, &apple, error);
        eg_input_close(input);
        return status;
    }
    eg_png_source *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made) {
        eg_input_close(input);
        return eg_failed(error);
    }
    made->base.ops = &ops;
    made->base.ctx = input->ctx;
    made->input = input;
    made->options = *options;
    made->by_libpng = by_libpng;
    made->guard.tolerate = options->tolerate;
    made->guard.composite = options->alpha != EG_ALPHA_IGNORE;
    eg_status status = start_reading(made, error);
    if (status == EG_OK)
        *source = &made->base;
    else
        eg_source_close(&made->base);
    return status;
}

eg_status eg_png_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error)
{
    return open_by(source, input, options, false, error);
}

eg_status eg_png_open_by_libpng(eg_source **source, eg_input *input, const eg_read_options *options,
                                eg_error *error)
{
    return open_by(source, input, options, true, error);
}
