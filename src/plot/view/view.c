/* SPDX-License-Identifier: MIT */
/* Makes a plot of a surface in space. */
#include "plot/view/view.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

#define PATCH        0.22 /* half the side of the tangent plane, relative to the range */
#define ARROW_LENGTH 0.20 /* of the gradient's arrow above the plane of x and y, relative to it */
#define BARB         0.22 /* of the arrow, relative to its length */
#define POINT_RADIUS 4.5

void eg_view_default(eg_view *view)
{
    *view =
        (eg_view){.z = {NAN, NAN}, .azimuth = -60, .elevation = 30, .width = 960, .height = 720};
}

static eg_status check_view(const eg_view *v, eg_error *error)
{
    if (!isfinite(v->azimuth) || !(fabs(v->elevation) <= 90))
        return eg_fail(error, EG_USAGE,
                       "the elevation must be -90 to 90 degrees and the azimuth finite, not %g "
                       "and %g",
                       v->elevation, v->azimuth);
    return EG_OK;
}

/* ---- tangent plane ---- */

/* Chooses the cells above which the tangent plane is shown. */
static void choose_patch(eg_scene *s)
{
    const eg_view *v = s->view;
    for (int axis = 0; axis < 2; axis++) {
        const double *range = axis ? v->y : v->x;
        double scale = EG_VIEW_CELLS / (range[1] - range[0]);
        double first = floor((v->point[axis] - range[0]) * scale - PATCH * EG_VIEW_CELLS + 0.5);
        double end = ceil((v->point[axis] - range[0]) * scale + PATCH * EG_VIEW_CELLS - 0.5);
        s->patch[axis][0] = (size_t)fmax(0, fmin(first, EG_VIEW_CELLS));
        s->patch[axis][1] = (size_t)fmax(0, fmin(end, EG_VIEW_CELLS));
    }
}

/* Returns the point of the plane at a distance from the point of the view, relative to the ranges.
 */
static eg_view_point plane_point(const eg_view *v, double dx, double dy)
{
    eg_view_point p = {v->point[0] + dx * (v->x[1] - v->x[0]),
                       v->point[1] + dy * (v->y[1] - v->y[0]), 0, 0};
    p.plane =
        v->value + v->gradient[0] * (p.x - v->point[0]) + v->gradient[1] * (p.y - v->point[1]);
    return p;
}

/* Makes the lines of the arrow: of constant length in the plane of x and y, and two barbs. */
static void make_arrow(eg_scene *s)
{
    const eg_view *v = s->view;
    double gx = v->gradient[0] / (v->x[1] - v->x[0]), gy = v->gradient[1] / (v->y[1] - v->y[0]);
    double norm = hypot(gx, gy);
    s->has_arrow = isfinite(norm) && norm > 0;
    if (!s->has_arrow)
        return;
    double dx = ARROW_LENGTH * gx / norm, dy = ARROW_LENGTH * gy / norm;
    eg_view_point start = plane_point(v, 0, 0), tip = plane_point(v, dx, dy);
    s->arrow[0][0] = start;
    s->arrow[0][1] = tip;
    for (int k = 1; k < 3; k++) {
        double side = k == 1 ? 0.5 : -0.5;
        s->arrow[k][0] = tip;
        s->arrow[k][1] = plane_point(v, dx - BARB * (dx - side * dy), dy - BARB * (dy + side * dx));
    }
}

/* Extends a chosen range of z to the tip of the arrow, unless that is far away. */
static void extend_to_arrow(eg_scene *s)
{
    double tip = s->arrow[0][1].plane, more = (s->z[1] - s->z[0]) / 2;
    if (s->has_arrow && !(s->view->z[0] < s->view->z[1]) && tip > s->z[0] - more &&
        tip < s->z[1] + more) {
        s->z[0] = fmin(s->z[0], tip);
        s->z[1] = fmax(s->z[1], tip);
    }
}

/* ---- point ---- */

