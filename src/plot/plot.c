/* SPDX-License-Identifier: MIT */
/* Creates a plot and stores its contents. */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

#define FLATTEST 12.0 /* largest ratio of the ranges, relative to the frame's, of equal scales */

enum { MIN_SIDE = 64, MAX_SIDE = EG_PLOT_SIDE };

void eg_plot_default(eg_plot_options *options)
{
    *options =
        (eg_plot_options){.x = {0, 1}, .y = {0, 1}, .width = 960, .height = 720, .equal = false};
}

static eg_status check_options(const eg_plot_options *o, eg_error *error)
{
    if (o->width < MIN_SIDE || o->width > MAX_SIDE || o->height < MIN_SIDE || o->height > MAX_SIDE)
        return eg_fail(error, EG_USAGE, "width and height of a plot must be %d to %d, not %d x %d",
                       MIN_SIDE, MAX_SIDE, o->width, o->height);
    for (int i = 0; i < 2; i++) {
        const double *range = i ? o->y : o->x;
        double size = fmax(fabs(range[0]), fabs(range[1]));
        if (!(range[1] - range[0] > 1e-12 * size) || !isfinite(range[1] - range[0]))
            return eg_fail(error, EG_USAGE, "the %c axis cannot run from %g to %g", i ? 'y' : 'x',
                           range[0], range[1]);
    }
    return EG_OK;
}

static eg_status copy_text(const char **copy, eg_context *ctx, const char *text, eg_error *error)
{
    *copy = NULL;
    if (!text)
        return EG_OK;
    size_t bytes = strlen(text) + 1;
    char *made = eg_alloc(ctx, bytes, 1, error);
    if (!made)
        return eg_failed(error);
    memcpy(made, text, bytes);
    *copy = made;
    return EG_OK;
}

static void widen_range(double range[2], double factor)
{
    double middle = (range[0] + range[1]) / 2, half = (range[1] - range[0]) / 2 * factor;
    range[0] = middle - half;
    range[1] = middle + half;
}

/* Computes the frame and widens a range for equal scales. The numbers of a wider range can be wider
 * and make the frame smaller, which is why it is computed until nothing changes. */
static eg_status lay_out_plot(eg_plot *plot, eg_error *error)
{
    eg_plot_options *o = &plot->options;
    const eg_plot_options given = *o;
    eg_frame *f = &plot->frame;
    eg_status status = eg_painter_lay_out(plot->ctx, f, o, error);
    for (int i = 0; o->equal && i < 3 && status == EG_OK; i++) {
        double x_scale = (given.x[1] - given.x[0]) / (f->right - f->left);
        double y_scale = (given.y[1] - given.y[0]) / (f->bottom - f->top);
        memcpy(o->x, given.x, sizeof o->x);
        memcpy(o->y, given.y, sizeof o->y);
        widen_range(x_scale < y_scale ? o->x : o->y,
                    fmax(x_scale, y_scale) / fmin(x_scale, y_scale));
        const eg_frame before = *f;
        status = eg_painter_lay_out(plot->ctx, f, o, error);
        if (before.left == f->left && before.right == f->right)
            break;
    }
    return status;
}

eg_status eg_plot_shape(eg_context *ctx, eg_plot_options *o, eg_error *error)
{
    eg_frame f;
    eg_status status = eg_painter_lay_out(ctx, &f, o, error);
    if (status != EG_OK)
        return status;
    double width = f.right - f.left, height = f.bottom - f.top;
    double ratio = (o->x[1] - o->x[0]) / (o->y[1] - o->y[0]);
    o->equal = ratio * height > width / FLATTEST && ratio * height < width * FLATTEST;
    if (!o->equal)
        return EG_OK;
    if (width > ratio * height)
        o->width -= (int)lround(width - fmax(ratio * height, width / 3));
    else
        o->height -= (int)lround(height - fmax(width / ratio, height / 3));
    return EG_OK;
}

eg_status eg_plot_new(eg_plot **plot, eg_context *ctx, const eg_plot_options *options,
                      eg_error *error)
{
    *plot = NULL;
    eg_status status = check_options(options, error);
    if (status != EG_OK)
        return status;
    eg_plot *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    eg_painter_keep();
    made->options = *options;
    made->options.title = made->options.x_label = made->options.y_label = NULL;
    status = copy_text(&made->options.title, ctx, options->title, error);
    if (status == EG_OK)
        status = copy_text(&made->options.x_label, ctx, options->x_label, error);
    if (status == EG_OK)
        status = copy_text(&made->options.y_label, ctx, options->y_label, error);
    if (status == EG_OK)
        status = lay_out_plot(made, error);
    if (status != EG_OK) {
        eg_plot_free(made);
        return status;
    }
    *plot = made;
    return EG_OK;
}

