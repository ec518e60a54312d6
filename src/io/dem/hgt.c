/* SPDX-License-Identifier: MIT */
/*
 * SRTM's .hgt: one degree square of heights in metres, 16-bit integers with the high byte first,
 * nothing else. The file's size tells how many, its name (N44W072.hgt) where: the south-western
 * corner. Outermost samples lie on the degree lines, which neighbouring files share; so their cells
 * stand out by half their size.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/dem/raw.h"

static const struct {
    size_t width, height;
} shapes[] = {
    {1201, 1201}, /* 3 seconds */
    {3601, 3601}, /* 1 second */
    {1801, 3601}, /* 1 second, north of 50 degrees 2 seconds eastwards */
    {7201, 7201}, /* half a second */
};

enum { MISSING = -32768, NAME_LENGTH = 7 };

/* Digits from..to-1 of the name as a number, its sign told by the letter before them. */
static int degrees(const char *name, int from, int to, char negative)
{
    int value = 0;
    for (int i = from; i < to; i++)
        value = 10 * value + (name[i] - '0');
    return toupper((unsigned char)name[from - 1]) == negative ? -value : value;
}

/* Whether the file's name begins as N44W072 does; case does not matter. */
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
    *latitude = degrees(name, 1, 3, 'S');
    *longitude = degrees(name, 4, 7, 'W');
    return abs(*latitude) <= 90 && abs(*longitude) <= 180;
}

/* WGS 84, heights in metres above EGM96. */
static void locate(eg_georef_data *place, const char *path, size_t width, size_t height)
{
    eg_georef *georef = &place->georef;
    double dx = 1.0 / (double)(width - 1), dy = 1.0 / (double)(height - 1);
    int latitude, longitude;
    georef->vertical_unit = 1;
    georef->has_nodata = true;
    georef->nodata = MISSING;
    if (!read_name(path, &latitude, &longitude))
        return;
    georef->located = true;
    georef->crs = EG_CRS_GEOGRAPHIC;
    georef->semi_major = 6378137;
    georef->inverse_flattening = 298.257223563;
    memcpy(georef->transform, (double[6]){longitude - dx / 2, dx, 0, latitude + 1 + dy / 2, 0, -dy},
           sizeof georef->transform);
}

static eg_status find_shape(const eg_input *input, eg_raw_layout *layout, eg_error *error)
{
    struct stat about;
    if (fstat(input->fd, &about) != 0 || !S_ISREG(about.st_mode))
        return eg_input_fail(input, error, EG_UNSUPPORTED,
                             "is not a plain file: the size tells what is in a .hgt file, so it "
                             "cannot come through a pipe");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        layout->width = shapes[i].width;
        layout->height = shapes[i].height;
        layout->row_bytes = 2 * (uint64_t)shapes[i].width;
        if ((uint64_t)about.st_size == layout->row_bytes * layout->height)
            return EG_OK;
    }
    return eg_input_fail(
        input, error, EG_BAD_INPUT,
        "has %lld bytes; a .hgt file has two for each of 1201 x 1201, 3601 x 3601, "
        "1801 x 3601 or 7201 x 7201 heights",
        (long long)about.st_size);
}

static eg_status hgt_open(eg_source **source, eg_input *input, const eg_read_options *options,
                          eg_error *error)
{
    eg_raw_layout layout = {
        .format = "HGT", .channels = 1, .type = EG_RAW_S16, .big_endian = true, .step = 2};
    eg_georef_data place;
    eg_georef_data_init(&place);
    eg_status status = find_shape(input, &layout, error);
    if (status == EG_OK)
        status = eg_check_size(input->ctx, input->name, layout.width, layout.height, error);
    if (status != EG_OK) {
        eg_input_close(input);
        return status;
    }
    locate(&place, input->name, layout.width, layout.height);
    return eg_raw_open(source, input, options, &layout, &place, error);
}

const eg_format eg_hgt_format = {
    .name = "hgt",
    .help = "SRTM elevation tiles of one degree",
    .extensions = "hgt",
    .match_by_extension = true,
    .open = hgt_open,
};
