/* SPDX-License-Identifier: MIT */
/* The small images, each of which shows one thing. */
#include <math.h>

#include "testdata.h"

enum {
    SMALL_WIDTH = 61,
    SMALL_HEIGHT = 43
}; /* odd: not a multiple of a JPEG block, a word or a byte */

/* Returns one channel of three soft balls in front of a slanted horizon: smooth parts, hard edges,
 * all hues. */
static double small_channel(double x, double y, int channel)
{
    static const double balls[3][5] = {/* x, y, radius, hue's channel, brightness */
                                       {17, 15, 11, 0, 0.95},
                                       {42, 14, 9, 1, 0.85},
                                       {33, 31, 8, 2, 1.0}};
    double value =
        y > 24 + 0.2 * x ? 0.22 + 0.08 * channel : 0.78 - 0.008 * y - 0.1 * (2 - channel);
    for (int i = 0; i < 3; i++) {
        double dx = (x - balls[i][0]) / balls[i][2], dy = (y - balls[i][1]) / balls[i][2];
        double inside = 1 - dx * dx - dy * dy;
        if (inside <= 0)
            continue;
        double light = clamp(0.25 + 0.75 * (sqrt(inside) * 0.6 - dx * 0.4 - dy * 0.5), 0.05, 1);
        value = light * balls[i][4] * (channel == (int)balls[i][3] ? 1 : 0.35);
    }
    return value;
}

static image *small(unsigned max)
{
    image *picture = image_new(SMALL_WIDTH, SMALL_HEIGHT, 3, max);
    for (size_t y = 0; y < SMALL_HEIGHT; y++)
        for (size_t x = 0; x < SMALL_WIDTH; x++)
            for (int c = 0; c < 3; c++)
                pixel(picture, x, y)[c] =
                    (uint16_t)lrint(max * clamp(small_channel((double)x, (double)y, c), 0, 1));
    return picture;
}

image *draw_small(void)
{
    return small(255);
}

image *draw_small_rgb16(void)
{
    return small(65535);
}

static image *grey_and_free(image *rgb)
{
    image *grey = grey_of(rgb);
    image_free(rgb);
    return grey;
}

image *draw_small_grey(void)
{
    return grey_and_free(small(255));
}

image *draw_small_grey16(void)
{
    return grey_and_free(small(65535));
}

/* Adds an alpha channel: opaque in the middle, transparent at the corners. */
static image *with_alpha(image *opaque)
{
    int colours = opaque->channels;
    image *picture = image_new(opaque->width, opaque->height, colours + 1, opaque->max);
    for (size_t y = 0; y < picture->height; y++)
        for (size_t x = 0; x < picture->width; x++) {
            double far = hypot((double)x - 30, (double)y - 21);
            uint16_t *to = pixel(picture, x, y);
            for (int c = 0; c < colours; c++)
                to[c] = pixel(opaque, x, y)[c];
            to[colours] = (uint16_t)lrint(picture->max * (1 - step_between(14, 34, far)));
        }
    image_free(opaque);
    return picture;
}

image *draw_small_rgba(void)
{
    return with_alpha(draw_small());
}

image *draw_small_ga(void)
{
    return with_alpha(draw_small_grey());
}

image *draw_small_bits(void)
{
    image *picture = draw_small_grey();
    for (size_t i = 0; i < picture->width * picture->height; i++)
        picture->sample[i] = picture->sample[i] > 110;
    picture->max = 1;
    return picture;
}

image *draw_small_poster(void)
{
    image *picture = draw_small();
    for (size_t i = 0; i < 3 * picture->width * picture->height; i++)
        picture->sample[i] = (uint16_t)((picture->sample[i] * 3 / 256) * 127);
    return picture;
}

image *draw_ramp16(void)
{
    image *picture = image_new(256, 64, 1, 65535);
    for (size_t y = 0; y < 64; y++)
        for (size_t x = 0; x < 256; x++)
            *pixel(picture, x, y) = (uint16_t)(1000 + 40 * x + 7 * y);
    return picture;
}

image *draw_square(void)
{
    image *picture = image_new(100, 100, 1, 255);
    for (size_t y = 25; y < 75; y++)
        for (size_t x = 25; x < 75; x++)
            *pixel(picture, x, y) = 255;
    return picture;
}

image *draw_rings(void)
{
    image *picture = image_new(128, 128, 1, 255);
    for (size_t y = 0; y < 128; y++)
        for (size_t x = 0; x < 128; x++) {
            double r = hypot((double)x - 63.5, (double)y - 63.5);
            *pixel(picture, x, y) = (uint16_t)lrint(127.5 + 120 * cos(r * r / 130));
        }
    return picture;
}

/* Draws the letter F and a ball on a brightness gradient. */
image *draw_sign(void)
{
    image *picture = image_new(96, 64, 1, 255);
    for (size_t y = 0; y < 64; y++)
        for (size_t x = 0; x < 96; x++) {
            bool stem = x >= 16 && x < 26 && y >= 8 && y < 56;
            bool bars =
                (x >= 16 && x < 50 && y >= 8 && y < 18) || (x >= 16 && x < 40 && y >= 28 && y < 37);
            bool ball = hypot((double)x - 72, (double)y - 44) < 11;
            *pixel(picture, x, y) = (uint16_t)(stem || bars ? 235 : ball ? 12 : 60 + x + y / 2);
        }
    return picture;
}

static image *tiny(size_t width, size_t height)
{
    image *picture = image_new(width, height, 1, 255);
    for (size_t i = 0; i < width * height; i++)
        picture->sample[i] = (uint16_t)(40 + 36 * i);
    return picture;
}

image *draw_1x1(void)
{
    return tiny(1, 1);
}

image *draw_1x5(void)
{
    return tiny(1, 5);
}

image *draw_2x3(void)
{
    return tiny(2, 3);
}
