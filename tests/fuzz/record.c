/* SPDX-License-Identifier: MIT */
/* Records made from bytes. */
#include "record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void take_text(fuzz_bytes *bytes, char text[RECORD_TEXT])
{
    const size_t length = 1 + pick(bytes, RECORD_TEXT - 1);
    for (size_t i = 0; i < length; i++) {
        const unsigned c = (unsigned)take(bytes, 1);
        text[i] = (char)(c ? c : 'a');
    }
    text[length - 1] = '\0';
}

void take_record(fuzz_bytes *bytes, made_record *made)
{
    *made = (made_record){0};
    cli_record *r = &made->record;
    take_text(bytes, made->name);
    take_text(bytes, made->input);
    take_text(bytes, made->output);
    take_text(bytes, made->reason);
    r->name = made->name;
    r->input = made->input;
    r->output = made->outputs[0] = made->output;
    r->outputs = made->outputs;
    r->outcome = (cli_outcome)pick(bytes, 3);
    r->code = r->outcome == OUTCOME_FAILED ? 3 : 0;
    r->reason = r->outcome == OUTCOME_FAILED ? made->reason : NULL;
    r->input_bytes = take(bytes, 8);
    r->output_bytes = take(bytes, 4);
    r->input_size_unknown = pick(bytes, 2);
    r->width = (size_t)take(bytes, 3);
    r->height = (size_t)take(bytes, 3);
    r->seconds = take_number(bytes);
    r->has_edges = pick(bytes, 2);
    r->edges = (cli_edge_stats){take_number(bytes), take_number(bytes), take_number(bytes),
                                pick(bytes, 2)};
    const size_t size = pick(bytes, RECORD_TEXT);
    for (size_t i = 0; i < size; i++)
        made->thumbnail[i] = (uint8_t)take(bytes, 1);
    r->before = (cli_thumbnail){size ? made->thumbnail : NULL, size};
}

/* Returns the bytes of the UTF-8 character at `c`, by the table of RFC 3629; 0: malformed. */
static size_t character(const unsigned char *c)
{
    static const struct {
        unsigned char first, last, low, high; /* first byte; range of the second one */
        size_t length;
    } rows[] = {
        {0x00, 0x7F, 0, 0xFF, 1},    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (c[0] < rows[i].first || c[0] > rows[i].last)
            continue;
        if (rows[i].length > 1 && (c[1] < rows[i].low || c[1] > rows[i].high))
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if ((c[k] & 0xC0) != 0x80)
                return 0;
        return rows[i].length;
    }
    return 0;
}

void replace_bytes(char *out, size_t size, const char *text, const char *marker)
{
    size_t used = 0;
    while (*text && used + 8 < size) {
        const size_t length = character((const unsigned char *)text);
        if (length)
            memcpy(out + used, text, length);
        else
            snprintf(out + used, size - used, marker ? "\\x%02x" : "\xEF\xBF\xBD",
                     (unsigned char)*text);
        used += length ? length : strlen(out + used);
        text += length ? length : 1;
    }
    out[used] = '\0';
}
