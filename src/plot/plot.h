/* SPDX-License-Identifier: MIT */
/* Contents of a plot, and the parts of drawing that do not need cairo. */
#ifndef EG_PLOT_PLOT_H
#define EG_PLOT_PLOT_H

#include "edgegrad.h"

enum {
    EG_PLOT_SIDE = 8192, /* most pixels or samples of a side */
    EG_NUMBER = 32,      /* bytes of a number on an axis or a curve */
    EG_PLOT_LABELS = 64, /* most labels of level curves */
    EG_PLOT_ENTRIES = 6  /* most entries of the legend */
};

typedef enum eg_item_kind {
    EG_ITEM_PATH,
    EG_ITEM_BAND,
    EG_ITEM_POINTS,
    EG_ITEM_ARROWS,
    EG_ITEM_VECTOR,
    EG_ITEM_MARK,
    EG_ITEM_SHAPES, /* polygons and lines in pixels: see eg_shape */
    EG_ITEM_TEXT,   /* `label` in pixels: its middle, start or end at x, y as numbers[2] is 0, -1, 1
                     */
    EG_ITEM_LEVEL
} eg_item_kind;

/* A polygon of `corners` 3 or 4, or a line of 2; a layout of the numbers of an item of shapes. */
typedef struct eg_shape {
    double corners, points[8], colour[3];
    double width;  /* of the line, or of the sides in `sides` */
    double sides;  /* bit mask of the sides of a polygon that are drawn in its colour, too: bit k is
                      that from corner k to the next */
    double source; /* what it shows, for tests: number of the cell of a surface, plus 0.5 for its
                      tangent plane; -1: else */
} eg_shape;

enum { EG_SHAPE_NUMBERS = sizeof(eg_shape) / sizeof(double) };

/* Position of a text: its middle, its rotation, half its width. Pixels, radians. */
typedef struct eg_label {
    double x, y, angle, half;
    char text[EG_NUMBER]; /* of a level curve */
} eg_label;

/* An element drawn over the level curves. */
typedef struct eg_item {
    struct eg_item *next;
    eg_item_kind kind;
    int style;      /* eg_plot_line or eg_plot_sign */
    double longest; /* length of the longest arrow, pixels */
    double scale;   /* factor on the lengths of arrows in pixels; set by eg_place_labels() */
    double level;   /* of a level curve */
    bool closed;
    char *label;
    eg_label label_box; /* half is 0 until the label is placed */
    double *numbers;    /* x, y of a point; x, low, high of a band; x, y, dx, dy of an arrow */
    size_t count;       /* points, triples or arrows */
    size_t width;       /* numbers of each */
} eg_item;

typedef struct eg_item_list {
    eg_item *first, *last;
} eg_item_list;

/* Bytes in a growing block of memory. */
typedef struct eg_buffer {
    unsigned char *bytes;
    size_t size, capacity;
    bool failed; /* there was no memory */
} eg_buffer;

/* An entry of the legend. */
typedef struct eg_entry {
    const char *text;
    eg_plot_sample sample;
    int style; /* eg_plot_line */
} eg_entry;

/* Margins of the frame, pixels. */
enum {
    EG_MARGIN_LEFT = 56,
    EG_MARGIN_RIGHT = 24,
    EG_MARGIN_TOP = 22,
    EG_MARGIN_TITLE = 26,
    EG_MARGIN_LEGEND = 24,
    EG_MARGIN_BOTTOM = 58,
    EG_MARGIN_Y_LABEL = 28,
    EG_TICK = 6,
    EG_TICK_GAP = 5 /* between a tick and its number */
};

/* Position of the frame in pixels from the upper left, and steps of the ticks of x and y. */
typedef struct eg_frame {
    double left, top, right, bottom, step[2];
} eg_frame;

struct eg_plot {
    eg_context *ctx;
    eg_plot_options options; /* texts are copies; ranges are widened */
    eg_frame frame;
    double *positions; /* of samples among the levels (eg_level_position()); NULL: none */
    size_t columns, rows;
    double levels[EG_PLOT_LEVELS];
    size_t level_count;
    eg_label labels[EG_PLOT_LABELS]; /* of the level curves; set while they are drawn */
    size_t label_count;
    eg_item_list items, curves; /* curves: EG_ITEM_LEVEL, below the items */
    eg_buffer *texts; /* SVG elements of the texts while an SVG file is drawn, else NULL */
    eg_entry entries[EG_PLOT_ENTRIES];
    size_t entry_count;
    bool bare;               /* no axes, frame and titles: its items are in pixels */
    double origin[2];        /* of a panel in its picture, pixels */
    double title_size;       /* in pixels; 0: the largest that fits */
    struct eg_plot **panels; /* NULL: none */
    size_t panel_count;
    eg_buffer file; /* of the last eg_plot_render() */
};

