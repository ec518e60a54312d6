/* SPDX-License-Identifier: MIT */
/*
 * Reads the .prj files of ARC/INFO, which older elevation models have:
 *     Projection    UTM
 *     Zone          10
 *     Datum         NAD83
 *     Zunits        METERS
 *     Units         METERS
 *     Spheroid      GRS1980
 *     Parameters
 * FEET are US survey feet, as ARC/INFO and GDAL take them; a number is the units in a metre.
 */
#include "io/georef/arcinfo.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"

enum { WORD = 32, UTM_ZONES = 60 };

/* The words after the keys, in capitals; "": not given. */
typedef struct lines {
    char projection[WORD], zone[WORD], datum[WORD], spheroid[WORD], units[WORD], z_units[WORD],
        y_shift[WORD];
} lines;

/* Datums and spheroids, the geographic system on them, and the code of UTM zone 0 in the datum. */
static const struct reference {
    const char *name;
    unsigned geographic, utm;
} references[] = {
    {"NAD83", 4269, 26900}, {"NAR", 4269, 26900},
    {"NAD27", 4267, 26700}, {"NAS", 4267, 26700},
    {"WGS84", 4326, 32600}, {"WGE", 4326, 32600},
    {"WGS72", 4322, 32200}, {"WGC", 4322, 32200},
    {"EUR", 4230, 23000},   {"GRS1980", 4269, 0},
    {"GRS80", 4269, 0},     {"CLARKE1866", 4267, 0},
    {"AIRY", 4277, 0},      {"BESSEL", 4314, 0},
    {"INT1909", 4230, 0},   {"INTERNATIONAL1909", 4230, 0},
    {"KRASOVSKY", 4284, 0},
};

/* Stores the first word after the key at `line` if the key is `key`. */
static void read_line(char word[WORD], const char *line, size_t length, const char *key)
{
    size_t at = strlen(key), count = 0;
    if (length <= at || strncasecmp(line, key, at) != 0 || !isspace((unsigned char)line[at]))
        return;
    while (at < length && isspace((unsigned char)line[at]))
        at++;
    for (; at < length && !isspace((unsigned char)line[at]) && count < WORD - 1; at++)
        word[count++] = (char)toupper((unsigned char)line[at]);
    word[count] = '\0';
}

static void read_lines(lines *l, const char *text)
{
    for (size_t length; *text; text += length + (text[length] != '\0')) {
        length = strcspn(text, "\r\n");
        read_line(l->projection, text, length, "Projection");
        read_line(l->zone, text, length, "Zone");
        read_line(l->datum, text, length, "Datum");
        read_line(l->spheroid, text, length, "Spheroid");
        read_line(l->units, text, length, "Units");
        read_line(l->z_units, text, length, "Zunits");
        read_line(l->y_shift, text, length, "Yshift");
    }
}

/* Returns the metres in a unit; 0: unknown. */
static double unit_metres(const char *unit)
{
    double count;
    if (strcmp(unit, "METERS") == 0 || strcmp(unit, "METRES") == 0)
        return 1;
    if (strcmp(unit, "FEET") == 0)
        return 1200.0 / 3937;
    return eg_decimal_only(unit, strlen(unit), &count) && count > 0 && isfinite(count) ? 1 / count
                                                                                       : 0;
}

/* Returns the degrees in a unit of a geographic system; 0: unknown. */
static double unit_degrees(const char *unit)
{
    static const struct {
        const char *name;
        double degrees;
    } units[] = {{"DD", 1}, {"DEGREES", 1}, {"DM", 1.0 / 60}, {"DS", 1.0 / 3600}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].degrees;
    return 0;
}

static const struct reference *find_reference(const char *name)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (strcmp(references[i].name, name) == 0)
            return &references[i];
    return NULL;
}

/* Returns the EPSG code of the system in its usual unit; 0: it has none. */
static unsigned find_system(const lines *l, const struct reference *datum, double unit)
{
    double zone, shift;
    if (!datum || !datum->utm || unit != 1)
        return 0;
    if (strcmp(l->projection, "GEOGRAPHIC") == 0)
        return datum->geographic;
    bool north = !eg_decimal_only(l->y_shift, strlen(l->y_shift), &shift) || shift == 0;
    bool utm = strcmp(l->projection, "UTM") == 0 &&
               eg_decimal_only(l->zone, strlen(l->zone), &zone) && zone >= 1 && zone <= UTM_ZONES &&
               zone == floor(zone);
    return utm && north ? datum->utm + (unsigned)zone : 0;
}

bool eg_arcinfo_read(eg_georef *georef, eg_crs_code *code, const char *text)
{
    static const char origin[] = "Zunits of its coordinate system";
    lines l = {0};
    eg_crs_definition d = {0};
    read_lines(&l, text);
    const bool geographic = strcmp(l.projection, "GEOGRAPHIC") == 0;
    const double unit = geographic ? unit_degrees(l.units) : unit_metres(l.units);
    if (!*l.projection || unit <= 0)
        return false;
    const struct reference *datum = find_reference(l.datum), *spheroid = find_reference(l.spheroid);
    const struct reference *known = spheroid ? spheroid : datum;
    if (known && eg_crs_find(EG_AUTHORITY_EPSG, known->geographic, &d)) {
        georef->semi_major = d.semi_major;
        georef->inverse_flattening = d.inverse_flattening;
    }
    georef->crs = geographic ? EG_CRS_GEOGRAPHIC : EG_CRS_PROJECTED;
    georef->unit = unit;
    if (unit_metres(l.z_units) > 0)
        eg_georef_set_vertical(georef, unit_metres(l.z_units), EG_VERTICAL_SYSTEM, origin,
                               sizeof origin - 1);
    unsigned found = find_system(&l, datum, unit);
    *code = (eg_crs_code){EG_AUTHORITY_EPSG, eg_crs_find(EG_AUTHORITY_EPSG, found, &d) ? found : 0};
    return true;
}
