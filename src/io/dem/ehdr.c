/* SPDX-License-Identifier: MIT */
/*
 * Reads the first band of ESRI's raw rasters: .bil, .bip and .bsq (bands interleaved by line, by
 * pixel, and sequential) and .flt (one band of floats). A .hdr file beside the data describes them.
 */
#include <string.h>
#include <strings.h>

#include "io/dem/grid_header.h"
#include "io/dem/raw.h"
#include "io/georef/sidecar.h"

enum { BANDS_MAX = 65535 };

/* Formats by the extension of the data file. */
static const struct kind {
    const char *extension, *format;
    const char *layout; /* default if the header has no LAYOUT */
} kinds[] = {
    {"bil", "BIL", "BIL"}, {"bip", "BIP", "BIP"}, {"bsq", "BSQ", "BSQ"}, {"flt", "FLT", "BIL"}};

/* Finds the format by the extension of `path`; NULL: it is the header's. */
static const struct kind *find_kind(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
        if (strcasecmp(dot + 1, kinds[i].extension) == 0)
            return &kinds[i];
    return NULL;
}

/* Returns false for Radiance images, which share the extension .hdr. */
static bool ehdr_probe(const eg_input *input, const uint8_t *bytes, size_t size)
{
    return find_kind(eg_input_path(input)) || size < 2 || memcmp(bytes, "#?", 2) != 0;
}

/* ---- header values --------------------------------------------------------------------------- */

static eg_status fail_unsupported(const eg_grid_header *h, const char *key, const char *value,
                                  const char *known, eg_error *error)
{
    return eg_fail_file(error, EG_UNSUPPORTED, h->file, "%s '%s' is not supported, only %s", key,
                        value, known);
}

/* Reads BYTEORDER: I, Intel or LSBFIRST; M, Motorola or MSBFIRST. */
static eg_status read_order(const eg_grid_header *h, bool *big, eg_error *error)
{
    const char *order = eg_grid_word(h, EG_KEY_BYTEORDER);
    *big = order[0] == 'M';
    if (eg_grid_has(h, EG_KEY_BYTEORDER) && !strchr("ILM", order[0]))
        return fail_unsupported(h, "byteorder", order, "I (low byte first) and M (high byte first)",
                                error);
    return EG_OK;
}

/* Reads PIXELTYPE and NBITS. Without PIXELTYPE, samples are unsigned, or signed if the nodata value
 * is negative. */
static eg_status read_type(const eg_grid_header *h, bool floats, eg_raw_type *type, eg_error *error)
{
    const char *pixel_type = eg_grid_word(h, EG_KEY_PIXELTYPE);
    bool given = eg_grid_has(h, EG_KEY_PIXELTYPE);
    bool negative = eg_grid_has(h, EG_KEY_NODATA) && h->numbers[EG_KEY_NODATA] < 0;
    char kind = given ? pixel_type[0] : floats ? 'F' : negative ? 'S' : 'U';
    uint64_t bits;
    eg_status status = eg_grid_integer(h, EG_KEY_NBITS, floats ? 32 : 8, 1, 64, &bits, error);
    static const struct {
        char kind;
        uint64_t bits;
        eg_raw_type type;
    } types[] = {{'U', 8, EG_RAW_U8},   {'S', 8, EG_RAW_S8},   {'U', 16, EG_RAW_U16},
                 {'S', 16, EG_RAW_S16}, {'U', 32, EG_RAW_U32}, {'S', 32, EG_RAW_S32},
                 {'F', 32, EG_RAW_F32}, {'F', 64, EG_RAW_F64}};
    for (size_t i = 0; status == EG_OK && i < sizeof types / sizeof *types; i++) {
        if (types[i].kind == kind && types[i].bits == bits) {
            *type = types[i].type;
            return EG_OK;
        }
    }
    if (status != EG_OK)
        return status;
    return eg_fail_file(
        error, EG_UNSUPPORTED, h->file,
        "samples of %llu bits of type '%s' are not supported, only integers of 8, 16 "
        "and 32 bits and floats of 32 and 64",
        (unsigned long long)bits, given ? pixel_type : "unsignedint");
}

/* ---- position of the samples ----------------------------------------------------------------- */

