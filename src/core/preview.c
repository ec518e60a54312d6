/* SPDX-License-Identifier: MIT */
/*
 * Previews: the average of each box of pixels, computed while rows pass. Samples are summed by
 * column, which the compiler vectorises, and the column sums are added to their boxes at the end of
 * a row of boxes. Additions follow the order of the rows, so that the result does not depend on
 * threads or strip height.
 */
#include "core/preview.h"

#include <math.h>
#include <string.h>

#include "core/class_colours.h"
#include "core/context.h"
#include "core/luma.h"
#include "core/preview_columns.h"
#include "core/status.h"
#include "core/stream.h"

typedef enum tone {
    TONE_WHITE,   /* 0 is black, white_level is white */
    TONE_EITHER,  /* TONE_WHITE if all averages are within 0..white_level, else TONE_STRETCH */
    TONE_STRETCH, /* the minimum is black, the maximum white */
    TONE_LINES,   /* averages are fractions of edge pixels, shown by line_level() */
    TONE_DARK     /* averages are fractions of pixels that are no edges, likewise */
} tone;

struct eg_preview {
    eg_row_observer base;
    eg_context *ctx;
    eg_row_observer **attached_to; /* `observer` of the source or sink; NULL: it was closed */
    size_t side;                   /* largest width or height of the preview */
    eg_layout layout;              /* layout of the rows; width 0: not begun */
    tone tone, tone_of_floats;
    double white_level;
    size_t width, height;     /* size of the preview, in boxes */
    size_t next_row, box_row; /* next image row, current row of boxes */
    size_t fold_rows;         /* rows after which the column sums are folded */
    void *grey;               /* the grey of a row of colours; NULL: rows have one plane */
    uint8_t *class_grey;      /* the grey of each class, if layout.classes is set */
    size_t *starts;           /* first column of each box, and the image width */
    size_t unfolded;          /* rows summed in `columns` */
    void *columns;            /* column sums (preview_columns.h) */
    uint16_t *found;          /* floats: number of finite samples of each column */
    double *sums;             /* sums of the boxes of this row */
    double *counts;           /* numbers of finite samples of the boxes of this row */
    float *means;             /* averages of all boxes; NaN if a box has no finite sample */
    uint8_t *pixels;          /* result of eg_preview_grid(), made on demand */
    void *kept;               /* memory of eg_preview_keep() */
};

/* ---- boxes ----------------------------------------------------------------------------------- */

/* Returns the first sample of a box, of `boxes` along `samples`. */
static size_t box_start(size_t index, size_t boxes, size_t samples)
{
    return (size_t)((uint64_t)index * samples / boxes);
}

/* Returns `length` scaled by side / longer, at least 1; unchanged if `longer` does not exceed
 * `side`. */
static size_t scaled_length(size_t length, size_t longer, size_t side)
{
    if (longer <= side)
        return length;
    size_t boxes = (size_t)(((uint64_t)length * side + longer / 2) / longer);
    return boxes > 0 ? boxes : 1;
}

/* ---- grey ------------------------------------------------------------------------------------ */

static void grey_of_u8(uint8_t *restrict out, const uint8_t *restrict red, size_t plane,
                       size_t width)
{
    const uint8_t *restrict green = red + plane, *restrict blue = green + plane;
    for (size_t x = 0; x < width; x++)
        out[x] = eg_grey8(red[x], green[x], blue[x]);
}

static void grey_of_rgb(uint8_t *restrict out, const uint8_t *restrict rgb, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = eg_grey8(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]);
}

static void grey_of_u16(uint16_t *restrict out, const uint16_t *restrict red, size_t plane,
                        size_t width)
{
    const uint16_t *restrict green = red + plane, *restrict blue = green + plane;
    for (size_t x = 0; x < width; x++)
        out[x] = (uint16_t)lrintf(eg_grey_float(red[x], green[x], blue[x]));
}

static void grey_of_f64(double *restrict out, const double *restrict red, size_t plane,
                        size_t width)
{
    const double *restrict green = red + plane, *restrict blue = green + plane;
    for (size_t x = 0; x < width; x++)
        out[x] = eg_grey_double(red[x], green[x], blue[x]);
}

