/* SPDX-License-Identifier: MIT */
/*
 * Scenes with the statistics of photographs. The model is that of dead leaves: objects of all sizes
 * (radius r with a density proportional to r^-3) hide each other, which gives edges of all lengths
 * and a power spectrum near 1/f^2 (Lee, Mumford, Huang: Occlusion models for natural images, 2001).
 * Every object has a colour, shading and a texture of its own. The lens blurs the scene, and the
 * sensor adds noise. Texture and noise differ between scenes, so that scenes compress from three to
 * one to seven to six, as photographs do, and on average as these.
 */
#include "scenes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { CHANNELS = 3, OBJECTS = 3000, OCTAVES = 7, COARSEST = 64 };

/* ---- random numbers ---- */

static uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state += 0x9E3779B9u;
    x = (x ^ (x >> 16)) * 0x85EBCA6Bu;
    x = (x ^ (x >> 13)) * 0xC2B2AE35u;
    return x ^ (x >> 16);
}

/* Returns a number in 0 to 1. */
static float uniform(uint32_t *state)
{
    return (float)(next_random(state) >> 8) / (float)(1 << 24);
}

/* Returns a number of mean 0 and variance 1, nearly normal: the sum of four uniform numbers, of a
 * byte each. */
static float normal(uint32_t *state)
{
    uint32_t x = next_random(state);
    uint32_t sum = (x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24);
    return ((float)sum - 510) / 147.8F;
}

/* ---- the texture ---- */

static float smoothstep(float t)
{
    return t * t * (3 - 2 * t);
}

/* Adds noise of one octave to the texture: random numbers on a lattice that repeats, interpolated.
 */
static void add_octave(float *texture, size_t side, size_t spacing, uint32_t *state)
{
    size_t nodes = (side + spacing - 1) / spacing;
    float *lattice = bench_alloc(nodes * nodes * sizeof *lattice);
    for (size_t i = 0; i < nodes * nodes; i++)
        lattice[i] = normal(state);
    for (size_t y = 0; y < side; y++) {
        float v = smoothstep((float)(y % spacing) / (float)spacing);
        const float *above = lattice + y / spacing * nodes;
        const float *below = lattice + (y / spacing + 1) % nodes * nodes;
        for (size_t x = 0; x < side; x++) {
            float u = smoothstep((float)(x % spacing) / (float)spacing);
            size_t left = x / spacing, right = (left + 1) % nodes;
            float top = above[left] + (above[right] - above[left]) * u;
            float bottom = below[left] + (below[right] - below[left]) * u;
            texture[y * side + x] += top + (bottom - top) * v;
        }
    }
    free(lattice);
}

/* Returns noise whose octaves have equal amplitudes: a spectrum of 1/f^2. */
static float *make_texture(size_t side, uint32_t *state)
{
    float *texture = bench_alloc(side * side * sizeof *texture);
    memset(texture, 0, side * side * sizeof *texture);
    for (size_t octave = 0; octave < OCTAVES; octave++)
        add_octave(texture, side, (size_t)COARSEST >> octave, state);
    return texture;
}

/* ---- objects ---- */

typedef struct object {
    float x, y, radius;          /* pixels */
    float colour[CHANNELS];      /* levels */
    float slope_x, slope_y;      /* shading, levels per pixel */
    float roughness;             /* amplitude of the texture, levels */
    size_t texture_x, texture_y; /* place in the texture */
} object;

/* Properties in which scenes differ. */
typedef struct scene_kind {
    float smallest;  /* radius of the smallest object, in pixels */
    float roughness; /* mean amplitude of the textures, levels */
    float noise;     /* of the sensor, levels */
} scene_kind;

static object random_object(size_t side, const scene_kind *kind, uint32_t *state)
{
    object o = {.x = uniform(state) * (float)side, .y = uniform(state) * (float)side};
    /* The inverse of the distribution function of the radius, cut off at half a side. */
    float cut = kind->smallest * kind->smallest / ((float)side * (float)side / 4);
    o.radius = kind->smallest / sqrtf(1 - uniform(state) * (1 - cut));
    float level = 20 + 215 * uniform(state);
    for (size_t c = 0; c < CHANNELS; c++)
        o.colour[c] = level + 16 * normal(state);
    float shading = 40 * uniform(state) / o.radius;
    o.slope_x = shading * normal(state);
    o.slope_y = shading * normal(state);
    o.roughness = -kind->roughness * logf(1 - 0.98F * uniform(state));
    o.texture_x = next_random(state) % side;
    o.texture_y = next_random(state) % side;
    return o;
}

