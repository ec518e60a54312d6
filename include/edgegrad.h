/* SPDX-License-Identifier: MIT */
/*
 * edgegrad: edges of images, slope and other maps of elevation models, gradients of functions.
 *
 * Image operations are pipelines: an operation such as eg_edges() pulls rows from an eg_source
 * strip by strip and pushes the rows of its result into an eg_sink. Sources and sinks are files,
 * pipes, grids in memory or callbacks.
 *
 *     #include <edgegrad.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         eg_error error = {EG_OK, ""};
 *         eg_context *ctx = NULL;
 *         eg_source *in = NULL;
 *         eg_sink *out = NULL;
 *         eg_read_options read;
 *         eg_edges_options options;
 *         eg_read_default(&read);
 *         read.colour_planes = true;
 *         eg_edges_default(&options);
 *         if (eg_context_new(&ctx, NULL, &error) == EG_OK &&
 *             eg_source_open(&in, ctx, "photo.jpg", &read, &error) == EG_OK &&
 *             eg_sink_open(&out, ctx, "edges.png", NULL, &error) == EG_OK)
 *             eg_edges(in, out, &options, NULL, &error);
 *         if (error.status != EG_OK)
 *             fprintf(stderr, "%s\n", error.message);
 *         eg_sink_close(out);
 *         eg_source_close(in);
 *         eg_context_free(ctx);
 *         return error.status;
 *     }
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
 *   18. Proven numbers
 *   19. Surface analysis
 *   20. Descent and fits
 *   21. Plots
 *   22. Contour lines
 *   23. Lines of edges
 *   24. Files of lines
 *   25. Flux and streamlines
 *   26. Options by name
 *   27. Solving
 *   28. Vector fields
 *   29. File formats
 *
 * The library prints nothing, never exits, and has no state outside the objects it creates. Objects
 * of different contexts may be used on different threads at the same time.
 * x increases to the right and y DOWN, so that angles increase clockwise as an image is displayed.
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

/* Returns the names and versions of the libraries used, one a line, such as "libpng 1.6.39". The
 * string is static. */
EG_API const char *eg_build_info(void);

/* Returns a line about a published vulnerability that the libpng, libjpeg-turbo or libtiff in use
 * may have by its version number; NULL past the last. Distributions mend vulnerabilities without a
 * new number. The string is static. */
EG_API const char *eg_library_advisory(size_t index);

/* ---- 1. Status and errors -------------------------------------------------------------------- */

/* Result of a function. After any status but EG_OK, the source and sink of the operation can only
 * be closed. */
typedef enum eg_status {
    EG_OK = 0,
    EG_NEGATIVE,       /* the computation ran and its answer is no: diverged, not converged */
    EG_USAGE,          /* an argument is out of range or contradicts another */
    EG_BAD_INPUT,      /* the input is damaged, truncated or of an unknown format */
    EG_UNSUPPORTED,    /* the input is valid, but this build cannot read it */
    EG_FILE,           /* the operating system failed to open, read, write or rename a file */
    EG_LIMIT_EXCEEDED, /* a limit of eg_config would be exceeded */
    EG_NO_MEMORY,      /* the system has no memory left */
    EG_CANCELLED       /* eg_config.cancel became nonzero */
} eg_status;

/* First error of a sequence of calls, kept until the caller clears it; later errors are not
 * recorded. The caller initialises it to {EG_OK, ""}. `message` is one line without a full stop,
 * control characters escaped, and begins with the file's name if there is one.
 *
 * All functions accept NULL for their error, and NULL instead of an object to free or close.
 * Another pointer may be NULL only if the comment of the function says so. */
typedef struct eg_error {
    eg_status status;
    char message[512];
} eg_error;

/* ---- 2. Context: limits, threads, memory ----------------------------------------------------- */

/* Configuration of a context. */
typedef struct eg_config {
    /* number of threads; 0: one for each processor available to the process. An operation has those
     * of its source's context. A context for each call costs little: it starts threads only for the
     * time of an operation */
    int threads;
    /* rows computed at a time; 0: as many as fit into the cache. Does not affect results */
    size_t strip_rows;
    size_t max_memory;   /* limit of the memory held by the context, in bytes */
    size_t max_side;     /* limit of width and height, in pixels */
    uint64_t max_pixels; /* limit of width * height */
    size_t max_chunk;    /* limit of a PNG chunk or JPEG marker kept in memory, in bytes */
    int max_scans;       /* limit of the number of scans of a progressive JPEG */
    const char *cpu; /* instruction set: "baseline", "v3", "v4"; NULL: $EDGEGRAD_CPU, or the best */
    const volatile sig_atomic_t *cancel; /* polled between strips, nonzero cancels; may be NULL */
    /* moves output files and their folders to the disc with fsync(2) before and after they appear,
     * so that a complete output survives a power failure; takes some milliseconds on most discs */
    bool sync;
    /* Called between the strips of an operation with the number of rows done and of all its rows,
     * ascending, from one thread at a time, which need not be the caller's; returns soon. Sources
     * that decode the whole image first call it late. May be NULL. */
    void (*progress)(void *opaque, size_t done, size_t total);
    void *opaque; /* passed to progress(), allocate() and release() */
    /* Provide the memory of the context and its objects, instead of malloc(), calloc() and free();
     * both or none. allocate() returns `bytes` bytes aligned as malloc() does, all 0 if `zeroed`,
     * or NULL; release() gets the same number of bytes. Both are called from several threads at a
     * time. Libraries that decode, draw and compute proven digits allocate some memory themselves.
     */
    void *(*allocate)(void *opaque, size_t bytes, bool zeroed);
    void (*release)(void *opaque, void *memory, size_t bytes);
} eg_config;

/* Threads, memory accounting and limits, shared by the objects created with it. */
typedef struct eg_context eg_context;

/* Sets the default configuration: all processors, 4 GB of memory, 1000000 pixels a side, 2^32
 * pixels, chunks of 64 MB, 200 scans, no sync. */
EG_API void eg_config_default(eg_config *config);

/* Creates a context; `config` NULL means the defaults. The caller owns *ctx and frees it after all
 * objects created with it. EG_USAGE: a field is out of range, or the processor lacks the
 * instruction set. */
EG_API eg_status eg_context_new(eg_context **ctx, const eg_config *config, eg_error *error);
EG_API void eg_context_free(eg_context *ctx); /* accepts NULL */

/* Calls work(opaque, i) for i = 0 .. threads - 1, each on a thread of its own (one of them the
 * caller's) if the system provides as many, and returns when all calls have returned. For
 * processing several files at a time, each with a context of one thread. `threads` 0: one for each
 * processor. */
EG_API void eg_threads_run(int threads, void *opaque, void (*work)(void *opaque, int i));

/* Returns the largest number of bytes that the context has held at one time. */
EG_API size_t eg_memory_peak(const eg_context *ctx);

/* Returns the name of the instruction set in use: "baseline", "v3" or "v4". The string is static.
 */
EG_API const char *eg_cpu_name(const eg_context *ctx);

/* ---- 3. Grids -------------------------------------------------------------------------------- */

/* Sample type of a grid or of rows. */
typedef enum eg_sample {
    EG_BIT, /* edge masks: 64 pixels in a uint64_t, pixel x in bit x % 64; unused bits are 0 */
    EG_U8,
    EG_U16, /* native byte order */
    EG_F32,
    EG_F64, /* values of more than 24 bits, see eg_read_options.as_values */
    EG_RGB  /* red, green and blue of 8 bits, a byte each, pixel by pixel; only as output */
} eg_sample;

/* A grid of samples in memory. Row y starts at (char *)data + y * stride; `stride` is in bytes and
 * at least eg_row_bytes(sample, width). `white_level` is the intensity that corresponds to 255
 * where a threshold is given on the 0..255 scale: 255 for 8-bit samples, 65535 for 16-bit, 1 for
 * floats. */
typedef struct eg_grid {
    void *data;
    size_t width, height, stride;
    eg_sample sample;
    float white_level;
} eg_grid;

/* Returns the number of bytes of a row of `width` samples, without padding. */
EG_API size_t eg_row_bytes(eg_sample sample, size_t width);

/* Allocates an uninitialised grid of at least 1 x 1 samples, counted against the memory limit of
 * `ctx`. The caller owns it and frees it before the context. Errors: EG_BAD_INPUT (width or height
 * 0), EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
EG_API eg_status eg_grid_new(eg_grid *grid, eg_context *ctx, size_t width, size_t height,
                             eg_sample sample, eg_error *error);
EG_API void eg_grid_free(eg_grid *grid); /* accepts NULL and a zeroed grid, and zeroes it */

/* ---- 4. Georeferencing ----------------------------------------------------------------------- */

/* Kind of a coordinate reference system. */
typedef enum eg_crs {
    EG_CRS_UNKNOWN,     /* none is given, or it is not supported */
    EG_CRS_PROJECTED,   /* a map projection: ground units are lengths */
    EG_CRS_GEOGRAPHIC,  /* longitude and latitude in degrees */
    EG_CRS_WEB_MERCATOR /* EPSG:3857: lengths are too large by the factor sec(latitude) */
} eg_crs;

/* Origin of the unit of elevation. */
typedef enum eg_vertical_source {
    EG_VERTICAL_ASSUMED, /* no unit is given: metres are assumed */
    EG_VERTICAL_UNKNOWN, /* the unit that is given is not known: metres are assumed */
    EG_VERTICAL_SYSTEM,  /* the vertical coordinate system, by its code or its text */
    EG_VERTICAL_FILE,    /* a unit in the file: a GeoTIFF key, or GDAL's UNITTYPE */
    EG_VERTICAL_SIDECAR, /* UnitType in the .aux.xml sidecar file */
    EG_VERTICAL_FORMAT   /* the definition of the format or encoding */
} eg_vertical_source;

/* Georeferencing of a raster, from its file or sidecar files. */
typedef struct eg_georef {
    bool located; /* true if the transform is known */
    /* Affine transform, as in GDAL. The upper left corner of the cell in column c and row r,
     * counted from 0, has the coordinates
     *     x = transform[0] + c transform[1] + r transform[2]
     *     y = transform[3] + c transform[4] + r transform[5]
     * transform[5] is negative if north is up; [2] and [4] are 0 unless the raster is rotated.
     */
    double transform[6];
    eg_crs crs;
    double unit;          /* metres in a ground unit; geographic: degrees in a unit (1) */
    double vertical_unit; /* metres in a unit of elevation; 0: unknown */
    eg_vertical_source vertical_source;
    /* name of the source of the vertical unit, such as "EPSG:6360" or "UNITTYPE";
     * EG_VERTICAL_UNKNOWN: name of the unit, shortened if necessary */
    char vertical_origin[32];
    double semi_major;         /* semi-major axis of the ellipsoid in metres; 0: unknown */
    double inverse_flattening; /* inverse flattening of the ellipsoid; 0: a sphere */
    bool has_nodata;
    double nodata;                 /* value of missing cells, which are NaN in float rows */
    const struct eg_geotags *tags; /* tags of the file for the writer; may be NULL */
} eg_georef;

/* Writes the coordinate reference system as WKT or as "EPSG:32619" to `out`, truncated to `size`
 * bytes, and returns its full length, as snprintf() does; 0 if it is unknown. */
EG_API size_t eg_georef_system(const eg_georef *georef, char *out, size_t size);

/* Sets kind, units and ellipsoid of the coordinate system from a text as in a .prj file: WKT, or
 * codes such as "EPSG:32632" and "EPSG:26910+6360". Leaves the rest, such as the transform.
 * EG_BAD_INPUT: the text is not understood, and nothing is set. EG_UNSUPPORTED: a code is not in
 * the table of coordinate systems, or cells have no size in the system; what is not known of the
 * units is taken as degrees or metres. */
EG_API eg_status eg_georef_set_system(eg_georef *georef, const char *text, eg_error *error);

/* Finds the position of the raster `other` in the cell grid of the raster `georef`: its upper left
 * cell lies in column *column and row *row, which are negative left of and above the first cell.
 * Returns false unless both are located and not rotated, their coordinate systems, units and
 * ellipsoids are equal, their cell sizes differ by no more than 1e-6, and their cells coincide up
 * to 1/100 of a cell. Longitudes are compared as they are: 180 is not -180. */
EG_API bool eg_georef_position(const eg_georef *georef, const eg_georef *other, ptrdiff_t *column,
                               ptrdiff_t *row);

/* ---- 5. Sources: reading rows ---------------------------------------------------------------- */

/* Treatment of an alpha channel. */
typedef enum eg_alpha {
    EG_ALPHA_IGNORE, /* uses the stored colours, as cv::imread does */
    EG_ALPHA_OVER,   /* composites over the background eg_read_options.over */
    /* Pixels with alpha 0 are missing, all others have the stored colours. Rows are EG_F32, missing
     * samples NaN, if the file has an alpha channel. */
    EG_ALPHA_MASK
} eg_alpha;

/* Encoding of elevations in the colours of an image. */
typedef enum eg_encoding {
    EG_ENCODING_NONE,
    EG_ENCODING_TERRARIUM, /* metres = 256 R + G + B / 256 - 32768 */
    EG_ENCODING_MAPBOX,    /* metres = (65536 R + 256 G + B) / 10 - 10000 */
    EG_ENCODING_GREY       /* only to read: the grey of an image is its elevation, in any unit */
} eg_encoding;

/* Options of eg_source_open() and eg_load(). */
typedef struct eg_read_options {
    eg_alpha alpha;
    uint8_t over[3];         /* background of EG_ALPHA_OVER: red, green, blue */
    bool ignore_orientation; /* keeps the stored row order, ignoring the EXIF orientation */
    bool tolerate;           /* reads what can be read of a damaged file */
    double white_level;      /* eg_grid.white_level of the source; 0: the format's */
    /* Reads samples as values in a unit of their own, such as elevations, not as intensities: the
     * stored numbers as EG_F32, or EG_F64 if the stored type or a scale and offset need it, missing
     * cells NaN. Plain 8-bit samples may stay EG_U8. Of colours it reads the grey, and of a palette
     * the indices, with a warning, and eg_terrain() refuses them, unless `encoding` is given. */
    bool as_values;
    /* With as_values, keeps the stored values: ignores the scale and offset of a file's metadata.
     */
    bool ignore_scale;
    /* Decodes elevations in metres from 8-bit RGB colours in PNG and TIFF: EG_F32 (EG_F64 for
     * EG_ENCODING_MAPBOX with as_values), missing cells NaN. EG_ENCODING_GREY: with as_values,
     * every image is read without a warning, also colours and JPEG. */
    eg_encoding encoding;
    /* Page of a file of several images, counted from 1: a directory of a TIFF, one of the PNM
     * images joined in a file, an image of an MPO (JPEG). 0: the first one that is not marked as a
     * reduced-resolution copy or a mask. */
    int page;
    /* Path of an image of the same size whose pixels that are 0, or missing, mark missing pixels,
     * which are NaN in rows of EG_F32 (EG_F64 if the rows were that). NULL: none. */
    const char *mask;
    /* Reads colour images as three planes, red, green and blue, instead of one of grey; see
     * eg_info.planes. Grey images, values and decoded elevations stay one plane. Only eg_edges()
     * and eg_gradient() accept three. */
    bool colour_planes;
    /* With as_values: the band to read of a raster of several, counted from 1, as values of their
     * own, also of colours. 0: the first band, and of colours the grey. */
    int band;
} eg_read_options;

/* Description of a source: of its rows, and of the stored image. */
typedef struct eg_info {
    size_t width, height; /* size of the rows, after applying the orientation */
    eg_sample sample;     /* EG_U8 or EG_F32; with eg_read_options.as_values also EG_F64 */
    float white_level;
    int planes;         /* of a row: 1, or 3, red, green and blue, stride / 3 bytes apart; 0 is 1 */
    const char *format; /* "PNG", "JPEG" ... */
    const char *colour; /* stored colours: "grey", "grey+alpha", "RGB", "RGBA", "palette" ... */
    int channels, depth; /* number of stored channels; bits of each */
    int orientation;     /* EXIF orientation, 1..8 */
    bool interlaced;     /* Adam7 PNG, or JPEG of several scans: needs memory for the whole image */
    bool has_alpha;
    size_t stored_width, stored_height;
    int page; /* page of the file that is read, from 1; 0: the source is no file */
} eg_info;

/* Kind of a page. All but EG_PAGE_IMAGE accompany an image of the file. */
typedef enum eg_page_kind {
    EG_PAGE_IMAGE,
    EG_PAGE_REDUCED,  /* a reduced-resolution copy: thumbnail, overview */
    EG_PAGE_MASK,     /* a transparency mask */
    EG_PAGE_AUXILIARY /* another image that is not for display: gain map, depth map */
} eg_page_kind;

/* A page of a file. */
typedef struct eg_page {
    size_t width, height; /* size as stored; 0: unknown */
    eg_page_kind kind;
} eg_page;

/* A source of rows, top to bottom. */
typedef struct eg_source eg_source;

/* Callback that fills (eg_source_pull()) or consumes (eg_sink_push()) the next rows->height rows;
 * rows has their address, stride, width and sample type. Any status but EG_OK ends the operation.
 */
typedef eg_status eg_rows_callback(void *opaque, const eg_grid *rows, eg_error *error);

/* Sets the default options: alpha ignored, white background, everything else off or 0. */
EG_API void eg_read_default(eg_read_options *options);

/* Returns true if the extension of `path`, before ".gz" or ".zip" if it ends so, is that of an
 * image or raster that can be read, without opening the file. */
EG_API bool eg_source_recognizes(const char *path);

/* Opens the file `path`, or standard input if it is "-", and reads its header. The format is
 * recognised by content; by extension only for formats without a signature (.hgt, .bil ...). Files
 * compressed with gzip, and zip archives of one file or with one .hgt file, are decompressed as
 * they are read, and their checksum is verified by eg_source_finish(). A library built with GDAL
 * opens other formats with GDAL, from regular files only and never from a network. Georeferencing
 * that the file lacks is read from its sidecar files: first from NAME.EXT.aux.xml (also nodata,
 * unit, scale and offset of band 1), then from NAME.prj and a world file. If the file has a mask,
 * or one in a file beside it (its name and ".msk"), the samples are floats, NaN where the mask is
 * 0. `options` NULL means the defaults; `path` is copied. On success the caller owns *source.
 * Errors: EG_USAGE (options out of range, a page or an encoding that the file does not have),
 * EG_FILE, EG_BAD_INPUT (also an options->mask of another size), EG_UNSUPPORTED, EG_LIMIT_EXCEEDED,
 * EG_NO_MEMORY. */
EG_API eg_status eg_source_open(eg_source **source, eg_context *ctx, const char *path,
                                const eg_read_options *options, eg_error *error);

/* Creates a source of the rows of `grid`, which stays the caller's and must outlive the source.
 * Operations read EG_U16 as floats, row by row, and so do those on intensities (gradient maps,
 * edges, lines) with EG_F64: eg_source_info() then says EG_F32. Others compute with the doubles
 * themselves. EG_BIT and EG_RGB can only be written, with eg_save(). */
EG_API eg_status eg_source_grid(eg_source **source, eg_context *ctx, const eg_grid *grid,
                                eg_error *error);

/* Creates a source of the colours whose red, green and blue are the grids `planes`, of equal size
 * and sample type, EG_U8, EG_U16, EG_F32 or EG_F64. A pixel that is NaN in one is missing in all.
 * The grids stay the caller's and must outlive the source, whose white level is that of the first.
 * EG_USAGE: the grids differ, or have another sample type. */
EG_API eg_status eg_source_grid_planes(eg_source **source, eg_context *ctx, const eg_grid planes[3],
                                       eg_error *error);

/* Creates a source whose rows are produced by `pull`, top to bottom. `shape` gives the size, sample
 * type and white level; its data pointer is ignored. */
EG_API eg_status eg_source_pull(eg_source **source, eg_context *ctx, const eg_grid *shape,
                                eg_rows_callback *pull, void *opaque, eg_error *error);

/* Creates likewise a source of colours, of the sample types of eg_source_grid_planes(). Each row
 * that `pull` fills has three planes: red, green and blue of row i begin at data + i * stride,
 * stride / 3 bytes apart. A pixel that is NaN in one is missing in all. EG_USAGE: another sample
 * type. */
EG_API eg_status eg_source_pull_planes(eg_source **source, eg_context *ctx, const eg_grid *shape,
                                       eg_rows_callback *pull, void *opaque, eg_error *error);

/* Returns the description of the source, or of its window (eg_source_rows()). Owned by the source.
 */
EG_API const eg_info *eg_source_info(const eg_source *source);

/* Returns the georeferencing of the source, or of its window; NULL if there is none. Owned by the
 * source. */
EG_API const eg_georef *eg_source_georef(const eg_source *source);

/* Sets the georeferencing of a source that has none, such as a grid. `georef` is copied; its tags,
 * which may be NULL, must outlive the source. Called before the first row is read and before
 * eg_source_rows(). EG_USAGE: the source has georeferencing, or it is too late. */
EG_API eg_status eg_source_set_georef(eg_source *source, const eg_georef *georef, eg_error *error);

/* Returns page number `index` (from 0) of the file, or NULL past the last. A file of one page has
 * no list of pages, nor has a PNM in a pipe, whose other images are not known. Owned by the source.
 */
EG_API const eg_page *eg_source_page(const eg_source *source, size_t index);

/* Returns warning number `index` about the file, or NULL past the last: one line without the file's
 * name, such as "the EXIF orientation comes after the image data and is ignored". Complete after
 * the operation. Owned by the source. */
EG_API const char *eg_source_warning(const eg_source *source, size_t index);