#define MAX_BYTES ((uint64_t)1 << 53) /* of a row; larger than any file */

/* Moves layout->skip to the band, of bands that are interleaved by pixel or one after another, with
 * gaps between them. */
static eg_status skip_bands(const eg_grid_header *h, eg_raw_layout *layout, bool by_pixel,
                            eg_error *error)
{
    const uint64_t band = (uint64_t)layout->band;
    uint64_t gap = 0, passed;
    if (by_pixel) {
        layout->skip += band * eg_raw_bytes(layout->type);
        return EG_OK;
    }
    eg_status status = eg_grid_integer(h, EG_KEY_BANDGAPBYTES, 0, 0, MAX_BYTES, &gap, error);
    if (status != EG_OK)
        return status;
    if (__builtin_mul_overflow(layout->row_bytes, (uint64_t)layout->height, &passed) ||
        __builtin_add_overflow(passed, gap, &passed) ||
        __builtin_mul_overflow(passed, band, &passed) ||
        __builtin_add_overflow(layout->skip, passed, &layout->skip))
        return eg_fail_file(error, EG_BAD_INPUT, h->file, "its bands have more than 2^64 bytes");
    return EG_OK;
}

/* Computes offsets and strides of layout->band. Rows, and the bands of a row, may have gaps
 * between them. */
static eg_status read_layout(const eg_grid_header *h, const struct kind *kind,
                             eg_raw_layout *layout, eg_error *error)
{
    bool given = eg_grid_has(h, EG_KEY_LAYOUT);
    const char *order = given ? eg_grid_word(h, EG_KEY_LAYOUT) : kind->layout;
    bool by_line = strcmp(order, "BIL") == 0, by_pixel = strcmp(order, "BIP") == 0;
    uint64_t bands = 1, row, total;
    if (!by_line && !by_pixel && strcmp(order, "BSQ") != 0)
        return fail_unsupported(h, "layout", order, "BIL, BIP and BSQ", error);
    eg_status status = eg_grid_integer(h, EG_KEY_NBANDS, 1, 1, BANDS_MAX, &bands, error);
    if (status == EG_OK)
        status = eg_grid_integer(h, EG_KEY_SKIPBYTES, 0, 0, MAX_BYTES, &layout->skip, error);
    if (status != EG_OK)
        return status;
    layout->channels = (int)bands;
    layout->step = eg_raw_bytes(layout->type) * (by_pixel ? (size_t)bands : 1);
    if (__builtin_mul_overflow((uint64_t)layout->width, (uint64_t)layout->step, &row) ||
        row > MAX_BYTES)
        return eg_fail_file(error, EG_BAD_INPUT, h->file, "a row has more than 2^53 bytes");
    status = eg_grid_integer(h, by_pixel ? EG_KEY_TOTALROWBYTES : EG_KEY_BANDROWBYTES, row, row,
                             MAX_BYTES, &layout->row_bytes, error);
    if (status != EG_OK || !by_line)
        return status == EG_OK ? skip_bands(h, layout, by_pixel, error) : status;
    layout->skip += (uint64_t)layout->band * layout->row_bytes;
    if (__builtin_mul_overflow(bands, layout->row_bytes, &total) || total > MAX_BYTES)
        return eg_fail_file(error, EG_BAD_INPUT, h->file, "a row has more than 2^53 bytes");
    return eg_grid_integer(h, EG_KEY_TOTALROWBYTES, total, row, MAX_BYTES, &layout->row_bytes,
                           error);
}

/* ---- the two files --------------------------------------------------------------------------- */

/* Sets the layout and the georeferencing from the header's values. */
static eg_status apply_header(const eg_grid_header *h, const struct kind *kind,
                              const eg_input *input, eg_raw_layout *layout, eg_georef_data *data,
                              eg_error *error)
{
    bool floats = strcmp(kind->extension, "flt") == 0;
    layout->format = kind->format;
    eg_status status = eg_grid_size(h, input, &layout->width, &layout->height, error);
    if (status == EG_OK)
        status = read_order(h, &layout->big_endian, error);
    if (status == EG_OK)
        status = read_type(h, floats, &layout->type, error);
    if (status == EG_OK)
        status = read_layout(h, kind, layout, error);
    if (status == EG_OK)
        status = eg_grid_locate(h, layout->height, &data->georef, error);
    if (status == EG_OK && floats && !data->georef.has_nodata) {
        data->georef.has_nodata = data->nodata_default = true;
        data->georef.nodata = EG_GRID_NODATA;
    }
    return status;
}

