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

#define EG_VERSION "0.1.0"

#if defined(__GNUC__)
#define EG_API                 __attribute__((visibility("default")))
#define EG_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define EG_API
#define EG_PRINTF(text, first)
#endif

/* The libraries inside, a line each: "libpng 1.6.39\nlibjpeg-turbo 2.1.5\n..." */
EG_API const char *eg_build_info(void);

/* ---- outcomes ------------------------------------------------------------------------------ */

/* After anything but EG_OK an operation may not be continued; its objects can only be closed. */
typedef enum eg_status {
    EG_OK = 0,
    EG_NEGATIVE,    /* it ran, and the honest answer is no (diverged, not converged) */
    EG_USAGE,       /* an argument is out of range or contradicts another */
    EG_BAD_INPUT,   /* the input is damaged, truncated or of no known kind */
    EG_UNSUPPORTED, /* the input is well formed, of a kind this build cannot read */
    EG_FILE,        /* the operating system refused to open, read, write or rename */
    EG_LIMIT,       /* a limit of eg_config would be passed */
    EG_NO_MEMORY,   /* the system has no memory left */
    EG_CANCELLED    /* eg_config.cancel became nonzero */
} eg_status;

/* Owned by the caller, zero-initialised. The first failure is kept, later ones are not recorded.
 * `message` is one line without a full stop, control characters escaped, naming the file where
 * there is one. Every function accepts NULL for its error. */
typedef struct eg_error {
    eg_status status;
    char message[512];
} eg_error;

/* ---- context: limits, threads, memory account ---------------------------------------------- */

