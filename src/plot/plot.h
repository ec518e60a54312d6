/* SPDX-License-Identifier: MIT */
/* What a diagram holds until it is drawn, and the parts of drawing. */
#ifndef EG_PLOT_PLOT_H
#define EG_PLOT_PLOT_H

#include "edgegrad.h"

enum {
    EG_PLOT_LEVELS = 32, /* most level curves */
    EG_PLOT_LABELS = 64  /* most of their labels */
};

typedef enum eg_item_kind {
    EG_ITEM_PATH,
    EG_ITEM_ARROWS,
    EG_ITEM_VECTOR,
    EG_ITEM_MARK
} eg_item_kind;

/* Where a text lies: its middle, how it is turned, half of its width. Pixels. */
typedef struct eg_label {
    double x, y, angle, half;
    char text[24]; /* of a level */
} eg_label;

/* Something drawn over the level curves, in the order it came. */
typedef struct eg_item {
    struct eg_item *next;
    eg_item_kind kind;
    int style; /* eg_plot_line or eg_plot_sign */
    double longest;
    double scale; /* of arrows, pixels for one of length 1 if x and y were pixels; by
                     eg_place_labels() */
    char *label;
    eg_label place;  /* of the label; half is 0 until it has one */
    double *numbers; /* 2 or 4 a point */
    size_t count;    /* points */
} eg_item;

struct eg_plot {
    eg_context *ctx;
    eg_plot_options options;         /* its texts are copies; ranges as widened */
    double left, top, right, bottom; /* the frame, pixels from the picture's upper left */
    double *values;
    size_t columns, rows;
    double levels[EG_PLOT_LEVELS];
    size_t level_count;
    eg_label labels[EG_PLOT_LABELS]; /* of the levels, as drawn */
    size_t label_count;
    eg_item *first, *last;
    unsigned char *bytes; /* of the last rendering */
    size_t size, capacity;
};

static inline double eg_plot_x(const eg_plot *plot, double x)
{
    const double *range = plot->options.x;
    return plot->left + (x - range[0]) / (range[1] - range[0]) * (plot->right - plot->left);
}

static inline double eg_plot_y(const eg_plot *plot, double y)
{
    const double *range = plot->options.y;
    double up = (y - range[0]) / (range[1] - range[0]);
    return plot->bottom - (plot->options.y_down ? 1 - up : up) * (plot->bottom - plot->top);
}

/* 1, 2 or 5 times a power of ten, so that some `about` of them make up the range. (levels.c) */
double eg_nice_step(double range, double about);

/* The number of a tick, with as many digits as tell it from its neighbours. (levels.c) */
void eg_tick_text(char *out, size_t size, double value, double step);

/* Levels for these values, ascending; returns their number, 0 where all are the same or none is
 * finite. `sorted` has room for count values. (levels.c) */
size_t eg_choose_levels(const double values[], size_t count, double sorted[],
                        double levels[EG_PLOT_LEVELS]);

/* Neighbours of which one is lower and one higher than nearly all values have a pole between them,
 * where curves of every level would seem to run: one of them becomes NaN. `sorted` has room for all
 * values. (levels.c) */
void eg_cut_poles(double values[], size_t columns, size_t rows, double sorted[]);

/* Where `value` stands among the levels: 0 below the first to 1 above the last. (levels.c) */
double eg_level_rank(const eg_plot *plot, double value);

/* Draws all of it on a cairo_t. (draw.c) */
eg_status eg_plot_draw(eg_plot *plot, void *cairo, eg_error *error);

#endif
