/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of decimal numbers: what is read is what strtod() reads, and what is written is read
 * back exactly. The first 8 bytes are also a double to write.
 *
 * libFuzzer: -max_len=600
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/decimal.h"

static bool same(double a, double b)
{
    return a == b ? signbit(a) == signbit(b) : isnan(a) && isnan(b);
}

/* Compares with strtod(), which also reads hexadecimal numbers, blanks and nan(...) but not
 * Microsoft's words. */
static void compare_reading(const char *text, size_t size)
{
    double value = 0, other, third;
    char *end;
    const char *read = eg_decimal_read(text, text + size, &value);
    require(!read || (read > text && read <= text + size), "a number ends in the text", NULL);
    const double standard = strtod(text, &end);
    const size_t sign = *text == '+' || *text == '-';
    const bool hexadecimal = text[sign] == '0' && tolower((unsigned char)text[sign + 1]) == 'x';
    if (read && !hexadecimal && !memchr(text, '#', (size_t)(read - text)) &&
        read - text < EG_DECIMAL_LONGEST && !strchr(text, '('))
        require(same(value, standard) && end == read, "a number is that of strtod()", NULL);
    if (!read && !hexadecimal && end > text && *end != '#' && !isspace((unsigned char)*text))
        require(end - text >= EG_DECIMAL_LONGEST, "what strtod() reads is a number", NULL);
    read = eg_decimal_read_comma(text, text + size, &other);
    require(!read || read <= text + size, "a number with a comma ends in the text", NULL);
    if (eg_decimal_only(text, size, &third) && !strpbrk(text, ", \t\r\n\v\f"))
        require(same(value, third), "a number alone is the number", NULL);
}

static void compare_writing(double value)
{
    char text[EG_DECIMAL_TEXT];
    double back;
    size_t length = eg_decimal_double(text, value);
    require(length <= sizeof text && eg_decimal_read(text, text + length, &back) == text + length &&
                same(back, value),
            "a double that is written is read back", NULL);
    length = eg_decimal_float(text, (float)value);
    require(length <= sizeof text && eg_decimal_read(text, text + length, &back) == text + length &&
                same((float)back, (float)value),
            "a float that is written is read back", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double value = 0;
    char *text = fuzz_text(data, size);
    compare_reading(text, strlen(text));
    memcpy(&value, data ? data : (const uint8_t *)"", size < sizeof value ? size : sizeof value);
    compare_writing(value);
    free(text);
    return 0;
}
