/* SPDX-License-Identifier: MIT */
/* Orthographic projection of the box. */
#include <math.h>

#include "plot/view/view.h"

#define PI 3.14159265358979323846

/* Margins in pixels, for titles and numbers, and the shape of the box. */
#define MARGIN_SIDE   70.0
#define MARGIN_TOP    60.0
#define MARGIN_BOTTOM 64.0
#define FLATTEST      0.35 /* shorter side of the base, relative to the longer one */
#define HEIGHT        0.62 /* of the box */

double eg_scene_x(const eg_scene *s, size_t i)
{
    const double *r = s->view->x;
    return r[0] + (r[1] - r[0]) * (double)i / EG_VIEW_CELLS;
}

double eg_scene_y(const eg_scene *s, size_t i)
{
    const double *r = s->view->y;
    return r[0] + (r[1] - r[0]) * (double)i / EG_VIEW_CELLS;
}

void eg_scene_position(const eg_scene *s, const eg_view_point *p, double position[3])
{
    const double *ranges[] = {s->view->x, s->view->y, s->z}, values[] = {p->x, p->y, p->z};
    for (int i = 0; i < 3; i++)
        position[i] =
            s->size[i] * ((values[i] - ranges[i][0]) / (ranges[i][1] - ranges[i][0]) - 0.5);
}

void eg_scene_pixel(const eg_scene *s, const eg_view_point *p, double pixel[2])
{
    double position[3], x = 0, y = 0;
    eg_scene_position(s, p, position);
    for (int i = 0; i < 3; i++) {
        x += position[i] * s->right[i];
        y += position[i] * s->up[i];
    }
    pixel[0] = s->offset[0] + s->scale * x;
    pixel[1] = s->offset[1] - s->scale * y;
}

/* Scales the box to the picture. */
static void fit(eg_scene *s)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, pixel[2];
    s->scale = 1;
    s->offset[0] = s->offset[1] = 0;
    for (int i = 0; i < 8; i++) {
        eg_view_point corner = {s->view->x[i & 1], s->view->y[i >> 1 & 1], s->z[i >> 2], 0};
        eg_scene_pixel(s, &corner, pixel);
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], pixel[k]);
            high[k] = fmax(high[k], pixel[k]);
        }
    }
    double width = fmax(s->view->width - 2 * MARGIN_SIDE, s->view->width / 3.0);
    double height = fmax(s->view->height - MARGIN_TOP - MARGIN_BOTTOM, s->view->height / 3.0);
    s->scale = fmin(width / (high[0] - low[0]), height / (high[1] - low[1]));
    s->offset[0] = s->view->width / 2.0 - s->scale * (low[0] + high[0]) / 2;
    s->offset[1] =
        (s->view->height + MARGIN_TOP - MARGIN_BOTTOM) / 2 - s->scale * (low[1] + high[1]) / 2;
}

void eg_scene_project(eg_scene *s)
{
    const eg_view *v = s->view;
    double a = v->azimuth * PI / 180, e = v->elevation * PI / 180;
    double x = v->x[1] - v->x[0], y = v->y[1] - v->y[0], longer = fmax(x, y);
    s->size[0] = fmax(x / longer, FLATTEST);
    s->size[1] = fmax(y / longer, FLATTEST);
    s->size[2] = HEIGHT;
    const double right[] = {-sin(a), cos(a), 0},
                 up[] = {-sin(e) * cos(a), -sin(e) * sin(a), cos(e)},
                 eye[] = {cos(e) * cos(a), cos(e) * sin(a), sin(e)};
    for (int i = 0; i < 3; i++) {
        s->right[i] = right[i];
        s->up[i] = up[i];
        s->eye[i] = eye[i];
    }
    fit(s);
}
