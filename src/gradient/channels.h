/* SPDX-License-Identifier: MIT */
/*
 * Channel planes: an image as planes of floats on a scale on which equal steps look about equal, at
 * a resolution that suits the scale of the gradients that follow.
 *
 * The image is reduced by averaging boxes of `factor` x `factor` pixels. The square root of the
 * mean, on the scale 0 .. 255, undoes most of the gamma-encoded response of noise and of contrast;
 * from red, green and blue come three opponent channels: intensity (R + G + B) / 3, red-green R - G
 * and blue-yellow B - (R + G) / 2. A grey image has the first alone.
 */
#ifndef EG_GRADIENT_CHANNELS_H
#define EG_GRADIENT_CHANNELS_H

#include <stdatomic.h>

#include "core/cpu.h"
#include "core/pipeline.h"

/* An image has 1 or 3 channels, features up to 14. */
enum { EG_CHANNELS_MAX = 14, EG_FACTOR_MAX = 64 };

/* Weight of red-green and of blue-yellow in the colour tensor, where the intensity has 1. */
#define EG_OPPONENT_WEIGHT 1.5f

typedef struct eg_channels {
    eg_context *ctx;
    size_t count;                   /* channels */
    size_t factor;                  /* side of the averaged boxes, a power of two */
    size_t full_width, full_height; /* of the image */
    size_t width, height;           /* of the planes: the image's divided by `factor`, rounded up */
    size_t first, end;  /* rows of the planes that are held, for row blocks of an image */
    size_t left, right; /* columns that are held: all, other than in tiles */
    size_t stride;      /* samples from row to row */
    /* Sample `left` of row `first` and on; released by eg_channels_free(). */
    float *plane[EG_CHANNELS_MAX];
    /* Shares of the boxes that are not missing, 0 .. 1, by which the planes are multiplied already;
     * NULL: no pixel is missing. Samples as those of a plane. */
    float *valid;
    /* Bound of the samples of each row of all planes, over the whole width of the image; NULL: they
     * are neither very large nor very small. */
    float *largest;
    /* Missing pixels of the image in rows and columns of the spans, a bit each, 64 in a word; NULL:
     * none is missing. */
    uint64_t *missing;
    eg_span missing_rows, missing_columns;
    size_t missing_words; /* words of a row of `missing` */
    bool differs;         /* samples of a plane differ from each other */
    bool intensities; /* planes are intensities, red, green and blue, other than described above */
} eg_channels;

/*
 * A computation that follows the reading of planes. An implementation embeds the struct as its
 * first member.
 */
typedef struct eg_channel_follower eg_channel_follower;
struct eg_channel_follower {
    /* Receives the strip whose rows of the planes were completed last: rows up to `end` and from
     * the end of the strip before it on. Called by any thread, for different strips at a time and
     * in any order. */
    eg_status (*complete)(eg_channel_follower *follower, size_t strip, size_t end, eg_error *error);
    /* Receives the number of strips, once the planes are allocated and before the first row is
     * read. */
    eg_status (*begin)(eg_channel_follower *follower, size_t strips, eg_error *error);
};

/* Reads the window of `source`, and `margin` rows of the planes around it, into new planes. The
 * number of channels is that of the source's planes. `follower`: NULL for none; needs 8-bit
 * samples, because whether samples are missing is known at the end. */
eg_status eg_channels_read(eg_channels *channels, eg_source *source, size_t factor, size_t margin,
                           eg_channel_follower *follower, eg_error *error);
void eg_channels_free(eg_channels *channels); /* accepts a zeroed one */

/* Frees the planes, but not `missing` and the description. */
void eg_channels_drop(eg_channels *channels);

/* Sets the description of the planes of `source` without reading anything: all rows and columns. */
void eg_channels_describe(eg_channels *channels, const eg_source *source, size_t factor);

/* Reduces the pixels of `band` to the rows and columns that `tile` holds. `scratch` has
 * eg_channels_scratch() bytes. Returns true if pixels are missing, which are added to tile->missing
 * and make tile->valid less than 1; both are NULL for 8-bit samples. */
bool eg_channels_reduce(const eg_channels *tile, const eg_band *band, float white_level,
                        void *scratch);
size_t eg_channels_scratch(const eg_channels *tile);

/* Sets rows first .. end - 1 of channels->largest, unless it is NULL. */
void eg_channels_bound(const eg_channels *channels, const eg_band *band, float white_level,
                       size_t first, size_t end);

/* Record of whether samples of a plane differ from each other; missing ones do not count. */
typedef struct eg_samples_seen {
    atomic_bool differs;
    _Atomic float first[3]; /* a sample of each plane; NaN: none seen */
} eg_samples_seen;

void eg_seen_init(eg_samples_seen *seen);

/* Adds rows y0 .. y1 - 1 of the image. Thread-safe. */
void eg_seen_add(eg_samples_seen *seen, const eg_band *band, size_t y0, size_t y1);

/* Returns the binary exponent by which samples up to `largest` are divided, so that the fourth
 * powers of their differences neither overflow nor vanish: 0 unless they are very large or small.
 */
int eg_extreme_exponent(float largest);

/* Divides planes of very large or small values by a power of two. */
void eg_channels_normalise(eg_channels *channels);

/* Returns the index of a sample in a plane, or in `valid`. */
static inline size_t eg_channel_at(const eg_channels *channels, size_t y, size_t x)
{
    return (y - channels->first) * channels->stride + (x - channels->left);
}

/* Returns sample `left` of row y of a channel, first <= y < end. */
static inline float *eg_channel_row(const eg_channels *channels, size_t channel, size_t y)
{
    return channels->plane[channel] + (y - channels->first) * channels->stride;
}

/* Row kernels, compiled for each instruction set. All give the same results. */
typedef struct eg_channel_kernels {
    /* Adds a row of samples to sums, or sets them if `first`. */
    void (*add_u8)(float *sums, const uint8_t *in, size_t width, bool first);
    /* The same for finite samples, which are counted. Returns the number of the others. */
    size_t (*add_f32)(float *sums, float *counts, const float *in, size_t width, bool first);
    /* Sets the bits of missing samples; others stay. Reads up to a vector beyond the width. */
    void (*note_missing)(uint64_t *words, const float *in, size_t width);
    /* out[x] = sum of sums[factor x .. factor x + factor - 1] for x in 0 .. width - 1. */
    void (*group)(float *out, const float *sums, size_t width, size_t factor);
    /* Replaces samples by their square roots times `scale`, with the sign of the sample. */
    void (*root)(float *row, size_t width, float scale);
    /* Replaces sums of `counted` pixels by means; 0 if none is counted. */
    void (*average)(float *sums, const float *counted, size_t width);
    /* Returns the largest magnitude of finite samples. */
    float (*largest)(const float *in, size_t width);
    /* Multiplies a row by another one. */
    void (*multiply)(float *row, const float *by, size_t width);
    /* Replaces rows of red, green and blue by the opponent channels. */
    void (*opponent)(float *r, float *g, float *b, size_t width);
} eg_channel_kernels;

const eg_channel_kernels *eg_channel_kernels_for(eg_cpu_level level);

#endif
