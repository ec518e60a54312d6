/* SPDX-License-Identifier: MIT */
/* Reading the headers of PBM, PGM and PPM (P1..P6) and of PAM (P7). */
#include <string.h>

#include "io/pnm/pnm.h"

static const struct pnm_kind {
    const char *format;
    int colour;
    bool plain, bits;
} kinds[] = {
    ['1'] = {"PBM", 1, true, true},   ['2'] = {"PGM", 1, true, false},
    ['3'] = {"PPM", 3, true, false},  ['4'] = {"PBM", 1, false, true},
    ['5'] = {"PGM", 1, false, false}, ['6'] = {"PPM", 3, false, false},
};

/* Tuple types of PAM. A header without a type means the first one with its number of channels. */
static const struct tuple {
    const char *name;
    eg_pixels pixels;
} tuples[] = {
    {"GRAYSCALE", {1, 1, -1}}, {"GRAYSCALE_ALPHA", {1, 2, 1}}, {"RGB", {3, 3, -1}},
    {"RGB_ALPHA", {3, 4, 3}},  {"BLACKANDWHITE", {1, 1, -1}},  {"BLACKANDWHITE_ALPHA", {1, 2, 1}},
};

/* Values of a PAM header. */
typedef struct pam {
    uint64_t width, height, depth, maxval;
    char type[64];
    bool ended;
} pam;

/* ---- P1 to P6 ------------------------------------------------------------------------------ */

static eg_status read_pnm(eg_pnm_header *header, const struct pnm_kind *kind, eg_text *text)
{
    header->format = kind->format;
    header->plain = kind->plain;
    header->bits = kind->bits;
    header->maxval = 1;
    header->pixels = (eg_pixels){kind->colour, kind->colour, -1};
    eg_status status = eg_text_number(text, "width", &header->width);
    if (status == EG_OK)
        status = eg_text_number(text, "height", &header->height);
    if (status == EG_OK && !kind->bits)
        status = eg_text_number(text, "largest sample", &header->maxval);
    return status;
}

/* ---- P7 ------------------------------------------------------------------------------------ */

/* Reads a line, without its end and surrounding blanks, truncated to `size` bytes. */
static eg_status read_line(eg_text *text, char *line, size_t size)
{
    size_t length = 0;
    int c = eg_text_get(text);
    while (c != '\n' && c != EG_TEXT_END) {
        bool blank = eg_text_is_space(c) && length == 0;
        if (!blank && length + 1 < size)
            line[length++] = (char)c;
        c = eg_text_get(text);
    }
    while (length > 0 && eg_text_is_space(line[length - 1]))
        length--;
    line[length] = '\0';
    return c == EG_TEXT_END ? eg_text_ended(text) : EG_OK;
}

/* Parses a string of digits; numbers of more than 64 bits become UINT64_MAX. */
static bool parse_digits(const char *s, uint64_t *value)
{
    if (*s == '\0' || s[strspn(s, "0123456789")] != '\0')
        return false;
    for (*value = 0; *s != '\0'; s++)
        if (__builtin_mul_overflow(*value, 10u, value) ||
            __builtin_add_overflow(*value, (unsigned)(*s - '0'), value))
            *value = UINT64_MAX;
    return true;
}

/* Appends the value of a TUPLTYPE line, separated by a blank from that of an earlier one. */
static bool append_type(pam *p, const char *value)
{
    size_t used = strlen(p->type), length = strlen(value);
    if (used + 1 + length >= sizeof p->type)
        return false;
    if (used > 0)
        p->type[used++] = ' ';
    memcpy(p->type + used, value, length + 1);
    return true;
}

/* Parses a line "KEY value"; returns false if it is invalid. */
static bool parse_line(pam *p, char *line)
{
    const struct {
        const char *key;
        uint64_t *value;
    } numbers[] = {
        {"WIDTH", &p->width}, {"HEIGHT", &p->height}, {"DEPTH", &p->depth}, {"MAXVAL", &p->maxval}};

    size_t key = strcspn(line, " \t");
    char *value = line + key + strspn(line + key, " \t");
    line[key] = '\0';
    p->ended = strcmp(line, "ENDHDR") == 0;
    if (strcmp(line, "TUPLTYPE") == 0)
        return append_type(p, value);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(line, numbers[i].key) == 0)
            return parse_digits(value, numbers[i].value);
    return p->ended;
}

/* Returns the tuple type of the header; NULL if it is unknown. */
static const struct tuple *find_tuple(const pam *p)
{
    for (size_t i = 0; i < sizeof tuples / sizeof *tuples; i++)
        if (p->type[0] ? strcmp(p->type, tuples[i].name) == 0
                       : p->depth == (uint64_t)tuples[i].pixels.channels)
            return &tuples[i];
    return NULL;
}

static eg_status read_pam(eg_pnm_header *header, eg_text *text)
{
    char line[128];
    pam p = {0};
    while (!p.ended) {
        eg_status status = read_line(text, line, sizeof line);
        if (status != EG_OK)
            return status;
        if (line[0] != '\0' && line[0] != '#' && !parse_line(&p, line))
            return eg_input_fail(text->input, text->error, EG_BAD_INPUT,
                                 "invalid header line '%.24s'", line);
    }
    if (p.depth == 0)
        return eg_input_fail(text->input, text->error, EG_BAD_INPUT, "the header has no DEPTH");
    const struct tuple *tuple = find_tuple(&p);
    if (!tuple)
        return eg_input_fail(text->input, text->error, EG_UNSUPPORTED,
                             "has tuples of type '%s' and depth %llu; grey and RGB can be read",
                             p.type, (unsigned long long)p.depth);
    if (p.depth != (uint64_t)tuple->pixels.channels)
        return eg_input_fail(text->input, text->error, EG_BAD_INPUT,
                             "the tuple type %s needs depth %d, the header says %llu", p.type,
                             tuple->pixels.channels, (unsigned long long)p.depth);
    header->format = "PAM";
    header->width = p.width;
    header->height = p.height;
    header->maxval = p.maxval;
    header->pixels = tuple->pixels;
    return EG_OK;
}

/* ---- all formats --------------------------------------------------------------------------- */

bool eg_pnm_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    (void)input;
    if (size < 2 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '7')
        return false;
    if (size == 2)
        return true;
    if (bytes[1] == '7') /* "P7 332" is the thumbnail format of xv */
        return bytes[2] == '\n' || bytes[2] == '\r';
    return bytes[2] == '#' || eg_text_is_space(bytes[2]);
}

eg_status eg_pnm_read_header(eg_pnm_header *header, eg_input *input, eg_error *error)
{
    eg_text text = {input, error, EG_OK, EG_TEXT_HEADER_MAX};
    *header = (eg_pnm_header){0};
    eg_text_get(&text); /* 'P', checked by the probe */
    int kind = eg_text_get(&text);
    if (kind < '1' || kind > '7')
        return eg_input_fail(input, error, EG_BAD_INPUT, "is not a PNM image");
    eg_status status =
        kind == '7' ? read_pam(header, &text) : read_pnm(header, &kinds[kind], &text);
    if (status != EG_OK)
        return status;
    if (header->maxval < 1 || header->maxval > 65535)
        return eg_input_fail(input, error, EG_BAD_INPUT,
                             "the largest sample must be 1 to 65535; the header says %llu",
                             (unsigned long long)header->maxval);
    while (header->maxval >> header->depth)
        header->depth++;
    return eg_check_size(input->ctx, input->name, header->width, header->height, error);
}
