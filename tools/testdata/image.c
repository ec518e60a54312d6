/* SPDX-License-Identifier: MIT */
/* Images in memory. */
#include <stdlib.h>

#include "testdata.h"

void die(const char *what)
{
    fprintf(stderr, "make-testdata: %s\n", what);
    exit(1);
}

image *image_new(size_t width, size_t height, int channels, unsigned max)
{
    image *picture = malloc(sizeof *picture);
    if (!picture)
        die("out of memory");
    *picture = (image){width, height, channels, max, NULL};
    picture->sample = calloc(width * height * (size_t)channels, sizeof *picture->sample);
    if (!picture->sample)
        die("out of memory");
    return picture;
}

void image_free(image *picture)
{
    free(picture->sample);
    free(picture);
}

uint16_t *pixel(const image *picture, size_t x, size_t y)
{
    return picture->sample + (y * picture->width + x) * (size_t)picture->channels;
}

/* Positions of the stored image's first row and first column in the upright image (EXIF 2.32, 4.6.4
 * A). */
typedef struct arrangement {
    bool swapped; /* the first row is a column of the upright image */
    bool from_right, from_bottom;
} arrangement;

static const arrangement arrangements[9] = {
    [1] = {false, false, false}, [2] = {false, true, false}, [3] = {false, true, true},
    [4] = {false, false, true},  [5] = {true, false, false}, [6] = {true, true, false},
    [7] = {true, true, true},    [8] = {true, false, true},
};

image *stored_for(const image *upright, int orientation)
{
    arrangement how = arrangements[orientation];
    size_t w = upright->width, h = upright->height;
    image *stored = image_new(how.swapped ? h : w, how.swapped ? w : h, 1, upright->max);
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++) {
            size_t across = how.from_right ? w - 1 - x : x;
            size_t down = how.from_bottom ? h - 1 - y : y;
            uint16_t *to = how.swapped ? pixel(stored, down, across) : pixel(stored, across, down);
            *to = *pixel(upright, x, y);
        }
    return stored;
}

image *grey_of(const image *rgb)
{
    image *grey = image_new(rgb->width, rgb->height, 1, rgb->max);
    for (size_t i = 0; i < rgb->width * rgb->height; i++) {
        const uint16_t *p = rgb->sample + 3 * i;
        uint64_t sum = 19595ull * p[0] + 38470ull * p[1] + 7471ull * p[2];
        grey->sample[i] = (uint16_t)((sum + 32768) >> 16);
    }
    return grey;
}
