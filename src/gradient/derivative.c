/* SPDX-License-Identifier: MIT */
/* Smoothing and differencing, row by row down a tile. */
#include "gradient/derivative.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/missing.h"

enum { TILE_SAMPLES = EG_TILE + 4 * EG_SMOOTHED_MARGIN, RING_BYTES = TILE_SAMPLES * sizeof(float) };

/* Kernel scratch in bytes: the Gaussian's column sums, of float samples also those of valid ones,
 * or two rows of column sums of the difference operator, in floats. */
enum { KERNEL_SCRATCH = TILE_SAMPLES * EG_VALID_SCRATCH };

eg_status eg_check_gradient_samples(const eg_source *source, eg_error *error)
{
    if (source->info.sample == EG_U8 || source->info.sample == EG_F32)
        return EG_OK;
    return eg_fail_file(error, EG_USAGE, source->name,
                        source->info.sample == EG_F64
                            ? "gradients need intensities: open the file without as_values"
                            : "gradients need integers or floats, not bits or colours");
}

eg_status eg_check_border(const eg_source *source, eg_border border, double value, eg_error *error)
{
    if (border < EG_BORDER_REPLICATE || border > EG_BORDER_CONSTANT)
        return eg_fail(error, EG_USAGE, "unknown border rule");
    if (source->info.sample == EG_U8 && !(value >= 0 && value <= 255))
        return eg_fail_file(error, EG_USAGE, source->name,
                            "the border value of an 8-bit image must be 0 to 255, not %g", value);
    return EG_OK;
}

eg_status eg_derivative_stage_init(eg_derivative_stage *derivative, const eg_source *source,
                                   const eg_derivative_options *options, bool allow_rounding,
                                   eg_error *error)
{
    size_t index;
    const eg_info *info = &source->info;
    *derivative = (eg_derivative_stage){
        .kernels = eg_gradient_kernels_for(source->ctx->cpu),
        .sample = info->sample,
        .border = options->border,
        .border_value = (float)options->border_value,
    };
    eg_status status = eg_check_gradient_samples(source, error);
    if (status == EG_OK)
        status = eg_check_border(source, options->border, options->border_value, error);
    if (status != EG_OK)
        return status;
    status = eg_operator_find(&index, options->op, error);
    if (status == EG_OK)
        status = eg_gaussian_init(&derivative->gaussian, options->sigma, info->sample, error);
    if (status != EG_OK)
        return status;
    const eg_diff_kernels *diff_kernels = &derivative->kernels->diff[index];
    derivative->op = &eg_operators[index];
    bool integer = info->sample == EG_U8 && (allow_rounding || derivative->op->shift == 0);
    derivative->response_type = integer ? EG_RESPONSE_I16 : EG_RESPONSE_F32;
    derivative->diff = integer                  ? diff_kernels->u8_i16
                       : info->sample == EG_F32 ? diff_kernels->f32
                                                : diff_kernels->u8_f32;
    return EG_OK;
}

size_t eg_derivative_stage_halo(const eg_derivative_stage *derivative)
{
    return derivative->gaussian.radius + (size_t)derivative->op->taps / 2;
}

void eg_derivative_stage_configure(const eg_derivative_stage *derivative, eg_stage *stage,
                                   size_t extra)
{
    stage->halo = eg_derivative_stage_halo(derivative) + extra;
    stage->pad = stage->halo;
    stage->border = derivative->border;
    stage->border_value = derivative->border_value;
}

/* Bytes of the rings of shifts and what belongs to them. */
enum { SHIFT_BYTES = (2 * EG_SMOOTHED_RING + 1 + 4) * RING_BYTES };

size_t eg_tile_cursor_scratch(const eg_derivative_stage *derivative)
{
    return EG_SMOOTHED_RING * RING_BYTES + KERNEL_SCRATCH +
           (derivative->keeps_shifts ? SHIFT_BYTES : 0);
}

void eg_tile_cursor_begin(eg_tile_cursor *cursor, const eg_derivative_stage *derivative,
                          const eg_band *band, ptrdiff_t x0, size_t width, ptrdiff_t first,
                          void *scratch)
{
    ptrdiff_t top = first - derivative->op->taps /
                                2; /* reflection at the bottom border reads no row above it */
    *cursor = (eg_tile_cursor){
        .derivative = derivative,
        .band = band,
        .x0 = x0,
        .width = width,
        .next_row = top < 0 ? 0 : top,
        .ring = scratch,
        .scratch = (char *)scratch + EG_SMOOTHED_RING * RING_BYTES,
    };
    if (!derivative->keeps_shifts)
        return;
    cursor->shift_x = cursor->scratch + KERNEL_SCRATCH;
    cursor->shift_y = cursor->shift_x + EG_SMOOTHED_RING * RING_BYTES;
    cursor->zero = cursor->shift_y + EG_SMOOTHED_RING * RING_BYTES;
    cursor->work = cursor->zero + RING_BYTES;
}

