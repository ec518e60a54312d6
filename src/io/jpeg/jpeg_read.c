/* SPDX-License-Identifier: MIT */
/*
 * Reading JPEG through libjpeg. Grey and YCbCr files give their stored Y plane, so chroma is neither
 * transformed nor upsampled; RGB files go through libjpeg's own RGB-to-grey, the formula of grey.h.
 */
#include <limits.h>
#include <string.h>

#include "io/io.h"
#include "io/jpeg/jpeg_error.h"
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
    size_t charged;  /* bytes of the account that stand for libjpeg's coefficients */
    uint8_t *inks;   /* one row of CMYK; NULL where libjpeg makes the grey */
    uint8_t *exif;   /* while it is being read */
    int orientation; /* 0: no EXIF block seen so far */

    /* What read() was asked for. */
    uint8_t *rows;
    size_t stride, count;
} jpeg_source;

/* ---- bytes ----------------------------------------------------------------------------------- */

static void init_source(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

/* Hands all of the input's buffer to libjpeg; past the end, an end marker as libjpeg expects it. */
static boolean fill_input_buffer(j_decompress_ptr cinfo)
{
    static const JOCTET end_marker[] = {0xFF, JPEG_EOI};
    jpeg_source *self = cinfo->client_data;
    eg_input *input = self->input;
    size_t have = 0;
    if (eg_cancelled(input->ctx))
        eg_jpeg_raise(&self->guard,
                      eg_input_fail(input, self->guard.error, EG_CANCELLED, "cancelled"));
    eg_status status = eg_input_peek(input, 1, &have, self->guard.error);
    if (status != EG_OK)
        eg_jpeg_raise(&self->guard, status);
    if (have == 0) {
        WARNMS(cinfo, JWRN_JPEG_EOF);
        self->bytes.next_input_byte = end_marker;
        self->bytes.bytes_in_buffer = sizeof end_marker;
        return TRUE;
    }
    self->bytes.next_input_byte = input->buffer + input->at;
    self->bytes.bytes_in_buffer = have;
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

/* The orientation of an EXIF block of `size` bytes, of which no more than max_chunk are kept.
 * Returns how many bytes were read. */
static size_t read_exif(jpeg_source *self, size_t size)
{
    size_t limit = self->base.ctx->config.max_chunk;
    size_t kept = size < limit ? size : limit;
    self->exif = eg_alloc(self->base.ctx, kept, 1, self->guard.error);
    if (!self->exif)
        eg_jpeg_raise(&self->guard, eg_failed(self->guard.error));
    for (size_t i = 0; i < kept; i++)
        self->exif[i] = (uint8_t)next_byte(&self->cinfo);
    self->orientation = eg_exif_orientation(self->exif, kept);
    eg_free(self->exif);
    self->exif = NULL;
    return kept;
}

/* APP1 holds EXIF or XMP. libjpeg could keep these markers itself, but it would keep every one of
 * them; here at most one is held, and not for long. */
static boolean read_app1(j_decompress_ptr cinfo)
{
    static const uint8_t exif_name[6] = "Exif\0";
    jpeg_source *self = cinfo->client_data;
    uint8_t name[sizeof exif_name];
    unsigned high = next_byte(cinfo);
    size_t left = high << 8 | next_byte(cinfo);
    if (left < 2)
        ERREXIT(cinfo, JERR_BAD_LENGTH);
    left -= 2;
    if (left > sizeof name && !self->orientation) {
        for (size_t i = 0; i < sizeof name; i++)
            name[i] = (uint8_t)next_byte(cinfo);
        left -= sizeof name;
        if (memcmp(name, exif_name, sizeof name) == 0)
            left -= read_exif(self, left);
    }
    skip_input_data(cinfo, (long)left);
    return TRUE;
}

/* Called between rows of blocks. A few bytes can claim a scan over the whole image, so their
 * number must have a limit for the time to have one. */
static void monitor(j_common_ptr common)
{
    jpeg_source *self = common->client_data;
    const eg_config *config = &self->base.ctx->config;
    if (eg_cancelled(self->base.ctx))
        eg_jpeg_raise(&self->guard,
                      eg_input_fail(self->input, self->guard.error, EG_CANCELLED, "cancelled"));
    if (self->cinfo.input_scan_number > config->max_scans)
        eg_jpeg_raise(&self->guard,
                      eg_input_fail(self->input, self->guard.error, EG_LIMIT,
                                    "is in more scans than the %d allowed; --max-scans raises that",
                                    config->max_scans));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void read_grey(jpeg_source *self)
{
    JSAMPROW lines[ROWS_AT_A_TIME];
    JDIMENSION wanted = 0;
    while (wanted < ROWS_AT_A_TIME && wanted < self->count) {
        lines[wanted] = self->rows + wanted * self->stride;
        wanted++;
    }
    size_t got = jpeg_read_scanlines(&self->cinfo, lines, wanted);
    self->rows += got * self->stride;
    self->count -= got;
}

/* a * b / 255, rounded to nearest. */
static unsigned multiply255(unsigned a, unsigned b)
{
    return (a * b + 127) / 255;
}

/* Adobe stores what is left of the light, 255 for no ink; others store the ink. */
static void read_cmyk(jpeg_source *self)
{
    const uint8_t flip = self->cinfo.saw_Adobe_marker ? 0 : 255;
    const uint8_t *in = self->inks;
    JSAMPROW line = self->inks;
    if (jpeg_read_scanlines(&self->cinfo, &line, 1) == 0)
        return;
    for (size_t x = 0; x < self->base.info.width; x++, in += 4) {
        unsigned key = in[3] ^ flip;
        self->rows[x] = eg_grey8(multiply255(in[0] ^ flip, key), multiply255(in[1] ^ flip, key),
                                 multiply255(in[2] ^ flip, key));
    }
    self->rows += self->stride;
    self->count--;
}

/* Bytes of the coefficients that libjpeg keeps for a file of several scans. */
static size_t coefficient_bytes(const struct jpeg_decompress_struct *cinfo)
{
    size_t bytes = 0;
    for (int i = 0; i < cinfo->num_components; i++) {
        const jpeg_component_info *c = &cinfo->comp_info[i];
        bytes += (size_t)c->width_in_blocks * c->height_in_blocks * sizeof(JBLOCK);
    }
    return bytes;
}

/* What libjpeg may take: its coefficients, which are in the account already, and what is left. */
static long memory_allowed(const jpeg_source *self)
{
    const eg_context *ctx = self->base.ctx;
    size_t used = atomic_load(&ctx->used) - self->charged, all = ctx->config.max_memory;
    size_t left = used < all ? all - used : 1;
    return left < LONG_MAX ? (long)left : LONG_MAX;
}

/* The first read decodes all scans of a file that has several. */
static void read_step(void *opaque)
{
    jpeg_source *self = opaque;
    if (!self->started) {
        self->cinfo.mem->max_memory_to_use = memory_allowed(self);
        jpeg_start_decompress(&self->cinfo);
        self->started = true;
    }
    while (self->count)
        self->inks ? read_cmyk(self) : read_grey(self);
}

static eg_status jpeg_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    jpeg_source *self = (jpeg_source *)source;
    self->rows = rows;
    self->stride = stride;
    self->count = count;
    if (!self->charged && self->base.info.interlaced) {
        size_t bytes = coefficient_bytes(&self->cinfo);
        if (!eg_charge(self->base.ctx, bytes, error))
            return eg_failed(error);
        self->charged = bytes;
    }
    return eg_jpeg_run(&self->guard, read_step, self, error);
}

static void finish_step(void *opaque)
{
    jpeg_source *self = opaque;
    jpeg_finish_decompress(&self->cinfo);
}

static eg_status jpeg_finish(eg_source *source, eg_error *error)
{
    jpeg_source *self = (jpeg_source *)source;
    return self->guard.tolerate ? EG_OK : eg_jpeg_run(&self->guard, finish_step, self, error);
}

static void jpeg_close(eg_source *source)
{
    jpeg_source *self = (jpeg_source *)source;
    jpeg_destroy_decompress(&self->cinfo);
    eg_uncharge(self->base.ctx, self->charged);
    eg_input_close(self->input);
    eg_free(self->exif);
    eg_free(self->inks);
    eg_free(self);
}

/* ---- opening --------------------------------------------------------------------------------- */

static const struct colour {
    J_COLOR_SPACE stored, decoded;
    const char *name;
} colours[] = {
    {JCS_GRAYSCALE, JCS_GRAYSCALE, "grey"}, {JCS_YCbCr, JCS_GRAYSCALE, "YCbCr"},
    {JCS_RGB, JCS_GRAYSCALE, "RGB"},        {JCS_CMYK, JCS_CMYK, "CMYK"},
    {JCS_YCCK, JCS_CMYK, "YCCK"},           {JCS_UNKNOWN, JCS_UNKNOWN, NULL},
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
    jpeg_source *self = opaque;
    struct jpeg_decompress_struct *cinfo = &self->cinfo;
    jpeg_create_decompress(cinfo);
    cinfo->src = &self->bytes;
    cinfo->progress = &self->progress;
    jpeg_set_marker_processor(cinfo, JPEG_APP0 + 1, read_app1);
    jpeg_read_header(cinfo, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    cinfo->out_color_space = find_colour(cinfo->jpeg_color_space)->decoded;
}

static void describe(jpeg_source *self, const struct colour *colour)
{
    struct jpeg_decompress_struct *cinfo = &self->cinfo;
    self->base.info = (eg_info){
        .width = cinfo->image_width,
        .height = cinfo->image_height,
        .sample = EG_U8,
        .white = 255,
        .format = "JPEG",
        .colour = colour->name,
        .channels = cinfo->num_components,
        .depth = cinfo->data_precision,
        .orientation = self->orientation ? self->orientation : 1,
        .interlaced = jpeg_has_multiple_scans(cinfo),
        .stored_width = cinfo->image_width,
        .stored_height = cinfo->image_height,
    };
}

static eg_status open_header(jpeg_source *self, eg_error *error)
{
    struct jpeg_decompress_struct *cinfo = &self->cinfo;
    eg_context *ctx = self->base.ctx;
    eg_status status = eg_jpeg_run(&self->guard, header_step, self, error);
    if (status != EG_OK)
        return status;
    status = eg_check_size(ctx, self->input->name, cinfo->image_width, cinfo->image_height, error);
    if (status != EG_OK)
        return status;
    const struct colour *colour = find_colour(cinfo->jpeg_color_space);
    if (!colour->name)
        return eg_input_fail(self->input, error, EG_UNSUPPORTED,
                             "is a JPEG of %d channels; 1 (grey), 3 (colour) and 4 (CMYK) are read",
                             cinfo->num_components);
    describe(self, colour);
    if (colour->decoded == JCS_GRAYSCALE)
        return EG_OK;
    self->inks = eg_alloc(ctx, cinfo->image_width, 4, error);
    return self->inks ? EG_OK : eg_failed(error);
}

static void connect(jpeg_source *self, const eg_read_options *options)
{
    eg_jpeg_guard_init(&self->guard, self->input->name, options->tolerate);
    self->cinfo.err = &self->guard.manager;
    self->cinfo.client_data = self;
    self->progress.progress_monitor = monitor;
    self->bytes = (struct jpeg_source_mgr){
        .init_source = init_source,
        .fill_input_buffer = fill_input_buffer,
        .skip_input_data = skip_input_data,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = init_source,
    };
}

static const eg_source_ops jpeg_source_ops = {
    .read = jpeg_read, .finish = jpeg_finish, .close = jpeg_close};

bool eg_jpeg_probe(const uint8_t *bytes, size_t size)
{
    return size >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

eg_status eg_jpeg_open(eg_source **source, eg_input *input, const eg_read_options *options,
                       eg_error *error)
{
    jpeg_source *self = eg_calloc(input->ctx, 1, sizeof *self, error);
    if (!self) {
        eg_input_close(input);
        return eg_failed(error);
    }
    self->base.ops = &jpeg_source_ops;
    self->base.ctx = input->ctx;
    self->input = input;
    connect(self, options);
    eg_status status = open_header(self, error);
    if (status == EG_OK)
        *source = &self->base;
    else
        jpeg_close(&self->base);
    return status;
}
