/* SPDX-License-Identifier: MIT */
/*
 * Parses coordinate systems in Well-Known Text: OGC 01-009 and ESRI's dialect of it (PROJCS, GEOGCS
 * ...), and ISO 19162 (PROJCRS, GEOGCRS ...). The text is a tree of KEYWORD["name", 1.5,
 * KEYWORD[...], north]. Only units, the ellipsoid, codes and the names of Web Mercator are read.
 * Codes give what the text lacks.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/decimal.h"
#include "io/georef/wkt.h"

enum { MAX_DEPTH = 32, NUMBERS = 2 };

typedef enum keyword {
    OTHER,
    GEOGRAPHIC,
    PROJECTED,
    LOCAL, /* a plane not related to the earth */
    VERTICAL,
    COMPOUND,
    GEOCENTRIC,
    KINDS, /* number of kinds of systems; the others are parts of them */
    ELLIPSOID,
    UNIT,
    LENGTH_UNIT,
    ANGLE_UNIT,
    HEIGHT_UNIT, /* ESRI's, of a geographic system with heights */
    AXIS,
    AXES,
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
    {"COMPD_CS", COMPOUND},
    {"COMPOUNDCRS", COMPOUND},
    {"GEOCCS", GEOCENTRIC},
    {"SPHEROID", ELLIPSOID},
    {"ELLIPSOID", ELLIPSOID},
    {"UNIT", UNIT},
    {"LENGTHUNIT", LENGTH_UNIT},
    {"ANGLEUNIT", ANGLE_UNIT},
    {"LINUNIT", HEIGHT_UNIT},
    {"AXIS", AXIS},
    {"CS", AXES},
    {"PROJECTION", METHOD},
    {"METHOD", METHOD},
    {"AUTHORITY", CODE},
    {"ID", CODE},
};

typedef struct node {
    const struct node *parent; /* NULL: the outermost node */
    keyword keyword;
    const char *start; /* first character of the keyword */
    const char *name;  /* first string of the node; not terminated */
    size_t name_length;
    const char *word; /* first bare word of the node, such as the direction of an axis */
    size_t word_length;
    double numbers[NUMBERS];
    int count, strings;
} node;