/* Restricts the source to a window of rows, first .. first + count - 1 (counted from 0), so that
 * several processes can share a raster. eg_source_info() and eg_source_georef() describe the
 * window, and operations compute exactly the rows that they would compute for the whole raster:
 * they also read the rows around the window that they need, and borders are those of the raster.
 * Rows before the window are skipped if the format allows it (regular files in TIFF, raw PNM, PFM,
 * raw samples, and GDAL's formats) and decoded otherwise (PNG, JPEG, plain PNM, text, pipes,
 * compressed files); rows after it are neither read nor checked. Called before the first row is
 * read and before a preview is attached. EG_USAGE: there are no such rows, or it is too late. */
EG_API eg_status eg_source_rows(eg_source *source, size_t first, size_t count, eg_error *error);

/* Supplies the cells around `source` from a neighbouring raster, so that terrain maps have values
 * up to the border of `source` and fit those of the neighbour without a seam. The upper left cell
 * of `neighbour` lies in column `column` and row `row` of the cell grid of `source`, see
 * eg_georef_position(): a raster of w columns on the left begins in column -w, or in column 1 - w
 * if both share a column. Rasters of any size and overlap are accepted, also several on one side
 * and diagonal ones. Of two that supply a cell the first counts, unless it lacks the cell. The
 * sides without a neighbour are borders, as without this function; other operations ignore
 * neighbours. Called before the first row of `source` is read. Both are opened with the same
 * options. Reads the rows of `neighbour` that it needs, once, so that `neighbour` can only be
 * closed afterwards. On failure `source` is unchanged. EG_USAGE: the neighbour does not adjoin the
 * raster, or a row has been read. Errors of reading the neighbour are passed on. */
EG_API eg_status eg_source_add_neighbour(eg_source *source, eg_source *neighbour, ptrdiff_t column,
                                         ptrdiff_t row, eg_error *error);

/* Reads the next `count` rows, top to bottom, into rows `stride` bytes apart. Of a source with
 * three planes, plane k of row i begins at rows + i * stride + k * (stride / 3). EG_USAGE: fewer
 * rows are left, or the planes do not fit the stride. */
EG_API eg_status eg_source_read(eg_source *source, void *rows, size_t stride, size_t count,
                                eg_error *error);

/* Creates a source that delivers once more the rows that an operation reads from `source`, which it
 * keeps in memory: for inputs that cannot be opened twice, such as pipes. Called before the first
 * row is read. *record is read after the operation, and closed before `source`, whose
 * georeferencing it shares. EG_USAGE: a row has been read, or the source has a window.
 * EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
EG_API eg_status eg_source_record(eg_source **record, eg_source *source, eg_error *error);

/* Called after the last row: checks the rest of the file. */
EG_API eg_status eg_source_finish(eg_source *source, eg_error *error);
EG_API void eg_source_close(eg_source *source); /* accepts NULL */

/* Reads a file into a new grid, which the caller owns. Errors are those of eg_source_open(), and
 * EG_USAGE if it would have three planes (options->colour_planes). */
EG_API eg_status eg_load(eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_read_options *options, eg_error *error);

/* ---- 6. Sinks: writing rows ------------------------------------------------------------------ */

/* Compression method of TIFF. */
typedef enum eg_compress {
    EG_COMPRESS_DEFLATE,
    EG_COMPRESS_NONE,
    EG_COMPRESS_LZW,
    EG_COMPRESS_ZSTD
} eg_compress;

/* Options of eg_sink_open() and eg_save(). */
typedef struct eg_write_options {
    const char *format; /* "png", "pgm" ...; NULL: from the extension of the path */
    int quality;        /* JPEG: 1..100 */
    int compression; /* PNG and TIFF: level, 0 (none) .. 9 (smallest); -1: chosen by kind of map */
    eg_compress compress; /* TIFF: compression method */
    int predictor; /* TIFF: 1 (none), 2 (differences), 3 (floats); 0: best for the sample type */
    int tile;      /* TIFF: side of a tile, a multiple of 16; 0: 256; -1: strips */
    eg_encoding encoding;       /* PNG: encodes elevations in 8-bit colours; not EG_ENCODING_GREY */
    bool no_sidecars;           /* writes no sidecar files; see eg_sink_open() */
    struct eg_outputs *outputs; /* set that the file joins, see eg_outputs_new(); NULL: none */
} eg_write_options;

/* A sink of rows, top to bottom. */
typedef struct eg_sink eg_sink;

/* Sets the default options: format from the extension, JPEG quality 90, compression -1, the rest 0.
 */
EG_API void eg_write_default(eg_write_options *options);

/* Returns true if options->format, or else the extension of `path`, is a format that can be
 * written. `options` may be NULL. */
EG_API bool eg_sink_recognizes(const char *path, const eg_write_options *options);

/* Opens an output file, or standard output if `path` is "-" (as PNG unless options->format is set).
 * A regular file is written under a temporary name and renamed to `path` when the operation has
 * succeeded; pipes and devices are written immediately. A sink that is closed without success
 * leaves an existing file unchanged.
 * Georeferencing that the format cannot store is written to sidecar files, which appear together
 * with the file or not at all: a world file and .aux.xml for PNG and JPEG, .prj for ASCII grids.
 * Pipes, devices and standard output have none. The sidecar files of an input are never replaced.
 * `options` NULL means the defaults; `path` is copied. On success the caller owns *sink. Errors:
 * EG_USAGE (unknown format, options out of range), EG_FILE, EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
EG_API eg_status eg_sink_open(eg_sink **sink, eg_context *ctx, const char *path,
                              const eg_write_options *options, eg_error *error);

/* Creates a sink that stores rows in *grid. A zeroed grid is allocated when the operation begins;
 * the caller owns it from then on, also on failure, and frees it with eg_grid_free(). A grid with
 * `data` is memory of the caller: its size and sample type must be those of the result (EG_USAGE),
 * it must be aligned to its samples and must not overlap the source's, and only its white_level is
 * set; it is released as it was allocated. After a failure the content is undefined. All
 * sample types are accepted; EG_BIT is converted to EG_U8, 0 or 255. */
EG_API eg_status eg_sink_grid(eg_sink **sink, eg_context *ctx, eg_grid *grid, eg_error *error);

/* Creates a sink that passes rows to `push`, in order; the callback must not change them. `samples`
 * has bit 1 << eg_sample set for each sample type that it accepts. */
EG_API eg_status eg_sink_push(eg_sink **sink, eg_context *ctx, unsigned samples,
                              eg_rows_callback *push, void *opaque, eg_error *error);

/* Scale of the samples of a map: value = (sample - offset) / scale, in `unit`. Integer maps
 * that wrap around, directions, are so up to whole turns. The strings are static. */
typedef struct eg_map_scale {
    const char *map;      /* name of the quantity: "magnitude", "boundary strength" ... */
    const char *unit;     /* "levels per pixel", "degrees" ... */
    double scale, offset; /* floats: 1 and 0 */
} eg_map_scale;

/* Gets the scale of the map that a gradient operation has sent or sends to the sink; returns false
 * if it has no map. PNG (text chunk Description), TIFF (ImageDescription; SCALE and OFFSET of
 * GDAL), JPEG, PGM, PPM and PAM (comments) keep it as well. */
EG_API bool eg_sink_map_scale(const eg_sink *sink, eg_map_scale *scale);

/* Returns the sample types that the sink accepts, bit 1 << eg_sample each. */
EG_API unsigned eg_sink_samples(const eg_sink *sink);

/* Announces that the next operation, on the first window of `source` (eg_source_rows()), writes
 * only the first rows of the sink's image, whose height is that of the whole raster. The other rows
 * follow with eg_sink_append(). `source` must stay open until then. EG_USAGE: its window does not
 * begin at row 0. */
EG_API eg_status eg_sink_set_total_rows(eg_sink *sink, const eg_source *source, eg_error *error);

/* Appends all rows of `source`, unchanged; the last rows complete the sink. EG_USAGE: another width
 * or sample type, or too many rows. */
EG_API eg_status eg_sink_append(eg_sink *sink, eg_source *source, eg_error *error);

/* Separates writing a file from renaming it: the operation completes the file, and
 * eg_sink_commit() renames it to its path. Called before the operation. Has no effect on pipes,
 * devices and other sinks. eg_outputs makes several files appear together. */
EG_API void eg_sink_defer_commit(eg_sink *sink);
EG_API eg_status eg_sink_commit(eg_sink *sink, eg_error *error);
EG_API void eg_sink_close(eg_sink *sink); /* accepts NULL */

/* Writes a grid to a file. Errors are those of eg_sink_open(), and EG_USAGE if the format cannot
 * store the sample type. */
EG_API eg_status eg_save(const eg_grid *grid, eg_context *ctx, const char *path,
                         const eg_write_options *options, eg_error *error);

/* ---- 7. Previews: thumbnails ----------------------------------------------------------------- */

/* A thumbnail of the rows that pass a source or a sink during an operation, computed without
 * reading anything twice: a grey image of averages over boxes of pixels. Edge masks are drawn so
 * that thin lines stay visible. Floats of a source are shown from 0 to its white level if all lie
 * in that range, other floats from minimum to maximum; boxes without data are grey. The result does
 * not depend on the number of threads. */
typedef struct eg_preview eg_preview;

/* Attaches a preview to a source or sink. Called before the operation, once for each. The longer
 * side of the thumbnail is `side` pixels; smaller images are not enlarged. The caller owns *preview
 * and frees it before the context, but before or after the source or sink. EG_USAGE: `side` is 0,
 * rows have already been read, or there is a preview already. */
EG_API eg_status eg_preview_of_source(eg_preview **preview, eg_source *source, size_t side,
                                      eg_error *error);
EG_API eg_status eg_preview_of_sink(eg_preview **preview, eg_sink *sink, size_t side,
                                    eg_error *error);
EG_API void eg_preview_free(eg_preview *preview); /* accepts NULL */

/* Returns the thumbnail in *grid as EG_U8, owned by the preview. EG_USAGE: not all rows have been
 * processed. */
EG_API eg_status eg_preview_grid(eg_preview *preview, eg_grid *grid, eg_error *error);

/* Returns the thumbnail as a JPEG of the given quality (1..100), owned by the preview and valid
 * until the next call. EG_USAGE: not all rows have been processed, or the quality is out of range.
 */
EG_API eg_status eg_preview_jpeg(eg_preview *preview, int quality, const void **bytes, size_t *size,
                                 eg_error *error);

/* ---- 8. Output files ------------------------------------------------------------------------- */

/* An output file for the caller's own bytes. As with sinks, a regular file appears under its path
 * when it is committed, complete, or not at all; "-" is standard output. */
typedef struct eg_file eg_file;

/* Creates a file. On success the caller owns *file. Errors: EG_FILE, EG_LIMIT_EXCEEDED,
 * EG_NO_MEMORY. */
EG_API eg_status eg_file_create(eg_file **file, eg_context *ctx, const char *path, eg_error *error);
EG_API eg_status eg_file_write(eg_file *file, const void *bytes, size_t size, eg_error *error);

/* Completes the file and renames it to its path. Nothing can be written afterwards. */
EG_API eg_status eg_file_commit(eg_file *file, eg_error *error);
EG_API void eg_file_close(eg_file *file); /* accepts NULL; discards an uncommitted file */

/* A set of outputs that appear together: all of them, or all old files stay. Sinks and files join
 * it before their operation or first write, and are complete when that has succeeded, or after
 * eg_file_commit(); then they can be closed, and eg_outputs_commit() makes them appear. Each file
 * is renamed at once, one after the other. If one of these steps fails, those before it are undone.
 * Only a process that is killed between two of them leaves new files beside old ones.
 * Outputs that are pipes or devices receive their last bytes after the files have appeared. */
typedef struct eg_outputs eg_outputs;

/* Creates an empty set. The caller owns *set, and closes it after the sinks and files that joined
 * it, but before their contexts. */
EG_API eg_status eg_outputs_new(eg_outputs **set, eg_context *ctx, eg_error *error);

/* Adds a file to a set. (A sink joins the set eg_write_options.outputs, with its sidecar files.)
 * EG_USAGE: the file is complete, or the set was committed. */
EG_API eg_status eg_file_join(eg_file *file, eg_outputs *set, eg_error *error);

/* Returns the size in bytes of the complete files that joined, without their sidecar files, until
 * they are committed. */
EG_API uint64_t eg_outputs_bytes(const eg_outputs *set);

/* Makes the outputs appear. The first of these two does so on trial: unless eg_outputs_commit()
 * follows, which then cannot fail, eg_outputs_close() puts the old files back. After a failure of
 * either all old files are as before; the exceptions are an old file that cannot be put back, which
 * the message says, and a single output without trial whose folder cannot be moved to the disc
 * (eg_config.sync), which stays. EG_USAGE: an output that joined the set is not complete. EG_FILE,
 * EG_NO_MEMORY, EG_CANCELLED. */
EG_API eg_status eg_outputs_publish(eg_outputs *set, eg_error *error);
EG_API eg_status eg_outputs_commit(eg_outputs *set, eg_error *error);

/* Commits several sets, each of which succeeds or fails by itself with errors[i]; they are moved to
 * the disc together, which is faster than one by one. */
EG_API void eg_outputs_commit_group(eg_outputs *const sets[], size_t count, eg_error errors[]);
EG_API void eg_outputs_close(eg_outputs *set); /* accepts NULL; discards what was not committed */

/* Who wrote a file, as far as the file tells. */
typedef enum eg_origin {
    EG_ORIGIN_NONE,     /* nothing to lose: no file, an empty file, a pipe or a device */
    EG_ORIGIN_EDGEGRAD, /* written by edgegrad: the file says so */
    EG_ORIGIN_POSSIBLE, /* as edgegrad writes it, in a format that cannot name its writer */
    EG_ORIGIN_OTHER     /* not written by edgegrad, or it cannot be read */
} eg_origin;

/* Returns who wrote the file `path`, so that a program can refuse to replace files of others; sinks
 * and eg_file_commit() replace any file. PNG (text chunk Software), JPEG (comment), TIFF (tag
 * Software) and the plots in SVG (metadata) and PDF (comment) name edgegrad. PNM, PAM, PFM and
 * ASCII grids cannot: they are EG_ORIGIN_POSSIBLE if header, which says so of colours, and file
 * size are those of an output. Links of processes to open files, such as /dev/stdout, are
 * EG_ORIGIN_NONE. Reads a few kilobytes. Sets errno to 0, or with EG_ORIGIN_OTHER to the reason why
 * the file cannot be read. */
EG_API eg_origin eg_file_origin(const char *path);

/* Removes the temporary files that killed processes left in `folder`: regular files named
 * ".NAME.edgegrad-XXXXXX" that no process holds a lock on (flock(2)), so that those being written,
 * by any process, stay. An output removes those of its own path. Returns the number of files
 * removed. */
EG_API size_t eg_file_remove_stale(const char *folder);

/* ---- 9. CSV tables --------------------------------------------------------------------------- */

/* A table of numbers, from a CSV file or from memory. The first line of a file has the names of the
 * columns. The delimiter is the one of comma, semicolon and tab that is most frequent in the first
 * line, or that of a line "sep=;" before it, as spreadsheets write; "sep=|" is read, too. Quotes,
 * CR LF and a byte order mark are supported; the decimal separator is a point in every locale. */
typedef struct eg_table eg_table;

/* Reads a CSV file, or standard input if `path` is "-". On success the caller owns *table and frees
 * it before the context. EG_BAD_INPUT, with line and column in the message: a row has another
 * number of cells than the first line, a name is missing or occurs twice, or there are no rows. */
EG_API eg_status eg_table_read(eg_table **table, eg_context *ctx, const char *path,
                               eg_error *error);

/* Creates a table of the caller's values: columns[i][0] .. columns[i][rows - 1] in the column
 * names[i]. The values are not copied and must outlive the table; the names are copied. On success
 * the caller owns *table and frees it before the context. EG_USAGE: there are no columns or rows,
 * or a name is empty or occurs twice. */
EG_API eg_status eg_table_new(eg_table **table, eg_context *ctx, const char *const names[],
                              const double *const columns[], size_t count, size_t rows,
                              eg_error *error);
EG_API void eg_table_free(eg_table *table);         /* accepts NULL */
EG_API size_t eg_table_rows(const eg_table *table); /* number of rows below the names */

/* Returns the name of a column, counted from 0; NULL past the last. Owned by the table. */
EG_API const char *eg_table_name(const eg_table *table, size_t column);

/* Sets *values to the values of a column, one a row, owned by the table or by the caller of
 * eg_table_new(). EG_BAD_INPUT: the column has a cell that is not a finite number; the message
 * names the first. Other columns may contain text. */
EG_API eg_status eg_table_column(const eg_table *table, size_t column, const double **values,
                                 eg_error *error);

/* ---- 10. Gradient maps ----------------------------------------------------------------------- */

typedef enum eg_border {
    EG_BORDER_REPLICATE, /* aaa|abcd|ddd */
    EG_BORDER_REFLECT,   /* dcb|abcd|cba, without repeating the border sample (reflect-101) */
    EG_BORDER_CONSTANT   /* vvv|abcd|vvv */
} eg_border;

typedef enum eg_norm {
    EG_NORM_L2, /* sqrt(gx^2 + gy^2) */
    EG_NORM_L1  /* |gx| + |gy| */
} eg_norm;

typedef enum eg_gradient_map {
    EG_MAP_MAGNITUDE, /* levels per pixel, 0 or more */
    EG_MAP_X,         /* d/dx, levels per pixel, positive if brightness increases to the right */
    EG_MAP_Y,         /* d/dy, levels per pixel, positive if brightness increases downwards */
    EG_MAP_DIRECTION, /* of the gradient, degrees [0, 360): 0 right, 90 down; 0 if flat */
    /* The maps from here on are those of the intensity of one plane and have no operator. L is the
     * image smoothed by a Gaussian of sigma, and its derivatives are Gaussian derivatives. A second
     * derivative is negative where the image is brighter than around, in levels per pixel squared.
     */
    EG_MAP_LAPLACIAN, /* the sum of the second differences 1 -2 1 of L along x and y */
    EG_MAP_LOG,       /* Laplacian of Gaussian, Lxx + Lyy (Marr and Hildreth 1980) */
    /* Difference of Gaussians, L smoothed by dog_ratio sigma minus L, in levels: the sign of
     * EG_MAP_LOG */
    EG_MAP_DOG,
    EG_MAP_HESSIAN_DET, /* Lxx Lyy - Lxy^2, levels^2 / pixel^4: positive in blobs, else saddles */
    EG_MAP_HESSIAN_MAX, /* larger eigenvalue of the Hessian: positive across dark lines */
    EG_MAP_HESSIAN_MIN, /* smaller eigenvalue of the Hessian: negative across bright lines */
    /* Coherence of the structure tensor, the Gaussian average of the products of Lx and Ly over
     * integration_sigma: ((l1 - l2) / (l1 + l2))^2 of its eigenvalues (Weickert 1999). 0: no
     * direction prevails, 1: all gradients are parallel; 0 if all are 0. */
    EG_MAP_COHERENCE
} eg_gradient_map;

/* Colours of a map. */
typedef enum eg_colourize {
    EG_COLOURIZE_NONE,
    /* EG_RGB: the hue is the direction of the gradient (0 degrees, right, red; 60 yellow; 120
     * green; 180, left, cyan; 240 blue; 300 magenta; 90 is down), the brightness is the magnitude
     * times `scale`, saturated at 255, and colours are pure: HSV with S = 1. The operator
     * "gaussian", whose gradient has no sign, has twice the direction as hue: 0 red, 45 degrees
     * yellow-green, 90 cyan, 135 violet. Missing and flat pixels are black. For EG_MAP_MAGNITUDE
     * with depth 0 or 8. */
    EG_COLOURIZE_DIRECTION
} eg_colourize;

typedef struct eg_gradient_options {
    /* Operator name: "sobel3", "scharr" ...; see eg_operator_name(). Of a source with three planes
     * (eg_read_options.colour_planes) each pixel takes the one with the largest magnitude in
     * `norm`, for all maps; if there are several, the first of blue, green and red. Or "gaussian":
     * Gaussian derivatives of the square root of intensity, of three planes of the opponent
     * channels, joined by Di Zenzo's tensor, as in eg_edges(). It has the maps magnitude, in levels
     * of the square root of intensity scaled to 0..255, per pixel, and direction, [0, 180) because
     * it has no sign. Or "gaussian-derivative": derivatives of a Gaussian of the intensity of one
     * plane, with all four maps; or "farid": likewise the five taps of Farid and Simoncelli (2004),
     * whose directions err least. No effect on the maps from EG_MAP_LAPLACIAN on. */
    const char *op;
    /* Standard deviation of the Gaussian blur, 0 .. 14 pixels; 0: none. "gaussian": that of the
     * Gaussian whose derivatives are taken, 0.5 .. 16 pixels; 0: 1. "gaussian-derivative" and the
     * maps from EG_MAP_LOG on: likewise, 0.3 .. 128 pixels; 0: 1 (the operator, EG_MAP_COHERENCE)
     * or 2 (the others). EG_MAP_LAPLACIAN and "farid": 0, no smoothing, or 0.3 .. 128. */
    double sigma;
    eg_border border;    /* "gaussian": not EG_BORDER_CONSTANT */
    double border_value; /* for EG_BORDER_CONSTANT, in stored intensity levels */
    eg_norm norm;        /* "gaussian": no effect */
    eg_gradient_map map;
    eg_colourize colourize;
    /* Bits per sample of the result: 8, 16 or 32 (float). 0: 32 if the sink accepts floats (PFM and
     * grids do), else 8. */
    int depth;
    /* Integer maps: output steps per unit, on the 8-bit scale. 0: the default of the map: magnitude
     * 2 (a step from black to white fills the range), x and y 1 around 128, direction 256/360;
     * around 128 also EG_MAP_LAPLACIAN 0.5 (sigma 0; else as EG_MAP_LOG), EG_MAP_LOG and the
     * eigenvalues 2 sigma^2 (a step fills the range), EG_MAP_DOG 4, EG_MAP_HESSIAN_DET sigma^4/4;
     * EG_MAP_COHERENCE 255. 16-bit maps have 257 (direction: 256) times as many steps. */
    double scale;
    /* EG_MAP_MAGNITUDE, other operators than "gaussian": 0 except at local maxima along the
     * gradient, compared with the magnitudes where the line along it leaves the pixel's neighbours,
     * interpolated linearly. Magnitudes that differ by less than 1/65536 count as equal; of two
     * equal ones the left or upper is kept. */
    bool thin;
    /* EG_MAP_LAPLACIAN, EG_MAP_LOG and EG_MAP_DOG: 255, or a bit if the sink accepts EG_BIT, where
     * the map changes its sign between two neighbours in a row or column, at the one with the
     * smaller absolute value (the left or upper of equal ones); 0 elsewhere. A 0 between opposite
     * signs counts as well. Has no depth (0 or 8) and no scale. */
    bool zero_crossings;
    /* Least difference between the two values of a zero crossing, in the unit of the map, per
     * pixel: larger values keep the zero crossings of stronger edges. 0: 4 % of the white level
     * times the middle weight of the map's second derivative, which is that of an ideal step of
     * this height. */
    double slope;
    double dog_ratio;         /* 1.1 .. 10; 0: 1.6. The wider sigma is at most 128 pixels. */
    double integration_sigma; /* EG_MAP_COHERENCE: 0.3 .. 128 pixels; 0: 2 sigma, at most 128 */
} eg_gradient_options;

