/* SPDX-License-Identifier: MIT */
/*
 * The borders of inputs that are neighbours of others. An input adjoins up to eight others, so its
 * outermost rows and columns are kept after it was read for the first of them. The least recently
 * used borders are dropped when the memory is full: a clock hand goes over all borders and drops
 * the first one that was not used since it last passed.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "cli/batch/batch_run.h"

enum {
    MEMORY_SHARE = 16, /* the part of --memory that borders may use is 1/MEMORY_SHARE */
    ROWS_AT_ONCE = 16
};

typedef enum border_state {
    BORDER_ABSENT,
    BORDER_LOADING, /* a thread reads it */
    BORDER_READY,
    BORDER_FAILED /* it cannot be read to its end */
} border_state;

typedef struct border {
    border_state state;
    unsigned pins; /* jobs that use it */
    bool recent;   /* used since the hand passed */
    raster_border lines;
} border;

struct batch_borders {
    const batch_list *list;
    const cli_settings *settings;
    eg_context *ctx; /* memory of the lines */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a border is no longer BORDER_LOADING */
    border *borders;        /* one for each item of the list */
    size_t hand;
};

size_t batch_borders_memory(const cli_settings *settings)
{
    return settings->config.max_memory / MEMORY_SHARE;
}

batch_borders *batch_borders_open(const batch_list *list, const cli_settings *settings)
{
    eg_config config = settings->config;
    batch_borders *all = calloc(1, sizeof *all);
    config.max_memory =
        batch_borders_memory(settings); /* the only limit: files have been checked */
    config.max_side = SIZE_MAX;
    config.max_pixels = UINT64_MAX;
    config.threads = 1;
    if (!all)
        return NULL;
    all->list = list;
    all->settings = settings;
    all->borders = calloc(list->count, sizeof *all->borders);
    if (!all->borders || eg_context_new(&all->ctx, &config, NULL) != EG_OK) {
        free(all->borders);
        free(all);
        return NULL;
    }
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->changed, NULL);
    return all;
}

static void free_lines(raster_border *lines)
{
    eg_grid_free(&lines->top);
    eg_grid_free(&lines->bottom);
    eg_grid_free(&lines->left);
    eg_grid_free(&lines->right);
}

void batch_borders_close(batch_borders *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->list->count; i++)
        free_lines(&all->borders[i].lines);
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
    eg_context_free(all->ctx);
    free(all->borders);
    free(all);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Drops a border that no job uses. Returns false if there is none. */
static bool drop_one(batch_borders *all)
{
    bool dropped = false;
    pthread_mutex_lock(&all->lock);
    for (size_t steps = 0; !dropped && steps < 2 * all->list->count; steps++) {
        border *at = &all->borders[all->hand];
        all->hand = (all->hand + 1) % all->list->count;
        dropped = at->state == BORDER_READY && at->pins == 0 && !at->recent;
        at->recent = false;
        if (dropped) {
            free_lines(&at->lines);
            at->state = BORDER_ABSENT;
        }
    }
    pthread_mutex_unlock(&all->lock);
    return dropped;
}

/* Allocates a grid without padding, because two columns would be mostly that. */
static bool new_line(batch_borders *all, eg_grid *line, size_t width, size_t height,
                     eg_sample sample)
{
    eg_status status;
    do
        status = eg_grid_new(line, all->ctx, width * height, 1, sample, NULL);
    while (status == EG_LIMIT_EXCEEDED && drop_one(all));
    line->width = width;
    line->height = height;
    line->stride = eg_row_bytes(sample, width);
    return status == EG_OK;
}

