/* SPDX-License-Identifier: MIT */
/* Writing a raster made from an input, and reading it again. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../support.h"
#include "core/copy.h"
#include "core/stream.h"
#include "fuzz.h"
#include "io/georef/georef_source.h"

enum { SIDE = 40 };

/* A raster to write. */
typedef struct made_raster {
    eg_grid grid;
    eg_georef georef;
    eg_geotags tags;
    eg_write_options options;
} made_raster;

/* ---- making a raster ------------------------------------------------------------------------- */

static eg_write_options take_options(fuzz_bytes *bytes)
{
    static const int tiles[] = {0, -1, 16, 32, 48};
    eg_write_options options;
    eg_write_default(&options);
    options.compression = (int)pick(bytes, 11) - 1;
    options.compress = (eg_compress)pick(bytes, 4);
    options.predictor = (int)pick(bytes, 4);
    options.tile = tiles[pick(bytes, 5)];
    options.quality = 1 + (int)pick(bytes, 100);
    options.no_sidecars = pick(bytes, 4) == 0;
    return options;
}

/* Sets a transform north up, or any invertible one, of numbers that are not extreme. */
static void take_transform(fuzz_bytes *bytes, double transform[6])
{
    const bool rotated = pick(bytes, 4) == 0;
    for (int i = 0; i < 6; i++) {
        const double value = take_number(bytes);
        transform[i] = fabs(value) < 1e9 && fabs(value) > 1e-9 ? value : i % 3 ? 1 : 0;
    }
    if (rotated && transform[1] * transform[5] != transform[2] * transform[4])
        return;
    transform[1] = fabs(transform[1]);
    transform[5] = -fabs(transform[5]);
    transform[2] = transform[4] = 0;
}

/* Sets the coordinate system to that of a text, as a sidecar file has it. */
static void take_system(fuzz_bytes *bytes, eg_georef *georef, eg_geotags *tags)
{
    static const char plane[] =
        "PROJCS[\"a\",GEOGCS[\"b\",DATUM[\"c\",SPHEROID[\"d\",6378000,298]],PRIMEM[\"e\",0],"
        "UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
        "PARAMETER[\"central_meridian\",9],UNIT[\"foot\",0.3048]]";
    static const char degrees[] = "GEOGCS[\"b\",DATUM[\"c\",SPHEROID[\"d\",6378000,298]],"
                                  "PRIMEM[\"e\",0],UNIT[\"degree\",0.0174532925199433]]";
    static const char grads[] =
        "GEOGCS[\"b\",DATUM[\"c\",SPHEROID[\"d\",6378000,0]],UNIT[\"grad\",0.015707963]]";
    static const char *const texts[] = {"EPSG:32632",  "EPSG:4326", "EPSG:3857", "EPSG:2227",
                                        "ESRI:102008", plane,       degrees,     grads};
    eg_crs_doubts doubts = {0};
    eg_crs_code code = {0};
    const char *text = texts[pick(bytes, sizeof texts / sizeof *texts)];
    require(eg_system_read(georef, &doubts, &code, text), "a system is understood", NULL);
    tags->wkt = (char *)(uintptr_t)text;
    georef->tags = tags;
}

/* Sets the georeferencing to one that a file can have. */
static void take_georef(fuzz_bytes *bytes, eg_georef *georef, eg_geotags *tags)
{
    static const double units[] = {1, 0.3048, 1200.0 / 3937};
    *georef = (eg_georef){.unit = 1};
    *tags = (eg_geotags){0};
    const unsigned kind = pick(bytes, 8);
    if (kind == 0)
        return;
    georef->located = true;
    take_transform(bytes, georef->transform);
    if (kind & 1 && pick(bytes, 2)) {
        take_system(bytes, georef, tags);
    } else if (kind & 1) {
        georef->crs = (eg_crs)pick(bytes, 4);
        georef->semi_major = georef->crs ? 6378137 : 0;
        georef->inverse_flattening = georef->crs ? 298.257223563 : 0;
        georef->unit = georef->crs == EG_CRS_PROJECTED ? units[pick(bytes, 3)] : 1;
    }
    if (kind & 2) {
        georef->has_nodata = true;
        georef->nodata = take_number(bytes);
    }
    if (kind & 4) {
        georef->vertical_unit = units[pick(bytes, 3)];
        georef->vertical_source = EG_VERTICAL_FILE;
    }
}

