/* SPDX-License-Identifier: MIT */
/*
 * The interfaces of sources and sinks: rows are pulled from a source and pushed into a sink, top to
 * bottom, each row once. An implementation embeds the struct as its first member and allocates
 * itself with eg_alloc(); its close() releases everything.
 */
#ifndef EG_CORE_STREAM_H
#define EG_CORE_STREAM_H

#include "edgegrad.h"

typedef struct eg_source_ops {
    /* Reads the next `count` rows (count >= 1, never past the last), `stride` bytes apart. */
    eg_status (*read)(eg_source *source, void *rows, size_t stride, size_t count, eg_error *error);
    /* Called after the last row: checks the rest of the input. May be NULL. */
    eg_status (*finish)(eg_source *source, eg_error *error);
    void (*close)(eg_source *source);
    /* Skips the next `count` rows (count >= 1, never past the last). NULL: they are read and
     * discarded. */
    eg_status (*skip)(eg_source *source, size_t count, eg_error *error);
    /* Returns the address of row y, whose samples are those that read() would deliver, and sets
     * *stride to the bytes between rows. NULL: not all rows are in memory. */
    void *(*row_address)(const eg_source *source, size_t y, size_t *stride);
    /* read() goes by eg_source_stored_sample() and not by info.sample, see eg_source_as_float() */
    bool reads_stored;
} eg_source_ops;

/* Does nothing: the skip() of sources whose read() locates its rows by next_row. */
eg_status eg_skip_noop(eg_source *source, size_t count, eg_error *error);

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

enum { EG_WARNINGS_MAX = 8, EG_WARNING_BYTES = 400 };

/* Rows first .. end - 1 of a raster. */
typedef struct eg_span {
    size_t first, end;
} eg_span;

struct eg_source {
    const eg_source_ops *ops;
    eg_context *ctx;
    char *name;   /* path for messages, not escaped; may be NULL. Freed by eg_source_close() */
    eg_info info; /* description of the whole raster */
    /* georeferencing of the whole raster; NULL if there is none. Released by close() */
    const eg_georef *georef;
    eg_georef set_georef;      /* that of eg_source_set_georef() */
    size_t next_row;           /* next row of the raster for read(); kept by eg_source_fetch() */
    eg_row_observer *observer; /* receives each row of the window; may be NULL */
    size_t block_rows; /* rows that read() decodes at a time, from row 0 on; 0: any number. Reads of
                          whole blocks need no copy */
    /* set by eg_source_as_float(): a row of the samples that read() delivers, whose planes are
     * stored_stride / planes apart; NULL: read() delivers info.sample */
    void *stored_row;
    size_t stored_stride;
    eg_sample stored;
    bool padded_rows; /* read() may overwrite up to EG_BAND_SLACK samples behind a row; set by the
                         pipeline */

    /* row window set by eg_source_rows(), and its description; part.height == 0: no window */
    eg_span window;
    eg_info window_info;
    eg_georef window_georef;
    bool nodata_default; /* georef->nodata is the default of the format, not from the file */
    bool all_nodata;     /* true after an operation found no sample with data */
    bool has_mask;       /* missing samples are NaN even if no nodata value is known */
    bool inverted;       /* an edge mask whose edges are 0 */
    bool internal; /* true for intermediate results, which eg_config.progress does not count */
    struct eg_frame *frame; /* cells around the raster (core/frame.h); NULL: no neighbours */

    /* set by eg_source_open() for samples that are read as values without an encoding: */
    const char *picture; /* what shows that the file is an image, such as "a colour palette"; NULL:
                            nothing does */
    bool encodable;      /* such an image may encode elevations in its colours */
    bool banded;         /* the colours of such an image may be bands of values */
    bool coarse;         /* the samples have at most 8 bits, as those of images */

    /* verifies the rest of the file after ops->finish(), given `rest`; NULL: nothing to verify */
    eg_status (*check_rest)(void *rest, eg_error *error);
    void *rest;

    char warnings[EG_WARNINGS_MAX]
                 [EG_WARNING_BYTES]; /* see eg_source_warn(); empty past the last */

    eg_page *pages; /* see eg_source_add_page(); NULL: none */
    size_t page_count;
    bool warn_of_pages; /* true: reading rows warns that there are other pages */
};

/* Records a one-line warning about the file of a source: rows are delivered, but a reader should
 * know how. The text names neither the file nor ends in a full stop. A text that is already
 * recorded, and one past EG_WARNINGS_MAX, are dropped. */
