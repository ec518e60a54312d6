/* SPDX-License-Identifier: MIT */
/* eg_format_about(): tells what the rows of the tables of formats say. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/io.h"
#include "io/vector/vector.h"

/* Text that is written as snprintf() does. */
typedef struct text {
    char *out;
    size_t size, length; /* length: of the whole text, of which size - 1 bytes are written */
} text;

static void put(text *t, const char *format, ...) EG_PRINTF(2, 3);

static void put(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const size_t at = t->length < t->size ? t->length : t->size;
    const int length = vsnprintf(t->size > at ? t->out + at : NULL, t->size - at, format, args);
    va_end(args);
    t->length += length > 0 ? (size_t)length : 0;
}

/* Writes `item`, after `separator` unless it is the first one. NULL: nothing. */
static void put_item(text *t, const char *separator, const char *item)
{
    if (item)
        put(t, "%s%s", t->length > 0 ? separator : "", item);
}

/* Writes "1, 8 or 16 bits" of the sample types. */
static void put_bits(text *t, unsigned accepts)
{
    static const struct {
        eg_sample sample;
        const char *bits;
    } types[] = {{EG_BIT, "1"}, {EG_U8, "8"}, {EG_U16, "16"}};
    unsigned left = accepts & (1u << EG_BIT | 1u << EG_U8 | 1u << EG_U16);
    if (left == 0)
        return;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!(left & 1u << types[i].sample))
            continue;
        left &= ~(1u << types[i].sample);
        put_item(t, left == 0 ? " or " : ", ", types[i].bits);
    }
    put(t, accepts == 1u << EG_BIT ? " bit" : " bits");
}

static void put_reads(text *t, const eg_format *format)
{
    if (!format->open && !format->reads)
        return;
    put_item(t, "", format->reads);
    put_item(t, "; ", format->match_by_extension ? "recognised by name" : NULL);
    put_item(t, "; ", format->reads_encoding ? "elevations as colours" : NULL);
}

static void put_writes(text *t, const eg_format *format)
{
    if (!format->create)
        return;
    put_bits(t, format->accepts);
    put_item(t, ", ", format->accepts & 1u << EG_F32 ? "32-bit floats" : NULL);
    put_item(t, ", ", format->accepts & 1u << EG_RGB ? "colours of 8 bits" : NULL);
    put_item(t, "; ", format->writes);
    put_item(t, "; ", format->writes_encoding ? "elevations as colours" : NULL);
}

static void put_options(text *t, const eg_format *format)
{
    put_item(t, ",", format->options);
    put_item(t, ",", format->reads_encoding ? "encoding" : NULL);
    put_item(t, ",", format->writes_encoding ? "output-encoding" : NULL);
}

static void put_georef(text *t, const eg_format *format)
{
    const unsigned beside = format->sidecars;
    put_item(t, "", format->georef);
    put_item(t, "; ",
             beside & EG_SIDECAR_WORLD ? "world file and .aux.xml are written beside it" : NULL);
    put_item(t, "; ", beside & EG_SIDECAR_PRJ ? ".prj is written beside it" : NULL);
    put_item(t, "; ",
             beside & EG_SIDECAR_REST ? ".aux.xml for a system that its keys cannot hold" : NULL);
    if (t->length == 0 && format->create)
        put(t, "none is written");
}

enum { TOPIC_COUNT = EG_FORMAT_LIMITS + 1 };

/* Functions for the topics that several members of a row make up. */
static void (*const put_topic[TOPIC_COUNT])(text *, const eg_format *) = {
    [EG_FORMAT_READS] = put_reads,
    [EG_FORMAT_WRITES] = put_writes,
    [EG_FORMAT_OPTIONS] = put_options,
    [EG_FORMAT_GEOREF] = put_georef,
};

static void about_raster(text *t, const eg_format *format, eg_format_topic topic)
{
    const char *const members[TOPIC_COUNT] = {
        [EG_FORMAT_NAME] = format->name,
        [EG_FORMAT_TITLE] = format->title,
        [EG_FORMAT_EXTENSIONS] = format->extensions,
        [EG_FORMAT_LIMITS] = format->limits,
    };
    if (put_topic[topic])
        put_topic[topic](t, format);
    else
        put_item(t, "", members[topic]);
}

static void about_lines(text *t, const eg_line_format *format, eg_format_topic topic)
{
    const char *const members[TOPIC_COUNT] = {
        [EG_FORMAT_NAME] = format->name,
        [EG_FORMAT_TITLE] = format->title,
        [EG_FORMAT_EXTENSIONS] = format->extensions,
        [EG_FORMAT_WRITES] = format->help,
        [EG_FORMAT_GEOREF] = format->georef,
        [EG_FORMAT_LIMITS] = format->area ? NULL : "no areas",
    };
    put_item(t, "", members[topic]);
}

size_t eg_format_about(size_t index, eg_format_topic topic, char *out, size_t size)
{
    text t = {out, size, 0};
    if (size > 0)
        *out = '\0';
    if ((size_t)topic >= TOPIC_COUNT)
        return 0;
    for (size_t i = 0; eg_formats[i]; i++)
        if (eg_formats[i]->title && index-- == 0) {
            about_raster(&t, eg_formats[i], topic);
            return t.length;
        }
    const eg_line_format *lines = eg_line_format_at(index);
    if (lines)
        about_lines(&t, lines, topic);
    return t.length;
}