static void draw_row(float *row, size_t side, const object *o, const float *texture, float dy,
                     float half)
{
    long first = lrintf(fmaxf(o->x - half, 0)), end = lrintf(fminf(o->x + half, (float)side));
    for (long x = first; x < end; x++) {
        float light = o->slope_x * ((float)x - o->x) + o->slope_y * dy +
                      o->roughness * texture[((size_t)x + o->texture_x) % side];
        for (size_t c = 0; c < CHANNELS; c++)
            row[CHANNELS * x + (long)c] = o->colour[c] + light;
    }
}

static void draw_object(float *scene, size_t side, const object *o, const float *texture)
{
    long first = lrintf(fmaxf(o->y - o->radius, 0));
    long end = lrintf(fminf(o->y + o->radius, (float)side));
    for (long y = first; y < end; y++) {
        float dy = (float)y - o->y;
        float half = sqrtf(fmaxf(o->radius * o->radius - dy * dy, 0));
        const float *texture_row = texture + ((size_t)y + o->texture_y) % side * side;
        draw_row(scene + (size_t)y * side * CHANNELS, side, o, texture_row, dy, half);
    }
}

/* Draws the background, which fills the scene, and then the objects over each other. */
static void draw_objects(float *scene, size_t side, const scene_kind *kind, uint32_t *state)
{
    float *texture = make_texture(side, state);
    object background = random_object(side, kind, state);
    background.radius = 2 * (float)side;
    background.slope_x = background.slope_y = 0.05F;
    draw_object(scene, side, &background, texture);
    for (int i = 0; i < OBJECTS; i++) {
        object o = random_object(side, kind, state);
        draw_object(scene, side, &o, texture);
    }
    free(texture);
}

/* ---- the camera ---- */

/* Blurs the rows, or the columns, with the weights 1 2 1; `step`: floats from a sample to the next.
 */
static void blur(float *line, size_t count, size_t step)
{
    float before = line[0];
    for (size_t i = 0; i + 1 < count; i++) {
        float here = line[i * step];
        line[i * step] = (before + 2 * here + line[(i + 1) * step]) / 4;
        before = here;
    }
}

static void blur_scene(float *scene, size_t side)
{
    size_t row = side * CHANNELS;
    for (size_t i = 0; i < side; i++)
        for (size_t c = 0; c < CHANNELS; c++)
            blur(scene + i * row + c, side, CHANNELS);
    for (size_t i = 0; i < row; i++)
        blur(scene + i, side, row);
}

/* Rounds to bytes with the noise of a sensor, whose variance grows with the level. Most of it is
 * common to the channels, as interpolation of the sensor's colours leaves it. */
static void expose(uint8_t *rgb, const float *scene, size_t pixels, float noise, uint32_t *state)
{
    for (size_t i = 0; i < pixels; i++) {
        float strength = noise * sqrtf(0.3F + fmaxf(scene[CHANNELS * i + 1], 0) / 200);
        float common = normal(state);
        for (size_t c = 0; c < CHANNELS; c++) {
            float level =
                scene[CHANNELS * i + c] + strength * (0.9F * common + 0.4F * normal(state));
            rgb[CHANNELS * i + c] = (uint8_t)lrintf(fminf(fmaxf(level, 0), 255));
        }
    }
}

void bench_draw_scene(uint8_t *rgb, size_t side, unsigned index)
{
    /* From calm to rough in steps that do not follow the order of the scenes. */
    enum { STEPS = 16, STRIDE = 7 };
    float step = (float)(index * STRIDE % STEPS) / STEPS;
    uint32_t state = 0x5CE0E5u + 0x01000193u * index;
    float *scene = bench_alloc(side * side * CHANNELS * sizeof *scene);
    const scene_kind kind = {14 - 11 * step, 0.1F + 8 * step * step, 0.15F + 4.5F * step * step};
    draw_objects(scene, side, &kind, &state);
    blur_scene(scene, side);
    expose(rgb, scene, side * side, kind.noise, &state);
    free(scene);
}
