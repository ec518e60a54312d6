/* SPDX-License-Identifier: MIT */
/* Applying a mask: a second image of the same size, 0 where samples of the first are missing. */
#include <math.h>
#include <string.h>

#include "io/io.h"

enum { ROWS = 16 }; /* rows read at a time */

/* ---- rows ------------------------------------------------------------------------------------ */

/* Returns true if sample x of a row of the mask is 0 or NaN. */
static inline bool is_masked(const void *mask, eg_sample sample, size_t x)
{
    if (sample == EG_U8)
        return ((const uint8_t *)mask)[x] == 0;
    double v = sample == EG_F64 ? ((const double *)mask)[x] : (double)((const float *)mask)[x];
    return v == 0 || isnan(v);
}

/* Sets the samples of a row to NaN where the mask says so. */
static void mask_row(void *row, eg_sample sample, const void *mask, eg_sample mask_sample,
                     size_t width)
{
    for (size_t x = 0; x < width; x++) {
        if (!is_masked(mask, mask_sample, x))
            continue;
        if (sample == EG_F64)
            ((double *)row)[x] = (double)NAN;
        else
            ((float *)row)[x] = NAN;
    }
}

/* ---- the source ------------------------------------------------------------------------------ */

typedef struct masked_source {
    eg_source base;
    eg_source *image, *mask;
    char *mask_rows;     /* ROWS rows of the mask */
    uint8_t *image_rows; /* ROWS rows of an EG_U8 image; NULL: others are read in place */
} masked_source;

/* Reads `count` rows of the image as floats, planes `plane_bytes` apart. */
static eg_status read_image(const masked_source *masked, char *rows, size_t stride, size_t count,
                            eg_error *error)
{
    const size_t width = masked->base.info.width, planes = eg_source_planes(&masked->base);
    if (!masked->image_rows)
        return eg_source_read(masked->image, rows, stride, count, error);
    eg_status status =
        eg_source_read(masked->image, masked->image_rows, planes * width, count, error);
    for (size_t i = 0; status == EG_OK && i < count * planes; i++) {
        char *to = rows + i / planes * stride + i % planes * (stride / planes);
        float *row = (float *)(void *)to;
        for (size_t x = 0; x < width; x++)
            row[x] = masked->image_rows[i * width + x];
    }
    return status;
}

static eg_status masked_read(eg_source *source, void *rows, size_t stride, size_t count,
                             eg_error *error)
{
    const masked_source *masked = (const masked_source *)source;
    const eg_sample sample = masked->mask->info.sample;
    const size_t width = source->info.width, mask_stride = eg_row_bytes(sample, width);
    const size_t planes = eg_source_planes(source);
    eg_status status = EG_OK;
    for (size_t y = 0; y < count && status == EG_OK; y += ROWS) {
        char *out = (char *)rows + y * stride;
        size_t now = count - y < ROWS ? count - y : ROWS;
        status = read_image(masked, out, stride, now, error);
        if (status == EG_OK)
            status = eg_source_read(masked->mask, masked->mask_rows, mask_stride, now, error);
        for (size_t i = 0; status == EG_OK && i < now * planes; i++)
            mask_row(out + i / planes * stride + i % planes * (stride / planes),
                     source->info.sample, masked->mask_rows + i / planes * mask_stride, sample,
                     width);
    }
    return status;
}

/* Moves the warnings of image and mask, the latter with the name of the mask. */
static void move_warnings(masked_source *masked)
{
    const char *text, *name = masked->mask->name;
    eg_source_move_warnings(&masked->base, masked->image);
    for (size_t i = 0; (text = eg_source_warning(masked->mask, i)); i++)
        eg_source_warn(&masked->base, "mask%s%s: %s", name ? " " : "", name ? name : "", text);
}

static eg_status masked_finish(eg_source *source, eg_error *error)
{
    masked_source *masked = (masked_source *)source;
    eg_status status = eg_source_finish(masked->image, error);
    if (status == EG_OK)
        status = eg_source_finish(masked->mask, error);
    move_warnings(masked);
    return status;
}

static void masked_close(eg_source *source)
{
    masked_source *masked = (masked_source *)source;
    eg_source_close(masked->mask); /* the mask of a TIFF reads with the client of its image */
    eg_source_close(masked->image);
    eg_free(masked->image_rows);
    eg_free(masked->mask_rows);
    eg_free(masked);
}

static eg_status masked_skip(eg_source *source, size_t count, eg_error *error)
{
    const masked_source *masked = (const masked_source *)source;
    eg_source *const parts[] = {masked->image, masked->mask};
    eg_status status = EG_OK;
    for (size_t i = 0; i < 2 && status == EG_OK; i++)
        status = eg_source_fetch(parts[i], parts[i]->next_row + count, NULL, 0, 0, error);
    return status;
}

/* Fills in the source, which owns image and mask. */
static eg_status prepare(masked_source *masked, eg_error *error)
{
    const eg_info *image = &masked->image->info, *mask = &masked->mask->info;
    eg_context *ctx = masked->base.ctx;
    masked->base.info = *image;
    masked->base.georef = masked->image->georef;
    masked->base.nodata_default = masked->image->nodata_default;
    masked->base.has_mask = true;
    if (image->sample == EG_U8) {
        masked->base.info.sample = EG_F32;
        masked->image_rows =
            eg_alloc(ctx, ROWS * eg_source_planes(masked->image), image->width, error);
        if (!masked->image_rows)
            return eg_failed(error);
    }
    masked->mask_rows = eg_alloc(ctx, ROWS, eg_row_bytes(mask->sample, mask->width), error);
    if (!masked->mask_rows)
        return eg_failed(error);
    if (strcmp(mask->format, "JPEG") == 0)
        eg_source_warn(masked->mask, "a JPEG, whose zeros may be lost by the compression: only "
                                     "pixels that are exactly 0 are missing");
    move_warnings(masked);
    eg_source_move_pages(&masked->base, masked->image);
    masked->base.name = masked->image->name;
    masked->image->name = NULL;
    return EG_OK;
}

/* Refuses a mask of another size. */
static eg_status check_sizes(const eg_source *image, const eg_source *mask, eg_error *error)
{
    const eg_info *a = &image->info, *b = &mask->info;
    if (a->width == b->width && a->height == b->height)
        return EG_OK;
    return eg_fail_file(error, EG_BAD_INPUT, mask->name,
                        "has %zu x %zu pixels, but %s has %zu x %zu: a mask must have the size of "
                        "the image",
                        b->width, b->height, image->name ? image->name : "the image", a->width,
                        a->height);
}

eg_status eg_mask_apply(eg_source **source, eg_source *image, eg_source *mask, eg_error *error)
{
    static const eg_source_ops ops = {
        .read = masked_read, .finish = masked_finish, .close = masked_close, .skip = masked_skip};
    eg_status status = check_sizes(image, mask, error);
    masked_source *masked =
        status == EG_OK ? eg_calloc(image->ctx, 1, sizeof *masked, error) : NULL;
    *source = NULL;
    if (!masked) {
        eg_source_close(mask);
        eg_source_close(image);
        return status == EG_OK ? eg_failed(error) : status;
    }
    masked->base.ops = &ops;
    masked->base.ctx = image->ctx;
    masked->image = image;
    masked->mask = mask;
    status = prepare(masked, error);
    if (status == EG_OK)
        *source = &masked->base;
    else
        eg_source_close(&masked->base);
    return status;
}
