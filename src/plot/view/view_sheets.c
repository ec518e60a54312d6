/* SPDX-License-Identifier: MIT */
/* Colours and lines of the surface and of its tangent plane. */
#include <math.h>

#include "plot/view/view.h"

/* The colours of level plots (style.h): low, high, level curves; accent for the plane. */
static const double low_colour[] = {0.55, 0.74, 0.90}, high_colour[] = {0.985, 0.96, 0.88},
                    level_colour[] = {0.24, 0.39, 0.55}, mesh_colour[] = {0.62, 0.68, 0.74},
                    plane_colour[] = {0.60, 0.83, 0.66}, border_colour[] = {0.10, 0.47, 0.22},
                    arrow_colour[] = {0.82, 0.20, 0.08};

#define LEVEL_WIDTH  1.4
#define MESH_WIDTH   0.5
#define BORDER_WIDTH 1.4
#define ARROW_WIDTH  2.6
#define DARKEST      0.68 /* brightness of a surface that light does not fall on */

/* Returns the brightness of a polygon by the angle of its normal to the light, which comes from the
 * upper left of the eye. */
static double brightness(const eg_scene *s, const eg_view_polygon *part)
{
    double p[3][3], a[3], b[3], light = 0, length = 0, normal[3];
    for (int i = 0; i < 3; i++)
        eg_scene_position(s, &part->points[i], p[i]);
    for (int i = 0; i < 3; i++) {
        a[i] = p[1][i] - p[0][i];
        b[i] = p[2][i] - p[0][i];
    }
    for (int i = 0; i < 3; i++) {
        int k = (i + 1) % 3, m = (i + 2) % 3;
        normal[i] = a[k] * b[m] - a[m] * b[k];
        length += normal[i] * normal[i];
        light += normal[i] * (0.55 * s->up[i] + 0.65 * s->eye[i] - 0.5 * s->right[i]);
    }
    return length > 0 ? DARKEST + (1 - DARKEST) * fmin(1, fabs(light) / sqrt(length)) : 1;
}

static void cut_to_range(const eg_scene *s, eg_view_polygon *part, bool plane)
{
    eg_view_cut(part, plane, -s->z[0], 1);
    eg_view_cut(part, plane, s->z[1], -1);
}

/* Draws the part of a level curve in a polygon. */
static void draw_level(eg_scene *s, const eg_view_polygon *part, double level)
{
    eg_view_point ends[2];
    size_t found = 0;
    for (size_t i = 0; i < part->count && found < 2; i++) {
        const eg_view_point *a = &part->points[i], *b = &part->points[(i + 1) % part->count];
        if ((a->z < level) == (b->z < level))
            continue;
        double t = (level - a->z) / (b->z - a->z);
        ends[found++] =
            (eg_view_point){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y), level, 0};
    }
    if (found == 2)
        eg_scene_line(s, &ends[0], &ends[1], false, level_colour, LEVEL_WIDTH);
}

/* Returns true if both points lie on one line of the mesh, or on grid line first or end. */
static bool on_grid_line(const double range[2], double a, double b, size_t first, size_t end,
                         size_t step)
{
    double scale = EG_VIEW_CELLS / (range[1] - range[0]);
    double i = (a - range[0]) * scale, k = (b - range[0]) * scale, line = floor(i + 0.5);
    if (fabs(i - line) > 1e-6 || fabs(k - line) > 1e-6)
        return false;
    return step ? fmod(line, (double)step) == 0 : line == (double)first || line == (double)end;
}

static void draw_mesh(eg_scene *s, const eg_view_polygon *part)
{
    for (size_t i = 0; i < part->count; i++) {
        const eg_view_point *a = &part->points[i], *b = &part->points[(i + 1) % part->count];
        if (on_grid_line(s->view->x, a->x, b->x, 0, 0, EG_VIEW_MESH) ||
            on_grid_line(s->view->y, a->y, b->y, 0, 0, EG_VIEW_MESH))
            eg_scene_line(s, a, b, false, mesh_colour, MESH_WIDTH);
    }
}