static void grey_of_f32(float *restrict out, const float *restrict red, size_t plane, size_t width)
{
    const float *restrict green = red + plane, *restrict blue = green + plane;
    for (size_t x = 0; x < width; x++)
        out[x] = eg_grey_float(red[x], green[x], blue[x]);
}

static void grey_of_classes(uint8_t *restrict out, const uint8_t *restrict classes,
                            const uint8_t *grey, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = grey[classes[x]];
}

/* Returns the grey of a row of colours: of EG_RGB, of classes, or of three planes, `plane_bytes`
 * apart. */
static const void *grey_row(eg_preview *p, const void *row, size_t plane_bytes)
{
    const eg_sample sample = p->layout.sample;
    const size_t width = p->layout.width, plane = plane_bytes / eg_row_bytes(sample, 1);
    if (sample == EG_RGB)
        grey_of_rgb(p->grey, row, width);
    else if (p->class_grey)
        grey_of_classes(p->grey, row, p->class_grey, width);
    else if (sample == EG_U8)
        grey_of_u8(p->grey, row, plane, width);
    else if (sample == EG_U16)
        grey_of_u16(p->grey, row, plane, width);
    else if (sample == EG_F64)
        grey_of_f64(p->grey, row, plane, width);
    else
        grey_of_f32(p->grey, row, plane, width);
    return p->grey;
}

/* ---- rows of boxes --------------------------------------------------------------------------- */

/* Returns the number of finite samples in columns x0 .. x1 - 1. */
static double count_of_box(const eg_preview *p, size_t x0, size_t x1)
{
    uint32_t count = 0;
    if (!p->found)
        return (double)(x1 - x0) * (double)p->unfolded;
    for (size_t x = x0; x < x1; x++)
        count += p->found[x];
    return count;
}

/* Adds the column sums to their boxes and clears them. */
static void fold_columns(eg_preview *p)
{
    for (size_t i = 0; i < p->width; i++) {
        p->sums[i] += eg_columns_sum(p->columns, p->layout.sample, p->layout.width, p->starts[i],
                                     p->starts[i + 1]);
        p->counts[i] += count_of_box(p, p->starts[i], p->starts[i + 1]);
    }
    memset(p->columns, 0, eg_columns_bytes(p->layout.sample, p->layout.width));
    if (p->found)
        memset(p->found, 0, p->layout.width * sizeof *p->found);
    p->unfolded = 0;
}

static void end_box_row(eg_preview *p)
{
    float *means = p->means + p->box_row * p->width;
    fold_columns(p);
    for (size_t i = 0; i < p->width; i++) {
        double mean = p->counts[i] > 0 ? p->sums[i] / p->counts[i] : (double)NAN;
        means[i] = isfinite(mean) ? (float)mean : NAN;
        p->sums[i] = p->counts[i] = 0;
    }
    p->box_row++;
}

static void preview_rows(eg_row_observer *observer, const void *rows, size_t stride, size_t count)
{
    eg_preview *p = (eg_preview *)observer;
    const char *row = rows;
    for (size_t i = 0; i < count && p->next_row < p->layout.height; i++, row += stride) {
        const void *added = p->grey ? grey_row(p, row, stride / 3) : row;
        eg_columns_add(p->columns, p->found, added, p->layout.sample, p->layout.width);
        p->unfolded++;
        p->next_row++;
        if (p->next_row == box_start(p->box_row + 1, p->height, p->layout.height))
            end_box_row(p);
        else if (p->unfolded == p->fold_rows)
            fold_columns(p);
    }
}

/* ---- creation -------------------------------------------------------------------------------- */

static bool is_float(eg_sample sample)
{
    return sample == EG_F32 || sample == EG_F64;
}

static void choose_tone(eg_preview *p)
{
    const eg_layout *layout = &p->layout;
    p->tone = is_float(layout->sample)                   ? p->tone_of_floats
              : layout->sample == EG_BIT || layout->mask ? layout->inverted ? TONE_DARK : TONE_LINES
                                                         : TONE_WHITE;
    p->white_level = layout->sample == EG_BIT                              ? 1
                     : layout->sample == EG_U8 || layout->sample == EG_RGB ? 255
                     : layout->sample == EG_U16                            ? 65535
                                                : (double)layout->white_level;
}

