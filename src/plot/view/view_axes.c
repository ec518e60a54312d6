/* SPDX-License-Identifier: MIT */
/* The box around the surface: its edges, ticks, numbers and names. */
#include <math.h>
#include <string.h>

#include "plot/view/view.h"

static const double edge_colour[] = {0.55, 0.57, 0.60}, floor_colour[] = {0.965, 0.97, 0.975};

#define EDGE_WIDTH 1.0
#define TICK       6.0
#define NUMBER_GAP 17.0 /* pixels from an edge to the middle of a number */
#define NAME_GAP   58.0
#define TITLE_SIZE 18.0
#define NAME_SIZE  17.0

static eg_view_point corner(const eg_scene *s, int x, int y, int z)
{
    return (eg_view_point){s->view->x[x], s->view->y[y], s->z[z], 0};
}

static void draw_edge(eg_scene *s, eg_view_point a, eg_view_point b)
{
    eg_scene_line(s, &a, &b, false, edge_colour, EDGE_WIDTH);
}

/* Draws the edges of the bottom (0) or top (1) of the box. */
static void draw_rectangle(eg_scene *s, int z)
{
    for (int i = 0; i < 2; i++) {
        draw_edge(s, corner(s, 0, i, z), corner(s, 1, i, z));
        draw_edge(s, corner(s, i, 0, z), corner(s, i, 1, z));
    }
}

/* Returns the end of the range that is nearer to the eye, by axis 0 or 1. */
static int near_end(const eg_scene *s, int axis)
{
    return s->eye[axis] > 0;
}

