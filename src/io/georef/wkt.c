/* SPDX-License-Identifier: MIT */
/*
 * Coordinate systems in Well-Known Text: OGC 01-009 and ESRI's dialect of it (PROJCS, GEOGCS ...),
 * and ISO 19162 (PROJCRS, GEOGCRS ...). Of the tree KEYWORD["name", 1.5, KEYWORD[...], north] only
 * units, the ellipsoid and the names by which Web Mercator goes are of use here.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"
#include "io/georef/georef_source.h"

enum { DEPTH_MOST = 32, NUMBERS = 2, WEB_MERCATOR = 3857 };

typedef enum keyword {
    OTHER,
    GEOGRAPHIC,
    PROJECTED,
    LOCAL, /* a plane without a place on earth */
    VERTICAL,
    ELLIPSOID,
    UNIT,
    LENGTH_UNIT,
    ANGLE_UNIT,
    AXIS,
    METHOD,
    CODE
} keyword;

static const struct {
    const char *name;
    keyword keyword;
} keywords[] = {
    {"PROJCS", PROJECTED},
    {"PROJCRS", PROJECTED},
    {"PROJECTEDCRS", PROJECTED},
    {"GEOGCS", GEOGRAPHIC},
    {"GEOGCRS", GEOGRAPHIC},
    {"GEOGRAPHICCRS", GEOGRAPHIC},
    {"GEODCRS", GEOGRAPHIC},
    {"GEODETICCRS", GEOGRAPHIC},
    {"VERT_CS", VERTICAL},
    {"BASEGEOGCRS", GEOGRAPHIC},
    {"BASEGEODCRS", GEOGRAPHIC},
    {"VERTCS", VERTICAL},
    {"VERTCRS", VERTICAL},
    {"VERTICALCRS", VERTICAL},
    {"LOCAL_CS", LOCAL},
    {"ENGCRS", LOCAL},
    {"ENGINEERINGCRS", LOCAL},
    {"SPHEROID", ELLIPSOID},
    {"ELLIPSOID", ELLIPSOID},
    {"UNIT", UNIT},
    {"LENGTHUNIT", LENGTH_UNIT},
    {"ANGLEUNIT", ANGLE_UNIT},
    {"AXIS", AXIS},
    {"PROJECTION", METHOD},
    {"METHOD", METHOD},
    {"AUTHORITY", CODE},
    {"ID", CODE},
};

typedef struct node {
    const struct node *above; /* NULL: the whole */
    keyword keyword;
    const char *name; /* its first string; not terminated */
    size_t name_length;
    double numbers[NUMBERS];
    int count, strings;
} node;

typedef struct parser {
    const char *at, *end;
    eg_georef found;
    bool mercator;
    double angle; /* radians in a unit of the geographic system; 0: not said */
} parser;

/* ---- what nodes say -------------------------------------------------------------------------- */

/* Whether the name holds `words`, in any case; blank, '_' and '-' are one. */
static bool name_holds(const node *n, const char *words)
{
    size_t length = strlen(words);
    for (size_t from = 0; from + length <= n->name_length; from++) {
        size_t i = 0;
        for (; i < length; i++) {
            char c = n->name[from + i];
            if (tolower((unsigned char)(c == '_' || c == '-' ? ' ' : c)) != words[i])
                break;
        }
        if (i == length)
            return true;
    }
    return false;
}

static bool named_web_mercator(const node *n)
{
    return name_holds(n, "pseudo mercator") || name_holds(n, "web mercator") ||
           name_holds(n, "mercator auxiliary sphere");
}

/* A unit belongs to what it stands in, or to that of its axis. */
static void apply_unit(parser *p, const node *n)
{
    const node *owner = n->above;
    if (owner && owner->keyword == AXIS)
        owner = owner->above;
    bool angle = owner && owner->keyword == GEOGRAPHIC;
    if (!owner || n->keyword == (angle ? LENGTH_UNIT : ANGLE_UNIT) || n->count < 1 ||
        !(n->numbers[0] > 0) || !isfinite(n->numbers[0]))
        return;
    if (owner->keyword == PROJECTED || owner->keyword == LOCAL)
        p->found.unit = n->numbers[0];
    else if (owner->keyword == VERTICAL)
        p->found.vertical_unit = n->numbers[0];
    else if (angle)
        p->angle = n->numbers[0];
}

/* The first counts: a second one is that of a system to which the text tells the way. */
static void apply_ellipsoid(parser *p, const node *n)
{
    double axis = n->numbers[0], flattening = n->numbers[1];
    if (p->found.semi_major > 0 || n->count < 2 || !(axis > 0) || !isfinite(axis) ||
        !(flattening >= 0) || !isfinite(flattening))
        return;
    p->found.semi_major = axis;
    p->found.inverse_flattening = flattening;
}

