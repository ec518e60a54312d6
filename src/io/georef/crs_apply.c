/* SPDX-License-Identifier: MIT */
/* Coordinate systems given by a code instead of a description. */
#include "io/georef/crs_apply.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { EPSG_MAX = 32767, EPSG_WGS84 = 4326 };

static const char *const authorities[EG_AUTHORITY_COUNT] = {
    [EG_AUTHORITY_EPSG] = "EPSG",
    [EG_AUTHORITY_ESRI] = "ESRI",
    [EG_AUTHORITY_IAU_2015] = "IAU_2015",
};

/* ---- texts ----------------------------------------------------------------------------------- */

bool eg_crs_authority_find(const char *name, size_t length, eg_crs_authority *authority)
{
    for (int i = 0; i < EG_AUTHORITY_COUNT; i++)
        if (strlen(authorities[i]) == length && strncasecmp(authorities[i], name, length) == 0) {
            *authority = (eg_crs_authority)i;
            return true;
        }
    return false;
}

void eg_crs_code_print(eg_crs_code code, char out[EG_CRS_NAME])
{
    snprintf(out, EG_CRS_NAME, "%s:%u", authorities[code.authority], code.code);
}

/* Parses digits that are the whole text; false if they are not, or the number is 0 or too large. */
static bool read_number(const char *text, size_t length, unsigned *number)
{
    unsigned value = 0;
    if (length == 0 || length > 9)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        value = 10 * value + (unsigned)(text[i] - '0');
    }
    *number = value;
    return value > 0;
}

/* Parses "EPSG:2227" or "EPSG:version:2227", with ':' or '/' between the parts. Without an
 * authority that of *code remains, if `bare` is true. */
static bool read_code(const char *text, size_t length, bool bare, eg_crs_code *code)
{
    static const char crs84[] = "OGC:CRS84";
    const char *end = text + length, *last = end;
    size_t first = 0;
    while (first < length && text[first] != ':' && text[first] != '/')
        first++;
    while (last > text && last[-1] != ':' && last[-1] != '/')
        last--;
    if (length == sizeof crs84 - 1 && strncasecmp(text, crs84, length) == 0) {
        *code = (eg_crs_code){EG_AUTHORITY_EPSG, EPSG_WGS84};
        return true;
    }
    if (first == length)
        return bare && read_number(text, length, &code->code);
    return eg_crs_authority_find(text, first, &code->authority) &&
           read_number(last, (size_t)(end - last), &code->code);
}

/* Returns the text after the prefix of a URN or URL, or the text itself. */
static const char *skip_prefix(const char *text)
{
    static const char *const prefixes[] = {
        "urn:ogc:def:crs:",
        "urn:x-ogc:def:crs:",
        "urn:ogc:def:crs,crs:",
        "http://www.opengis.net/def/crs/",
        "https://www.opengis.net/def/crs/",
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncasecmp(text, prefixes[i], strlen(prefixes[i])) == 0)
            return text + strlen(prefixes[i]);
    return text;
}

bool eg_crs_codes_read(eg_crs_codes *codes, const char *text)
{
    static const char urn_separator[] = ",crs:";
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    while (isspace((unsigned char)*text))
        text++;
    text = skip_prefix(text);
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    size_t first = strcspn(text, "+,");
    if (first > length)
        first = length;
    eg_crs_codes made = {0};
    if (!read_code(text, first, false, &made.horizontal))
        return false;
    made.vertical.authority = made.horizontal.authority;
    if (first < length) {
        bool urn = strncasecmp(text + first, urn_separator, sizeof urn_separator - 1) == 0;
        size_t next = first + (urn ? sizeof urn_separator - 1 : 1);
        if ((!urn && text[first] == ',') || next > length ||
            !read_code(text + next, length - next, true, &made.vertical))
            return false;
    }
    *codes = made;
    return true;
}

/* ---- georeferencing -------------------------------------------------------------------------- */

void eg_georef_set_vertical(eg_georef *georef, double metres, eg_vertical_source source,
                            const char *origin, size_t length)
{
    const size_t most = sizeof georef->vertical_origin - 1;
    length = length < most ? length : most;
    georef->vertical_unit = metres;
    georef->vertical_source = source;
    memset(georef->vertical_origin, 0, sizeof georef->vertical_origin);
    memcpy(georef->vertical_origin, origin, length);
}

bool eg_crs_code_find(eg_crs_code *code, eg_crs_definition *definition)
{
    if (eg_crs_find(code->authority, code->code, definition))
        return true;
    if (code->authority != EG_AUTHORITY_EPSG || code->code <= EPSG_MAX ||
        !eg_crs_find(EG_AUTHORITY_ESRI, code->code, definition))
        return false;
    code->authority = EG_AUTHORITY_ESRI;
    return true;
}

bool eg_georef_apply_code(eg_georef *georef, eg_crs_authority authority, unsigned code)
{
    eg_crs_code found = {authority, code};
    eg_crs_definition d;
    if (!eg_crs_code_find(&found, &d) || d.kind == EG_CRS_KIND_OTHER)
        return false;
    if (d.crs != EG_CRS_UNKNOWN) {
        bool sphere = d.crs == EG_CRS_WEB_MERCATOR && d.inverse_flattening == 0;
        georef->crs = d.crs;
        georef->unit = d.unit;
        georef->semi_major = sphere ? 6378137 : d.semi_major;
        georef->inverse_flattening = sphere ? 298.257223563 : d.inverse_flattening;
    }
    if (d.vertical_unit > 0) {
        char name[EG_CRS_NAME];
        eg_crs_code_print(found, name);
        eg_georef_set_vertical(georef, d.vertical_unit, EG_VERTICAL_SYSTEM, name, strlen(name));
    }
    return true;
}

void eg_georef_apply_codes(eg_georef *georef, const eg_crs_codes *codes, eg_crs_doubts *doubts)
{
    eg_crs_code horizontal = codes->horizontal, vertical = codes->vertical;
    eg_crs_definition d;
    if (!eg_crs_code_find(&horizontal, &d))
        eg_crs_code_print(horizontal, doubts->horizontal);
    else if (d.kind == EG_CRS_KIND_OTHER)
        doubts->geocentric = true;
    else
        eg_georef_apply_code(georef, horizontal.authority, horizontal.code);
    if (vertical.code == 0)
        return;
    if (eg_crs_code_find(&vertical, &d) && d.kind == EG_CRS_KIND_VERTICAL)
        eg_georef_apply_code(georef, vertical.authority, vertical.code);
    else
        eg_crs_code_print(vertical, doubts->vertical);
}
