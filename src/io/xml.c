/* SPDX-License-Identifier: MIT */
/* A reader of XML that decodes in place. */
#include "io/xml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Text of an element that is being read: decoded characters are written at `out`, which never
 * passes the position of reading. */
typedef struct parser {
    char *at, *end;
    char *out; /* end of the current element's text; NULL: it is complete */
    eg_xml_element elements[EG_XML_DEPTH];
    size_t depth;
    size_t roots;
    eg_xml_visit *visit;
    void *opaque;
} parser;

/* ---- characters ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_name(char c)
{
    return is_blank(c) || c == '\0' || strchr("/>=<\"'&?!", c) != NULL;
}

static void skip_blanks(parser *p)
{
    while (is_blank(*p->at))
        p->at++;
}

static bool begins_with(const parser *p, const char *text)
{
    return strncmp(p->at, text, strlen(text)) == 0;
}

/* Moves behind the next occurrence of `text`; false if there is none. */
static bool skip_past(parser *p, const char *text)
{
    char *found = strstr(p->at, text);
    if (!found)
        return false;
    p->at = found + strlen(text);
    return true;
}

/* Writes a character in UTF-8, which is at most as long as its reference "&#N;". */
static char *put_character(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (char)(leads[more] | c >> 6 * more);
    while (more-- > 0)
        *out++ = (char)(0x80 | (c >> 6 * more & 0x3F));
    return out;
}

