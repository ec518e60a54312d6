/* SPDX-License-Identifier: MIT */
/* The reader of ESRI's raw rasters (.bil, .bip, .bsq, .flt): every type and layout, valid and
 * invalid headers. */
#include "damage.h"
#include "raster.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { WIDTH = 301, HEIGHT = 5, BANDS = 3 };

static const struct type {
    const char *name;
    int bits;
    double low, high;
} types[] = {
    {"UNSIGNEDINT", 8, 0, 255},          {"SIGNEDINT", 8, -128, 127},
    {"UNSIGNEDINT", 16, 0, 65535},       {"SIGNEDINT", 16, -32768, 32767},
    {"UNSIGNEDINT", 32, 0, 4294967295.}, {"SIGNEDINT", 32, -2147483648., 2147483647},
    {"FLOAT", 32, -1000, 9000},          {"FLOAT", 64, -1000, 9000},
};

static double value_of(const struct type *type, size_t x, size_t y, size_t band)
{
    double fraction = (double)((x * 7919 + y * 104729 + band * 31) % 1000) / 999;
    double value = type->low + fraction * (type->high - type->low);
    return type->name[0] == 'F' ? (type->bits == 32 ? (double)(float)value : value) : floor(value);
}

static void store_value(uint8_t *out, const struct type *type, double value, bool big)
{
    uint64_t word = 0;
    float single = (float)value;
    if (type->name[0] == 'F' && type->bits == 64)
        memcpy(&word, &value, sizeof value);
    else if (type->name[0] == 'F')
        memcpy(&word, &single, sizeof single);
    else
        word = (uint64_t)(int64_t)value;
    for (int i = 0; i < type->bits / 8; i++)
        out[big ? type->bits / 8 - 1 - i : i] = (uint8_t)(word >> 8 * i);
}

/* Returns the offset of a sample in a file with `gap` bytes after each row of a band (BIP: after
 * each row of pixels). */
static size_t sample_offset(const char *layout, size_t bytes, size_t gap, size_t x, size_t y,
                            size_t band)
{
    size_t row = WIDTH * bytes + gap;
    if (strcmp(layout, "BIP") == 0)
        return y * (BANDS * WIDTH * bytes + gap) + (x * BANDS + band) * bytes;
    return strcmp(layout, "BIL") == 0 ? (y * BANDS + band) * row + x * bytes
                                      : (band * HEIGHT + y) * row + x * bytes;
}

static size_t make_data(uint8_t *data, const struct type *type, const char *layout, bool big,
                        size_t skip, size_t gap)
{
    size_t end = 0, bytes = (size_t)type->bits / 8;
    for (size_t band = 0; band < BANDS; band++)
        for (size_t y = 0; y < HEIGHT; y++)
            for (size_t x = 0; x < WIDTH; x++) {
                size_t offset = skip + sample_offset(layout, bytes, gap, x, y, band);
                store_value(data + offset, type, value_of(type, x, y, band), big);
                end = offset + bytes > end ? offset + bytes : end;
            }
    return end;
}

static void check_data(const char *extension, const struct type *type, const char *layout, bool big,
                       size_t skip, size_t gap)
{
    static uint8_t data[WIDTH * HEIGHT * BANDS * 8 + 4096];
    char header[512], name[32];
    size_t row = WIDTH * (size_t)type->bits / 8;
    snprintf(header, sizeof header,
             "nrows %d\r\nNCOLS %d\nnbands %d\nNBITS %d\npixeltype %s\nbyteorder %s\nLayout %s\n"
             "skipbytes %zu\nmapunits METERS or what\n\n%s %zu\nulxmap 100.5\nulymap 200.5\n"
             "xdim 1\nydim 2\n",
             HEIGHT, WIDTH, BANDS, type->bits, type->name, big ? "M" : "lsbfirst", layout, skip,
             strcmp(layout, "BIP") == 0 ? "totalrowbytes" : "bandrowbytes",
             strcmp(layout, "BIP") == 0 ? BANDS * row + gap : row + gap);
    snprintf(name, sizeof name, "raw.%s", extension);
    put_file("raw.hdr", header, strlen(header));
    size_t size = make_data(data, type, layout, big, skip, gap);
    for (int as_values = 0; as_values < 2; as_values++) {
        raster r = raster_of_bytes(name, data, size, as_values);
        bool wide = as_values && (type->bits == 64 || (type->bits == 32 && type->name[0] != 'F'));
        bool bytes = type->bits == 8 && type->name[0] == 'U';
        assert_int_equal(r.info.sample, wide ? EG_F64 : bytes ? EG_U8 : EG_F32);
        assert_int_equal(r.info.channels, BANDS);
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            double wanted = value_of(type, i % WIDTH, i / WIDTH, 0);
            if (r.values[i] != (wide ? wanted : (double)(float)wanted))
                fail_msg("%s %s %d %s: %zu is %g, not %g", layout, type->name, type->bits,
                         big ? "M" : "I", i, r.values[i], wanted);
        }
        static const double transform[6] = {100, 1, 0, 201.5, 0, -2};
        assert_memory_equal(r.georef.transform, transform, sizeof transform);
        raster_free(&r);
    }
}

