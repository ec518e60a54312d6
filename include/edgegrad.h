/* SPDX-License-Identifier: MIT */
/*
 * edgegrad: gradients of grids and the edges they mark.
 *
 * The data's way: an eg_source hands out rows of intensities, an operation (eg_gradient, eg_edges)
 * pulls them strip by strip, computes, and pushes finished rows into an eg_sink. Sources and sinks
 * are files, pipes or grids in memory; an operation cannot tell which.
 *
 *     eg_error error = {0};
 *     eg_context *ctx = NULL;
 *     eg_source *in = NULL;
 *     eg_sink *out = NULL;
 *     eg_edges_options options;
 *     eg_edges_default(&options);
 *     if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
 *         eg_source_open(&in, ctx, "photo.jpg", NULL, &error) == EG_OK &&
 *         eg_sink_open(&out, ctx, "edges.png", NULL, &error) == EG_OK)
 *         eg_edges(in, out, &options, NULL, &error);
 *     if (error.status != EG_OK) fprintf(stderr, "%s\n", error.message);
 *     eg_sink_close(out);
 *     eg_source_close(in);
 *     eg_context_free(ctx);
 *
 * Contents
 *    1. Status and errors
 *    2. Context: limits, threads, memory
 *    3. Grids
 *    4. Georeferencing
 *    5. Sources: reading rows
 *    6. Sinks: writing rows
 *    7. Previews: thumbnails
 *    8. Output files
 *    9. CSV tables
 *   10. Gradient maps
 *   11. Edges
 *   12. Edge histogram: thresholds for many images
 *   13. Edges of one raster in row blocks
 *   14. Terrain maps
 *   15. Interpolation
 *   16. Flow paths
 *   17. Expressions
 *   18. Surface analysis
 *   19. Descent and fits
 *   20. Plots
 *
 * The library prints nothing, never exits and keeps no state outside the objects it hands out.
 * Objects of different contexts may be used from different threads at the same time.
 * x runs to the right and y DOWN; angles therefore turn clockwise as the picture is seen.
 */
#ifndef EDGEGRAD_H
#define EDGEGRAD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this header. eg_version() returns that of the library at run time. */
#define EG_VERSION_MAJOR 0
#define EG_VERSION_MINOR 2
#define EG_VERSION_PATCH 0
#define EG_VERSION       "0.2.0"

#if defined(__GNUC__)
#define EG_API                 __attribute__((visibility("default")))
#define EG_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define EG_API
#define EG_PRINTF(text, first)
#endif

/* Returns the version of the library in use, such as "0.2.0". The string is static. */
EG_API const char *eg_version(void);

/* The libraries inside, a line each: "libpng 1.6.39\nlibjpeg-turbo 2.1.5\n..." */
EG_API const char *eg_build_info(void);

/* ---- 1. Status and errors -------------------------------------------------------------------- */

/* After anything but EG_OK an operation may not be continued; its objects can only be closed. */
typedef enum eg_status {
    EG_OK = 0,
    EG_NEGATIVE,       /* it ran, and the honest answer is no (diverged, not converged) */
    EG_USAGE,          /* an argument is out of range or contradicts another */
    EG_BAD_INPUT,      /* the input is damaged, truncated or of no known kind */
    EG_UNSUPPORTED,    /* the input is well formed, of a kind this build cannot read */
    EG_FILE,           /* the operating system refused to open, read, write or rename */
    EG_LIMIT_EXCEEDED, /* a limit of eg_config would be passed */
    EG_NO_MEMORY,      /* the system has no memory left */
    EG_CANCELLED       /* eg_config.cancel became nonzero */
} eg_status;

/* Owned by the caller, zero-initialised. The first failure is kept, later ones are not recorded.
 * `message` is one line without a full stop, control characters escaped, naming the file where
 * there is one. Every function accepts NULL for its error. */
typedef struct eg_error {
    eg_status status;
    char message[512];
} eg_error;

/* ---- 2. Context: limits, threads, memory ----------------------------------------------------- */

typedef struct eg_config {
    int threads; /* 0: one for each processor this process may use */
    /* rows computed at a time; 0: as many as the cache holds. Changes no pixel */
    size_t strip_rows;
    size_t max_memory;   /* bytes one context may hold at a time */
    size_t max_side;     /* largest width or height accepted */
    uint64_t max_pixels; /* largest width * height accepted */
    size_t max_chunk;    /* bytes of one PNG chunk or JPEG marker kept in memory */
    int max_scans;       /* scans of a progressive JPEG */
    const char *cpu;     /* "baseline", "v3", "v4"; NULL: $EDGEGRAD_CPU, else the best there is */
    const volatile sig_atomic_t *cancel; /* NULL, or polled between strips: nonzero cancels */
} eg_config;

typedef struct eg_context eg_context;

EG_API void eg_config_default(eg_config *config);

/* `config` NULL means the defaults. On success the caller owns *ctx and frees it after everything
 * made with it is closed. EG_USAGE: a field out of range, or an instruction set this processor
 * lacks. */
EG_API eg_status eg_context_new(eg_context **ctx, const eg_config *config, eg_error *error);
EG_API void eg_context_free(eg_context *ctx); /* accepts NULL */

/* Calls work(opaque, i), i = 0 .. threads - 1, each on a thread of its own where there are so many,
 * one of them the caller's, and returns when all have: for working on several files at a time, each
 * with a context of one thread. `threads` 0: as many as eg_config.threads 0 means. */
EG_API void eg_threads_run(int threads, void *opaque, void (*work)(void *opaque, int i));

EG_API size_t eg_memory_peak(const eg_context *ctx);   /* most bytes held at one time so far */
EG_API const char *eg_cpu_name(const eg_context *ctx); /* the instruction set in use */

/* ---- 3. Grids -------------------------------------------------------------------------------- */

typedef enum eg_sample {
    EG_BIT, /* edge masks: 64 pixels to a uint64_t, pixel x in bit x % 64, 1 = edge; spare bits 0 */
    EG_U8,
    EG_U16, /* native byte order; written by maps, never computed on */
    EG_F32,
    EG_F64 /* heights of more than 24 bits, see eg_read_options.as_values; only terrain takes them
            */
} eg_sample;

/* A grid of intensities in memory. Row y starts at (char *)data + y * stride; `stride` is in bytes
 * and at least eg_row_bytes(sample, width). `white` is the intensity that counts as 255 wherever a
 * threshold is given on the 0..255 scale: 255 for 8-bit input, 65535 for 16-bit, 1 for floats. */
typedef struct eg_grid {
    void *data;
    size_t width, height, stride;
    eg_sample sample;
    float white_level;
} eg_grid;

EG_API size_t eg_row_bytes(eg_sample sample, size_t width);

/* Allocates an uninitialised grid (width and height at least 1), accounted to `ctx`.
 * The caller owns it: eg_grid_free(), which accepts a zeroed grid, before the context is freed. */
EG_API eg_status eg_grid_new(eg_grid *grid, eg_context *ctx, size_t width, size_t height,
                             eg_sample sample, eg_error *error);
EG_API void eg_grid_free(eg_grid *grid);

/* ---- 4. Georeferencing ----------------------------------------------------------------------- */

typedef enum eg_crs {
    EG_CRS_UNKNOWN,     /* nothing is said, or nothing this library understands */
    EG_CRS_PROJECTED,   /* a plane map: ground units are lengths */
    EG_CRS_GEOGRAPHIC,  /* longitude and latitude in degrees */
    EG_CRS_WEB_MERCATOR /* EPSG:3857: lengths that are sec(latitude) too long */
} eg_crs;

