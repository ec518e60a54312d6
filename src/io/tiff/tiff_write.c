/* SPDX-License-Identifier: MIT */
/*
 * TIFF out. Rows are gathered until they fill rows of cells (tiles or strips), which are compressed
 * apart from one another, on all threads, and appended in order: what is in the file depends on
 * nothing else. libtiff keeps the book of them and writes it, the directory, at the end.
 */
#include <stdio.h>
#include <string.h>

#include "core/pipeline.h"
#include "io/png/png_filter.h"
#include "io/tiff/tiff_open.h"
#include "io/tiff/tiff_write.h"

enum {
    CELLS_AT_ONCE = 8, /* gathered for a thread, so that few wait for the last one */
    TRIALS = 4,        /* cells, of which ... */
    TRIAL_ROWS = 64    /* are compressed to choose the predictor; a multiple of 16 */
};

typedef struct packed_cell {
    uint8_t *bytes;
    size_t size;
} packed_cell;

typedef struct tiff_sink {
    eg_sink base;
    eg_output *output;
    eg_write_options options;
    eg_tiff_layout form;
    bool undecided; /* the form's predictor is still to be tried against none */
    TIFF *tif;
    uint64_t at, end;  /* where libtiff writes next, and the file's length */
    bool abandoned;    /* nothing that libtiff still writes matters */
    eg_error failure;  /* inside libtiff */
    size_t charged;    /* for what it allocates */
    uint8_t *band;     /* rows as in the file, padded to whole cells */
    size_t stride;     /* of its rows */
    size_t rows, room; /* gathered in it, and how many fit */
    uint32_t next;     /* its first cell */
    uint32_t first;    /* of the cells packed at a time, the first */
    packed_cell *packed;
    size_t slots; /* how many are packed at a time */
    uint8_t *packed_bytes;
    eg_tiff_coder *coders; /* one for each thread, made when first used */
    size_t coder_count;
} tiff_sink;

/* ---- libtiff's file -------------------------------------------------------------------------- */

static tmsize_t on_write(thandle_t opaque, void *bytes, tmsize_t size)
{
    tiff_sink *s = opaque;
    if (s->abandoned)
        return size;
    if (eg_output_seek(s->output, s->at, &s->failure) != EG_OK ||
        eg_output_write(s->output, bytes, (size_t)size, &s->failure) != EG_OK)
        return -1;
    s->at += (uint64_t)size;
    if (s->at > s->end)
        s->end = s->at;
    return size;
}

static toff_t on_seek(thandle_t opaque, toff_t offset, int whence)
{
    tiff_sink *s = opaque;
    s->at = offset + (whence == SEEK_END ? s->end : whence == SEEK_CUR ? s->at : 0);
    return s->at;
}

static toff_t on_size(thandle_t opaque)
{
    return ((const tiff_sink *)opaque)->end;
}

static int on_error(TIFF *tif, void *opaque, const char *module, const char *format, va_list args)
{
    char text[256];
    tiff_sink *s = opaque;
    (void)tif, (void)module;
    vsnprintf(text, sizeof text, format, args);
    eg_output_fail(s->output, &s->failure, EG_FILE, "cannot be written: %s", text);
    return 1;
}

