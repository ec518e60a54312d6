/* SPDX-License-Identifier: MIT */
/* Frees the memory of a plot. */
#include "core/context.h"
#include "plot/plot.h"

static void free_items(eg_item *first)
{
    for (eg_item *item = first, *next; item; item = next) {
        next = item->next;
        eg_free(item->label);
        eg_free(item->numbers);
        eg_free(item);
    }
}

void eg_plot_destroy(eg_plot *plot)
{
    for (size_t i = 0; plot->panels && i < plot->panel_count; i++)
        if (plot->panels[i])
            eg_plot_destroy(plot->panels[i]);
    eg_free(plot->panels);
    free_items(plot->items.first);
    free_items(plot->curves.first);
    for (size_t i = 0; i < plot->entry_count; i++)
        eg_free((void *)plot->entries[i].text);
    eg_free((void *)plot->options.title);
    eg_free((void *)plot->options.x_label);
    eg_free((void *)plot->options.y_label);
    eg_free(plot->positions);
    eg_free(plot->file.bytes);
    eg_free(plot);
}
