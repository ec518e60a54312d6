/* SPDX-License-Identifier: MIT */
/* Draws the columns of the grid from back to front. */
#include <math.h>
#include <string.h>

#include "plot/view/view.h"

enum { SIDE = EG_VIEW_CELLS + 1 };

/* Returns the height of the tangent plane. */
static double plane_at(const eg_scene *s, double x, double y)
{
    const eg_view *v = s->view;
    return v->value + v->gradient[0] * (x - v->point[0]) + v->gradient[1] * (y - v->point[1]);
}

static eg_view_point grid_point(const eg_scene *s, size_t i, size_t j)
{
    eg_view_point p = {eg_scene_x(s, i), eg_scene_y(s, j), s->heights[j * SIDE + i], 0};
    p.plane = plane_at(s, p.x, p.y);
    return p;
}

/* Returns the point of the border of the domain between a corner with a value and one without. */
static eg_view_point border_between(eg_scene *s, const eg_view_point *with,
                                    const eg_view_point *without)
{
    eg_view_point last = eg_scene_border(s, with, without);
    last.plane = plane_at(s, last.x, last.y);
    return last;
}

/* Makes the polygon of the part of a triangle that has values. */
static void defined_part(eg_scene *s, const eg_view_point corners[3], eg_view_polygon *part)
{
    part->count = 0;
    for (int i = 0; i < 3; i++) {
        const eg_view_point *a = &corners[i], *b = &corners[(i + 1) % 3];
        if (isfinite(a->z))
            part->points[part->count++] = *a;
        if (isfinite(a->z) != isfinite(b->z))
            part->points[part->count++] =
                isfinite(a->z) ? border_between(s, a, b) : border_between(s, b, a);
    }
}

/* Returns true if a triangle crosses the whole range of z at once, as at a pole or a jump. */
static bool is_wall(const eg_scene *s, const eg_view_polygon *part)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < part->count; i++) {
        low = fmin(low, part->points[i].z);
        high = fmax(high, part->points[i].z);
    }
    return low < s->z[0] && high > s->z[1];
}

/* Draws both sheets of one part of a triangle, the one behind first. above: the surface is above
 * the plane there. */
static void draw_sheets(eg_scene *s, const eg_view_polygon *surface, const eg_view_polygon *plane,
                        bool above, double source)
{
    bool plane_first = above == (s->eye[2] >= 0);
    if (plane_first)
        eg_scene_draw_plane(s, plane, source);
    eg_scene_draw_surface(s, surface, source);
    if (!plane_first)
        eg_scene_draw_plane(s, plane, source);
}

/* Returns the slope of the difference of surface and plane, in the horizontal direction to the eye:
 * if it is positive, the part above the plane is the nearer one. */
static double slope_to_eye(const eg_scene *s, const eg_view_point c[3])
{
    double d[3], p[3][3];
    for (int i = 0; i < 3; i++) {
        d[i] = c[i].z - c[i].plane;
        eg_scene_position(s, &(eg_view_point){c[i].x, c[i].y, s->z[0], 0}, p[i]);
    }
    double ax = p[1][0] - p[0][0], ay = p[1][1] - p[0][1], bx = p[2][0] - p[0][0],
           by = p[2][1] - p[0][1], det = ax * by - ay * bx;
    double gx = ((d[1] - d[0]) * by - (d[2] - d[0]) * ay) / det,
           gy = ((d[2] - d[0]) * ax - (d[1] - d[0]) * bx) / det;
    return gx * s->eye[0] + gy * s->eye[1];
}

/* Draws a triangle where the tangent plane is shown. */
static void draw_with_plane(eg_scene *s, const eg_view_point corners[3],
                            const eg_view_polygon *part, double source)
{
    eg_view_polygon whole = {.count = 3}, surface, plane;
    memcpy(whole.points, corners, 3 * sizeof *corners);
    if (part->count < 3) {
        eg_scene_draw_plane(s, &whole, source);
        return;
    }
    if (!(isfinite(corners[0].z) && isfinite(corners[1].z) && isfinite(corners[2].z))) {
        double sum = 0;
        for (size_t i = 0; i < part->count; i++)
            sum += part->points[i].z - part->points[i].plane;
        draw_sheets(s, part, &whole, sum > 0, source);
        return;
    }
    bool above_last = slope_to_eye(s, corners) > 0;
    for (int turn = 0; turn < 2; turn++) {
        bool above = (turn == 1) == above_last;
        surface = plane = whole;
        eg_view_cut_plane(&surface, above ? 1 : -1);
        plane = surface;
        if (surface.count >= 3)
            draw_sheets(s, &surface, &plane, above, source);
    }
}

static bool in_patch(const eg_scene *s, size_t i, size_t j)
{
    return i >= s->patch[0][0] && i < s->patch[0][1] && j >= s->patch[1][0] && j < s->patch[1][1];
}

static void draw_triangle(eg_scene *s, const eg_view_point corners[3], bool with_plane,
                          double source)
{
    eg_view_polygon part;
    defined_part(s, corners, &part);
    if (part.count >= 3 && is_wall(s, &part))
        part.count = 0;
    if (with_plane)
        draw_with_plane(s, corners, &part, source);
    else if (part.count >= 3)
        eg_scene_draw_surface(s, &part, source);
}

/* Draws the two triangles of a cell, the one behind first. */
static void draw_cell(eg_scene *s, size_t i, size_t j)
{
    eg_view_point c[] = {grid_point(s, i, j), grid_point(s, i + 1, j), grid_point(s, i + 1, j + 1),
                         grid_point(s, i, j + 1)};
    bool plane = in_patch(s, i, j);
    eg_view_polygon whole = {.points = {c[0], c[1], c[2], c[3]}, .count = 4};
    if (!plane && isfinite(c[0].z + c[1].z + c[2].z + c[3].z) && !is_wall(s, &whole)) {
        eg_scene_draw_quad(s, c, (double)(j * EG_VIEW_CELLS + i));
        return;
    }
    const eg_view_point first[] = {c[0], c[1], c[2]}, second[] = {c[0], c[2], c[3]};
    double source = (double)(j * EG_VIEW_CELLS + i);
    /* The diagonal from c[0] to c[2]: the triangle on the side of c[1] is behind if the normal of
     * the diagonal that points to c[3] points to the eye. */
    double along[3], start[3];
    eg_scene_position(s, &(eg_view_point){c[2].x, c[2].y, s->z[0], 0}, along);
    eg_scene_position(s, &(eg_view_point){c[0].x, c[0].y, s->z[0], 0}, start);
    double normal = -(along[1] - start[1]) * s->eye[0] + (along[0] - start[0]) * s->eye[1];
    draw_triangle(s, normal > 0 ? first : second, plane, source);
    draw_triangle(s, normal > 0 ? second : first, plane, source);
}

void eg_scene_draw_cells(eg_scene *s)
{
    for (size_t a = 0; a < EG_VIEW_CELLS; a++)
        for (size_t b = 0; b < EG_VIEW_CELLS && s->status == EG_OK; b++)
            draw_cell(s, s->eye[0] > 0 ? a : EG_VIEW_CELLS - 1 - a,
                      s->eye[1] > 0 ? b : EG_VIEW_CELLS - 1 - b);
}