static eg_status libtiff_failed(const tiff_sink *s, eg_error *error)
{
    if (s->failure.status == EG_OK)
        return eg_output_fail(s->output, error, EG_FILE, "libtiff cannot write it");
    return eg_fail(error, s->failure.status, "%s", s->failure.message);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static eg_status allocate(tiff_sink *s, eg_error *error)
{
    const eg_tiff_layout *form = &s->form;
    eg_context *ctx = s->base.ctx;
    size_t wanted = CELLS_AT_ONCE * eg_worker_count(ctx);
    size_t down = (wanted - 1) / form->across + 1;
    if (down > form->cells / form->across)
        down = form->cells / form->across;
    s->slots = down * form->across < wanted ? down * form->across : wanted;
    s->stride = form->row_bytes * form->across;
    s->room = down * form->cell_height;
    if (s->room > form->height)
        s->room = form->height;
    s->coder_count = eg_worker_count(ctx);

    s->band = eg_alloc(ctx, s->room, s->stride, error);
    s->packed = s->band ? eg_calloc(ctx, s->slots, sizeof *s->packed, error) : NULL;
    s->packed_bytes = s->packed ? eg_alloc(ctx, s->slots, eg_tiff_bound(form), error) : NULL;
    s->coders = s->packed_bytes ? eg_calloc(ctx, s->coder_count, sizeof *s->coders, error) : NULL;
    if (!s->coders)
        return eg_failed(error);
    for (size_t i = 0; i < s->slots; i++)
        s->packed[i].bytes = s->packed_bytes + i * eg_tiff_bound(form);
    size_t book = form->cells * 2 * sizeof(uint64_t);
    if (!eg_memory_reserve(ctx, book, error))
        return eg_failed(error);
    s->charged = book;
    return EG_OK;
}

static eg_status tiff_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = eg_tiff_plan(&s->form, s->output, &s->options, layout, error);
    if (status == EG_OK)
        status = allocate(s, error);
    if (status == EG_OK)
        status = eg_output_seekable(s->output, error);
    if (status != EG_OK)
        return status;
    s->undecided = !s->options.predictor && s->form.predictor > PREDICTOR_NONE;
    s->tif = eg_tiff_client(eg_output_name(s->output), eg_tiff_is_big(&s->form) ? "w8" : "w", s,
                            &(eg_tiff_file){on_write, on_seek, on_size, on_error});
    if (!s->tif || !eg_tiff_set_layout(s->tif, &s->form) ||
        !TIFFSetField(s->tif, TIFFTAG_SOFTWARE, "edgegrad " EG_VERSION))
        return libtiff_failed(s, error);
    status = eg_tiff_set_georef(s->tif, s->base.ctx, layout, error);
    return status == EG_OK && s->failure.status != EG_OK ? libtiff_failed(s, error) : status;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Fills what a row's last cell has beyond the picture with its last sample. */
static void pad_row(uint8_t *row, size_t width, size_t stride, unsigned bits)
{
    size_t used = (width * bits + 7) / 8, size = bits / 8;
    if (bits == 1) {
        bool set = row[used - 1] >> (7 - (width - 1) % 8) & 1;
        if (set)
            row[used - 1] |= (uint8_t)(0xFF >> ((width - 1) % 8));
        memset(row + used, set ? 0xFF : 0, stride - used);
        return;
    }
    for (size_t at = used; at < stride; at += size)
        memcpy(row + at, row + used - size, size);
}

/* A TIFF has the order of bits of a PNG. */
static void gather_row(tiff_sink *s, const void *row)
{
    const eg_tiff_layout *form = &s->form;
    uint8_t *to = s->band + s->rows * s->stride;
    size_t bytes = ((size_t)form->width * form->bits + 7) / 8;
    if (form->bits == 1)
        eg_png_from_bits(to, row, bytes);
    else
        memcpy(to, row, bytes);
    if (s->stride > bytes || form->bits == 1)
        pad_row(to, form->width, s->stride, form->bits);
    s->rows++;
}

/* Copies the first rows of a cell out of the band, and below the last row there is that one again.
 */
static void cut_rows(const tiff_sink *s, uint32_t cell, size_t rows, uint8_t *out)
{
    const eg_tiff_layout *form = &s->form;
    size_t i = cell - s->next, bytes = form->row_bytes;
    size_t top = i / form->across * form->cell_height, there = s->rows - top;
    const uint8_t *left = s->band + i % form->across * bytes;
    for (size_t y = 0; y < rows; y++)
        memcpy(out + y * bytes, left + (top + (y < there ? y : there - 1)) * s->stride, bytes);
}

/* A whole tile, or what there is of a strip; its bytes. */
static size_t cut_cell(const tiff_sink *s, uint32_t cell, uint8_t *out)
{
    const eg_tiff_layout *form = &s->form;
    size_t rows = form->cell_height;
    size_t there = s->rows - (cell - s->next) / form->across * rows;
    if (!form->tiled && rows > there)
        rows = there;
    cut_rows(s, cell, rows, out);
    return rows * form->row_bytes;
}

static eg_status pack_cell(void *opaque, size_t i, size_t worker, eg_error *error)
{
    tiff_sink *s = opaque;
    eg_tiff_coder *coder = &s->coders[worker];
    packed_cell *packed = &s->packed[i];
    uint32_t cell = s->first + (uint32_t)i;
    eg_status status = EG_OK;
    if (s->form.compression == COMPRESSION_NONE) {
        packed->size = cut_cell(s, cell, packed->bytes);
        return EG_OK;
    }
    if (!coder->tif)
        status = eg_tiff_coder_open(coder, s->base.ctx, eg_output_name(s->output), &s->form, error);
    if (status != EG_OK)
        return status;
    size_t bytes = cut_cell(s, cell, coder->samples);
    return eg_tiff_coder_run(coder, &s->form, cell, bytes, packed->bytes, &packed->size, error);
}

static bool append_cell(tiff_sink *s, uint32_t cell, const packed_cell *packed)
{
    tmsize_t size = (tmsize_t)packed->size;
    return (s->form.tiled ? TIFFWriteRawTile(s->tif, cell, packed->bytes, size)
                          : TIFFWriteRawStrip(s->tif, cell, packed->bytes, size)) == size;
}

/* ---- the predictor --------------------------------------------------------------------------- */

/*
 * Whether differences or the samples themselves become smaller depends on where they come from, so
 * that is tried on a few cells among the first. Level 1, tiles of 256, in percent of the
 * uncompressed size:
 *
 *                                                  none   differences (2; of floats 3)
 *     slope of heights in floats, 2400 x 2400      88.8   80.3
 *     slope of heights in whole metres, 1201^2     62.0   81.8
 *     magnitude of an 8-bit picture, floats        27.3   52.5
 *     hillshade, 8 bits                            71.9   57.9
 *     D8 codes, 8 bits                             30.6   36.9
 *     magnitude in 16 bits                         40.5   46.0
 *
 * Predictor 2 on floats was never the smallest of the three.
 */
typedef struct trial {
    const tiff_sink *sink;
    eg_tiff_layout form[2]; /* without and with differences */
    uint32_t among;         /* cells, of which those that are tried are evenly chosen */
    size_t bytes[2];        /* that they become */
} trial;

static eg_status try_form(void *opaque, size_t i, size_t worker, eg_error *error)
{
    (void)worker;
    trial *t = opaque;
    eg_tiff_coder coder;
    const eg_tiff_layout *form = &t->form[i];
    eg_status status =
        eg_tiff_coder_open(&coder, t->sink->base.ctx, eg_output_name(t->sink->output), form, error);
    for (uint32_t k = 0; k < form->cells && status == EG_OK; k++) {
        size_t size = 0;
        uint64_t cell = (2 * (uint64_t)k + 1) * t->among / (2 * form->cells);
        cut_rows(t->sink, (uint32_t)cell, form->cell_height, coder.samples);
        status = eg_tiff_coder_run(&coder, form, k, form->cell_bytes, NULL, &size, error);
        t->bytes[i] += size;
    }
    eg_tiff_coder_close(&coder);
    return status;
}

/* On the first band, which has whole rows of cells and, however many threads there are, no fewer
 * than CELLS_AT_ONCE where there are as many. */
static eg_status choose_predictor(tiff_sink *s, eg_error *error)
{
    const eg_tiff_layout *form = &s->form;
    trial t = {.sink = s, .among = form->across > CELLS_AT_ONCE ? form->across : CELLS_AT_ONCE};
    if (t.among > form->cells)
        t.among = form->cells;
    for (size_t i = 0; i < 2; i++) {
        eg_tiff_layout *tried = &t.form[i];
        *tried = *form;
        tried->predictor = i == 0 ? PREDICTOR_NONE : form->predictor;
        if (tried->cell_height > TRIAL_ROWS)
            tried->cell_height = TRIAL_ROWS;
        tried->cell_bytes = tried->row_bytes * tried->cell_height;
        tried->across = 1;
        tried->cells = t.among < TRIALS ? t.among : TRIALS;
        tried->width = tried->cell_width;
        tried->height = tried->cells * tried->cell_height;
    }
    eg_status status = eg_pool_for_each(2, &t, try_form, error);
    if (status != EG_OK)
        return status;
    s->form.predictor = t.form[t.bytes[1] <= t.bytes[0]].predictor;
    return TIFFSetField(s->tif, TIFFTAG_PREDICTOR, s->form.predictor) ? EG_OK
                                                                      : libtiff_failed(s, error);
}

/* ---- rows in, cells out ---------------------------------------------------------------------- */

/* The cells of the band, as many at a time as there are slots. */
static eg_status write_band(tiff_sink *s, eg_error *error)
{
    uint32_t down = eg_tiff_cells(s->rows, s->form.cell_height);
    uint32_t end = s->next + down * s->form.across;
    if (s->undecided) {
        eg_status status = choose_predictor(s, error);
        if (status != EG_OK)
            return status;
        s->undecided = false;
    }
    for (s->first = s->next; s->first < end; s->first += (uint32_t)s->slots) {
        size_t count = end - s->first < s->slots ? end - s->first : s->slots;
        eg_status status = eg_pool_for_each(count, s, pack_cell, error);
        if (status != EG_OK)
            return status;
        for (size_t i = 0; i < count; i++)
            if (!append_cell(s, s->first + (uint32_t)i, &s->packed[i]))
                return libtiff_failed(s, error);
    }
    s->next = end;
    s->rows = 0;
    return EG_OK;
}

static eg_status tiff_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        gather_row(s, (const char *)rows + i * stride);
        if (s->rows == s->room)
            status = write_band(s, error);
    }
    return status;
}