/* Sets the defaults: Sobel 3x3, no blur, magnitude. */
EG_API void eg_gradient_default(eg_gradient_options *options);

/* Returns true if the values of a map have both signs: integer maps are centred on 128 then. */
EG_API bool eg_gradient_map_is_signed(eg_gradient_map map);

/* Returns the name of difference operator `index`, counted from 0; NULL past the last. */
EG_API const char *eg_operator_name(size_t index);
/* Returns its one-line description; NULL past the last. */
EG_API const char *eg_operator_help(size_t index);

/* Computes one gradient map of `source` into `sink`. Consumes both: close them afterwards.
 * Map values are responses of the operator, its weighted sums, divided by the response to a ramp of
 * one level per pixel. Samples that are NaN or infinite are missing: the blur leaves them out, a
 * missing neighbour equals the pixel, and missing pixels are NaN, or 0 in integer maps. If there is
 * no other sample, the source has a warning. EG_USAGE: options out of range, or a sink that cannot
 * hold the map. */
EG_API eg_status eg_gradient(eg_source *source, eg_sink *sink, const eg_gradient_options *options,
                             eg_error *error);

/* Computes `count` maps (1 to 16) in one pass, options[i] into sinks[i]. All must have the same
 * operator, sigma and border, and different sinks (EG_USAGE). Maps from EG_MAP_LAPLACIAN on share a
 * pass with each other and with the operator "gaussian-derivative". */
EG_API eg_status eg_gradient_maps(eg_source *source, eg_sink *const sinks[],
                                  const eg_gradient_options options[], size_t count,
                                  eg_error *error);

/* ---- 11. Edges ------------------------------------------------------------------------------- */

typedef enum eg_edge_method {
    EG_EDGE_CANNY,     /* one pixel wide: non-maximum suppression and hysteresis */
    EG_EDGE_THRESHOLD, /* all pixels with a magnitude above `high`, without thinning */
    /* Boundaries between regions that differ in colour, contrast or texture; one pixel wide. Takes
     * the operator "gaussian". */
    EG_EDGE_BOUNDARY,
    /* Curvilinear lines, one pixel wide, at their middle: pixels through which passes, to second
     * order, the zero of the first derivative across the line (Steger 1998), with hysteresis on the
     * second derivative across it. Takes one plane of intensity and no operator. */
    EG_EDGE_RIDGE
} eg_edge_method;

/* Lines of EG_EDGE_RIDGE. */
typedef enum eg_ridges {
    EG_RIDGES_BOTH,
    EG_RIDGES_BRIGHT, /* brighter than both sides */
    EG_RIDGES_DARK    /* darker than both sides */
} eg_ridges;

/* Rule of automatic thresholds. Multiplying all intensities by a factor changes no edge. */
typedef enum eg_auto_rule {
    /* Between the texture, measured by the median magnitude of all pixels, and the strongest edges;
     * low = 0.6 high, of EG_EDGE_BOUNDARY 0.7 high. Other operators than "gaussian" take
     * EG_AUTO_OTSU instead. */
    EG_AUTO_OUTLINE,
    EG_AUTO_OTSU, /* Otsu's split of the local maxima; low = 0.5 high */
    /* low 2/3, high 4/3 of the median magnitude of the local maxima; operator "gaussian" only */
    EG_AUTO_MEDIAN
} eg_auto_rule;

/* Unit of eg_edges_options.low and .high. Intensities are on the 0..255 scale for input of any
 * depth. */
typedef enum eg_threshold_unit {
    /* Weighted sum of the operator, as in cv::Canny: for Sobel 3x3, 8 per level per pixel. Not for
     * the operator "gaussian". EG_EDGE_RIDGE: the same as EG_UNIT_PIXEL. */
    EG_UNIT_RESPONSE,
    /* EG_EDGE_RIDGE: intensity levels per pixel squared, of the second derivative across the line.
     * Intensity levels per pixel, comparable between operators. "gaussian": levels of the square
     * root of intensity, scaled to 0..255. */
    EG_UNIT_PIXEL,
    /* Operator "gaussian" only: levels over the distance sigma, sigma times EG_UNIT_PIXEL, which
     * compares images of different sizes. The same as EG_UNIT_PIXEL for EG_EDGE_BOUNDARY. */
    EG_UNIT_SIGMA,
    /* Percentile, 0..100: the magnitude that so many percent of the pixels do not exceed. Operator
     * "gaussian" and EG_EDGE_RIDGE only; exact to 0.4 percent of the magnitude. */
    EG_UNIT_PERCENT
} eg_threshold_unit;

/* Neighbours that non-maximum suppression compares a pixel with. */
typedef enum eg_nms {
    EG_NMS_AUTO, /* interpolated for the operator "gaussian", else sectors */
    /* The two points where the line along the gradient leaves the pixel's neighbours, interpolated
     * linearly between an axial and a diagonal one. L1 magnitudes of 8-bit samples are compared
     * exactly, others in 32-bit floats. */
    EG_NMS_INTERPOLATED,
    EG_NMS_SECTORS /* the nearest pixels in the nearest of four directions, as cv::Canny */
} eg_nms;

/* Contents of the image that eg_edges() writes. */
typedef enum eg_edge_paint {
    EG_PAINT_MASK,    /* white edges on black: EG_BIT if the sink accepts that, else EG_U8 */
    EG_PAINT_OVERLAY, /* edges in `colour` over the image, in 8 bits: EG_RGB */
    /* Edges in the colours of EG_COLOURIZE_DIRECTION on black: EG_RGB. The gradient is that of the
     * operator and sigma of the edges, of at most 16 pixels. Brightness 255 is twice the high
     * threshold, of EG_EDGE_BOUNDARY a quarter of it. */
    EG_PAINT_DIRECTION
} eg_edge_paint;

/* How eg_edges() draws edges. By default white, thin edges on black. Counts of edge pixels are
 * always those of thin edges. */
typedef struct eg_edge_style {
    eg_edge_paint paint;
    /* EG_PAINT_MASK: black edges on white; missing pixels, which are no edges, white */
    bool invert;
    /* Diameter of a disc that replaces each edge pixel, 1 .. 31 pixels; 0 is 1. Of an even one the
     * disc reaches one pixel further right and down. */
    int thickness;
    uint8_t colour[3]; /* EG_PAINT_OVERLAY: red, green, blue */
    /* Other paints than EG_PAINT_MASK: a second source of the same image, with the same window,
     * which is consumed: close it afterwards. EG_PAINT_OVERLAY: 16-bit samples and floats are
     * scaled so that their white level is 255, missing samples are black. */
    struct eg_source *image;
} eg_edge_style;

typedef struct eg_edges_options {
    eg_edge_style style;
    eg_edge_method method;
    /* "gaussian": Gaussian derivatives of the square root of intensity; of a source with three
     * planes (eg_read_options.colour_planes), of the opponent channels intensity, red-green and
     * blue-yellow, joined by Di Zenzo's tensor. Or an operator of eg_operator_name(), on
     * intensities; of three planes each pixel takes the one with the largest magnitude in `norm`,
     * as cv::Canny; if there are several, the first of blue, green and red. */
    const char *op;
    /* Standard deviation of the Gaussian in pixels. "gaussian": 0.5 up to the diagonal of the
     * image, at most 1024 (EG_EDGE_BOUNDARY: 796); other operators: 0 .. 14, 0: no blur. NaN:
     * chosen by the size of the image ("gaussian"), else 1.4. EG_EDGE_RIDGE: 0.5 .. 128, NaN: 2;
     * lines up to 2 sqrt(3) sigma pixels wide are found. */
    double sigma;
    double sigma_percent; /* more than 0: sigma in percent of the diagonal, instead of `sigma` */
    eg_border border;     /* "gaussian": not EG_BORDER_CONSTANT */
    double border_value;
    eg_norm norm; /* "gaussian": no effect */
    eg_nms nms;
    /* Thresholds; a reversed pair is swapped. Both NaN: automatic; one NaN: the low one is 0.6 of
     * the high one (EG_EDGE_BOUNDARY: 0.7), with other operators than "gaussian" 0.5.
     * EG_EDGE_THRESHOLD uses only `high`.
     */
    double low, high;
    eg_threshold_unit unit;
    eg_auto_rule rule;
    /* Not NaN: percent of the pixels to mark, instead of thresholds, as close as a threshold can
     * come. Operator "gaussian" only. */
    double density;
    eg_ridges ridges; /* EG_EDGE_RIDGE: which lines */
    /* Set by eg_edges_skimage(): computes in the formulas, the precision and the order of additions
     * of skimage.feature.canny instead. Needs the other options as set there, apart from sigma and
     * the thresholds. Pixels whose blur reaches a missing sample are no edges. */
    bool compat_skimage;
} eg_edges_options;

typedef struct eg_edges_result {
    double low, high; /* thresholds used, in EG_UNIT_PIXEL */
    /* thresholds used, as EG_UNIT_RESPONSE; NaN with the operator "gaussian" */
    double low_response, high_response;
    double sigma; /* in pixels */
    bool automatic;
    /* The thresholds are automatic, but there is no gradient to choose them from: no edges. A
     * warning of the source says why, such as "is constant: there are no edges". */
    bool flat;
    uint64_t edge_pixels;
} eg_edges_result;

/* Sets the defaults: Canny, Gaussian derivatives, sigma and thresholds chosen from the image. */
EG_API void eg_edges_default(eg_edges_options *options);

/* Sets the options with which eg_edges() reproduces cv::Canny(image, low, high) of OpenCV bit for
 * bit: Sobel 3x3 without blur, L1 norm, thresholds as responses. The source has one plane for an
 * image of one channel, three for one of three. */
EG_API void eg_edges_opencv(eg_edges_options *options, double low, double high);

/* Sets the options with which eg_edges() reproduces skimage.feature.canny(image, sigma, low, high,
 * mode="nearest") of scikit-image. `low` and `high` have the unit that skimage has for 8-bit
 * images: sums of its Sobel operator of intensities 0..255, for images of any depth. NaN: the
 * default of skimage, 25.5 and 51. Magnitudes are computed in 64-bit floats, in the order of scipy,
 * because skimage leaves it to rounding which of two equal neighbours is an edge; exp() and hypot()
 * of another C library can still decide otherwise. Takes some 25 times as long as Canny's own
 * arithmetic. skimage has no edges in colour: of three planes each pixel takes the one with the
 * largest magnitude. */
EG_API void eg_edges_skimage(eg_edges_options *options, double sigma, double low, double high);

/* Detects edges in `source` and writes them to `sink` as EG_BIT if it accepts that, else as EG_U8,
 * 0 or 255. For 8-bit input, sigma 0 and a Sobel operator the result equals cv::Canny bit for bit.
 * `result` may be NULL. Consumes source and sink: close them afterwards. Missing samples, as of
 * eg_gradient(), are no edges, and none follows the rim of a hole. options->style says how edges
 * are drawn. A pixel whose gradient is not finite is no edge; the source has a warning if its
 * samples are so large that gradients may overflow. Automatic thresholds take 1 byte (EG_U8), 2
 * bytes (EG_F32) or, with the operator "gaussian", 4 bytes for each local maximum. EG_USAGE:
 * options out of range, or a sink that accepts neither type. */
EG_API eg_status eg_edges(eg_source *source, eg_sink *sink, const eg_edges_options *options,
                          eg_edges_result *result, eg_error *error);

/* Options of eg_boundary_strength(). */
typedef struct eg_boundary_options {
    double sigma;         /* as in eg_edges_options; NaN: chosen by the size of the image */
    double sigma_percent; /* as in eg_edges_options */
    bool thin;            /* 0 except at local maxima across the boundaries */
    int depth;            /* as in eg_gradient_options */
    double scale;         /* integer maps: output steps per unit of 8 bits; 0: 1 */
} eg_boundary_options;

/* Sets the defaults: sigma chosen by the size, not thinned. */
EG_API void eg_boundary_default(eg_boundary_options *options);

/* Computes the strength of the boundaries that EG_EDGE_BOUNDARY finds, whose thresholds have the
 * same unit, as a map. Missing pixels are NaN in float maps, 0 in others. *sigma is set to the
 * sigma used, in pixels; may be NULL. Consumes source and sink as eg_gradient() does. EG_USAGE:
 * options out of range, or a sink that cannot hold the map. */
EG_API eg_status eg_boundary_strength(eg_source *source, eg_sink *sink,
                                      const eg_boundary_options *options, double *sigma,
                                      eg_error *error);

/* ---- 12. Edge histogram: thresholds for many images ------------------------------------------ */

/*
 * Histogram of gradient magnitudes of local maxima, from which automatic thresholds are chosen for
 * one image or for many. Counts are exact, so the thresholds do not depend on the order of the
 * images or on their distribution over threads and machines; for a single image, whole or in
 * blocks, they are those of eg_edges().
 *
 * Images of the same kind of samples (8-bit; or floats of the same white_level) share magnitude
 * bins, 4 % wide for 8-bit and 0.02 % for floats. Different kinds are merged on the 0..255 scale of
 * the thresholds. Magnitudes below half a level per pixel are ignored in 8-bit images, where
 * rounding causes them; those of floats if they are 16 octaves or more below the largest one of all
 * images. While an image of floats is added, it takes 2 bytes for each local maximum.
 *
 * A histogram may be used by one thread at a time. Histograms of different contexts may be merged.
 */
typedef struct eg_edge_histogram eg_edge_histogram;

/* Creates an empty histogram, freed by eg_edge_histogram_free(). */
EG_API eg_status eg_edge_histogram_new(eg_edge_histogram **histogram, eg_context *ctx,
                                       eg_error *error);
/* Frees a histogram; NULL is allowed. */
EG_API void eg_edge_histogram_free(eg_edge_histogram *histogram);

/* Adds the local maxima of `source`: the first pass of eg_edges() without storing edges. Consumes
 * the source. Ignores the thresholds of the options; operator, norm and method must equal those of
 * earlier images (EG_USAGE), sigma and border should. */
EG_API eg_status eg_edge_histogram_add(eg_edge_histogram *histogram, eg_source *source,
                                       const eg_edges_options *options, eg_error *error);

/* Adds the counts of `other`. EG_USAGE: it is of another operator, norm or method. */
EG_API eg_status eg_edge_histogram_merge(eg_edge_histogram *histogram,
                                         const eg_edge_histogram *other, eg_error *error);

/* Sets low, high and unit of `options` to the thresholds chosen from all images. EG_USAGE: the
 * histogram is empty. */
EG_API eg_status eg_edge_histogram_thresholds(const eg_edge_histogram *histogram,
                                              eg_edges_options *options, eg_error *error);

/* Counts the local maxima by magnitude: counts[i] is the number of those from bounds[i] to
 * bounds[i + 1] levels per pixel, i = 0 .. count - 1; a bin of the histogram belongs to the
 * interval of its least magnitude. `bounds` has count + 1 ascending numbers. Magnitudes of several
 * images are added up. */
EG_API void eg_edge_histogram_counts(const eg_edge_histogram *histogram, const double bounds[],
                                     uint64_t counts[], size_t count);

/* Serialise a histogram into eg_edge_histogram_size() bytes (16 for each bin that is not empty),
 * and add such bytes to another histogram, for exchange between processes on machines of the same
 * byte order. EG_USAGE: not a packed histogram. */
EG_API size_t eg_edge_histogram_size(const eg_edge_histogram *histogram);
EG_API void eg_edge_histogram_pack(const eg_edge_histogram *histogram, void *bytes);
EG_API eg_status eg_edge_histogram_unpack(eg_edge_histogram *histogram, const void *bytes,
                                          size_t size, eg_error *error);

/* ---- 13. Edges of one raster in row blocks --------------------------------------------------- */

/*
 * eg_edges() in steps, on some rows of a raster (see eg_source_rows()). The blocks of a raster, in
 * any number of processes, give exactly the edges of the whole raster and exchange little data:
 *
 *     eg_edges_block_new()        each block: first pass over its rows
 *     eg_edges_block_histogram()  automatic thresholds: sum the histograms of all blocks ...
 *     eg_edges_block_link()       ... and give each block the sum
 *     eg_edges_block_border()     send the first and last row of each block to its neighbours, ...
 *     eg_edges_block_propagate()  ... which grow edges from them; repeat until no block grew
 *     eg_edges_block_refine()     a density: give each block the number of edge pixels of all; if
 *                                 it has other thresholds then, continue with border()
 *     eg_edges_block_write()      write the rows of each block to a sink
 */
typedef struct eg_edges_block eg_edges_block;

/* Runs the first pass. Consumes `source`, which must stay open until the block is freed. */
EG_API eg_status eg_edges_block_new(eg_edges_block **block, eg_source *source,
                                    const eg_edges_options *options, eg_error *error);
/* Does the same and keeps the magnitudes of all local maxima, so that eg_edges_block_mark() can
 * mark the edges again and again; then eg_edges_block_link() needs the histogram also for
 * thresholds that are given. EG_USAGE as well: an operator other than "gaussian", unless the method
 * is EG_EDGE_RIDGE, or a density. */
EG_API eg_status eg_edges_block_new_adjustable(eg_edges_block **block, eg_source *source,
                                               const eg_edges_options *options, eg_error *error);
/* Frees a block; NULL is allowed. */
EG_API void eg_edges_block_free(eg_edges_block *block);

/* Adds the local maxima of the block to `histogram`; nothing if the thresholds are given. */
EG_API eg_status eg_edges_block_histogram(const eg_edges_block *block, eg_edge_histogram *histogram,
                                          eg_error *error);

/* Sets the thresholds and runs hysteresis inside the block, once. `sum` is the histogram of all
 * blocks and of nothing else (EG_USAGE); NULL if the thresholds are given. */
EG_API eg_status eg_edges_block_link(eg_edges_block *block, const eg_edge_histogram *sum,
                                     eg_error *error);

/* Marks the edges of an adjustable, linked block again, with other thresholds in EG_UNIT_PIXEL, in
 * any order (of EG_EDGE_RIDGE in levels per pixel squared): those that eg_edges() finds with them.
 * One that is NaN follows from the other, as in eg_edges_options. Takes much less time than the
 * first pass. Blocks of a raster then exchange their rows again. EG_USAGE: a block made by
 * eg_edges_block_new(), one that is not linked, or thresholds that are not 0 or more. */
EG_API eg_status eg_edges_block_mark(eg_edges_block *block, double low, double high,
                                     eg_error *error);

/* Copies the first and the last row of edges, as EG_BIT: eg_row_bytes(EG_BIT, width) bytes each.
 * Either may be NULL. */
EG_API eg_status eg_edges_block_border(const eg_edges_block *block, uint64_t *first, uint64_t *last,
                                       eg_error *error);

/* Grows edges from the rows `above` and `below` the block, NULL if there is none. *grew: the first
 * or last row of the block gained edges. The work is proportional to the growth. */
EG_API eg_status eg_edges_block_propagate(eg_edges_block *block, const uint64_t *above,
                                          const uint64_t *below, bool *grew, eg_error *error);

/* Returns the number of edge pixels in the block so far. */
EG_API uint64_t eg_edges_block_count(const eg_edges_block *block);

/* Receives the sum of the counts of all blocks. If the options have a density and the search for
 * its thresholds goes on, marks the edges again, with other thresholds, and sets *again. */
EG_API eg_status eg_edges_block_refine(eg_edges_block *block, uint64_t count, bool *again,
                                       eg_error *error);

/* Copies `count` rows of edges, `first` .. first + count - 1 of the block, as EG_BIT, one behind
 * the other. EG_USAGE: there are no such rows. */
EG_API eg_status eg_edges_block_rows(const eg_edges_block *block, size_t first, size_t count,
                                     uint64_t *rows, eg_error *error);

/* Supplies the edges just outside the block, which thick edges reach (style.thickness), as EG_BIT:
 * `above_count` rows above and `below_count` below, the nearest first; thickness / 2 of each are
 * enough. Called once the edges are complete; the rows stay the caller's until they are written. */
EG_API void eg_edges_block_surround(eg_edges_block *block, const uint64_t *above,
                                    size_t above_count, const uint64_t *below, size_t below_count);

/* Sets the style in which the edges of the block are written from now on, other than that of its
 * options. */