/* Returns true if the surface is between the point and the eye. */
static bool is_hidden(eg_scene *s, const eg_view_point *p)
{
    enum { STEPS = 400 };
    double step[3];
    for (int i = 0; i < 3; i++) {
        const double *range = i == 0 ? s->view->x : i == 1 ? s->view->y : s->z;
        step[i] = s->eye[i] / s->size[i] * (range[1] - range[0]) * 2 / STEPS;
    }
    double side = s->eye[2] >= 0 ? 1 : -1;
    for (int i = 4; i < STEPS; i++) {
        double x = p->x + i * step[0], y = p->y + i * step[1], z = p->z + i * step[2];
        if (x < s->view->x[0] || x > s->view->x[1] || y < s->view->y[0] || y > s->view->y[1] ||
            z < s->z[0] || z > s->z[1])
            return false;
        double above = eg_scene_value(s, x, y);
        if (isfinite(above) && above >= s->z[0] && above <= s->z[1] && side * (above - z) > 0)
            return true;
    }
    return false;
}

/* Draws the point as a disc, as a ring if it is hidden. */
static void draw_point(eg_scene *s)
{
    static const double red[] = {0.82, 0.20, 0.08};
    const eg_view *v = s->view;
    enum { SIDES = 16 };
    eg_view_point p = {v->point[0], v->point[1], v->value, 0};
    double pixel[2];
    if (!isfinite(v->value) || v->point[0] < v->x[0] || v->point[0] > v->x[1] ||
        v->point[1] < v->y[0] || v->point[1] > v->y[1])
        return;
    bool hidden = is_hidden(s, &p);
    eg_scene_pixel(s, &p, pixel);
    for (int i = 0; i < SIDES; i++) {
        eg_shape shape = {.corners = hidden ? 2 : 3, .width = 1.4, .sides = 7, .source = -1};
        for (int k = 0; k < 2; k++) {
            double angle = 2 * 3.14159265358979323846 * (i + k) / SIDES;
            shape.points[2 * k] = pixel[0] + POINT_RADIUS * cos(angle);
            shape.points[2 * k + 1] = pixel[1] + POINT_RADIUS * sin(angle);
        }
        shape.points[4] = pixel[0];
        shape.points[5] = pixel[1];
        memcpy(shape.colour, red, sizeof red);
        eg_scene_add(s, &shape);
    }
}

/* ---- all ---- */

/* Creates a plot without axes whose items are in pixels. */
static eg_status make_plot(eg_plot **plot, eg_context *ctx, const eg_view *view, eg_error *error)
{
    eg_plot_options options = {.x = {view->x[0], view->x[1]},
                               .y = {view->y[0], view->y[1]},
                               .width = view->width,
                               .height = view->height,
                               .title = view->title};
    eg_status status = eg_plot_new(plot, ctx, &options, error);
    if (status != EG_OK)
        return status;
    (*plot)->bare = true;
    (*plot)->frame = (eg_frame){.right = view->width, .bottom = view->height};
    return EG_OK;
}

static eg_status draw_scene(eg_scene *s, eg_plot *plot)
{
    if (eg_scene_sample(s) != EG_OK)
        return s->status;
    if (s->view->has_point && s->view->has_tangent) {
        choose_patch(s);
        make_arrow(s);
        extend_to_arrow(s);
    }
    eg_scene_project(s);
    eg_scene_draw_back(s);
    eg_scene_draw_cells(s);
    if (s->view->has_point)
        draw_point(s);
    eg_scene_draw_axes(s, plot);
    if (s->status == EG_OK && !eg_add_item(plot, &plot->items, EG_ITEM_SHAPES, s->shapes.items,
                                           s->shapes.count, EG_SHAPE_NUMBERS, s->error))
        s->status = eg_failed(s->error);
    return s->status;
}

eg_status eg_view_new(eg_plot **plot, eg_context *ctx, const eg_view *view, eg_plot_field f,
                      void *opaque, eg_error *error)
{
    eg_error own = {0};
    eg_scene scene = {
        .ctx = ctx, .view = view, .f = f, .opaque = opaque, .error = error ? error : &own};
    *plot = NULL;
    eg_status status = check_view(view, error);
    if (status == EG_OK)
        status = make_plot(plot, ctx, view, error);
    if (status == EG_OK)
        status = draw_scene(&scene, *plot);
    eg_free(scene.heights);
    eg_free(scene.shapes.items);
    if (status != EG_OK) {
        eg_plot_free(*plot);
        *plot = NULL;
    }
    return status;
}
