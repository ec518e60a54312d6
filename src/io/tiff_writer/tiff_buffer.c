/* SPDX-License-Identifier: MIT */
/* Copies blocks out of the buffered rows of a TIFF. */
#include "io/tiff_writer/tiff_write.h"

enum {
    AHEAD = 2,            /* rows between the row that is copied and the one that is fetched */
    PREFETCH_BYTES = 1024 /* bytes of a row that are fetched */
};

/* Fetches the first bytes of a row into the cache, because rows lie pages apart, where the
 * processor fetches nothing by itself. */
static void prefetch(const uint8_t *row, size_t bytes)
{
    for (size_t at = 0; at < bytes && at < PREFETCH_BYTES; at += 64)
        __builtin_prefetch(row + at);
}

void eg_tiff_buffer_copy(const eg_tiff_buffer *buffer, const eg_tiff_layout *layout, int predictor,
                         uint32_t block, size_t rows, uint8_t *out)
{
    const size_t i = block - buffer->first_block, bytes = layout->row_bytes;
    const size_t top = i / layout->blocks_across * layout->block_height;
    const size_t available = buffer->rows - top;
    const uint8_t *source = buffer->bytes + i % layout->blocks_across * bytes;
    const eg_predictor replace = {.number = predictor,
                                  .bytes = layout->bits_per_sample / 8u,
                                  .stride = layout->channels,
                                  .row_bytes = bytes};
    for (size_t y = 0; y < rows; y++) {
        const uint8_t *row = source + (top + (y < available ? y : available - 1)) * buffer->stride;
        if (y + AHEAD < available)
            prefetch(row + AHEAD * buffer->stride, bytes);
        eg_predictor_encode(&replace, row, out + y * bytes);
    }
}
