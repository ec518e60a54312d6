/* SPDX-License-Identifier: MIT */
/* Writes lines and areas as a GeoPackage with GDAL. */
#ifndef EG_IO_GDAL_GDAL_VECTOR_H
#define EG_IO_GDAL_GDAL_VECTOR_H

#include "io/vector/vector.h"

/* Begins a GeoPackage in a file without a name beside the output, because SQLite does not write in
 * order; eg_gpkg_end() copies it to the output. The functions are those of eg_line_format. */
eg_status eg_gpkg_begin(eg_line_file *file, eg_error *error);
eg_status eg_gpkg_line(eg_line_file *file, const eg_line *line, eg_error *error);
eg_status eg_gpkg_area(eg_line_file *file, const eg_area *area, eg_error *error);
eg_status eg_gpkg_end(eg_line_file *file, eg_error *error);
void eg_gpkg_release(eg_line_file *file);

#endif