static void every_type_and_layout(void **state)
{
    static const char *const layouts[] = {"BIL", "BIP", "BSQ"};
    (void)state;
    for (size_t t = 0; t < COUNT(types); t++)
        for (size_t l = 0; l < COUNT(layouts); l++)
            for (size_t i = 0; i < 4; i++) {
                check_data("bil", &types[t], layouts[l], i % 2, 0, i / 2 * 24);
                check_data("bsq", &types[t], layouts[l], i % 2, 1000 * (i / 2), 0);
            }
}

/* Reads a raster of 2 x 2 cells with this header. */
static raster small_raster(const char *name, const char *header, const void *data, size_t size)
{
    put_file("small.hdr", header, strlen(header));
    return raster_of_bytes(name, data, size, true);
}

static void headers_with_defaults(void **state)
{
    static const uint8_t data[16] = {0, 0, 0x80, 0x3F, 0xF1, 0xD8, 0xFF, 0xFF, 0, 0, 0, 0xC0};
    static const struct {
        const char *name, *header;
        double values[4];
        eg_sample sample;
    } cases[] = {
        {"small.bil", "ncols 2\nnrows 2\n", {0, 0, 128, 63}, EG_U8},
        {"small.bil", "ncols 2\nnrows 2\nnodata 128", {0, 0, (double)NAN, 63}, EG_F32},
        {"small.bil", "ncols 2\nnrows 2\nnbits 16\n", {0, 16256, 55537, 65535}, EG_F32},
        {"small.bil",
         "ncols 2\nnrows 2\nnbits 16\nnodata -9999",
         {0, 16256, (double)NAN, -1},
         EG_F32},
        {"small.flt", "ncols 2\nnrows 2\n", {1, (double)NAN, -2, 0}, EG_F32},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        raster r = small_raster(cases[i].name, cases[i].header, data, sizeof data);
        assert_int_equal(r.info.sample, cases[i].sample);
        assert_false(r.georef.located);
        for (int k = 0; k < 4; k++)
            if (r.values[k] != cases[i].values[k] &&
                !(isnan(r.values[k]) && isnan(cases[i].values[k])))
                fail_msg("case %zu: %d is %g", i, k, r.values[k]);
        raster_free(&r);
    }
}

static void gridfloat_has_the_header_of_an_ascii_grid(void **state)
{
    static const float data[4] = {1.5F, -3.4028235e38F, 3, 4};
    static const double transform[6] = {10, 5, 0, 30, 0, -5};
    (void)state;
    raster r = small_raster("small.flt",
                            "ncols 2\nnrows 2\nxllcorner 10\nyllcenter 22.5\ncellsize 5\n"
                            "NODATA_value -3.4028235e+38\nbyteorder LSBFIRST\n",
                            data, sizeof data);
    assert_memory_equal(r.georef.transform, transform, sizeof transform);
    assert_true(r.values[0] == 1.5 && isnan(r.values[1]) && r.values[3] == 4);
    assert_string_equal(r.info.format, "FLT");
    raster_free(&r);
}

static void nodata_of_floats_may_be_rounded(void **state)
{
    static const float lowest[4] = {1.5F, -FLT_MAX, -9999, 4};
    static const char *const texts[] = {"-3.4028234663852886e+38", "-3.4028235e+38", "-3.40282e+38",
                                        "-3,4E+38"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char header[128];
        snprintf(header, sizeof header, "ncols 2\nnrows 2\nnodata %s\nnbits 32\npixeltype float",
                 texts[i]);
        raster r = small_raster("small.bil", header, lowest, sizeof lowest);
        assert_true(r.values[0] == 1.5 && isnan(r.values[1]) && r.values[2] == -9999);
        raster_free(&r);
    }
    raster r = small_raster("small.flt", "ncols 2\nnrows 2\n", lowest, sizeof lowest);
    assert_true(isnan(r.values[2]) && r.values[1] == -(double)FLT_MAX); /* ESRI's default, -9999 */
    raster_free(&r);
}

