/* SPDX-License-Identifier: MIT */
/* Contents of a plot, and the parts of drawing that do not need cairo. */
#ifndef EG_PLOT_PLOT_H
#define EG_PLOT_PLOT_H

#include "edgegrad.h"

enum {
    EG_PLOT_LEVELS = 32, /* most levels */
    EG_PLOT_LABELS = 64, /* most labels of level curves */
    EG_PLOT_ENTRIES = 6  /* most entries of the legend */
};

typedef enum eg_item_kind {
    EG_ITEM_PATH,
    EG_ITEM_BAND,
    EG_ITEM_POINTS,
    EG_ITEM_ARROWS,
    EG_ITEM_VECTOR,
    EG_ITEM_MARK
} eg_item_kind;

/* Position of a text: its middle, its rotation, half its width. Pixels, radians. */
typedef struct eg_label {
    double x, y, angle, half;
    char text[24]; /* of a level curve */
} eg_label;

/* An element drawn over the level curves. */
typedef struct eg_item {
    struct eg_item *next;
    eg_item_kind kind;
    int style;      /* eg_plot_line or eg_plot_sign */
    double longest; /* length of the longest arrow, pixels */
    double scale;   /* factor on the lengths of arrows in pixels; set by eg_place_labels() */
    char *label;
    eg_label label_box; /* half is 0 until the label is placed */
    double *numbers;    /* x, y of a point; x, low, high of a band; x, y, dx, dy of an arrow */
    size_t count;       /* points, triples or arrows */
} eg_item;

/* An entry of the legend. */
typedef struct eg_entry {
    const char *text;
    eg_plot_sample sample;
    int style; /* eg_plot_line */
} eg_entry;

struct eg_plot {
    eg_context *ctx;
    eg_plot_options options;         /* texts are copies; ranges are widened */
    double left, top, right, bottom; /* frame, in pixels from the upper left */
    double *values;                  /* samples of eg_plot_values(); NULL: none */
    size_t columns, rows;
    double levels[EG_PLOT_LEVELS];
    size_t level_count;
    eg_label labels[EG_PLOT_LABELS]; /* of the level curves; set while they are drawn */
    size_t label_count;
    eg_item *first, *last;
    eg_entry entries[EG_PLOT_ENTRIES];
    size_t entry_count;
    unsigned char *bytes; /* file of the last eg_plot_render() */
    size_t size, capacity;
};

/* Convert from axis coordinates to pixels. */
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

/* Returns 1, 2 or 5 times a power of ten that divides the range into approximately `about` parts.
 * (levels.c) */
double eg_nice_step(double range, double about);

/* Formats the number of a tick with the digits that distinguish it from its neighbours. (levels.c)
 */
void eg_tick_text(char *out, size_t size, double value, double step);

/* Chooses levels for these values, ascending. Returns their number: 0 if the values are equal or
 * none is finite. `sorted` is scratch memory for count values. (levels.c) */
size_t eg_choose_levels(const double values[], size_t count, double sorted[],
                        double levels[EG_PLOT_LEVELS]);

/* Sets one of two neighbours to NaN if one is below the 2nd and the other above the 98th
 * percentile, because there is a pole between them, where all level curves would coincide. `sorted`
 * is scratch memory for all values. (levels.c) */
void eg_cut_poles(double values[], size_t columns, size_t rows, double sorted[]);

/* Returns the rank of `value` among the levels, from 0 below the first to 1 above the last.
 * (levels.c) */
double eg_level_rank(const eg_plot *plot, double value);

/* Draws the plot on a cairo_t. (draw.c) */
eg_status eg_plot_draw(eg_plot *plot, void *cairo, eg_error *error);

#endif
