/* SPDX-License-Identifier: MIT */
/* The directories of a TIFF, which are its pages. */
#ifndef EG_IO_TIFF_TIFF_PAGES_H
#define EG_IO_TIFF_TIFF_PAGES_H

#include "io/random_access.h"

/* The page to read, and what the directories say about the file as a whole. */
typedef struct eg_tiff_choice {
    uint64_t directory; /* offset of the page's directory; 0: the first one */
    bool camera_raw;    /* true if the file is a camera raw image and no page was asked for */
    char make[32];      /* of such a camera; may be empty */
} eg_tiff_choice;

/* Lists the pages in source->pages if there are several, sets source->info.page and chooses the
 * directory to read: number `page`, or with 0 the first that is a full image. EG_USAGE: there is no
 * such page. Damaged directories end the list. */
eg_status eg_tiff_pages_read(eg_tiff_choice *choice, eg_source *source, const eg_input *input,
                             const eg_random_access *access, int page, eg_error *error);

#endif