/* Where a raster lies on the ground, as its file says it. */
typedef struct eg_georef {
    bool located; /* the transform is known */
    /* The corner of column c and row r (the upper left of the first cell being 0, 0) lies at
     *     x = transform[0] + c transform[1] + r transform[2]
     *     y = transform[3] + c transform[4] + r transform[5]
     * so that transform[5] is negative where north is up; [2] and [4] are 0 unless it is rotated.
     */
    double transform[6];
    eg_crs crs;
    double unit;               /* metres in a ground unit; geographic: degrees in one (1) */
    double vertical_unit;      /* metres in a unit of the heights; 0: not said */
    double semi_major;         /* of the ellipsoid, metres; 0: not said */
    double inverse_flattening; /* of the ellipsoid; 0 with a semi_major: a sphere */
    bool has_nodata;
    double nodata; /* cells of this value are missing; they come out as NaN in float rows */
    const struct eg_geotags *tags; /* what the file said word for word, for writers; may be NULL */
} eg_georef;

/* The coordinate system in the words of the file (WKT), or as "EPSG:32619". As snprintf() does,
 * returns the length it needs without the final 0: 0 where there are no such words. */
EG_API size_t eg_georef_system(const eg_georef *georef, char *out, size_t size);

/* ---- 5. Sources: reading rows ---------------------------------------------------------------- */

typedef enum eg_alpha {
    EG_ALPHA_IGNORE, /* the stored intensities as they are, as cv::imread does: nothing is invented
                      */
    EG_ALPHA_OVER    /* composited over eg_read_options.over */
} eg_alpha;

/* How a picture's colours hold heights. */
typedef enum eg_encoding {
    EG_ENCODING_NONE,
    EG_ENCODING_TERRARIUM, /* metres = 256 R + G + B / 256 - 32768 */
    EG_ENCODING_MAPBOX     /* metres = (65536 R + 256 G + B) / 10 - 10000 */
} eg_encoding;

typedef struct eg_read_options {
    eg_alpha alpha;
    uint8_t over[3];         /* red, green, blue of the background of EG_ALPHA_OVER */
    bool ignore_orientation; /* leave the rows as stored, whatever EXIF says */
    bool tolerate;           /* read what can be read of a damaged file */
    double white_level;      /* eg_grid.white_level of the result; 0: what the format says */
    bool as_values; /* samples are quantities in a unit of their own, not intensities: EG_F32 in
                      that unit, missing ones NaN; EG_F64 where the file's own samples need it.
                      Plain 8-bit samples may still come as EG_U8 */
    eg_encoding encoding; /* of RGB PNGs: samples are metres, missing ones NaN; EG_F32 unless
                             `heights` is set too */
} eg_read_options;

/* What a source is, as stored (`stored_*`) and as its rows come out (the rest). */
typedef struct eg_info {
    size_t width, height; /* of the rows handed out, after orientation */
    eg_sample sample;     /* EG_U8 or EG_F32; with eg_read_options.as_values EG_F64 too */
    float white_level;
    const char *format;  /* "PNG", "JPEG" ... */
    const char *colour;  /* "grey", "grey+alpha", "RGB", "RGBA", "palette", "YCbCr", "CMYK" ... */
    int channels, depth; /* stored channels; bits of each */
    int orientation;     /* EXIF 1..8; 1: as stored */
    bool interlaced; /* PNG Adam7, or a JPEG of several scans: needs memory for the whole image */
    bool has_alpha;
    size_t stored_width, stored_height;
} eg_info;

typedef struct eg_source eg_source;

/* Called with rows->height rows to fill or to take: its data, stride, width and sample say where
 * and what. */
typedef eg_status eg_rows_callback(void *opaque, const eg_grid *rows, eg_error *error);

EG_API void eg_read_default(eg_read_options *options);

/* Whether the name ends like one of a file this library reads; the content decides when it is
 * opened. */
EG_API bool eg_source_recognizes(const char *path);

/* Opens a file, "-" being standard input, and reads its header. The format is told from the
 * content, and from the name only where that begins with plain numbers (.hgt, .bil ...). A library
 * built with GDAL lets that open regular files of any other format, and nothing from a network.
 * `options` NULL means the defaults; `path` is copied. On success the caller owns *source.
 * EG_USAGE: options out of range, or an encoding where there is none. Errors: EG_FILE,
 * EG_BAD_INPUT, EG_UNSUPPORTED, EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
EG_API eg_status eg_source_open(eg_source **source, eg_context *ctx, const char *path,
                                const eg_read_options *options, eg_error *error);

/* Rows of `grid` (EG_U8 or EG_F32 where a gradient is taken of it), which stays the caller's and
 * must outlive the source. */
EG_API eg_status eg_source_grid(eg_source **source, eg_context *ctx, const eg_grid *grid,
                                eg_error *error);

/* Rows that pull() fills, top to bottom, of a raster like `shape`, whose data is not looked at. */
EG_API eg_status eg_source_pull(eg_source **source, eg_context *ctx, const eg_grid *shape,
                                eg_rows_callback *pull, void *opaque, eg_error *error);
EG_API const eg_info *eg_source_info(const eg_source *source);

/* NULL where nothing is known of the ground. Owned by the source. */
EG_API const eg_georef *eg_source_georef(const eg_source *source);

/* From now on only rows first .. first + count - 1 (from 0) are wanted: the source hands out just
 * them, eg_source_info() and eg_source_georef() speak of them, and operations deliver them exactly
 * as they would have come out of the whole raster: what they need of the rows about them they read
 * by themselves, and borders are those of the raster. So several processes can have a part of one
 * raster each. Rows before those are left out where a format lets one (TIFF, raw PNM, raw samples,
 * PFM of regular files, what GDAL reads), and decoded in vain elsewhere (PNG, JPEG, plain PNM,
 * text, pipes); what follows them is not read or checked. Before the first row is read; EG_USAGE:
 * there are no such rows. */
EG_API eg_status eg_source_rows(eg_source *source, size_t first, size_t count, eg_error *error);

/* Reads the next `count` rows, top to bottom, `stride` bytes apart. */
EG_API eg_status eg_source_read(eg_source *source, void *rows, size_t stride, size_t count,
                                eg_error *error);

/* After the last row: whether what follows it in the file is sound too. */
EG_API eg_status eg_source_finish(eg_source *source, eg_error *error);
EG_API void eg_source_close(eg_source *source); /* accepts NULL */

/* The whole picture as a grid the caller owns. */
EG_API eg_status eg_load(eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_read_options *options, eg_error *error);

/* ---- 6. Sinks: writing rows ------------------------------------------------------------------ */

typedef enum eg_compress { /* of TIFF */
                           EG_COMPRESS_DEFLATE,
                           EG_COMPRESS_NONE,
                           EG_COMPRESS_LZW,
                           EG_COMPRESS_ZSTD
} eg_compress;

typedef struct eg_write_options {
    const char *format; /* "png", "pgm" ...; NULL: from the extension of the path */
    int quality;        /* JPEG, 1..100 */
    int compression;    /* PNG and TIFF, 0 (none) .. 9 (smallest); -1: chosen for the kind of map */
    eg_compress compress;
    int predictor; /* TIFF: 1 (none), 2 (differences), 3 (of floats); 0: the best for the samples */
    int tile;      /* TIFF: side of a tile, a multiple of 16; 0: 256; -1: strips */
    eg_encoding encoding; /* PNG: float maps as colours, 8 bits a channel */
} eg_write_options;

typedef struct eg_sink eg_sink;

EG_API void eg_write_default(eg_write_options *options);

/* Whether a file of this name could be written: by options->format, else by how the name ends. */
EG_API bool eg_sink_recognizes(const char *path, const eg_write_options *options);

/* Opens an output, "-" being standard output (whose format is PNG unless options say otherwise).
 * Nothing appears under `path` until the operation has succeeded: a regular file is written beside
 * its target and renamed over it; pipes and devices are written as rows come. A sink closed before
 * its operation succeeded leaves what was there before.
 * Errors: EG_USAGE (no such format), EG_FILE, EG_NO_MEMORY. */
EG_API eg_status eg_sink_open(eg_sink **sink, eg_context *ctx, const char *path,
                              const eg_write_options *options, eg_error *error);

/* Rows are gathered into *grid. A zeroed grid is allocated when the operation begins, and owned by
 * the caller from then on, success or not. One with `data` is the caller's memory, aligned to its
 * sample and apart from the source's: its size and sample must be those of the result (EG_USAGE),
 * `white` is set, a failure leaves its content undefined; release it as it was made (eg_grid_free()
 * only takes grids the library allocated). Accepts every sample; EG_BIT arrives as EG_U8, 0 or 255.
 */