static eg_status read_header(const eg_input *input, const struct kind *kind, eg_raw_layout *layout,
                             eg_georef_data *data, eg_error *error)
{
    eg_sidecar hdr;
    eg_status status = eg_sidecar_read(&hdr, input->ctx, eg_input_path(input), "hdr", error);
    if (status != EG_OK)
        return status;
    eg_grid_header header = {.file = hdr.name};
    if (!hdr.text)
        status =
            eg_input_fail(input, error, EG_BAD_INPUT,
                          "missing header %s, which gives the size and the sample type", hdr.name);
    else if (strncmp(hdr.text, "ENVI", 4) == 0)
        status = eg_fail_file(error, EG_UNSUPPORTED, hdr.name,
                              "is an ENVI header; only ESRI headers are supported");
    if (status == EG_OK)
        status = eg_grid_read_lines(&header, hdr.text, hdr.size, error);
    if (status == EG_OK)
        status = apply_header(&header, kind, input, layout, data, error);
    eg_sidecar_free(&hdr);
    return status;
}

/* Fails if the file is shorter than its header requires. A pipe's length is not known here;
 * raw_read() reports a truncated one. */
static eg_status check_length(eg_input *input, const eg_raw_layout *layout, bool tolerate,
                              eg_error *error)
{
    uint64_t needed, size;
    if (!eg_raw_size(layout, &needed))
        return eg_input_fail(input, error, EG_BAD_INPUT,
                             "its header describes more than 2^64 bytes");
    if (tolerate || !eg_input_size(input, &size) || size >= needed)
        return EG_OK;
    return eg_input_fail(input, error, EG_BAD_INPUT,
                         "truncated: %llu of %llu bytes (use --tolerate to read the rest)",
                         (unsigned long long)size, (unsigned long long)needed);
}

/* Fails because the input is the header, and names the data file to use instead. */
static eg_status header_named(const eg_input *input, eg_error *error)
{
    char *name = NULL;
    bool found = false;
    eg_status status = EG_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == EG_OK && !found; i++) {
        eg_free(name);
        status = eg_sidecar_find(&name, &found, input->ctx, eg_input_path(input),
                                 kinds[i].extension, error);
    }
    if (status == EG_OK)
        status = eg_input_fail(input, error, EG_BAD_INPUT,
                               "is the header of a raster; name the file with the data%s%s",
                               found ? ", " : "", found ? name : "");
    eg_free(name);
    return status;
}

static eg_status ehdr_open(eg_source **source, eg_input *input, const eg_read_options *options,
                           eg_error *error)
{
    const struct kind *kind = find_kind(eg_input_path(input));
    eg_raw_layout layout = {.band = eg_band_index(options)};
    eg_georef_data georef_data;
    eg_georef_data_init(&georef_data);
    eg_status status =
        kind ? read_header(input, kind, &layout, &georef_data, error) : header_named(input, error);
    if (status == EG_OK && layout.band >= layout.channels)
        status = eg_fail_band(input->name, layout.band + 1, layout.channels, error);
    if (status == EG_OK)
        status = check_length(input, &layout, options->tolerate, error);
    if (status == EG_OK)
        return eg_raw_open(source, input, options, &layout, &georef_data, error);
    eg_georef_data_free(&georef_data);
    eg_input_close(input);
    return status;
}

const eg_format eg_ehdr_format = {
    .name = "bil",
    .title = "BIL, BIP, BSQ, GridFloat",
    .reads = "one band, with a .hdr file: integers of 8, 16 and 32 bits, floats of 32 and 64 bits",
    .georef = "corner, cell size, nodata (.hdr)",
    .extensions = "bil,bip,bsq,flt,hdr",
    .match_by_extension = true,
    .reads_bands = true,
    .probe = ehdr_probe,
    .open = ehdr_open,
};
