/* SPDX-License-Identifier: MIT */
/*
 * The generator of testdata/: images drawn by formula, and writers that share no code with the
 * library, so that its readers are tested against independent files.
 */
#ifndef TOOLS_TESTDATA_TESTDATA_H
#define TOOLS_TESTDATA_TESTDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- images (image.c, patterns.c, scene.c, terrain.c, hills.c) ------------------------------ */

typedef struct image {
    size_t width, height;
    int channels;     /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
    unsigned max;     /* sample value of white: 1, 255 or 65535 */
    uint16_t *sample; /* rows from the top, channels interleaved */
} image;

/* These functions exit with a message on failure. */
image *image_new(size_t width, size_t height, int channels, unsigned max);
void image_free(image *picture);
uint16_t *pixel(const image *picture, size_t x, size_t y);

/* Returns the image stored so that EXIF `orientation` makes it upright. */
image *stored_for(const image *upright, int orientation);

/* Converts to grey by the library's definition: (19595 R + 38470 G + 7471 B + 32768) >> 16. */
image *grey_of(const image *rgb);

image *draw_scene(void);        /* 640x480 RGB: a lake at dawn */
image *draw_terrain(void);      /* 256x256, elevations in metres */
image *draw_hills(void);        /* 200x160, elevations in sixteenths of a metre */
image *draw_small(void);        /* 61x43 RGB, the image that is stored in every format; */
image *draw_small_rgba(void);   /* ... with a soft alpha; */
image *draw_small_grey(void);   /* ... in grey; */
image *draw_small_ga(void);     /* ... in grey with the same alpha; */
image *draw_small_grey16(void); /* ... in 16-bit grey; */
image *draw_small_rgb16(void);  /* ... in 16-bit RGB; */
image *draw_small_bits(void);   /* ... in black and white; */
image *draw_small_poster(void); /* ... in 27 colours */
image *draw_ramp16(void);       /* 256x64 grey, every step smaller than an 8-bit level */
image *draw_square(void);       /* 100x100, white from 25 to 74 in both directions */
image *draw_rings(void);        /* 128x128, finer towards the outside */
image *draw_sign(void);         /* 96x64 grey, different from all its rotated and mirrored copies */
image *draw_1x1(void);
image *draw_1x5(void);
image *draw_2x3(void);

/* ---- noise (noise.c) ------------------------------------------------------------------------- */

double noise_white(uint32_t x, uint32_t y, uint32_t seed);                         /* 0..1 */
double noise_smooth(double x, double y, uint32_t seed);                            /* about -1..1 */
double noise_fractal(double x, double y, int octaves, uint32_t seed);              /* about -1..1 */
double noise_ridged(double x, double y, int octaves, double rough, uint32_t seed); /* 0..1 */

double clamp(double x, double low, double high);
double mix(double a, double b, double t);
double step_between(double from, double to, double x); /* 0 below `from`, 1 above `to`, smooth */

/* ---- writers (write_png.c, write_jpeg.c, write_pnm.c, write_tiff.c ...) ---------------------- */

typedef struct write_how {
    bool interlaced; /* PNG: Adam7; JPEG: progressive */
    bool palette;    /* PNG: indexed colours */
    bool plain;      /* PNM: numbers as text; PNG: EXIF as text */
    int quality;     /* JPEG; 0: 90 */
    int orientation; /* 1..8: put an EXIF block into PNG or JPEG; 0: none */
    int subsampling; /* JPEG: 2 for 4:2:0, else 4:4:4 */
    unsigned steps;  /* GeoTIFF: sample steps per metre */
    unsigned bits;   /* TIFF: of a grey sample */
    bool mask;       /* TIFF: with a mask */
    /* JPEG: "rgb", "cmyk", "cmyk-plain", "ycck"; NULL: grey or YCbCr. TIFF: "cmyk", "ycc" */
    const char *space;
} write_how;

typedef void writer(FILE *file, const image *picture, const write_how *how);

writer write_png, write_jpeg, write_pnm, write_pam, write_pfm, write_geotiff, write_tiff, write_asc;

/* Files of several pages: a TIFF with a reduced copy, the image and a mask; an MPO of the image and
 * its grey as a thumbnail; the image as PPM, its grey as PGM and PAM. */
writer write_pages, write_mpo, write_joined;

enum { EXIF_BYTES = 26 };

/* Makes an EXIF block with only the orientation: little-endian if that is odd. */
void make_exif(uint8_t bytes[EXIF_BYTES], int orientation);

_Noreturn void die(const char *what);

#endif