EG_API eg_status eg_sink_grid(eg_sink **sink, eg_context *ctx, eg_grid *grid, eg_error *error);

/* Rows go to push(), in order; it may not change them. `samples` has bit 1 << eg_sample for each
 * kind that it takes, as eg_sink_samples() tells of any sink. */
EG_API eg_status eg_sink_push(eg_sink **sink, eg_context *ctx, unsigned samples,
                              eg_rows_callback *push, void *opaque, eg_error *error);
EG_API unsigned eg_sink_samples(const eg_sink *sink);

/* The next operation brings only the first rows, those of `source` (see eg_source_rows()), of what
 * the sink is to hold: the whole raster of that source, which must stay open. The others follow by
 * eg_sink_append(). */
EG_API eg_status eg_sink_set_total_rows(eg_sink *sink, const eg_source *source, eg_error *error);

/* All rows of `source`, as they are, behind those that came; with the last of all the sink is
 * complete. EG_USAGE: other samples, another width, or too many rows. */
EG_API eg_status eg_sink_append(eg_sink *sink, eg_source *source, eg_error *error);

/* From now on a file is completed by its operation, but appears under its name only by
 * eg_sink_commit(), which costs next to nothing: so several appear together, or none. Pipes and
 * devices cannot wait; grids do not care. To be said before the operation. */
EG_API void eg_sink_defer_commit(eg_sink *sink);
EG_API eg_status eg_sink_commit(eg_sink *sink, eg_error *error);
EG_API void eg_sink_close(eg_sink *sink); /* accepts NULL */

/* Writes a grid to a file through the same way. */
EG_API eg_status eg_save(const eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_write_options *options, eg_error *error);

/* ---- 7. Previews: thumbnails ----------------------------------------------------------------- */

/* A small grey picture of the rows that pass a source or a sink while an operation runs, averages
 * of boxes of pixels: nothing is read twice. Bits come out so that thin lines can still be seen;
 * floats of a source are shown from 0 to its white where they all lie there, other floats from
 * their least to their greatest, missing ones grey. The same bytes whatever the threads. */
typedef struct eg_preview eg_preview;

/* To be called before the operation, once for each source or sink. The picture's longer side
 * becomes `side` pixels; smaller pictures are not enlarged. The caller owns *preview and frees it,
 * before or after the source or sink is closed, before the context is freed. EG_USAGE: too late, or
 * there is one already. */
EG_API eg_status eg_preview_of_source(eg_preview **preview, eg_source *source, size_t side,
                                      eg_error *error);
EG_API eg_status eg_preview_of_sink(eg_preview **preview, eg_sink *sink, size_t side,
                                    eg_error *error);
EG_API void eg_preview_free(eg_preview *preview); /* accepts NULL */

/* After the operation: the picture, EG_U8, owned by the preview. EG_USAGE: not all rows have
 * passed. */
EG_API eg_status eg_preview_grid(eg_preview *preview, eg_grid *grid, eg_error *error);

/* The same as a JPEG (quality 1..100) in memory, which stays valid until the next call or the end
 * of the preview. */
EG_API eg_status eg_preview_jpeg(eg_preview *preview, int quality, const void **bytes, size_t *size,
                                 eg_error *error);

/* ---- 8. Output files ------------------------------------------------------------------------- */

/* Bytes under the same promise: a file appears when committed, complete, or not at all; "-" is
 * standard output. */
typedef struct eg_file eg_file;

EG_API eg_status eg_file_create(eg_file **file, eg_context *ctx, const char *path, eg_error *error);
EG_API eg_status eg_file_write(eg_file *file, const void *bytes, size_t size, eg_error *error);
EG_API eg_status eg_file_commit(eg_file *file, eg_error *error); /* nothing may be written after */
EG_API void eg_file_close(eg_file *file); /* accepts NULL; what was not committed is gone */

/* Removes the temporary files that killed processes left in `folder`: regular files named
 * ".NAME.edgegrad-XXXXXX" that no process holds a lock on (flock(2)), so that those being written,
 * by any process, stay. Returns the number of files removed. */
EG_API size_t eg_file_remove_stale(const char *folder);

/* ---- 9. CSV tables --------------------------------------------------------------------------- */

/* Columns of numbers with names: a CSV file whose first line names them. Cells are divided by
 * commas, semicolons or tabs, whichever the first line has most of; quotes, CR LF and a byte order
 * mark are understood; decimals have a point whatever the locale. Its memory is the context's. */
typedef struct eg_table eg_table;

/* "-" is standard input. EG_BAD_INPUT, naming line and column: rows of other lengths than the
 * first, names that are missing or come twice, no rows. */
EG_API eg_status eg_table_read(eg_table **table, eg_context *ctx, const char *path,
                               eg_error *error);
EG_API void eg_table_free(eg_table *table); /* accepts NULL */
EG_API size_t eg_table_rows(const eg_table *table);
EG_API const char *eg_table_name(const eg_table *table, size_t column); /* NULL past the last */

/* Its values, one a row. EG_BAD_INPUT: a cell of the column is no finite number; the first is
 * named. Text in columns nobody asks for does no harm. */
EG_API eg_status eg_table_column(const eg_table *table, size_t column, const double **values,
                                 eg_error *error);

/* ---- 10. Gradient maps ----------------------------------------------------------------------- */

typedef enum eg_border {
    EG_BORDER_REPLICATE, /* aaa|abcd|ddd */
    EG_BORDER_REFLECT,   /* dcb|abcd|cba: reflect-101, the edge sample is not repeated */
    EG_BORDER_CONSTANT   /* vvv|abcd|vvv */
} eg_border;

typedef enum eg_norm {
    EG_NORM_L2, /* sqrt(gx^2 + gy^2) */
    EG_NORM_L1  /* |gx| + |gy| */
} eg_norm;

typedef enum eg_gradient_map {
    EG_MAP_MAGNITUDE, /* intensity levels a pixel, never negative */
    EG_MAP_X,         /* d/dx, levels a pixel, positive where it gets brighter to the right */
    EG_MAP_Y,         /* d/dy, levels a pixel, positive where it gets brighter downwards */
    EG_MAP_DIRECTION  /* of steepest increase, degrees in [0, 360), 0 = right, 90 = down; 0 where
                         flat */
} eg_gradient_map;

typedef struct eg_gradient_options {
    const char *op; /* an operator's name: "sobel3", "scharr" ...; eg_operator_name() lists them */
    double sigma;   /* standard deviation in pixels of the Gaussian that comes first; 0: none */
    eg_border border;
    double border_value; /* EG_BORDER_CONSTANT: in stored intensity levels */
    eg_norm norm;
    eg_gradient_map map;
    int depth;    /* bits of the result: 8, 16 or 32 (float); 0: the deepest of 8 and 32 the sink
                     was made for (PFM and grids get floats) */
    double scale; /* integer maps: output steps a unit, on the 8-bit scale; 0: the map's own.
                     magnitude: 2 (a jump from black to white fills the range); x, y: 1 about a
                     middle of 128; direction: 256/360. 16-bit maps have 257 (direction: 256) times
                     as many. */
} eg_gradient_options;

EG_API void eg_gradient_default(eg_gradient_options *options);

/* The names of the difference operators, index 0 upwards; NULL past the last. */
EG_API const char *eg_operator_name(size_t index);
EG_API const char *eg_operator_help(size_t index); /* its weights, in a few words */

/* Computes one map of the gradient of `source` into `sink`. Both are used up: close them after. */
EG_API eg_status eg_gradient(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                             eg_error *error);

/* Several maps in one pass: options[i] says what goes into sinks[i]. The operator, sigma and border
 * must be the same in all of them, the sinks different (EG_USAGE). At most 16. */
EG_API eg_status eg_gradient_maps(eg_source *source, eg_sink *const sinks[],
                                  const eg_gradient_options options[], size_t count,
                                  eg_error *error);