EG_API void eg_edges_block_style(eg_edges_block *block, const eg_edge_style *style);

/* Writes the rows of the block to `sink`. `result`, which may be NULL, counts the edges of this
 * block only. May be called again, with another sink and another style.image. */
EG_API eg_status eg_edges_block_write(eg_edges_block *block, eg_sink *sink, eg_edges_result *result,
                                      eg_error *error);

/* ---- 14. Terrain maps ------------------------------------------------------------------------ */

typedef enum eg_terrain_map {
    EG_TERRAIN_SLOPE,     /* see eg_slope_unit */
    EG_TERRAIN_ASPECT,    /* direction of steepest descent, degrees, see eg_aspect */
    EG_TERRAIN_HILLSHADE, /* 1 .. 255; 0: missing */
    EG_TERRAIN_TRI,       /* terrain ruggedness index, see eg_tri */
    /* Topographic position index: elevation minus mean of its 8 neighbours. */
    EG_TERRAIN_TPI,
    EG_TERRAIN_ROUGHNESS,            /* maximum minus minimum of the 9 cells */
    EG_TERRAIN_PROFILE_CURVATURE,    /* along the gradient, 1/m; positive if concave */
    EG_TERRAIN_TANGENTIAL_CURVATURE, /* along the contour, 1/m; positive if flow converges */
    /* Flow to the steepest of 8 neighbours: 1 E, 2 SE, 4 S ... 128 NE; 0: pit or flat; 255:
     * missing. */
    EG_TERRAIN_D8,
    EG_TERRAIN_DINF, /* D-infinity (Tarboton 1997): steepest of 8 facets, as EG_TERRAIN_ASPECT */
    EG_TERRAIN_SLOPE_ERROR, /* standard error of the slope, in its unit */
    /* Standard error of the aspect, degrees; missing from 90 degrees on. */
    EG_TERRAIN_ASPECT_ERROR
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
    EG_SHADING_COMBINED, /* incidence combined with the slope, as gdaldem -combined */
    /* Lights from 225, 270, 315 and 360 degrees, as gdaldem -multidirectional. */
    EG_SHADING_MULTIDIRECTIONAL,
    /* White where the ground is level or faces the light, darker the steeper it falls away from it,
     * as gdaldem -igor. `altitude` has no effect. */
    EG_SHADING_IGOR
} eg_shading;

typedef enum eg_tri {
    EG_TRI_RILEY, /* root of the sum of squared differences to the neighbours (Riley et al. 1999) */
    EG_TRI_WILSON /* mean absolute difference (Wilson et al. 2007) */
} eg_tri;

/* Options of one map of eg_terrain(). */
typedef struct eg_terrain_options {
    eg_terrain_map map;
    eg_slope_unit slope_unit;
    eg_aspect aspect;
    double flat; /* aspect and DINF of flat cells; NaN: `nodata` */
    /* Direction of the light: degrees clockwise from north, degrees above the horizon. */
    double azimuth, altitude;
    eg_shading shading;
    eg_tri tri;
    /* Slope, unless NaN: the map is 1 if the slope is at least this, else 0; 255: missing. */
    double threshold;
    double nodata; /* value of missing cells in float maps; may be NaN */
} eg_terrain_options;

typedef enum eg_derivative {
    EG_DERIVATIVE_HORN,              /* Horn 1981: 8 neighbours, weighted 1 2 1 */
    EG_DERIVATIVE_ZEVENBERGEN_THORNE /* 1987: the 4 nearest neighbours */
} eg_derivative;

typedef enum eg_dem_border {
    EG_DEM_BORDER_NODATA, /* cells without 8 valid neighbours are missing */
    /* Neighbours that are missing or outside the raster are linearly extrapolated, see
     * docs/TERRAIN.md; with compat_gdal, a missing one is as high as the centre. */
    EG_DEM_BORDER_EXTRAPOLATE
} eg_dem_border;

/* Ground model of eg_terrain(), shared by all maps of a pass. */
typedef struct eg_ground_options {
    eg_derivative derivative;
    eg_dem_border border;
    bool compat_gdal; /* formulas, scales and order of additions of gdaldem */
    eg_crs crs;       /* coordinate system of files that name none */
    /* Factor of the elevations; NaN: metres per vertical unit of the file, or 1. */
    double z_factor;
    double cell_x, cell_y; /* metres; 0: from the georeferencing */
    /* Elevation units per horizontal unit, everywhere. 0: from the georeferencing. */
    double scale;
    /* Standard error of the elevations, in their unit, for the error maps. Above 0 it also makes
     * the aspect missing wherever its error is 90 degrees or more. */
    double vertical_error;
} eg_ground_options;

/* Set the defaults: slope in degrees, light from 315 degrees at 45, nodata -9999; Horn, borders
 * missing. */
EG_API void eg_terrain_default(eg_terrain_options *options);
EG_API void eg_ground_default(eg_ground_options *options);

/* Computes `count` maps (1 to 16) of the elevations of `source`, opened with
 * eg_read_options.as_values, in one pass: options[i] into sinks[i]. `ground` NULL: the defaults.
 * For tiles of a mosaic see eg_source_add_neighbour(). Consumes source and sinks: close them
 * afterwards. Float maps are EG_F32; hillshade, D8 and thresholded slope are EG_U8. EG_USAGE:
 * options out of range, or an unknown cell size.
 * EG_BAD_INPUT: fewer than 3 x 3 cells, a rotated raster, an image without EG_ENCODING_GREY that
 * has colours or is a JPEG. A source without a valid cell gives maps without one, and a warning
 * unless it is part of a raster (see eg_source_rows()). */
EG_API eg_status eg_terrain(eg_source *source, eg_sink *const sinks[],
                            const eg_terrain_options options[], size_t count,
                            const eg_ground_options *ground, eg_error *error);

/* Returns true if eg_terrain(), eg_gradient() or eg_edges() read no valid cell, as in a tile of the
 * sea. That is not an error. */
EG_API bool eg_source_all_nodata(const eg_source *source);

/* ---- 15. Interpolation ----------------------------------------------------------------------- */

/* Computes value, gradient (x to the right, y down) and Hessian (row by row) of a grid at point[] =
 * column, row, the centre of the first sample being 0, 0. Interpolates by cubic convolution (Keys
 * 1981): exact for quadratics, and the slope at a sample is the central difference. Beyond the
 * border and beside NaN samples the surface is continued quadratically. Each result may be NULL,
 * and is NaN outside 0 <= x <= width - 1, 0 <= y <= height - 1 and where a sample that it needs is
 * NaN. EG_USAGE: the grid is empty, or of EG_BIT. */
EG_API eg_status eg_grid_interpolate(const eg_grid *grid, const double point[2], double *value,
                                     double gradient[2], double hessian[4], eg_error *error);

/* ---- 16. Flow paths -------------------------------------------------------------------------- */

/* Cell sizes of a raster in metres. */
typedef struct eg_ground eg_ground;

/* Derives the cell sizes from the source's georeferencing and the options (NULL: the defaults). The
 * source may be closed afterwards. On success the caller owns *ground. EG_USAGE: the cell size is
 * unknown, as for eg_terrain(). EG_BAD_INPUT: the raster is rotated. */
EG_API eg_status eg_ground_new(eg_ground **ground, const eg_source *source,
                               const eg_ground_options *options, eg_error *error);
EG_API void eg_ground_free(eg_ground *ground); /* accepts NULL */

/* Returns the metres between samples along a row (*x) and along a column (*y) at `row`, which may
 * be fractional (NaN: beyond a pole), and the metres in a unit of the heights (*z; negative:
 * depths). Each may be NULL. */
EG_API void eg_ground_at(const eg_ground *ground, double row, double *x, double *y, double *z);

/* Returns the EPSG code of the coordinate system; 0 if the file does not state one. */
EG_API unsigned eg_georef_epsg(const eg_georef *georef);

typedef struct eg_flow_path_point {
    size_t step;     /* 0: the start */
    double at[2];    /* column and row, as for eg_grid_interpolate() */
    double height;   /* in the raster's unit */
    double distance; /* length of the path so far: map metres; cells without an eg_ground */
    double slope; /* magnitude of the gradient: metres per metre; without an eg_ground height units
                     per cell */
} eg_flow_path_point;

typedef struct eg_flow_path_options {
    bool uphill;
    double stride;      /* longest step in cells, above 0.001 and at most 1 */
    size_t steps;       /* most steps */
    double seconds;     /* time limit; 0: none */
    double level_slope; /* slope up to which ground is level; 0: rounding error alone decides */
    /* Called at the start and after each step; may be NULL. */
    void (*on_point)(void *opaque, const eg_flow_path_point *point);
    void *opaque; /* passed to on_point() */
} eg_flow_path_options;

EG_API void eg_flow_path_default(eg_flow_path_options *options);

/* Reason for the end of a flow path. For uphill paths read "higher" as "lower" and vice versa. */
typedef enum eg_flow_path_end {
    EG_FLOW_PATH_PIT,     /* all ground around is higher */
    EG_FLOW_PATH_LEVEL,   /* no ground around is lower, but some is equally high */
    EG_FLOW_PATH_SADDLE,  /* the slope is 0, but some ground around is lower */
    EG_FLOW_PATH_EDGE,    /* the path leaves the raster */
    EG_FLOW_PATH_MISSING, /* the path leads to missing samples */
    EG_FLOW_PATH_STEPS,   /* step limit */
    EG_FLOW_PATH_TIME,    /* time limit */
    EG_FLOW_PATH_CANCELLED
} eg_flow_path_end;

/* Returns why a path ended: in a word for programs, "pit", "edge" ..., and in words for people, "at
 * a pit: all ground around is higher". The strings are static. */
EG_API const char *eg_flow_path_end_word(eg_flow_path_end end, bool uphill);
EG_API const char *eg_flow_path_end_reason(eg_flow_path_end end, bool uphill);

typedef struct eg_flow_path_result {
    eg_flow_path_end end;
    size_t steps, evaluations; /* evaluations of the surface */
    eg_flow_path_point first, last;
    /* pit, level, saddle: radius in cells of the ring examined around the end */
    double ring_radius;
} eg_flow_path_result;

/* Follows the path of steepest descent over the surface of eg_grid_interpolate() from start[] =
 * column, row. Heights along the path never rise (uphill: never fall). `ground` NULL: cells are
 * squares of side 1. Returns EG_OK wherever the path ends; result->end is the reason. EG_USAGE: an
 * option out of range, a grid smaller than 2 x 2, or a start without a height. */
EG_API eg_status eg_flow_path(eg_context *ctx, const eg_grid *grid, const eg_ground *ground,
                              const double start[2], const eg_flow_path_options *options,
                              eg_flow_path_result *result, eg_error *error);

/* ---- 17. Expressions ------------------------------------------------------------------------- */

/* A function of named variables, typed as text: "x^2*y + sin(2x)". Immutable: any number of threads
 * may use one at the same time. Its memory is accounted to the context it was parsed with, which
 * must outlive it. Arrays of coordinates and gradients have eg_expr_variables() elements. */
typedef struct eg_expr eg_expr;

/* A name that stands for a constant. `value` must be finite. `exact` is the constant as an
 * expression without variables, which proven numbers use; NULL: the double itself. It must live as
 * long as the options. */
typedef struct eg_binding {
    const char *name;
    double value;
    const eg_expr *exact;
} eg_binding;

/* Form of a text. An equation becomes left - right, the function that is 0 on it. The left side
 * of a definition is dropped; in f(x, y) = x^2 + y it names the variables in their order. */
typedef enum eg_expr_form {
    EG_FORM_EXPRESSION, /* an expression */
    EG_FORM_DEFINITION, /* or an equation, or a definition: f(x, y) = expression, or z = expression
                           with a name that the expression does not have */
    EG_FORM_EQUATION /* or an equation, of which z = expression is one, or f(x, y) = expression */
} eg_expr_form;

/* Names of an expression. Where a function takes a pointer to it, NULL means no bindings and the
 * default order of variables: x, y, z, t, then the others alphabetically. The strings are copied.
 */
typedef struct eg_expr_options {
    const char *const *names; /* the variables in their order; any other name in the text is an
                                 error. NULL: the names in the text, in the default order */
    size_t name_count;
    const eg_binding *bindings; /* named constants; NULL: none */
    size_t binding_count;
    eg_expr_form form; /* for eg_expr_parse() */
} eg_expr_options;

enum {
    EG_EXPR_VARIABLES = 64,    /* largest number of variables */
    EG_EXPR_DEPTH = 256,       /* deepest nesting of parentheses, signs and powers */
    EG_EXPR_LENGTH = 64 * 1024 /* longest text, in bytes */
};

/* A range of bytes in the text of an expression. */
typedef struct eg_expr_location {
    size_t offset, length;
} eg_expr_location;

/* Parses an expression; the caller frees it with eg_expr_free(). The text has numbers, pi, e, tau,
 * + - * / ^ (or **), parentheses of any kind, |x|, calls of functions (eg_expr_function()) and
 * comparisons, which are 1 or 0: < <= > >= == !=, weaker than + and -. Of a chain a < b < c all
 * must hold. if(c, x, y) is x where c is not 0, else y; the other one may have no value there. ^ is
 * right-associative, binds tighter than a sign on its left (-2^2 is -4) and takes a sign on its
 * right (2^-3). A product sign may be left out before a name or parenthesis (2x, x y, (x+1)(y-1)),
 * but xy is one name, and x(y) no product. What reads two ways is an error: 1/2x and 1/2 x, x^2y
 * (but not x^2 y), sin x*y. sin x, sin 2x and sin^2(x) are calls; sin^-1(x) is an error. 5! is a
 * number, 30 with a degree sign 30*pi/180. Typographic signs and superscripts are those of ASCII;
 * names may have Greek letters and subscripts.
 * EG_USAGE: the text or the options are invalid; the message says what is expected, and *location
 * (may be NULL) where in the text. EG_LIMIT_EXCEEDED: too complex. On failure *expr is NULL. */
EG_API eg_status eg_expr_parse(eg_expr **expr, eg_context *ctx, const char *text,
                               const eg_expr_options *options, eg_expr_location *location,
                               eg_error *error);
EG_API void eg_expr_free(eg_expr *expr); /* accepts NULL */

/* Returns true if the expression was parsed from an equation: it is the left side minus the right
 * side. */
EG_API bool eg_expr_is_equation(const eg_expr *expr);

/* Return the number of variables, and the name of one (NULL if there is none of that index). The
 * name lives as long as the expression. */
EG_API size_t eg_expr_variables(const eg_expr *expr);
EG_API const char *eg_expr_name(const eg_expr *expr, size_t variable);

/* Return the name of a function that expressions can call, and its arguments and meaning. Indices
 * start at 0; past the last function, NULL. */
EG_API const char *eg_expr_function(size_t index);
EG_API const char *eg_expr_function_help(size_t index);

/* Writes the simplified expression as text that eg_expr_parse() reads back to the same function.
 * Like snprintf(), writes at most `size` bytes and returns the length without the final 0 that the
 * whole text needs. A text of more than 1 MiB is replaced by a note in parentheses. */
EG_API size_t eg_expr_print(const eg_expr *expr, char *out, size_t size);

/* Returns the partial derivative by a variable, simplified, as a new expression of the same
 * variables. EG_USAGE: there is no such variable. */
EG_API eg_status eg_expr_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                                    eg_error *error);

/* Returns a new expression: `expr` with variable i replaced by with[i] (NULL: kept). Its variables
 * are those of the with[i] and the kept ones, named and ordered by `options` as for parsing. */
EG_API eg_status eg_expr_substitute(eg_expr **result, const eg_expr *expr,
                                    const eg_expr *const with[], const eg_expr_options *options,
                                    eg_error *error);

/* Evaluates the expression at one point. Results are NaN or infinite where there is no finite
 * value, by the rules of IEEE 754. The gradient is computed by reverse-mode automatic
 * differentiation (the cost of some four evaluations, for any number n of variables), the n x n
 * symmetric Hessian row by row. Each result may be NULL. Fails only with EG_NO_MEMORY or
 * EG_LIMIT_EXCEEDED. */
EG_API eg_status eg_expr_eval(const eg_expr *expr, const double point[], double *value,
                              double gradient[], double hessian[], eg_error *error);

/* Bounds the value, gradient and n x n Hessian over the box low[i] <= x[i] <= high[i], by interval
 * arithmetic with outward rounding. Each result is a pair of a lower and an upper bound; an
 * infinite bound means that nothing is known. Each may be NULL. EG_USAGE: low[i] > high[i] or NaN.
 */
EG_API eg_status eg_expr_bounds(const eg_expr *expr, const double low[], const double high[],
                                double value[2], double (*gradient)[2], double (*hessian)[2],
                                eg_error *error);

/* Evaluates the expression at `count` points; coordinate i of point k is points[i][k]. Writes
 * values[k] and gradient[i][k]; `values`, `gradient` and each gradient[i] may be NULL. Vectorised,
 * on all threads of the context; the results are bit-identical for any number of threads and any
 * instruction set. */
EG_API eg_status eg_expr_eval_batch(const eg_expr *expr, const double *const points[], size_t count,
                                    double *values, double *const gradient[], eg_error *error);

/* Returns the number of nodes of the simplified graph; common subexpressions count once. */
EG_API size_t eg_expr_size(const eg_expr *expr);

/* Languages of eg_expr_write_code(). */
typedef enum eg_language {
    EG_LANGUAGE_C,     /* C99, which is C++ as well; needs <math.h> only */
    EG_LANGUAGE_PYTHON /* Python 3 with NumPy; with SciPy for error and gamma functions */
} eg_language;

/* Receives the next `size` bytes of a text. A status other than EG_OK ends the writing. */
typedef eg_status eg_text_receiver(void *opaque, const char *text, size_t size, eg_error *error);

/* Writes the expression as a function with its gradient, in one file that can be compiled or
 * imported as it is: straight-line code, whose derivatives are those of eg_expr_eval() (reverse
 * mode) and share subexpressions with the value. C: double NAME(double x, ..., double gradient[n]),
 * where `gradient` may be NULL, and is left out if there are no variables. Python: NAME(x, ...),
 * and NAME_gradient(x, ...) of shape (n, ...), for numbers and arrays. `name`: an identifier; NULL:
 * "f". Variables whose names the language does not allow are renamed, which a comment says. The
 * text is passed to `receive` in parts, which it does not own. EG_USAGE: `name` cannot be that of a
 * function, or the language lacks a function of the formula, which the message names;
 * EG_LIMIT_EXCEEDED: more than 100000 operations; the errors of `receive`. */
EG_API eg_status eg_expr_write_code(const eg_expr *expr, eg_language language, const char *name,
                                    eg_text_receiver *receive, void *opaque, eg_error *error);

/* Writes the simplified expression as LaTeX for math mode, with the commands of amsmath. The result
 * is as that of eg_expr_print(). */
EG_API size_t eg_expr_print_latex(const eg_expr *expr, char *out, size_t size);

/* Writes the name of a variable as LaTeX: "x_{1}" for x1, "\alpha", "\mathrm{height}". The result
 * is as that of snprintf(). */
EG_API size_t eg_name_print_latex(const char *name, char *out, size_t size);

/* ---- 18. Proven numbers ---------------------------------------------------------------------- */

/*
 * Exact real numbers and their digits. A number is a constant expression: it is kept as the
 * operations that were asked for, and evaluated when its digits or its sign are, in ball arithmetic
 * (an enclosure whose precision rises until the answer is certain). That two numbers are equal is
 * proven for numbers built of fractions, roots, and sines, cosines and tangents of fractions of pi.
 * Where Arb cannot be loaded, enclosures are intervals of doubles, and fewer digits are certain.
 * A set of numbers must not be used by two threads at a time.
 */
typedef struct eg_reals eg_reals;

/* Handle of a number in its set. EG_REAL_NONE comes from a failure, and every operation on it gives
 * EG_REAL_NONE. After a lack of memory no number of the set has digits or a sign any more;
 * eg_reals_status() tells it. */
typedef uint32_t eg_real;
#define EG_REAL_NONE UINT32_MAX

typedef struct eg_reals_options {
    long bits;      /* largest precision in bits; 0: 131072 */
    double seconds; /* largest effort for a decision about one number; 0: 2 */
    bool doubles;   /* use intervals of doubles, even if Arb is there */
} eg_reals_options;

/* Creates an empty set; the caller frees it with eg_reals_free(). options: NULL: the defaults. */
EG_API eg_status eg_reals_new(eg_reals **reals, eg_context *ctx, const eg_reals_options *options,
                              eg_error *error);
EG_API void eg_reals_free(eg_reals *reals); /* accepts NULL */

/* Returns EG_NO_MEMORY, or EG_LIMIT_EXCEEDED where Arb would need more than max_memory, if that
 * happened in any call on the set; else EG_OK. Functions without a status of their own return
 * EG_REAL_NONE, EG_SIGN_UNKNOWN or NaN then. */
EG_API eg_status eg_reals_status(const eg_reals *reals, eg_error *error);

/* Returns "ball" (Arb) or "interval" (doubles). */
EG_API const char *eg_reals_arithmetic(const eg_reals *reals);

/* Return a number: an integer, a finite double (exactly, not the decimal it came from), pi. */
EG_API eg_real eg_real_integer(eg_reals *reals, int value);
EG_API eg_real eg_real_double(eg_reals *reals, double value);
EG_API eg_real eg_real_pi(eg_reals *reals);

/* Returns a number of which only a finite lower and an upper bound are known. Fewer digits of it
 * are certain, whatever the precision. */
EG_API eg_real eg_real_between(eg_reals *reals, double low, double high);

/* Computes value, gradient and n x n Hessian of an expression at a point, by automatic
 * differentiation. The decimals in the text of the expression are exact. Each result may be NULL;
 * point[] may be NULL for an expression without variables. Where f has a corner or jump, the
 * derivatives are those of eg_expr_eval(). */
