/* SPDX-License-Identifier: MIT */
/*
 * Sidecar files: georeferencing beside a raster that cannot hold it. dem.tif may have
 *     dem.tif.aux.xml   GDAL's: system, transform, and nodata, unit, scale and offset of each band
 *     dem.prj           the coordinate system
 *     dem.tfw, dem.tifw, dem.wld   a world file: the transform
 */
#ifndef EG_IO_GEOREF_SIDECAR_H
#define EG_IO_GEOREF_SIDECAR_H

#include "io/georef/georef_source.h"

enum { EG_SIDECAR_MAX = 64 * 1024 }; /* largest accepted sidecar file but .aux.xml, in bytes */

/* ---- files (sidecar.c) ----------------------------------------------------------------------- */

/* Builds the name of a file beside the input, such as dem.prj beside dem.asc. The extension, given
 * in lower case, is in capitals if such a file exists. *found: the file exists. *name is NULL if
 * the input's name has no extension; release it with eg_free(). */
eg_status eg_sidecar_find(char **name, bool *found, eg_context *ctx, const char *input,
                          const char *extension, eg_error *error);

/* Builds the name of the input's .aux.xml file; NULL on failure. Release it with eg_free(). */
char *eg_sidecar_aux_name(eg_context *ctx, const char *input, eg_error *error);

typedef struct eg_sidecar {
    char *name;
    char *text; /* ends with '\0'; NULL: there is no such file */
    size_t size;
} eg_sidecar;

/* Reads a sidecar file. A file that does not exist is no failure. */
eg_status eg_sidecar_read(eg_sidecar *sidecar, eg_context *ctx, const char *input,
                          const char *extension, eg_error *error);
void eg_sidecar_free(eg_sidecar *sidecar); /* accepts a zeroed one */

/* ---- contents -------------------------------------------------------------------------------- */

/* Values of a band in an .aux.xml file. */
typedef struct eg_pam_band {
    int index; /* of the band, from 0 */
    bool has_nodata;
    double nodata;
    bool scaled; /* values are scale * sample + offset */
    double scale, offset;
    char unit[32]; /* name of the unit of the values; "": not given */
} eg_pam_band;

/* Reads the .aux.xml file of the input, if there is one: fills in the transform and the coordinate
 * system if *data lacks them, and sets *band to the values of band `index`, from 0. EG_BAD_INPUT:
 * it is not valid XML. (pam.c) */
eg_status eg_pam_read(eg_georef_data *data, eg_pam_band *band, int index, eg_context *ctx,
                      const char *input, eg_error *error);

/* Sets the transform from the world file beside the input, if there is one. EG_BAD_INPUT: it is not
 * valid. (world_file.c) */
eg_status eg_world_file_read(eg_georef *georef, eg_context *ctx, const char *input,
                             eg_error *error);

enum { EG_WORLD_EXTENSION = 8 };

/* Makes the extension of a world file in lower case: the data file's extension and "w" if `full`,
 * else its first and last letter and "w". Returns false if the name has no extension or a longer
 * one. (world_file.c) */
bool eg_world_file_extension(char out[EG_WORLD_EXTENSION], const char *name, bool full);

/* Fills in what *data lacks from the sidecar files of the file `input` (NULL: standard input, which
 * has none): first from .aux.xml, then from the world file and .prj. Sets *band to the values of
 * band `index`, from 0; scale and offset in it are left to the caller. `image`: .prj is read only
 * if the transform is known, because beside an image it can be the file of another program.
 * (sidecars.c) */
eg_status eg_georef_data_read_sidecars(eg_georef_data *data, eg_pam_band *band, int index,
                                       eg_context *ctx, const char *input, bool image,
                                       eg_error *error);

/* Wraps a source of the file `input` in one that has the georeferencing, nodata, scale and offset
 * of the file's sidecar files as well, if there are any. `image` as above. Takes ownership of
 * `stored`, also on failure. (sidecar_source.c) */
eg_status eg_sidecar_source(eg_source **source, eg_source *stored, const char *input, bool image,
                            const eg_read_options *options, eg_error *error);

/* ---- writing (sidecar_write.c) --------------------------------------------------------------- */

/* Prepares the sidecar files of a file that is being written: they appear after it. `kinds` has the
 * bits of eg_format.sidecars. Files that an earlier run wrote and that no longer apply are removed
 * then. */
eg_status eg_sidecars_write(eg_output *output, const eg_layout *layout, unsigned kinds,
                            eg_error *error);

#endif
