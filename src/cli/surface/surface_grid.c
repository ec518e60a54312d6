/* SPDX-License-Identifier: MIT */
/* Value and gradient on a grid of points: CSV, or a raster each. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/surface/surface.h"

enum { POINTS = 65536 }; /* computed at a time */

typedef struct grid_job {
    surface_job *job;
    eg_range range[EG_EXPR_VARIABLES];
    uint64_t total;
    double *numbers; /* coordinates, values, gradient: POINTS each */
    double *points[EG_EXPR_VARIABLES], *gradient[EG_EXPR_VARIABLES], *values;
} grid_job;

/* ---- ranges ------------------------------------------------------------------------------------
 */

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
    char *copy = strdup(text), *rest = copy;
    int code = EXIT_DONE, i = 0;
    for (char *part; code == EXIT_DONE && (part = strsep(&rest, ":")) != NULL; i++)
        code = i < 3 ? formula_constant(number[i], g->job->ctx, "--grid", part, &g->job->lets)
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
    int code = formula_parts("--grid", job->asked->grid, job->f, read_range, g);
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

static int make_room(grid_job *g)
{
    size_t n = g->job->n;
    g->numbers = calloc((2 * n + 1) * POINTS, sizeof *g->numbers);
    if (!g->numbers) {
        message("no memory");
        return EXIT_LIMIT;
    }
    for (size_t i = 0; i < n; i++) {
        g->points[i] = g->numbers + i * POINTS;
        g->gradient[i] = g->numbers + (n + i) * POINTS;
    }
    g->values = g->numbers + 2 * n * POINTS;
    return EXIT_DONE;
}

/* Points `first` and on; returns an exit code. */
static int compute(grid_job *g, uint64_t first, size_t count)
{
    eg_error error = {0};
    if (*signal_caught())
        error.status = EG_CANCELLED;
    else
        eg_surface_sample(g->job->f, g->range, (size_t)first, count, g->points, g->values,
                          g->gradient, &error);
    return surface_status(g->job, &error);
}

static size_t chunk(const grid_job *g, uint64_t first)
{
    return g->total - first < POINTS ? (size_t)(g->total - first) : POINTS;
}

/* ---- CSV ---------------------------------------------------------------------------------------
 */

static void put_header(const grid_job *g, FILE *out)
{
    for (size_t i = 0; i < g->job->n; i++)
        fprintf(out, "%s,", eg_expr_name(g->job->f, i));
    fputc('f', out);
    for (size_t i = 0; i < g->job->n; i++)
        fprintf(out, ",df/d%s", eg_expr_name(g->job->f, i));
    fputc('\n', out);
}

/* A number without a value leaves its cell empty. */
static void put_cell(const grid_job *g, FILE *out, double value, char before)
{
    if (before)
        fputc(before, out);
    if (isfinite(value))
        fprintf(out, "%.*g", g->job->sheet.digits, value + 0.0);
}

static void put_rows(const grid_job *g, FILE *out, size_t count)
{
    size_t n = g->job->n;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < n; i++)
            /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): there are points[] for all n */
            put_cell(g, out, g->points[i][k], i ? ',' : 0);
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): filled by the sampling before */
        put_cell(g, out, g->values[k], ',');
        for (size_t i = 0; i < n; i++)
            put_cell(g, out, g->gradient[i][k], ',');
        fputc('\n', out);
    }
}

static int put_table(grid_job *g, FILE *out)
{
    int code = EXIT_DONE;
    put_header(g, out);
    for (uint64_t first = 0; first < g->total && code == EXIT_DONE && !ferror(out);) {
        size_t count = chunk(g, first);
        code = compute(g, first, count);
        if (code == EXIT_DONE)
            put_rows(g, out, count);
        first += count;
    }
    return code;
}

static int file_error(const char *path)
{
    message("%s: %s", path, strerror(errno));
    return EXIT_FILE;
}

/* Finishes `out` and gives it its name, or takes it away. */
static int close_table(FILE *out, const char *made, const char *path, int code)
{
    bool failed = ferror(out) != 0;
    if ((fclose(out) != 0 || failed) && code == EXIT_DONE)
        code = file_error(path);
    if (code == EXIT_DONE && strcmp(made, path) != 0 && rename(made, path) != 0)
        code = file_error(path);
    if (code != EXIT_DONE && strcmp(made, path) != 0)
        unlink(made);
    return code;
}

