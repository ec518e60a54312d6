/* SPDX-License-Identifier: MIT */
/* Reading numbers and comments of text headers and of plain PNM files. */
#include "io/pnm/pnm.h"

int eg_text_refill(eg_text *text)
{
    eg_input *input = text->input;
    size_t have = 0;
    if (text->left == 0 || text->status != EG_OK)
        return EG_TEXT_END;
    text->status = eg_input_peek(input, 1, &have, text->error);
    if (have == 0 || text->status != EG_OK)
        return EG_TEXT_END;
    text->left--;
    return input->buffer[input->at++];
}

/* Skips the rest of the line and its end. */
static void skip_comment(eg_text *text)
{
    int c;
    do
        c = eg_text_get(text);
    while (c != '\n' && c != '\r' && c != EG_TEXT_END);
}

int eg_text_skip(eg_text *text)
{
    int c = eg_text_get(text);
    while (c == '#' || eg_text_is_space(c)) {
        if (c == '#')
            skip_comment(text);
        c = eg_text_get(text);
    }
    return c;
}

bool eg_text_digits(eg_text *text, int c, uint64_t *value)
{
    if (c < '0' || c > '9')
        return false;
    for (*value = 0; c >= '0' && c <= '9'; c = eg_text_get(text))
        if (__builtin_mul_overflow(*value, 10u, value) ||
            __builtin_add_overflow(*value, (unsigned)(c - '0'), value))
            *value = UINT64_MAX;
    if (c == '#')
        skip_comment(text);
    return c == '#' || c == EG_TEXT_END || eg_text_is_space(c);
}

eg_status eg_text_ended(const eg_text *text)
{
    if (text->status != EG_OK)
        return text->status;
    if (text->left == 0)
        return eg_input_fail(text->input, text->error, EG_BAD_INPUT, "the header does not end");
    return eg_input_fail(text->input, text->error, EG_BAD_INPUT, "ends within the header");
}

eg_status eg_text_number(eg_text *text, const char *what, uint64_t *value)
{
    int c = eg_text_skip(text);
    if (c == EG_TEXT_END)
        return eg_text_ended(text);
    if (!eg_text_digits(text, c, value))
        return eg_input_fail(text->input, text->error, EG_BAD_INPUT, "the %s is not a number",
                             what);
    return text->status;
}
