/* SPDX-License-Identifier: MIT */
/*
 * Finds the mask of an image: a directory after the image's own (TIFF 6.0, NewSubfileType bit 2),
 * as GDAL writes it. Reduced images and their masks may lie between the two.
 */
#include "io/tiff/tiff_read.h"

enum { DIRECTORIES_MAX = 256 }; /* directories looked at */

/* Returns true if the client's directory is a mask of full size; *more is false if it belongs to
 * another image. */
static bool is_mask(const eg_tiff_client *client, bool *more)
{
    uint32_t kind = 0;
    TIFFGetFieldDefaulted(client->tiff, TIFFTAG_SUBFILETYPE, &kind);
    *more = (kind & (FILETYPE_MASK | FILETYPE_REDUCEDIMAGE)) != 0;
    return (kind & FILETYPE_MASK) && !(kind & FILETYPE_REDUCEDIMAGE);
}

static bool has_same_size(const eg_tiff_client *client, const eg_info *info)
{
    uint32_t width = 0, height = 0;
    TIFFGetFieldDefaulted(client->tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetFieldDefaulted(client->tiff, TIFFTAG_IMAGELENGTH, &height);
    return width == info->stored_width && height == info->stored_height;
}

/* Reads the next directory, within the limit of bytes for one. */
static bool read_next(eg_tiff_client *client)
{
    eg_tiff_client_reset(client);
    client->read_budget = client->input->ctx->config.max_chunk;
    return TIFFReadDirectory(client->tiff) != 0;
}

/* Looks at the directories after the client's. */
static uint64_t find_mask(eg_tiff_client *client, eg_source *source)
{
    bool more = true;
    for (int i = 0; i < DIRECTORIES_MAX && more && !TIFFLastDirectory(client->tiff); i++) {
        if (!read_next(client)) {
            eg_source_warn(source, "the TIFF directory after that of the image is damaged: a mask "
                                   "in it is not applied");
            return 0;
        }
        if (!is_mask(client, &more))
            continue;
        if (has_same_size(client, &source->info))
            return TIFFCurrentDirOffset(client->tiff);
        eg_source_warn(source, "its mask has another size than the image and is not applied");
    }
    return 0;
}

eg_status eg_tiff_mask_find(uint64_t *directory, const eg_tiff_client *client, eg_source *source,
                            eg_error *error)
{
    eg_tiff_client other;
    *directory = 0;
    if (TIFFLastDirectory(client->tiff))
        return EG_OK;
    eg_status status =
        eg_tiff_client_open(&other, client->input, client->access,
                            TIFFCurrentDirOffset(client->tiff), client->tolerate, error);
    if (status != EG_OK)
        return status;
    *directory = find_mask(&other, source);
    eg_tiff_client_close(&other);
    return status;
}