typedef struct parser {
    const char *at, *end;
    eg_georef georef;
    bool web_mercator;
    double unit;          /* of the plane, in metres; 0: not given */
    double angular_unit;  /* of the geographic system, in radians; 0: not given */
    double vertical_unit; /* in metres; 0: not given */
    bool up, common;      /* there is a vertical axis; all axes have one unit of length */
    bool geocentric;
    eg_crs_code codes[KINDS]; /* first code of each kind of system */
    const char *horizontal;   /* the horizontal system of a compound one, or the only one */
    size_t horizontal_length;
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

static bool has_word(const node *n, const char *word)
{
    return n->word_length == strlen(word) && strncasecmp(n->word, word, n->word_length) == 0;
}

/* Sets the unit of the system that contains the node, or contains its AXIS. */
static void apply_unit(parser *p, const node *n)
{
    const node *owner = n->parent, *axis = NULL;
    if (owner && owner->keyword == AXIS) {
        axis = owner;
        owner = owner->parent;
    }
    bool up =
        n->keyword == HEIGHT_UNIT || (axis && (has_word(axis, "up") || has_word(axis, "down")));
    bool angular = owner && owner->keyword == GEOGRAPHIC && !up;
    if (!owner || n->keyword == (angular ? LENGTH_UNIT : ANGLE_UNIT) || n->count < 1 ||
        !(n->numbers[0] > 0) || !isfinite(n->numbers[0]))
        return;
    if (owner->keyword == VERTICAL ||
        (up && (owner->keyword == PROJECTED || owner->keyword == GEOGRAPHIC)))
        p->vertical_unit = n->numbers[0];
    else if (owner->keyword == PROJECTED || owner->keyword == LOCAL)
        p->unit = n->numbers[0];
    else if (angular)
        p->angular_unit = n->numbers[0];
    p->common |= owner->keyword == PROJECTED && n->keyword == LENGTH_UNIT && !axis;
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

/* Keeps the code of a system: AUTHORITY["EPSG","3857"] or ID["EPSG",3857]. */
static void apply_code(parser *p, const node *n)
{
    eg_crs_authority authority;
    if (!n->parent || n->parent->keyword == OTHER || n->parent->keyword >= KINDS || n->count < 1 ||
        !(n->numbers[0] >= 1) || !(n->numbers[0] < 1e9) ||
        !eg_crs_authority_find(n->name, n->name_length, &authority))
        return;
    eg_crs_code *code = &p->codes[n->parent->keyword];
    if (code->code == 0)
        *code = (eg_crs_code){authority, (unsigned)n->numbers[0]};
}

/* Applies a complete system to p->georef. */
static void apply_system(parser *p, const node *n)
{
    if (n->keyword == PROJECTED || n->keyword == LOCAL)
        p->georef.crs = EG_CRS_PROJECTED;
    else if (n->keyword == GEOGRAPHIC && p->georef.crs == EG_CRS_UNKNOWN)
        p->georef.crs = EG_CRS_GEOGRAPHIC;
    else if (n->keyword == GEOCENTRIC)
        p->geocentric = true;
    bool outer = !n->parent || n->parent->keyword == COMPOUND;
    bool plane = n->keyword == PROJECTED || n->keyword == LOCAL;
    if (outer && !p->horizontal && (plane || n->keyword == GEOGRAPHIC)) {
        p->horizontal = n->start;
        p->horizontal_length = (size_t)(p->at - n->start);
    }
}

/* Applies a complete node, which ends at p->at. Inner nodes are applied before outer ones. */
static void apply_node(parser *p, const node *n)
{
    if (n->keyword >= UNIT && n->keyword <= HEIGHT_UNIT)
        apply_unit(p, n);
    else if (n->keyword == ELLIPSOID)
        apply_ellipsoid(p, n);
    else if (n->keyword == CODE)
        apply_code(p, n);
    else if (n->keyword == METHOD || n->keyword == PROJECTED)
        p->web_mercator |= is_web_mercator(n);
    else if (n->keyword == AXIS)
        p->up |= has_word(n, "up");
    /* a geodetic system with axes x, y and z is geocentric */
    if (n->keyword == AXES && has_word(n, "Cartesian") && n->parent &&
        n->parent->keyword == GEOGRAPHIC)
        p->geocentric = true;
    apply_system(p, n);
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

static bool parse_node(parser *p, const node *parent, const char *start, size_t length, int depth);

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
    if (c == '[' || c == '(')
        return parse_node(p, n, word, length, depth + 1);
    if (!n->word) {
        n->word = word;
        n->word_length = length;
    }
    return true;
}

/* Parses a node whose keyword was parsed, from its opening bracket to its closing one, and applies
 * it. */
static bool parse_node(parser *p, const node *parent, const char *start, size_t length, int depth)
{
    node n = {.parent = parent, .keyword = find_keyword(start, length), .start = start};
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

/* Parses the text: one system, or in ESRI's dialect several separated by commas. */
static bool parse_text(parser *p, const char *text)
{
    size_t length;
    *p = (parser){.at = text, .end = text + strcspn(text, "|")}; /* ends texts of GeoTIFF keys */
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        p->at += 3;
    for (;;) {
        peek(p);
        const char *word = parse_word(p, &length);
        char open = peek(p);
        if (length == 0 || (open != '[' && open != '(') || !parse_node(p, NULL, word, length, 1))
            return false;
        if (peek(p) != ',')
            return peek(p) == '\0';
        p->at++;
    }
}

/* Sets what the text lacks of the horizontal part from the definition of a code. */
static void fill_from_code(parser *p, const eg_crs_definition *d)
{
    bool geographic = p->georef.crs == EG_CRS_GEOGRAPHIC;
    if (p->georef.semi_major <= 0) {
        p->georef.semi_major = d->semi_major;
        p->georef.inverse_flattening = d->inverse_flattening;
    }
    if (d->unit > 0 && geographic == (d->crs == EG_CRS_GEOGRAPHIC)) {
        if (p->georef.unit <= 0)
            p->georef.unit = d->unit;
        p->web_mercator |= d->crs == EG_CRS_WEB_MERCATOR;
    }
}

/* Completes the horizontal part from the codes of the system, of the compound system and, for the
 * ellipsoid, of the geographic system of a projected one. */
static void finish_horizontal(parser *p, eg_crs_doubts *doubts)
{
    bool geographic = p->georef.crs == EG_CRS_GEOGRAPHIC;
    const keyword kinds[] = {geographic ? GEOGRAPHIC : PROJECTED, COMPOUND, GEOGRAPHIC};
    p->georef.unit = !geographic           ? p->unit
                     : p->angular_unit > 0 ? unit_in_degrees(p->angular_unit)
                                           : 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        eg_crs_definition d;
        if (p->codes[kinds[i]].code && eg_crs_code_find(&p->codes[kinds[i]], &d))
            fill_from_code(p, &d);
    }
    if (p->georef.unit <= 0) {
        if (p->codes[kinds[0]].code)
            eg_crs_code_print(p->codes[kinds[0]], doubts->horizontal);
        p->georef.unit = 1;
    }
    if (!geographic && p->web_mercator)
        p->georef.crs = EG_CRS_WEB_MERCATOR;
}

/* Sets the vertical unit, from the text or else from a code. */
static void finish_vertical(parser *p, eg_crs_doubts *doubts)
{
    static const char unnamed[] = "its coordinate system";
    const keyword kinds[] = {VERTICAL, COMPOUND, PROJECTED, GEOGRAPHIC};
    double metres = p->vertical_unit > 0 ? p->vertical_unit : p->up && p->common ? p->unit : 0;
    char name[EG_CRS_NAME] = "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        eg_crs_definition d;
        eg_crs_code *code = &p->codes[kinds[i]];
        if (!code->code)
            continue;
        bool known = eg_crs_code_find(code, &d);
        bool names_it = kinds[i] == VERTICAL || (known && d.vertical_unit > 0);
        if (names_it && !*name)
            eg_crs_code_print(*code, name);
        if (known && metres <= 0)
            metres = d.vertical_unit;
    }
    if (metres > 0)
        eg_georef_set_vertical(&p->georef, metres, EG_VERTICAL_SYSTEM, *name ? name : unnamed,
                               strlen(*name ? name : unnamed));
    else if (*name)
        memcpy(doubts->vertical, name, sizeof name);
}

/* Copies what the text gives to *georef. */
static void copy_result(eg_georef *georef, const eg_georef *from)
{
    if (from->crs != EG_CRS_UNKNOWN) {
        georef->crs = from->crs;
        georef->unit = from->unit;
        georef->semi_major = from->semi_major;
        georef->inverse_flattening = from->inverse_flattening;
    }
    if (from->vertical_unit > 0)
        eg_georef_set_vertical(georef, from->vertical_unit, from->vertical_source,
                               from->vertical_origin, strlen(from->vertical_origin));
}

bool eg_wkt_read(eg_georef *georef, eg_crs_doubts *doubts, const char *text)
{
    parser p;
    eg_crs_doubts found = {0};
    if (!parse_text(&p, text))
        return false;
    found.geocentric = p.geocentric;
    if (p.geocentric)
        p.georef.crs = EG_CRS_UNKNOWN;
    if (p.georef.crs != EG_CRS_UNKNOWN)
        finish_horizontal(&p, &found);
    finish_vertical(&p, &found);
    if (p.georef.crs == EG_CRS_UNKNOWN && p.georef.vertical_unit <= 0 && !p.geocentric)
        return false;
    copy_result(georef, &p.georef);
    *doubts = found;
    return true;
}

size_t eg_wkt_horizontal(const char *text, const char **start)
{
    parser p;
    bool parsed = parse_text(&p, text) && p.georef.crs != EG_CRS_UNKNOWN;
    *start = parsed && p.horizontal ? p.horizontal : text;
    if (!parsed)
        return 0;
    return p.horizontal ? p.horizontal_length : (size_t)(p.end - text);
}