/* Fills a row with samples; edge masks are repeated bits. */
static void fill_row(fuzz_bytes *bytes, const eg_grid *grid, size_t y)
{
    char *row = (char *)grid->data + y * grid->stride;
    const size_t each = grid->sample == EG_BIT ? 8 : eg_row_bytes(grid->sample, 1);
    const size_t count = grid->sample == EG_BIT ? (grid->width + 63) / 64 : grid->width;
    for (size_t x = 0; x < count; x++) {
        const double number = grid->sample < EG_F32 ? 0 : take_number(bytes);
        const float single = (float)number;
        uint64_t bits = grid->sample < EG_F32 ? take(bytes, each) : 0;
        if (grid->sample == EG_BIT && x == count - 1 && grid->width % 64)
            bits &= ((uint64_t)1 << grid->width % 64) - 1;
        if (grid->sample == EG_F64)
            memcpy(row + x * each, &number, each);
        else if (grid->sample == EG_F32)
            memcpy(row + x * each, &single, each);
        else
            memcpy(row + x * each, &bits, each);
    }
}

static void make_raster(made_raster *made, fuzz_bytes *bytes, bool encodable)
{
    eg_error error = {0};
    made->options = take_options(bytes);
    const size_t width = 1 + pick(bytes, SIDE), height = 1 + pick(bytes, SIDE);
    const eg_sample sample = (eg_sample)pick(bytes, 5);
    take_georef(bytes, &made->georef, &made->tags);
    if (encodable && sample == EG_F32)
        made->options.encoding = (eg_encoding)pick(bytes, EG_ENCODING_GREY);
    require(eg_grid_new(&made->grid, fuzz_context(), width, height, sample, &error) == EG_OK,
            "a grid", &error);
    made->grid.white_level = sample == EG_U16 ? 65535 : sample < EG_U16 ? 255 : 1;
    for (size_t y = 0; y < height; y++)
        fill_row(bytes, &made->grid, y);
}

/* Returns true if the file's name ends so. */
static bool ends_with(const char *name, const char *ending)
{
    return strlen(name) > strlen(ending) &&
           strcmp(name + strlen(name) - strlen(ending), ending) == 0;
}

/* ---- writing and reading --------------------------------------------------------------------- */

static eg_status write_raster(const made_raster *made, const char *path, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_status status = eg_source_grid(&source, fuzz_context(), &made->grid, error);
    if (status == EG_OK) {
        source->georef = &made->georef;
        status = eg_sink_open(&sink, fuzz_context(), path, &made->options, error);
    }
    if (status == EG_OK)
        status = eg_copy(source, sink, eg_expand_bits, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

/* Returns true if a sample is missing in the file. */
static bool is_missing(const made_raster *made, double sample)
{
    const eg_georef *georef = &made->georef;
    return isnan(sample) || (georef->has_nodata && (float)sample == (float)georef->nodata);
}

/* Returns true if a sample of an edge mask, 0 or 255, is stored as one bit; in PBM 1 is black. */
static bool is_bit(double was, double is, bool inverted)
{
    return is == (inverted ? was == 0 : was == 255);
}

/* Returns true if an encoded elevation is the nearest code, of the range that there is. */
static bool same_elevation(eg_encoding encoding, double was, double is)
{
    const bool terrarium = encoding == EG_ENCODING_TERRARIUM;
    const double step = terrarium ? 1.0 / 256 : 0.1, least = terrarium ? -32768 : -10000;
    const double most = least + step * 0xFFFFFF;
    const double kept = was < least ? least : was > most ? most : was;
    return fabs(kept - is) <= step * 0.501 + fabs(kept) * 0x1p-24;
}

/* Returns true if the samples are equal; those of an ASCII grid when they are rounded to float. */
static bool same_sample(const made_raster *made, double was, double is)
{
    const eg_grid *grid = &made->grid;
    if (made->options.encoding)
        return same_elevation(made->options.encoding, was, is);
    return was == is || (grid->sample == EG_F32 && was == (double)(float)is);
}

/* Requires that the grid that was read has the samples that were written. A sample that equals the
 * nodata value is missing. */
static void compare_samples(const made_raster *made, const eg_grid *read, bool inverted)
{
    const eg_grid *grid = &made->grid;
    require(read->width == grid->width && read->height == grid->height, "the size is kept", NULL);
    for (size_t y = 0; y < grid->height; y++)
        for (size_t x = 0; x < grid->width; x++) {
            const double was = sample_at(grid, x, y), is = sample_at(read, x, y);
            if (same_sample(made, was, is) || (isnan(is) && is_missing(made, was)) ||
                (grid->sample == EG_BIT && is_bit(was, is, inverted)))
                continue;
            fprintf(stderr, "sample %zu, %zu of type %d: %.17g was written, %.17g read\n", x, y,
                    (int)grid->sample, was, is);
            require(false, "samples are kept", NULL);
        }
}

static bool close_to(double a, double b, double size)
{
    return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b) + size);
}

