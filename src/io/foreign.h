/* SPDX-License-Identifier: MIT */
/* Formats that edgegrad recognises and does not read, and the commands that convert them. */
#ifndef EG_IO_FOREIGN_H
#define EG_IO_FOREIGN_H

#include "io/io.h"

/* A format that is not read. */
typedef struct eg_foreign {
    const char *what;      /* name with an article: "a WebP image" */
    const char *extension; /* usual extension, for file names in messages */
    /* command that converts it, in which IN stands for the file and OUT for its name without the
     * extension */
    const char *command;
    bool gdal;   /* true if a build with GDAL reads it */
    bool packed; /* true if it is a compressed file or an archive, which may contain an image */
} eg_foreign;

enum { EG_FOREIGN_BYTES = 1024 }; /* enough to recognise them all */

/* Returns the format of a file, whose first `size` bytes are given; NULL if it is unknown. */
const eg_foreign *eg_foreign_find(const uint8_t *bytes, size_t size);

/* Fails with EG_UNSUPPORTED and a message that names the format and the command. */
eg_status eg_fail_foreign(const eg_input *input, const eg_foreign *format, eg_error *error);

/* Fails because `input` is a camera raw image in a TIFF; `make` is the camera's, or empty. */
eg_status eg_fail_camera_raw(const eg_input *input, const char *make, eg_error *error);

/* Returns true if the build has GDAL, which was not tried because `input` is not a regular file. */
bool eg_gdal_needs_file(const eg_input *input);

#endif
