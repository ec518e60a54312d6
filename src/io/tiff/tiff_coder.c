/* SPDX-License-Identifier: MIT */
/*
 * One cell of a TIFF compressed, by libtiff itself, so that every codec and predictor it has can be
 * used: libtiff writes into a file that only pretends to exist.
 */
#include <stdio.h>
#include <string.h>

#include "io/tiff/tiff_write.h"

enum {
    CODEC_BYTES = 1 << 20, /* what the codecs allocate to search with; libdeflate has most */
    PRETENDED_END = 8      /* of the file, where every cell is appended: after its header */
};

/* ---- the file that pretends ------------------------------------------------------------------ */

static tmsize_t on_write(thandle_t opaque, void *bytes, tmsize_t size)
{
    eg_tiff_coder *coder = opaque;
    if (coder->out && (size_t)size > coder->capacity - coder->used)
        return -1;
    if (coder->out)
        memcpy(coder->out + coder->used, bytes, (size_t)size);
    coder->used += (size_t)size;
    return size;
}

static toff_t on_seek(thandle_t opaque, toff_t offset, int whence)
{
    (void)opaque;
    return whence == SEEK_SET ? offset : PRETENDED_END;
}

static toff_t on_size(thandle_t opaque)
{
    (void)opaque;
    return PRETENDED_END;
}

static int on_error(TIFF *tif, void *opaque, const char *module, const char *format, va_list args)
{
    char text[256];
    eg_tiff_coder *coder = opaque;
    (void)tif, (void)module;
    vsnprintf(text, sizeof text, format, args);
    eg_fail_file(&coder->failure, EG_FILE, coder->name, "cannot be compressed: %s", text);
    return 1;
}

/* ---- the coder ------------------------------------------------------------------------------- */

static eg_status fail(eg_tiff_coder *coder, eg_error *error)
{
    if (coder->failure.status == EG_OK)
        return eg_fail_file(error, EG_FILE, coder->name, "libtiff cannot compress it");
    return eg_fail(error, coder->failure.status, "%s", coder->failure.message);
}

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *form, eg_error *error)
{
    *coder = (eg_tiff_coder){.ctx = ctx, .name = name};
    /* Two buffers of a cell, and for every cell of the picture its place and its size */
    size_t bytes = 3 * form->cell_bytes + CODEC_BYTES + form->cells * 2 * sizeof(uint64_t);
    coder->samples = eg_alloc(ctx, 1, form->cell_bytes, error);
    if (!coder->samples)
        return eg_failed(error);
    if (!eg_memory_reserve(ctx, bytes, error))
        return eg_failed(error);
    coder->charged = bytes;
    coder->tif =
        eg_tiff_client(name, "w", coder, &(eg_tiff_file){on_write, on_seek, on_size, on_error});
    if (!coder->tif || !eg_tiff_set_layout(coder->tif, form))
        return fail(coder, error);
    return EG_OK;
}

eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *form, uint32_t cell,
                            size_t bytes, uint8_t *out, size_t *size, eg_error *error)
{
    coder->out = out;
    coder->used = 0;
    coder->capacity = eg_tiff_bound(form);
    tmsize_t done = form->tiled
                        ? TIFFWriteEncodedTile(coder->tif, cell, coder->samples, (tmsize_t)bytes)
                        : TIFFWriteEncodedStrip(coder->tif, cell, coder->samples, (tmsize_t)bytes);
    coder->out = NULL;
    *size = coder->used;
    return done < 0 ? fail(coder, error) : EG_OK;
}

void eg_tiff_coder_close(eg_tiff_coder *coder)
{
    if (coder->tif)
        TIFFClose(coder->tif);
    if (coder->charged)
        eg_memory_release(coder->ctx, coder->charged);
    eg_free(coder->samples);
    *coder = (eg_tiff_coder){0};
}
