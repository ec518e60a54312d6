/* SPDX-License-Identifier: MIT */
/*
 * GDAL for what no reader here claims. GDAL can do far more than read files: fetch them, run
 * programs, write. So each call of it is made inside eg_gdal_enter() and eg_gdal_leave(), which
 * keep it quiet and at home, only the drivers of one table are asked, and files that name other
 * files are looked into first.
 */
#ifndef EG_IO_GDAL_GDAL_H
#define EG_IO_GDAL_GDAL_H

#include <gdal.h>

#include "io/georef/georef_source.h"
#include "io/pixels/samples.h"

/* ---- calls (gdal_guard.c) -------------------------------------------------------------------- */

/* What GDAL may do on this thread, until it is taken back. */
typedef struct eg_gdal_call {
    char **before;     /* the thread's options of GDAL's */
    char message[200]; /* the first failure that GDAL had to tell */
} eg_gdal_call;

/* `call` stays where it is until it is left. Calls do not nest. */
void eg_gdal_enter(eg_gdal_call *call, const eg_context *ctx);
void eg_gdal_leave(eg_gdal_call *call);

/* The names of the drivers that are asked; ends with NULL. */
extern const char *const eg_gdal_drivers[];

/* Which of them knows the file, by a name that lasts; NULL: none. Inside a call. */
const char *eg_gdal_identify(const char *path);

enum { EG_GDAL_CACHE = 64 << 20 }; /* bytes of blocks that GDAL keeps */

/* ---- rasters (gdal.c, gdal_picture.c) ----------------------------------------------------------
 */

enum { EG_GDAL_CHANNELS = 4 }; /* red, green, blue, alpha */

typedef struct eg_gdal_source {
    eg_source base;
    eg_input *input;
    eg_read_options options;
    GDALDatasetH dataset;
    GDALDataType type;              /* of the samples that GDAL hands out, pixel by pixel */
    int channels[EG_GDAL_CHANNELS]; /* which of its bands */
    int channel_count;
    eg_samples samples;
    uint8_t table[256]; /* see eg_samples.table */
    eg_georef_data place;
    size_t charged; /* for what GDAL allocates */

    uint8_t *band; /* rows as GDAL hands them out */
    size_t row_bytes, band_rows;
    size_t band_first, band_count;
    bool band_lost; /* it could not be read, and that is tolerated */
} eg_gdal_source;

/* Chooses what is read of the dataset, and how it becomes rows: completes the info, whose size,
 * channels and depth are known, and the missing value of the place. Inside a call. */
void eg_gdal_samples(eg_gdal_source *opaque);

/* Where it lies. Inside a call. */
eg_status eg_gdal_georef(eg_gdal_source *opaque, eg_error *error);

/* ---- files that name others (gdal_vrt.c) ------------------------------------------------------
 */

/* Whether all that the VRT at `path`, which is `input`, has its pixels from are files on this
 * machine of kinds that are read here. Inside a call. */
eg_status eg_gdal_check_vrt(const eg_input *input, const char *path, const eg_gdal_call *call,
                            eg_error *error);

#endif
