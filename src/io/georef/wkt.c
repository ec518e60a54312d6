/* SPDX-License-Identifier: MIT */
/*
 * Parses coordinate systems in Well-Known Text: OGC 01-009 and ESRI's dialect of it (PROJCS, GEOGCS
 * ...), and ISO 19162 (PROJCRS, GEOGCRS ...). The text is a tree of KEYWORD["name", 1.5,
 * KEYWORD[...], north]. Only units, the ellipsoid and the names of Web Mercator are read.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"
#include "io/georef/georef_source.h"

enum { MAX_DEPTH = 32, NUMBERS = 2, WEB_MERCATOR = 3857 };

typedef enum keyword {
    OTHER,
    GEOGRAPHIC,
    PROJECTED,
    LOCAL, /* a plane not related to the earth */
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
    const struct node *parent; /* NULL: the outermost node */
    keyword keyword;
    const char *name; /* first string of the node; not terminated */
    size_t name_length;
    double numbers[NUMBERS];
    int count, strings;
} node;

typedef struct parser {
    const char *at, *end;
    eg_georef georef;
    bool web_mercator;
    double angular_unit; /* of the geographic system, in radians; 0: not given */
} parser;

/* ---- meaning of the nodes -------------------------------------------------------------------- */

/* Returns true if the node's name contains `words`, given in lower case. Case does not matter, and
 * '_' and '-' match a blank. */
static bool name_contains(const node *n, const char *words)
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

static bool is_web_mercator(const node *n)
{
    return name_contains(n, "pseudo mercator") || name_contains(n, "web mercator") ||
           name_contains(n, "mercator auxiliary sphere");
}

/* Sets the unit of the system that contains the node, or contains its AXIS. */
static void apply_unit(parser *p, const node *n)
{
    const node *owner = n->parent;
    if (owner && owner->keyword == AXIS)
        owner = owner->parent;
    bool angular = owner && owner->keyword == GEOGRAPHIC;
    if (!owner || n->keyword == (angular ? LENGTH_UNIT : ANGLE_UNIT) || n->count < 1 ||
        !(n->numbers[0] > 0) || !isfinite(n->numbers[0]))
        return;
    if (owner->keyword == PROJECTED || owner->keyword == LOCAL)
        p->georef.unit = n->numbers[0];
    else if (owner->keyword == VERTICAL)
        p->georef.vertical_unit = n->numbers[0];
    else if (angular)
        p->angular_unit = n->numbers[0];
}

/* Sets the ellipsoid. The first one in the text counts, because a second belongs to the target
 * system of a BOUNDCRS. */
static void apply_ellipsoid(parser *p, const node *n)
{
    double axis = n->numbers[0], flattening = n->numbers[1];
    if (p->georef.semi_major > 0 || n->count < 2 || !(axis > 0) || !isfinite(axis) ||
        !(flattening >= 0) || !isfinite(flattening))
        return;
    p->georef.semi_major = axis;
    p->georef.inverse_flattening = flattening;
}

/* Recognises Web Mercator's code: AUTHORITY["EPSG","3857"] or ID["EPSG",3857] of a projected
 * system. */
static void apply_code(parser *p, const node *n)
{
    if (n->parent && n->parent->keyword == PROJECTED && n->count == 1 &&
        n->numbers[0] == WEB_MERCATOR && name_contains(n, "epsg"))
        p->web_mercator = true;
}

/* Applies a complete node to p->georef. Inner nodes are applied before outer ones. */
static void apply_node(parser *p, const node *n)
{
    if (n->keyword == UNIT || n->keyword == LENGTH_UNIT || n->keyword == ANGLE_UNIT)
        apply_unit(p, n);
    else if (n->keyword == ELLIPSOID)
        apply_ellipsoid(p, n);
    else if (n->keyword == CODE)
        apply_code(p, n);
    else if (n->keyword == METHOD || n->keyword == PROJECTED)
        p->web_mercator |= is_web_mercator(n);
    if (n->keyword == PROJECTED || n->keyword == LOCAL)
        p->georef.crs = EG_CRS_PROJECTED;
    else if (n->keyword == GEOGRAPHIC && p->georef.crs == EG_CRS_UNKNOWN)
        p->georef.crs = EG_CRS_GEOGRAPHIC;
}

/* ---- parsing --------------------------------------------------------------------------------- */

/* Skips white space and returns the next character, '\0' at the end, without consuming it. */
static char peek(parser *p)
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

/* Parses a string. The first one of a node is its name; of the others, only numbers are kept. */
static bool parse_string(parser *p, node *n)
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

static bool parse_number(parser *p, node *n)
{
    double value;
    const char *end = eg_decimal_read(p->at, p->end, &value);
    if (!end)
        return false;
    add_number(n, value);
    p->at = end;
    return true;
}

static const char *parse_word(parser *p, size_t *length)
{
    const char *start = p->at;
    while (p->at < p->end && (isalnum((unsigned char)*p->at) || *p->at == '_'))
        p->at++;
    *length = (size_t)(p->at - start);
    return start;
}

static bool parse_node(parser *p, const node *parent, keyword kind, int depth);

/* Parses an element of a node: a string, a number, a bare word, or another node. */
static bool parse_element(parser *p, node *n, int depth)
{
    size_t length;
    char c = peek(p);
    if (c == '"')
        return parse_string(p, n);
    if (!isalpha((unsigned char)c))
        return parse_number(p, n);
    const char *word = parse_word(p, &length);
    c = peek(p);
    return (c != '[' && c != '(') || parse_node(p, n, find_keyword(word, length), depth + 1);
}

/* Parses a node from its opening bracket to its closing one, and applies it. */
static bool parse_node(parser *p, const node *parent, keyword kind, int depth)
{
    node n = {.parent = parent, .keyword = kind};
    char c = ',';
    if (depth > MAX_DEPTH)
        return false;
    for (p->at++; c == ','; p->at++) {
        if (!parse_element(p, &n, depth))
            return false;
        c = peek(p);
        if (c != ',' && c != ']' && c != ')')
            return false;
    }
    apply_node(p, &n);
    return true;
}

/* ---- the text -------------------------------------------------------------------------------- */

/* Converts an angular unit from radians to degrees; exactly 1 for a degree, which texts round in
 * different ways. */
static double unit_in_degrees(double radians)
{
    double ratio = radians / (M_PI / 180);
    return fabs(ratio - 1) < 1e-9 ? 1 : ratio;
}

bool eg_wkt_read(eg_georef *georef, const char *text)
{
    /* a '|' ends each text of the GeoTIFF keys */
    parser p = {.at = text, .end = text + strcspn(text, "|"), .georef = *georef};
    size_t length;
    p.georef.crs = EG_CRS_UNKNOWN;
    p.georef.semi_major = 0;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at += 3;
    peek(&p);
    const char *word = parse_word(&p, &length);
    char open = peek(&p);
    if (length == 0 || (open != '[' && open != '('))
        return false;
    if (!parse_node(&p, NULL, find_keyword(word, length), 1) || peek(&p) != '\0' ||
        p.georef.crs == EG_CRS_UNKNOWN)
        return false;
    if (p.georef.crs == EG_CRS_GEOGRAPHIC)
        p.georef.unit = p.angular_unit > 0 ? unit_in_degrees(p.angular_unit) : 1;
    else if (p.web_mercator)
        p.georef.crs = EG_CRS_WEB_MERCATOR;
    *georef = p.georef;
    return true;
}
