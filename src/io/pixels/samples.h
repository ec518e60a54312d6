/* SPDX-License-Identifier: MIT */
/* Samples of any type, as libraries decode them, to the rows that sources hand out. */
#ifndef EG_IO_PIXELS_SAMPLES_H
#define EG_IO_PIXELS_SAMPLES_H

#include "io/pixels/grey.h"

typedef enum eg_sample_kind {
    EG_KIND_BITS, /* unsigned integers of 1, 2 or 4 bits */
    EG_KIND_U8,
    EG_KIND_S8,
    EG_KIND_U16,
    EG_KIND_S16,
    EG_KIND_F16,
    EG_KIND_F32,
    EG_KIND_U32, /* from here on they need doubles */
    EG_KIND_S32,
    EG_KIND_U64,
    EG_KIND_S64,
    EG_KIND_F64
} eg_sample_kind;

/* How decoded rows, in native byte order, become those of the source. */
typedef struct eg_samples {
    eg_sample_kind kind;
    size_t bytes;     /* of a sample; 1 for EG_KIND_BITS, which are packed */
    unsigned bits;    /* of a sample */
    eg_pixels pixels; /* the colours, and in `alpha_at` the alpha that counts */
    bool associated;  /* the colours are already multiplied by the alpha */
    bool inverted;    /* 0 is white; only where intensities are wanted */
    uint8_t *table;   /* 256 greys by index, or NULL */
    bool has_nodata;  /* the first channel's value `nodata` is missing, where rows are floats */
    double nodata;
    bool scaled; /* heights are scale x sample + offset */
    double scale, offset;
    float white_level;
    eg_sample out;
    const eg_context *ctx;
    const eg_read_options *options;
    void (*convert)(const struct eg_samples *s, void *out, const uint8_t *in, size_t width);
} eg_samples;

/* Chooses `convert` and says whether decoded rows are already what is handed out. */
void eg_samples_choose(eg_samples *s, bool heights);
bool eg_samples_plain(const eg_samples *s);

/* Whether rows may be converted where they are. */
bool eg_samples_in_place(const eg_samples *s);

/* Columns of rows `stride` bytes apart that have no samples: `missing` where they are floats, else
 * 0. */
void eg_samples_fill(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count,
                     bool missing);

/* The same of what is damaged: missing where heights are read. */
void eg_samples_lose(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count);

#endif
