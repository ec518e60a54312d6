/* SPDX-License-Identifier: MIT */
/*
 * Reads formats that edgegrad has no reader for, with GDAL. GDAL can also access the network, run
 * programs and write files. To prevent that, every GDAL call is made between eg_gdal_enter() and
 * eg_gdal_leave(), which set restrictive options and catch messages; only the drivers of one table
 * are used; and VRTs, which refer to other files, are checked before they are opened.
 */
#ifndef EG_IO_GDAL_GDAL_H
#define EG_IO_GDAL_GDAL_H

#include <gdal.h>

#include "io/georef/georef_source.h"
#include "io/pixels/samples.h"

/* ---- calls (gdal_guard.c) -------------------------------------------------------------------- */

/* State saved while GDAL's options and error handler are set on this thread. */
typedef struct eg_gdal_call {
    char **saved_options; /* GDAL's thread-local options before eg_gdal_enter() */
    char message[200];    /* first error message of GDAL since eg_gdal_enter() */
} eg_gdal_call;

/* Begins and ends a section of GDAL calls. *call must not move in memory in between, because GDAL's
 * error handler holds a pointer to it. Sections must not nest. */
void eg_gdal_enter(eg_gdal_call *call, const eg_context *ctx);
void eg_gdal_leave(eg_gdal_call *call);

/* Names of the drivers that are used; ends with NULL. */
extern const char *const eg_gdal_drivers[];

/* Returns the driver that recognises the file, as a string of eg_gdal_drivers; NULL: none. Must be
 * called between eg_gdal_enter() and eg_gdal_leave(), as the functions below. */
const char *eg_gdal_identify(const char *path);

enum { EG_GDAL_CACHE = 64 << 20 }; /* size of GDAL's block cache, in bytes */

/* ---- rasters (gdal.c, gdal_image.c) -------------------------------------------------------- */

enum { EG_GDAL_CHANNELS = 4 }; /* red, green, blue, alpha */

typedef struct eg_gdal_source {
    eg_source base;
    eg_input *input;
    eg_read_options options;
    GDALDatasetH dataset;
    GDALDataType type;              /* sample type that GDAL is asked for */
    int channels[EG_GDAL_CHANNELS]; /* numbers of the GDAL bands that are read, from 1 */
    int channel_count;
    eg_samples samples;
    uint8_t table[256];      /* grey per index; see eg_samples.table */
    uint8_t palette[256][3]; /* colour per index; see eg_samples.palette */
    eg_georef_data georef_data;
    size_t reserved; /* bytes of memory reserved for GDAL */

    uint8_t *buffer;                   /* rows as GDAL returns them, interleaved by pixel */
    size_t row_bytes, buffer_rows;     /* bytes from row to row; capacity in rows */
    size_t buffer_first, buffer_count; /* first row held, and number of rows held */
    bool buffer_lost;                  /* the rows could not be read, which is tolerated */
} eg_gdal_source;

/* Chooses the bands to read and the conversion of their samples. Sets sample type, colour and white
 * level of reader->base.info, and the nodata value; size, channels and depth must have been set. */
void eg_gdal_samples(eg_gdal_source *reader);

/* Reads the transform, the coordinate system and the vertical unit. */
eg_status eg_gdal_georef(eg_gdal_source *reader, eg_error *error);

/* ---- VRT (gdal_vrt.c) ------------------------------------------------------------------------ */

/* Fails unless every source of the VRT at `path` (the file of `input`) is a local regular file that
 * a driver of eg_gdal_drivers recognises. */
eg_status eg_gdal_check_vrt(const eg_input *input, const char *path, const eg_gdal_call *call,
                            eg_error *error);

#endif
