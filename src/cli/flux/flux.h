/* SPDX-License-Identifier: MIT */
/* edgegrad gradient --flux: the flux -k grad u of a raster, its arrows and streamlines. */
#ifndef CLI_FLUX_FLUX_H
#define CLI_FLUX_FLUX_H

#include "cli/cli.h"

/* The options of --flux. */
typedef struct flux_settings {
    bool flux;
    const char *conductivity; /* a number or a path; NULL: 1 */
    eg_ground_options ground; /* crs, cell_x and cell_y */
    const char *quiver, *streamlines;
    int spacing;       /* 0: chosen by the size of the raster */
    double separation; /* 0: chosen by the size of the raster */
} flux_settings;

extern const cli_group flux_group; /* offsets in gradient_settings */

void flux_set_defaults(flux_settings *settings);

/* Returns true if an option of the group is on the command line. */
bool flux_options_given(const cli_args *args);

/* Runs the command. Returns an exit code, after its message. */
int flux_run(const cli_args *args, const cli_settings *common, const flux_settings *settings);

/* ---- shared by the files of this folder ------------------------------------------------------ */

enum {
    FLUX_FIELD_SIDE = 1024,  /* most samples along a side of the field of streamlines */
    FLUX_PICTURE_SIDE = 512, /* most samples along a side of the potential in a picture */
    FLUX_ARROWS = 32,        /* arrows along the longer side */
    FLUX_ARROWS_MOST = 200,
    FLUX_LINES = 40 /* streamlines along the longer side */
};

/* Components of arrows: means over boxes. */
enum { ARROW_X, ARROW_Y, ARROW_COLUMNS, ARROW_ROWS, ARROW_GRIDS };

/* Components of the field of streamlines: means over boxes. */
enum { FIELD_COLUMNS, FIELD_ROWS, FIELD_MAGNITUDE, FIELD_GRIDS };

enum { FLUX_SINKS = 1 + ARROW_GRIDS + FIELD_GRIDS + 1 };

/* A run of the command. */
typedef struct flux_job {
    const cli_args *args;
    const cli_settings *common;
    const flux_settings *options;
    const char *input, *output;
    const char *conductivity_file; /* NULL: flux.conductivity */
    eg_flux_options flux;
    eg_grid conductivities;
    eg_context *ctx;
    eg_source *source;
    eg_info info;
    eg_outputs *outputs;
    eg_sink *sinks[FLUX_SINKS];
    eg_flux_part parts[FLUX_SINKS];
    size_t sink_count;
    size_t arrow_factor, field_factor, picture_factor; /* pixels of a box; 0: not needed */
    eg_grid arrows[ARROW_GRIDS], field[FIELD_GRIDS], potential;
    double separation;  /* of streamlines, in pixels */
    double cell[2];     /* size of a cell in the middle row, in metres; 1, 1: unknown */
    size_t arrow_count; /* arrows of the quiver */
    double longest;     /* magnitude of its longest arrow */
    bool clipped;       /* there are larger ones, drawn at that length */
    eg_flux_result result;
    eg_streamline_result lines;
    eg_error error;
} flux_job;

/* Reads --conductivity: a number, or a path. Returns an exit code. (flux_conductivity.c) */
int flux_read_conductivity(flux_job *job);

/* Reads the raster of conductivities, if there is one. (flux_conductivity.c) */
eg_status flux_load_conductivities(flux_job *job);

/* Draws the arrows. (flux_plot.c) */
eg_status flux_write_quiver(flux_job *job);

/* Writes the streamlines, as a picture or as lines. (flux_streamlines.c) */
eg_status flux_write_streamlines(flux_job *job);

/* Creates a plot with the potential's level curves. The caller frees it. (flux_plot.c) */
eg_status flux_plot_new(flux_job *job, eg_plot **plot, const char *title);

/* Converts a column and row to the coordinates of the plot's axes. (flux_plot.c) */
void flux_plot_position(const flux_job *job, const double at[2], double xy[2]);

/* Returns the pixels of the raster in a pixel of a picture. (flux_plot.c) */
double flux_plot_pixel(const flux_job *job);

/* Sets arrow[] to an arrow of eg_plot_arrows() at a column and row, in the direction of a motion in
 * columns and rows. Its length in the picture is proportional to `length`. (flux_plot.c) */
void flux_plot_arrow(const flux_job *job, const double at[2], const double motion[2], double length,
                     double arrow[4]);

/* Writes "FILE: flux -k∇u, k = K". (flux_report.c) */
void flux_format_title(const flux_job *job, char *out, size_t size);

/* Prints the JSON object of --json. (flux_report.c) */
void flux_print_json(const flux_job *job, double seconds);

#endif
