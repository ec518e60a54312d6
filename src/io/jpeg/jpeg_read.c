/* SPDX-License-Identifier: MIT */
/*
 * The JPEG reader, through libjpeg. Grey and YCbCr files deliver their stored Y plane, so that
 * chroma is neither transformed nor upsampled; RGB files are converted by libjpeg's RGB to grey,
 * which is the formula of luma.h. With options.colour_planes both are decoded to RGB.
 */
#include "io/jpeg/jpeg_read.h"

#include <limits.h>
#include <string.h>

#include "io/jpeg/jpeg_error.h"
#include "io/jpeg/jpeg_luma.h"
#include "io/jpeg/jpeg_pages.h"
#include "io/pixels/grey.h"

#include <jerror.h> /* after jpeglib.h */

enum { ROWS_AT_A_TIME = 16 };

typedef struct jpeg_source {
    eg_source base;
    eg_input *input;
    eg_jpeg_guard guard;
    struct jpeg_decompress_struct cinfo;
    struct jpeg_source_mgr bytes;
    struct jpeg_progress_mgr progress;
    bool started;
    size_t reserved; /* memory reserved for libjpeg's coefficients, in bytes */
    uint8_t *row;    /* a row of RGB or CMYK; NULL if libjpeg converts to grey */
    eg_jpeg_luma luma;
    uint8_t *exif;   /* EXIF block, while it is read */
    int orientation; /* EXIF orientation; 0: no EXIF block so far */
    eg_read_options options;

    /* arguments of jpeg_read(), advanced as rows are decoded */
    uint8_t *rows;
    size_t stride, count;
} jpeg_source;

/* ---- bytes ----------------------------------------------------------------------------------- */