typedef struct eg_config {
    int threads; /* 0: one for each processor this process may use */
    size_t
        strip_rows; /* rows computed at a time; 0: as many as the cache holds. Changes no pixel */
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
 * made with it is closed. EG_USAGE: a field out of range, or an instruction set this processor lacks. */
EG_API eg_status eg_context_new(eg_context **ctx, const eg_config *config, eg_error *error);
EG_API void eg_context_free(eg_context *ctx); /* accepts NULL */

EG_API size_t eg_memory_peak(const eg_context *ctx);   /* most bytes held at one time so far */
EG_API const char *eg_cpu_name(const eg_context *ctx); /* the instruction set in use */

/* ---- grids --------------------------------------------------------------------------------- */

typedef enum eg_sample {
    EG_BIT, /* edge masks: 64 pixels to a uint64_t, pixel x in bit x % 64, 1 = edge; spare bits 0 */
    EG_U8,
    EG_U16, /* native byte order; written by maps, never computed on */
    EG_F32,
    EG_F64 /* heights of more than 24 bits, see eg_read_options.heights; only terrain takes them */
} eg_sample;

/* A grid of intensities in memory. Row y starts at (char *)data + y * stride; `stride` is in bytes
 * and at least eg_row_bytes(sample, width). `white` is the intensity that counts as 255 wherever a
 * threshold is given on the 0..255 scale: 255 for 8-bit input, 65535 for 16-bit, 1 for floats. */
typedef struct eg_grid {
    void *data;
    size_t width, height, stride;
    eg_sample sample;
    float white;
} eg_grid;

EG_API size_t eg_row_bytes(eg_sample sample, size_t width);

/* Allocates an uninitialised grid (width and height at least 1), accounted to `ctx`.
 * The caller owns it: eg_grid_free(), which accepts a zeroed grid, before the context is freed. */
EG_API eg_status eg_grid_new(eg_grid *grid, eg_context *ctx, size_t width, size_t height,
                             eg_sample sample, eg_error *error);
EG_API void eg_grid_free(eg_grid *grid);

/* ---- georeferencing ------------------------------------------------------------------------ */

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
     * so that transform[5] is negative where north is up; [2] and [4] are 0 unless it is rotated. */
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

/* ---- sources ------------------------------------------------------------------------------- */

typedef enum eg_alpha {
    EG_ALPHA_IGNORE, /* the stored intensities as they are, as cv::imread does: nothing is invented */
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
    double white;            /* eg_grid.white of the result; 0: what the format says */
    bool
        heights; /* samples are quantities in a unit of their own, not intensities: EG_F32 in that unit, missing
                     ones NaN; EG_F64 where the file's own samples need it. Plain 8-bit samples may
                     still come as EG_U8 */
    eg_encoding
        encoding; /* of RGB PNGs: samples are metres, missing ones NaN; EG_F32 unless `heights` is set too */
} eg_read_options;

/* What a source is, as stored (`stored_*`) and as its rows come out (the rest). */
typedef struct eg_info {
    size_t width, height; /* of the rows handed out, after orientation */
    eg_sample sample;     /* EG_U8 or EG_F32; with eg_read_options.heights EG_F64 too */
    float white;
    const char *format;  /* "PNG", "JPEG" ... */
    const char *colour;  /* "grey", "grey+alpha", "RGB", "RGBA", "palette", "YCbCr", "CMYK" ... */
    int channels, depth; /* stored channels; bits of each */
    int orientation;     /* EXIF 1..8; 1: as stored */
    bool interlaced; /* PNG Adam7, or a JPEG of several scans: needs memory for the whole image */
    bool has_alpha;
    size_t stored_width, stored_height;
} eg_info;

typedef struct eg_source eg_source;

EG_API void eg_read_default(eg_read_options *options);

/* Opens a file, "-" being standard input, and reads its header. The format is told from the content,
 * and from the name only where that begins with plain numbers (.hgt, .bil ...). A library built with GDAL
 * lets that open regular files of any other format, and nothing from a network. `options` NULL means
 * the defaults; `path` is copied. On success the caller owns *source. EG_USAGE: options out of range, or
 * an encoding where there is none. Errors: EG_FILE, EG_BAD_INPUT, EG_UNSUPPORTED, EG_LIMIT, EG_NO_MEMORY. */
EG_API eg_status eg_source_open(eg_source **source, eg_context *ctx, const char *path,
                                const eg_read_options *options, eg_error *error);

/* Rows of `grid` (EG_U8 or EG_F32 where a gradient is taken of it), which stays the caller's and must outlive the source. */
EG_API eg_status eg_source_grid(eg_source **source, eg_context *ctx, const eg_grid *grid,
                                eg_error *error);
EG_API const eg_info *eg_source_info(const eg_source *source);

/* NULL where nothing is known of the ground. Owned by the source. */
EG_API const eg_georef *eg_source_georef(const eg_source *source);

/* Reads the next `count` rows, top to bottom, `stride` bytes apart. */
EG_API eg_status eg_source_read(eg_source *source, void *rows, size_t stride, size_t count,
                                eg_error *error);

/* After the last row: whether what follows it in the file is sound too. */
EG_API eg_status eg_source_finish(eg_source *source, eg_error *error);
EG_API void eg_source_close(eg_source *source); /* accepts NULL */

/* The whole picture as a grid the caller owns. */
EG_API eg_status eg_load(eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_read_options *options, eg_error *error);

/* ---- sinks --------------------------------------------------------------------------------- */

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

/* Opens an output, "-" being standard output (whose format is PNG unless options say otherwise).
 * Nothing appears under `path` until the operation has succeeded: a regular file is written beside
 * its target and renamed over it; pipes and devices are written as rows come. A sink closed before
 * its operation succeeded leaves what was there before.
 * Errors: EG_USAGE (no such format), EG_FILE, EG_NO_MEMORY. */
EG_API eg_status eg_sink_open(eg_sink **sink, eg_context *ctx, const char *path,
                              const eg_write_options *options, eg_error *error);

/* Rows are gathered into *grid. A zeroed grid is allocated when the operation begins, and owned by the
 * caller from then on, success or not. One with `data` is the caller's memory, aligned to its sample
 * and apart from the source's: its size and sample must be those of the result (EG_USAGE), `white` is
 * set, a failure leaves its content undefined; release it as it was made (eg_grid_free() only takes
 * grids the library allocated). Accepts every sample; EG_BIT arrives as EG_U8, 0 or 255. */
EG_API eg_status eg_sink_grid(eg_sink **sink, eg_context *ctx, eg_grid *grid, eg_error *error);
EG_API void eg_sink_close(eg_sink *sink); /* accepts NULL */

/* Writes a grid to a file through the same way. */
EG_API eg_status eg_save(const eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_write_options *options, eg_error *error);

/* ---- the gradient -------------------------------------------------------------------------- */

typedef enum eg_border {
    EG_BORDER_REPLICATE, /* aaa|abcd|ddd */
    EG_BORDER_REFLECT,   /* dcb|abcd|cba: reflect-101, the edge sample is not repeated */
    EG_BORDER_CONSTANT   /* vvv|abcd|vvv */
} eg_border;

typedef enum eg_norm {
    EG_NORM_L2, /* sqrt(gx^2 + gy^2) */
    EG_NORM_L1  /* |gx| + |gy| */
} eg_norm;

typedef enum eg_map {
    EG_MAP_MAGNITUDE, /* intensity levels a pixel, never negative */
    EG_MAP_X,         /* d/dx, levels a pixel, positive where it gets brighter to the right */
    EG_MAP_Y,         /* d/dy, levels a pixel, positive where it gets brighter downwards */
    EG_MAP_DIRECTION /* of steepest increase, degrees in [0, 360), 0 = right, 90 = down; 0 where flat */
} eg_map;

typedef struct eg_gradient_options {
    const char *op; /* an operator's name: "sobel3", "scharr" ...; eg_operator_name() lists them */
    double sigma;   /* standard deviation in pixels of the Gaussian that comes first; 0: none */
    eg_border border;
    double border_value; /* EG_BORDER_CONSTANT: in stored intensity levels */
    eg_norm norm;
    eg_map map;
    int depth;    /* bits of the result: 8, 16 or 32 (float); 0: the deepest of 8 and 32 the sink
                     was made for (PFM and grids get floats) */
    double scale; /* integer maps: output steps a unit, on the 8-bit scale; 0: the map's own.
                     magnitude: 2 (a jump from black to white fills the range); x, y: 1 about a middle
                     of 128; direction: 256/360. 16-bit maps have 257 (direction: 256) times as many. */
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

/* ---- edges --------------------------------------------------------------------------------- */

typedef enum eg_edge_method {
    EG_EDGE_CANNY,    /* thinned by non-maximum suppression, linked by hysteresis */
    EG_EDGE_THRESHOLD /* every pixel whose magnitude is above `high` */
} eg_edge_method;

/* The unit of eg_edges_options.low and .high; intensities are on the 0..255 scale in all of them,
 * whatever the depth of the input. */
typedef enum eg_unit {
    EG_UNIT_SUM, /* the operator's weighted sum, as cv::Canny counts: for Sobel 3, 8 per level a pixel */
    EG_UNIT_PIXEL /* intensity levels a pixel: the same slope for every operator */
} eg_unit;

typedef struct eg_edges_options {
    eg_edge_method method;
    const char *op;
    double sigma; /* as in eg_gradient_options */
    eg_border border;
    double border_value;
    eg_norm norm;
    double low, high; /* NaN: automatic. A reversed pair is swapped */
    eg_unit unit;
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

/* ---- terrain ------------------------------------------------------------------------------- */

typedef enum eg_terrain_map {
    EG_TERRAIN_SLOPE,     /* steepness; see eg_slope_unit */
    EG_TERRAIN_ASPECT,    /* the way the slope faces, downhill, degrees; see eg_aspect */
    EG_TERRAIN_HILLSHADE, /* light on the slope, 1 .. 255; 0: missing */
    EG_TERRAIN_TRI,       /* terrain ruggedness index; see eg_tri */
    EG_TERRAIN_TPI,       /* topographic position: the height less the mean of the 8 around it */
    EG_TERRAIN_ROUGHNESS, /* highest less lowest of the 9 */
    EG_TERRAIN_PROFILE_CURVATURE, /* along the steepest line, 1/m; positive where it is concave */
    EG_TERRAIN_TANGENTIAL_CURVATURE, /* along the contour, 1/m; positive where water gathers */
    EG_TERRAIN_D8, /* steepest descent among 8 neighbours: 1 E, 2 SE, 4 S ... 128 NE; 0: a pit or level;
                         255: missing */
    EG_TERRAIN_DINF,        /* Tarboton's steepest descent of 8 facets, in the unit of the aspect */
    EG_TERRAIN_SLOPE_ERROR, /* standard error of the slope, in its unit */
    EG_TERRAIN_ASPECT_ERROR /* standard error of the aspect, degrees; missing where it means nothing */
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
    double
        threshold; /* slope: not NaN: the map is 1 where the slope is at least this, else 0, 255: missing */
    double nodata; /* float maps: what missing cells get; NaN is allowed */
} eg_terrain_options;

typedef enum eg_derivative { EG_DERIVATIVE_HORN, EG_DERIVATIVE_ZEVENBERGEN_THORNE } eg_derivative;

typedef enum eg_edge_rule {
    EG_EDGES_NODATA, /* a cell without all of its 8 neighbours is missing */
    EG_EDGES_EXTRAPOLATE /* beyond the raster: 2 edge - inner; a missing neighbour is as high as the centre */
} eg_edge_rule;

/* How the ground is measured; the same for all maps of a pass. */
typedef struct eg_ground_options {
    eg_derivative derivative;
    eg_edge_rule edges;
    bool compat_gdal; /* gdaldem's formulas, scales and order of sums */
    eg_crs crs;       /* of a file that names none: how its coordinates are to be taken */
    double z_factor;  /* heights are multiplied by it; NaN: metres from the file's vertical unit */
    double cell_x, cell_y; /* metres a cell; 0: from the georeferencing */
    double
        scale; /* ground units are this many height units, everywhere; 0: by the georeferencing */
    double
        vertical_error; /* standard error of a height, in its unit, for the error maps. Above 0 it
                              also makes the aspect missing where that means nothing */
} eg_ground_options;

EG_API void eg_terrain_default(eg_terrain_options *options);
EG_API void eg_ground_default(eg_ground_options *options);

/* Computes `count` maps (1 to 16) of the heights of `source`, opened with eg_read_options.heights, in one
 * pass: options[i] says what goes into sinks[i]. All are used up: close them after. Float maps are
 * EG_F32; hillshade, D8 and a map with a threshold are EG_U8.
 * EG_USAGE: options out of range, or a ground whose scale nothing tells. EG_BAD_INPUT: fewer than
 * 3 x 3 cells, no valid cell, a rotated raster. */
EG_API eg_status eg_terrain(eg_source *source, eg_sink *const sinks[],
                            const eg_terrain_options options[], size_t count,
                            const eg_ground_options *ground, eg_error *error);

#ifdef __cplusplus
}
#endif
#endif
