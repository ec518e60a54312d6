/* SPDX-License-Identifier: MIT */
/* Georeferencing data of a source, and units by name. */
#include "io/georef/georef_source.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/status.h"
#include "io/georef/arcinfo.h"
#include "io/georef/wkt.h"

void eg_georef_data_init(eg_georef_data *data)
{
    *data = (eg_georef_data){.georef = {.unit = 1}};
}

void eg_georef_data_free(eg_georef_data *data)
{
    eg_free(data->tags.keys);
    eg_free(data->tags.doubles);
    eg_free(data->tags.ascii);
    eg_free(data->tags.wkt);
    eg_free(data->tags.file);
    *data = (eg_georef_data){0};
}

bool eg_georef_data_known(const eg_georef_data *data)
{
    const eg_georef *georef = &data->georef;
    return georef->located || georef->has_nodata || georef->vertical_unit > 0 ||
           georef->crs != EG_CRS_UNKNOWN || data->tags.keys || data->tags.wkt;
}

/* Warns of codes that the table of coordinate systems lacks, and of texts that were not understood.
 */
static void warn(const eg_georef_data *data, eg_source *source)
{
    const eg_crs_doubts *doubts = &data->doubts;
    const bool degrees = data->georef.crs == EG_CRS_GEOGRAPHIC;
    if (doubts->horizontal[0])
        eg_source_warn(source,
                       "%s is not in the table of coordinate systems; its units are taken as %s "
                       "(set --cell-size and --vertical-unit)",
                       doubts->horizontal, degrees ? "degrees" : "metres");
    if (doubts->vertical[0] && data->georef.vertical_source == EG_VERTICAL_ASSUMED)
        eg_source_warn(source,
                       "%s is not in the table of coordinate systems; the unit of elevations is "
                       "taken as metres (set --vertical-unit)",
                       doubts->vertical);
    if (doubts->geocentric)
        eg_source_warn(source, "its coordinates are geocentric, in which cells have no size on the "
                               "ground; their units are taken as metres (set --cell-size)");
    if (data->prj_ignored && data->georef.crs == EG_CRS_UNKNOWN)
        eg_source_warn(source, "the text of its coordinate system is not understood and ignored; "
                               "units are taken as metres (set --cell-size and --vertical-unit)");
}

void eg_georef_data_publish(eg_georef_data *data, eg_source *source)
{
    data->georef.tags = &data->tags;
    source->georef = eg_georef_data_known(data) ? &data->georef : NULL;
    source->nodata_default = data->nodata_default;
    warn(data, source);
}

bool eg_system_read(eg_georef *georef, eg_crs_doubts *doubts, eg_crs_code *code, const char *text)
{
    eg_crs_codes codes;
    *code = (eg_crs_code){0};
    if (eg_crs_codes_read(&codes, text)) {
        eg_georef_apply_codes(georef, &codes, doubts);
        return true;
    }
    return eg_wkt_read(georef, doubts, text) || eg_arcinfo_read(georef, code, text);
}

void eg_georef_data_set_system(eg_georef_data *data, char *text)
{
    const eg_georef before = data->georef;
    eg_crs_code code;
    data->prj_ignored = !eg_system_read(&data->georef, &data->doubts, &code, text);
    if (before.vertical_unit > 0)
        eg_georef_set_vertical(&data->georef, before.vertical_unit, before.vertical_source,
                               before.vertical_origin, strlen(before.vertical_origin));
    if (code.code && strlen(text) >= EG_CRS_NAME) /* other programs do not read these texts */
        eg_crs_code_print(code, text);
    eg_free(data->tags.wkt);
    data->tags.wkt = text;
}

