/* SPDX-License-Identifier: MIT */
/* Sends and receives plots. */
#include "plot/process/plot_message.h"

#include <string.h>

#include "core/context.h"

bool eg_link_flush(eg_link *link)
{
    size_t size = link->pending_size;
    link->pending_size = 0;
    return size == 0 || link->send(link, link->pending, size);
}

bool eg_link_put(eg_link *link, const void *bytes, size_t size)
{
    if (size > EG_LINK_PENDING - link->pending_size && !eg_link_flush(link))
        return false;
    if (size > EG_LINK_PENDING)
        return link->send(link, bytes, size);
    if (size)
        memcpy(link->pending + link->pending_size, bytes, size);
    link->pending_size += size;
    return true;
}

/* ---- parts ---- */

/* Sends an array with the number of its bytes. */
static bool put_array(eg_link *link, const void *bytes, size_t size)
{
    size = bytes ? size : 0;
    return eg_link_put(link, &size, sizeof size) && eg_link_put(link, bytes, size);
}

static bool put_text(eg_link *link, const char *text)
{
    return put_array(link, text, text ? strlen(text) + 1 : 0);
}

/* Receives an array into memory of its own, NULL if it is empty. */
static bool get_array(eg_link *link, eg_context *ctx, void *array)
{
    size_t size;
    void *made = NULL;
    bool done = link->receive(link, &size, sizeof size);
    if (done && size)
        done = (made = eg_alloc(ctx, size, 1, NULL)) && link->receive(link, made, size);
    memcpy(array, &made, sizeof made);
    return done;
}

/* ---- items ---- */

static bool put_items(eg_link *link, const eg_item *first)
{
    bool more = first != NULL, done = eg_link_put(link, &more, sizeof more);
    for (const eg_item *item = first; item && done; item = item->next) {
        more = item->next != NULL;
        done = eg_link_put(link, item, sizeof *item) && put_text(link, item->label) &&
               put_array(link, item->numbers, item->count * item->width * sizeof(double)) &&
               eg_link_put(link, &more, sizeof more);
    }
    return done;
}

static bool get_item(eg_link *link, eg_context *ctx, eg_item_list *list)
{
    eg_item *item = eg_calloc(ctx, 1, sizeof *item, NULL);
    if (!item || !link->receive(link, item, sizeof *item))
        return false;
    item->next = NULL;
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    return get_array(link, ctx, &item->label) && get_array(link, ctx, &item->numbers);
}

static bool get_items(eg_link *link, eg_context *ctx, eg_item_list *list)
{
    bool more;
    *list = (eg_item_list){NULL, NULL};
    while (link->receive(link, &more, sizeof more)) {
        if (!more)
            return true;
        if (!get_item(link, ctx, list))
            break;
    }
    return false;
}

/* ---- plots ---- */

static bool put_plot(eg_link *link, const eg_plot *plot)
{
    const eg_plot_options *o = &plot->options;
    bool done =
        eg_link_put(link, plot, sizeof *plot) && put_text(link, o->title) &&
        put_text(link, o->x_label) && put_text(link, o->y_label) &&
        put_array(link, plot->positions, plot->columns * plot->rows * sizeof *plot->positions) &&
        put_items(link, plot->items.first) && put_items(link, plot->curves.first);
    for (size_t i = 0; i < plot->entry_count && done; i++)
        done = put_text(link, plot->entries[i].text);
    for (size_t i = 0; i < plot->panel_count && done; i++)
        done = put_plot(link, plot->panels[i]);
    return done;
}

bool eg_plot_send(eg_link *link, const eg_plot *plot)
{
    return put_plot(link, plot) && eg_link_flush(link);
}

/* Receives what the pointers of a received plot point to. */
static bool get_parts(eg_link *link, eg_plot *plot)
{
    eg_plot_options *o = &plot->options;
    bool done =
        get_array(link, plot->ctx, &o->title) && get_array(link, plot->ctx, &o->x_label) &&
        get_array(link, plot->ctx, &o->y_label) && get_array(link, plot->ctx, &plot->positions) &&
        get_items(link, plot->ctx, &plot->items) && get_items(link, plot->ctx, &plot->curves);
    for (size_t i = 0; i < plot->entry_count && done; i++)
        done = get_array(link, plot->ctx, &plot->entries[i].text);
    if (!done || plot->panel_count == 0)
        return done;
    plot->panels = eg_calloc(plot->ctx, plot->panel_count, sizeof(eg_plot *), NULL);
    for (size_t i = 0; i < plot->panel_count && done; i++)
        done = plot->panels && (plot->panels[i] = eg_plot_receive(link, plot->ctx));
    return done;
}

eg_plot *eg_plot_receive(eg_link *link, eg_context *ctx)
{
    eg_plot *plot = eg_calloc(ctx, 1, sizeof *plot, NULL);
    if (!plot || !link->receive(link, plot, sizeof *plot))
        return NULL;
    plot->ctx = ctx;
    plot->file = (eg_buffer){0};
    plot->texts = NULL;
    plot->panels = NULL;
    return get_parts(link, plot) ? plot : NULL;
}
