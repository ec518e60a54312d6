/* SPDX-License-Identifier: MIT */
/* The image that is loaded, and what is computed of it. */
#ifndef EG_WEB_IMAGE_H
#define EG_WEB_IMAGE_H

#include "web/glue/web.h"

/* Planes of 8 bits, and the result in the colours of the screen. */
typedef struct web_image {
    unsigned number; /* counts the images that were loaded */
    size_t width, height;
    bool grey; /* all pixels are: their colours give the same edges as their grey, in half the time
                */
    uint8_t *planes; /* red, green, blue and grey, one behind the other */
    uint8_t *mask;   /* edges: 255, or 0 */
    uint8_t *rgba;   /* the result as it is shown: red, green, blue and 255 of each pixel */
} web_image;

extern web_image web_loaded;

/* Creates a source of the image: of its colours, or of its grey. */
eg_status web_image_source(eg_source **source, bool colours, eg_error *error);

/* Returns true if edges with these options are those of colours, as the command reads images for
 * them: with the operator "gaussian", but not for the method ridge. */
bool web_uses_colours(const eg_edges_options *options);

/* Prints the warnings of a source, as the member "warnings". */
void web_warnings(const eg_source *source);

#endif
