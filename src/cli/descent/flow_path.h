/* SPDX-License-Identifier: MIT */
/* What the parts of `edgegrad descent --field` share: a way over a raster, its file, its picture,
 * its report. */
#ifndef CLI_DESCENT_FLOW_PATH_H
#define CLI_DESCENT_FLOW_PATH_H

#include "cli/descent/descent.h"

/* The file of the way, as it grows. */
typedef struct trail_file {
    eg_file *file;
    eg_error error;
    bool geojson;
    size_t points;
    char first[128]; /* GeoJSON: whether it becomes a point or a line is known when there is a
                        second */
} trail_file;

typedef struct field_run {
    const cli_line *line;
    const cli_settings *settings;
    const descent_settings *options;
    eg_context *ctx;
    eg_context *quiet;       /* that signals do not cancel: what was reached is written */
    eg_source *source;       /* owns the tags of `place` */
    eg_georef place;         /* with what --crs says */
    const eg_georef *georef; /* that, or NULL where nothing is known */
    bool located;
    eg_grid grid;
    eg_ground *ground; /* NULL: nothing tells how large cells are; they count as 1 */
    double start[2];   /* column, row */
    trail_file trace;
    double *way; /* x, y of the points kept for the picture */
    size_t kept, stride;
    eg_flow_path_result result;
    eg_error error;
} field_run;

/* Between columns and rows, cell's middles being whole, and coordinates; the same where it is not
 * located. */
void field_place(const field_run *run, const double at[2], double xy[2]);
void field_pixel(const field_run *run, const double xy[2], double at[2]);

/* "EPSG:32619", or what kind of coordinates they are. */
void field_system(const field_run *run, char *out, size_t size);

const char *field_end_word(eg_flow_path_end end, bool uphill);   /* "pit" ... */
const char *field_end_reason(eg_flow_path_end end, bool uphill); /* a sentence */

/* ---- descent_trail.c */

int trail_file_check(const field_run *run);
eg_status trail_file_begin(field_run *run);
void trail_file_point(field_run *run, const eg_flow_path_point *point);
eg_status trail_file_finish(field_run *run);

/* ---- descent_field_plot.c */

int field_plot(field_run *run);

/* ---- descent_field_report.c */

void field_report(const field_run *run);
int field_exit_code(const field_run *run);

#endif
