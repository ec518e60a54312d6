/* SPDX-License-Identifier: MIT */
/* Prints georeferencing as text and as JSON. */
#include "cli/support/georef_text.h"

#include <math.h>
#include <string.h>

#include "cli/support/text.h"

/* Units of length that have a name. */
static const struct {
    double metres;
    const char *name, *suffix;
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

/* Returns the map coordinates of the upper left corner of a pixel. */
static point corner(const eg_georef *georef, size_t column, size_t row)
{
    const double *t = georef->transform;
    double c = (double)column, r = (double)row;
    return (point){t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]};
}

/* Returns the distance between neighbouring cells, across and down, in map units. */
static point cell_size(const eg_georef *georef)
{
    const double *t = georef->transform;
    return (point){hypot(t[1], t[4]), hypot(t[2], t[5])};
}

static bool is_rotated(const eg_georef *georef)
{
    return georef->transform[2] != 0 || georef->transform[4] != 0;
}

/* Returns the index into `lengths`; -1: no named unit. Tolerates rounding, because files state
 * units with few digits. */
static int length_index(double metres)
{
    for (int i = 0; i < (int)(sizeof lengths / sizeof *lengths); i++)
        if (fabs(metres / lengths[i].metres - 1) < 1e-7)
            return i;
    return -1;
}

/* Prints "metres" or "units of 2 m". */
static void print_unit(double metres)
{
    int index = length_index(metres);
    if (index >= 0)
        fputs(lengths[index].name, stdout);
    else
        printf("units of %.10g m", metres);
}

/* Returns " degrees" or " m"; an empty string if the file does not state the unit. */
static const char *unit_suffix(const eg_georef *georef)
{
    int length = length_index(georef->unit);
    if (georef->crs == EG_CRS_GEOGRAPHIC)
        return " degrees";
    return georef->crs == EG_CRS_UNKNOWN || length < 0 ? "" : lengths[length].suffix;
}

static void print_location(const eg_georef *georef, const eg_info *info)
{
    point cell = cell_size(georef), first = corner(georef, 0, 0),
          last = corner(georef, info->width, info->height);
    printf("cell size:   %.10g x %.10g%s%s\n", cell.x, cell.y, unit_suffix(georef),
           is_rotated(georef) ? ", rotated" : "");
    printf("corners:     upper left %.10g, %.10g; lower right %.10g, %.10g\n", first.x, first.y,
           last.x, last.y);
    if (!is_rotated(georef))
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
        printf("ellipsoid:   semi-major axis %.10g m, flattening 1/%.12g\n", georef->semi_major,
               georef->inverse_flattening);
    else if (georef->semi_major > 0)
        printf("ellipsoid:   sphere of radius %.10g m\n", georef->semi_major);
}

/* Returns true if the samples may be elevations: one band of more than 8 bits, or a unit is given.
 */
static bool may_be_elevations(const eg_georef *georef, const eg_info *info)
{
    bool grey = strcmp(info->colour, "grey") == 0 || info->channels == 1;
    return georef->vertical_source != EG_VERTICAL_ASSUMED || (grey && info->depth > 8);
}

/* Writes the source of the vertical unit, such as "from EPSG:6360", to `out`. */
static void describe_source(const eg_georef *georef, char *out, size_t size)
{
    if (georef->vertical_source == EG_VERTICAL_ASSUMED)
        snprintf(out, size, "assumed");
    else if (georef->vertical_source == EG_VERTICAL_UNKNOWN)
        snprintf(out, size, "assumed, the unit '%s' is not known", georef->vertical_origin);
    else
        snprintf(out, size, "%s", georef->vertical_origin);
}

static void print_vertical_unit(const eg_georef *georef, const eg_info *info)
{
    char source[96];
    bool known = georef->vertical_unit > 0;
    if (!may_be_elevations(georef, info))
        return;
    describe_source(georef, source, sizeof source);
    fputs("elevations:  ", stdout);
    print_unit(known ? georef->vertical_unit : 1);
    fputs(known ? " (from " : " (", stdout);
    text_escaped(stdout, source);
    fputs(known ? ")\n" : "; --vertical-unit changes it)\n", stdout);
}

void georef_print_text(const eg_georef *georef, const eg_info *info)
{
    if (!georef)
        return;
    if (georef->located)
        print_location(georef, info);
    print_system(georef);
    print_vertical_unit(georef, info);
    if (georef->has_nodata)
        printf("nodata:      %.17g\n", georef->nodata);
}

static void json_corner(json *j, const char *key, const eg_georef *georef, size_t column,
                        size_t row)
{
    point at = corner(georef, column, row);
    json_open(j, key, '[');
    json_exact(j, NULL, at.x);
    json_exact(j, NULL, at.y);
    json_close(j, ']');
}

static void json_location(json *j, const eg_georef *georef, const eg_info *info)
{
    point cell = cell_size(georef);
    json_exact(j, "cell_width", cell.x);
    json_exact(j, "cell_height", cell.y);
    json_open(j, "transform", '[');
    for (int i = 0; i < 6; i++)
        json_exact(j, NULL, georef->transform[i]);
    json_close(j, ']');
    json_open(j, "corners", '{');
    json_corner(j, "upper_left", georef, 0, 0);
    json_corner(j, "upper_right", georef, info->width, 0);
    json_corner(j, "lower_left", georef, 0, info->height);
    json_corner(j, "lower_right", georef, info->width, info->height);
    json_close(j, '}');
}

void georef_print_json(json *j, const eg_georef *georef, const eg_info *info)
{
    if (!georef)
        return;
    json_open(j, "georeferencing", '{');
    json_text(j, "coordinates", systems[georef->crs]);
    if (georef->crs == EG_CRS_PROJECTED || georef->crs == EG_CRS_WEB_MERCATOR)
        json_exact(j, "unit_metres", georef->unit);
    if (georef->located)
        json_location(j, georef, info);
    if (georef->semi_major > 0) {
        json_exact(j, "semi_major", georef->semi_major);
        json_exact(j, "inverse_flattening", georef->inverse_flattening);
    }
    if (may_be_elevations(georef, info)) {
        char source[96];
        describe_source(georef, source, sizeof source);
        json_exact(j, "vertical_unit_metres",
                   georef->vertical_unit > 0 ? georef->vertical_unit : 1);
        json_text(j, "vertical_unit_source", source);
    }
    if (georef->has_nodata && isnan(georef->nodata))
        json_text(j, "nodata", "nan");
    else if (georef->has_nodata)
        json_exact(j, "nodata", georef->nodata);
    json_close(j, '}');
}
