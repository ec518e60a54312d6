/* SPDX-License-Identifier: MIT */
/*
 * Reads SRTM's .hgt files: elevations of one degree square in metres, as 16-bit big-endian integers
 * without a header. The file's size determines the raster's size, its name (N44W072.hgt, also of a
 * compressed file) the south-western corner. The outermost samples lie on the degree lines, which
 * neighbouring files share, so the raster extends half a cell beyond the degree square.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "io/dem/raw.h"

static const struct {
    size_t width, height;
} shapes[] = {
    {1201, 1201}, /* 3" */
    {3601, 3601}, /* 1" */
    {1801, 3601}, /* 2" x 1", used north of 50 degrees */
    {7201, 7201}, /* 0.5" */
};

enum { NODATA = -32768, NAME_LENGTH = 7 };

/* Parses the digits from..to-1 of the name; negative if the letter before them is `negative`. */
static int parse_degrees(const char *name, int from, int to, char negative)
{
    int value = 0;
    for (int i = from; i < to; i++)
        value = 10 * value + (name[i] - '0');
    return toupper((unsigned char)name[from - 1]) == negative ? -value : value;
}

/* Parses a file name that begins like N44W072, in any case; false if it does not. */
static bool read_name(const char *path, int *latitude, int *longitude)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    static const char *const allowed[NAME_LENGTH] = {
        "NSns", "0123456789", "0123456789", "EWew", "0123456789", "0123456789", "0123456789"};
    for (int i = 0; i < NAME_LENGTH; i++)
        if (name[i] == '\0' || !strchr(allowed[i], name[i]))
            return false;
    if (isalnum((unsigned char)name[NAME_LENGTH]))
        return false;
    *latitude = parse_degrees(name, 1, 3, 'S');
    *longitude = parse_degrees(name, 4, 7, 'W');
    return abs(*latitude) <= 90 && abs(*longitude) <= 180;
}

/* Sets the georeferencing: WGS 84, elevations in metres (above EGM96). Without a valid file name,
 * in an archive or of it, there is no transform. */
static void set_georef(eg_georef_data *data, const eg_input *input, size_t width, size_t height)
{
    eg_georef *georef = &data->georef;
    double dx = 1.0 / (double)(width - 1), dy = 1.0 / (double)(height - 1);
    static const char format[] = "the format";
    int latitude, longitude;
    eg_georef_set_vertical(georef, 1, EG_VERTICAL_FORMAT, format, sizeof format - 1);
    georef->has_nodata = true;
    georef->nodata = NODATA;
    if (!read_name(eg_input_path(input), &latitude, &longitude) &&
        !read_name(input->name, &latitude, &longitude))
        return;
    georef->located = true;
    georef->crs = EG_CRS_GEOGRAPHIC;
    georef->semi_major = 6378137;
    georef->inverse_flattening = 298.257223563;
    memcpy(georef->transform, (double[6]){longitude - dx / 2, dx, 0, latitude + 1 + dy / 2, 0, -dy},
           sizeof georef->transform);
}

/* Returns true if an archive and the file in it have the names of different tiles. */
static bool names_differ(const eg_input *input)
{
    int inside[2], outside[2];
    return read_name(eg_input_path(input), &inside[0], &inside[1]) &&
           read_name(input->name, &outside[0], &outside[1]) &&
           (inside[0] != outside[0] || inside[1] != outside[1]);
}

/* Sets the raster's size from the file's. */
static eg_status find_shape(eg_input *input, eg_raw_layout *layout, eg_error *error)
{
    uint64_t size;
    if (!eg_input_size(input, &size))
        return eg_input_fail(
            input, error, EG_UNSUPPORTED,
            "is not a regular file; a .hgt file cannot be read from a pipe, because "
            "its size determines the raster's size");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        layout->width = shapes[i].width;
        layout->height = shapes[i].height;
        layout->row_bytes = 2 * (uint64_t)shapes[i].width;
        if (size == layout->row_bytes * layout->height)
            return EG_OK;
    }
    return eg_input_fail(
        input, error, EG_BAD_INPUT,
        "%s%llu bytes is not the size of a .hgt file: 1201 x 1201, 3601 x 3601, 1801 x 3601 or "
        "7201 x 7201 samples of 2 bytes",
        input->inflate ? "is incomplete, or its content is another: " : "",
        (unsigned long long)size);
}

static eg_status hgt_open(eg_source **source, eg_input *input, const eg_read_options *options,
                          eg_error *error)
{
    eg_raw_layout layout = {
        .format = "HGT", .channels = 1, .type = EG_RAW_S16, .big_endian = true, .step = 2};
    eg_georef_data georef_data;
    eg_georef_data_init(&georef_data);
    eg_status status = find_shape(input, &layout, error);
    if (status == EG_OK)
        status = eg_check_size(input->ctx, input->name, layout.width, layout.height, error);
    if (status != EG_OK) {
        eg_input_close(input);
        return status;
    }
    set_georef(&georef_data, input, layout.width, layout.height);
    status = eg_raw_open(source, input, options, &layout, &georef_data, error);
    if (status == EG_OK && names_differ(input))
        eg_source_warn(*source, "is named like another tile than the file in it; the coordinates "
                                "are those of the file in it");
    return status;
}

const eg_format eg_hgt_format = {
    .name = "hgt",
    .title = "SRTM (HGT)",
    .reads = "elevations of one degree square, not from a pipe",
    .georef = "the square, by the name of the file",
    .limits = "1201 x 1201, 3601 x 3601, 1801 x 3601 or 7201 x 7201 samples",
    .extensions = "hgt",
    .match_by_extension = true,
    .open = hgt_open,
};
