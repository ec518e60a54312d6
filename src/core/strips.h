/* SPDX-License-Identifier: MIT */
/* Number of rows of a strip, and width of its rows. The numbers of rows and strips are in
 * pipeline.h. */
#ifndef EG_CORE_STRIPS_H
#define EG_CORE_STRIPS_H

#include "core/pipeline.h"

/* Returns the padding samples on either side of a row, a multiple of 64. */
size_t eg_strip_pad(const eg_stage *stage);

/* Returns the bytes of a plane of a padded row. */
size_t eg_strip_plane_bytes(const eg_source *source, const eg_stage *stage);

/* Returns the rows to deliver with the halo rows around them, clipped to the raster. */
eg_span eg_strip_span(const eg_source *source, const eg_stage *stage);

#endif
