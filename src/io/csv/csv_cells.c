/* SPDX-License-Identifier: MIT */
/* Rows and cells of CSV files (RFC 4180 and variants). A row that ends at the end of the window may
 * go on behind it: it is parsed again when more of the file is there. */
#include "io/csv/csv_cells.h"

#include <string.h>

enum { WINDOW = 2 * EG_INPUT_BUFFER };

/* ---- the window ------------------------------------------------------------------------------ */

/* Reads more of the file behind what the cursor has not passed. EG_LIMIT_EXCEEDED: that is a row of
 * more than CSV_ROW_MAX bytes. */
static eg_status read_more(csv_reader *r, eg_error *error)
{
    size_t have = (size_t)(r->cursor.end - r->cursor.at), got;
    if (have > CSV_ROW_MAX)
        return eg_input_fail(r->input, error, EG_LIMIT_EXCEEDED,
                             "line %zu: the row is longer than %d bytes: it is no row of a table",
                             r->cursor.line, (int)CSV_ROW_MAX);
    char *larger = r->window;
    if (have == r->capacity || !larger) {
        r->capacity = r->capacity ? 2 * r->capacity : WINDOW;
        larger = eg_alloc(r->input->ctx, r->capacity, 1, error);
        if (!larger)
            return eg_failed(error);
    }
    if (have > 0)
        memmove(larger, r->cursor.at, have);
    if (larger != r->window)
        eg_free(r->window);
    r->window = larger;
    eg_status status = eg_input_read(r->input, larger + have, r->capacity - have, &got, error);
    r->eof = status == EG_OK && got < r->capacity - have;
    r->cursor.at = larger;
    r->cursor.end = larger + have + (status == EG_OK ? got : 0);
    return status;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Skips the line end, LF or CR LF. */
static void skip_line_end(csv_cursor *c)
{
    if (c->at < c->end && *c->at == '\r')
        c->at++;
    if (c->at < c->end && *c->at == '\n')
        c->at++;
    c->line++;
}

static bool at_line_end(const csv_cursor *c)
{
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

static void parse_quoted(csv_cursor *c, csv_cell *out)
{
    out->text = ++c->at;
    while (c->at < c->end && (*c->at != '"' || (c->at + 1 < c->end && c->at[1] == '"'))) {
        c->line += *c->at == '\n';
        c->at += *c->at == '"' ? 2 : 1;
    }
    out->length = (size_t)(c->at - out->text);
    out->broken = c->at == c->end;
    c->at += c->at < c->end;
    while (!at_line_end(c) && *c->at != c->delimiter) {
        out->broken = out->broken || !is_blank(*c->at);
        c->at++;
    }
}

static void parse_plain(csv_cursor *c, csv_cell *out)
{
    out->text = c->at;
    while (!at_line_end(c) && *c->at != c->delimiter)
        c->at++;
    const char *end = c->at;
    while (end > out->text && is_blank(end[-1]))
        end--;
    out->length = (size_t)(end - out->text);
}

/* Parses the next cell and moves the cursor to its delimiter or line end. */
static csv_cell next_cell(csv_cursor *c)
{
    csv_cell out = {.line = c->line};
    while (!at_line_end(c) && is_blank(*c->at) && *c->at != c->delimiter)
        c->at++;
    if (c->at < c->end && *c->at == '"')
        parse_quoted(c, &out);
    else
        parse_plain(c, &out);
    return out;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Moves the cursor to the next line that is not blank. Returns false if the window ends before. */
static bool skip_blank_lines(csv_cursor *c, bool eof)
{
    for (;;) {
        const char *s = c->at;
        while (s < c->end && is_blank(*s) && *s != c->delimiter)
            s++;
        if (s == c->end || (*s == '\r' && s + 1 == c->end)) {
            c->at = eof ? c->end : c->at;
            return eof;
        }
        if (*s != '\n' && *s != '\r')
            return true;
        c->at = s;
        skip_line_end(c);
    }
}

/* Parses the cells of a row, and moves the cursor to the next line. */
static void parse_row(csv_reader *r, csv_cursor *c)
{
    r->line = c->line;
    r->count = 0;
    for (bool last = false; !last; r->count++) {
        csv_cell cell = next_cell(c);
        if (r->count < CSV_COLUMNS_MAX)
            r->cells[r->count] = cell;
        last = at_line_end(c);
        c->at += !last;
    }
    skip_line_end(c);
}

eg_status csv_read_row(csv_reader *r, eg_error *error)
{
    eg_status status = EG_OK;
    while (!skip_blank_lines(&r->cursor, r->eof)) {
        status = read_more(r, error);
        if (status != EG_OK)
            return status;
    }
    r->count = 0;
    while (r->cursor.at < r->cursor.end && status == EG_OK) {
        csv_cursor c = r->cursor;
        parse_row(r, &c);
        if (c.at < c.end || r->eof) {
            r->cursor = c;
            return EG_OK;
        }
        status = read_more(r, error); /* the row may go on */
    }
    return status;
}

/* ---- the start of the file ------------------------------------------------------------------- */

/* Finds the one of comma, semicolon and tab that is most frequent in the first line outside quotes.
 * A comma wins ties. Returns false if the window ends before the line. */
static bool find_delimiter(csv_cursor *c)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    const char *text = c->at;
    for (; text < c->end && (quoted || (*text != '\n' && *text != '\r')); text++) {
        quoted ^= *text == '"';
        const char *found = quoted || !*text ? NULL : strchr(candidates, *text);
        if (found)
            counts[found - candidates]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    c->delimiter = candidates[best];
    return text < c->end;
}

/* Skips the line "sep=;" of spreadsheets, if it is the next one, and sets the delimiter that it
 * names. The window has the line. */
static void read_separator_line(csv_cursor *c)
{
    static const char key[] = "sep=";
    const size_t length = sizeof key - 1;
    if ((size_t)(c->end - c->at) < length + 2 || memcmp(c->at, key, length) != 0)
        return;
    const char named = c->at[length];
    csv_cursor after = *c;
    after.at += length + 1;
    if (!at_line_end(&after) || !named || !strchr(",;\t|", named))
        return;
    skip_line_end(&after);
    *c = after;
    c->delimiter = named;
}

/* Skips a byte order mark and empty lines. */
static eg_status skip_start(csv_reader *r, eg_error *error)
{
    eg_status status = read_more(r, error);
    csv_cursor *c = &r->cursor;
    if (status == EG_OK && c->end - c->at >= 3 && memcmp(c->at, "\xEF\xBB\xBF", 3) == 0)
        c->at += 3;
    while (status == EG_OK) {
        while (c->end - c->at >= 2 && (*c->at == '\n' || *c->at == '\r'))
            skip_line_end(c);
        if (c->end - c->at >= 2 || r->eof)
            return EG_OK;
        status = read_more(r, error);
    }
    return status;
}

eg_status csv_reader_open(csv_reader *r, eg_context *ctx, const char *path, eg_error *error)
{
    eg_status status = eg_input_open(&r->input, ctx, path, error);
    if (status != EG_OK)
        return status;
    r->cursor.line = 1;
    r->cells = eg_alloc(ctx, CSV_COLUMNS_MAX, sizeof *r->cells, error);
    status = r->cells ? skip_start(r, error) : eg_failed(error);
    while (status == EG_OK && !find_delimiter(&r->cursor) && !r->eof)
        status = read_more(r, error);
    if (status == EG_OK)
        read_separator_line(&r->cursor);
    return status;
}

void csv_reader_close(csv_reader *r)
{
    eg_free(r->cells);
    eg_free(r->window);
    eg_input_close(r->input);
}