/* "EPSG","3857" has its number in quotation marks, "EPSG",3857 not. */
static void apply_code(parser *p, const node *n)
{
    if (n->above && n->above->keyword == PROJECTED && n->count == 1 &&
        n->numbers[0] == WEB_MERCATOR && name_holds(n, "epsg"))
        p->mercator = true;
}

/* Called when the node is complete, so for what is inside it first. */
static void apply(parser *p, const node *n)
{
    if (n->keyword == UNIT || n->keyword == LENGTH_UNIT || n->keyword == ANGLE_UNIT)
        apply_unit(p, n);
    else if (n->keyword == ELLIPSOID)
        apply_ellipsoid(p, n);
    else if (n->keyword == CODE)
        apply_code(p, n);
    else if (n->keyword == METHOD || n->keyword == PROJECTED)
        p->mercator |= named_web_mercator(n);
    if (n->keyword == PROJECTED || n->keyword == LOCAL)
        p->found.crs = EG_CRS_PROJECTED;
    else if (n->keyword == GEOGRAPHIC && p->found.crs == EG_CRS_UNKNOWN)
        p->found.crs = EG_CRS_GEOGRAPHIC;
}

/* ---- the tree -------------------------------------------------------------------------------- */

static char next(parser *p)
{
    while (p->at < p->end && isspace((unsigned char)*p->at))
        p->at++;
    return p->at < p->end ? *p->at : '\0';
}

static keyword find_keyword(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strlen(keywords[i].name) == length && strncasecmp(keywords[i].name, name, length) == 0)
            return keywords[i].keyword;
    return OTHER;
}

static void add_number(node *n, double value)
{
    if (n->count < NUMBERS)
        n->numbers[n->count++] = value;
}

/* The first string is the name; of others only those that are numbers count. */
static bool take_string(parser *p, node *n)
{
    const char *start = ++p->at;
    double value;
    while (p->at < p->end && *p->at != '"')
        p->at++;
    if (p->at == p->end)
        return false;
    if (n->strings++ == 0) {
        n->name = start;
        n->name_length = (size_t)(p->at - start);
    } else if (eg_decimal_read(start, p->at, &value) == p->at) {
        add_number(n, value);
    }
    p->at++;
    return true;
}

static bool take_number(parser *p, node *n)
{
    double value;
    const char *behind = eg_decimal_read(p->at, p->end, &value);
    if (!behind)
        return false;
    add_number(n, value);
    p->at = behind;
    return true;
}

static const char *take_word(parser *p, size_t *length)
{
    const char *start = p->at;
    while (p->at < p->end && (isalnum((unsigned char)*p->at) || *p->at == '_'))
        p->at++;
    *length = (size_t)(p->at - start);
    return start;
}

static bool take_node(parser *p, const node *above, keyword kind, int depth);

/* What may stand between brackets: a string, a number, a bare word, or a node. */
static bool take_part(parser *p, node *n, int depth)
{
    size_t length;
    char c = next(p);
    if (c == '"')
        return take_string(p, n);
    if (!isalpha((unsigned char)c))
        return take_number(p, n);
    const char *word = take_word(p, &length);
    c = next(p);
    return (c != '[' && c != '(') || take_node(p, n, find_keyword(word, length), depth + 1);
}

/* From its opening bracket to its closing one. */
static bool take_node(parser *p, const node *above, keyword kind, int depth)
{
    node n = {.above = above, .keyword = kind};
    char c = ',';
    if (depth > DEPTH_MOST)
        return false;
    for (p->at++; c == ','; p->at++) {
        if (!take_part(p, &n, depth))
            return false;
        c = next(p);
        if (c != ',' && c != ']' && c != ')')
            return false;
    }
    apply(p, &n);
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Degrees in an angular unit; texts round pi / 180 in many ways. */
static double degrees(double radians)
{
    double ratio = radians / (M_PI / 180);
    return fabs(ratio - 1) < 1e-9 ? 1 : ratio;
}

bool eg_wkt_read(eg_georef *georef, const char *text)
{
    /* A bar ends the texts of GeoTIFF's keys. */
    parser p = {.at = text, .end = text + strcspn(text, "|"), .found = *georef};
    size_t length;
    p.found.crs = EG_CRS_UNKNOWN;
    p.found.semi_major = 0;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at += 3;
    next(&p);
    const char *word = take_word(&p, &length);
    char open = next(&p);
    if (length == 0 || (open != '[' && open != '('))
        return false;
    if (!take_node(&p, NULL, find_keyword(word, length), 1) || next(&p) != '\0' ||
        p.found.crs == EG_CRS_UNKNOWN)
        return false;
    if (p.found.crs == EG_CRS_GEOGRAPHIC)
        p.found.unit = p.angle > 0 ? degrees(p.angle) : 1;
    else if (p.mercator)
        p.found.crs = EG_CRS_WEB_MERCATOR;
    *georef = p.found;
    return true;
}