/* ---- 11. Edges ------------------------------------------------------------------------------- */

typedef enum eg_edge_method {
    EG_EDGE_CANNY,    /* thinned by non-maximum suppression, linked by hysteresis */
    EG_EDGE_THRESHOLD /* every pixel whose magnitude is above `high` */
} eg_edge_method;

/* The unit of eg_edges_options.low and .high; intensities are on the 0..255 scale in all of them,
 * whatever the depth of the input. */
typedef enum eg_threshold_unit {
    EG_UNIT_RESPONSE, /* the operator's weighted sum, as cv::Canny counts: for Sobel 3, 8 per level
                         a pixel */
    EG_UNIT_PIXEL     /* intensity levels a pixel: the same slope for every operator */
} eg_threshold_unit;

typedef struct eg_edges_options {
    eg_edge_method method;
    const char *op;
    double sigma; /* as in eg_gradient_options */
    eg_border border;
    double border_value;
    eg_norm norm;
    double low, high; /* NaN: automatic. A reversed pair is swapped */
    eg_threshold_unit unit;
} eg_edges_options;

typedef struct eg_edges_result {
    double low, high;         /* the thresholds used, in levels of 255 a pixel */
    double low_sum, high_sum; /* the same in the operator's sums */
    bool automatic;
    uint64_t edge_pixels;
} eg_edges_result;

EG_API void eg_edges_default(eg_edges_options *options);

/* Marks the edges of `source` into `sink` (EG_BIT where the sink takes it, else 0 and 255).
 * With sigma 0 on 8-bit input and a Sobel operator the result is that of cv::Canny, bit for bit.
 * `result` may be NULL. Both source and sink are used up: close them after. */
EG_API eg_status eg_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                          eg_edges_result *result, eg_error *error);

/* ---- 12. Edge histogram: thresholds for many images ------------------------------------------ */

/* What automatic thresholds are chosen from: how many ridges of which magnitude there are, of one
 * picture or of many. One pair of thresholds for all of them comes out of the sum, exactly: neither
 * their order nor the way they were shared out among threads or machines matters, and of one
 * picture, or one in parts, it is the pair that eg_edges() finds.
 *
 * Pictures of the same kind of samples (all of 8 bits; or floats with the same `white`) are counted
 * by the same steps of magnitude. Kinds that differ are counted apart, each by its own steps, and
 * brought together on the scale of 0..255 that all thresholds are given on. Note that pictures of 8
 * bits have no ridges of less than half a level a pixel, which their rounding makes by itself,
 * where others go down to 1/256.
 *
 * A survey may be used by one thread at a time; surveys of different contexts may be merged. */
typedef struct eg_edge_histogram eg_edge_histogram;

EG_API eg_status eg_edge_histogram_new(eg_edge_histogram **survey, eg_context *ctx,
                                       eg_error *error);
EG_API void eg_edge_histogram_free(eg_edge_histogram *survey); /* accepts NULL */

/* Adds the ridges of `source`, which is used up: the first pass of eg_edges() alone, which keeps
 * nothing and writes nothing. Thresholds of the options are not looked at; operator, norm and
 * method must be those of what was added before (EG_USAGE), sigma and border should be. */
EG_API eg_status eg_edge_histogram_add(eg_edge_histogram *survey, eg_source *source,
                                       const eg_edges_options *options, eg_error *error);

/* Adds another survey. */
EG_API eg_status eg_edge_histogram_merge(eg_edge_histogram *survey, const eg_edge_histogram *other,
                                         eg_error *error);

/* Sets low, high and unit of `options`, from which eg_edges() then marks the same pixels in every
 * picture as if it had chosen them. EG_USAGE: nothing was added. */
EG_API eg_status eg_edge_histogram_thresholds(const eg_edge_histogram *survey,
                                              eg_edges_options *options, eg_error *error);

/* A survey as eg_edge_histogram_size() bytes, for another process on a machine with the same order
 * of bytes, which adds them to one of its own. EG_USAGE: bytes that are no survey. */
EG_API size_t eg_edge_histogram_size(const eg_edge_histogram *survey);
EG_API void eg_edge_histogram_pack(const eg_edge_histogram *survey, void *bytes);
EG_API eg_status eg_edge_histogram_unpack(eg_edge_histogram *survey, const void *bytes, size_t size,
                                          eg_error *error);

/* ---- 13. Edges of one raster in row blocks --------------------------------------------------- */

/*
 * eg_edges() step by step, on some rows of a raster (see eg_source_rows()). The parts of a raster,
 * in any number of processes, come to the very edges of the whole; what they have to tell each
 * other is small:
 *
 *     eg_edges_block_new()        each part: the first pass over its rows
 *     eg_edges_block_histogram()     where thresholds are automatic: all parts' surveys are added
 * up ... eg_edges_block_link()       ... and the sum is given to each part eg_edges_block_border()
 * each part's first and last row go to its neighbours, eg_edges_block_propagate()       which grow
 * from them; both again until no part grew eg_edges_block_write()      each part's rows into a sink
 */
typedef struct eg_edges_block eg_edges_block;

/* `source` is used up, and closed after the part is freed. */
EG_API eg_status eg_edges_block_new(eg_edges_block **part, eg_source *source,
                                    const eg_edges_options *options, eg_error *error);
EG_API void eg_edges_block_free(eg_edges_block *part); /* accepts NULL */

/* Adds this part's ridges to `survey`; none where thresholds are given. */
EG_API eg_status eg_edges_block_histogram(const eg_edges_block *part, eg_edge_histogram *survey,
                                          eg_error *error);

/* Settles thresholds, and links inside the part. `sum` is the survey of all parts, and of nothing
 * else (EG_USAGE); NULL where the thresholds are given. Once. */
EG_API eg_status eg_edges_block_link(eg_edges_block *part, const eg_edge_histogram *sum,
                                     eg_error *error);

/* Copies the edges of its first and of its last row, as EG_BIT: eg_row_bytes(EG_BIT, width) bytes
 * each. Either may be NULL. */
EG_API eg_status eg_edges_block_border(const eg_edges_block *part, uint64_t *first, uint64_t *last,
                                       eg_error *error);

/* Lets the edges in the row above its first and in the row below its last, NULL where there is
 * none, grow into it. *grew: its own border rows have edges now that they had not before. The work
 * is in proportion to what grows. */
EG_API eg_status eg_edges_block_propagate(eg_edges_block *part, const uint64_t *above,
                                          const uint64_t *below, bool *grew, eg_error *error);

/* `result`, which may be NULL, is of this part alone but for the thresholds. */
EG_API eg_status eg_edges_block_write(eg_edges_block *part, eg_sink *sink, eg_edges_result *result,
                                      eg_error *error);

/* ---- 14. Terrain maps ------------------------------------------------------------------------ */

typedef enum eg_terrain_map {
    EG_TERRAIN_SLOPE,     /* steepness; see eg_slope_unit */
    EG_TERRAIN_ASPECT,    /* the way the slope faces, downhill, degrees; see eg_aspect */
    EG_TERRAIN_HILLSHADE, /* light on the slope, 1 .. 255; 0: missing */
    EG_TERRAIN_TRI,       /* terrain ruggedness index; see eg_tri */
    EG_TERRAIN_TPI,       /* topographic position: the height less the mean of the 8 around it */
    EG_TERRAIN_ROUGHNESS, /* highest less lowest of the 9 */
    EG_TERRAIN_PROFILE_CURVATURE, /* along the steepest line, 1/m; positive where it is concave */
    EG_TERRAIN_TANGENTIAL_CURVATURE, /* along the contour, 1/m; positive where water gathers */
    EG_TERRAIN_D8,   /* steepest descent among 8 neighbours: 1 E, 2 SE, 4 S ... 128 NE; 0: a pit or
                        level;   255: missing */
    EG_TERRAIN_DINF, /* Tarboton's steepest descent of 8 facets, in the unit of the aspect */
    EG_TERRAIN_SLOPE_ERROR, /* standard error of the slope, in its unit */
    EG_TERRAIN_ASPECT_ERROR /* standard error of the aspect, degrees; missing where it means nothing
                             */
} eg_terrain_map;

