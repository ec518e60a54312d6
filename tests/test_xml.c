/* SPDX-License-Identifier: MIT */
/* The XML reader: what it accepts and decodes, invalid and malicious texts. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/xml.h"

/* Appends each element to a text as "depth name attributes: text;". */
static void append_element(void *opaque, const eg_xml_element elements[], size_t depth)
{
    char *out = opaque;
    const eg_xml_element *e = &elements[depth - 1];
    size_t at = strlen(out);
    at += (size_t)snprintf(out + at, 2000 - at, "%zu %s", depth, e->name);
    for (size_t i = 0; i < e->attribute_count; i++)
        at += (size_t)snprintf(out + at, 2000 - at, " %s=%s", e->attributes[i].name,
                               e->attributes[i].value);
    snprintf(out + at, 2000 - at, ": %s;", e->text);
}

/* Parses a text in an allocation of exactly its size, so that a sanitizer detects reads beyond the
 * end. Returns what eg_xml_parse() does. */
static size_t parse(const char *text, size_t size, char seen[2000])
{
    char *copy = malloc(size + 1);
    memcpy(copy, text, size);
    copy[size] = '\0';
    seen[0] = '\0';
    size_t result = eg_xml_parse(copy, size, append_element, seen);
    free(copy);
    return result;
}

static void elements_are_visited_with_decoded_texts(void **state)
{
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"<a/>", "1 a: ;"},
        {"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b --><a >x</a >\n", "1 a: x;"},
        {"<a><b>1</b><c>2</c></a>", "2 b: 1;2 c: 2;1 a: ;"},
        {"<a>one<b/>two</a>", "2 b: ;1 a: one;"},
        {"<a x='1' y=\"2'\"\n z = '\"'/>", "1 a x=1 y=2' z=\": ;"},
        {"<a>&lt;&amp;&gt;&quot;&apos;</a>", "1 a: <&>\"';"},
        {"<a>&#65;&#x42;&#233;&#x20AC;&#x1F30D;</a>",
         "1 a: AB\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8C\x8D;"},
        {"<a b='&amp;lt;'>x<!-- no -->y</a>", "1 a b=&lt;: xy;"},
        {"<a>1<![CDATA[<b>&amp;</b>]]>2</a>", "1 a: 1<b>&amp;</b>2;"},
        {"<a:b c:d='e'/>", "1 a:b c:d=e: ;"},
        {"<a b='1' c='2' d='3' e='4' f='5' g='6' h='7' i='8' j='9'/>",
         "1 a b=1 c=2 d=3 e=4 f=5 g=6 h=7 i=8: ;"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char seen[2000];
        size_t damage = parse(cases[i].text, strlen(cases[i].text), seen);
        if (damage || strcmp(seen, cases[i].seen) != 0)
            fail_msg("%s: damage at %zu, '%s'", cases[i].text, damage, seen);
    }
}

static void invalid_texts_are_rejected(void **state)
{
    static const char *const texts[] = {
        "",
        "text",
        "<",
        "<a",
        "<a>",
        "<a></b>",
        "<a></a",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "<a>&nbsp;</a>",
        "<a>&#0;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999;</a>",
        "<a>&#x;</a>",
        "<a>&lt</a>",
        "<a>&</a>",
        "<a b/>",
        "<a b=c/>",
        "<a b='c/>",
        "<a b='<'/>",
        "<a b='1'c='2'/>",
        "<a b='&x;'/>",
        "<a / >",
        "<a /",
        "<a><!-- </a>",
        "<a><![CDATA[ </a>",
        "<![CDATA[ ]]>",
        "<a><? </a>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "\xFF\xFE<\0a\0/\0>\0",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char seen[2000];
        size_t length = strlen(texts[i]), damage = parse(texts[i], length, seen);
        if (!damage || damage > length + 1)
            fail_msg("%s: damage at %zu", texts[i], damage);
    }
    char seen[2000];
    assert_true(parse("<a>\0</a>", 8, seen) > 0);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[7 * (EG_XML_DEPTH + 1) + 1], seen[2000];
    for (size_t depth = EG_XML_DEPTH; depth <= EG_XML_DEPTH + 1; depth++) {
        for (size_t i = 0; i < depth; i++)
            memcpy(text + 3 * i, "<a>", 3);
        for (size_t i = 0; i < depth; i++)
            memcpy(text + 3 * depth + 4 * i, "</a>", 4);
        assert_int_equal(parse(text, 7 * depth, seen) > 0, depth > EG_XML_DEPTH);
    }
}

static void damage_is_survived(void **state)
{
    static const char text[] = "<?xml?><a b='1&amp;2' c=\"d\"><!-- e --><f>&#x41;<![CDATA[g]]>h</f>"
                               "<i/></a>";
    static const char changes[] = {0x01, 0x20, 0x1C, (char)0x80};
    (void)state;
    char seen[2000];
    for (size_t at = 0; at < sizeof text - 1; at++) {
        assert_true(parse(text, at, seen) > 0);
        for (size_t k = 0; k < COUNT(changes); k++) {
            char changed[sizeof text];
            memcpy(changed, text, sizeof text);
            changed[at] = (char)(changed[at] ^ changes[k]);
            parse(changed, sizeof text - 1, seen);
        }
    }
}

static void check_path(void *opaque, const eg_xml_element elements[], size_t depth)
{
    int *hits = opaque;
    *hits += eg_xml_is(elements, depth, "a/b/c");
    if (depth < 3) {
        assert_false(eg_xml_is(elements, depth, "a/b/c"));
        return;
    }
    static const char *const others[] = {"",       "a",      "a/b",    "a/b/",
                                         "a/b/c/", "a/b/cc", "/a/b/c", "b/c"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(eg_xml_is(elements, depth, others[i]));
    assert_string_equal(eg_xml_attribute(&elements[1], "x"), "y");
    assert_null(eg_xml_attribute(&elements[1], "z"));
}

static void paths_and_attributes_are_found(void **state)
{
    (void)state;
    char text[] = "<a><b x='y'><c/></b></a>";
    int hits = 0;
    assert_int_equal(eg_xml_parse(text, sizeof text - 1, check_path, &hits), 0);
    assert_int_equal(hits, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_visited_with_decoded_texts),
        cmocka_unit_test(invalid_texts_are_rejected),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(paths_and_attributes_are_found),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
