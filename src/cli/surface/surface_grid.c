/* SPDX-License-Identifier: MIT */
/* Writes value and gradient on a grid of points (--grid): as CSV, or each as a raster. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/file_check.h"
#include "cli/support/format.h"
#include "cli/surface/surface.h"

enum {
    BATCH = 65536,  /* points computed at a time */
    CELL_SIZE = 400 /* longest number of a table with its separator */
};

typedef struct grid_job {
    surface_job *job;
    eg_range range[EG_EXPR_VARIABLES];
    uint64_t total;
    double *memory; /* backs the arrays below, of BATCH each */
    double *points[EG_EXPR_VARIABLES], *gradient[EG_EXPR_VARIABLES], *values;
    eg_file *file; /* NULL: standard output, or rasters */
    eg_error error;
} grid_job;

/* ---- ranges ---- */

static int range_error(const grid_job *g, size_t index, const char *text)
{
    message("--grid: '%.200s' for %s is not FROM:TO:COUNT", text, eg_expr_name(g->job->f, index));
    return EXIT_USAGE;
}

static int read_range(void *opaque, size_t index, const char *text)
{
    grid_job *g = opaque;
    eg_range *range = &g->range[index];
    double count = 0, *const number[] = {&range->from, &range->to, &count};
    char *copy = format_text("%s", text), *rest = copy;
    int code = EXIT_DONE, i = 0;
    for (char *part; code == EXIT_DONE && (part = strsep(&rest, ":")) != NULL; i++)
        code = i < 3 ? formula_constant(number[i], g->job->ctx, "--grid", part, &g->job->constants)
                     : range_error(g, index, text);
    free(copy);
    if (code == EXIT_DONE && (i < 3 || count < 1 || count != floor(count) || count > 1e9))
        code = range_error(g, index, text);
    range->count = code == EXIT_DONE ? (size_t)count : 0;
    return code;
}

static int read_ranges(grid_job *g)
{
    const surface_job *job = g->job;
    int code = formula_parts("--grid", job->options->grid, job->f, read_range, g);
    g->total = 1;
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++) {
        if (g->range[i].count > job->settings->config.max_pixels / g->total) {
            message("--grid: more than %llu points need a larger --max-pixels",
                    (unsigned long long)job->settings->config.max_pixels);
            return EXIT_LIMIT;
        }
        g->total *= g->range[i].count;
    }
    return code;
}

static int allocate_batch(grid_job *g)
{
    size_t n = g->job->n;
    g->memory = format_memory((2 * n + 1) * BATCH, sizeof *g->memory);
    for (size_t i = 0; i < n; i++) {
        g->points[i] = g->memory + i * BATCH;
        g->gradient[i] = g->memory + (n + i) * BATCH;
    }
    g->values = g->memory + 2 * n * BATCH;
    return EXIT_DONE;
}

/* Computes the batch that begins with point `first`. Returns an exit code. */
static int compute_batch(grid_job *g, uint64_t first, size_t count)
{
    eg_error error = {0};
    if (*signal_caught())
        error.status = EG_CANCELLED;
    else
        eg_surface_sample(g->job->f, g->range, (size_t)first, count, g->points, g->values,
                          g->gradient, &error);
    return surface_status(g->job, &error);
}

static size_t batch_size(const grid_job *g, uint64_t first)
{
    return g->total - first < BATCH ? (size_t)(g->total - first) : BATCH;
}

/* ---- CSV ---- */

/* Writes text to the file, or to standard output without one. */
static void write_text(grid_job *g, const char *text, size_t length)
{
    if (!g->file)
        fwrite(text, 1, length, stdout);
    else if (g->error.status == EG_OK)
        eg_file_write(g->file, text, length, &g->error);
}

/* Adds a separator, unless it is 0, and a number to a line; nothing for one that is not finite.
 * Returns the new length. */
static size_t add_cell(const grid_job *g, char *line, size_t used, double value, char separator)
{
    if (separator)
        line[used++] = separator;
    if (isfinite(value))
        used += (size_t)snprintf(line + used, CELL_SIZE, "%.*g", g->job->block_writer.digits,
                                 value + 0.0);
    return used;
}

static void write_rows(grid_job *g, size_t count)
{
    char line[(2 * EG_EXPR_VARIABLES + 1) * CELL_SIZE];
    size_t n = g->job->n;
    for (size_t k = 0; k < count; k++) {
        size_t used = 0;
        for (size_t i = 0; i < n; i++)
            /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): there are points[] for all n */
            used = add_cell(g, line, used, g->points[i][k], i ? ',' : 0);
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): filled by the sampling before */
        used = add_cell(g, line, used, g->values[k], ',');
        for (size_t i = 0; i < n; i++)
            used = add_cell(g, line, used, g->gradient[i][k], ',');
        line[used++] = '\n';
        write_text(g, line, used);
    }
}

static void write_name(grid_job *g, const char *before, size_t i, const char *after)
{
    const char *name = eg_expr_name(g->job->f, i);
    write_text(g, before, strlen(before));
    write_text(g, name, strlen(name));
    write_text(g, after, strlen(after));
}

/* Returns true if nothing more can be written. */
static bool has_failed(const grid_job *g)
{
    return g->file ? g->error.status != EG_OK : ferror(stdout) != 0;
}

