/* SPDX-License-Identifier: MIT */
/* Where a raster lies on the ground, in words and as JSON. */
#include "cli/support/georef_text.h"

#include <math.h>

/* Metres in the units that have a name. */
static const struct {
    double metres;
    const char *name, *letters;
} lengths[] = {
    {1, "metres", " m"},
    {0.3048, "feet", " ft"},
    {1200 / 3937.0, "US survey feet", " ft (US)"},
    {1000, "kilometres", " km"},
};

static const char *const systems[] = {
    [EG_CRS_UNKNOWN] = "unknown",
    [EG_CRS_PROJECTED] = "projected",
    [EG_CRS_GEOGRAPHIC] = "geographic",
    [EG_CRS_WEB_MERCATOR] = "Web Mercator",
};

typedef struct point {
    double x, y;
} point;

static point corner(const eg_georef *georef, size_t column, size_t row)
{
    const double *t = georef->transform;
    double c = (double)column, r = (double)row;
    return (point){t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]};
}

/* The distance from a cell to the next: across and down. */
static point cell_size(const eg_georef *georef)
{
    const double *t = georef->transform;
    return (point){hypot(t[1], t[4]), hypot(t[2], t[5])};
}

static bool rotated(const eg_georef *georef)
{
    return georef->transform[2] != 0 || georef->transform[4] != 0;
}

/* Index into `lengths`; -1: has no name. Files round the unit to a few digits. */
static int length_index(double metres)
{
    for (int i = 0; i < (int)(sizeof lengths / sizeof *lengths); i++)
        if (fabs(metres / lengths[i].metres - 1) < 1e-7)
            return i;
    return -1;
}

/* "metres", "units of 2 m" */
static void print_unit(double metres)
{
    int index = length_index(metres);
    if (index >= 0)
        fputs(lengths[index].name, stdout);
    else
        printf("units of %.10g m", metres);
}

/* " degrees", " m"; nothing where the file does not say it. */
static const char *unit_letters(const eg_georef *georef)
{
    int length = length_index(georef->unit);
    if (georef->crs == EG_CRS_GEOGRAPHIC)
        return " degrees";
    return georef->crs == EG_CRS_UNKNOWN || length < 0 ? "" : lengths[length].letters;
}

static void print_location(const eg_georef *georef, const eg_info *info)
{
    point cell = cell_size(georef), from = corner(georef, 0, 0),
          to = corner(georef, info->width, info->height);
    printf("cell size:   %.10g x %.10g%s%s\n", cell.x, cell.y, unit_letters(georef),
           rotated(georef) ? ", rotated" : "");
    printf("corners:     upper left %.10g, %.10g; lower right %.10g, %.10g\n", from.x, from.y, to.x,
           to.y);
    if (!rotated(georef))
        return;
    point right = corner(georef, info->width, 0), left = corner(georef, 0, info->height);
    printf("             upper right %.10g, %.10g; lower left %.10g, %.10g\n", right.x, right.y,
           left.x, left.y);
}

static void print_system(const eg_georef *georef)
{
    printf("coordinates: %s", systems[georef->crs]);
    if (georef->crs == EG_CRS_GEOGRAPHIC) {
        fputs(", degrees of longitude and latitude", stdout);
    } else if (georef->crs != EG_CRS_UNKNOWN) {
        fputs(", ", stdout);
        print_unit(georef->unit);
    }
    fputc('\n', stdout);
    if (georef->semi_major > 0 && georef->inverse_flattening > 0)
        printf("ellipsoid:   %.10g m at the equator, flattened by 1/%.12g\n", georef->semi_major,
               georef->inverse_flattening);
    else if (georef->semi_major > 0)
        printf("ellipsoid:   a sphere of %.10g m\n", georef->semi_major);
}

void ground_text(const eg_georef *georef, const eg_info *info)
{
    if (!georef)
        return;
    if (georef->located)
        print_location(georef, info);
    print_system(georef);
    if (georef->vertical_unit > 0) {
        fputs("heights:     ", stdout);
        print_unit(georef->vertical_unit);
        fputc('\n', stdout);
    }
    if (georef->has_nodata)
        printf("nodata:      %.17g\n", georef->nodata);
}

static void put_corner(json *j, const char *key, const eg_georef *georef, size_t column, size_t row)
{
    point at = corner(georef, column, row);
    json_open(j, key, '[');
    json_exact(j, NULL, at.x);
    json_exact(j, NULL, at.y);
    json_close(j, ']');
}

static void put_location(json *j, const eg_georef *georef, const eg_info *info)
{
    point cell = cell_size(georef);
    json_exact(j, "cell_width", cell.x);
    json_exact(j, "cell_height", cell.y);
    json_open(j, "transform", '[');
    for (int i = 0; i < 6; i++)
        json_exact(j, NULL, georef->transform[i]);
    json_close(j, ']');
    json_open(j, "corners", '{');
    put_corner(j, "upper_left", georef, 0, 0);
    put_corner(j, "upper_right", georef, info->width, 0);
    put_corner(j, "lower_left", georef, 0, info->height);
    put_corner(j, "lower_right", georef, info->width, info->height);
    json_close(j, '}');
}

void ground_json(json *j, const eg_georef *georef, const eg_info *info)
{
    if (!georef)
        return;
    json_open(j, "georeferencing", '{');
    json_text(j, "coordinates", systems[georef->crs]);
    if (georef->crs == EG_CRS_PROJECTED || georef->crs == EG_CRS_WEB_MERCATOR)
        json_exact(j, "unit_metres", georef->unit);
    if (georef->located)
        put_location(j, georef, info);
    if (georef->semi_major > 0) {
        json_exact(j, "semi_major", georef->semi_major);
        json_exact(j, "inverse_flattening", georef->inverse_flattening);
    }
    if (georef->vertical_unit > 0)
        json_exact(j, "vertical_unit_metres", georef->vertical_unit);
    if (georef->has_nodata && isnan(georef->nodata))
        json_text(j, "nodata", "nan");
    else if (georef->has_nodata)
        json_exact(j, "nodata", georef->nodata);
    json_close(j, '}');
}
