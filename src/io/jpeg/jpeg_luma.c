/* SPDX-License-Identifier: MIT */
/*
 * The Y plane through libjpeg's interface for raw data: the inverse DCT writes into the rows of the
 * caller. Its interface for scan lines would write into a buffer and copy each row from there.
 */
#include "io/jpeg/jpeg_luma.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"

/* Most rows of a block: the largest vertical sampling factor is 4. */
enum { BLOCK_ROWS_MOST = 4 * DCTSIZE };

/* Returns true if the first component is the grey that libjpeg would deliver, at full resolution.
 */
static bool is_plain_luma(const struct jpeg_decompress_struct *cinfo)
{
    const jpeg_component_info *y = &cinfo->comp_info[0];
    return cinfo->out_color_space == JCS_GRAYSCALE &&
           (cinfo->jpeg_color_space == JCS_GRAYSCALE || cinfo->jpeg_color_space == JCS_YCbCr) &&
           y->h_samp_factor == cinfo->max_h_samp_factor &&
           y->v_samp_factor == cinfo->max_v_samp_factor && y->v_samp_factor <= 4;
}

eg_status eg_jpeg_luma_prepare(eg_jpeg_luma *luma, eg_context *ctx, j_decompress_ptr cinfo,
                               eg_error *error)
{
    if (!is_plain_luma(cinfo))
        return EG_OK;
    const size_t width = cinfo->image_width;
    luma->stride = (width + DCTSIZE - 1) / DCTSIZE * DCTSIZE;
    luma->rows = (size_t)cinfo->max_v_samp_factor * DCTSIZE;
    luma->next = luma->rows;
    luma->block = eg_alloc(ctx, luma->rows, luma->stride, error);
    if (!luma->block)
        return eg_failed(error);
    cinfo->raw_data_out = TRUE;
    /* libjpeg sets this itself where it converts to grey: other coefficients are not transformed.
     */
    for (int i = 1; i < cinfo->num_components; i++)
        cinfo->comp_info[i].component_needed = FALSE;
    return EG_OK;
}

/* Decodes the next block: its first `direct` rows into `rows`, the others into luma->block. */
static void decode_block(eg_jpeg_luma *luma, j_decompress_ptr cinfo, uint8_t *rows, size_t stride,
                         size_t direct)
{
    JSAMPROW lines[BLOCK_ROWS_MOST];
    JSAMPARRAY planes[MAX_COMPONENTS] = {lines};
    for (size_t i = 0; i < luma->rows; i++)
        lines[i] = i < direct ? rows + i * stride : luma->block + i * luma->stride;
    jpeg_read_raw_data(cinfo, planes, (JDIMENSION)luma->rows);
    luma->next = direct;
}

/* Copies up to `count` rows that are left of the last block; returns their number. */
static size_t copy_rows(eg_jpeg_luma *luma, size_t width, uint8_t *rows, size_t stride,
                        size_t count)
{
    const size_t left = luma->rows - luma->next, now = count < left ? count : left;
    for (size_t i = 0; i < now; i++)
        memcpy(rows + i * stride, luma->block + (luma->next + i) * luma->stride, width);
    luma->next += now;
    return now;
}

void eg_jpeg_luma_read(eg_jpeg_luma *luma, j_decompress_ptr cinfo, uint8_t *rows, size_t stride,
                       size_t count, bool padded)
{
    const size_t width = cinfo->image_width;
    const bool fits = padded || width == luma->stride;
    while (count > 0) {
        size_t now = copy_rows(luma, width, rows, stride, count);
        if (now == 0) {
            now = !fits ? 0 : count < luma->rows ? count : luma->rows;
            decode_block(luma, cinfo, rows, stride, now);
        }
        rows += now * stride;
        count -= now;
    }
}