typedef enum eg_slope_unit {
    EG_SLOPE_DEGREES,
    EG_SLOPE_PERCENT, /* 100 x rise over run */
    EG_SLOPE_RATIO,   /* rise over run */
    EG_SLOPE_RADIANS
} eg_slope_unit;

typedef enum eg_aspect {
    EG_ASPECT_COMPASS,      /* 0 north, clockwise, [0, 360) */
    EG_ASPECT_TRIGONOMETRIC /* 0 east, anticlockwise, [0, 360) */
} eg_aspect;

typedef enum eg_shading {
    EG_SHADING_PLAIN,
    EG_SHADING_COMBINED,        /* also by the steepness itself */
    EG_SHADING_MULTIDIRECTIONAL /* from 225, 270, 315 and 360 degrees, weighted by the aspect */
} eg_shading;

typedef enum eg_tri { EG_TRI_RILEY, EG_TRI_WILSON } eg_tri;

/* What one sink of eg_terrain() receives. */
typedef struct eg_terrain_options {
    eg_terrain_map map;
    eg_slope_unit slope_unit;
    eg_aspect aspect;
    double flat;              /* aspect, DINF where there is no slope; NaN: `nodata` */
    double azimuth, altitude; /* of the light: degrees clockwise from north, above the horizon */
    eg_shading shading;
    eg_tri tri;
    double threshold; /* slope: not NaN: the map is 1 where the slope is at least this, else 0, 255:
                         missing */
    double nodata;    /* float maps: what missing cells get; NaN is allowed */
} eg_terrain_options;

typedef enum eg_derivative { EG_DERIVATIVE_HORN, EG_DERIVATIVE_ZEVENBERGEN_THORNE } eg_derivative;

typedef enum eg_dem_border {
    EG_DEM_BORDER_NODATA,     /* a cell without all of its 8 neighbours is missing */
    EG_DEM_BORDER_EXTRAPOLATE /* beyond the raster: 2 edge - inner; a missing neighbour is as high
                                 as the centre */
} eg_dem_border;

/* How the ground is measured; the same for all maps of a pass. */
typedef struct eg_ground_options {
    eg_derivative derivative;
    eg_dem_border edges;
    bool compat_gdal; /* gdaldem's formulas, scales and order of sums */
    eg_crs crs;       /* of a file that names none: how its coordinates are to be taken */
    double z_factor;  /* heights are multiplied by it; NaN: metres from the file's vertical unit */
    double cell_x, cell_y; /* metres a cell; 0: from the georeferencing */
    /* ground units are this many height units, everywhere; 0: by the georeferencing */
    double scale;
    double vertical_error; /* standard error of a height, in its unit, for the error maps. Above 0
                              it also makes the aspect missing where that means nothing */
} eg_ground_options;

EG_API void eg_terrain_default(eg_terrain_options *options);
EG_API void eg_ground_default(eg_ground_options *options);

/* Computes `count` maps (1 to 16) of the heights of `source`, opened with
 * eg_read_options.as_values, in one pass: options[i] says what goes into sinks[i]. All are used up:
 * close them after. Float maps are EG_F32; hillshade, D8 and a map with a threshold are EG_U8.
 * EG_USAGE: options out of range, or a ground whose scale nothing tells. EG_BAD_INPUT: fewer than
 * 3 x 3 cells, no valid cell (but see below), a rotated raster. */
EG_API eg_status eg_terrain(eg_source *source, eg_sink *const sinks[],
                            const eg_terrain_options options[], size_t count,
                            const eg_ground_options *ground, eg_error *error);

/* Whether eg_terrain() met no valid cell. In a part of a raster, see eg_source_rows(), that is no
 * failure. */
EG_API bool eg_source_all_nodata(const eg_source *source);

/* ---- 15. Interpolation ----------------------------------------------------------------------- */

/* Value, gradient (x to the right, y down) and Hessian (row by row) at a point of a grid, sample
 * (0, 0) lying at (0, 0), by cubic convolution: quadratics are exact, and the slope at a sample is
 * the central difference. Beyond the border, and beside samples that are NaN, the surface goes on
 * as a parabola. Each result may be NULL; NaN outside 0 <= x <= width - 1, 0 <= y <= height - 1 and
 * where a sample that counts is NaN. EG_USAGE: the grid is empty, or holds bits. */
EG_API eg_status eg_grid_interpolate(const eg_grid *grid, const double point[2], double *value,
                                     double gradient[2], double hessian[4], eg_error *error);

/* ---- 16. Flow paths -------------------------------------------------------------------------- */

/* How large the cells of a raster are on the ground, by its georeferencing and the options (NULL:
 * the defaults). The source may be closed afterwards. EG_USAGE: nothing tells it, as eg_terrain()
 * says. EG_BAD_INPUT: rotated. */
typedef struct eg_ground eg_ground;

EG_API eg_status eg_ground_new(eg_ground **ground, const eg_source *source,
                               const eg_ground_options *options, eg_error *error);
EG_API void eg_ground_free(eg_ground *ground); /* accepts NULL */

/* Metres from sample to sample along a row and down a column, at `row`, which may lie between two
 * (NaN: beyond a pole), and metres in a unit of the heights. Each may be NULL. */
EG_API void eg_ground_at(const eg_ground *ground, double row, double *x, double *y, double *z);

/* The EPSG code of the coordinate system, where the file names it by one; else 0. */
EG_API unsigned eg_georef_epsg(const eg_georef *georef);

/* A place on the way. */
typedef struct eg_flow_path_point {
    size_t step;
    double at[2];  /* column and row, as eg_grid_interpolate() takes them */
    double height; /* in the raster's own unit */
    /* along the way so far, as the map shows it: metres; without a ground: cells */
    double distance;
    double slope; /* of steepest ascent: rise over run, height unit and metre being one where there
                     is a ground */
} eg_flow_path_point;

typedef struct eg_flow_path_options {
    bool uphill;
    double stride;  /* longest step, in cells */
    size_t steps;   /* at most */
    double seconds; /* at most; 0: no matter */
    double level;   /* ground of at most this slope is level; 0: where rounding hides any slope */
    void (*watch)(
        void *watcher,
        const eg_flow_path_point *point); /* NULL, or called at the start and after each step */
    void *watcher;
} eg_flow_path_options;

EG_API void eg_flow_path_default(eg_flow_path_options *options);

/* Why it ended. */
typedef enum eg_flow_path_end {
    EG_FLOW_PATH_PIT,    /* all around is higher (uphill: lower) */
    EG_FLOW_PATH_LEVEL,  /* nothing around is lower (uphill: higher), but there is ground as high */
    EG_FLOW_PATH_SADDLE, /* no slope, but lower (uphill: higher) ground around */
    EG_FLOW_PATH_EDGE,   /* the way leads off the raster */
    EG_FLOW_PATH_MISSING, /* the way leads to samples that are missing */
    EG_FLOW_PATH_STEPS,   /* all done */
    EG_FLOW_PATH_TIME,    /* used up */
    EG_FLOW_PATH_CANCELLED
} eg_flow_path_end;

typedef struct eg_flow_path_result {
    eg_flow_path_end end;
    size_t steps, evaluations;
    eg_flow_path_point first, last;
    double ring; /* pit, level, saddle: cells from the end to what was found around it */
} eg_flow_path_result;

/* Follows the direction of steepest descent over the surface of eg_grid_interpolate() from a point
 * of the grid: each place of the way is lower than the one before. `ground` NULL: cells count as
 * squares of side 1. EG_OK wherever it ends, which *result says. EG_USAGE: options out of range, a
 * grid of less than 2 x 2, a start where the surface has no value. */
EG_API eg_status eg_flow_path(eg_context *ctx, const eg_grid *grid, const eg_ground *ground,
                              const double start[2], const eg_flow_path_options *options,
                              eg_flow_path_result *result, eg_error *error);