void eg_scene_draw_back(eg_scene *s)
{
    int x = 1 - near_end(s, 0), y = 1 - near_end(s, 1), far = s->eye[2] < 0;
    eg_view_polygon base = {.count = 4};
    const int around[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    for (int i = 0; i < 4; i++)
        base.points[i] = corner(s, around[i][0], around[i][1], far);
    eg_scene_polygon(s, &base, false, floor_colour, -1);
    draw_rectangle(s, far);
    for (int i = 0; i < 3; i++) /* all but the upright edge before the surface */
        draw_edge(s, corner(s, i == 1 ? 1 - x : x, i == 2 ? 1 - y : y, 0),
                  corner(s, i == 1 ? 1 - x : x, i == 2 ? 1 - y : y, 1));
    draw_edge(s, corner(s, 0, y, !far), corner(s, 1, y, !far));
    draw_edge(s, corner(s, x, 0, !far), corner(s, x, 1, !far));
}

/* ---- texts ---- */

static void add_text(eg_scene *s, eg_plot *plot, const char *text, double x, double y,
                     double anchor, double size)
{
    if (s->status != EG_OK || !text)
        return;
    eg_item *item = eg_add_item(plot, &plot->items, EG_ITEM_TEXT, (const double[]){x, y, anchor}, 1,
                                3, s->error);
    s->status = item ? eg_plot_label(plot, item, text, s->error) : s->error->status;
    if (item)
        item->longest = size;
}

/* An axis: its edge, the direction away from the box in pixels, and how texts are anchored. */
typedef struct axis {
    const double *range;
    eg_view_point from, to;
    double outward[2], anchor;
    const char *name;
} axis;

static eg_view_point at(const axis *a, double t)
{
    return (eg_view_point){a->from.x + t * (a->to.x - a->from.x),
                           a->from.y + t * (a->to.y - a->from.y),
                           a->from.z + t * (a->to.z - a->from.z), 0};
}

static void draw_axis(eg_scene *s, eg_plot *plot, const axis *a)
{
    double from[2], to[2], pixel[2], last[2] = {-INFINITY, -INFINITY};
    eg_scene_pixel(s, &a->from, from);
    eg_scene_pixel(s, &a->to, to);
    double length = hypot(to[0] - from[0], to[1] - from[1]);
    double step = eg_nice_step(a->range[1] - a->range[0], fmax(2, length / 75));
    for (int i = 0; i < eg_tick_count(a->range, step) && length > 40; i++) {
        double value = eg_tick_at(a->range, step, i);
        char text[EG_NUMBER];
        eg_view_point p = at(a, (value - a->range[0]) / (a->range[1] - a->range[0]));
        eg_scene_pixel(s, &p, pixel);
        eg_shape tick = {.corners = 2,
                         .points = {pixel[0], pixel[1], pixel[0] + TICK * a->outward[0],
                                    pixel[1] + TICK * a->outward[1]},
                         .width = EDGE_WIDTH,
                         .source = -1};
        memcpy(tick.colour, edge_colour, sizeof tick.colour);
        eg_scene_add(s, &tick);
        bool in_corner = a->range == s->z && pixel[1] > from[1] - 12;
        if (in_corner || hypot(pixel[0] - last[0], pixel[1] - last[1]) < 22)
            continue;
        eg_tick_text(text, sizeof text, value, step);
        add_text(s, plot, text, pixel[0] + NUMBER_GAP * a->outward[0],
                 pixel[1] + NUMBER_GAP * a->outward[1], a->anchor, 0);
        memcpy(last, pixel, sizeof last);
    }
    if (a->range == s->z && length <= 40)
        return;           /* seen from above or below */
    if (a->range == s->z) /* above its end */
        add_text(s, plot, a->name, to[0], to[1] - NUMBER_GAP, 0, NAME_SIZE);
    else
        add_text(s, plot, a->name, (from[0] + to[0]) / 2 + NAME_GAP * a->outward[0],
                 (from[1] + to[1]) / 2 + NAME_GAP * a->outward[1], a->anchor, NAME_SIZE);
}

/* Sets the direction in pixels from one point to another, and the anchor of texts there. */
static void set_outward(const eg_scene *s, axis *a, eg_view_point from, eg_view_point to)
{
    double p[2], q[2];
    eg_scene_pixel(s, &from, p);
    eg_scene_pixel(s, &to, q);
    double length = hypot(q[0] - p[0], q[1] - p[1]);
    a->outward[0] = length > 1 ? (q[0] - p[0]) / length : 0;
    a->outward[1] = length > 1 ? (q[1] - p[1]) / length : 1;
    if (a->outward[1] < 0.35 && fabs(a->outward[0]) < 0.9) { /* along the picture's edge */
        a->outward[0] = a->outward[0] < 0 ? -0.8 : 0.8;
        a->outward[1] = 0.6;
    }
    a->anchor = a->outward[0] < -0.3 ? 1 : a->outward[0] > 0.3 ? -1 : 0;
}

/* Returns the upright edge that is the leftmost one in the picture. */
static void leftmost(const eg_scene *s, int ends[2])
{
    double least = INFINITY;
    for (int i = 0; i < 4; i++) {
        double pixel[2];
        eg_view_point p = corner(s, i & 1, i >> 1, 0);
        eg_scene_pixel(s, &p, pixel);
        if (pixel[0] < least) {
            least = pixel[0];
            ends[0] = i & 1;
            ends[1] = i >> 1;
        }
    }
}

void eg_scene_draw_axes(eg_scene *s, eg_plot *plot)
{
    const eg_view *v = s->view;
    bool below = s->eye[2] < 0; /* then the far edges are the lower ones in the picture */
    int x = near_end(s, 0) ^ below, y = near_end(s, 1) ^ below, left[2] = {0, 0};
    if (below)
        draw_rectangle(s, 0);
    axis along_x = {v->x, corner(s, 0, y, 0), corner(s, 1, y, 0), {0}, 0, v->x_label};
    set_outward(s, &along_x, corner(s, 0, 1 - y, 0), corner(s, 0, y, 0));
    axis along_y = {v->y, corner(s, x, 0, 0), corner(s, x, 1, 0), {0}, 0, v->y_label};
    set_outward(s, &along_y, corner(s, 1 - x, 0, 0), corner(s, x, 0, 0));
    leftmost(s, left);
    axis upright = {
        s->z,      corner(s, left[0], left[1], 0), corner(s, left[0], left[1], 1), {-1, 0}, 1,
        v->z_label};
    upright.outward[0] = -0.6;
    draw_axis(s, plot, &along_x);
    draw_axis(s, plot, &along_y);
    draw_axis(s, plot, &upright);
    add_text(s, plot, v->title, v->width / 2.0, 28, 0, TITLE_SIZE);
}
