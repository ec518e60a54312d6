/* SPDX-License-Identifier: MIT */
/* Number of rows of a strip, and width of its rows. */
#include "core/strips.h"

#include "core/context.h"
#include "core/size.h"

enum {
    STRIP_BYTES = 256 * 1024,    /* source bytes in a strip: a slot's working set fits in L2 */
    MIN_STRIPS = 16,             /* strips of an image, so that all threads have work */
    MIN_STRIP_BYTES = 64 * 1024, /* size below which the overhead of a strip dominates */
    MIN_STRIP_ROWS = 16
};

size_t eg_strip_pad(const eg_stage *stage)
{
    return eg_max_size(EG_BAND_PAD, (stage->pad + 63) / 64 * 64);
}

size_t eg_strip_plane_bytes(const eg_source *source, const eg_stage *stage)
{
    return eg_padded_bytes(source->info.sample, source->info.width, eg_strip_pad(stage));
}

eg_span eg_strip_span(const eg_source *source, const eg_stage *stage)
{
    const eg_span out = eg_source_span(source);
    return (eg_span){out.first - eg_min_size(out.first, stage->halo),
                     eg_min_size(out.end + stage->halo, source->info.height)};
}

/* Returns the rows of a strip beside which those of the halo, which are computed twice, are few. Of
 * a large halo they may be a third of the rows, so that all threads have work. */
static size_t rows_for_halo(const eg_stage *stage, size_t share)
{
    if (stage->halo <= EG_BAND_PAD)
        return 6 * stage->halo;
    return eg_min_size(6 * stage->halo, eg_max_size(4 * stage->halo, share));
}

size_t eg_pipeline_rows(const eg_source *source, const eg_stage *stage)
{
    const eg_info *info = &source->info;
    const eg_span out = eg_source_span(source);
    size_t rows = source->ctx->config.strip_rows;
    if (!rows) {
        size_t row_bytes = eg_source_planes(source) * eg_strip_plane_bytes(source, stage);
        const bool small = eg_is_small_work(source->ctx, info->width * (out.end - out.first));
        const size_t strips = small ? 1 : MIN_STRIPS; /* of one thread one strip is enough */
        size_t share = (out.end - out.first + strips - 1) / strips;
        rows =
            eg_min_size(STRIP_BYTES / row_bytes, eg_max_size(share, MIN_STRIP_BYTES / row_bytes));
        rows = eg_max_size(rows, eg_max_size(MIN_STRIP_ROWS, rows_for_halo(stage, share)));
        if (source->block_rows) /* whole blocks of the decoder */
            rows = eg_max_size((rows + source->block_rows / 2) / source->block_rows, 1) *
                   source->block_rows;
    }
    if (stage->multiple)
        rows = (rows + stage->multiple - 1) / stage->multiple * stage->multiple;
    return eg_min_size(eg_max_size(rows, stage->halo + 1),
                       eg_strip_span(source, stage).end - out.first);
}

/* Halo rows before the window belong to the first strip and are not counted here. */
size_t eg_pipeline_strips(const eg_source *source, const eg_stage *stage)
{
    size_t rows = eg_pipeline_rows(source, stage);
    return (eg_strip_span(source, stage).end - eg_source_span(source).first + rows - 1) / rows;
}