void eg_plot_free(eg_plot *plot)
{
    if (!plot)
        return;
    size_t plots = 1 + plot->panel_count;
    eg_plot_destroy(plot);
    for (size_t i = 0; i < plots; i++)
        eg_painter_release();
}

void eg_plot_ranges(const eg_plot *plot, double x[2], double y[2])
{
    memcpy(x, plot->options.x, sizeof plot->options.x);
    memcpy(y, plot->options.y, sizeof plot->options.y);
}

/* ---- items ---- */

eg_item *eg_add_item(eg_plot *plot, eg_item_list *list, eg_item_kind kind, const double numbers[],
                     size_t count, size_t width, eg_error *error)
{
    eg_item *item = eg_calloc(plot->ctx, 1, sizeof *item, error);
    if (!item)
        return NULL;
    item->kind = kind;
    item->count = count;
    item->width = width;
    item->numbers = eg_alloc(plot->ctx, count, width * sizeof *numbers, error);
    if (!item->numbers) {
        eg_free(item);
        return NULL;
    }
    if (count)
        memcpy(item->numbers, numbers, count * width * sizeof *numbers);
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    return item;
}

static eg_item *add_item(eg_plot *plot, eg_item_kind kind, const double numbers[], size_t count,
                         size_t width, eg_error *error)
{
    return eg_add_item(plot, &plot->items, kind, numbers, count, width, error);
}

eg_status eg_plot_path(eg_plot *plot, eg_plot_line line, const double points[], size_t count,
                       eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_PATH, points, count, 2, error);
    if (!item)
        return eg_failed(error);
    item->style = (int)line;
    return EG_OK;
}

eg_status eg_plot_arrows(eg_plot *plot, const double arrows[], size_t count, double longest,
                         eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_ARROWS, arrows, count, 4, error);
    if (!item)
        return eg_failed(error);
    item->longest = longest;
    return EG_OK;
}

eg_status eg_plot_band(eg_plot *plot, eg_plot_line line, const double triples[], size_t count,
                       eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_BAND, triples, count, 3, error);
    if (!item)
        return eg_failed(error);
    item->style = (int)line;
    return EG_OK;
}

eg_status eg_plot_points(eg_plot *plot, eg_plot_line line, const double points[], size_t count,
                         eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_POINTS, points, count, 2, error);
    if (!item)
        return eg_failed(error);
    item->style = (int)line;
    return EG_OK;
}

eg_status eg_plot_legend(eg_plot *plot, eg_plot_sample sample, eg_plot_line line, const char *text,
                         eg_error *error)
{
    if (!plot->options.legend || plot->entry_count == EG_PLOT_ENTRIES)
        return eg_fail(error, EG_USAGE, "the legend of this plot has at most %d entries, not '%s'",
                       plot->options.legend ? EG_PLOT_ENTRIES : 0, text);
    eg_entry *entry = &plot->entries[plot->entry_count];
    eg_status status = copy_text(&entry->text, plot->ctx, text, error);
    if (status != EG_OK)
        return status;
    entry->sample = sample;
    entry->style = (int)line;
    plot->entry_count++;
    return EG_OK;
}

eg_status eg_plot_label(eg_plot *plot, eg_item *item, const char *label, eg_error *error)
{
    const char *copy = NULL;
    eg_status status = copy_text(&copy, plot->ctx, label, error);
    item->label = (char *)copy;
    return status;
}

eg_status eg_plot_vector(eg_plot *plot, eg_plot_line line, const double arrow[4], double length,
                         const char *label, eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_VECTOR, arrow, 1, 4, error);
    if (!item)
        return eg_failed(error);
    item->style = (int)line;
    item->longest = length;
    return eg_plot_label(plot, item, label, error);
}

eg_status eg_plot_mark(eg_plot *plot, eg_plot_sign sign, double x, double y, const char *label,
                       eg_error *error)
{
    eg_item *item = add_item(plot, EG_ITEM_MARK, (const double[]){x, y}, 1, 2, error);
    if (!item)
        return eg_failed(error);
    item->style = (int)sign;
    return eg_plot_label(plot, item, label, error);
}