static int write_csv(grid_job *g)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < g->job->n; i++)
        write_name(g, "", i, ",");
    write_text(g, "f", 1);
    for (size_t i = 0; i < g->job->n; i++)
        write_name(g, ",df/d", i, "");
    write_text(g, "\n", 1);
    for (uint64_t first = 0; first < g->total && code == EXIT_DONE && !has_failed(g);) {
        size_t count = batch_size(g, first);
        code = compute_batch(g, first, count);
        if (code == EXIT_DONE)
            write_rows(g, count);
        first += count;
    }
    return code;
}

/* Writes the CSV file, which appears when it is complete; pipes and devices are written directly.
 */
static int write_csv_file(grid_job *g, const char *path)
{
    int code = file_check_replaceable(g->job->settings, path);
    if (code != EXIT_DONE)
        return code;
    if (eg_file_create(&g->file, g->job->ctx, path, &g->error) == EG_OK)
        code = write_csv(g);
    if (code == EXIT_DONE && g->error.status == EG_OK)
        eg_file_commit(g->file, &g->error);
    eg_file_close(g->file);
    return code == EXIT_DONE ? surface_status(g->job, &g->error) : code;
}

/* ---- rasters ---- */

static bool is_csv(const char *path)
{
    const char *dot = strrchr(path, '.');
    return strcmp(path, "-") == 0 || !dot || strcasecmp(dot, ".csv") == 0;
}

/* Stores a batch that begins with point `first` in a raster. */
static void store_batch(const eg_grid *grid, uint64_t first, const double *values, size_t count)
{
    size_t y = (size_t)(first / grid->width), x = (size_t)(first % grid->width);
    for (size_t k = 0; k < count; k++) {
        float *row = (float *)(void *)((char *)grid->data + y * grid->stride);
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): filled by the sampling before */
        row[x] = isfinite(values[k]) ? (float)values[k] : NAN;
        y += x + 1 == grid->width;
        x = x + 1 == grid->width ? 0 : x + 1;
    }
}

static int compute_rasters(grid_job *g, const eg_grid grids[])
{
    int code = EXIT_DONE;
    for (uint64_t first = 0; first < g->total && code == EXIT_DONE;) {
        size_t count = batch_size(g, first);
        code = compute_batch(g, first, count);
        for (size_t i = 0; i <= g->job->n && code == EXIT_DONE; i++)
            store_batch(&grids[i], first, i ? g->gradient[i - 1] : g->values, count);
        first += count;
    }
    return code;
}

/* Writes the path of raster i: that of the values is --output, "f.pfm", those of the partial
 * derivatives are beside it, "f-dx.pfm". */
static void raster_path(const grid_job *g, size_t i, char path[PATH_MAX])
{
    const char *output = g->job->options->output, *dot = strrchr(output, '.');
    if (i == 0)
        snprintf(path, PATH_MAX, "%s", output);
    else
        snprintf(path, PATH_MAX, "%.*s-d%s%s", (int)(dot - output), output,
                 eg_expr_name(g->job->f, i - 1), dot);
}

/* Refuses to replace files of other programs. Returns an exit code, after its message. */
static int check_rasters(const grid_job *g)
{
    char path[PATH_MAX];
    int code = EXIT_DONE;
    for (size_t i = 0; i <= g->job->n && code == EXIT_DONE; i++) {
        raster_path(g, i, path);
        code = file_check_replaceable(g->job->settings, path);
    }
    return code;
}

/* Writes all rasters or none. */
static int save_rasters(grid_job *g, eg_grid grids[])
{
    eg_error error = {0};
    char path[PATH_MAX];
    eg_write_options options;
    eg_write_default(&options);
    eg_outputs_new(&options.outputs, g->job->ctx, &error);
    for (size_t i = 0; i <= g->job->n && error.status == EG_OK; i++) {
        raster_path(g, i, path);
        eg_save(&grids[i], g->job->ctx, path, &options, &error);
    }
    if (error.status == EG_OK)
        eg_outputs_commit(options.outputs, &error);
    eg_outputs_close(options.outputs);
    return surface_status(g->job, &error);
}

static int write_rasters(grid_job *g)
{
    eg_error error = {0};
    eg_grid grids[3] = {{0}};
    size_t n = g->job->n;
    if (n > 2) {
        message("--grid: a raster has two variables; give the others by --let, or write CSV");
        return EXIT_USAGE;
    }
    int code = check_rasters(g);
    if (code != EXIT_DONE)
        return code;
    for (size_t i = 0; i <= n && error.status == EG_OK; i++)
        eg_grid_new(&grids[i], g->job->ctx, g->range[0].count, n > 1 ? g->range[1].count : 1,
                    EG_F32, &error);
    code = surface_status(g->job, &error);
    code = code ? code : compute_rasters(g, grids);
    code = code ? code : save_rasters(g, grids);
    for (size_t i = 0; i <= n; i++)
        eg_grid_free(&grids[i]);
    return code;
}

int surface_write_grid(surface_job *job)
{
    grid_job g = {.job = job};
    const char *path = job->options->output;
    int code = read_ranges(&g);
    code = code ? code : allocate_batch(&g);
    if (code == EXIT_DONE) {
        if (path && !is_csv(path))
            code = write_rasters(&g);
        else if (path && strcmp(path, "-") != 0)
            code = write_csv_file(&g, path);
        else
            code = write_csv(&g);
    }
    free(g.memory);
    return code;
}