static bool new_lines(batch_borders *all, raster_border *lines, const eg_info *info)
{
    const eg_sample sample = info->sample == EG_F64 ? EG_F64 : EG_F32;
    const size_t width = info->width, height = info->height;
    const size_t columns = width < RASTER_BORDER ? width : RASTER_BORDER;
    const size_t rows = height < RASTER_BORDER ? height : RASTER_BORDER;
    lines->width = width;
    lines->height = height;
    return new_line(all, &lines->top, width, rows, sample) &&
           new_line(all, &lines->bottom, width, rows, sample) &&
           new_line(all, &lines->left, columns, height, sample) &&
           new_line(all, &lines->right, columns, height, sample);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Copies `count` samples from column `first` of a row on to row y of a line; missing ones become
 * NaN. */
static void copy_cells(eg_grid *line, size_t y, const void *row, eg_sample sample, size_t first,
                       const eg_georef *georef)
{
    char *address = (char *)line->data + y * line->stride;
    void *to = address;
    for (size_t i = 0; i < line->width; i++) {
        double value = sample == EG_U8    ? ((const uint8_t *)row)[first + i]
                       : sample == EG_F32 ? (double)((const float *)row)[first + i]
                                          : ((const double *)row)[first + i];
        if (georef && georef->has_nodata && value == georef->nodata)
            value = (double)NAN;
        if (line->sample == EG_F64)
            ((double *)to)[i] = value;
        else
            ((float *)to)[i] = (float)value;
    }
}

/* Copies the cells of row y that belong to the border. */
static void copy_row(raster_border *lines, size_t y, const void *row, const eg_source *source)
{
    const eg_sample sample = eg_source_info(source)->sample;
    const eg_georef *georef = eg_source_georef(source);
    const size_t bottom = lines->height - lines->bottom.height;
    if (y < lines->top.height)
        copy_cells(&lines->top, y, row, sample, 0, georef);
    if (y >= bottom)
        copy_cells(&lines->bottom, y - bottom, row, sample, 0, georef);
    copy_cells(&lines->left, y, row, sample, 0, georef);
    copy_cells(&lines->right, y, row, sample, lines->width - lines->right.width, georef);
}

/* Reads all rows of an input. Returns the state of its border: absent if memory is short. */
static border_state read_lines(batch_borders *all, raster_border *lines, eg_context *ctx,
                               eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    eg_grid rows = {0};
    bool good = new_lines(all, lines, info) &&
                eg_grid_new(&rows, ctx, info->width, ROWS_AT_ONCE, info->sample, NULL) == EG_OK;
    if (!good)
        return BORDER_ABSENT;
    for (size_t y = 0; good && y < info->height; y += ROWS_AT_ONCE) {
        size_t count = info->height - y < ROWS_AT_ONCE ? info->height - y : ROWS_AT_ONCE;
        good = eg_source_read(source, rows.data, rows.stride, count, NULL) == EG_OK;
        for (size_t i = 0; good && i < count; i++)
            copy_row(lines, y + i, (const char *)rows.data + i * rows.stride, source);
    }
    eg_grid_free(&rows);
    return good ? BORDER_READY : BORDER_FAILED;
}

/* Reads the border of an input and returns its state. */
static border_state load(batch_borders *all, raster_border *lines, const char *path,
                         const eg_config *config)
{
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    *lines = (raster_border){0};
    border_state state = BORDER_FAILED;
    if (eg_context_new(&ctx, config, NULL) == EG_OK &&
        eg_source_open(&source, ctx, path, &all->settings->read, NULL) == EG_OK)
        state = read_lines(all, lines, ctx, source);
    eg_source_close(source);
    eg_context_free(ctx);
    if (state != BORDER_READY)
        free_lines(lines);
    return state;
}

const raster_border *batch_borders_take(batch_borders *all, size_t item, const eg_config *config)
{
    border *wanted = &all->borders[item];
    pthread_mutex_lock(&all->lock);
    while (wanted->state == BORDER_LOADING)
        pthread_cond_wait(&all->changed, &all->lock);
    if (wanted->state == BORDER_ABSENT) {
        raster_border lines;
        wanted->state = BORDER_LOADING;
        pthread_mutex_unlock(&all->lock);
        border_state state = load(all, &lines, all->list->items[item].input, config);
        pthread_mutex_lock(&all->lock);
        if (state == BORDER_READY)
            wanted->lines = lines;
        wanted->state = state;
        pthread_cond_broadcast(&all->changed);
    }
    bool ready = wanted->state == BORDER_READY;
    wanted->pins += ready;
    wanted->recent = true;
    pthread_mutex_unlock(&all->lock);
    return ready ? &wanted->lines : NULL;
}

void batch_borders_release(batch_borders *all, size_t item)
{
    pthread_mutex_lock(&all->lock);
    all->borders[item].pins--;
    pthread_mutex_unlock(&all->lock);
}
