/* SPDX-License-Identifier: MIT */
/*
 * Chooses the predictor and, for DEFLATE's default level, the compressor. Both depend on the data,
 * so parts of some of the first blocks are compressed with each. Size in percent of the
 * uncompressed one, tiles of 256:
 *
 *                                                 level 1                            ISA-L with
 *                                                 no predictor   2 (floats: 3)       the better
 *     slope of a float DEM, 2400 x 2400           88.8           80.3                80.9
 *     slope of a DEM in whole metres, 1201^2      62.0           81.8                63
 *     magnitude of an 8-bit image, floats         27.3           52.5                29.7
 *     hillshade, 8 bits                           71.9           57.9                57.5
 *     D8 codes, 8 bits                            30.6           36.9                31.5
 *     magnitude in 16 bits                        40.5           46.0                42.5
 *     edges, 1 bit                                 4.0                                4.3
 *
 * ISA-L takes a third of the time. On floats, predictor 2 was never the best of the three.
 */
#include "core/pipeline.h"
#include "io/tiff_writer/tiff_write.h"

enum {
    TRIAL_BLOCKS = 4,  /* blocks that are compressed */
    TRIAL_ROWS = 64,   /* rows of each of them that are compressed; a multiple of 16 */
    FAST_PERCENT = 102 /* size with ISA-L up to which it is chosen, in percent of that of level 1 */
};

/* Layouts to choose from: predictors (none, the layout's) times levels (1, ISA-L's). */
typedef struct trial {
    eg_context *ctx;
    const char *name; /* of the output file, for messages */
    const eg_tiff_buffer *buffer;
    const eg_tiff_layout *file; /* layout of the file */
    uint32_t candidates;        /* buffered blocks from which the trial blocks are evenly chosen */
    size_t predictors, levels;  /* numbers of each: 1 or 2 */
    eg_tiff_layout layout[4];
    size_t bytes[4]; /* compressed size of the trial blocks with each layout */
} trial;

static bool is_fast(const eg_tiff_layout *layout)
{
    return layout->codec == EG_CODEC_DEFLATE && layout->level == EG_ENCODER_FAST;
}

bool eg_tiff_has_choice(const eg_tiff_layout *layout, bool any_predictor)
{
    return (any_predictor && layout->predictor > PREDICTOR_NONE) || is_fast(layout);
}

/* Compresses the trial blocks with layout i. `out` is scratch memory for a compressed block. */
static eg_status run_trial(trial *t, size_t i, eg_tiff_coder *coder, uint8_t *out, eg_error *error)
{
    const eg_tiff_layout *layout = &t->layout[i];
    eg_status status = EG_OK;
    for (uint32_t k = 0; k < layout->block_count && status == EG_OK; k++) {
        size_t size = 0;
        uint64_t block = (2 * (uint64_t)k + 1) * t->candidates / (2 * layout->block_count);
        eg_tiff_buffer_copy(t->buffer, t->file, layout->predictor, (uint32_t)block,
                            layout->block_height, coder->rows);
        status = eg_tiff_coder_run(coder, layout, layout->block_bytes, out, &size, error);
        t->bytes[i] += size;
    }
    return status;
}

static eg_status try_layout(void *opaque, size_t i, size_t worker, eg_error *error)
{
    (void)worker;
    trial *t = opaque;
    eg_tiff_coder coder;
    eg_status status = eg_tiff_coder_open(&coder, t->ctx, t->name, &t->layout[i], error);
    uint8_t *out =
        status == EG_OK ? eg_alloc(t->ctx, eg_tiff_block_bound(&t->layout[i]), 1, error) : NULL;
    if (out)
        status = run_trial(t, i, &coder, out, error);
    else if (status == EG_OK)
        status = eg_failed(error);
    eg_free(out);
    eg_tiff_coder_close(&coder);
    return status;
}

/* Makes the layout of the trial blocks. */
static eg_tiff_layout trial_layout(const trial *t, uint16_t predictor, int level)
{
    eg_tiff_layout tried = *t->file;
    tried.predictor = predictor;
    tried.level = level;
    if (tried.block_height > TRIAL_ROWS)
        tried.block_height = TRIAL_ROWS;
    tried.block_bytes = tried.row_bytes * tried.block_height;
    tried.blocks_across = 1;
    tried.block_count = t->candidates < TRIAL_BLOCKS ? t->candidates : TRIAL_BLOCKS;
    tried.width = tried.block_width;
    tried.height = tried.block_count * tried.block_height;
    return tried;
}

eg_status eg_tiff_choose_coding(eg_tiff_layout *layout, bool any_predictor,
                                const eg_tiff_buffer *buffer, uint32_t candidates, eg_context *ctx,
                                const char *name, eg_error *error)
{
    const bool fast = is_fast(layout), both = any_predictor && layout->predictor > PREDICTOR_NONE;
    const uint16_t predictors[2] = {both ? PREDICTOR_NONE : layout->predictor, layout->predictor};
    const int levels[2] = {fast ? 1 : layout->level, EG_ENCODER_FAST};
    trial t = {.ctx = ctx,
               .name = name,
               .buffer = buffer,
               .file = layout,
               .candidates = candidates < layout->block_count ? candidates : layout->block_count,
               .predictors = both ? 2 : 1,
               .levels = fast ? 2 : 1};
    for (size_t i = 0; i < t.predictors * t.levels; i++)
        t.layout[i] = trial_layout(&t, predictors[i / t.levels], levels[i % t.levels]);
    eg_status status = eg_pool_for_each(t.predictors * t.levels, &t, try_layout, error);
    if (status != EG_OK)
        return status;
    const size_t best = both && t.bytes[t.levels] <= t.bytes[0] ? t.levels : 0;
    layout->predictor = t.layout[best].predictor;
    if (fast && 100 * (uint64_t)t.bytes[best + 1] > FAST_PERCENT * (uint64_t)t.bytes[best])
        layout->level = levels[0];
    return EG_OK;
}