static eg_status make_class_grey(eg_preview *p, eg_error *error)
{
    uint8_t colours[EG_CLASS_COUNT][4];
    p->class_grey = eg_alloc(p->ctx, EG_CLASS_COUNT, 1, error);
    if (!p->class_grey)
        return eg_failed(error);
    eg_class_colours(&p->layout, colours);
    for (size_t i = 0; i < EG_CLASS_COUNT; i++)
        p->class_grey[i] = eg_grey8(colours[i][0], colours[i][1], colours[i][2]);
    return EG_OK;
}

static eg_status preview_begin(eg_row_observer *observer, const eg_layout *layout, eg_error *error)
{
    eg_preview *p = (eg_preview *)observer;
    size_t longer = layout->width > layout->height ? layout->width : layout->height;
    if (p->layout.width)
        return eg_fail(error, EG_USAGE, "preview: used for a second image; create one for each");
    p->layout = *layout;
    p->layout.georef = NULL; /* because the source may be closed first */
    p->width = scaled_length(layout->width, longer, p->side);
    p->height = scaled_length(layout->height, longer, p->side);
    choose_tone(p);
    p->starts = eg_alloc(p->ctx, p->width + 1, sizeof *p->starts, error);
    p->sums = p->starts ? eg_calloc(p->ctx, p->width, sizeof *p->sums, error) : NULL;
    p->counts = p->sums ? eg_calloc(p->ctx, p->width, sizeof *p->counts, error) : NULL;
    p->means = p->counts ? eg_alloc(p->ctx, p->height, p->width * sizeof *p->means, error) : NULL;
    if (!p->means)
        return eg_failed(error);
    for (size_t i = 0; i <= p->width; i++)
        p->starts[i] = box_start(i, p->width, layout->width);
    p->fold_rows = eg_columns_rows_max(layout->sample);
    p->columns = eg_calloc(p->ctx, 1, eg_columns_bytes(layout->sample, layout->width), error);
    if (p->columns && is_float(layout->sample))
        p->found = eg_calloc(p->ctx, layout->width, sizeof *p->found, error);
    if (p->columns && (layout->sample == EG_RGB || layout->classes) &&
        !(p->grey = eg_alloc(p->ctx, layout->width, 1, error)))
        return eg_failed(error);
    if (p->grey && layout->classes && make_class_grey(p, error) != EG_OK)
        return eg_failed(error);
    return p->columns && (p->found || !is_float(layout->sample)) ? EG_OK : eg_failed(error);
}

static void preview_detach(eg_row_observer *observer)
{
    ((eg_preview *)observer)->attached_to = NULL;
}

/* Creates a preview and attaches it as *observer. */
static eg_status preview_new(eg_preview **preview, eg_context *ctx, eg_row_observer **observer,
                             size_t side, eg_error *error)
{
    *preview = NULL;
    if (side == 0)
        return eg_fail(error, EG_USAGE, "preview: the side must be at least 1 pixel");
    if (*observer)
        return eg_fail(error, EG_USAGE, "preview: the source or sink already has one");
    eg_preview *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->side = side;
    made->base = (eg_row_observer){preview_begin, preview_rows, preview_detach};
    made->attached_to = observer;
    *observer = &made->base;
    *preview = made;
    return EG_OK;
}

eg_status eg_preview_of_source(eg_preview **preview, eg_source *source, size_t side,
                               eg_error *error)
{
    *preview = NULL;
    if (source->next_row)
        return eg_fail_file(error, EG_USAGE, source->name ? source->name : "source",
                            "a preview must be created before the first row is read");
    eg_status status = preview_new(preview, source->ctx, &source->observer, side, error);
    if (!*preview)
        return status;
    (*preview)->tone_of_floats = TONE_EITHER;
    const eg_layout layout = eg_layout_of(source, source->info.sample);
    status = preview_begin(&(*preview)->base, &layout, error);
    if (status == EG_OK && eg_source_planes(source) > 1) {
        (*preview)->grey =
            eg_alloc(source->ctx, layout.width, eg_row_bytes(layout.sample, 1), error);
        status = (*preview)->grey ? EG_OK : eg_failed(error);
    }
    /* a grid of 8-bit samples may have another white level than 255 */
    if (source->info.sample == EG_U8 && source->info.white_level > 0)
        (*preview)->white_level = (double)source->info.white_level;
    if (status != EG_OK) {
        eg_preview_free(*preview);
        *preview = NULL;
    }
    return status;
}

