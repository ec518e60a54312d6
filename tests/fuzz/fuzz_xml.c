/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the parser of XML.
 *
 * libFuzzer: -max_len=1024
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/xml.h"

typedef struct visits {
    const char *text;
    size_t size, count;
} visits;

static void check_string(const visits *v, const char *string)
{
    require(!*string || (string >= v->text && string + strlen(string) <= v->text + v->size),
            "a string is in the text", NULL);
}

static void visit(void *opaque, const eg_xml_element elements[], size_t depth)
{
    visits *v = opaque;
    const eg_xml_element *element = &elements[depth - 1];
    require(depth >= 1 && depth <= EG_XML_DEPTH, "the depth is limited", NULL);
    check_string(v, element->name);
    check_string(v, element->text);
    require(element->attribute_count <= EG_XML_ATTRIBUTES, "attributes are limited", NULL);
    for (size_t i = 0; i < element->attribute_count; i++) {
        check_string(v, element->attributes[i].name);
        check_string(v, element->attributes[i].value);
    }
    v->count += eg_xml_attribute(element, "band") != NULL;
    v->count += eg_xml_is(elements, depth, "PAMDataset/SRS");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    visits v = {text, size, 0};
    const size_t at = eg_xml_parse(text, size, visit, &v);
    require(at <= size + 1, "an error of XML is in the text or at its end", NULL);
    free(text);
    return 0;
}
