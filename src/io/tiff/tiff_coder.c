/* SPDX-License-Identifier: MIT */
/*
 * Compresses a block with libtiff, so that all its codecs and predictors can be used: libtiff
 * writes to a virtual file, whose bytes are kept only while a block is written.
 */
#include <stdio.h>
#include <string.h>

#include "io/tiff/tiff_write.h"

enum {
    CODEC_BYTES = 1 << 20, /* largest working memory of a codec (libdeflate's) */
    VIRTUAL_SIZE = 8       /* size of the virtual file: that of a TIFF header */
};

/* ---- the virtual file ------------------------------------------------------------------------ */

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
    return whence == SEEK_SET ? offset : VIRTUAL_SIZE;
}

static toff_t on_size(thandle_t opaque)
{
    (void)opaque;
    return VIRTUAL_SIZE;
}

static int on_error(TIFF *tif, void *opaque, const char *module, const char *format, va_list args)
{
    char text[256];
    eg_tiff_coder *coder = opaque;
    (void)tif, (void)module;
    vsnprintf(text, sizeof text, format, args);
    eg_fail_file(&coder->failure, EG_FILE, coder->name, "compression failed: %s", text);
    return 1;
}

/* ---- the coder ------------------------------------------------------------------------------- */

/* Reports the first error inside libtiff. */
static eg_status fail_with_libtiff(eg_tiff_coder *coder, eg_error *error)
{
    if (coder->failure.status == EG_OK)
        return eg_fail_file(error, EG_FILE, coder->name, "compression failed in libtiff");
    return eg_fail(error, coder->failure.status, "%s", coder->failure.message);
}

eg_status eg_tiff_coder_open(eg_tiff_coder *coder, eg_context *ctx, const char *name,
                             const eg_tiff_layout *layout, eg_error *error)
{
    *coder = (eg_tiff_coder){.ctx = ctx, .name = name};
    /* libtiff's buffers of a block, and the offset and size of every block of the file */
    size_t bytes =
        3 * layout->block_bytes + CODEC_BYTES + layout->block_count * 2 * sizeof(uint64_t);
    coder->samples = eg_alloc(ctx, 1, layout->block_bytes, error);
    if (!coder->samples)
        return eg_failed(error);
    if (!eg_memory_reserve(ctx, bytes, error))
        return eg_failed(error);
    coder->reserved = bytes;
    coder->tif = eg_tiff_open_callbacks(name, "w", coder,
                                        &(eg_tiff_callbacks){on_write, on_seek, on_size, on_error});
    if (!coder->tif || !eg_tiff_set_layout(coder->tif, layout))
        return fail_with_libtiff(coder, error);
    return EG_OK;
}

eg_status eg_tiff_coder_run(eg_tiff_coder *coder, const eg_tiff_layout *layout, uint32_t block,
                            size_t bytes, uint8_t *out, size_t *size, eg_error *error)
{
    coder->out = out;
    coder->used = 0;
    coder->capacity = eg_tiff_block_bound(layout);
    tmsize_t done = layout->tiled
                        ? TIFFWriteEncodedTile(coder->tif, block, coder->samples, (tmsize_t)bytes)
                        : TIFFWriteEncodedStrip(coder->tif, block, coder->samples, (tmsize_t)bytes);
    coder->out = NULL;
    *size = coder->used;
    return done < 0 ? fail_with_libtiff(coder, error) : EG_OK;
}

void eg_tiff_coder_close(eg_tiff_coder *coder)
{
    if (coder->tif)
        TIFFClose(coder->tif);
    if (coder->reserved)
        eg_memory_release(coder->ctx, coder->reserved);
    eg_free(coder->samples);
    *coder = (eg_tiff_coder){0};
}
