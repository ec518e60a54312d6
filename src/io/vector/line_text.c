/* SPDX-License-Identifier: MIT */
/* Text of files of lines. */
#include <stdarg.h>
#include <stdio.h>

#include "io/vector/vector.h"

eg_status eg_line_file_print(eg_line_file *file, eg_error *error, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return eg_output_write(file->output, text, length < 0 ? 0 : (size_t)length, error);
}

char *eg_put_colour(char *out, const uint8_t colour[3])
{
    static const char digits[] = "0123456789abcdef";
    *out++ = '#';
    for (int i = 0; i < 3; i++) {
        *out++ = digits[colour[i] >> 4];
        *out++ = digits[colour[i] & 15];
    }
    return out;
}