/* Append bytes, or insert them at an offset. Return false, and set `failed`, if there is no memory.
 * (buffer.c) */
bool eg_buffer_append(eg_buffer *buffer, eg_context *ctx, const void *bytes, size_t size);
bool eg_buffer_insert(eg_buffer *buffer, eg_context *ctx, size_t at, const void *bytes,
                      size_t size);

/* Convert from axis coordinates to pixels. */
static inline double eg_plot_x(const eg_plot *plot, double x)
{
    const double *range = plot->options.x;
    return plot->frame.left +
           (x - range[0]) / (range[1] - range[0]) * (plot->frame.right - plot->frame.left);
}

static inline double eg_plot_y(const eg_plot *plot, double y)
{
    const double *range = plot->options.y;
    double up = (y - range[0]) / (range[1] - range[0]);
    return plot->frame.bottom -
           (plot->options.y_down ? 1 - up : up) * (plot->frame.bottom - plot->frame.top);
}

/* ---- axes (ticks.c) ---- */

/* Returns 1, 2 or 5 times a power of ten that divides the range into approximately `about` parts.
 */
double eg_nice_step(double range, double about);

/* Formats the number of a tick with the digits that distinguish it from its neighbours. */
void eg_tick_text(char *out, size_t size, double value, double step);

/* Formats a level that differs by `gap` from the nearest other one, without trailing zeros. */
void eg_level_text(char *out, size_t size, double level, double gap);

/* Return the value of tick i, and the number of ticks. */
double eg_tick_at(const double range[2], double step, int i);
int eg_tick_count(const double range[2], double step);

/* Returns the width of the text of a tick in pixels. */
typedef double (*eg_measure)(void *opaque, const char *text);

/* Computes the frame and the steps of the ticks: the numbers are neither cut off nor overlap. */
void eg_lay_out(eg_frame *frame, const eg_plot_options *options, eg_measure measure, void *opaque);

/* Computes the frame with widths that cairo measures, after eg_cairo_load(). (text.c) */
eg_status eg_lay_out_measured(eg_frame *frame, const eg_plot_options *options, eg_error *error);

/* Frees a plot that was not made by eg_plot_new(). (plot_destroy.c) */
void eg_plot_destroy(eg_plot *plot);

/* Draws the plot into plot->file, after eg_cairo_load(). (render.c) */
eg_status eg_plot_render_here(eg_plot *plot, const char *format, eg_error *error);

/* Computes the frame and draws, in a process of its own. (process/painter.c) */
eg_status eg_painter_lay_out(eg_context *ctx, eg_frame *frame, const eg_plot_options *options,
                             eg_error *error);
eg_status eg_painter_draw(eg_plot *plot, const char *format, eg_error *error);

/* Count the plots: the process ends with the last one. */
void eg_painter_keep(void);
void eg_painter_release(void);

/* ---- levels (levels.c): besides eg_plot_choose_levels() ---- */

/* Sets one of two neighbours to NaN if one is below the 2nd and the other above the 98th
 * percentile, because there is a pole between them, where all level curves would coincide. `sorted`
 * is scratch memory for all values. */
void eg_cut_poles(double values[], size_t columns, size_t rows, double sorted[]);

/* Returns the position of a value among the levels: k and a part between level k - 1 and level k,
 * 0.5 below the first and count + 0.5 above the last. NaN if it is not finite. */
double eg_level_position(const double levels[], size_t count, double value);

/* Appends an item to a list, with a copy of `count` points of `width` numbers. Returns NULL on
 * failure. (plot.c) */
eg_item *eg_add_item(eg_plot *plot, eg_item_list *list, eg_item_kind kind, const double numbers[],
                     size_t count, size_t width, eg_error *error);

/* Gives an item a copy of a label; NULL: none. (plot.c) */
eg_status eg_plot_label(eg_plot *plot, eg_item *item, const char *label, eg_error *error);

/* Draws the plot on a cairo_t. (draw.c) */
void eg_plot_draw(eg_plot *plot, void *cairo);

#endif