static void sidecar_names_may_be_in_capitals(void **state)
{
    static const char prj[] = "GEOGCS[\"WGS 84\",DATUM[\"D\",SPHEROID[\"S\",6378137,298.25]],"
                              "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]]";
    static const char hdr[] = "NCOLS 2\nNROWS 1\n";
    (void)state;
    put_file("CAPS.HDR", hdr, strlen(hdr));
    put_file("CAPS.PRJ", prj, strlen(prj));
    raster r = raster_of_bytes("CAPS.BIL", "ab", 2, false);
    assert_int_equal(r.georef.crs, EG_CRS_GEOGRAPHIC);
    assert_string_equal(r.wkt, prj);
    raster_free(&r);
}

#define TWO "ncols 2\nnrows 2\n"

static void every_error_is_reported(void **state)
{
    static const struct {
        const char *header, *words;
        eg_status status;
    } errors[] = {
        {NULL, "bad.bil: missing header ", EG_BAD_INPUT},
        {"ENVI\nsamples = 2\n", "bad.hdr: is an ENVI header", EG_UNSUPPORTED},
        {"ncols 2\n", "bad.hdr: the header lacks nrows", EG_BAD_INPUT},
        {"ncols 2\nnrows x\n", "bad.hdr: line 2: nrows is 'x', not a number", EG_BAD_INPUT},
        {TWO "ncols 3\n", "line 3: ncols is given twice", EG_BAD_INPUT},
        {TWO "nbits 12", "samples of 12 bits of type 'unsignedint'", EG_UNSUPPORTED},
        {TWO "nbits 65", "nbits is 65; it must be a whole number from 1 to 64", EG_BAD_INPUT},
        {TWO "pixeltype float", "samples of 8 bits of type 'FLOAT'", EG_UNSUPPORTED},
        {TWO "pixeltype", "samples of 8 bits of type ''", EG_UNSUPPORTED},
        {TWO "layout BIX", "layout 'BIX' is not supported, only BIL, BIP and BSQ", EG_UNSUPPORTED},
        {TWO "byteorder VMS", "byteorder 'VMS' is not supported", EG_UNSUPPORTED},
        {TWO "nbands 0", "nbands is 0", EG_BAD_INPUT},
        {TWO "bandrowbytes 1", "bandrowbytes is 1; it must be a whole number from 2", EG_BAD_INPUT},
        {TWO "totalrowbytes 1", "totalrowbytes is 1; it must", EG_BAD_INPUT},
        {TWO "skipbytes -1", "skipbytes is -1", EG_BAD_INPUT},
        {TWO "xdim 0\n", "dx is 0; the cell size", EG_BAD_INPUT},
        {TWO "nbits 16", "bad.bil: truncated: 4 of 8 bytes (use --tolerate", EG_BAD_INPUT},
        {TWO "skipbytes 1", "truncated: 4 of 5 bytes", EG_BAD_INPUT},
        {TWO "nbands 65535\nbandrowbytes 9007199254740992", "more than 2^53 bytes", EG_BAD_INPUT},
        {TWO "layout bip\nnbands 65535\nskipbytes 9007199254740992", "truncated: 4 of ",
         EG_BAD_INPUT},
        {"ncols 1\nnrows 100000\ntotalrowbytes 9007199254740992", "more than 2^64 bytes",
         EG_BAD_INPUT},
        {"ncols 1e9\nnrows 1e9", "bad.bil: has 1000000000 x 1000000000", EG_LIMIT_EXCEEDED},
        {"ncols 0\nnrows 2", "is empty: 0 x 2 pixels", EG_BAD_INPUT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        if (errors[i].header)
            put_file("bad.hdr", errors[i].header, strlen(errors[i].header));
        eg_error error = failure_of_bytes("bad.bil", "abcd", 4);
        if (error.status != errors[i].status || !strstr(error.message, errors[i].words))
            fail_msg("fault %zu: status %d '%s'", i, (int)error.status, error.message);
    }
}

static void a_header_as_input_names_the_data_file(void **state)
{
    (void)state;
    eg_error error = failure_of_bytes("alone.hdr", TWO, strlen(TWO));
    assert_int_equal(error.status, EG_BAD_INPUT);
    assert_non_null(
        strstr(error.message, "alone.hdr: is the header of a raster; name the file with"));
    put_file("alone.flt", "abcd", 4);
    error = failure_of_bytes("alone.hdr", TWO, strlen(TWO));
    assert_non_null(strstr(error.message, "alone.flt"));
    error = failure_of_bytes("sky.hdr", "#?RADIANCE\n", 11);
    assert_int_equal(error.status, EG_UNSUPPORTED);
    assert_non_null(strstr(error.message, "Radiance"));
}

static void prj_files_too_long_or_not_wkt(void **state)
{
    (void)state;
    enum { LONG = 70000 };
    char *text = calloc(LONG, 1);
    memset(text, ' ', LONG);
    put_file("odd.hdr", TWO, strlen(TWO));
    put_file("odd.prj", text, LONG);
    eg_error error = failure_of_bytes("odd.bil", "abcd", 4);
    assert_int_equal(error.status, EG_BAD_INPUT);
    assert_non_null(strstr(error.message,
                           "odd.prj: is too large: a sidecar text file has at most 65536 bytes"));
    put_file("odd.prj", "Projection UTM\nUnits FATHOMS\n", 29);
    raster r = raster_of_bytes("odd.bil", "abcd", 4, false);
    assert_int_equal(r.georef.crs, EG_CRS_UNKNOWN);
    assert_string_equal(r.wkt, "Projection UTM\nUnits FATHOMS\n");
    raster_free(&r);
    free(text);
}

/* Cells beyond the end of the file are missing, or 0 in rasters of bytes. */
static void short_files_are_tolerated(void **state)
{
    (void)state;
    raster r;
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = true;
    put_file("short.hdr", TWO "nbits 16", strlen(TWO "nbits 16"));
    put_file("short.bil", "\1\0\2\0\3\0\4", 7);
    assert_int_equal(raster_read(&r, ctx, scratch("short.bil"), &options, 0, NULL), EG_OK);
    assert_true(r.values[0] == 1 && r.values[1] == 2 && r.values[2] == 3 && isnan(r.values[3]));
    raster_free(&r);
    put_file("short.hdr", TWO, strlen(TWO));
    put_file("short.bil", "\1\2\3", 3);
    assert_int_equal(raster_read(&r, ctx, scratch("short.bil"), &options, 1, NULL), EG_OK);
    assert_true(r.values[2] == 3 && r.values[3] == 0);
    raster_free(&r);
    close_context(ctx);
}

/* A header with any byte changed is read or fails with a one-line message. */
static void damaged_headers_are_survived(void **state)
{
    char header[] = "ncols 2\nnrows 2\nnbands 1\nnbits 16\nskipbytes 3\nbandrowbytes 5\nulxmap 1\n"
                    "ulymap 2\nxdim 1\nydim 1\nnodata 7\nlayout BIL\nbyteorder M\n";
    static const char changes[] = {0x01, 0x10, 0x40, (char)0x80};
    static const uint8_t data[64];
    (void)state;
    for (size_t offset = 0; offset < strlen(header); offset++) {
        for (size_t i = 0; i < COUNT(changes); i++) {
            header[offset] = (char)(header[offset] ^ changes[i]);
            put_file("flip.hdr", header, sizeof header - 1);
            eg_error error = failure_of_bytes("flip.bil", data, sizeof data);
            if (error.status != EG_OK)
                assert_clean_refusal("flip.", error.status, &error);
            header[offset] = (char)(header[offset] ^ changes[i]);
        }
    }
}

/* Allocations for the header, the .prj file and the data fail one after the other. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    put_file("memory.hdr", TWO, strlen(TWO));
    put_file("memory.prj", "LOCAL_CS[\"a\"]", 13);
    const char *path = put_file("memory.bil", "abcd", 4);
    for (; status != EG_OK; k++) {
        raster r;
        eg_error error = {0};
        eg_context *ctx = small_context();
        atomic_store(&ctx->fail_after, k);
        status = raster_read(&r, ctx, path, NULL, 1, &error);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(status, error.status);
        assert_true(status == EG_OK || strstr(error.message, "out of memory"));
        raster_free(&r);
        close_context(ctx);
    }
    assert_in_range(k, 10, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_and_layout),
        cmocka_unit_test(headers_with_defaults),
        cmocka_unit_test(gridfloat_has_the_header_of_an_ascii_grid),
        cmocka_unit_test(nodata_of_floats_may_be_rounded),
        cmocka_unit_test(sidecar_names_may_be_in_capitals),
        cmocka_unit_test(every_error_is_reported),
        cmocka_unit_test(a_header_as_input_names_the_data_file),
        cmocka_unit_test(prj_files_too_long_or_not_wkt),
        cmocka_unit_test(short_files_are_tolerated),
        cmocka_unit_test(damaged_headers_are_survived),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("ehdr", tests, make_scratch, remove_scratch);
}