/* ---- ending ---------------------------------------------------------------------------------- */

static eg_status tiff_finish(eg_sink *sink, eg_error *error)
{
    tiff_sink *s = (tiff_sink *)sink;
    eg_status status = s->rows ? write_band(s, error) : EG_OK;
    if (status != EG_OK)
        return status;
    if (!TIFFWriteDirectory(s->tif))
        return libtiff_failed(s, error);
    return eg_output_commit(s->output, error);
}

/* libtiff writes a directory whenever it closes. */
static void tiff_close(eg_sink *sink)
{
    tiff_sink *s = (tiff_sink *)sink;
    s->abandoned = true;
    if (s->tif)
        TIFFClose(s->tif);
    for (size_t i = 0; s->coders && i < s->coder_count; i++)
        eg_tiff_coder_close(&s->coders[i]);
    if (s->charged)
        eg_memory_release(s->base.ctx, s->charged);
    eg_free(s->coders);
    eg_free(s->packed_bytes);
    eg_free(s->packed);
    eg_free(s->band);
    eg_output_close(s->output);
    eg_free(s);
}

/* ---- opening --------------------------------------------------------------------------------- */

static eg_status tiff_create(eg_sink **sink, eg_output *output, const eg_write_options *options,
                             eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = tiff_begin, .write = tiff_write, .finish = tiff_finish, .close = tiff_close};
    eg_context *ctx = eg_output_context(output);
    *sink = NULL;
    eg_status status = eg_tiff_load(error);
    if (status == EG_OK)
        status = eg_tiff_check(output, options, error);
    tiff_sink *made = status == EG_OK ? eg_calloc(ctx, 1, sizeof *made, error) : NULL;
    if (!made) {
        eg_output_close(output);
        return status == EG_OK ? eg_failed(error) : status;
    }
    made->base = (eg_sink){.ops = &ops, .ctx = ctx};
    made->output = output;
    made->options = *options;
    *sink = &made->base;
    return EG_OK;
}

const eg_format eg_tiff_format = {
    .name = "tiff",
    .help = "TIFF and GeoTIFF; 1, 8 or 16 bits, 32-bit floats",
    .extensions = "tif,tiff,gtiff",
    .probe = eg_tiff_probe,
    .open = eg_tiff_open,
    .create = tiff_create,
    .accepts = 1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16 | 1u << EG_F32,
};