EG_API eg_status eg_reals_derive(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                                 eg_real *value, eg_real gradient[], eg_real hessian[],
                                 eg_error *error);

typedef enum eg_real_operation {
    EG_REAL_ADD,
    EG_REAL_SUBTRACT,
    EG_REAL_MULTIPLY,
    EG_REAL_DIVIDE,
    EG_REAL_NEGATE, /* of `a` alone, as the next ones */
    EG_REAL_SQUARE,
    EG_REAL_SQRT,
    EG_REAL_ABS,
    EG_REAL_ACOS,
    EG_REAL_ATAN2, /* angle of the point (b, a) */
    EG_REAL_MAX,
} eg_real_operation;

/* Returns the result of an operation; unary ones ignore `b`. */
EG_API eg_real eg_real_apply(eg_reals *reals, eg_real_operation operation, eg_real a, eg_real b);

/* Returns the sum of a[i] * b[i] for i < n. */
EG_API eg_real eg_real_dot(eg_reals *reals, const eg_real a[], const eg_real b[], size_t n);

/* Why a number has no value. */
typedef enum eg_undefined_kind {
    EG_UNDEFINED_NOT,            /* it has one */
    EG_UNDEFINED_POLE,           /* division by 0, logarithm of 0, tangent of a right angle ... */
    EG_UNDEFINED_LOGARITHM,      /* logarithm of a negative number */
    EG_UNDEFINED_ROOT,           /* square root of a negative number */
    EG_UNDEFINED_ARGUMENT,       /* argument out of the range of asin, acosh ... */
    EG_UNDEFINED_NEGATIVE_POWER, /* a negative number to a power that is no integer */
    EG_UNDEFINED_ZERO_POWER,     /* 0^0 with a variable exponent */
    EG_UNDEFINED_ANGLE           /* angle of the origin */
} eg_undefined_kind;

typedef enum eg_real_sign {
    EG_SIGN_NEGATIVE = -1,
    EG_SIGN_ZERO,
    EG_SIGN_POSITIVE,
    EG_SIGN_UNKNOWN,  /* not told from 0 within the effort */
    EG_SIGN_UNDEFINED /* the number has no value */
} eg_real_sign;

EG_API eg_real_sign eg_real_sign_of(eg_reals *reals, eg_real real);

typedef enum eg_certainty {
    EG_DIGITS_UNKNOWN,  /* no digit is certain: |number| < 10^log10_bound is all that is known */
    EG_DIGITS_FEWER,    /* all digits of `text` are right, but fewer than wanted */
    EG_DIGITS_PROVEN,   /* all digits are right; the last one is rounded */
    EG_DIGITS_UNDEFINED /* it has no value; see `reason` */
} eg_certainty;

enum {
    EG_REAL_DIGITS = 1000, /* largest number of significant digits */
    EG_REAL_TEXT = 1100    /* bytes of a decimal with its final 0 */
};

/* The decimal of a number, as %.Ng of printf() writes it. */
typedef struct eg_decimal {
    eg_certainty certainty;
    eg_undefined_kind reason;
    bool exact;         /* the number is known exactly, as is 2 or sqrt(4) */
    double value;       /* a double near the number; NaN if nothing is known */
    double log10_bound; /* |number| is below 10 to this power */
    char text[EG_REAL_TEXT];
} eg_decimal;

/* Computes `digits` significant digits, 1 to EG_REAL_DIGITS. */
EG_API eg_status eg_real_decimal(eg_reals *reals, eg_real real, int digits, eg_decimal *decimal,
                                 eg_error *error);

/* Returns a double within one unit in the last place of the number, NaN if that cannot be had. */
EG_API double eg_real_approximate(eg_reals *reals, eg_real real);

/* ---- 19. Surface analysis -------------------------------------------------------------------- */

/* Local properties of an expression f at a point. Tests for 0, such as `critical` and `on`, allow
 * for the rounding of the coordinates and of the evaluation. Arrays of coordinates, errors and
 * gradients have eg_expr_variables() elements. */

typedef enum eg_limit_kind {
    EG_LIMIT_FINITE,   /* converges to `value` */
    EG_LIMIT_INFINITE, /* grows without bound; `value` is -inf or inf */
    EG_LIMIT_NONE,     /* neither converges nor grows without bound */
    EG_LIMIT_UNDEFINED /* f has no values there */
} eg_limit_kind;

/* A limit. `value` is NaN if there is none. */
typedef struct eg_limit {
    eg_limit_kind kind;
    double value;
    bool proven;  /* false: estimated from samples */
    eg_real real; /* the exact number of a finite limit that is proven */
} eg_limit;

enum { EG_PATH_LIMITS = 128 };

/* The limits of f along one path to the point p, as t falls to 0: x_i = p_i + t direction[0] and
 * x_j = p_j + t direction[1] + t^2 curvature. In one variable j equals i. */
typedef struct eg_path_limit {
    size_t i, j;
    double direction[2], curvature;
    eg_limit value; /* limit of f */
    eg_limit slope; /* limit of (f - f(p)) / t, or of difference quotients along the path if f(p) is
                       undefined */
} eg_path_limit;

typedef enum eg_differentiability {
    EG_DIFFERENTIABLE,        /* has a gradient */
    EG_CORNER,                /* continuous, but the directional slopes fit no tangent plane */
    EG_VERTICAL_TANGENT,      /* continuous, but a directional slope is infinite */
    EG_JUMP_DISCONTINUITY,    /* defined, but not the limit of f */
    EG_DOMAIN_BOUNDARY,       /* defined, but f is undefined on some sides */
    EG_REMOVABLE_SINGULARITY, /* undefined, but all paths have the same finite limit */
    EG_POLE,                  /* undefined, and f grows without bound along a path */
    EG_NO_LIMIT,              /* undefined, and paths have different limits or none */
    EG_NO_VALUE,              /* undefined at the point and around it */
    EG_UNDETERMINED           /* an equality could not be decided: see `question` */
} eg_differentiability;

enum { EG_OPERATION_TEXT = 200 };

typedef struct eg_surface {
    eg_differentiability differentiability;
    double value;                       /* NaN: undefined */
    double limit;                       /* common limit of all paths; NaN: there is none */
    double gradient[EG_EXPR_VARIABLES]; /* NaN unless EG_DIFFERENTIABLE */
    double norm;                        /* Euclidean norm of the gradient */
    bool critical;                      /* the gradient is 0 */
    size_t path_limit_count;            /* 0 if EG_DIFFERENTIABLE */
    eg_path_limit path_limits[EG_PATH_LIMITS];

    /* Set by eg_surface_classify() only. */
    bool proven; /* the verdict is proven; else it rests on the paths tried or on samples */
    eg_real value_real, gradient_real[EG_EXPR_VARIABLES]; /* EG_REAL_NONE where there is none */
    eg_real limit_real;       /* a finite limit that all paths have exactly; else EG_REAL_NONE */
    eg_undefined_kind reason; /* why f has no value at the point */
    char operation[EG_OPERATION_TEXT]; /* the operation without a value or derivative, or one of
                                          several: "abs(x - 1)"; empty: none */
    char hint[EG_OPERATION_TEXT];      /* what to write for a power that was meant as a real root:
                                          "cbrt(x)" for x^(1/3); empty: nothing */
    char question[2 * EG_OPERATION_TEXT]; /* of EG_UNDETERMINED: the equality that could not be
                                             decided: "sin(1)^2 + cos(1)^2 - 1 is 0" */
    double question_log10; /* the number in question is below 10 to this power in size; infinite if
                              nothing is known */
} eg_surface;

/* Computes value and gradient and checks the tangent plane against values around the point. If it
 * does not fit, classifies the point by the limits along paths to it. */
EG_API eg_status eg_surface_analyze(const eg_expr *expr, const double point[], eg_surface *result,
                                    eg_error *error);

/*
 * Decides what a point is like by the operations of the expression, with exact numbers: f has a
 * gradient if no operation that it depends on is singular there (as abs is at 0), which proven
 * signs decide, or if it does not depend on the singular ones to first order. Else limits and
 * slopes along paths to the point come from power series with exact coefficients; along a path
 * without such a series they are estimated from samples, which `proven` of each limit tells.
 *
 * point[]: the coordinates as numbers of the set; approximate[]: as doubles. The numbers of the
 * result belong to `reals`. The effort is bounded by eg_reals_options.seconds for the whole point.
 */
EG_API eg_status eg_surface_classify(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                                     const double approximate[], eg_surface *result,
                                     eg_error *error);

/* Returns a word for programs, such as "kink" for EG_CORNER. The string is static. */
EG_API const char *eg_differentiability_word(eg_differentiability kind);

/* Returns why an operation has no value, such as "division by 0, or a pole"; NULL for
 * EG_UNDEFINED_NOT. The string is static. */
EG_API const char *eg_undefined_kind_text(eg_undefined_kind kind);

/* Returns true if f has no values along one of the paths to the point. */
EG_API bool eg_surface_has_empty_side(const eg_surface *at);

/* Writes why f, a function of `variables` variables, has no gradient at a point that
 * eg_surface_classify() judged, such as "at x = 0 the expression is not differentiable: ...".
 * `place` is the text after "at". Writes and returns as snprintf() does. */
EG_API size_t eg_surface_message(const eg_surface *at, size_t variables, const char *place,
                                 char *out, size_t size);

/* Returns the derivative as eg_expr_derivative() does, but expanded where that is shorter. */
EG_API eg_status eg_surface_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                                       eg_error *error);

/* A derivation: the partial derivative of an expression, found rule by rule as a person would. Line
 * 0 is the task, "d/dx(f)", and each other line is equal to it where f is differentiable: the rule
 * was applied to the line before. The last line is eg_surface_derivative(). */
typedef struct eg_derivation eg_derivation;

/* One line. Texts live as long as the derivation. */
typedef struct eg_derivation_line {
    const char *rule;  /* "product rule"; NULL in line 0 */
    const char *inner; /* "u = 2*x", what the rule calls u (or u and v); NULL: nothing */
    const char *text;  /* the right side, in which d/dx(g) are derivatives that are still to do */
    const char *inner_latex, *latex; /* the same in LaTeX */
} eg_derivation_line;

/* Creates the derivation of the partial derivative by a variable; the caller frees it.
 * EG_USAGE: there is no such variable; EG_LIMIT_EXCEEDED: it would have more than 1000 lines or
 * 1 MiB of text. On failure *derivation is NULL. */
EG_API eg_status eg_derivation_new(eg_derivation **derivation, const eg_expr *expr, size_t variable,
                                   eg_error *error);
EG_API void eg_derivation_free(eg_derivation *derivation); /* accepts NULL */
EG_API size_t eg_derivation_count(const eg_derivation *derivation);

/* Returns line `index`, which is less than eg_derivation_count(). */
EG_API eg_derivation_line eg_derivation_at(const eg_derivation *derivation, size_t index);

typedef enum eg_extremum {
    EG_MINIMUM,
    EG_MAXIMUM,
    EG_SADDLE,
    EG_UNDECIDED /* an eigenvalue is 0 and the others have the same sign */
} eg_extremum;

/* Computes value, gradient and n x n Hessian as eg_reals_derive() does. Besides, a result that
 * simplification shows to be constant, such as the derivative of sin(x)^2 + cos(x)^2, is that
 * constant. Each result may be NULL. */
EG_API eg_status eg_surface_prove(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                                  eg_real *value, eg_real gradient[], eg_real hessian[],
                                  eg_error *error);

/* Signs of the eigenvalues of a symmetric matrix. `known` is false if one could not be decided; the
 * counts are then those of the others. */
typedef struct eg_inertia {
    size_t positive, negative, zero;
    bool known;
} eg_inertia;

/* Counts the signs of the eigenvalues of a symmetric n x n matrix, by elimination (Sylvester's law
 * of inertia). EG_NEGATIVE: an element has no value. */
EG_API eg_status eg_surface_inertia(eg_reals *reals, const eg_real matrix[], size_t n,
                                    eg_inertia *inertia, eg_error *error);

/* Classifies a point by the Hessian, in words, such as "minimum: f rises in every direction".
 * `known`: the extremum could be told from the inertia; `criticality`: sign of the norm of the
 * gradient. The string is static. */
EG_API const char *eg_hessian_verdict(bool known, eg_real_sign criticality, eg_extremum extremum);

/* Computes the eigenvalues of a symmetric n x n matrix, ascending: exactly for n <= 2, else as
 * enclosures of about 14 digits. EG_NEGATIVE: an element has no value or exceeds a double. */
EG_API eg_status eg_surface_eigenvalues(eg_reals *reals, const eg_real matrix[], size_t n,
                                        eg_real eigenvalues[], eg_error *error);

typedef struct eg_hessian_result {
    double eigenvalues[EG_EXPR_VARIABLES]; /* ascending; 0 where rounding may explain the value */
    double condition;     /* largest |eigenvalue| by the smallest; infinite if one is 0 */
    eg_extremum extremum; /* by the signs of the eigenvalues; holds if the gradient is 0 */
} eg_hessian_result;

/* Computes the Hessian (n x n), its eigenvalues and unit eigenvectors: row i of `directions`
 * belongs to eigenvalue i. `hessian` and `directions` may be NULL. EG_NEGATIVE: the Hessian is not
 * finite.
 */
EG_API eg_status eg_surface_hessian(const eg_expr *expr, const double point[],
                                    eg_hessian_result *result, double hessian[],
                                    double directions[], eg_error *error);

typedef struct eg_linear_approximation {
    double estimate; /* of f(to), by the tangent plane at `from` */
    double value;    /* f(to) */
    double error;    /* value - estimate */
    /* Upper bound of |error|: half the largest |d'Hd| on the segment, d = to - from, by interval
     * arithmetic (Taylor's theorem). Infinite if nothing is known, if f or its gradient has no
     * value at an end, or if a corner or jump may lie on the segment. */
    double bound;
    /* Upper bound of the error of the second-order Taylor polynomial: a sixth of the largest third
     * derivative along the segment. Infinite as `bound` is. */
    double second_bound;
} eg_linear_approximation;

/* Approximates f at `to` by its tangent plane at `from`. */
EG_API eg_status eg_surface_linear(const eg_expr *expr, const double from[], const double to[],
                                   eg_linear_approximation *result, eg_error *error);

typedef struct eg_propagation {
    double contribution[EG_EXPR_VARIABLES]; /* |df/dx_i| * |error_i| */
    double worst_case;                      /* sum of the contributions */
    double quadrature; /* root of the sum of their squares, for independent errors */
    double range[2];   /* bounds of f over the box point +- errors, by interval arithmetic */
} eg_propagation;

/* Propagates errors of the coordinates to f, to first order. */
EG_API eg_status eg_surface_propagate(const eg_expr *expr, const double point[],
                                      const double errors[], eg_propagation *result,
                                      eg_error *error);

typedef struct eg_level_set {
    double off;      /* f - level */
    double distance; /* |f - level| / |gradient|: first-order distance from the level set */
    bool on;         /* the point is on the level set */
    bool singular;   /* the gradient is 0: the level set need not have a tangent */
} eg_level_set;

/* Tests whether the point lies on the level set f = level. */
EG_API eg_status eg_surface_level(const eg_expr *expr, double level, const double point[],
                                  eg_level_set *result, eg_error *error);

typedef enum eg_implicit_kind {
    EG_IMPLICIT_SLOPE,    /* the variable has slopes by the others */
    EG_IMPLICIT_VERTICAL, /* the derivative by the variable is 0, another is not */
    EG_IMPLICIT_SINGULAR  /* all derivatives are 0 */
} eg_implicit_kind;

typedef struct eg_implicit {
    eg_implicit_kind kind;
    double slope[EG_EXPR_VARIABLES]; /* d variable / d x_i = -f_i / f_variable; NaN unless
                                        EG_IMPLICIT_SLOPE */
    int branches;        /* singular points of two variables: number of branches of the curve, 2
                            that cross or 0 at an isolated point; -1: undecided */
    double branch[2][2]; /* unit tangents of the branches */
} eg_implicit;

/* Computes the slopes of a variable as a function of the others on the level set through the point
 * (implicit function theorem). */
EG_API eg_status eg_surface_implicit(const eg_expr *expr, const double point[], size_t variable,
                                     eg_implicit *result, eg_error *error);

/* Returns the formula -f_by / f_variable of the slope d variable / d x_by, simplified. */
EG_API eg_status eg_surface_implicit_slope(eg_expr **slope, const eg_expr *expr, size_t variable,
                                           size_t by, eg_error *error);

typedef struct eg_lagrange {
    size_t rank; /* of the constraints' gradients. Below the number of constraints they are linearly
                    dependent: an extremum need not have multipliers there */
    bool parallel;                    /* grad f is the sum of lambda[k] grad g_k */
    double lambda[EG_EXPR_VARIABLES]; /* least-squares multipliers, one for each constraint; NaN if
                                         the gradients are dependent */
    double residual;                  /* |grad f - sum of lambda[k] grad g_k|; NaN as lambda */
    double angle; /* between grad f and the span of the grad g_k, 0 to 90 degrees; NaN as lambda,
                     or if grad f is 0 */
    eg_extremum extremum; /* if parallel: by the Hessian of f - sum of lambda[k] g_k in the tangent
                             space of the constraints; else EG_UNDECIDED */
} eg_lagrange;

/* The same in exact numbers. */
typedef struct eg_proven_lagrange {
    size_t rank;     /* of the constraints' gradients */
    bool rank_known; /* false: it could not be decided; the results below are unknown */
    eg_real lambda[EG_EXPR_VARIABLES]; /* EG_REAL_NONE if the gradients are dependent, and below */
    eg_real residual;
    eg_real angle;         /* in degrees; without a value if grad f is 0 */
    eg_real_sign parallel; /* EG_SIGN_ZERO: grad f is the sum of lambda[k] grad g_k;
                              EG_SIGN_POSITIVE: it is not; EG_SIGN_UNKNOWN: undecided */
    eg_extremum extremum;
    bool extremum_known; /* false: a sign could not be decided, and `extremum` is EG_UNDECIDED */
} eg_proven_lagrange;

/* Does the same as eg_surface_lagrange() with proofs. The second derivatives are judged by the
 * inertia of the bordered Hessian. EG_NEGATIVE: a derivative has no value. EG_LIMIT_EXCEEDED: more
 * than EG_EXPR_VARIABLES variables and constraints together. */
EG_API eg_status eg_surface_prove_lagrange(eg_reals *reals, const eg_expr *expr,
                                           const eg_expr *const constraints[], size_t count,
                                           const eg_real point[], eg_proven_lagrange *result,
                                           eg_error *error);

/* Tests Lagrange's condition for an extremum of f on the set where all `count` constraints are 0.
 * All expressions must have the same variables. EG_USAGE: there are no constraints, or more than
 * variables. */
EG_API eg_status eg_surface_lagrange(const eg_expr *expr, const eg_expr *const constraints[],
                                     size_t count, const double point[], eg_lagrange *result,
                                     eg_error *error);

typedef struct eg_gradient_check {
    double gradient[EG_EXPR_VARIABLES];  /* by central differences of fourth order */
    double tolerance[EG_EXPR_VARIABLES]; /* estimated error of the differences */
    bool agrees; /* the automatic gradient is within the tolerance in every component */
} eg_gradient_check;

/* Checks the automatic gradient against finite differences of values. */
EG_API eg_status eg_surface_check(const eg_expr *expr, const double point[],
                                  eg_gradient_check *result, eg_error *error);

/* `count` equidistant values from `from` to `to`, both included. */
typedef struct eg_range {
    double from, to;
    size_t count;
} eg_range;

/* Evaluates f at `count` points of the grid spanned by one range a variable, from point number
 * `first` on; the first variable runs fastest. Writes the coordinates to points[i][k], and the
 * results as eg_expr_eval_batch() does. EG_USAGE: a range is empty. */
EG_API eg_status eg_surface_sample(const eg_expr *expr, const eg_range ranges[], size_t first,
                                   size_t count, double *const points[], double *values,
                                   double *const gradient[], eg_error *error);

/* ---- 20. Descent and fits -------------------------------------------------------------------- */

/* A function to minimise. Its callbacks are called from one thread. */
typedef struct eg_objective {
    void *opaque;     /* passed to the callbacks */
    size_t variables; /* 1 .. EG_EXPR_VARIABLES */
    /* Computes value, gradient and Hessian (row by row) at x; each may be NULL, as for
     * eg_expr_eval(). */
    eg_status (*at)(void *opaque, const double x[], double *value, double gradient[],
                    double hessian[], eg_error *error);
    /* Computes value and gradient of a batch of the data, which `step` selects (stochastic gradient
     * descent). NULL: steps use all data. */
    eg_status (*sample)(void *opaque, size_t step, const double x[], double *value,
                        double gradient[], eg_error *error);
    size_t epoch; /* consecutive batches that cover all data */
    /* Bounds the value over the box low[i] <= x[i] <= high[i], which may be infinite, as
     * eg_expr_bounds() does. NULL: no bounds are known. */
    eg_status (*bounds)(void *opaque, const double low[], const double high[], double value[2],
                        eg_error *error);
    /* Computes a measure of the gradient that does not depend on units, 0 at a stationary point, to
     * compare with gradient_tolerance; a lower bound of it if that exceeds `enough`. NULL: the norm
     * of the gradient. */
    eg_status (*offset)(void *opaque, const double x[], double enough, double *offset,
                        eg_error *error);
} eg_objective;

/* Returns the expression as an objective. It must outlive the objective. */
EG_API eg_objective eg_objective_expr(const eg_expr *expr);

/* A model to fit to a table, by least squares. */
typedef struct eg_fit eg_fit;