/* ---- 17. Expressions ------------------------------------------------------------------------- */

/* A function of named variables, typed as text: "x^2*y + sin(2x)". Immutable: any number of threads
 * may use one at the same time. Its memory is accounted to the context it was parsed with, which
 * must outlive it. */
typedef struct eg_expr eg_expr;

typedef struct eg_binding {
    const char *name;
    double value;
} eg_binding;

/* NULL where an eg_expr_options is wanted means: no constants, variables in the order x, y, z, t
 * and then alphabetically. */
typedef struct eg_expr_options {
    const char *const *names; /* the variables and their order; a name not among them is an error.
                                 NULL: whatever names the text has, ordered as above */
    size_t name_count;
    const eg_binding *lets; /* names that stand for constants */
    size_t let_count;
} eg_expr_options;

enum {
    EG_EXPR_VARIABLES = 64,    /* most variables */
    EG_EXPR_DEPTH = 256,       /* deepest nesting */
    EG_EXPR_LENGTH = 64 * 1024 /* longest text, bytes */
};

/* Where in the text an error was seen. */
typedef struct eg_expr_location {
    size_t offset, length; /* bytes */
} eg_expr_location;

/* Grammar: + - * / ^ (or **; right-associative, binds tighter than a sign on its left: -2^2 = -4,
 * and takes one on its right: 2^-3), parentheses, functions of one or two arguments, numbers, pi,
 * e, tau. A product sign may be left out between a number and a name or parenthesis (2x, 3(x+1)),
 * never before a parenthesis after a name, and not after a division (1/2x is refused, as it reads
 * two ways). EG_USAGE with a message that says what was expected; *place (may be NULL) says where.
 */
EG_API eg_status eg_expr_parse(eg_expr **expr, eg_context *ctx, const char *text,
                               const eg_expr_options *options, eg_expr_location *place,
                               eg_error *error);
EG_API void eg_expr_free(eg_expr *expr); /* accepts NULL */

EG_API size_t eg_expr_variables(const eg_expr *expr);
EG_API const char *eg_expr_name(const eg_expr *expr, size_t variable);

/* The functions known, index 0 upwards; NULL past the last. `help`: arguments and meaning. */
EG_API const char *eg_expr_function(size_t index);
EG_API const char *eg_expr_function_help(size_t index);

/* Writes the simplified expression as text that eg_expr_parse() reads back to the same function; as
 * snprintf() does, returns the length it needs without the final 0. */
EG_API size_t eg_expr_print(const eg_expr *expr, char *out, size_t size);

/* Its partial derivative, simplified, as an expression of the same variables. */
EG_API eg_status eg_expr_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                                    eg_error *error);

/* `expr` with variable i replaced by with[i] (NULL: kept), as an expression of the variables of the
 * with[i] and the kept ones, in the order of `options` as for parsing. */
EG_API eg_status eg_expr_substitute(eg_expr **result, const eg_expr *expr,
                                    const eg_expr *const with[], const eg_expr_options *options,
                                    eg_error *error);

/* At one point of eg_expr_variables() coordinates. IEEE results: NaN and infinities where there is
 * no value. The gradient is by reverse differentiation, at most some 4 evaluations whatever the
 * number of variables; the Hessian is row by row, n x n, symmetric. Each pointer may be NULL.
 * EG_NO_MEMORY or EG_LIMIT_EXCEEDED are the only failures. */
EG_API eg_status eg_expr_eval(const eg_expr *expr, const double point[], double *value,
                              double gradient[], double hessian[], eg_error *error);

/* Bounds on the value, gradient and Hessian over the box low[i] <= x[i] <= high[i], by interval
 * arithmetic with outward rounding: what lies in the box lies between. Pairs low, high; any may be
 * NULL. An infinite bound says that nothing is known. */
EG_API eg_status eg_expr_bounds(const eg_expr *expr, const double low[], const double high[],
                                double value[2], double (*gradient)[2], double (*hessian)[2],
                                eg_error *error);

/* At `count` points at a time, coordinate i of point k being points[i][k]: values[k] and
 * gradient[i][k], each NULL where not wanted (gradient: any gradient[i] too). Vectorised, on all
 * threads of the context; the same bits for any number of threads and instruction set. */
EG_API eg_status eg_expr_eval_batch(const eg_expr *expr, const double *const points[], size_t count,
                                    double *values, double *const gradient[], eg_error *error);

/* Nodes of the graph behind the expression after simplification: common subexpressions count once.
 */
EG_API size_t eg_expr_size(const eg_expr *expr);

/* ---- 18. Surface analysis -------------------------------------------------------------------- */

/* What the graph of an expression f is like at a point of eg_expr_variables() coordinates. "Is 0"
 * and "is on" mean: to within what the rounding of the coordinates and of f can explain. */

typedef enum eg_limit_kind {
    EG_LIMIT_FINITE,   /* tends to `value` */
    EG_LIMIT_INFINITE, /* beyond all bounds; `value` is -inf or inf */
    EG_LIMIT_NONE,     /* tends to nothing */
    EG_LIMIT_UNDEFINED /* there are no values */
} eg_limit_kind;

/* Found by sampling, not proved. `value` is NaN where there is none. */
typedef struct eg_limit {
    eg_limit_kind kind;
    double value;
} eg_limit;

enum { EG_PATH_LIMITS = 128 };

/* A way to the point: with t falling to 0, variable i differs from its coordinate there by t
 * along[0], and variable j by t along[1] + t^2 bend. In one variable j is i. */
typedef struct eg_path_limit {
    size_t i, j;
    double along[2], bend;
    eg_limit value; /* of f */
    eg_limit slope; /* of (f - f at the point, or else its limit) / t */
} eg_path_limit;

typedef enum eg_differentiability {
    EG_DIFFERENTIABLE,        /* there is a gradient */
    EG_CORNER,                /* a value, and slopes in every direction that fit no plane */
    EG_VERTICAL_TANGENT,      /* a value, and a slope without bound */
    EG_JUMP_DISCONTINUITY,    /* a value that the values around do not tend to */
    EG_DOMAIN_BOUNDARY,       /* a value, but none on some sides */
    EG_REMOVABLE_SINGULARITY, /* no value, but every approach tends to the same one */
    EG_POLE,                  /* no value, and an approach without bound */
    EG_NO_LIMIT,              /* no value, and approaches that tend to different ones, or to none */
    EG_NO_VALUE               /* no value here or around */
} eg_differentiability;

typedef struct eg_surface {
    eg_differentiability regularity;
    double value;                       /* NaN: none */
    double limit;                       /* what all approaches tend to; NaN: nothing in common */
    double gradient[EG_EXPR_VARIABLES]; /* NaN unless EG_DIFFERENTIABLE */
    double norm;                        /* of the gradient */
    bool critical;                      /* the gradient is 0 */
    size_t approaches;                  /* those tried; 0 where EG_DIFFERENTIABLE */
    eg_path_limit approach[EG_PATH_LIMITS];
} eg_surface;

/* Value and gradient; where the derivatives do not say it all, what the surroundings are like. */
EG_API eg_status eg_surface_analyze(const eg_expr *expr, const double point[], eg_surface *result,
                                    eg_error *error);

/* eg_expr_derivative(), multiplied out where that is shorter: for people to read. */
EG_API eg_status eg_surface_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                                       eg_error *error);

typedef enum eg_extremum {
    EG_MINIMUM,
    EG_MAXIMUM,
    EG_SADDLE,
    EG_UNDECIDED /* an eigenvalue is 0 and the others are of one sign */
} eg_extremum;

/* How it bends. The verdict is one on the point only where its gradient is 0. */
typedef struct eg_hessian_result {
    double eigenvalues[EG_EXPR_VARIABLES]; /* of the Hessian, ascending; what rounding may explain
                                              is 0 */
    double condition; /* largest |eigenvalue| by smallest; infinite where one is 0 */
    eg_extremum extremum;
} eg_hessian_result;

/* `hessian` (n x n) and `directions` (row i: the unit eigenvector of eigenvalue i) may be NULL.
 * EG_NEGATIVE: the Hessian is not finite there. */