/* Fills a polygon of the surface, which is cut to the range, and draws the mesh on it. */
static void fill_surface(eg_scene *s, eg_view_polygon *part, double source)
{
    double colour[3], middle = 0;
    cut_to_range(s, part, false);
    if (part->count < 3)
        return;
    for (size_t i = 0; i < part->count; i++)
        middle += part->points[i].z / (double)part->count;
    double height = (middle - s->z[0]) / (s->z[1] - s->z[0]), light = brightness(s, part);
    for (int i = 0; i < 3; i++)
        colour[i] = light * (low_colour[i] + height * (high_colour[i] - low_colour[i]));
    eg_scene_polygon(s, part, false, colour, source);
    draw_mesh(s, part);
}

static void draw_levels(eg_scene *s, const eg_view_polygon *part)
{
    for (size_t i = 0; i < s->level_count && part->count >= 3; i++)
        draw_level(s, part, s->levels[i]);
}

void eg_scene_draw_surface(eg_scene *s, const eg_view_polygon *part, double source)
{
    eg_view_polygon shown = *part;
    fill_surface(s, &shown, source);
    draw_levels(s, &shown);
}

void eg_scene_draw_quad(eg_scene *s, const eg_view_point c[4], double source)
{
    eg_view_polygon quad = {.points = {c[0], c[1], c[2], c[3]}, .count = 4};
    fill_surface(s, &quad, source);
    for (int half = 0; half < 2; half++) { /* a triangle is flat */
        eg_view_polygon triangle = {.points = {c[0], c[1 + half], c[2 + half]}, .count = 3};
        cut_to_range(s, &triangle, false);
        draw_levels(s, &triangle);
    }
}

/* ---- plane ---- */

/* Cuts the segment from t[0] to t[1] to one side of the line from a to b. */
static void cut_segment(const eg_view_point *from, const eg_view_point *to, const eg_view_point *a,
                        const eg_view_point *b, double side, double t[2])
{
    double p = side * ((b->x - a->x) * (from->y - a->y) - (b->y - a->y) * (from->x - a->x));
    double q = side * ((b->x - a->x) * (to->y - a->y) - (b->y - a->y) * (to->x - a->x));
    if (p < 0 && q < 0)
        t[0] = 2;
    else if (p < 0)
        t[0] = fmax(t[0], p / (p - q));
    else if (q < 0)
        t[1] = fmin(t[1], p / (p - q));
}

/* Draws the part of the gradient's arrow that lies in a convex polygon. */
static void draw_arrow(eg_scene *s, const eg_view_polygon *part)
{
    double area = 0;
    for (size_t i = 0; i < part->count; i++) {
        const eg_view_point *a = &part->points[i], *b = &part->points[(i + 1) % part->count];
        area += a->x * b->y - a->y * b->x;
    }
    for (int line = 0; line < 3 && area != 0; line++) {
        const eg_view_point *from = &s->arrow[line][0], *to = &s->arrow[line][1];
        double t[2] = {0, 1};
        for (size_t i = 0; i < part->count; i++)
            cut_segment(from, to, &part->points[i], &part->points[(i + 1) % part->count],
                        area > 0 ? 1 : -1, t);
        if (!(t[0] < t[1]))
            continue;
        eg_view_point ends[2];
        for (int k = 0; k < 2; k++)
            ends[k] = (eg_view_point){from->x + t[k] * (to->x - from->x),
                                      from->y + t[k] * (to->y - from->y), 0,
                                      from->plane + t[k] * (to->plane - from->plane)};
        eg_scene_line(s, &ends[0], &ends[1], true, arrow_colour, ARROW_WIDTH);
    }
}

void eg_scene_draw_plane(eg_scene *s, const eg_view_polygon *part, double source)
{
    eg_view_polygon shown = *part;
    cut_to_range(s, &shown, true);
    if (shown.count < 3)
        return;
    eg_scene_polygon(s, &shown, true, plane_colour, source + 0.5);
    for (size_t i = 0; i < shown.count; i++) {
        const eg_view_point *a = &shown.points[i], *b = &shown.points[(i + 1) % shown.count];
        if (on_grid_line(s->view->x, a->x, b->x, s->patch[0][0], s->patch[0][1], 0) ||
            on_grid_line(s->view->y, a->y, b->y, s->patch[1][0], s->patch[1][1], 0))
            eg_scene_line(s, a, b, true, border_colour, BORDER_WIDTH);
    }
    if (s->has_arrow)
        draw_arrow(s, &shown);
}