typedef struct eg_fit_options {
    /* Columns of the table, at most one of them; NULL: all points count alike. */
    const char *weights;     /* relative weights of the squared residuals, 0 or more */
    const char *sigma;       /* known standard deviations of the target, above 0: the weights are
                                1/sigma^2, and standard errors are not scaled by the residuals */
    const eg_binding *fixed; /* parameters with a fixed value */
    size_t fixed_count;
    size_t batch;  /* points in each step of a stochastic descent, drawn without replacement; 0: all
                      points */
    uint64_t seed; /* of the order of the batches */
} eg_fit_options;

/* Parses the model. Names in it that are columns of the table stand for their data, the others are
 * parameters, without those that are fixed. The table must outlive the fit. `options` NULL: none.
 * On success the caller owns *fit. EG_USAGE: the model is malformed, has no parameters or contains
 * the target, a name is no column or no parameter, there are fewer points (of weights above 0) than
 * parameters, or the batch exceeds the points. EG_BAD_INPUT: as eg_table_column(), or a weight is
 * out of range. */
EG_API eg_status eg_fit_new(eg_fit **fit, eg_context *ctx, const char *model, const eg_table *table,
                            const char *target, const eg_fit_options *options, eg_error *error);
EG_API void eg_fit_free(eg_fit *fit); /* accepts NULL */
EG_API size_t eg_fit_parameters(const eg_fit *fit);

/* Returns the name of a parameter, owned by the fit; NULL past the last. */
EG_API const char *eg_fit_name(const eg_fit *fit, size_t parameter);

/* Returns the name of the only column that the model uses; NULL if it uses none or several. */
EG_API const char *eg_fit_column(const eg_fit *fit);

/* Bounds a parameter in eg_fit_solve() and eg_fit_evaluate(): low <= parameter <= high; either may
 * be infinite. EG_USAGE: the bounds descend, or there is no such parameter. */
EG_API eg_status eg_fit_bound(eg_fit *fit, size_t parameter, double low, double high,
                              eg_error *error);

/* Returns the (weighted) mean squared error of the model as a function of the parameters. Its
 * Hessian is the Gauss-Newton approximation 2/n J^T J, which is exact for models that are linear in
 * the parameters. eg_descent() stops by the offset of eg_fit_statistics, whatever the scale of the
 * data. Results do not depend on the number of threads. The fit must outlive the objective. */
EG_API eg_objective eg_fit_objective(eg_fit *fit);

/* Verdict on the parameters of a fit. */
typedef enum eg_fit_outcome {
    EG_FIT_MINIMUM,        /* a local minimum of the sum of squares, with standard errors */
    EG_FIT_NOT_STATIONARY, /* the sum of squares falls nearby */
    EG_FIT_SADDLE,         /* stationary, but the sum of squares falls along null_direction */
    EG_FIT_UNDETERMINED,   /* the data do not determine the combination null_direction */
    EG_FIT_SINGULAR,       /* a minimum, but the derivatives by the parameters of null_direction are
                              linearly dependent: there are no standard errors */
    EG_FIT_UNDECIDED,      /* stationary, but rounding hides whether it is a minimum */
    EG_FIT_ROUNDING,       /* a minimum, but the residuals are so near the rounding errors of the
                              data that standard errors are only upper bounds */
    EG_FIT_NO_FREEDOM      /* a minimum, but with as many parameters as points there are no standard
                              errors */
} eg_fit_outcome;

typedef struct eg_fit_statistics {
    size_t points; /* with weights above 0 */
    size_t parameters;
    size_t freedom; /* degrees of freedom: points less parameters that are not at a bound */
    double squares; /* sum of (weighted) squared residuals; chi^2 if sigma is known */
    /* Residual standard deviation s = sqrt(squares / freedom), of a point of weight 1; its square
     * is the reduced chi^2 if sigma is known. NaN: freedom is 0. */
    double deviation;
    double r_squared; /* 1 - squares / (sum of squares about the target's mean) */
    /* Standard errors of the parameters: square roots of the diagonal of s^2 (J^T J)^-1, or of (J^T
     * J)^-1 if sigma is known. NaN unless this is a minimum, and for parameters at a bound. */
    double standard_errors[EG_EXPR_VARIABLES];
    eg_fit_outcome outcome;
    double offset; /* cosine of the angle between the residuals and the plane of the derivatives, 0
                      at a stationary point (Bates and Watts 1981); does not depend on units */
    double curvature; /* smallest eigenvalue of the Hessian of the sum of squares relative to that
                         of the linearised model, 1 for linear models; NaN: unknown */
    double null_direction[EG_EXPR_VARIABLES]; /* of the outcome; 0 for others. The largest component
                                                 is 1 after scaling by the derivatives */
    int at_bound[EG_EXPR_VARIABLES]; /* -1: held by its lower bound, 1: by its upper, 0: free */
    bool exact;  /* the residuals are rounding errors: the model passes through all points */
    bool coarse; /* rounding errors may change the residual deviation by more than 1e-4 of itself:
                    the standard errors are upper bounds. Not set if sigma is known */
} eg_fit_statistics;

/* Computes goodness of fit and standard errors for these parameters, and decides whether they are a
 * local minimum of the sum of squares: by the offset and by the Hessian with the second derivatives
 * of the model. `covariance` (n x n, n = eg_fit_parameters(); may be NULL) has NaN where standard
 * errors do. EG_USAGE: the model has no finite value or derivative in a row of the data. */
EG_API eg_status eg_fit_evaluate(eg_fit *fit, const double parameters[],
                                 eg_fit_statistics *statistics, double covariance[],
                                 eg_error *error);

/* Writes in words why the parameters are no minimum with standard errors, and what to do; nothing
 * for EG_FIT_MINIMUM. Writes and returns as snprintf() does. */
EG_API size_t eg_fit_explain(const eg_fit *fit, const eg_fit_statistics *statistics, char *out,
                             size_t size);

/* Computes the model of one column, eg_fit_column(), at `count` values of that column, and the
 * standard errors of the curve by the covariance of eg_fit_evaluate(); each may be NULL. */
EG_API eg_status eg_fit_predict(const eg_fit *fit, const double parameters[],
                                const double covariance[], const double at[], size_t count,
                                double values[], double errors[], eg_error *error);

/* Returns the quantile of Student's t distribution: t such that a variable with this many degrees
 * of freedom is below t with probability `probability`; infinitely many
 * are the normal distribution. NaN if that is not in 0 .. 1 or freedom is
 * not above 0. The relative error is below 1e-10 for probabilities 1e-6 .. 1 - 1e-6. */
EG_API double eg_student_quantile(double probability, double freedom);

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
EG_API const char *eg_method_help(size_t method); /* one line; NULL past the last */

typedef struct eg_descent_step {
    size_t step;                 /* 0: the start */
    const double *x;             /* valid during the callback */
    double value, gradient_norm; /* of one batch if the objective has sample() */
    double rate;                 /* of the step that led here; 0 at the start */
} eg_descent_step;

/* Learning-rate schedules. Step k, from 0, of N has the rate times: */
typedef enum eg_schedule_shape {
    EG_SCHEDULE_CONSTANT,    /* 1 */
    EG_SCHEDULE_INVERSE,     /* 1 / (1 + factor k) (Robbins and Monro 1951) */
    EG_SCHEDULE_SQRT,        /* 1 / sqrt(1 + k) */
    EG_SCHEDULE_COSINE,      /* (1 + cos(pi k / N)) / 2 (Loshchilov and Hutter 2017) */
    EG_SCHEDULE_STEP,        /* factor^floor(k / interval) */
    EG_SCHEDULE_EXPONENTIAL, /* factor^k */
    EG_SCHEDULES
} eg_schedule_shape;

typedef struct eg_schedule {
    eg_schedule_shape shape;
    double factor;   /* of inverse: above 0; of step and exponential: above 0, at most 1 */
    size_t interval; /* of step: 1 or more */
    size_t warmup;   /* first steps, in which the rate also grows linearly to its full size */
} eg_schedule;

/* Reads a schedule: "constant", "inverse" or "inverse:FACTOR", "sqrt", "cosine",
 * "step:INTERVAL:FACTOR", "exponential:FACTOR". Leaves `warmup` as it is. EG_USAGE: malformed. */
EG_API eg_status eg_schedule_parse(eg_schedule *schedule, const char *text, eg_error *error);

/* Writes the text that eg_schedule_parse() reads; writes and returns as snprintf() does. */
EG_API size_t eg_schedule_print(const eg_schedule *schedule, char *out, size_t size);

/* Returns the factor of the rate in step number `step`, from 0, of `steps`. */
EG_API double eg_schedule_factor(const eg_schedule *schedule, size_t step, size_t steps);

typedef struct eg_descent_options {
    eg_method method;
    bool maximize;
    double rate; /* step length over gradient norm; NaN: the method's default, or derived from the
                    curvature at the start, see docs/DESCENT.md */
    double momentum;      /* 0 .. less than 1; NaN: automatic as the rate */
    eg_schedule schedule; /* of the methods that accept batches, which have a fixed rate */
    size_t steps;         /* most steps */
    double seconds;       /* time limit; 0: none */
    /* Stop criteria. 0 for the value: never; for the step: when the point no longer changes. */
    double gradient_tolerance; /* largest gradient norm, or offset of the objective; NaN: the
                                  scale-free criterion of EG_STOP_DISTANCE, or an offset of 1e-8 */
    double value_tolerance;    /* largest change of the value in a step, over max(1, |value|) */
    double step_tolerance;     /* largest change of a coordinate in a step, over max(1, |x|) */
    bool give_up;              /* stop as soon as divergence is detected */
    size_t trial_evaluations;  /* most evaluations spent on trying advice; 0: give none */
    /* Called at the start and after each step; may be NULL. */
    void (*on_step)(void *opaque, const eg_descent_step *step);
    void *opaque; /* passed to on_step() */
} eg_descent_options;

EG_API void eg_descent_default(eg_descent_options *options);

/* Criterion that ended a run. */
typedef enum eg_stop {
    EG_STOP_GRADIENT,   /* gradient tolerance */
    EG_STOP_DISTANCE,   /* the critical point is estimated to be negligibly near: Newton's method
                           (with absolute eigenvalues) would move by at most 1e-8 of the larger of
                           |x| and the distance from the start, and change the value by at most
                           1e-24 of its change since the start, or by its rounding error */
    EG_STOP_VALUE,      /* value tolerance */
    EG_STOP_STEP,       /* step tolerance */
    EG_STOP_STEPS,      /* step limit */
    EG_STOP_TIME,       /* time limit */
    EG_STOP_SEARCH,     /* the line search found no better point */
    EG_STOP_DIVERGING,  /* give_up */
    EG_STOP_NOT_FINITE, /* the next point has no finite value or gradient */
    EG_STOP_CANCELLED
} eg_stop;

typedef enum eg_descent_outcome {
    EG_CONVERGED,
    EG_NOT_CONVERGED,        /* stopped by a limit before it converged */
    EG_OSCILLATES,           /* steps reverse each other without getting shorter */
    EG_DIVERGES,             /* the value gets worse and worse */
    EG_UNBOUNDED,            /* the value gets better without bound */
    EG_LEFT_DOMAIN,          /* the next point is outside the function's domain */
    EG_STALLED,              /* steps became negligible although the gradient is not 0 */
    EG_AT_SADDLE,            /* critical point with better points beside it and, unless its
                                eigenvalues are 0, worse ones */
    EG_AT_OPPOSITE_EXTREMUM, /* at a maximum (maximising: at a minimum) */
    EG_AT_KINK,              /* at a point where the gradient jumps */
    EG_FLAT_TAIL,            /* the value approaches a limit that it does not attain */
    EG_UNCLASSIFIED          /* gradient and Hessian are 0, or unknown, and the values around the
                               point do not tell what it is */
} eg_descent_outcome;

/* Smallest and largest eigenvalue of a Hessian. When maximising, that of the negative function. */
typedef struct eg_eigenvalue_range {
    bool known; /* false: the Hessian is not finite; the others are NaN */
    double min, max;
} eg_eigenvalue_range;

/* How a run can be repeated with success. It has been tried: eg_descent() with the changed options
 * had this outcome. */
typedef struct eg_descent_advice {
    bool exists;
    bool changes_method, changes_rate, changes_momentum, changes_steps, changes_schedule,
        changes_start;
    size_t variables;
    eg_method method;
    double rate, momentum;
    size_t steps;
    eg_schedule schedule;
    double start[EG_EXPR_VARIABLES];
    eg_descent_outcome outcome; /* not EG_CONVERGED: the value is better, or a start beside a
                                   saddle leads there */
    size_t steps_taken;
    double value;
} eg_descent_advice;

typedef struct eg_descent_result {
    eg_method method;
    size_t variables;
    bool maximize;
    eg_stop stop;
    eg_descent_outcome outcome;
    size_t steps, evaluations; /* evaluations of value and gradient */
    double seconds;
    double start_value, value, gradient_norm; /* of the whole objective */
    double offset;         /* last one computed by the objective's offset(); NaN: it has none */
    double rate, momentum; /* last ones used; momentum NaN: the method has none */
    double start_rate;     /* of the first step, or of the schedule's full size */
    eg_schedule schedule;
    bool rate_chosen, momentum_chosen; /* derived from the curvature */
    eg_eigenvalue_range start, end;
    eg_eigenvalue_range instability; /* where the last increase or oscillation began; else at the
                                        start */
    bool quadratic;                  /* the Hessian was equal at all points examined */
    size_t diverging_since;          /* step at which divergence was detected; 0: none */
    double rate_limit;               /* the method is unstable from this rate on, by `instability`;
                                        NaN: unknown */
    double suggested_rate;           /* a stable rate, by `instability`; NaN: unknown */
    /* adam, rmsprop: distance that all steps can cover, and the largest component of the Newton
     * step at the start. NaN for other methods. */
    double max_travel, needed_travel;
    double gradient_tolerance, value_tolerance, step_tolerance; /* copies of the options */
    /* At the end: step of Newton's method, which estimates the distance to a critical point, and
     * the size of the space that it is compared with, see EG_STOP_DISTANCE. NaN: unknown. */
    double distance, extent;
    /* Bound of the value over the whole space, known from the form of the function: from below, if
     * maximising from above. Infinite: none is known. */
    double bound;
    bool proven;     /* the value at the end is that bound, without rounding error */
    bool degenerate; /* converged, but an eigenvalue is 0 within rounding error, or unknown */
    bool kink;       /* the gradient jumps at `place`, which the last steps crossed */
    /* EG_AT_KINK: the kink. EG_LEFT_DOMAIN: the point without a value, or with `place_value`. */
    double place[EG_EXPR_VARIABLES], place_value;
    /* Unit vector. EG_AT_SADDLE, EG_AT_OPPOSITE_EXTREMUM: towards better points. EG_UNBOUNDED,
     * EG_FLAT_TAIL: along which the value still improves at the distance `far`, where it is
     * `far_value`. Else the eigenvector of the eigenvalue next to 0. */
    double direction[EG_EXPR_VARIABLES], far, far_value;
    eg_descent_advice advice;
} eg_descent_result;

/* Minimises (or maximises) the objective from x[], and stores the last point in x[]. Returns EG_OK
 * whatever the outcome, which is in *result. EG_USAGE: an option out of range, a method that does
 * not work with batches, or a start without finite value and gradient. Errors of the objective are
 * passed on. */
EG_API eg_status eg_descent(eg_context *ctx, const eg_objective *objective, double x[],
                            const eg_descent_options *options, eg_descent_result *result,
                            eg_error *error);

/* Changes options and start as the advice of a run with them says. */
EG_API void eg_descent_follow(const eg_descent_advice *advice, eg_descent_options *options,
                              double x[]);

/* Return words for programs, such as "gradient" for EG_STOP_GRADIENT and "stuck" for EG_STALLED.
 * The strings are static. */
EG_API const char *eg_stop_word(eg_stop stop);
EG_API const char *eg_descent_outcome_word(eg_descent_outcome outcome);

/* Writes why the run stopped, such as "the gradient is within its tolerance: 9.4e-07 <= 1e-06".
 * Writes and returns as snprintf() does. */
EG_API size_t eg_descent_stop_reason(const eg_descent_result *result, char *out, size_t size);

/* Writes what the end of the run is, such as "minimum: eigenvalues of the Hessian 2 to 20". Writes
 * and returns as snprintf() does; returns 0 if the run did not converge. */
EG_API size_t eg_descent_verdict(const eg_descent_result *result, char *out, size_t size);

/* Writes remark `index` (from 0) on the run, such as divergence with a suggested rate, or poor
 * conditioning. Writes and returns as snprintf() does; returns 0 past the last remark. */
EG_API size_t eg_descent_remark(const eg_descent_result *result, size_t index, char *out,
                                size_t size);

typedef struct eg_fit_solver {
    size_t steps;   /* most steps */
    double seconds; /* time limit; 0: none */
    /* Called at the start and after each step; may be NULL. `value` is the mean squared error,
     * `rate` the damping of the step. */
    void (*on_step)(void *opaque, const eg_descent_step *step);
    void *opaque; /* passed to on_step() */
} eg_fit_solver;

EG_API void eg_fit_solver_default(eg_fit_solver *solver);

typedef struct eg_fit_result {
    eg_stop stop; /* EG_STOP_GRADIENT: stationary; VALUE: no step lowers the sum of squares beyond
                     rounding; STEP: no step is short enough; STEPS, TIME, CANCELLED */
    size_t steps, evaluations; /* evaluations of the model and its derivatives at all points */
    size_t saddles;            /* saddles that were left */
    double seconds;
    double start_value, value; /* mean squared errors */
} eg_fit_result;

/* Minimises the sum of squares by the Levenberg-Marquardt method (More 1978), ended by Newton steps
 * with the exact Hessian, from x[], and stores the last point in x[]. Saddles are left along the
 * direction of negative curvature. Nothing in it depends on the units of data or parameters.
 * Returns EG_OK however the run ended; eg_fit_evaluate() decides whether the end is a minimum.
 * EG_USAGE: the model has no finite value or derivative at the start, or the start violates a
 * bound. */
EG_API eg_status eg_fit_solve(eg_fit *fit, double x[], const eg_fit_solver *solver,
                              eg_fit_result *result, eg_error *error);

/* ---- 21. Plots ------------------------------------------------------------------------------- */

/* A diagram of a plane: level curves, paths, arrows and points; or the graph of a function of one
 * variable with bands and data points. Later items are drawn over earlier ones. */
typedef struct eg_plot eg_plot;

typedef struct eg_plot_options {
    double x[2], y[2]; /* ranges of the axes, ascending */
    int width, height; /* 64 .. 8192 pixels (PNG, SVG) or points (PDF) */
    bool equal;        /* same scale on both axes: one of the ranges is widened */
    bool y_down;       /* the y axis points down, like image rows */
    bool legend;       /* space above the frame for eg_plot_legend() */
    const char *title, *x_label, *y_label; /* UTF-8; may be NULL */
} eg_plot_options;

EG_API void eg_plot_default(eg_plot_options *options);

/*
 * cairo measures and draws in a process of its own, because it crashes or leaves out texts where
 * it gets no memory; here that is EG_NO_MEMORY. The process begins with the first plot and ends
 * with the last one, or after ten seconds without work; who makes many plots one after another
 * saves 10 ms for each by keeping the first. The program gets no SIGCHLD and its wait() does not
 * see the process, unless it waits with __WALL or __WCLONE.
 */

/* Sets `equal`, and reduces width or height (the frame's to a third at most) until the ranges need
 * not be widened. Of ranges whose ratio is extreme, beyond 1:12, `equal` becomes false. */
EG_API eg_status eg_plot_shape(eg_context *ctx, eg_plot_options *options, eg_error *error);

/* Creates an empty plot; the options and their texts are copied. On success the caller owns *plot.
 * EG_UNSUPPORTED: the library was built without cairo. EG_USAGE: an option out of range. */
EG_API eg_status eg_plot_new(eg_plot **plot, eg_context *ctx, const eg_plot_options *options,
                             eg_error *error);
EG_API void eg_plot_free(eg_plot *plot); /* accepts NULL */

/* Returns the ranges of the axes, after any widening. */
EG_API void eg_plot_ranges(const eg_plot *plot, double x[2], double y[2]);

/* Adds shading and level curves of values[row * columns + column]: samples on a regular grid over
 * the ranges, borders included, row 0 at the bottom of the plot, NaN where there is no value.
 * Copied. At least 2 x 2, and once per plot. `levels` ascend; `count` 0: they are chosen, closer
 * together towards the lowest values if the function rises steeply (towards the highest if it falls
 * steeply). */
EG_API eg_status eg_plot_values(eg_plot *plot, const double values[], size_t columns, size_t rows,
                                const double levels[], size_t count, eg_error *error);

enum { EG_PLOT_LEVELS = 32 }; /* most levels of a plot */

/* Chooses the levels that eg_plot_values() chooses for these values, ascending, for programs that
 * draw by other means. `sorted` is working memory for `count` numbers. Returns how many there are;
 * 0 if the values do not differ. */
EG_API size_t eg_plot_choose_levels(const double values[], size_t count, double sorted[],
                                    double levels[EG_PLOT_LEVELS]);

/* Evaluates a function of two variables at `count` points: values[i] = f(x[i], y[i]), not finite
 * where there is no value. */
typedef eg_status (*eg_plot_field)(void *opaque, const double x[], const double y[], size_t count,
                                   double values[], eg_error *error);

/* Adds shading and level curves of a function, which is sampled at side x side points, 2 to 2048,
 * and inside the cells between them. The points of the curves lie on the level sets within a small
 * part of a pixel. Curves end at poles and jumps, and where they would be closer than pixels. Once
 * per plot, instead of eg_plot_values(). `levels` and `count`: as there. `f` is not called later.
 */