EG_API eg_status eg_surface_hessian(const eg_expr *expr, const double point[],
                                    eg_hessian_result *result, double hessian[],
                                    double directions[], eg_error *error);

/* From one point to another along the tangent plane. */
typedef struct eg_linear_approximation {
    double estimate, value; /* f there: by the tangent plane, and truly */
    double error;           /* value - estimate */
    /* |error| is at most this: half the largest |d'Hd| on the way, by interval arithmetic. Infinite
     * where nothing is known, or a kink or jump may lie between. */
    double bound;
} eg_linear_approximation;

EG_API eg_status eg_surface_linear(const eg_expr *expr, const double from[], const double to[],
                                   eg_linear_approximation *result, eg_error *error);

/* What errors of the coordinates do to f, to first order. */
typedef struct eg_propagation {
    double part[EG_EXPR_VARIABLES]; /* |df/dx_i| * error_i */
    double worst;                   /* their sum: all errors against us */
    double quadrature;              /* the root of the sum of their squares: independent errors */
    double range[2];                /* f lies between, over the whole box, by interval arithmetic */
} eg_propagation;

EG_API eg_status eg_surface_propagate(const eg_expr *expr, const double point[],
                                      const double errors[], eg_propagation *result,
                                      eg_error *error);

/* The point against the set f = level. */
typedef struct eg_level_set {
    double off;      /* f - level */
    double distance; /* from the point to the set, to first order */
    bool on;
    bool singular; /* the gradient is 0: the set need not have a tangent */
} eg_level_set;

EG_API eg_status eg_surface_level(const eg_expr *expr, double level, const double point[],
                                  eg_level_set *result, eg_error *error);

typedef enum eg_implicit_kind {
    EG_IMPLICIT_SLOPE,
    EG_IMPLICIT_VERTICAL, /* the derivative by the variable is 0, others are not */
    EG_IMPLICIT_SINGULAR  /* all are 0 */
} eg_implicit_kind;

/* A variable as a function of the others on the set f = level through the point. */
typedef struct eg_implicit {
    eg_implicit_kind kind;
    double slope[EG_EXPR_VARIABLES]; /* d variable / d x_i = -f_i / f_variable; NaN: not a slope */
    int branches; /* singular, two variables: 2 cross, 0 are an isolated point; -1: undecided */
    double branch[2][2]; /* their directions */
} eg_implicit;

EG_API eg_status eg_surface_implicit(const eg_expr *expr, const double point[], size_t variable,
                                     eg_implicit *result, eg_error *error);

/* The formula of that slope, d variable / d x_by, simplified. */
EG_API eg_status eg_surface_implicit_slope(eg_expr **slope, const eg_expr *expr, size_t variable,
                                           size_t by, eg_error *error);

/* Lagrange's condition for an extremum of f on the set constraint = 0. Both have the same
 * variables. */
typedef struct eg_lagrange {
    bool parallel;        /* grad f = lambda grad g */
    double lambda;        /* the best there is, if not parallel; NaN where grad g is 0 */
    double residual;      /* |grad f - lambda grad g| */
    double angle;         /* between the lines of the gradients, degrees; NaN where one is 0 */
    eg_extremum extremum; /* where parallel: by the Hessian of f - lambda g along the set */
} eg_lagrange;

EG_API eg_status eg_surface_lagrange(const eg_expr *expr, const eg_expr *constraint,
                                     const double point[], eg_lagrange *result, eg_error *error);

/* The gradient once more, from values alone: central differences of fourth order. */
typedef struct eg_gradient_check {
    double gradient[EG_EXPR_VARIABLES];
    double tolerance[EG_EXPR_VARIABLES]; /* what the differences cannot tell apart */
    bool agrees;
} eg_gradient_check;

EG_API eg_status eg_surface_check(const eg_expr *expr, const double point[],
                                  eg_gradient_check *result, eg_error *error);

/* `count` values from `from` to `to`, both included. */
typedef struct eg_range {
    double from, to;
    size_t count;
} eg_range;

/* Points number `first`, first + 1 ... of the grid that the ranges span, one range a variable, the
 * first running fastest: their coordinates, and what eg_expr_eval_batch() makes of them. */
EG_API eg_status eg_surface_sample(const eg_expr *expr, const eg_range ranges[], size_t first,
                                   size_t count, double *const points[], double *values,
                                   double *const gradient[], eg_error *error);

/* ---- 19. Descent and fits -------------------------------------------------------------------- */

/* A function to minimise. `at` gives what eg_expr_eval() gives, and is called from one thread. */
typedef struct eg_objective {
    void *opaque;
    size_t variables; /* 1 .. EG_EXPR_VARIABLES */
    eg_status (*at)(void *opaque, const double x[], double *value, double gradient[],
                    double hessian[], eg_error *error);
    /* NULL, or value and gradient estimated from a part of the data, another one each step; `epoch`
     * steps in a row see all of it (stochastic gradient descent). */
    eg_status (*sample)(void *opaque, size_t step, const double x[], double *value,
                        double gradient[], eg_error *error);
    size_t epoch;
} eg_objective;

/* The expression, which must outlive what is returned. */
EG_API eg_objective eg_objective_expr(const eg_expr *expr);

/* A model to be fitted to data: its mean squared error is the objective. Names of the model that
 * are columns of the table stand for them, the others are parameters. */
typedef struct eg_fit eg_fit;

/* The table must outlive the fit. `batch` 0: all points each step; else so many, drawn without
 * replacement in an order that `seed` decides. EG_USAGE: the model cannot be read, has no
 * parameters, or the target is no column or in the model. EG_BAD_INPUT: as eg_table_column(). */
EG_API eg_status eg_fit_new(eg_fit **fit, eg_context *ctx, const char *model, const eg_table *table,
                            const char *target, size_t batch, uint64_t seed, eg_error *error);
EG_API void eg_fit_free(eg_fit *fit); /* accepts NULL */
EG_API size_t eg_fit_parameters(const eg_fit *fit);
EG_API const char *eg_fit_name(const eg_fit *fit, size_t parameter);

/* The mean squared error of the parameters; its Hessian is Gauss and Newton's, 2/n J^T J, which is
 * exact where the model is linear in them. The same bits for any number of threads. The fit must
 * outlive it. */
EG_API eg_objective eg_fit_objective(eg_fit *fit);

typedef struct eg_fit_statistics {
    size_t points, parameters;
    double squares;   /* sum of squared residuals */
    double deviation; /* s: sqrt(squares / (points - parameters)); NaN: no points to spare */
    double r_squared; /* 1 - squares / sum of squares about the target's mean */
    double errors[EG_EXPR_VARIABLES]; /* standard errors: the roots of the diagonal of s^2 (J^T
                                         J)^-1; NaN where the data do not determine the parameter */
} eg_fit_statistics;

EG_API eg_status eg_fit_evaluate(eg_fit *fit, const double parameters[], eg_fit_statistics *quality,
                                 eg_error *error);

typedef enum eg_method {
    EG_METHOD_GD,
    EG_METHOD_MOMENTUM,
    EG_METHOD_NESTEROV,
    EG_METHOD_RMSPROP,
    EG_METHOD_ADAM,
    EG_METHOD_HEAVY_BALL,
    EG_METHOD_BB,
    EG_METHOD_LBFGS,
    EG_METHOD_NEWTON,
    EG_METHOD_LINE_SEARCH,
    EG_METHODS
} eg_method;

EG_API const char *eg_method_name(size_t method); /* "gd" ...; NULL past the last */
EG_API const char *eg_method_help(size_t method);

/* A step done, or with `step` 0 the start. */
typedef struct eg_descent_step {
    size_t step;
    const double *x;
    double value, gradient_norm; /* of a part of the data where the objective is sampled */
    double rate;                 /* that led here; 0 at the start */
} eg_descent_step;

