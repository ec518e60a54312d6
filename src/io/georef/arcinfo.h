/* SPDX-License-Identifier: MIT */
/* Coordinate systems in the .prj files of ARC/INFO: lines such as "Projection GEOGRAPHIC". */
#ifndef EG_IO_GEOREF_ARCINFO_H
#define EG_IO_GEOREF_ARCINFO_H

#include "io/georef/crs_apply.h"

/* Sets the coordinate system's type, units and ellipsoid from a text, and *code to the EPSG code of
 * the system, 0 if it has none. Returns false, with nothing changed, if the text is not understood.
 */
bool eg_arcinfo_read(eg_georef *georef, eg_crs_code *code, const char *text);

#endif
