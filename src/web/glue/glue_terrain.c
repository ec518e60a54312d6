/* SPDX-License-Identifier: MIT */
/* Elevation models: memory, georeferencing, cell size, previews. */
#include "web/glue/glue_terrain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 1 << 25 }; /* numbers of a list */

static eg_status fail(eg_error *error, eg_status status, const char *message)
{
    *error = (eg_error){.status = status};
    snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

eg_status web_list_add(web_list *list, const double items[], size_t count, eg_error *error)
{
    const size_t needed = list->count + count;
    size_t capacity = list->capacity ? list->capacity : 4096;
    if (needed > LIST_MAX)
        return fail(error, EG_LIMIT_EXCEEDED,
                    "more contour lines than this page draws; choose a larger interval");
    while (capacity < needed)
        capacity *= 2;
    if (capacity != list->capacity) {
        double *grown = realloc(list->items, capacity * sizeof *grown);
        if (!grown)
            return fail(error, EG_NO_MEMORY, "not enough memory; choose a larger interval");
        list->items = grown;
        list->capacity = capacity;
    }
    memcpy(list->items + list->count, items, count * sizeof *items);
    list->count = needed;
    return EG_OK;
}

/* ---- cells ----------------------------------------------------------------------------------- */

double terrain_cell(const terrain *t, size_t column, size_t row)
{
    const size_t i = row * t->grid.width + column;
    return t->grid.sample == EG_F64 ? ((const double *)t->grid.data)[i]
                                    : (double)((const float *)t->grid.data)[i];
}

/* Releases an elevation model. */
WEB_EXPORT void terrain_free(terrain *t)
{
    if (!t)
        return;
    eg_ground_free(t->ground);
    eg_options_free(t->measure);
    free(t->grid.data);
    free(t->points.items);
    free(t->lines.items);
    free(t);
}

/* Creates an elevation model of cells that JavaScript fills: doubles if `wide`, else floats, NaN
 * where an elevation is missing. Returns NULL if there is not enough memory. */
WEB_EXPORT terrain *terrain_new(size_t width, size_t height, int wide)
{
    eg_error error = {.status = EG_OK};
    const eg_sample sample = wide ? EG_F64 : EG_F32;
    const size_t stride = eg_row_bytes(sample, width);
    terrain *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->grid = (eg_grid){calloc(height, stride), width, height, stride, sample, 1};
    t->georef.unit = 1;
    if (t->grid.data && web_context(&error) &&
        eg_options_new(&t->measure, web_context(&error), "ground", &error) == EG_OK)
        return t;
    terrain_free(t);
    return NULL;
}

/* Returns the address of the cells, row by row. */
WEB_EXPORT void *terrain_cells(const terrain *t)
{
    return t->grid.data;
}

eg_status terrain_source(eg_source **source, const terrain *t, eg_error *error)
{
    const bool known =
        t->georef.located || t->georef.crs != EG_CRS_UNKNOWN || t->georef.vertical_unit > 0;
    eg_status status = eg_source_grid(source, web_context(error), &t->grid, error);
    if (status == EG_OK && known)
        status = eg_source_set_georef(*source, &t->georef, error);
    if (status != EG_OK) {
        eg_source_close(*source);
        *source = NULL;
    }
    return status;
}

/* ---- place and size -------------------------------------------------------------------------- */

/* Sets the affine transform, as that of an eg_georef. */
WEB_EXPORT void terrain_locate(terrain *t, const double transform[6])
{
    memcpy(t->georef.transform, transform, sizeof t->georef.transform);
    t->georef.located = true;
}

/* Sets the coordinate system from a text, see eg_georef_set_system(). */
WEB_EXPORT eg_status terrain_system(terrain *t, const char *text)
{
    eg_error error = {.status = EG_OK};
    web_begin();
    return web_end(eg_georef_set_system(&t->georef, text, &error), &error);
}

/* Sets how cells are measured, from options of the kind "ground". On failure the cell size is
 * unknown; elevations and contour lines do without it. */
WEB_EXPORT eg_status terrain_measure(terrain *t, const char *lines)
{
    eg_error error = {.status = EG_OK};
    eg_options *measure = NULL;
    eg_source *source = NULL;
    web_begin();
    eg_ground_free(t->ground);
    t->ground = NULL;
    eg_status status = web_options(&measure, "ground", lines, &error);
    if (status == EG_OK)
        status = terrain_source(&source, t, &error);
    if (status == EG_OK)
        status = eg_ground_new(&t->ground, source, eg_options_data(measure, "ground"), &error);
    eg_source_close(source);
    if (measure) {
        eg_options_free(t->measure);
        t->measure = measure;
    }
    return web_end(status, &error);
}

/* Prints the range of the elevations and the number of cells that have one. */
static void print_range(const terrain *t)
{
    double lowest = INFINITY, highest = -INFINITY, count = 0;
    for (size_t y = 0; y < t->grid.height; y++)
        for (size_t x = 0; x < t->grid.width; x++) {
            const double z = terrain_cell(t, x, y);
            if (!isfinite(z))
                continue;
            lowest = z < lowest ? z : lowest;
            highest = z > highest ? z : highest;
            count++;
        }
    web_member("lowest", count > 0 ? lowest : (double)NAN);
    web_member("highest", count > 0 ? highest : (double)NAN);
    web_member("count", count);
}

/* Describes the elevation model as JSON: range of the elevations, kind of coordinates (an eg_crs),
 * metres in a unit of elevation (0: unknown), size of a cell in metres in the middle row (null:
 * unknown). */
WEB_EXPORT eg_status terrain_describe(const terrain *t)
{
    const eg_error error = {.status = EG_OK};
    double x = (double)NAN, y = (double)NAN;
    if (t->ground)
        eg_ground_at(t->ground, ((double)t->grid.height - 1) / 2, &x, &y, NULL);
    web_begin();
    web_print("{");
    print_range(t);
    web_member("crs", t->georef.crs);
    web_member("verticalUnit", t->georef.vertical_unit);
    web_member("cellX", x);
    web_member("cellY", y);
    web_print("}");
    return web_end(EG_OK, &error);
}

/* ---- previews -------------------------------------------------------------------------------- */

/* Returns the mean elevation of a block of cells; NaN: none has one. */
static float block_mean(const terrain *t, size_t column, size_t row, size_t side)
{
    double sum = 0;
    size_t count = 0;
    for (size_t y = row; y < row + side; y++)
        for (size_t x = column; x < column + side; x++) {
            const double z = terrain_cell(t, x, y);
            if (isfinite(z)) {
                sum += z;
                count++;
            }
        }
    return count ? (float)(sum / (double)count) : NAN;
}

/* Creates an elevation model whose cells are the means of `side` x `side` cells; those left over at
 * the right and at the bottom have none. Returns NULL if there is not enough memory. */
WEB_EXPORT terrain *terrain_reduce(const terrain *from, size_t side)
{
    terrain *t = terrain_new(from->grid.width / side, from->grid.height / side, 0);
    if (!t)
        return NULL;
    float *out = t->grid.data;
    for (size_t y = 0; y < t->grid.height; y++)
        for (size_t x = 0; x < t->grid.width; x++)
            *out++ = block_mean(from, x * side, y * side, side);
    t->georef = from->georef;
    for (int i = 0; i < 6; i++)
        if (i % 3)
            t->georef.transform[i] *= (double)side;
    return t;
}
