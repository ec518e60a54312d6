/* SPDX-License-Identifier: MIT */
/*
 * Blocks of bytes that one thread produces in order while another uses those before them: a
 * decompressor that works beside the pipeline, whose read step undoes the filters of its rows.
 */
#ifndef EG_CORE_READ_AHEAD_H
#define EG_CORE_READ_AHEAD_H

#include "core/thread_pool.h"

/* Produces the next block: writes up to `capacity` bytes and sets *size to their number, which is
 * less only if nothing follows. With an error, the bytes before it are delivered first. Calls do
 * not overlap, but need not be on the thread that started the read-ahead. */
typedef eg_status eg_produce(void *opaque, uint8_t *bytes, size_t capacity, size_t *size,
                             eg_error *error);

typedef struct eg_read_ahead eg_read_ahead;

/* Creates a read-ahead of blocks of `capacity` bytes, with `slack` bytes after each that may be
 * read and changed. With `threaded`, produce() runs on a thread of its own from the first
 * eg_read_ahead_next() on, up to three blocks ahead; without, or if the system refuses the thread,
 * in eg_read_ahead_next(). Errors: EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_read_ahead_new(eg_read_ahead **ahead, eg_context *ctx, size_t capacity, size_t slack,
                            bool threaded, void *opaque, eg_produce *produce, eg_error *error);

/* Sets *bytes and *size to the next block, which may be changed and is valid until the next call.
 * *size is 0 after the last one. Returns the error of produce() after the bytes before it. */
eg_status eg_read_ahead_next(eg_read_ahead *ahead, uint8_t **bytes, size_t *size, eg_error *error);

/* Waits until produce() returns, if it runs, and frees the read-ahead. Accepts NULL. */
void eg_read_ahead_free(eg_read_ahead *ahead);

#endif