eg_status eg_georef_set_system(eg_georef *georef, const char *text, eg_error *error)
{
    eg_crs_doubts doubts = {.horizontal = ""};
    eg_crs_code code;
    if (!eg_system_read(georef, &doubts, &code, text))
        return eg_fail(error, EG_BAD_INPUT, "the text of its coordinate system is not understood");
    if (doubts.geocentric)
        return eg_fail(error, EG_UNSUPPORTED,
                       "its coordinates are geocentric, in which cells have no size on the ground");
    const char *unknown = doubts.horizontal[0] ? doubts.horizontal : doubts.vertical;
    if (*unknown)
        return eg_fail(
            error, EG_UNSUPPORTED,
            "%s is not in the table of coordinate systems; its units are taken as %s", unknown,
            doubts.horizontal[0] && georef->crs == EG_CRS_GEOGRAPHIC ? "degrees" : "metres");
    return EG_OK;
}

/* ---- units ----------------------------------------------------------------------------------- */

/* Names of units of length, in lower case, and their size in metres. */
static const struct {
    const char *name;
    double metres;
} unit_names[] = {
    {"m", 1},
    {"metre", 1},
    {"metres", 1},
    {"meter", 1},
    {"meters", 1},
    {"km", 1000},
    {"kilometre", 1000},
    {"kilometres", 1000},
    {"kilometer", 1000},
    {"kilometers", 1000},
    {"dm", 0.1},
    {"decimetre", 0.1},
    {"decimetres", 0.1},
    {"decimeter", 0.1},
    {"decimeters", 0.1},
    {"cm", 0.01},
    {"centimetre", 0.01},
    {"centimetres", 0.01},
    {"centimeter", 0.01},
    {"centimeters", 0.01},
    {"mm", 0.001},
    {"millimetre", 0.001},
    {"millimetres", 0.001},
    {"millimeter", 0.001},
    {"millimeters", 0.001},
    {"ft", 0.3048},
    {"foot", 0.3048},
    {"feet", 0.3048},
    {"foot_intl", 0.3048},
    {"international foot", 0.3048},
    {"international feet", 0.3048},
    {"us survey foot", 1200.0 / 3937},
    {"us survey feet", 1200.0 / 3937},
    {"survey foot", 1200.0 / 3937},
    {"foot_us", 1200.0 / 3937},
    {"us_ft", 1200.0 / 3937},
    {"us-ft", 1200.0 / 3937},
    {"us_foot", 1200.0 / 3937},
    {"us foot", 1200.0 / 3937},
    {"us feet", 1200.0 / 3937},
    {"ftus", 1200.0 / 3937},
    {"sft", 1200.0 / 3937},
    {"yd", 0.9144},
    {"yard", 0.9144},
    {"yards", 0.9144},
    {"in", 0.0254},
    {"inch", 0.0254},
    {"inches", 0.0254},
    {"fathom", 1.8288},
    {"fathoms", 1.8288},
};

double eg_unit_metres(const char *name, size_t length)
{
    for (; length > 0 && (unsigned char)*name <= ' '; length--)
        name++;
    for (; length > 0 && (unsigned char)name[length - 1] <= ' '; length--)
        ;
    for (size_t i = 0; i < sizeof unit_names / sizeof *unit_names; i++)
        if (strlen(unit_names[i].name) == length &&
            strncasecmp(unit_names[i].name, name, length) == 0)
            return unit_names[i].metres;
    return 0;
}

const char *eg_unit_name(double metres)
{
    static const struct {
        double metres;
        const char *name;
    } units[] = {
        {1, "metre"},          {0.3048, "foot"},   {1200.0 / 3937, "US survey foot"},
        {1000, "kilometre"},   {0.1, "decimetre"}, {0.01, "centimetre"},
        {0.001, "millimetre"}, {0.9144, "yard"},   {1.8288, "fathom"},
        {0.0254, "inch"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (fabs(metres / units[i].metres - 1) < 1e-9)
            return units[i].name;
    return NULL;
}

void eg_georef_set_unit(eg_georef *georef, const char *name, eg_vertical_source source,
                        const char *origin)
{
    size_t length = strlen(name);
    double metres = eg_unit_metres(name, length);
    if (metres > 0)
        eg_georef_set_vertical(georef, metres, source, origin, strlen(origin));
    else if (length > strspn(name, " \t\r\n") && georef->vertical_unit <= 0)
        eg_georef_set_vertical(georef, 0, EG_VERTICAL_UNKNOWN, name, length);
}