void eg_source_warn(eg_source *source, const char *format, ...) EG_PRINTF(2, 3);

/* Returns true if the bands of an image are not colours: they may be stored values. */
bool eg_has_no_colours(const eg_info *info);

/* Moves the warnings of a wrapped source to the source that wraps it. */
void eg_source_move_warnings(eg_source *to, eg_source *from);

/* Appends a page to the list of pages, which eg_source_close() frees. */
eg_status eg_source_add_page(eg_source *source, const eg_page *page, eg_error *error);

/* Moves the list of pages of a wrapped source, and the warning of it, to the source that wraps it.
 */
void eg_source_move_pages(eg_source *to, eg_source *from);

/* Returns the number of planes of the rows that a source delivers. */
static inline size_t eg_source_planes(const eg_source *source)
{
    return source->info.planes > 1 ? (size_t)source->info.planes : 1;
}

/* Prepares a source for an operation that reads 8-bit integers and floats: 16-bit integers and,
 * unless it accepts them, doubles in the caller's memory are delivered as floats from now on.
 * Called before the first row is read. */
eg_status eg_source_as_float(eg_source *source, bool accepts_doubles, eg_error *error);

/* Returns the sample type that the observer of a source receives. */
eg_sample eg_source_stored_sample(const eg_source *source);

/* Reads the next row of a source that delivers floats instead of what it stores; planes are
 * stride / planes apart. The row as it is stored remains in source->stored_row. */
eg_status eg_read_row_as_float(eg_source *source, float *row, size_t stride, eg_error *error);

/* Sets a pixel of a row of three planes, `plane_bytes` apart, to NaN in all if it is in one. */
void eg_share_missing(float *row, size_t plane_bytes, size_t width);

/* Fails with EG_USAGE if a source delivers several planes: called by operations on one. */
eg_status eg_check_one_plane(const eg_source *source, eg_error *error);

/* Returns the rows that operations deliver, in raster coordinates: the window, or all rows.
 * Operations fetch the halo rows around them with eg_source_fetch(). */
eg_span eg_source_span(const eg_source *source);

/* Reads `count` rows of the raster from row `first` on, skipping those before. `first` must not be
 * less than next_row. `count` 0 only skips. */
eg_status eg_source_fetch(eg_source *source, size_t first, void *rows, size_t stride, size_t count,
                          eg_error *error);

/* Returns the address of `count` rows from row `first` on, which count as read, of a source with
 * row_address(). They may be read only. */
void *eg_source_borrow(eg_source *source, size_t first, size_t *stride, size_t count);

/* Classes that the samples of EG_U8 rows stand for; see class_colours.h. */
typedef enum eg_classes {
    EG_CLASSES_NONE, /* none: the samples are grey levels */
    EG_CLASSES_MASK, /* 1 is marked, 0 is not */
    EG_CLASSES_FLOW  /* the directions of D8 */
} eg_classes;

/* Description of the rows that an operation sends to a sink. */
struct eg_layout {
    size_t width, height;
    eg_sample sample;
    float white_level; /* EG_F32: the value that viewers show as white */
    /* georeferencing of the source; NULL if there is none. Stays valid until the sink is finished
     */
    const eg_georef *georef;
    bool mask;          /* EG_U8: an edge mask, all samples are 0 or 255 */
    bool inverted;      /* an edge mask whose edges are black */
    eg_classes classes; /* EG_U8: what the samples stand for */
    /* metres in a unit of the samples, which are elevations; 0: they are not, or it is unknown */
    double vertical_unit;
    eg_map_scale map; /* map.map NULL: no map, or a map of terrain */
    bool has_nodata;  /* cells equal to `nodata`, which may be NaN, have no data */
    double nodata;
    /* samples of a pixel, which lie side by side in a row; 0 is 1. More than 1 only of EG_F32 */
    size_t bands;
    const char *const *band_names; /* static names of the bands; NULL: none */
};

enum { EG_BANDS_MAX = 4 };

/* Returns the samples of a pixel. */
static inline size_t eg_layout_bands(const eg_layout *layout)
{
    return layout->bands > 1 ? layout->bands : 1;
}