/* Returns the address of column x0 of row y in a ring. */
static char *row_in(const eg_tile_cursor *cursor, char *ring, ptrdiff_t y)
{
    size_t sample = eg_row_bytes(cursor->derivative->sample, 1);
    return ring + ((size_t)y % EG_SMOOTHED_RING) * RING_BYTES + EG_SMOOTHED_MARGIN * sample;
}

/* ---- rows that missing samples have influence on --------------------------------------------- */

/* Sets the shifts of row y to 0. */
static eg_smoothed begin_shifts(const eg_tile_cursor *cursor, ptrdiff_t y)
{
    const size_t slot = (size_t)y % EG_SMOOTHED_RING;
    if (!cursor->shift_x)
        return (eg_smoothed){NULL, NULL, NULL};
    memset(cursor->shift_x + slot * RING_BYTES, 0, RING_BYTES);
    memset(cursor->shift_y + slot * RING_BYTES, 0, RING_BYTES);
    return (eg_smoothed){.shift_x = (float *)(void *)row_in(cursor, cursor->shift_x, y),
                         .shift_y = (float *)(void *)row_in(cursor, cursor->shift_y, y)};
}

/* Completes the samples of row y from column `from` to `to`, smoothed from `rows`. */
static void smooth_around_missing(const eg_tile_cursor *cursor, ptrdiff_t y,
                                  const void *const rows[], ptrdiff_t from, ptrdiff_t to)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const ptrdiff_t shift = from - cursor->x0;
    eg_smoothed out = begin_shifts(cursor, y);
    out.samples = (float *)(void *)row_in(cursor, cursor->ring, y) + shift;
    if (out.shift_x) {
        out.shift_x += shift;
        out.shift_y += shift;
    }
    eg_blur_around_missing(derivative->kernels, &derivative->gaussian, &out, rows,
                           (size_t)(to - from), cursor->scratch);
}

/* Pads rows of the rings where they reach outside the image. */
static void pad_rows(const eg_tile_cursor *cursor, ptrdiff_t y, bool missing, eg_side sides)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const ptrdiff_t sample = (ptrdiff_t)eg_row_bytes(derivative->sample, 1);
    const size_t pad = (size_t)derivative->op->taps / 2 + 1, width = cursor->band->width;
    char *const rings[] = {cursor->ring, cursor->shift_x, cursor->shift_y};
    for (size_t i = 0; sides && i < (missing && cursor->shift_x ? 3 : 1); i++)
        eg_pad_row(row_in(cursor, rings[i], y) - cursor->x0 * sample, derivative->sample, width,
                   pad, sides, derivative->border, i ? 0 : derivative->border_value);
}

/* Smooths row y at the columns the difference operator reads, then pads the smoothed row by the
 * border rule where those columns are outside the image. Returns true if missing samples have
 * influence on it. */
static bool smooth_row(const eg_tile_cursor *cursor, ptrdiff_t y)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const eg_gradient_kernels *kernels = derivative->kernels;
    const ptrdiff_t width = (ptrdiff_t)cursor->band->width, halo = derivative->op->taps / 2;
    const ptrdiff_t radius = (ptrdiff_t)derivative->gaussian.radius;
    const ptrdiff_t sample = (ptrdiff_t)eg_row_bytes(derivative->sample, 1);
    bool missing = false;
    ptrdiff_t from = cursor->x0 - halo, to = cursor->x0 + (ptrdiff_t)cursor->width + halo;
    from = from < 0 ? 0 : from;
    to = to > width ? width : to;

    const void *rows[2 * EG_RADIUS_MAX + 1];
    for (ptrdiff_t j = -radius; j <= radius; j++)
        rows[j + radius] = (const char *)eg_band_row(cursor->band, y + j) + from * sample;
    void *out = row_in(cursor, cursor->ring, y) + (from - cursor->x0) * sample;
    if (derivative->sample == EG_U8) {
        kernels->blur_u8(out, rows, derivative->gaussian.fixed, (size_t)radius, (size_t)(to - from),
                         cursor->scratch);
    } else {
        kernels->blur_f32(out, rows, derivative->gaussian.real, (size_t)radius, (size_t)(to - from),
                          cursor->scratch);
        missing = kernels->has_missing(out, (size_t)(to - from));
        if (missing)
            smooth_around_missing(cursor, y, rows, from, to);
    }
    pad_rows(cursor, y, missing,
             (eg_side)((from == 0 ? EG_LEFT : 0) | (to == width ? EG_RIGHT : 0)));
    return missing;
}