EG_API eg_status eg_plot_field_values(eg_plot *plot, eg_plot_field f, void *opaque, size_t side,
                                      const double levels[], size_t count, eg_error *error);

typedef enum eg_plot_line {
    EG_PLOT_TRAJECTORY, /* line with a dot at each point */
    EG_PLOT_CURVE,      /* line in the colour of level curves, bold */
    EG_PLOT_LINE,       /* line in the colour of trajectories */
    EG_PLOT_ACCENT,     /* line in the accent colour */
    EG_PLOT_DASHED,     /* thin dashed line */
    EG_PLOT_ACCENT_DASHED,
    EG_PLOT_THIN /* thin line in the colour of arrows */
} eg_plot_line;

/* Adds a path through `count` points x, y, x, y ...; copied. Points that are not finite interrupt
 * the line. */
EG_API eg_status eg_plot_path(eg_plot *plot, eg_plot_line line, const double points[], size_t count,
                              eg_error *error);

/* Adds a translucent band between two curves, in the colour of `line`, from `count` triples x, low,
 * high; copied. x does not descend. Triples that are not finite interrupt the band. */
EG_API eg_status eg_plot_band(eg_plot *plot, eg_plot_line line, const double triples[],
                              size_t count, eg_error *error);

/* Adds `count` data points x, y ... as small dots in the colour of `line`; copied. Points that are
 * not finite are left out. Error bars are short paths of eg_plot_path(). */
EG_API eg_status eg_plot_points(eg_plot *plot, eg_plot_line line, const double points[],
                                size_t count, eg_error *error);

/* Sample in an entry of the legend. The legend is a row above the frame. */
typedef enum eg_plot_sample {
    EG_PLOT_SAMPLE_LINE, /* a path of eg_plot_path() */
    EG_PLOT_SAMPLE_BAND,
    EG_PLOT_SAMPLE_DOT,
    EG_PLOT_SAMPLE_ARROW /* of eg_plot_arrows() */
} eg_plot_sample;

/* Adds an entry to the legend: a sample in the colour of `line`, and a text. EG_USAGE: the options
 * reserve no legend. */
EG_API eg_status eg_plot_legend(eg_plot *plot, eg_plot_sample sample, eg_plot_line line,
                                const char *text, eg_error *error);

/* Evaluates a function of one variable at `count` places: y[i] = f(x[i]), not finite where there is
 * no value. */
typedef eg_status (*eg_plot_function)(void *opaque, const double x[], size_t count, double y[],
                                      eg_error *error);

/* The graph of a function of one variable, as points for eg_plot_path(). */
typedef struct eg_plot_graph {
    double *points; /* x, y ...; NaN where the graph is interrupted, as at a pole */
    size_t count;
    double y[2];        /* range that shows the graph: all of it, or without the tails at poles */
    double (*holes)[2]; /* single points without a value, where the graph continues */
    size_t hole_count;
} eg_plot_graph;

/* Samples f from x[0] to x[1], closer together where it bends. Jumps, poles and the ends of the
 * domain are located by bisection. If no value is finite, y is -1 .. 1. Free with
 * eg_plot_graph_free(). EG_USAGE: the range is empty. Fails as f fails. */
EG_API eg_status eg_plot_graph_new(eg_plot_graph *graph, eg_context *ctx, eg_plot_function f,
                                   void *opaque, const double x[2], eg_error *error);
EG_API void eg_plot_graph_free(eg_plot_graph *graph);

/* Adds the level curves of another grid, laid out as for eg_plot_values(), at one level. */
EG_API eg_status eg_plot_level(eg_plot *plot, eg_plot_line line, const double values[],
                               size_t columns, size_t rows, double level, eg_error *error);

/* Adds the level curves of a function at one level, sampled as for eg_plot_field_values(). */
EG_API eg_status eg_plot_field_level(eg_plot *plot, eg_plot_line line, eg_plot_field f,
                                     void *opaque, size_t side, double level, eg_error *error);

/* Adds `count` thin arrows x, y, dx, dy ... from x, y in the direction dx, dy. Lengths are scaled
 * so that the longest arrow has `longest` pixels. Copied. Arrows that would overlap a label, a mark
 * or a vector are omitted. */
EG_API eg_status eg_plot_arrows(eg_plot *plot, const double arrows[], size_t count, double longest,
                                eg_error *error);

/* Adds a bold arrow of `length` pixels from arrow[0], arrow[1] in the direction arrow[2], arrow[3],
 * in the colour of `line`. `label` may be NULL. */
EG_API eg_status eg_plot_vector(eg_plot *plot, eg_plot_line line, const double arrow[4],
                                double length, const char *label, eg_error *error);

typedef enum eg_plot_sign {
    EG_PLOT_START,
    EG_PLOT_END,
    EG_PLOT_POINT,
    EG_PLOT_HOLE /* small open circle, in the colour of level curves */
} eg_plot_sign;

/* Adds a marked point. `label` may be NULL. */
EG_API eg_status eg_plot_mark(eg_plot *plot, eg_plot_sign sign, double x, double y,
                              const char *label, eg_error *error);

/* A surface z = f(x, y) in space, in a box with axes. */
typedef struct eg_view {
    double x[2], y[2];         /* ranges, ascending */
    double z[2];               /* NaN: chosen; what lies outside is cut off */
    double azimuth, elevation; /* direction of the eye as seen from the box, degrees: anticlockwise
                                  from the x axis, and above the plane, -90 .. 90 */
    int width, height;         /* as in eg_plot_options */
    const char *title, *x_label, *y_label, *z_label; /* UTF-8; may be NULL */
    bool has_point, has_tangent; /* a point on the surface; its tangent plane and gradient */
    double point[2], value, gradient[2];
} eg_view;

/* Sets azimuth -60, elevation 30, 960 x 720 pixels, z as NaN, and the rest to 0. */
EG_API void eg_view_default(eg_view *view);

/* Creates a plot that shows the surface of f, seen in orthographic projection, with level curves on
 * it and what is hidden left out; to be rendered and freed as any other, without more items. f has
 * gaps where its values are not finite. EG_USAGE: an option out of range, or no finite value. Else
 * as eg_plot_new(). */
EG_API eg_status eg_view_new(eg_plot **plot, eg_context *ctx, const eg_view *view, eg_plot_field f,
                             void *opaque, eg_error *error);

/* Creates a plot that shows `count` others, 1 to EG_PLOT_PANELS, as panels in rows of `columns`,
 * with a title above them, which may be NULL; to be rendered and freed as any other, without more
 * items. On success the plot owns the panels, on failure the caller does. EG_USAGE: no panel, or
 * together larger than a plot may be. Else as eg_plot_new(). */
enum { EG_PLOT_PANELS = 32 };
EG_API eg_status eg_plot_panels_new(eg_plot **plot, eg_context *ctx, eg_plot *const panels[],
                                    size_t count, size_t columns, const char *title,
                                    eg_error *error);

/* Draws the plot as a "png", "svg" or "pdf" file. *bytes stays valid until the plot is freed or
 * rendered again. EG_USAGE: another format. EG_UNSUPPORTED: cairo is missing or failed.
 * EG_NO_MEMORY: as above. EG_FILE: no descriptors for the fonts. EG_CANCELLED. */
EG_API eg_status eg_plot_render(eg_plot *plot, const char *format, const void **bytes, size_t *size,
                                eg_error *error);

/* ---- 22. Contour lines ----------------------------------------------------------------------- */

typedef struct eg_edge_detail eg_edge_detail; /* see eg_edge_lines() */

/* A line of a raster. */
typedef struct eg_line {
    /* Column and row of each point, as for eg_grid_interpolate(): 0,0 is the centre of the first
     * sample. No two points in a row are equal. */
    const double *points;
    size_t count; /* number of points, at least 2; the last one of a closed line is the first one */
    double level; /* value along a contour line */
    bool closed;
    const eg_edge_detail *edge; /* what is known of the line of an edge; NULL: a contour line */
} eg_line;

/* Receives a line, which is valid during the call. Called from one thread at a time, which need not
 * be the caller's. Any status but EG_OK ends the operation. */
typedef eg_status eg_line_callback(void *opaque, const eg_line *line, eg_error *error);

enum { EG_CONTOUR_LEVELS = 100000 }; /* the most levels of a raster */

typedef struct eg_contour_options {
    double interval; /* more than 0: the levels are base + i * interval for all integers i */
    double base;
    const double *levels; /* interval NaN: the levels, in any order; equal ones count once */
    size_t level_count;   /* 1 .. EG_CONTOUR_LEVELS */
} eg_contour_options;

typedef struct eg_contour_result {
    uint64_t lines, closed; /* number of all lines, and of closed ones */
    uint64_t areas, holes;  /* number of areas, and of their holes */
    uint64_t points;        /* number of points of all lines, or of all rings */
    double lowest, highest; /* range of the values; NaN: the raster has none */
} eg_contour_result;

/* Sets the defaults: levels at multiples of `interval`, which is NaN and must be set. */
EG_API void eg_contour_default(eg_contour_options *options);

/* Finds the contour lines of `source` and passes them to `found`; row 0 is the first row of its
 * window. By marching squares on cells of four samples:
 * - Samples equal to a level count as above it.
 * - A line crosses the side of a cell at the level's place in the linear interpolation of the two
 *   samples, in 64-bit floats.
 * - If a level crosses all four sides of a cell, samples above it are connected through the cell if
 *   the mean of the four is at the level or above, otherwise those below.
 * - Higher values are on the left of a line, as the raster is displayed.
 * - A cell with a sample that is missing, NaN or infinite has no lines. Lines end there and at the
 *   border of the raster, and are closed otherwise.
 * - A closed line begins at its topmost point, the leftmost of several.
 * Lines come in ascending order of their last row, of level, and of their points (row, then
 * column), so that neither order nor coordinates depend on threads and strips. Memory holds the
 * lines of which a part is still to come, not the raster. If there is no line, the source has a
 * warning. `result` may be NULL. Consumes the source: close it afterwards. EG_USAGE: options out of
 * range, a source of three planes, or more than EG_CONTOUR_LEVELS levels between the smallest and
 * the largest value. */
EG_API eg_status eg_contour_lines(eg_source *source, const eg_contour_options *options,
                                  eg_line_callback *found, void *opaque, eg_contour_result *result,
                                  eg_error *error);

/* An area between two consecutive levels: a polygon. */
typedef struct eg_area {
    const double *points; /* column and row of each point, as of a line; ring after ring */
    const size_t *counts; /* number of points of each ring, at least 4; the last is the first */
    size_t ring_count;    /* the first ring is the exterior, the others are holes */
    double low, high;     /* the levels; -INFINITY and INFINITY: below and above all listed ones */
} eg_area;

/* Receives an area, like eg_line_callback. */
typedef eg_status eg_area_callback(void *opaque, const eg_area *area, eg_error *error);

/* Finds the areas between consecutive contour lines, those of eg_contour_lines() with the same
 * options, and passes them to `found`. Together they are the cells of four samples that are
 * present, without gap or overlap:
 * - Their boundaries are contour lines, and sides of cells at the border of the raster and beside
 *   cells with a missing sample. A crossing nearer than 1e-7 of a cell to a sample is at the
 * sample; samples in the middle of a straight piece along sides are left out.
 * - Exterior rings run anticlockwise, as the raster is displayed, and holes clockwise. A ring
 * begins at its topmost point, the leftmost of several. Holes are in the order of their points.
 * - No ring passes a point twice, and two rings of an area touch at one point at most, as OGC's
 *   simple features demand. An area that a point would divide is passed as several.
 * Areas come in ascending order of the last row of their connected part, of level, and of points,
 * so that nothing depends on threads and strips. Memory holds the boundaries of areas of which a
 * part is still to come. `result` and errors are those of eg_contour_lines(). */
EG_API eg_status eg_contour_areas(eg_source *source, const eg_contour_options *options,
                                  eg_area_callback *found, void *opaque, eg_contour_result *result,
                                  eg_error *error);

/* ---- 23. Lines of edges ---------------------------------------------------------------------- */

/* An edge at a point of its line. */
typedef struct eg_edge_point {
    float strength;  /* magnitude of the gradient, in intensity levels (0..255) per pixel */
    float direction; /* of the gradient, to the brighter side, in degrees: 0 right, 90 down */
    /* Red, green and blue, 0..255, to the left and to the right of the line as the image is
     * displayed, at the distance sigma, at least 2.5 pixels: the mean of 3 x 3 pixels. */
    uint8_t left[3], right[3];
} eg_edge_point;

/* A line of edges as a whole. */
struct eg_edge_detail {
    const eg_edge_point *points; /* at each point of the line */
    double length;               /* in pixels */
    float strength;              /* mean of the points, before any were left out */
    uint8_t left[3], right[3];   /* the same */
};

typedef struct eg_edge_lines_options {
    double min_length;         /* shorter lines are left out, in pixels */
    double min_length_percent; /* the same, in percent of the diagonal of the image */
    double smooth;             /* standard deviation of smoothing along lines, in pixels; 0: none */
    /* Points are left out such that none is farther than this from its line, in pixels; 0: none. */
    double simplify;
} eg_edge_lines_options;

typedef struct eg_edge_lines_result {
    uint64_t lines, closed; /* number of all lines, and of closed ones */
    uint64_t points;        /* number of points of all lines */
    uint64_t left_out;      /* number of lines that were too short */
    double length;          /* of all lines, in pixels */
} eg_edge_lines_result;

/* Sets the defaults: all lines, neither smoothed nor simplified. */
EG_API void eg_edge_lines_default(eg_edge_lines_options *options);

/*
 * Detects edges as eg_edges() does, and passes their lines to `found`:
 * - Edge pixels are thinned to a width of one pixel and linked to chains. At a junction the two
 *   branches continue each other that form the straightest line; the others end there. A single
 *   pixel is no line.
 * - Each point lies at the maximum of the gradient along its direction, between pixels. The
 * gradient is that of Gaussian derivatives of intensity, not of its square root, and of red, green
 * and blue jointly (Di Zenzo's tensor). Its sigma is that of the edges; with an operator other than
 *   "gaussian" that of its blur and of its weights together, at least 0.6 pixels.
 * - Lines of EG_EDGE_RIDGE lie where the first derivative across the line is 0, by the derivatives
 * at the pixel (Steger). Their strength is the second derivative across, in levels per pixel
 * squared, their direction the normal, 0 up to 180 degrees, and the sides are looked at 2 sigma
 * away.
 * - A blur moves other curved edges inwards; by the curvature of the line, points are moved back,
 * see Verbeek and van Vliet (PAMI 16, 1994).
 * - The brighter side is on the left of a line, as the image is displayed, at most of its points.
 *   A closed line begins at its topmost point before it is moved, the leftmost of several.
 * Lines come in ascending order of their last row of pixels, then of their points. Neither order
 * nor coordinates depend on threads and strips.
 *
 * `again` is the same image, opened once more, because the gradient is computed again once the
 * edges are known; NULL: its rows are kept in memory. Memory otherwise holds two bits for
 * each pixel, what eg_edges() takes, and the lines of which a part is still to come. `sink`
 * receives the edges as from eg_edges(); NULL: none. `edges` and `result` may be NULL. Without
 * lines the source has a warning. Consumes sources and sink: close them afterwards. Errors: those
 * of eg_edges(), and EG_USAGE for EG_EDGE_THRESHOLD and EG_EDGE_RIDGE, options out of range, a
 * window of rows, or another image in `again`.
 */
EG_API eg_status eg_edge_lines(eg_source *source, eg_source *again, eg_sink *sink,
                               const eg_edges_options *options, const eg_edge_lines_options *lines,
                               eg_line_callback *found, void *opaque, eg_edges_result *edges,
                               eg_edge_lines_result *result, eg_error *error);

/* ---- 24. Files of lines ---------------------------------------------------------------------- */

/* A file of lines, or of areas, in a vector format, written one by one: pipes receive them as they
 * come. */
typedef struct eg_line_file eg_line_file;

typedef struct eg_line_file_options {
    const char *format;      /* "geojson", "svg" ...; NULL: from the extension; geojson for "-" */
    size_t width, height;    /* size of the raster */
    const eg_georef *georef; /* georeferencing of the raster; NULL: none */
    eg_outputs *outputs;     /* set that the file joins; NULL: none */
    bool areas;              /* true: a file of areas, false: of lines */
    bool edges;              /* all lines are those of edges, else all are contour lines */
    bool values;             /* samples are values, not intensities: edges have no colours */
    /* name of eg_line.level in GeoJSON, ASCII letters and underscores; NULL: "ELEV" */
    const char *level_name;
} eg_line_file_options;

/* Returns the name of vector format `index`, counted from 0, or its one-line description; NULL past
 * the last. */
EG_API const char *eg_line_format_name(size_t index);
EG_API const char *eg_line_format_help(size_t index);

/* Returns true if `format`, or if it is NULL the extension of `path`, is a vector format. */
EG_API bool eg_line_file_recognizes(const char *path, const char *format);

/* Creates a file of lines, as eg_file_create() does, and writes its head. Coordinates are those of
 * the raster's georeferencing, with digits for 1e-7 of a cell; without one columns and rows, 0,0
 * the centre of the first sample. SVG always has pixels, 0,0 the corner of the first one, with 4
 * decimal places. In DXF y increases upwards also without georeferencing: it is height - 1 - row.
 * On success the caller owns *file. Errors: EG_USAGE (unknown format, or one without areas),
 * EG_BAD_INPUT (coordinates that are not finite, or too large for their cells), EG_FILE,
 * EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
EG_API eg_status eg_line_file_create(eg_line_file **file, eg_context *ctx, const char *path,
                                     const eg_line_file_options *options, eg_error *error);

/* Writes a line. Points that the digits do not distinguish from the point before are left out.
 * Where a georeferencing mirrors the raster, the points are written in reverse order, so that what
 * is on the left of the line stays there. */
EG_API eg_status eg_line_file_write(eg_line_file *file, const eg_line *line, eg_error *error);

/* Writes an area to a file of areas. Exterior rings are anticlockwise and holes clockwise in the
 * coordinates of the file, y upwards. */
EG_API eg_status eg_line_file_write_area(eg_line_file *file, const eg_area *area, eg_error *error);

/* Completes the file and renames it to its path. */
EG_API eg_status eg_line_file_commit(eg_line_file *file, eg_error *error);
EG_API void eg_line_file_close(eg_line_file *file); /* accepts NULL; discards an uncommitted file */

/* ---- 25. Flux and streamlines ---------------------------------------------------------------- */

/*
 * The flux q = -k grad u of a potential u, such as a temperature (Fourier's law), a concentration
 * (Fick's), a hydraulic head (Darcy's) or an electric potential (Ohm's). Its unit is that of k,
 * times that of u, per metre; per pixel if the raster has no cell size.
 */

/* Quantity of a sink of eg_flux(), in 32-bit floats; missing cells are NaN. */
typedef enum eg_flux_part {
    EG_FLUX_BANDS,     /* x and y as two bands of each pixel; only for files in TIFF */
    EG_FLUX_X,         /* to the east; without a cell size to the right */
    EG_FLUX_Y,         /* to the north; without a cell size DOWN */
    EG_FLUX_MAGNITUDE, /* sqrt(x^2 + y^2) */
    /* The flux as a motion over the raster, in cells: columns to the right and rows down, flux
     * divided by cell size. Its direction is that of the streamlines in the raster. */
    EG_FLUX_COLUMNS,
    EG_FLUX_ROWS,
    EG_FLUX_POTENTIAL /* the samples of the source */
} eg_flux_part;

typedef struct eg_flux_options {
    double conductivity; /* k, finite */
    /* k of each cell, of the size of the whole raster, of any sample type but EG_BIT; NaN: the flux
     * is missing there. NULL: `conductivity` everywhere. */
    const eg_grid *conductivities;
    eg_crs crs;            /* coordinate system of files that name none */
    double cell_x, cell_y; /* metres; 0: from the georeferencing, or none */
} eg_flux_options;

typedef struct eg_flux_result {
    double min, max, mean; /* of the magnitude over the rows computed; NaN: no cell has a flux */
    uint64_t cells;        /* number of cells with a flux */
    bool metres;           /* the flux is per metre, y to the north; else per pixel, y down */
} eg_flux_result;

/* Sets the defaults: k = 1 everywhere, cell sizes from the georeferencing. */
EG_API void eg_flux_default(eg_flux_options *options);

/* Computes the flux of `source`, opened with eg_read_options.as_values, in one pass: parts[i] into
 * sinks[i], `count` of them (1 to 16). Derivatives are central differences, exact for quadratics;
 * at the border and beside missing samples one-sided differences over three samples, exact for
 * quadratics as well, or over two if a third is missing. A missing cell, and a cell without a
 * neighbour in one of the directions, has no flux; nor has one whose flux exceeds a float, of which
 * the source has a warning.
 * Cell sizes are those of eg_terrain(): of cells in degrees row by row, on the ellipsoid. Without
 * georeferencing and cell size the flux is per pixel. Results do not depend on threads and strips.
 * `options` NULL means the defaults; `result` may be NULL. Consumes source and sinks. EG_USAGE:
 * options out of range, k of another size, or a sink that does not accept EG_F32. EG_BAD_INPUT:
 * fewer than 2 x 2 cells, or a rotated raster. */
EG_API eg_status eg_flux(eg_source *source, eg_sink *const sinks[], const eg_flux_part parts[],
                         size_t count, const eg_flux_options *options, eg_flux_result *result,
                         eg_error *error);

/* Creates a sink that stores the means of boxes of `factor` x `factor` samples of EG_F32 in *grid,
 * as EG_F64; boxes at the right and the lower border are cut. Missing samples are left out, and a
 * box of them is NaN. `grid` is zeroed; it is allocated when the operation begins, and the caller
 * frees it with eg_grid_free(), also on failure. EG_USAGE: the factor is 0. */