eg_status eg_preview_of_sink(eg_preview **preview, eg_sink *sink, size_t side, eg_error *error)
{
    eg_status status = preview_new(preview, sink->ctx, &sink->observer, side, error);
    if (*preview)
        (*preview)->tone_of_floats = TONE_STRETCH;
    return status;
}

/* ---- the thumbnail --------------------------------------------------------------------------- */

typedef struct range {
    double low, high;
} range;

static range range_of(const float *means, size_t count)
{
    range r = {INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        r.low = (double)means[i] < r.low ? (double)means[i] : r.low;
        r.high = (double)means[i] > r.high ? (double)means[i] : r.high;
    }
    return r;
}

static uint8_t byte_of(double level)
{
    return level >= 255 ? 255 : level > 0 ? (uint8_t)lround(level) : 0;
}

/* Darkening of a box by each line that crosses it; chosen by eye at reductions of 2 to 20. */
#define LINE_DARKNESS 0.55

/* Returns the grey level of a box of `side` pixels with the given fraction of edge pixels. A line
 * one pixel wide covers 1 / side of a box that it crosses, so that fraction * side is the number of
 * lines. The level saturates exponentially with it: one line is visible, many stay distinguishable.
 * The level is 255 at 1 - exp(-LINE_DARKNESS * side) = `saturation`, when all pixels are edges. */
static double line_level(double fraction, double side, double saturation)
{
    return fraction > 0 ? 255 * (1 - exp(-LINE_DARKNESS * fraction * side)) / saturation : 0;
}

/* Returns the mean side of the boxes in pixels. */
static double box_side(const eg_preview *p)
{
    double pixels = (double)p->layout.width * (double)p->layout.height;
    return sqrt(pixels / ((double)p->width * (double)p->height));
}

static void make_pixels(const eg_preview *p, uint8_t *pixels)
{
    enum { MISSING = 128 };
    size_t count = p->width * p->height;
    range r = range_of(p->means, count);
    tone chosen = p->tone;
    double side = box_side(p), saturation = 1 - exp(-LINE_DARKNESS * side);
    if (chosen == TONE_EITHER)
        chosen = r.low >= 0 && r.high <= p->white_level ? TONE_WHITE : TONE_STRETCH;
    for (size_t i = 0; i < count; i++) {
        double mean = (double)p->means[i];
        if (isnan(mean) || (chosen == TONE_STRETCH && !(r.low < r.high)))
            pixels[i] = MISSING;
        else if (chosen == TONE_STRETCH)
            pixels[i] = byte_of((mean - r.low) / (r.high - r.low) * 255);
        else if (chosen == TONE_LINES)
            pixels[i] = byte_of(line_level(mean / p->white_level, side, saturation));
        else if (chosen == TONE_DARK)
            pixels[i] = byte_of(255 - line_level(1 - mean / p->white_level, side, saturation));
        else
            pixels[i] = byte_of(mean * 255 / p->white_level);
    }
}

eg_status eg_preview_grid(eg_preview *p, eg_grid *grid, eg_error *error)
{
    *grid = (eg_grid){0};
    if (!p->layout.width || p->next_row < p->layout.height)
        return eg_fail(error, EG_USAGE, "preview: not all rows of the image have been processed");
    if (!p->pixels) {
        uint8_t *pixels = eg_alloc(p->ctx, p->height, p->width, error);
        if (!pixels)
            return eg_failed(error);
        make_pixels(p, pixels);
        p->pixels = pixels;
    }
    *grid = (eg_grid){p->pixels, p->width, p->height, p->width, EG_U8, 255};
    return EG_OK;
}

eg_context *eg_preview_context(const eg_preview *preview)
{
    return preview->ctx;
}

void eg_preview_keep(eg_preview *preview, void *bytes)
{
    eg_free(preview->kept);
    preview->kept = bytes;
}

void eg_preview_free(eg_preview *preview)
{
    if (!preview)
        return;
    if (preview->attached_to)
        *preview->attached_to = NULL;
    eg_free(preview->kept);
    eg_free(preview->class_grey);
    eg_free(preview->grey);
    eg_free(preview->pixels);
    eg_free(preview->means);
    eg_free(preview->counts);
    eg_free(preview->sums);
    eg_free(preview->starts);
    eg_free(preview->found);
    eg_free(preview->columns);
    eg_free(preview);
}
