/* SPDX-License-Identifier: MIT */
/* Coordinate systems in Well-Known Text: OGC 01-009, ESRI's dialect of it, and ISO 19162. */
#ifndef EG_IO_GEOREF_WKT_H
#define EG_IO_GEOREF_WKT_H

#include "io/georef/crs_apply.h"

/* Sets the coordinate system's type, units and ellipsoid from a text, and sets *doubts. What the
 * text lacks is taken from its codes. A text of a vertical system sets only the vertical unit.
 * Returns false, with *georef and *doubts unchanged, if the text is not understood. */
bool eg_wkt_read(eg_georef *georef, eg_crs_doubts *doubts, const char *text);

/* Finds the horizontal system in a text: that of a compound system, or the first of several.
 * Returns its length; 0: the text is not understood or has none. */
size_t eg_wkt_horizontal(const char *text, const char **start);

#endif
