/* SPDX-License-Identifier: MIT */
/*
 * Finds the mask of an image: a directory after the image's own (TIFF 6.0, NewSubfileType bit 2),
 * as GDAL writes it. Reduced images and their masks may lie between the two.
 */
#include "io/tiff/tiff_read.h"

enum { DIRECTORIES_MAX = 256 }; /* directories looked at */

/* Returns true if the directory is that of a mask of full size; *more is false if it belongs to
 * another image. */
static bool is_mask(const eg_tiff_directory *directory, bool *more)
{
    const uint32_t kind = eg_tiff_number(directory, TIFFTAG_SUBFILETYPE, 0, 0);
    *more = (kind & (FILETYPE_MASK | FILETYPE_REDUCEDIMAGE)) != 0;
    return (kind & FILETYPE_MASK) && !(kind & FILETYPE_REDUCEDIMAGE);
}

static bool has_same_size(const eg_tiff_directory *directory, const eg_info *info)
{
    return eg_tiff_number(directory, TIFFTAG_IMAGEWIDTH, 0, 0) == info->stored_width &&
           eg_tiff_number(directory, TIFFTAG_IMAGELENGTH, 0, 0) == info->stored_height;
}

/* Returns true if `offset` is among the first `count` of `offsets`. */
static bool contains(const uint64_t *offsets, size_t count, uint64_t offset)
{
    for (size_t i = 0; i < count; i++)
        if (offsets[i] == offset)
            return true;
    return false;
}

static void warn_of_damage(eg_source *source)
{
    eg_source_warn(source, "the TIFF directory after that of the image is damaged: a mask in it is "
                           "not applied");
}

eg_status eg_tiff_mask_find(uint64_t *offset, const eg_tiff_directory *image, eg_source *source,
                            eg_error *error)
{
    uint64_t seen[DIRECTORIES_MAX + 1] = {image->offset}, next = image->next;
    bool more = true;
    *offset = 0;
    for (size_t i = 1; i <= DIRECTORIES_MAX && more && next != 0; i++) {
        eg_tiff_directory directory;
        eg_error local = {0};
        if (contains(seen, i, next)) {
            warn_of_damage(source);
            return EG_OK;
        }
        seen[i] = next;
        eg_status status = eg_tiff_directory_read(&directory, image->input, image->access, next,
                                                  image->tolerate, &local);
        if (status == EG_BAD_INPUT) {
            warn_of_damage(source);
            return EG_OK;
        }
        if (status != EG_OK)
            return eg_fail(error, status, "%s", local.message);
        const bool mask = is_mask(&directory, &more),
                   same = has_same_size(&directory, &source->info);
        next = directory.next;
        if (mask && same)
            *offset = directory.offset;
        eg_tiff_directory_free(&directory);
        if (mask && same)
            return EG_OK;
        if (mask)
            eg_source_warn(source, "its mask has another size than the image and is not applied");
    }
    return EG_OK;
}
