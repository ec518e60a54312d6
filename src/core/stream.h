/* SPDX-License-Identifier: MIT */
/*
 * The two interfaces every way in and every way out implements: rows are pulled from a source and
 * pushed into a sink, top to bottom, each row once. An implementation embeds the struct as its
 * first member and allocates itself with eg_alloc(); its close() releases all of it.
 */
#ifndef EG_CORE_STREAM_H
#define EG_CORE_STREAM_H

#include "edgegrad.h"

typedef struct eg_source_ops {
    /* The next `count` rows (count >= 1, never past the last), `stride` bytes apart. */
    eg_status (*read)(eg_source *source, void *rows, size_t stride, size_t count, eg_error *error);
    /* After the last row: checks what follows it. May be NULL. */
    eg_status (*finish)(eg_source *source, eg_error *error);
    void (*close)(eg_source *source);
    /* Leaves out the next `count` rows (count >= 1, never past the last). NULL: they are read and
     * forgotten. */
    eg_status (*skip)(eg_source *source, size_t count, eg_error *error);
} eg_source_ops;

/* The `skip` of sources whose read() goes by next_row alone. */
eg_status eg_skip_noop(eg_source *source, size_t count, eg_error *error);

/* What a source or a sink hands out, as eg_layout describes it below. */
typedef struct eg_layout eg_layout;

/*
 * Observes the rows that pass a source or a sink, top to bottom, from one thread at a time. An
 * implementation embeds the struct as its first member and is attached by setting the `observer`
 * of the source or sink.
 */
typedef struct eg_row_observer eg_row_observer;
struct eg_row_observer {
    /* Called by eg_sink_begin() with the layout of all rows, before the first of them. A source
     * does not call it: its layout is known when the observer is attached. */
    eg_status (*begin)(eg_row_observer *observer, const eg_layout *layout, eg_error *error);
    /* Receives the next `count` rows, `stride` bytes apart. */
    void (*rows)(eg_row_observer *observer, const void *rows, size_t stride, size_t count);
    /* Called when the observed source or sink closes: the observer may not refer to it again. */
    void (*detach)(eg_row_observer *observer);
};

/* Rows first .. end - 1 of a raster. */
typedef struct eg_span {
    size_t first, end;
} eg_span;

struct eg_source {
    const eg_source_ops *ops;
    eg_context *ctx;
    char *name;   /* for messages: the path, not escaped; NULL: none. Freed by eg_source_close() */
    eg_info info; /* of the whole raster, whatever rows of it are wanted */
    /* the same; NULL: nothing is known of the ground. Released by close() */
    const eg_georef *georef;
    size_t next_row;           /* of the raster; kept by eg_source_fetch() */
    eg_row_observer *observer; /* receives each wanted row; may be NULL */

    /* Since eg_source_rows(): what is wanted, and what is said of it. `part.height` 0: all of it.
     */
    eg_span window;
    eg_info part;
    eg_georef part_georef;
    bool empty; /* eg_terrain() met missing cells only */
};

/* The rows that operations deliver, counted in the raster. What lies about them is theirs to fetch.
 */
eg_span eg_source_span(const eg_source *source);

/* Reads rows of the raster from `first` on, which is not before next_row. */
eg_status eg_source_fetch(eg_source *source, size_t first, void *rows, size_t stride, size_t count,
                          eg_error *error);

/* What an operation is about to send. */
struct eg_layout {
    size_t width, height;
    eg_sample sample;
    float white_level; /* EG_F32: the value shown as white by viewers that ask; else unused */
    /* the source's, for formats that can say it; NULL: none. Outlives the sink's use */
    const eg_georef *georef;
    bool mask;       /* EG_U8: bits that are written as 0 and 255 */
    bool has_nodata; /* cells of the value `nodata`, which may be NaN, are missing */
    double nodata;
};

/* Rows turned into file bytes by eg_sink_ops.pack; `bytes` has `capacity` bytes from the pipeline.
 */
typedef struct eg_packed_block {
    uint8_t *bytes;
    size_t size, capacity;
    size_t rows;
    uint32_t check; /* for the sink: a checksum of the rows' raw bytes */
    size_t raw_size;
    bool last; /* holds the image's last row */
} eg_packed_block;

/*
 * A sink has one of three: `place` (memory that rows are computed straight into), `write` (rows,
 * strictly in order), or the pair `pack` (rows to bytes: pure, any strip, any thread, any order)
 * and `emit` (those bytes, strictly in order). `packed_bound` says how many bytes pack may need for
 * so many rows.
 */
typedef struct eg_sink_ops {
    eg_status (*begin)(eg_sink *sink, const eg_layout *layout, eg_error *error);
    /* Where row y is to be written, *stride bytes from the next, by any thread in any order: such a
     * sink needs neither write nor pack. */
    void *(*place)(const eg_sink *sink, size_t y, size_t *stride);
    eg_status (*write)(eg_sink *sink, const void *rows, size_t stride, size_t count,
                       eg_error *error);
    size_t (*packed_bound)(const eg_sink *sink, size_t rows);
    eg_status (*pack)(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                      eg_packed_block *block, eg_error *error);
    eg_status (*emit)(eg_sink *sink, const eg_packed_block *block, eg_error *error);
    /* All rows are in: completes the output and puts it in its place. */
    eg_status (*finish)(eg_sink *sink, eg_error *error);
    /* Releases everything; an output that was not finished is abandoned. */
    void (*close)(eg_sink *sink);
} eg_sink_ops;

struct eg_sink {
    const eg_sink_ops *ops;
    eg_context *ctx;
    char *name; /* as in eg_source */
    /* Writes the names of the formats that can hold `sample` into `out`; NULL: nobody knows. */
    void (*holders)(char *out, size_t size, eg_sample sample);
    unsigned accepts;         /* bit 1 << eg_sample for each sample type begin() takes */
    eg_layout layout;         /* since begin; of everything, whatever part of it comes at a time */
    size_t taken;             /* rows that came in earlier operations; kept by the pipeline */
    struct eg_output *output; /* of a file: what eg_sink_commit() is about; NULL: there is none */
    /* see eg_sink_set_total_rows(): rows of everything; 0: one operation brings them */
    size_t whole;
    const eg_georef *whole_georef; /* the same */
    eg_row_observer *observer;     /* receives each row sent; may be NULL */
};

/* The layout of the wanted rows of `source` turned into `sample`. Missing cells, which come out of
 * readers as NaN, stay NaN. */
eg_layout eg_layout_of(const eg_source *source, eg_sample sample);

static inline bool eg_sink_accepts(const eg_sink *sink, eg_sample sample)
{
    return (sink->accepts >> sample) & 1;
}

/* Copies `path` for messages into *name; "-" becomes `stream`. */
eg_status eg_name_stream(char **name, eg_context *ctx, const char *path, const char *stream,
                         eg_error *error);

/* Fails with EG_USAGE because the sink's format cannot hold `what`, and says which can. */
eg_status eg_sink_refuse(const eg_sink *sink, eg_sample sample, const char *what, eg_error *error);

/* Checks the sample against `accepts`, records the layout and calls begin. */
eg_status eg_sink_begin(eg_sink *sink, const eg_layout *layout, eg_error *error);

/* After an operation: calls finish, unless there is more to come. */
eg_status eg_sink_finish(eg_sink *sink, eg_error *error);

#endif