/* Returns true if a sample of source row y that the difference operator reads is missing, and sets
 * the shifts of the row. */
static bool examine_row(const eg_tile_cursor *cursor, ptrdiff_t y)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const ptrdiff_t halo = derivative->op->taps / 2, count = (ptrdiff_t)cursor->width + 2 * halo;
    if (derivative->sample == EG_U8)
        return false;
    const float *row = (const float *)eg_band_row(cursor->band, y) + cursor->x0 - halo;
    if (!derivative->kernels->has_missing(row, (size_t)count))
        return false;
    const eg_smoothed out = begin_shifts(cursor, y);
    for (ptrdiff_t x = 0; out.shift_x && x < count; x++)
        if (eg_is_missing(row[x]))
            out.shift_x[x - halo] = out.shift_y[x - halo] = NAN;
    return true;
}

/* Returns row y of what is differenced, smoothed or not, and sets *missing if missing samples have
 * influence on it. */
static const void *input_row(eg_tile_cursor *cursor, ptrdiff_t y, bool *missing)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const bool smooth = derivative->gaussian.radius > 0;
    ptrdiff_t inside = eg_border_index(y, cursor->band->height, derivative->border);
    for (; cursor->next_row <= inside; cursor->next_row++)
        cursor->missing[(size_t)cursor->next_row % EG_SMOOTHED_RING] =
            smooth ? smooth_row(cursor, cursor->next_row) : examine_row(cursor, cursor->next_row);
    *missing |= inside < 0 ? eg_is_missing(derivative->border_value)
                           : cursor->missing[(size_t)inside % EG_SMOOTHED_RING];
    if (smooth && inside >= 0)
        return row_in(cursor, cursor->ring, inside);
    return (const char *)eg_band_row(cursor->band, y) +
           (smooth ? 0 : cursor->x0) * (ptrdiff_t)eg_row_bytes(derivative->sample, 1);
}

/* Returns true if one of the tile's samples of source row y, all inside the image, is valid. */
static bool has_valid(const eg_tile_cursor *cursor, ptrdiff_t y)
{
    const float *row = eg_band_row(cursor->band, y);
    const ptrdiff_t end = cursor->x0 + (ptrdiff_t)cursor->width;
    for (ptrdiff_t x = cursor->x0; x < end; x++)
        if (x >= 0 && x < (ptrdiff_t)cursor->band->width && !eg_is_missing(row[x]))
            return true;
    return false;
}

bool eg_tile_cursor_row(eg_tile_cursor *cursor, ptrdiff_t y, void *gx, void *gy)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    const void *rows[EG_MAX_TAPS] = {NULL};
    bool missing = false;
    for (int j = 0; j < derivative->op->taps; j++)
        rows[j] = input_row(cursor, y - derivative->op->origin + j, &missing);
    derivative->diff(gx, gy, rows, cursor->width, cursor->scratch);
    if (missing)
        eg_difference_around_missing(derivative->op, gx, gy, rows, cursor->width);
    cursor->any_valid = cursor->any_valid || !missing || has_valid(cursor, y);
    return missing;
}

/* Returns row y of a ring of shifts; the row of zeros if no missing sample has influence on it. */
static const void *shift_row(const eg_tile_cursor *cursor, char *ring, ptrdiff_t y)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    ptrdiff_t inside = eg_border_index(y, cursor->band->height, derivative->border);
    if (inside < 0 || !cursor->missing[(size_t)inside % EG_SMOOTHED_RING])
        return row_in(cursor, cursor->zero, 0);
    return row_in(cursor, ring, inside);
}

void eg_tile_cursor_correct(const eg_tile_cursor *cursor, ptrdiff_t y, float *gx, float *gy,
                            uint64_t *partial)
{
    const eg_derivative_stage *derivative = cursor->derivative;
    eg_shift_rows shifts = {.scratch = cursor->scratch};
    for (int j = 0; j < derivative->op->taps; j++) {
        const ptrdiff_t from = y - derivative->op->origin + j;
        shifts.x[j] = shift_row(cursor, cursor->shift_x, from);
        shifts.y[j] = shift_row(cursor, cursor->shift_y, from);
    }
    for (size_t i = 0; i < 4; i++)
        shifts.responses[i] = (float *)(void *)(cursor->work + i * RING_BYTES);
    eg_correct_responses(derivative->op, derivative->diff, gx, gy, &shifts, cursor->width, partial);
}
