/* SPDX-License-Identifier: MIT */
/* The chains of the edge pixels of one strip of rows. */
#ifndef EG_EDGE_CHAINS_CHAIN_STRIP_H
#define EG_EDGE_CHAINS_CHAIN_STRIP_H

#include "edge/chains/pixel_graph.h"
#include "edge/lines/line_strip.h"

/* A point of a chain: the refined position of an edge pixel, and what is known there. `left` is the
 * side that the gradient points to, the brighter one, until the line has a direction. */
typedef struct eg_chain_point {
    double x, y;
    eg_edge_point edge;
} eg_chain_point;

enum { EG_CHAIN_STRIDE = sizeof(eg_chain_point) / sizeof(double) };

_Static_assert(sizeof(eg_chain_point) == EG_CHAIN_STRIDE * sizeof(double), "whole doubles");

/* An edge pixel. */
typedef struct eg_chain_pixel {
    uint32_t x, y; /* y: row of the strip */
    uint8_t links, followed;
    bool has_point; /* set by the caller; pixels without a point are left out of their chain */
} eg_chain_pixel;

typedef struct eg_chain_strip {
    eg_line_strip lines;  /* points of EG_CHAIN_STRIDE doubles */
    eg_growing pixels;    /* eg_chain_pixel, row by row */
    eg_growing refined;   /* eg_chain_point of each pixel that has one; set by the caller */
    eg_growing ranks;     /* uint32_t: index of the first pixel of each word of the rows */
    eg_growing crossings; /* uint32_t: see chain_strip.c */
} eg_chain_strip;

/* Lists the edge pixels of rows y0 .. y1 - 1 in place of those that the strip had, and makes room
 * for their points. */
eg_status eg_chain_strip_list(eg_chain_strip *strip, eg_context *ctx, const eg_planes *planes,
                              size_t y0, size_t y1, eg_error *error);

/* Returns the index of the pixel in column x of row y of the strip, which is an edge, or of the
 * next one after it. */
size_t eg_chain_strip_index(const eg_chain_strip *strip, const eg_planes *planes, size_t y0,
                            size_t x, size_t y);

/* Links the pixels to fragments, once their points are refined. */
eg_status eg_chain_strip_link(eg_chain_strip *strip, eg_context *ctx, const eg_planes *planes,
                              size_t y0, size_t y1, eg_error *error);

void eg_chain_strip_release(eg_chain_strip *strip);

/* Gives a line its direction: the brighter side is on the left at most of its points, as the image
 * is displayed; if there are as many on both sides, the end that is first from the top and the left
 * is its start. `points` are eg_chain_point. */
void eg_chain_arrange(double *points, size_t count, bool closed);

#endif
