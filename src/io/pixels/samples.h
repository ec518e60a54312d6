/* SPDX-License-Identifier: MIT */
/* Conversion of decoded samples of any type to rows of a source. */
#ifndef EG_IO_PIXELS_SAMPLES_H
#define EG_IO_PIXELS_SAMPLES_H

#include "io/pixels/grey.h"
#include "io/pixels/nodata.h"

typedef enum eg_sample_kind {
    EG_KIND_U8,
    EG_KIND_S8,
    EG_KIND_U16,
    EG_KIND_S16,
    EG_KIND_F16,
    EG_KIND_F32,
    EG_KIND_U32, /* this and the following types need double precision */
    EG_KIND_S32,
    EG_KIND_U64,
    EG_KIND_S64,
    EG_KIND_F64
} eg_sample_kind;

/* Conversion of decoded rows, in native byte order, to rows of the source. */
typedef struct eg_samples {
    eg_sample_kind kind;
    size_t bytes;     /* bytes of a sample */
    eg_pixels pixels; /* channels; `alpha_at` is the alpha channel used, if any */
    size_t first;     /* index of the channel that counts as the first one, of a single band */
    bool associated;  /* true if colours are premultiplied by alpha */
    bool inverted;    /* true if 0 is white; intensities only */
    unsigned max;     /* EG_KIND_U16: largest sample, which intensities scale to 65535; 0: 65535 */
    uint8_t *table;   /* 256 greys by index; may be NULL */
    /* 256 colours by index; NULL: there are none, all are grey, or planes are not wanted */
    uint8_t (*palette)[3];
    bool has_nodata; /* true if `nodata` in the first channel becomes NaN in float rows */
    double nodata;
    eg_nodata_range nodata_range; /* set by eg_samples_choose() */
    bool scaled;                  /* true if values are scale * sample + offset */
    double scale, offset;
    float white_level;
    eg_sample out; /* sample type of the source's rows */
    int planes;    /* of a row: 3 (red, green, blue) or 1; set by eg_samples_choose() */
    const eg_context *ctx;
    const eg_read_options *options;
    /* Converts a row of `width` pixels to one plane. */
    void (*convert)(const struct eg_samples *s, void *out, const uint8_t *in, size_t width);
    bool nodata_colour; /* true if pixels whose colours all equal `nodata` become NaN */
    /* with EG_ALPHA_MASK and an alpha channel, or nodata_colour: the conversion of valid pixels, to
     * the type valid_out */
    void (*convert_valid)(const struct eg_samples *s, void *out, const uint8_t *in, size_t width);
    eg_sample valid_out;
} eg_samples;

/* Returns true if colours are to be read as three planes. */
bool eg_samples_wants_planes(const eg_read_options *options);

/* Sets `table`, unless indices are values, and `palette` if it has colours and planes are wanted,
 * in the memory given, of 256 entries each; palette[] holds the colours. */
void eg_samples_set_palette(eg_samples *s, uint8_t *table, uint8_t (*palette)[3]);

/* Sets `convert`, `out` and `planes`, and clears has_nodata and scaled if they do not apply.
 * `as_values`: see eg_read_options. Values of a single channel are NaN where the alpha channel is
 * 0. options->encoding is only for 8-bit colours, see terrain_rgb.h. */
void eg_samples_choose(eg_samples *s, bool as_values);

/* Converts a row of `width` pixels, of one plane or of three, which are stride / 3 bytes apart. A
 * pixel that is missing in one plane is missing in all. (plane_samples.c) */
void eg_samples_convert(const eg_samples *s, void *out, size_t stride, const uint8_t *in,
                        size_t width);

/* Sets missing[i] for the pixels whose colours all equal nodata. `in` is of 512 pixels at most. */
void eg_samples_find_nodata(const eg_samples *s, bool *missing, const uint8_t *in, size_t count);

/* Returns true if pixels with alpha 0 are missing: NaN in rows of floats. */
bool eg_samples_masked(const eg_samples *s);

/* Returns true if decoded rows need no conversion. */
bool eg_samples_plain(const eg_samples *s);

/* Returns true if rows can be converted in place. */
bool eg_samples_in_place(const eg_samples *s);

/* Fills `columns` samples of `count` rows, in each plane: with NaN if `missing` and they are
 * floats, else with 0.
 */
void eg_samples_fill(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count,
                     bool missing);

/* Fills damaged samples: with NaN if they are floats and options->as_values or a mask is used, else
 * with 0. */
void eg_samples_lose(const eg_samples *s, char *rows, size_t stride, size_t columns, size_t count);

#endif