/* Rows encoded by eg_sink_ops.pack as bytes of the file. The pipeline allocates `bytes`. */
typedef struct eg_packed_block {
    uint8_t *bytes;
    size_t size, capacity;
    size_t rows;
    uint32_t check;  /* checksum of the unencoded bytes, for sinks that need one */
    size_t raw_size; /* number of unencoded bytes */
    bool last;       /* true if the block ends with the last row of the image */
} eg_packed_block;

/*
 * A sink has one of three: `row_address` (rows are computed directly into the sink's memory),
 * `write` (receives rows strictly in order), or the pair `pack` (encodes rows as bytes, without
 * side effects, called for any strip on any thread) and `emit` (writes those bytes, strictly in
 * order).
 */
typedef struct eg_sink_ops {
    eg_status (*begin)(eg_sink *sink, const eg_layout *layout, eg_error *error);
    /* Returns the address of row y; *stride is set to the bytes between rows. Any thread may write
     * rows there, in any order. */
    void *(*row_address)(const eg_sink *sink, size_t y, size_t *stride);
    eg_status (*write)(eg_sink *sink, const void *rows, size_t stride, size_t count,
                       eg_error *error);
    /* Returns the largest number of bytes that pack() produces for `rows` rows. */
    size_t (*packed_bound)(const eg_sink *sink, size_t rows);
    eg_status (*pack)(const eg_sink *sink, const void *rows, size_t stride, size_t count,
                      eg_packed_block *block, eg_error *error);
    eg_status (*emit)(eg_sink *sink, const eg_packed_block *block, eg_error *error);
    /* Called after the last row: completes the output and renames it to its final name. May be
     * NULL. */
    eg_status (*finish)(eg_sink *sink, eg_error *error);
    /* Releases everything; an unfinished output is discarded. */
    void (*close)(eg_sink *sink);
} eg_sink_ops;

struct eg_sink {
    const eg_sink_ops *ops;
    eg_context *ctx;
    char *name; /* path for messages, not escaped; may be NULL. Freed by eg_sink_close() */
    /* Called after begin(): prepares the sidecar files; may be NULL. */
    eg_status (*begin_sidecars)(eg_sink *sink, eg_error *error);
    unsigned sidecars; /* kinds of sidecar files, for begin_sidecars() */
    /* Writes the names of the formats that accept `sample` into `out`; may be NULL. */
    void (*formats_accepting)(char *out, size_t size, eg_sample sample);
    unsigned accepts;         /* accepted sample types: bit 1 << eg_sample each */
    bool accepts_bands;       /* rows may have up to EG_BANDS_MAX bands of EG_F32 */
    eg_layout layout;         /* layout of all rows, also those of later operations; set by begin */
    size_t rows_received;     /* rows of earlier operations; kept by the pipeline */
    struct eg_output *output; /* file that eg_sink_commit() renames; may be NULL */
    /* height and georeferencing of the raster of eg_sink_set_total_rows(); total_rows == 0: one
     * operation sends all rows */
    size_t total_rows;
    const eg_georef *total_georef;
    eg_row_observer *observer; /* receives each row sent; may be NULL */
};

enum { EG_MAP_TEXT = 256 };

/* Writes what the samples of a map stand for, in ASCII and without a line feed: "magnitude; value =
 * sample / 2; unit levels per pixel". Returns its length; 0, an empty text, if the layout has no
 * map. */
size_t eg_map_describe(const eg_layout *layout, char text[EG_MAP_TEXT]);

/* Returns the layout of the rows of `source` (those of its window) converted to `sample`. Nodata is
 * NaN in float rows, because readers return missing cells as NaN. */
eg_layout eg_layout_of(const eg_source *source, eg_sample sample);

static inline bool eg_sink_accepts(const eg_sink *sink, eg_sample sample)
{
    return (sink->accepts >> sample) & 1;
}

/* Sets *name to an allocated copy of `path`, or of `stream` if the path is "-". */
eg_status eg_name_stream(char **name, eg_context *ctx, const char *path, const char *stream,
                         eg_error *error);

/* Fails with EG_USAGE because the sink's format cannot store `what`, and lists the formats that
 * accept `sample`. */
eg_status eg_sink_refuse(const eg_sink *sink, eg_sample sample, const char *what, eg_error *error);

/* Records the layout and calls begin(). EG_USAGE: the sink does not accept the sample type. */
eg_status eg_sink_begin(eg_sink *sink, const eg_layout *layout, eg_error *error);

/* Called after an operation: calls finish() if the sink has received all rows. */
eg_status eg_sink_finish(eg_sink *sink, eg_error *error);

#endif
