/* SPDX-License-Identifier: MIT */
/* Parts of `edgegrad descent --field`: a flow path over a raster, its file, its plot, its report.
 */
#ifndef CLI_DESCENT_FLOW_PATH_H
#define CLI_DESCENT_FLOW_PATH_H

#include "cli/descent/descent.h"

/* Writer of --trace. */
typedef struct flow_path_file {
    eg_file *file; /* NULL: no --trace */
    eg_error error;
    bool geojson;
    size_t points;
    char first[128]; /* GeoJSON: coordinates of the first point, held back because a path of one
                        point is a Point, a longer one a LineString */
} flow_path_file;

typedef struct flow_path_run {
    const cli_args *args;
    const cli_settings *settings;
    const descent_settings *options;
    eg_context *ctx;
    eg_context *output_ctx;  /* not cancelled by signals: the outputs are written after one */
    eg_outputs *outputs;     /* --trace and --plot */
    eg_source *source;       /* owns own_georef.tags */
    eg_georef own_georef;    /* copy of the source's with --crs applied */
    const eg_georef *georef; /* own_georef; NULL: the raster has none */
    bool located;            /* the raster has map coordinates */
    eg_grid grid;
    eg_ground *ground; /* NULL: the cell size is unknown, and lengths are in cells */
    double start[2];   /* column, row */
    flow_path_file file;
    path_sample path; /* in map coordinates */
    eg_flow_path_result result;
    eg_error error;
} flow_path_run;

/* Convert between column, row (integers at cell centres) and map coordinates. Without map
 * coordinates they copy. */
void flow_path_to_map(const flow_path_run *run, const double at[2], double xy[2]);
void flow_path_to_pixel(const flow_path_run *run, const double xy[2], double at[2]);

/* Writes the name of the coordinate system: "EPSG:32619", or its kind. */
void flow_path_crs_name(const flow_path_run *run, char *out, size_t size);

/* ---- flow_path_file.c ---- */

/* Checks --trace. Returns an exit code. */
int flow_path_file_check(const flow_path_run *run);
eg_status flow_path_file_open(flow_path_run *run);
void flow_path_file_write(flow_path_run *run, const eg_flow_path_point *point);
eg_status flow_path_file_commit(flow_path_run *run);

/* ---- flow_path_plot.c ---- */

/* Draws --plot. Returns an exit code. */
int flow_path_plot(flow_path_run *run);

/* ---- flow_path_report.c ---- */

void flow_path_report(const flow_path_run *run);
int flow_path_exit_code(const flow_path_run *run);

#endif