typedef struct eg_descent_options {
    eg_method method;
    bool maximize;
    double rate;     /* step per unit of gradient; NaN: from the curvature at the start, see
                        docs/DESCENT.md */
    double momentum; /* NaN: the method's own */
    size_t steps;    /* at most */
    double seconds;  /* at most; 0: no matter */
    /* It has arrived when the gradient is at most so long, ... */
    double gradient_tolerance;
    /* ... when a step changes the value by at most so much of max(1, |value|); 0: never, ... */
    double value_tolerance;
    /* ... when a step moves by at most so much of max(1, |x|). 0: when it does not move at all. */
    double step_tolerance;
    bool give_up; /* once it is seen to diverge, instead of doing all steps */
    void (*watch)(void *watcher, const eg_descent_step *step); /* NULL, or called after each step */
    void *watcher;
} eg_descent_options;

EG_API void eg_descent_default(eg_descent_options *options);

/* Why it stopped. */
typedef enum eg_stop {
    EG_STOP_GRADIENT,   /* its tolerance */
    EG_STOP_VALUE,      /* its tolerance */
    EG_STOP_STEP,       /* its tolerance */
    EG_STOP_STEPS,      /* all done */
    EG_STOP_TIME,       /* used up */
    EG_STOP_SEARCH,     /* no better point was found ahead */
    EG_STOP_DIVERGING,  /* gave up */
    EG_STOP_NOT_FINITE, /* the next point has no finite value or gradient */
    EG_STOP_CANCELLED
} eg_stop;

/* What became of it. */
typedef enum eg_descent_outcome {
    EG_CONVERGED,
    EG_NOT_CONVERGED,       /* on its way, but stopped */
    EG_OSCILLATES,          /* jumps to and fro, no nearer */
    EG_DIVERGES,            /* got worse and worse */
    EG_UNBOUNDED,           /* better and better without end */
    EG_LEFT_DOMAIN,         /* the next step leads where there is no value */
    EG_STALLED,             /* steps too small to matter, far from level ground */
    EG_AT_SADDLE,           /* level, but lower (maximising: higher) ground is beside it */
    EG_AT_OPPOSITE_EXTREMUM /* level, at a maximum (maximising: minimum) */
} eg_descent_outcome;

/* Eigenvalues of the Hessian (maximising: of the negative function). */
typedef struct eg_curvature {
    bool known;
    double least, most;
} eg_curvature;

typedef struct eg_descent_result {
    eg_method method;
    bool maximize;
    eg_stop stop;
    eg_descent_outcome verdict;
    size_t steps, evaluations; /* of value and gradient */
    double seconds;
    double start_value, value, gradient_norm; /* of the whole objective */
    double rate, momentum;                    /* in use; NaN where the method has none */
    bool rate_chosen, momentum_chosen;
    eg_curvature start, end, trouble; /* `trouble`: where it began to diverge, or oscillated */
    bool quadratic;                   /* the Hessian is the same everywhere, as far as was seen */
    size_t diverging_since;           /* the step at which that was seen; 0: it was not */
    double rate_limit;                /* what rate must stay below, by `trouble`; NaN: unknown */
    double advice;                    /* a rate that should do; NaN: none */
    double reach, distance; /* adam, rmsprop: how far these steps can lead, and how far they must */
    double gradient_tolerance, value_tolerance, step_tolerance; /* as asked */
} eg_descent_result;

/* Walks from x[] downhill and leaves in x[] where it came. EG_OK whatever became of it, which
 * *result says. EG_USAGE: options out of range, a method that cannot use samples, a start without
 * value or gradient. */
EG_API eg_status eg_descent(eg_context *ctx, const eg_objective *objective, double x[],
                            const eg_descent_options *options, eg_descent_result *result,
                            eg_error *error);

/* Why it stopped, in words: "the gradient is within its tolerance: 9.4e-07 <= 1e-06". */
EG_API size_t eg_descent_stop_reason(const eg_descent_result *result, char *out, size_t size);

/* What is to be said of the run besides, sentence by sentence: divergence and its cure,
 * conditioning ... Writes sentence `index` as snprintf() does and returns its length; 0 past the
 * last. */
EG_API size_t eg_descent_remark(const eg_descent_result *result, size_t index, char *out,
                                size_t size);

/* ---- 20. Plots ------------------------------------------------------------------------------- */

/* A diagram with two axes: level curves, ways over them, arrows. Drawn when rendered. */
typedef struct eg_plot eg_plot;

typedef struct eg_plot_options {
    double x[2], y[2]; /* what the axes show, low to high; y runs up */
    int width, height; /* of the picture: pixels (PNG, SVG), points (PDF); 64 .. 8192 */
    bool equal;        /* same scale on both axes: one of the ranges is widened */
    bool y_down;       /* y runs down, as the rows of a picture do */
    const char *title, *x_label, *y_label; /* UTF-8, or NULL */
} eg_plot_options;

EG_API void eg_plot_default(eg_plot_options *options);

/* Sets `equal`, and makes the picture narrower or lower, to a third at most, so that its ranges
 * need no widening. */
EG_API void eg_plot_shape(eg_plot_options *options);

/* EG_UNSUPPORTED: this library was built without cairo. EG_USAGE: options out of range. */
EG_API eg_status eg_plot_new(eg_plot **plot, eg_context *ctx, const eg_plot_options *options,
                             eg_error *error);
EG_API void eg_plot_free(eg_plot *plot); /* accepts NULL */

/* The ranges of its axes, after any widening. */
EG_API void eg_plot_ranges(const eg_plot *plot, double x[2], double y[2]);

/* Level curves and shading of values[row * columns + column] on an even grid over the ranges, its
 * corners in their corners, row 0 at the foot; NaN where there is none. Copied; at least 2 x 2,
 * once a plot. `count` 0: levels are chosen, closer together towards the lowest values where the
 * function has steep walls (towards the highest where its walls go down). */
EG_API eg_status eg_plot_values(eg_plot *plot, const double values[], size_t columns, size_t rows,
                                const double levels[], size_t count, eg_error *error);

typedef enum eg_plot_line {
    EG_PLOT_TRAJECTORY, /* points with a line through them */
    EG_PLOT_CURVE,      /* the line alone */
    EG_PLOT_LINE,       /* the line alone, in the colour of ways */
    EG_PLOT_ACCENT,     /* in another colour */
    EG_PLOT_DASHED      /* thin */
} eg_plot_line;

/* Points x, y, x, y ...; copied. Parts with coordinates that are not finite are left out. */
EG_API eg_status eg_plot_path(eg_plot *plot, eg_plot_line line, const double points[], size_t count,
                              eg_error *error);

/* The curves where values of another grid over the ranges are `level`: laid out as for
 * eg_plot_values(). */
EG_API eg_status eg_plot_level(eg_plot *plot, eg_plot_line line, const double values[],
                               size_t columns, size_t rows, double level, eg_error *error);

/* Arrows as x, y, dx, dy ...: at x, y, in the direction of dx, dy, the longest `longest` pixels;
 * copied. Those that would run into a label, a mark or a vector are left out. */
EG_API eg_status eg_plot_arrows(eg_plot *plot, const double arrows[], size_t count, double longest,
                                eg_error *error);

/* One bold arrow of `length` pixels at arrow[0], arrow[1] in the direction of arrow[2], arrow[3],
 * in the colour of that kind of line. `label` may be NULL. */
EG_API eg_status eg_plot_vector(eg_plot *plot, eg_plot_line line, const double arrow[4],
                                double length, const char *label, eg_error *error);

typedef enum eg_plot_sign { EG_PLOT_START, EG_PLOT_END, EG_PLOT_POINT } eg_plot_sign;

/* `label` may be NULL. */
EG_API eg_status eg_plot_mark(eg_plot *plot, eg_plot_sign sign, double x, double y,
                              const char *label, eg_error *error);

/* Draws it: `format` is "png", "svg" or "pdf". *bytes stays valid until the plot is freed or
 * rendered again. */
EG_API eg_status eg_plot_render(eg_plot *plot, const char *format, const void **bytes, size_t *size,
                                eg_error *error);

#ifdef __cplusplus
}
#endif
#endif