static void init_source(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

/* Notes that the input has ended. If that may only be a missing end marker, libjpeg goes on and
 * warns if it lacks data: not in the header, and not with arithmetic coding, whose data may end
 * anywhere (ITU-T T.81, D.1.8). */
static void note_end(jpeg_source *reader)
{
    j_decompress_ptr cinfo = &reader->cinfo;
    reader->guard.ended = true;
    if (!reader->guard.tolerate && (cinfo->input_scan_number == 0 || cinfo->arith_code))
        eg_jpeg_raise_truncated(&reader->guard, (j_common_ptr)cinfo);
}

/* Callback of libjpeg: passes the whole input buffer to it; at the end of the input, an end marker,
 * as libjpeg recommends. */
static boolean fill_input_buffer(j_decompress_ptr cinfo)
{
    static const JOCTET end_marker[] = {0xFF, JPEG_EOI};
    jpeg_source *reader = cinfo->client_data;
    eg_input *input = reader->input;
    size_t have = 0;
    if (eg_cancelled(input->ctx))
        eg_jpeg_raise(&reader->guard,
                      eg_input_fail(input, reader->guard.error, EG_CANCELLED, "cancelled"));
    eg_status status = eg_input_peek(input, 1, &have, reader->guard.error);
    if (status != EG_OK)
        eg_jpeg_raise(&reader->guard, status);
    if (have == 0) {
        note_end(reader);
        reader->bytes.next_input_byte = end_marker;
        reader->bytes.bytes_in_buffer = sizeof end_marker;
        return TRUE;
    }
    reader->bytes.next_input_byte = input->buffer + input->at;
    reader->bytes.bytes_in_buffer = have;
    input->at += have;
    return TRUE;
}

static void skip_input_data(j_decompress_ptr cinfo, long count)
{
    struct jpeg_source_mgr *bytes = cinfo->src;
    size_t left = count > 0 ? (size_t)count : 0;
    while (left > bytes->bytes_in_buffer) {
        left -= bytes->bytes_in_buffer;
        fill_input_buffer(cinfo);
    }
    bytes->next_input_byte += left;
    bytes->bytes_in_buffer -= left;
}

static unsigned next_byte(j_decompress_ptr cinfo)
{
    if (cinfo->src->bytes_in_buffer == 0)
        fill_input_buffer(cinfo);
    cinfo->src->bytes_in_buffer--;
    return *cinfo->src->next_input_byte++;
}

/* ---- markers and limits ---------------------------------------------------------------------- */

/* Reads the orientation from an EXIF block of `size` bytes, of which at most max_chunk are read.
 * Returns the number of bytes read. */
static size_t read_exif(jpeg_source *reader, size_t size)
{
    size_t limit = reader->base.ctx->config.max_chunk;
    size_t count = size < limit ? size : limit;
    reader->exif = eg_alloc(reader->base.ctx, count, 1, reader->guard.error);
    if (!reader->exif)
        eg_jpeg_raise(&reader->guard, eg_failed(reader->guard.error));
    for (size_t i = 0; i < count; i++)
        reader->exif[i] = (uint8_t)next_byte(&reader->cinfo);
    reader->orientation = eg_exif_orientation(reader->exif, count);
    eg_free(reader->exif);
    reader->exif = NULL;
    return count;
}

/* Callback of libjpeg for APP1 markers, which contain EXIF or XMP. libjpeg's own function would
 * keep all of them in memory; this one keeps one EXIF block while it is read. */
static boolean read_app1(j_decompress_ptr cinfo)
{
    static const uint8_t exif_name[6] = "Exif\0";
    jpeg_source *reader = cinfo->client_data;
    uint8_t name[sizeof exif_name];
    unsigned high = next_byte(cinfo);
    size_t left = high << 8 | next_byte(cinfo);
    if (left < 2)
        ERREXIT(cinfo, JERR_BAD_LENGTH);
    left -= 2;
    if (left > sizeof name && !reader->orientation) {
        for (size_t i = 0; i < sizeof name; i++)
            name[i] = (uint8_t)next_byte(cinfo);
        left -= sizeof name;
        if (memcmp(name, exif_name, sizeof name) == 0)
            left -= read_exif(reader, left);
    }
    skip_input_data(cinfo, (long)left);
    return TRUE;
}

/* Callback of libjpeg between rows of blocks: checks for cancellation and limits the number of
 * scans, because a few bytes can define a scan, each of which takes time for the whole image. */
static void on_progress(j_common_ptr common)
{
    jpeg_source *reader = common->client_data;
    const eg_config *config = &reader->base.ctx->config;
    if (eg_cancelled(reader->base.ctx))
        eg_jpeg_raise(&reader->guard,
                      eg_input_fail(reader->input, reader->guard.error, EG_CANCELLED, "cancelled"));
    if (reader->cinfo.input_scan_number > config->max_scans)
        eg_jpeg_raise(
            &reader->guard,
            eg_input_fail(reader->input, reader->guard.error, EG_LIMIT_EXCEEDED,
                          "has more scans than the %d allowed; --max-scans raises the limit",
                          config->max_scans));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void read_grey(jpeg_source *reader)
{
    JSAMPROW lines[ROWS_AT_A_TIME];
    JDIMENSION wanted = 0;
    while (wanted < ROWS_AT_A_TIME && wanted < reader->count) {
        lines[wanted] = reader->rows + wanted * reader->stride;
        wanted++;
    }
    size_t got = jpeg_read_scanlines(&reader->cinfo, lines, wanted);
    reader->rows += got * reader->stride;
    reader->count -= got;
}

/* Converts a row of CMYK to grey or to planes. Values are inverted, 255 for no ink, as Adobe stores
 * them; other readers take files without Adobe's marker in the same way. */
static void convert_cmyk(const jpeg_source *reader)
{
    const uint8_t *in = reader->row;
    const size_t plane_bytes = reader->stride / 3;
    uint8_t *out = reader->rows;
    for (size_t x = 0; x < reader->base.info.width; x++, in += 4) {
        const uint8_t inks[4] = {in[0] ^ 255, in[1] ^ 255, in[2] ^ 255, in[3] ^ 255};
        if (reader->base.info.planes == 1)
            out[x] = eg_grey_cmyk8(inks);
        else
            for (int k = 0; k < 3; k++)
                out[(size_t)k * plane_bytes + x] = eg_colour_of_cmyk8(inks, k);
    }
}

/* Decodes a row of RGB or CMYK and converts it. */
static void read_row(jpeg_source *reader)
{
    static const eg_pixels rgb = {3, 3, -1};
    JSAMPROW line = reader->row;
    if (jpeg_read_scanlines(&reader->cinfo, &line, 1) == 0)
        return;
    if (reader->cinfo.out_color_space == JCS_CMYK)
        convert_cmyk(reader);
    else
        eg_planes_row8(reader->base.ctx, reader->rows, reader->stride / 3, reader->row,
                       reader->base.info.width, &rgb, &reader->options, false);
    reader->rows += reader->stride;
    reader->count--;
}

/* Returns the bytes of the coefficients that libjpeg keeps for a file of several scans. */
static size_t coefficient_bytes(const struct jpeg_decompress_struct *cinfo)
{
    size_t bytes = 0;
    for (int i = 0; i < cinfo->num_components; i++) {
        const jpeg_component_info *c = &cinfo->comp_info[i];
        bytes += (size_t)c->width_in_blocks * c->height_in_blocks * sizeof(JBLOCK);
    }
    return bytes;
}

/* Returns the memory limit for libjpeg: its coefficients, already reserved, and the remaining
 * bytes. */
static long libjpeg_memory_limit(const jpeg_source *reader)
{
    const eg_context *ctx = reader->base.ctx;
    size_t used = atomic_load(&ctx->used) - reader->reserved, all = ctx->config.max_memory;
    size_t left = used < all ? all - used : 1;
    return left < LONG_MAX ? (long)left : LONG_MAX;
}

/* Returns true if the scans read so far have all of the image: of a progressive one, every
 * coefficient in full precision, else every channel. */
static bool has_all_scans(const struct jpeg_decompress_struct *cinfo)
{
    for (int i = 0; i < cinfo->num_components; i++) {
        for (int k = 0; cinfo->coef_bits && k < DCTSIZE2; k++)
            if (cinfo->coef_bits[i][k] != 0)
                return false;
        if (!cinfo->comp_info[i].quant_table) /* set by the first scan of the channel */
            return false;
    }
    return true;
}

/* Decodes the requested rows. The first call decodes all scans of a file that has several, which
 * may end between two scans; in the only scan of a file libjpeg notices that data are missing. */
static void read_step(void *opaque)
{
    jpeg_source *reader = opaque;
    if (!reader->started) {
        reader->cinfo.mem->max_memory_to_use = libjpeg_memory_limit(reader);
        jpeg_start_decompress(&reader->cinfo);
        if (reader->guard.ended && !reader->guard.tolerate && !has_all_scans(&reader->cinfo))
            eg_jpeg_raise_truncated(&reader->guard, (j_common_ptr)&reader->cinfo);
        reader->started = true;
    }
    if (reader->luma.block) {
        eg_jpeg_luma_read(&reader->luma, &reader->cinfo, reader->rows, reader->stride,
                          reader->count, reader->base.padded_rows);
        return;
    }
    while (reader->count)
        reader->row ? read_row(reader) : read_grey(reader);
}

static eg_status jpeg_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    jpeg_source *reader = (jpeg_source *)source;
    reader->rows = rows;
    reader->stride = stride;
    reader->count = count;
    if (!reader->reserved && reader->base.info.interlaced) {
        size_t bytes = coefficient_bytes(&reader->cinfo);
        if (!eg_memory_reserve(reader->base.ctx, bytes, error))
            return eg_failed(error);
        reader->reserved = bytes;
    }
    return eg_jpeg_run(&reader->guard, read_step, reader, error);
}

static void finish_step(void *opaque)
{
    jpeg_source *reader = opaque;
    jpeg_finish_decompress(&reader->cinfo);
    if (reader->guard.ended)
        eg_source_warn(&reader->base, "lacks the end marker; all rows are there");
}

static eg_status jpeg_finish(eg_source *source, eg_error *error)
{
    jpeg_source *reader = (jpeg_source *)source;
    return reader->guard.tolerate ? EG_OK : eg_jpeg_run(&reader->guard, finish_step, reader, error);
}

static void jpeg_close(eg_source *source)
{
    jpeg_source *reader = (jpeg_source *)source;
    jpeg_destroy_decompress(&reader->cinfo);
    eg_memory_release(reader->base.ctx, reader->reserved);
    eg_input_close(reader->input);
    eg_free(reader->exif);
    eg_free(reader->luma.block);
    eg_free(reader->row);
    eg_free(reader);
}

/* ---- opening --------------------------------------------------------------------------------- */

static const struct colour {
    J_COLOR_SPACE stored;
    J_COLOR_SPACE grey, planes; /* what libjpeg decodes to, for one plane and for three */
    const char *name;
} colours[] = {
    {JCS_GRAYSCALE, JCS_GRAYSCALE, JCS_GRAYSCALE, "grey"},
    {JCS_YCbCr, JCS_GRAYSCALE, JCS_RGB, "YCbCr"},
    {JCS_RGB, JCS_GRAYSCALE, JCS_RGB, "RGB"},
    {JCS_CMYK, JCS_CMYK, JCS_CMYK, "CMYK"},
    {JCS_YCCK, JCS_CMYK, JCS_CMYK, "YCCK"},
    {JCS_UNKNOWN, JCS_UNKNOWN, JCS_UNKNOWN, NULL},
};

static const struct colour *find_colour(J_COLOR_SPACE stored)
{
    const struct colour *colour = colours;
    while (colour->name && colour->stored != stored)
        colour++;
    return colour;
}

static void header_step(void *opaque)
{
    jpeg_source *reader = opaque;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    jpeg_create_decompress(cinfo);
    cinfo->src = &reader->bytes;
    cinfo->progress = &reader->progress;
    jpeg_set_marker_processor(cinfo, JPEG_APP0 + 1, read_app1);
    jpeg_read_header(cinfo, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    const struct colour *colour = find_colour(cinfo->jpeg_color_space);
    cinfo->out_color_space = reader->options.colour_planes ? colour->planes : colour->grey;
}

static void fill_info(jpeg_source *reader, const struct colour *colour)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    reader->base.info = (eg_info){
        .width = cinfo->image_width,
        .height = cinfo->image_height,
        .sample = EG_U8,
        .white_level = 255,
        .planes = reader->options.colour_planes && colour->stored != JCS_GRAYSCALE ? 3 : 1,
        .format = "JPEG",
        .colour = colour->name,
        .channels = cinfo->num_components,
        .depth = cinfo->data_precision,
        .orientation = reader->orientation ? reader->orientation : 1,
        .page = reader->options.page > 0 ? reader->options.page : 1,
        .interlaced = jpeg_has_multiple_scans(cinfo),
        .stored_width = cinfo->image_width,
        .stored_height = cinfo->image_height,
    };
}

/* Reads the header, fills in the info, and allocates a block of grey or a row of RGB or CMYK. */
static eg_status open_header(jpeg_source *reader, eg_error *error)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    eg_context *ctx = reader->base.ctx;
    const int page = reader->options.page;
    eg_status status = eg_jpeg_go_to_page(&reader->base, reader->input, page, error);
    if (status == EG_OK)
        status = eg_jpeg_run(&reader->guard, header_step, reader, error);
    if (status != EG_OK)
        return status;
    status =
        eg_check_size(ctx, reader->input->name, cinfo->image_width, cinfo->image_height, error);
    if (status != EG_OK)
        return status;
    const struct colour *colour = find_colour(cinfo->jpeg_color_space);
    if (!colour->name)
        return eg_input_fail(
            reader->input, error, EG_UNSUPPORTED,
            "is a JPEG of %d channels; 1 (grey), 3 (colour) and 4 (CMYK) can be read",
            cinfo->num_components);
    fill_info(reader, colour);
    if (cinfo->out_color_space == JCS_GRAYSCALE) {
        status = eg_jpeg_luma_prepare(&reader->luma, ctx, cinfo, error);
        reader->base.block_rows = reader->luma.rows;
        return status;
    }
    const size_t channels = cinfo->out_color_space == JCS_CMYK ? 4 : 3;
    reader->row = eg_alloc(ctx, cinfo->image_width, channels, error);
    return reader->row ? EG_OK : eg_failed(error);
}

static void connect_libjpeg(jpeg_source *reader, const eg_read_options *options)
{
    eg_jpeg_guard_init(&reader->guard, reader->input->name, options->tolerate);
    reader->cinfo.err = &reader->guard.manager;
    reader->cinfo.client_data = reader;
    reader->progress.progress_monitor = on_progress;
    reader->bytes = (struct jpeg_source_mgr){
        .init_source = init_source,
        .fill_input_buffer = fill_input_buffer,
        .skip_input_data = skip_input_data,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = init_source,
    };
}

static const eg_source_ops jpeg_source_ops = {
    .read = jpeg_read, .finish = jpeg_finish, .close = jpeg_close};

bool eg_jpeg_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    return size >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

eg_status eg_jpeg_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    jpeg_source *reader = eg_calloc(input->ctx, 1, sizeof *reader, error);
    if (!reader) {
        eg_input_close(input);
        return eg_failed(error);
    }
    reader->base.ops = &jpeg_source_ops;
    reader->base.ctx = input->ctx;
    reader->input = input;
    reader->options = *options;
    connect_libjpeg(reader, options);
    eg_status status = open_header(reader, error);
    if (status == EG_OK)
        *source = &reader->base;
    else
        eg_source_close(&reader->base);
    return status;
}
