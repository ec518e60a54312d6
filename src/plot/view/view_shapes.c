/* SPDX-License-Identifier: MIT */
/* Shapes of a scene, and cuts of polygons. */
#include <string.h>

#include "core/context.h"
#include "plot/view/view.h"

#define SEAM 1.0 /* width of the sides that close the seam to the next polygon */

void eg_scene_add(eg_scene *s, const eg_shape *shape)
{
    if (s->status == EG_OK)
        s->status = eg_growing_reserve(&s->shapes, s->ctx, 1, sizeof *shape, s->error);
    if (s->status == EG_OK)
        ((eg_shape *)s->shapes.items)[s->shapes.count++] = *shape;
}

/* Returns the pixel of a point of the surface or of the plane. */
static void pixel_of(const eg_scene *s, const eg_view_point *p, bool plane, double pixel[2])
{
    eg_view_point there = *p;
    if (plane)
        there.z = p->plane;
    eg_scene_pixel(s, &there, pixel);
}

/* Returns true if the polygon beyond the side from a to b is nearer to the eye, and so not drawn
 * yet. turn: sign of the area of the polygon in the plane of x and y. */
static bool is_near_side(const eg_scene *s, const eg_view_point *a, const eg_view_point *b,
                         double turn)
{
    double p[3], q[3];
    eg_scene_position(s, a, p);
    eg_scene_position(s, b, q);
    return turn * ((q[1] - p[1]) * s->eye[0] - (q[0] - p[0]) * s->eye[1]) > 0;
}

/* Returns the sides to draw. Only the near ones, because lines beyond the others are drawn already;
 * all of a polygon that is divided. */
static double sides_of(const eg_scene *s, const eg_view_polygon *polygon)
{
    double area = 0;
    int sides = 0;
    if (polygon->count > 4)
        return 15;
    for (size_t i = 0; i < polygon->count; i++) {
        const eg_view_point *a = &polygon->points[i],
                            *b = &polygon->points[(i + 1) % polygon->count];
        area += (a->x - polygon->points[0].x) * (b->y - polygon->points[0].y) -
                (b->x - polygon->points[0].x) * (a->y - polygon->points[0].y);
    }
    for (size_t i = 0; i < polygon->count; i++)
        if (is_near_side(s, &polygon->points[i], &polygon->points[(i + 1) % polygon->count], area))
            sides |= 1 << i;
    return sides;
}

void eg_scene_polygon(eg_scene *s, const eg_view_polygon *polygon, bool plane,
                      const double colour[3], double source)
{
    eg_shape shape = {.width = SEAM, .sides = sides_of(s, polygon), .source = source};
    memcpy(shape.colour, colour, sizeof shape.colour);
    for (size_t first = 1; first + 1 < polygon->count; first += 2) {
        size_t corners = polygon->count - first > 2 ? 4 : 3;
        shape.corners = (double)corners;
        pixel_of(s, &polygon->points[0], plane, shape.points);
        for (size_t k = 1; k < corners; k++)
            pixel_of(s, &polygon->points[first + k - 1], plane, shape.points + 2 * k);
        eg_scene_add(s, &shape);
    }
}

void eg_scene_line(eg_scene *s, const eg_view_point *a, const eg_view_point *b, bool plane,
                   const double colour[3], double width)
{
    eg_shape shape = {.corners = 2, .width = width, .source = -1};
    memcpy(shape.colour, colour, sizeof shape.colour);
    pixel_of(s, a, plane, shape.points);
    pixel_of(s, b, plane, shape.points + 2);
    eg_scene_add(s, &shape);
}

/* ---- cuts ---- */

static eg_view_point between(const eg_view_point *a, const eg_view_point *b, double t)
{
    return (eg_view_point){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y),
                           a->z + t * (b->z - a->z), a->plane + t * (b->plane - a->plane)};
}

/* Keeps the part of a polygon where the values, one for each corner, are not negative (Sutherland
 * and Hodgman 1974). */
static void keep_part(eg_view_polygon *polygon, const double values[])
{
    eg_view_polygon kept = {.count = 0};
    for (size_t i = 0; i < polygon->count; i++) {
        size_t next = (i + 1) % polygon->count;
        double a = values[i], b = values[next];
        if (a >= 0 && kept.count < EG_VIEW_CORNERS)
            kept.points[kept.count++] = polygon->points[i];
        if ((a < 0) != (b < 0) && kept.count < EG_VIEW_CORNERS)
            kept.points[kept.count++] =
                between(&polygon->points[i], &polygon->points[next], a / (a - b));
    }
    *polygon = kept;
}

void eg_view_cut(eg_view_polygon *polygon, bool plane, double offset, double slope)
{
    double values[EG_VIEW_CORNERS];
    for (size_t i = 0; i < polygon->count; i++)
        values[i] = offset + slope * (plane ? polygon->points[i].plane : polygon->points[i].z);
    keep_part(polygon, values);
}

void eg_view_cut_plane(eg_view_polygon *polygon, int sign)
{
    double values[EG_VIEW_CORNERS];
    for (size_t i = 0; i < polygon->count; i++)
        values[i] = sign * (polygon->points[i].z - polygon->points[i].plane);
    keep_part(polygon, values);
}