/* Decodes a reference such as "&lt;" or "&#233;" at p->at to *out, and moves both. */
static bool decode_reference(parser *p, char **out)
{
    static const struct {
        const char *text;
        char character;
    } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (begins_with(p, entities[i].text)) {
            *(*out)++ = entities[i].character;
            p->at += strlen(entities[i].text);
            return true;
        }
    if (p->at[1] != '#')
        return false;
    bool hex = p->at[2] == 'x';
    char *digits = p->at + (hex ? 3 : 2);
    size_t count = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    unsigned long c = count > 0 && count < 9 ? strtoul(digits, NULL, hex ? 16 : 10) : 0;
    if (c == 0 || c > 0x10FFFF || digits[count] != ';')
        return false;
    *out = put_character(*out, (uint32_t)c);
    p->at = digits + count + 1;
    return true;
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* Parses a name; returns its length, 0 if there is none. */
static size_t parse_name(parser *p)
{
    char *start = p->at;
    while (!ends_name(*p->at))
        p->at++;
    return (size_t)(p->at - start);
}

/* Parses name="value" and decodes the value. */
static bool parse_attribute(parser *p, eg_xml_element *element)
{
    char *name = p->at;
    size_t length = parse_name(p);
    skip_blanks(p);
    if (length == 0 || *p->at != '=')
        return false;
    p->at++;
    skip_blanks(p);
    const char quote = *p->at;
    if (quote != '"' && quote != '\'')
        return false;
    char *value = ++p->at, *out = value;
    while (*p->at != quote) {
        if (*p->at == '\0' || *p->at == '<')
            return false;
        if (*p->at != '&')
            *out++ = *p->at++;
        else if (!decode_reference(p, &out))
            return false;
    }
    p->at++;
    name[length] = *out = '\0';
    if (element->attribute_count < EG_XML_ATTRIBUTES) {
        element->attributes[element->attribute_count].name = name;
        element->attributes[element->attribute_count++].value = value;
    }
    return true;
}

/* Ends the text of the current element. Called after the tag that follows it was parsed, because it
 * may overwrite the tag's first character. */
static void end_text(char *out)
{
    if (out)
        *out = '\0';
}

static void close_element(parser *p)
{
    p->visit(p->opaque, p->elements, p->depth);
    p->depth--;
    p->out = NULL;
}

static bool parse_start_tag(parser *p)
{
    char *outer_text = p->out, *name = ++p->at;
    size_t length = parse_name(p);
    if (length == 0 || p->depth == EG_XML_DEPTH || (p->depth == 0 && p->roots++ > 0))
        return false;
    eg_xml_element *element = &p->elements[p->depth];
    *element = (eg_xml_element){.name = name, .text = ""};
    bool blank = is_blank(*p->at);
    char *name_end = p->at;
    skip_blanks(p);
    while (*p->at != '>' && *p->at != '/') {
        if (!blank || !parse_attribute(p, element))
            return false;
        blank = is_blank(*p->at);
        skip_blanks(p);
    }
    bool empty = *p->at == '/';
    p->at += empty;
    if (*p->at != '>')
        return false;
    p->at++;
    *name_end = '\0';
    end_text(outer_text);
    p->depth++;
    p->out = p->at;
    if (empty)
        close_element(p);
    else
        element->text = p->at;
    return true;
}

static bool parse_end_tag(parser *p)
{
    char *text = p->out, *name = p->at += 2;
    size_t length = parse_name(p);
    skip_blanks(p);
    if (p->depth == 0 || *p->at != '>' ||
        strncmp(p->elements[p->depth - 1].name, name, length) != 0 ||
        p->elements[p->depth - 1].name[length] != '\0')
        return false;
    p->at++;
    end_text(text);
    close_element(p);
    return true;
}

static bool parse_cdata(parser *p)
{
    p->at += strlen("<![CDATA[");
    char *start = p->at;
    if (p->depth == 0 || !skip_past(p, "]]>"))
        return false;
    size_t length = (size_t)(p->at - start) - strlen("]]>");
    if (p->out) {
        memmove(p->out, start, length);
        p->out += length;
    }
    return true;
}

static bool parse_markup(parser *p)
{
    if (begins_with(p, "<!--"))
        return skip_past(p, "-->");
    if (begins_with(p, "<![CDATA["))
        return parse_cdata(p);
    if (begins_with(p, "<?"))
        return skip_past(p, "?>");
    return p->at[1] == '/' ? parse_end_tag(p) : parse_start_tag(p);
}

/* Parses text up to the next markup. Only white space may stand outside the root element. */
static bool parse_text(parser *p)
{
    char *scratch;
    while (*p->at != '<' && p->at < p->end) {
        char **out = p->out ? &p->out : &scratch;
        scratch = p->at;
        if (*p->at == '\0' || (p->depth == 0 && !is_blank(*p->at)))
            return false;
        if (*p->at != '&')
            *(*out)++ = *p->at++;
        else if (!decode_reference(p, out))
            return false;
    }
    return true;
}

/* ---- the text -------------------------------------------------------------------------------- */

size_t eg_xml_parse(char *text, size_t size, eg_xml_visit *visit, void *opaque)
{
    parser p = {.at = text, .end = text + size, .visit = visit, .opaque = opaque};
    bool good = true;
    if (begins_with(&p, "\xEF\xBB\xBF"))
        p.at += 3;
    while (good && p.at < p.end) {
        good = parse_text(&p);
        if (good && p.at < p.end)
            good = parse_markup(&p);
    }
    return good && p.depth == 0 && p.roots > 0 ? 0 : (size_t)(p.at - text) + 1;
}

const char *eg_xml_attribute(const eg_xml_element *element, const char *name)
{
    for (size_t i = 0; i < element->attribute_count; i++)
        if (strcmp(element->attributes[i].name, name) == 0)
            return element->attributes[i].value;
    return NULL;
}

bool eg_xml_is(const eg_xml_element elements[], size_t depth, const char *path)
{
    for (size_t i = 0; i < depth; i++) {
        size_t length = strcspn(path, "/");
        if (strlen(elements[i].name) != length || strncmp(elements[i].name, path, length) != 0)
            return false;
        path += length;
        if (i + 1 < depth && *path++ != '/')
            return false;
    }
    return depth > 0 && *path == '\0';
}
