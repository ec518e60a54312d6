/* SPDX-License-Identifier: MIT */
/*
 * Reads small XML texts: elements, attributes, text, CDATA sections, the predefined entities and
 * character references. Document type declarations are an error, so no entity can expand, and a
 * text takes time and memory in proportion to its length.
 */
#ifndef EG_IO_XML_H
#define EG_IO_XML_H

#include <stdbool.h>
#include <stddef.h>

enum { EG_XML_DEPTH = 64, EG_XML_ATTRIBUTES = 8 };

/* An element; strings are decoded and terminated. Namespaces are part of the names. */
typedef struct eg_xml_element {
    const char *name;
    const char *text; /* text before the first child; "": none */
    size_t attribute_count;
    struct {
        const char *name, *value;
    } attributes[EG_XML_ATTRIBUTES]; /* further ones are ignored */
} eg_xml_element;

/* Called at the end of each element, elements[depth - 1], with the elements that contain it. The
 * strings stay valid as long as the text. */
typedef void eg_xml_visit(void *opaque, const eg_xml_element elements[], size_t depth);

/* Parses `size` characters of `text`, which are overwritten and must be followed by '\0'. Returns
 * 0, or the number of the byte, from 1, where the first error was found; elements before it were
 * visited. */
size_t eg_xml_parse(char *text, size_t size, eg_xml_visit *visit, void *opaque);

/* Returns the value of an attribute; NULL: the element has none of that name. */
const char *eg_xml_attribute(const eg_xml_element *element, const char *name);

/* Returns true if the names of the elements are those in `path`, separated by '/'. */
bool eg_xml_is(const eg_xml_element elements[], size_t depth, const char *path);

#endif
