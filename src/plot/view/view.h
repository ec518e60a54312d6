/* SPDX-License-Identifier: MIT */
/*
 * A surface in space, drawn as shapes from back to front. In orthographic projection the columns
 * above the cells of a grid of x and y hide each other in the order of their distance, and so do
 * the columns above the triangles of a cell, and above the two parts into which the line where the
 * surface meets its tangent plane divides a triangle. Within a column the lower sheet comes first
 * (the upper one if the eye is below). So what is hidden is right without a comparison of depths.
 */
#ifndef EG_PLOT_VIEW_VIEW_H
#define EG_PLOT_VIEW_VIEW_H

#include "core/growing.h"
#include "plot/plot.h"

enum {
    EG_VIEW_CELLS = 64,   /* along each axis */
    EG_VIEW_CORNERS = 12, /* most corners of a polygon after cutting */
    EG_VIEW_MESH = 4      /* cells between the lines of the mesh */
};

/* A point in space, in the units of the axes, and the height of the tangent plane there. */
typedef struct eg_view_point {
    double x, y, z, plane;
} eg_view_point;

typedef struct eg_view_polygon {
    eg_view_point points[EG_VIEW_CORNERS];
    size_t count;
} eg_view_polygon;

typedef struct eg_scene {
    eg_context *ctx;
    const eg_view *view;
    eg_plot_field f;
    void *opaque;
    double z[2];
    double *heights; /* (EG_VIEW_CELLS + 1)^2, row by row of y */
    double levels[EG_PLOT_LEVELS];
    size_t level_count;
    /* Projection: size of the box on its axes, unit vectors to the right, up and to the eye, and
     * pixels = offset + scale * position. */
    double size[3], right[3], up[3], eye[3], scale, offset[2];
    size_t patch[2][2]; /* cells first .. end of the tangent plane, by x and y; empty: none */
    eg_view_point arrow[3][2]; /* lines of the gradient: shaft and barbs */
    bool has_arrow;
    eg_growing shapes; /* of eg_shape */
    eg_status status;  /* of the first failure */
    eg_error *error;
} eg_scene;

/* ---- view_projection.c ---- */

void eg_scene_project(eg_scene *s);

/* Returns the pixel of a point. */
void eg_scene_pixel(const eg_scene *s, const eg_view_point *p, double pixel[2]);

/* Converts a point to a position in the box, -0.5 .. 0.5 times its size. */
void eg_scene_position(const eg_scene *s, const eg_view_point *p, double position[3]);

/* Return the values of the ranges at grid line i. */
double eg_scene_x(const eg_scene *s, size_t i);
double eg_scene_y(const eg_scene *s, size_t i);

/* ---- view_shapes.c ---- */

void eg_scene_add(eg_scene *s, const eg_shape *shape);

/* Add shapes; a polygon of any number of corners becomes several. */
void eg_scene_polygon(eg_scene *s, const eg_view_polygon *polygon, bool plane,
                      const double colour[3], double source);
void eg_scene_line(eg_scene *s, const eg_view_point *a, const eg_view_point *b, bool plane,
                   const double colour[3], double width);

/* Cuts a polygon to where offset + slope * z >= 0; plane: by the heights of the plane. */
void eg_view_cut(eg_view_polygon *polygon, bool plane, double offset, double slope);

/* Cuts a polygon to where the surface is above the plane (sign 1), or below (-1). */
void eg_view_cut_plane(eg_view_polygon *polygon, int sign);

/* ---- view_surface.c ---- */

/* Samples f; chooses the range of z and the levels. */
eg_status eg_scene_sample(eg_scene *s);

/* Returns the last point with a value between one that has a value and one that has not. */
eg_view_point eg_scene_border(eg_scene *s, const eg_view_point *with, const eg_view_point *without);

/* Evaluates f at one point; NaN after a failure. */
double eg_scene_value(eg_scene *s, double x, double y);

/* ---- view_cells.c ---- */

/* Draws the surface and its tangent plane. */
void eg_scene_draw_cells(eg_scene *s);

/* ---- view_sheets.c ---- */

/* Draw part of a triangle of the surface, with level curves and mesh, or of the plane, with the
 * gradient. */
void eg_scene_draw_surface(eg_scene *s, const eg_view_polygon *part, double source);
void eg_scene_draw_plane(eg_scene *s, const eg_view_polygon *part, double source);

/* Draws a whole cell of the surface, with its corners in order. */
void eg_scene_draw_quad(eg_scene *s, const eg_view_point c[4], double source);

/* ---- view_axes.c ---- */

/* Draw the edges of the box that lie behind the surface, and before it with the ticks and texts. */
void eg_scene_draw_back(eg_scene *s);
void eg_scene_draw_axes(eg_scene *s, eg_plot *plot);

#endif