/* Requires that the transform that was read is the one that was written. */
static void compare_transforms(const eg_georef *was, const eg_georef *is)
{
    require(is && is->located, "the place is kept", NULL);
    for (int i = 0; i < 6; i++) {
        const double cells =
            SIDE * (fabs(was->transform[i / 3 * 3 + 1]) + fabs(was->transform[i / 3 * 3 + 2]));
        require(close_to(was->transform[i], is->transform[i], i % 3 ? 0 : cells),
                "the transform is kept", NULL);
    }
}

static void compare_georefs(const made_raster *made, const eg_georef *is)
{
    const eg_georef *was = &made->georef;
    if (!was->located)
        return;
    compare_transforms(was, is);
    if (was->crs != EG_CRS_UNKNOWN && is->crs != EG_CRS_UNKNOWN)
        require(was->crs == is->crs && close_to(was->unit, is->unit, 0), "the system is kept",
                NULL);
}

static void check_file(const made_raster *made, const char *path)
{
    eg_context *ctx = fuzz_context();
    eg_error error = {0};
    eg_source *source = NULL;
    eg_grid read = {0};
    eg_read_options options;
    const eg_origin origin = eg_file_origin(path);
    eg_read_default(&options);
    options.as_values = true;
    options.encoding = made->options.encoding;
    require(origin == EG_ORIGIN_EDGEGRAD || origin == EG_ORIGIN_POSSIBLE, "its origin is edgegrad",
            NULL);
    require(eg_load(&read, ctx, path, &options, &error) == EG_OK, "what is written is read",
            &error);
    require(read.width == made->grid.width && read.height == made->grid.height, "the size is kept",
            NULL);
    if (!ends_with(path, ".jpg"))
        compare_samples(made, &read, ends_with(path, ".pbm"));
    eg_grid_free(&read);
    const bool located = ends_with(path, ".tif") || ends_with(path, ".asc") ||
                         (ends_with(path, "g") && !made->options.no_sidecars);
    require(eg_source_open(&source, ctx, path, &options, &error) == EG_OK, "it is opened", &error);
    if (located)
        compare_georefs(made, eg_source_georef(source));
    eg_source_close(source);
}

void fuzz_round_trip(const char *name, const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    made_raster made;
    eg_error error = {0};
    const char *path = fuzz_path(name);
    make_raster(&made, &bytes, ends_with(name, ".png"));
    eg_status status = write_raster(&made, path, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    if (status == EG_OK) {
        check_file(&made, path);
    } else {
        require(status == EG_USAGE && error.message[0], "what a format cannot keep is refused",
                &error);
        require(access(path, F_OK) != 0, "a file that is refused is not written", &error);
    }
    eg_grid_free(&made.grid);
    require_released();
    fuzz_remove_files();
}