EG_API eg_status eg_sink_means(eg_sink **sink, eg_context *ctx, eg_grid *grid, size_t factor,
                               eg_error *error);

typedef struct eg_streamline_options {
    double separation; /* distance of streamlines, in pixels of the raster */
    /* distance from another line at which a line ends, relative to `separation`: 0.1 .. 1 */
    double test_ratio;
    double shortest;      /* length below which a line is left out, relative to `separation` */
    size_t factor;        /* factor of eg_sink_means() with which the grids were made; 1: none */
    size_t width, height; /* size of the raster; 0: that of the grids times `factor` */
} eg_streamline_options;

/* Sets the defaults: test ratio 0.5, shortest 1, factor 1; `separation` is NaN and must be set. */
EG_API void eg_streamline_default(eg_streamline_options *options);

typedef struct eg_streamline_result {
    uint64_t lines, points;
    double separation; /* as used */
} eg_streamline_result;

/* Finds evenly spaced streamlines of the field whose components are `columns` and `rows` (as
 * EG_FLUX_COLUMNS and EG_FLUX_ROWS, EG_F32 or EG_F64, of equal size), by the algorithm of Jobard
 * and Lefer (1997), and passes them to `found`. Points are columns and rows of the raster, in the
 * direction of the field. The field is interpolated bilinearly; lines are integrated by the method
 * of Bogacki and Shampine (1989) of order 3 with steps for an error of 1/1000 of a sample. A line
 * ends where the field is missing or 0, at the border, and close to another line or to itself.
 * eg_line.level is the mean of `magnitude` along the line, which may be NULL: 0. Memory grows with
 * the number of samples, and with that of lines; neither order nor points depend on threads.
 * EG_USAGE: options out of range, or a separation below two samples. EG_CANCELLED. */
EG_API eg_status eg_streamlines(eg_context *ctx, const eg_grid *columns, const eg_grid *rows,
                                const eg_grid *magnitude, const eg_streamline_options *options,
                                eg_line_callback *found, void *opaque, eg_streamline_result *result,
                                eg_error *error);

/* ---- 26. Options by name --------------------------------------------------------------------- */

/*
 * Options of an operation that are set by name, in a structure that the library allocates. Programs
 * that use them need no header and no compiler of a later version for its new options: bindings to
 * other languages, and programs that take options from their users.
 *
 *     eg_options *options;
 *     eg_options_new(&options, ctx, "edges", &error);
 *     eg_options_set(options, "method", "boundary", &error);
 *     eg_options_set_number(options, "sigma", 2, &error);
 *     eg_edges(in, out, eg_options_data(options, "edges"), NULL, &error);
 *     eg_options_free(options);
 *
 * Kinds: "edges" (eg_edges_options), "gradient" (eg_gradient_options), "terrain"
 * (eg_terrain_options), "ground" (eg_ground_options), "contour" (eg_contour_options), "lines"
 * (eg_edge_lines_options), "read" (eg_read_options), "write" (eg_write_options), "config"
 * (eg_config), "boundary" (eg_boundary_options), "flux" (eg_flux_options), "streamlines"
 * (eg_streamline_options), "flow-path" (eg_flow_path_options), "descent" (eg_descent_options) and
 * "solve" (eg_solve_options). Callbacks and pointers to memory are set in a copy of the structure.
 * Names are those of the command line where it has the same option.
 */
typedef struct eg_options eg_options;

/* Return the name of kind `index`, and of a kind the name of option `index`, its description in one
 * line, and the name of its choice `choice`, counted from 0; NULL past the last and for an unknown
 * kind. The strings are static. */
EG_API const char *eg_options_kind(size_t index);
EG_API const char *eg_option_name(const char *kind, size_t index);
EG_API const char *eg_option_help(const char *kind, size_t index);
EG_API const char *eg_option_choice(const char *kind, size_t index, size_t choice);

/* Creates options with their default values. The caller owns *options and frees them before the
 * context. EG_USAGE: unknown kind. */
EG_API eg_status eg_options_new(eg_options **options, eg_context *ctx, const char *kind,
                                eg_error *error);
EG_API void eg_options_free(eg_options *options); /* accepts NULL */

/* Set an option. Numbers have a decimal point, sizes a suffix K, M or G; flags are "true" or
 * "false", colours "#rrggbb", choices one of eg_option_choice(). `value` is copied. EG_USAGE: no
 * such option, or a value that is out of range; the old value stays. */
EG_API eg_status eg_options_set(eg_options *options, const char *name, const char *value,
                                eg_error *error);
EG_API eg_status eg_options_set_number(eg_options *options, const char *name, double value,
                                       eg_error *error);

/* Returns the structure of options, such as const eg_edges_options * of the kind "edges"; NULL if
 * they are of another kind. It belongs to `options` and changes with them. */
EG_API const void *eg_options_data(const eg_options *options, const char *kind);

/* Creates a context as eg_context_new() does, with `count` settings such as "threads=2" and
 * "max-memory=1G", which are the options of the kind "config". */
EG_API eg_status eg_context_new_named(eg_context **ctx, const char *const settings[], size_t count,
                                      eg_error *error);

/* ---- 27. Solving ----------------------------------------------------------------------------- */

/*
 * All solutions of equations in a box, by interval arithmetic: what is not in the list is proven to
 * be no solution, or lies in one of the parts that are listed as left. A solution is proven by the
 * interval Newton operator (Krawczyk 1969, Moore 1977); its digits and its properties are numbers
 * of an eg_reals, from which those of the result come as well. The ends of the box are such
 * numbers; the box is closed.
 *
 * The search ends after eg_solve_options.seconds or with too many boxes, and what is not decided
 * then is left. A search that is not ended by its time has the same results in every run.
 */

enum {
    EG_SOLVE_VARIABLES = 6,  /* largest number of variables */
    EG_SOLVE_CONSTRAINTS = 6 /* largest number of constraints */
};

typedef struct eg_solve_options {
    double seconds;   /* largest effort; 0: 2 */
    size_t boxes;     /* largest number of boxes kept at a time; 0: 65536 */
    int digits;       /* significant digits that the numbers are wanted with; 0: 17 */
    bool no_extremes; /* eg_solve_critical(): without minimum and maximum over the box */
} eg_solve_options;

/* A solution. Arrays have an element for each variable. */
typedef struct eg_solution {
    double box[EG_SOLVE_VARIABLES][2]; /* a box that contains it */
    eg_real at[EG_SOLVE_VARIABLES];
    bool exact;    /* the coordinates are fractions, roots of such or multiples of pi, which is
                      proven */
    bool regular;  /* proven to be the only one in some box around it, at which the matrix of
                      derivatives is regular. false: a degenerate one, beside which others may be
                      left */
    bool border;   /* on the border of the box, or not told from it */
    eg_real value; /* of the function; EG_REAL_NONE of a system */
    eg_real eigenvalues[EG_SOLVE_VARIABLES]; /* ascending: of the Hessian; with constraints of that
                                                of the Lagrangian in their tangent space */
    size_t eigenvalue_count;
    eg_extremum verdict; /* EG_UNDECIDED also where a sign was not decided */
    int order; /* of a degenerate critical point: of the first derivative along a line that is not 0
                  and decides the verdict; 0: it is by the eigenvalues, or by bounds */
    eg_real lambda[EG_SOLVE_CONSTRAINTS]; /* multipliers: grad f = sum of lambda[k] grad g_k;
                                             EG_REAL_NONE where there is none */
    unsigned active;                      /* constraints that hold with equality, a bit for each */
    bool dependent; /* the gradients of the active constraints are dependent: no multipliers */
} eg_solution;

typedef enum eg_left_kind {
    EG_LEFT_POINT, /* a small part, as around a degenerate solution */
    EG_LEFT_CURVE, /* long and thin: solutions that seem not to be isolated, as on a curve */
    EG_LEFT_PART   /* a part of the box that the effort did not suffice for */
} eg_left_kind;

/* A connected part of the box that may have more solutions. */
typedef struct eg_left {
    eg_left_kind kind;
    double box[EG_SOLVE_VARIABLES][2]; /* contains the part */
    size_t boxes;                      /* of which it consists */
    bool rough;                        /* the function may have no value or no derivative there */
} eg_left;

/* A place where an extreme value over the box may be taken. */
typedef struct eg_extreme_place {
    eg_real at[EG_SOLVE_VARIABLES];    /* EG_REAL_NONE if it is only known to be in `box` */
    double box[EG_SOLVE_VARIABLES][2]; /* contains it */
    unsigned low, high; /* variables that are at an end of their range, a bit for each */
} eg_extreme_place;

/* The smallest or the largest value over the box, or over the part that satisfies the
 * constraints. */
typedef struct eg_extreme {
    bool known;       /* false: nothing is known, or f has no value in the box */
    double bounds[2]; /* enclose the infimum or supremum; infinite where nothing is known */
    eg_real value;    /* its digits; EG_REAL_NONE if there are none */
    eg_extreme_place *places;
    size_t place_count;
    bool attained; /* it is a value of f, at one or more of the places; else only a bound */
} eg_extreme;

/* Extent of the part of the box in which the function has values. */
typedef enum eg_defined {
    EG_DEFINED_EVERYWHERE, /* in the whole box, which is proven */
    EG_DEFINED_PARTLY,     /* not in a part of it, which is proven */
    EG_DEFINED_UNKNOWN,    /* not decided */
    EG_DEFINED_NOWHERE     /* nowhere in the box, which is proven */
} eg_defined;

typedef struct eg_solutions {
    eg_solution *points; /* in ascending order of their coordinates */
    size_t count;
    eg_left *left;
    size_t left_count, left_boxes;
    bool complete; /* nothing is left */
    bool ended;    /* the time ended the search */
    eg_defined defined;
    eg_extreme minimum, maximum; /* not of systems */
} eg_solutions;

EG_API void eg_solutions_free(eg_solutions *solutions); /* accepts NULL */

/* Finds all critical points of f, where its gradient is 0, in the box low[i] <= x[i] <= high[i],
 * and its smallest and largest value over the box, border included. The caller frees *solutions.
 * options: NULL: the defaults. EG_USAGE: more than EG_SOLVE_VARIABLES variables or none, an empty
 * range, or an end that is not finite. EG_CANCELLED. */
EG_API eg_status eg_solve_critical(eg_solutions **solutions, eg_reals *reals, const eg_expr *f,
                                   const eg_real low[], const eg_real high[],
                                   const eg_solve_options *options, eg_error *error);

/* A constraint: expr = 0, or with `inequality` expr <= 0. */
typedef struct eg_constraint {
    const eg_expr *expr;
    bool inequality;
} eg_constraint;

/* Finds all points of the box at which f can have an extremum on the set that satisfies all
 * `count` constraints, and its smallest and largest value on the part of that set in the box. A
 * point has multipliers for the constraints that are active there (all equations, and the
 * inequalities that hold with equality), or the gradients of these are dependent. Its verdict is
 * by the Hessian of f - sum lambda[k] g_k in their tangent space and by the signs of the
 * multipliers of the inequalities, and EG_SADDLE if it is neither a minimum nor a maximum.
 * `defined` is EG_DEFINED_NOWHERE if no point of the box satisfies the constraints. All
 * expressions must have the same variables. Else as eg_solve_critical(). EG_USAGE: no constraints,
 * or more than EG_SOLVE_CONSTRAINTS. */
EG_API eg_status eg_solve_constrained(eg_solutions **solutions, eg_reals *reals, const eg_expr *f,
                                      const eg_constraint constraints[], size_t count,
                                      const eg_real low[], const eg_real high[],
                                      const eg_solve_options *options, eg_error *error);

/* Finds all points of the box at which `count` expressions of the same variables are 0; there must
 * be as many as variables. Else as eg_solve_critical(), without extremes. */
EG_API eg_status eg_solve_system(eg_solutions **solutions, eg_reals *reals,
                                 const eg_expr *const equations[], size_t count,
                                 const eg_real low[], const eg_real high[],
                                 const eg_solve_options *options, eg_error *error);

/* A line of a curve: `count` points of eg_trace.points, from `first` on. */
typedef struct eg_trace_line {
    size_t first, count;
    bool closed; /* the last point is joined to the first one */
    bool leaves; /* both or one of its ends are on the border of the box */
} eg_trace_line;

/* A point at which the gradient of F is 0, or a part that could not be decided. */
typedef struct eg_trace_node {
    double box[2][2];     /* contains it */
    eg_real at[2];        /* EG_REAL_NONE if it is not known */
    bool singular;        /* proven to be a singular point of the curve */
    size_t half_branches; /* ends of lines that meet there: 4 where two branches cross, 0 at an
                             isolated point */
} eg_trace_node;

/* The curve F(x, y) = 0 in a box. */
typedef struct eg_trace {
    double *points; /* x, y of each point, near the curve */
    size_t point_count;
    eg_trace_line *lines;
    size_t line_count;
    eg_trace_node *nodes;
    size_t node_count;
    size_t components; /* connected pieces, nodes included */
    size_t closed;     /* lines without ends */
    bool proven;       /* the lines have the topology of the curve, but for what is in the nodes */
    bool ended;        /* the time ended the search */
} eg_trace;

EG_API void eg_trace_free(eg_trace *curve); /* accepts NULL */

/* Traces the curve F = 0 of a function of two variables in a box: divides it until F is not 0, or
 * its gradient turns by less than a right angle, in each cell (Plantinga and Vegter, Isotopic
 * approximation of implicit curves and surfaces, 2004). The caller frees *curve. */
EG_API eg_status eg_trace_curve(eg_trace **curve, eg_reals *reals, const eg_expr *f,
                                const eg_real low[2], const eg_real high[2],
                                const eg_solve_options *options, eg_error *error);
/* ---- 28. Vector fields ----------------------------------------------------------------------- */

/*
 * A vector field of formulas, F = (F1, ..., Fn) of n variables, with its Jacobian. Immutable: any
 * number of threads may use one at the same time. Its memory is accounted to its context, which
 * must outlive it. Verdicts are proven: an identity of formulas by their simplification, or by
 * evaluation modulo a prime with random elements in place of the variables and of sines,
 * exponentials and so on, which errs with a probability below 2^-60; a difference by a number.
 */
typedef struct eg_vector_field eg_vector_field;

enum { EG_VECTOR_DIMENSION = 8 }; /* most components */

/* Returns true if the text has the form of a vector field rather than of a function: a list of two
 * components or more in parentheses, brackets or angle brackets, "(-y, x)", or its definition
 * "F(x, y) = (-y, x)". */
EG_API bool eg_vector_is_tuple(const char *text);

/* Parses a vector field of 2 to EG_VECTOR_DIMENSION components; the caller frees it with
 * eg_vector_free(). The variables are those of the definition, else those of options->names, else
 * those that occur, completed from x, y, z, t if there are fewer than components. `options` may
 * have bindings; its form is ignored. EG_USAGE: the text is invalid, or has not one variable for
 * each component; *location (may be NULL) says where. On failure *field is NULL. */
EG_API eg_status eg_vector_parse(eg_vector_field **field, eg_context *ctx, const char *text,
                                 const eg_expr_options *options, eg_expr_location *location,
                                 eg_error *error);
EG_API void eg_vector_free(eg_vector_field *field); /* accepts NULL */

/* Return the number of components; component i (from 0); its partial derivative by variable k; the
 * divergence; and component k of the curl: k 0 of two components (dF2/dx - dF1/dy), k 0 to 2 of
 * three, NULL for any other. All have the variables of the field and live as long as it. */
EG_API size_t eg_vector_dimension(const eg_vector_field *field);
EG_API const eg_expr *eg_vector_component(const eg_vector_field *field, size_t i);
EG_API const eg_expr *eg_vector_partial(const eg_vector_field *field, size_t i, size_t k);
EG_API const eg_expr *eg_vector_divergence(const eg_vector_field *field);
EG_API const eg_expr *eg_vector_curl(const eg_vector_field *field, size_t k);

typedef enum eg_gradient_verdict {
    EG_GRADIENT_FIELD,    /* the field has a potential wherever it has values */
    EG_GRADIENT_LOCALLY,  /* the Jacobian is symmetric: each part of the domain without a hole has a
                             potential; the domain as a whole need not have one */
    EG_GRADIENT_NOT,      /* the Jacobian is not symmetric */
    EG_GRADIENT_UNDECIDED /* not shown to be symmetric, and not shown to be otherwise */
} eg_gradient_verdict;

/* Verdict about a vector field: is it the gradient of a function? */
typedef struct eg_gradient_test {
    eg_gradient_verdict verdict;
    bool everywhere;     /* the field has values at every point, by its form */
    bool kinks;          /* it has functions with corners or jumps, at which nothing is claimed */
    size_t i, k;         /* EG_GRADIENT_NOT, EG_GRADIENT_UNDECIDED: i < k of dFk/dxi - dFi/dxk */
    eg_expr *difference; /* that difference; else NULL */
    /* A function whose gradient is proven to be the field, wherever both have values; NULL: none
     * was found, although there may be one. */
    eg_expr *potential;
    bool whole; /* the potential has values wherever the field has */
} eg_gradient_test;

/* Tests whether the field is a gradient, and looks for its potential by symbolic integration. The
 * caller frees the result with eg_gradient_test_free(). */
EG_API eg_status eg_vector_test_gradient(const eg_vector_field *field, eg_gradient_test *result,
                                         eg_error *error);
EG_API void eg_gradient_test_free(eg_gradient_test *result); /* accepts NULL */

/* A path x(t) from t = a to t = b, where a > b is a path backwards. */
typedef struct eg_vector_path eg_vector_path;

/* Returns true if the text has the form of a path: "(cos(t), sin(t)), t=0:2pi". */
EG_API bool eg_vector_is_path(const char *text);

/* Parses a path through the space of the field. The parameter may have any name; its two ends are
 * constants. The caller frees it with eg_vector_path_free(). EG_USAGE: the text is invalid, or has
 * not as many components as the field. */
EG_API eg_status eg_vector_path_parse(eg_vector_path **path, const eg_vector_field *field,
                                      const char *text, const eg_expr_options *options,
                                      eg_expr_location *location, eg_error *error);
EG_API void eg_vector_path_free(eg_vector_path *path); /* accepts NULL */

/* Return component i of the path as a formula of its parameter, and of its first (end 0) and last
 * point (end 1) as a constant formula; and the value of the parameter there. */
EG_API const eg_expr *eg_vector_path_component(const eg_vector_path *path, size_t i);
EG_API const eg_expr *eg_vector_path_point(const eg_vector_path *path, size_t i, int end);
EG_API const eg_expr *eg_vector_path_end(const eg_vector_path *path, int end);

typedef enum eg_line_kind {
    EG_LINE_WORK, /* of F . dx: the work along the path */
    EG_LINE_FLUX  /* of F . n ds, n to the right of the path: the flux across a path in the plane,
                     outwards if it goes round anticlockwise */
} eg_line_kind;

typedef enum eg_line_outcome {
    EG_LINE_DONE,      /* bounds[] enclose the integral, which is proven */
    EG_LINE_UNDEFINED, /* the integrand has no value at t = `where` */
    EG_LINE_UNBOUNDED  /* no bound of the integrand is known near `where`: it has a pole there, or
                          seems to; the integral does not exist or is an improper one */
} eg_line_outcome;

typedef struct eg_line_integral {
    eg_line_outcome outcome;
    double bounds[2];        /* that enclose the integral, rounded outwards */
    double where;            /* value of the parameter */
    size_t panels;           /* pieces of the path */
    double open;             /* length, by the parameter, of the pieces in which the integrand is
                                bounded but not proven to have a value at every point */
    eg_expr *integrand;      /* formula of the parameter */
    eg_expr *antiderivative; /* of the integrand, whose difference at the ends is proven to be the
                                integral; NULL: none was found */
} eg_line_integral;

/* Integrates along a path: by Gauss's rule with three points in pieces that are halved where the
 * error is largest, which is bounded by interval arithmetic with the sixth derivative. The caller
 * frees the result with eg_line_integral_free(). EG_USAGE: a flux of other than two components. */
EG_API eg_status eg_vector_integrate(const eg_vector_field *field, const eg_vector_path *path,
                                     eg_line_kind kind, eg_line_integral *result, eg_error *error);
EG_API void eg_line_integral_free(eg_line_integral *result); /* accepts NULL */

/* Sets *continuous to true if it is proven that the formula, of the variables of the field, has
 * finite values and no jumps at all points of the path: as a potential must. */
EG_API eg_status eg_vector_is_continuous(const eg_expr *f, const eg_vector_path *path,
                                         bool *continuous, eg_error *error);

/* ---- 29. File formats ------------------------------------------------------------------------ */

/* Topics of eg_format_about(): properties of a file format. */
typedef enum eg_format_topic {
    EG_FORMAT_NAME,       /* as in eg_write_options.format: "png" */
    EG_FORMAT_TITLE,      /* "TIFF, GeoTIFF, BigTIFF" */
    EG_FORMAT_EXTENSIONS, /* with commas between: "jpg,jpeg,jpe,jfif" */
    EG_FORMAT_READS,      /* the files that are read */
    EG_FORMAT_WRITES,     /* the samples, lines or areas that are written */
    EG_FORMAT_OPTIONS,    /* the options that not all formats have, by their names on the command
                             line, with commas between: "page,encoding,output-encoding" */
    EG_FORMAT_GEOREF,     /* the georeferencing that its files hold */
    EG_FORMAT_LIMITS      /* what a file cannot hold */
} eg_format_topic;

/* Tells about format `index`, counted from 0: those of images and rasters, then those of lines and
 * areas (eg_line_file). Writes and returns as snprintf() does; returns 0 if the format has nothing
 * of the kind, as EG_FORMAT_READS of one that is only written, and past the last format. Every
 * format has a title. */
EG_API size_t eg_format_about(size_t index, eg_format_topic topic, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
