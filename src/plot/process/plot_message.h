/* SPDX-License-Identifier: MIT */
/* Messages between the program and the drawing process, which have the same code: structs are sent
 * as they are in memory. */
#ifndef EG_PLOT_PLOT_MESSAGE_H
#define EG_PLOT_PLOT_MESSAGE_H

#include "plot/plot.h"

typedef enum eg_task { EG_TASK_LAY_OUT, EG_TASK_DRAW } eg_task;

/* Precedes the options or the plot. */
typedef struct eg_request {
    eg_task task;
    char format[8];
} eg_request;

typedef struct eg_reply {
    eg_error error; /* status EG_OK: none */
    eg_frame frame; /* of EG_TASK_LAY_OUT */
    size_t size;    /* bytes of the file, which follow */
} eg_reply;

/* A connection; `send` and `receive` transfer all bytes and return false if they cannot. */
typedef struct eg_link {
    bool (*send)(struct eg_link *link, const void *bytes, size_t size);
    bool (*receive)(struct eg_link *link, void *bytes, size_t size);
    int fd;
    void *opaque;
    char *pending; /* bytes to be sent together; EG_LINK_PENDING of them */
    size_t pending_size;
} eg_link;

enum { EG_LINK_PENDING = 16 * 1024 };

/* Sends a plot. */
bool eg_plot_send(eg_link *link, const eg_plot *plot);

/* Receives a plot into one made of `ctx`, to be freed by eg_plot_destroy(). Returns NULL on
 * failure, without freeing: the process ends then. */
eg_plot *eg_plot_receive(eg_link *link, eg_context *ctx);

/* Send bytes, small ones later, and those that are left. */
bool eg_link_put(eg_link *link, const void *bytes, size_t size);
bool eg_link_flush(eg_link *link);

#endif
