/* SPDX-License-Identifier: MIT */
/* A grid of cells, each of which has a list of its points. */
#include "flux/point_index.h"

#include <math.h>
#include <string.h>

#include "core/size.h"
#include "core/status.h"

#define NONE UINT32_MAX

eg_status eg_point_index_new(eg_point_index *index, eg_context *ctx, const double end[2],
                             double cell, eg_error *error)
{
    *index = (eg_point_index){.ctx = ctx,
                              .cell = cell,
                              .columns = (size_t)(end[0] / cell) + 1,
                              .rows = (size_t)(end[1] / cell) + 1};
    index->first = eg_alloc(ctx, index->columns * index->rows, sizeof *index->first, error);
    if (!index->first)
        return eg_failed(error);
    memset(index->first, 0xFF, index->columns * index->rows * sizeof *index->first);
    return EG_OK;
}

void eg_point_index_free(eg_point_index *index)
{
    eg_free(index->first);
    eg_free(index->points.items);
    *index = (eg_point_index){0};
}

/* Returns the list of the cell of a position. */
static uint32_t *list_of(const eg_point_index *index, const double at[2])
{
    const size_t column = (size_t)(at[0] / index->cell), row = (size_t)(at[1] / index->cell);
    return &index->first[row * index->columns + column];
}

eg_status eg_point_index_add(eg_point_index *index, const double at[2], double arc, uint32_t line,
                             eg_error *error)
{
    if (index->points.count >= NONE)
        return eg_fail(error, EG_LIMIT_EXCEEDED, "too many points of streamlines");
    eg_status status =
        eg_growing_reserve(&index->points, index->ctx, 1, sizeof(eg_indexed_point), error);
    if (status != EG_OK)
        return status;
    uint32_t *list = list_of(index, at);
    ((eg_indexed_point *)index->points.items)[index->points.count] =
        (eg_indexed_point){.at = {at[0], at[1]}, .arc = arc, .line = line, .next = *list};
    *list = (uint32_t)index->points.count++;
    return EG_OK;
}

/* A point is the first of its list once all that were added after it are removed. */
void eg_point_index_truncate(eg_point_index *index, size_t count)
{
    while (index->points.count > count) {
        const eg_indexed_point *last = eg_point_index_get(index, --index->points.count);
        *list_of(index, last->at) = last->next;
    }
}

/* Returns true if a point of the list is near, as eg_point_index_near() does. */
static bool list_is_near(const eg_point_index *index, uint32_t list, const double at[2],
                         double distance, uint32_t line, double arc, double apart)
{
    for (uint32_t i = list; i != NONE; i = eg_point_index_get(index, i)->next) {
        const eg_indexed_point *point = eg_point_index_get(index, i);
        const double dx = point->at[0] - at[0], dy = point->at[1] - at[1];
        if (dx * dx + dy * dy < distance * distance &&
            (point->line != line || fabs(point->arc - arc) > apart))
            return true;
    }
    return false;
}

bool eg_point_index_near(const eg_point_index *index, const double at[2], double distance,
                         uint32_t line, double arc, double apart)
{
    const size_t column = (size_t)(at[0] / index->cell), row = (size_t)(at[1] / index->cell);
    const size_t right = eg_min_size(column + 2, index->columns);
    const size_t bottom = eg_min_size(row + 2, index->rows);
    for (size_t r = row ? row - 1 : 0; r < bottom; r++)
        for (size_t c = column ? column - 1 : 0; c < right; c++)
            if (list_is_near(index, index->first[r * index->columns + c], at, distance, line, arc,
                             apart))
                return true;
    return false;
}
