/* SPDX-License-Identifier: MIT */
/* Writes the parts of a page: fixed text, strings, thumbnails, links. */
#include "cli/report/report_page.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/report/report_parts.h"
#include "cli/support/text.h"

/* Writes bytes, and includes them in the hash of the line. */
static void put(page_writer *page, const char *bytes, size_t size, eg_error *error)
{
    if (error->status != EG_OK)
        return;
    eg_file_write(page->file, bytes, size, error);
    page->check = text_hash(page->check, bytes, size);
}

void page_text(page_writer *page, const char *text, eg_error *error)
{
    put(page, text, strlen(text), error);
}

/* ---- lines ----------------------------------------------------------------------------------- */

void page_count_add(page_count *count, bool run, uint64_t check)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(check >> 8 * i);
    count->check = text_hash(count->check, bytes, sizeof bytes);
    *(run ? &count->runs : &count->records) += 1;
}

void page_begin_line(page_writer *page, const char *head, eg_error *error)
{
    page_text(page, head, error);
    page->check = TEXT_HASH;
}

void page_end_line(page_writer *page, const char *head, eg_error *error)
{
    char tail[sizeof PAGE_TAIL + PAGE_CHECK_LENGTH + 2];
    snprintf(tail, sizeof tail, PAGE_TAIL PAGE_CHECK "\n", page->check);
    page_count_add(&page->count, strcmp(head, PAGE_RUN) == 0, page->check);
    page_text(page, tail, error);
}

/* ---- the fixed text -------------------------------------------------------------------------- */

/* Writes a part of page.html, with the style block_writer and the script in place of their markers.
 */
static void write_html(page_writer *page, const char *from, const char *to, eg_error *error)
{
    static const char style[] = "/*STYLE*/", script[] = "/*SCRIPT*/";
    const char *parts[] = {strstr(from, style), strstr(from, script)};
    const char *const texts[] = {report_css, report_js};
    const size_t lengths[] = {sizeof style - 1, sizeof script - 1};
    for (int i = 0; i < 2; i++) {
        if (!parts[i] || parts[i] >= to)
            continue;
        put(page, from, (size_t)(parts[i] - from), error);
        page_text(page, texts[i], error);
        from = parts[i] + lengths[i];
    }
    put(page, from, (size_t)(to - from), error);
}

/* The line of page.html that records and runs replace. */
static const char records[] = "<!--RECORDS-->\n";

void page_begin(page_writer *page, eg_error *error)
{
    page->count = (page_count){.check = TEXT_HASH};
    write_html(page, report_html, strstr(report_html, records), error);
}

void page_end(page_writer *page, eg_error *error)
{
    char text[128];
    const page_count *count = &page->count;
    snprintf(text, sizeof text, PAGE_COUNT "\n", count->records, count->runs, count->check);
    page_text(page, text, error);
    const char *rest = strstr(report_html, records) + sizeof records - 1;
    write_html(page, rest, rest + strlen(rest), error);
}

/* ---- strings --------------------------------------------------------------------------------- */

/* Returns true if a character of `length` bytes needs no escape. U+2028 and U+2029 end lines in
 * scripts. */
static bool is_plain(const char *text, size_t length)
{
    unsigned char c = (unsigned char)*text;
    if (length == 1)
        return c >= 0x20 && c != 0x7f && !strchr("\"\\<>&'", c);
    return length > 0 && strncmp(text, "\xe2\x80\xa8", 3) != 0 &&
           strncmp(text, "\xe2\x80\xa9", 3) != 0;
}

void page_string(page_writer *page, const char *text, eg_error *error)
{
    page_text(page, "\"", error);
    while (*text && error->status == EG_OK) {
        const char *end = text;
        char code[16];
        size_t length = text_character(end);
        for (; *end && is_plain(end, length); length = text_character(end))
            end += length;
        put(page, text, (size_t)(end - text), error);
        text = end;
        if (!*text)
            break;
        if (length == 0)
            snprintf(code, sizeof code, "\\\\x%02x", (unsigned char)*text);
        else
            snprintf(code, sizeof code, "\\u%04x",
                     length == 1 ? (unsigned char)*text : 0x2000 | ((unsigned char)text[2] & 0x3f));
        page_text(page, code, error);
        text += length ? length : 1;
    }
    page_text(page, "\"", error);
}

void page_base64(page_writer *page, const void *bytes, size_t size, eg_error *error)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *from = bytes;
    char text[1024];
    size_t filled = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)from[i + 2] : 0);
        text[filled++] = digits[three >> 18];
        text[filled++] = digits[three >> 12 & 63];
        text[filled++] = '=';
        text[filled++] = '=';
        if (left > 1)
            text[filled - 2] = digits[three >> 6 & 63];
        if (left > 2)
            text[filled - 1] = digits[three & 63];
        if (filled == sizeof text) {
            put(page, text, filled, error);
            filled = 0;
        }
    }
    put(page, text, filled, error);
}

/* ---- links ----------------------------------------------------------------------------------- */

/* Appends the components of a path. Like browsers, it does not follow symbolic links. */
static bool add_components(char *out, size_t size, const char *path)
{
    bool fits = true;
    while (fits && *path) {
        size_t length = strcspn(path, "/");
        fits = path_add(out, size, path, length);
        path += length + (path[length] == '/');
    }
    return fits;
}

static bool make_absolute(char *out, size_t size, const char *path)
{
    out[0] = '\0';
    if (*path != '/') {
        char here[PATH_MAX];
        if (!getcwd(here, sizeof here) || !add_components(out, size, here))
            return false;
    }
    return add_components(out, size, path);
}

/* The caller leaves room for the slash. */
static void append_slash(char *path)
{
    memcpy(path + strlen(path), "/", 2);
}

bool page_folder_of(char *out, size_t size, const char *path)
{
    char name[PATH_MAX];
    size_t length = strlen(path);
    if (strcmp(path, "-") == 0)
        length = 0;
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length >= sizeof name)
        return false;
    memcpy(name, path, length);
    name[length] = '\0';
    if (!make_absolute(out, size - 1, name))
        return false;
    append_slash(out);
    return true;
}

/* Appends text in percent-encoding. */
static bool append_url(char *out, size_t size, size_t *at, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~/", c);
        int length = snprintf(out + *at, size - *at, plain ? "%c" : "%%%02X", c);
        *at += (size_t)length;
        if (*at >= size)
            return false;
    }
    return true;
}

bool page_link(char *out, size_t size, const char *folder, const char *path)
{
    char target[PATH_MAX];
    size_t same = 0, at = 0;
    out[0] = '\0';
    if (!make_absolute(target, sizeof target - 1, path))
        return false;
    if (!*target || path[strlen(path) - 1] == '/')
        append_slash(target);
    for (size_t i = 0; folder[i] && folder[i] == target[i]; i++)
        if (folder[i] == '/')
            same = i + 1;
    for (const char *c = folder + same; *c; c++)
        if (*c == '/' && !append_url(out, size, &at, "../"))
            return false;
    return append_url(out, size, &at, target + same);
}