/* A file appears under its name only when it is whole; pipes and devices are written as they are.
 */
static int write_table(grid_job *g, const char *path)
{
    struct stat about;
    bool plain = stat(path, &about) != 0 || S_ISREG(about.st_mode);
    size_t size = strlen(path) + 16;
    char *made = malloc(size);
    if (!made)
        return EXIT_LIMIT;
    snprintf(made, size, plain ? "%s.XXXXXX" : "%s", path);
    int fd = plain ? mkstemp(made) : -1;
    FILE *out = plain ? (fd < 0 ? NULL : fdopen(fd, "w")) : fopen(path, "w");
    mode_t mask = umask(0);
    umask(mask);
    if (fd >= 0)
        (void)!fchmod(fd, 0666 & ~mask);
    int code = out ? put_table(g, out) : file_error(path);
    if (out)
        code = close_table(out, made, path, code);
    free(made);
    return code;
}

/* ---- rasters -----------------------------------------------------------------------------------
 */

static bool is_csv(const char *path)
{
    const char *dot = strrchr(path, '.');
    return strcmp(path, "-") == 0 || !dot || strcasecmp(dot, ".csv") == 0;
}

/* Points number `first` and on, in rows of the grid's width. */
static void store(const eg_grid *grid, uint64_t first, const double *from, size_t count)
{
    size_t y = (size_t)(first / grid->width), x = (size_t)(first % grid->width);
    for (size_t k = 0; k < count; k++) {
        float *row = (float *)(void *)((char *)grid->data + y * grid->stride);
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): filled by the sampling before */
        row[x] = isfinite(from[k]) ? (float)from[k] : NAN;
        y += x + 1 == grid->width;
        x = x + 1 == grid->width ? 0 : x + 1;
    }
}

static int fill(grid_job *g, const eg_grid grids[])
{
    int code = EXIT_DONE;
    for (uint64_t first = 0; first < g->total && code == EXIT_DONE;) {
        size_t count = chunk(g, first);
        code = compute(g, first, count);
        for (size_t i = 0; i <= g->job->n && code == EXIT_DONE; i++)
            store(&grids[i], first, i ? g->gradient[i - 1] : g->values, count);
        first += count;
    }
    return code;
}

/* "f-dx.pfm" beside "f.pfm" */
static void name_partial(const grid_job *g, size_t i, char *out, size_t size)
{
    const char *path = g->job->asked->output, *dot = strrchr(path, '.');
    if (i == 0)
        snprintf(out, size, "%s", path);
    else
        snprintf(out, size, "%.*s-d%s%s", (int)(dot - path), path, eg_expr_name(g->job->f, i - 1),
                 dot);
}

static int save(grid_job *g, eg_grid grids[])
{
    eg_error error = {0};
    char path[4096];
    for (size_t i = 0; i <= g->job->n && error.status == EG_OK; i++) {
        name_partial(g, i, path, sizeof path);
        eg_save(&grids[i], g->job->ctx, path, NULL, &error);
    }
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
    for (size_t i = 0; i <= n && error.status == EG_OK; i++)
        eg_grid_new(&grids[i], g->job->ctx, g->range[0].count, n > 1 ? g->range[1].count : 1,
                    EG_F32, &error);
    int code = surface_status(g->job, &error);
    code = code ? code : fill(g, grids);
    code = code ? code : save(g, grids);
    for (size_t i = 0; i <= n; i++)
        eg_grid_free(&grids[i]);
    return code;
}

int surface_grid(surface_job *job)
{
    grid_job g = {.job = job};
    const char *path = job->asked->output;
    int code = read_ranges(&g);
    code = code ? code : make_room(&g);
    if (code == EXIT_DONE) {
        if (path && !is_csv(path))
            code = write_rasters(&g);
        else if (path && strcmp(path, "-") != 0)
            code = write_table(&g, path);
        else
            code = put_table(&g, stdout);
    }
    free(g.numbers);
    return code;
}
