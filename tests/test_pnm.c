/* SPDX-License-Identifier: MIT */
/* Tests of the readers of PBM, PGM, PPM, PAM and PFM: one image in all formats, valid and invalid
 * headers. */
#include "damage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "testdata/small/"
/* ---- one image ------------------------------------------------------------------------------- */

static void every_form_gives_the_same_grid(void **state)
{
    static const char *const rows[][6] = {
        {"rgb.png", "rgb.ppm", "rgb.pam", "rgb-plain.ppm", "grey.pgm"},
        {"grey.png", "grey.pgm", "grey.pam", "grey-plain.pgm", "grey-alpha.pam", "rgba.pam"},
        {"grey16.png", "grey16.pgm", "grey16.pam", "grey16-plain.pgm"},
        {"rgb16.png", "rgb16.ppm"},
        {"bits.png", "bits.pbm", "bits.pam", "bits-plain.pbm"},
        {"palette.png", "palette.ppm"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 1; j < COUNT(rows[i]) && rows[i][j]; j++) {
            char a[64], b[64];
            snprintf(a, sizeof a, SMALL "%s", rows[i][0]);
            snprintf(b, sizeof b, SMALL "%s", rows[i][j]);
            assert_same_picture(ctx, a, b);
        }
    }
    close_context(ctx);
}

static void alpha_is_composited_as_in_a_png(void **state)
{
    static const char *const pairs[][2] = {{SMALL "rgba.png", SMALL "rgba.pam"},
                                           {SMALL "grey-alpha.png", SMALL "grey-alpha.pam"}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.alpha = EG_ALPHA_OVER;
    memcpy(options.over, (uint8_t[3]){10, 200, 90}, 3);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        eg_grid a, b;
        load_grid(&a, ctx, pairs[i][0], &options);
        load_grid(&b, ctx, pairs[i][1], &options);
        assert_grids_equal(&a, &b);
        eg_grid_free(&a);
        eg_grid_free(&b);
    }
    close_context(ctx);
}

static void floats_are_the_bytes_divided(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid floats, bytes;
    load_grid(&floats, ctx, SMALL "grey.pfm", NULL);
    load_grid(&bytes, ctx, SMALL "grey.pgm", NULL);
    assert_int_equal(floats.sample, EG_F32);
    assert_true(floats.white_level == 1);
    for (size_t y = 0; y < bytes.height; y++)
        for (size_t x = 0; x < bytes.width; x++)
            assert_true((float)sample_at(&floats, x, y) == (float)sample_at(&bytes, x, y) / 255);
    eg_grid_free(&floats);
    eg_grid_free(&bytes);
    close_context(ctx);
}

/* ---- generated files ------------------------------------------------------------------------- */

/* Checks that a 3 x 2 image of these samples, as each PGM and PAM that can store them, gives
 * `wanted`. */
static void check_samples(eg_context *ctx, const unsigned samples[6], unsigned maxval,
                          const double wanted[6])
{
    static const char *const headers[] = {"P5\n3 2\n%u\n", "P2\n3 2\n%u\n",
                                          "P7\nWIDTH 3\nHEIGHT 2\nDEPTH 1\nMAXVAL %u\nENDHDR\n"};
    for (size_t form = 0; form < COUNT(headers); form++) {
        uint8_t file[256];
        eg_grid grid;
        eg_error error = {0};
        int size = snprintf((char *)file, sizeof file, headers[form], maxval);
        for (int i = 0; i < 6; i++) {
            if (form == 1)
                size += snprintf((char *)file + size, 16, "%u ", samples[i]);
            if (form != 1 && maxval > 255)
                file[size++] = (uint8_t)(samples[i] >> 8);
            if (form != 1)
                file[size++] = (uint8_t)samples[i];
        }
        if (load_bytes(&grid, ctx, file, (size_t)size, NULL, &error) != EG_OK)
            fail_msg("%.2s of %u: %s", file, maxval, error.message);
        assert_int_equal(grid.sample, maxval > 255 ? EG_F32 : EG_U8);
        for (size_t i = 0; i < 6; i++)
            if (fabs(sample_at(&grid, i % 3, i / 3) - wanted[i]) > 1.0 / 256)
                fail_msg("%.2s: %u of %u is %g", file, samples[i], maxval,
                         sample_at(&grid, i % 3, i / 3));
        eg_grid_free(&grid);
    }
}

static void samples_are_scaled_from_any_largest(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (unsigned maxval = 1; maxval <= 65535; maxval += maxval < 1100 ? 1 : 777) {
        const unsigned samples[6] = {0, 1, maxval / 3, maxval / 2, maxval - 1, maxval};
        double wanted[6];
        for (int i = 0; i < 6; i++)
            wanted[i] = maxval > 255 ? samples[i] * 65535.0 / maxval
                                     : floor(samples[i] * 255.0 / maxval + 0.5);
        check_samples(ctx, samples, maxval, wanted);
    }
    close_context(ctx);
}

static void put_float(uint8_t *out, float value, bool little)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    for (int i = 0; i < 4; i++)
        out[little ? i : 3 - i] = (uint8_t)(bits >> 8 * i);
}

/* The first row of a PFM file is the lowest row of the image. */
static void float_maps_of_both_byte_orders(void **state)
{
    static const float values[6] = {0, -1.5f, 3.25e-20f, 1e30f, 255, -0.0f};
    static const char *const scales[] = {"-1.0", "1", "-0.5", "+2e3"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t s = 0; s < COUNT(scales); s++) {
        for (int colour = 0; colour <= 1; colour++) {
            uint8_t file[256];
            eg_grid grid;
            eg_error error = {0};
            bool little = scales[s][0] == '-';
            int size = snprintf((char *)file, sizeof file, "%s\n3 2\n%s\n", colour ? "PF" : "Pf",
                                scales[s]);
            for (int i = 0; i < 6 * (colour ? 3 : 1); i++, size += 4)
                put_float(file + size, values[colour ? i / 3 : i], little);
            if (load_bytes(&grid, ctx, file, (size_t)size, NULL, &error) != EG_OK)
                fail_msg("%s", error.message);
            for (size_t i = 0; i < 6; i++) {
                double got = sample_at(&grid, i % 3, 1 - i / 3), wanted = values[i];
                assert_true(fabs(got - wanted) <= fabs(wanted) * (colour ? 1e-6 : 0));
            }
            eg_grid_free(&grid);
        }
    }
    close_context(ctx);
}

/* ---- headers --------------------------------------------------------------------------------- */

typedef struct header_case {
    const char *text;
    size_t size;
    eg_status status;
} header_case;

#define CASE(text, status)                                                                         \
    {                                                                                              \
        text, sizeof text - 1, status                                                              \
    }

static const header_case headers[] = {
    /* comments and white space where Netpbm allows them */
    CASE("P5 1 1 255 A", EG_OK),
    CASE("P5#c\n#d\n 1\t1\r\n255\nA", EG_OK),
    CASE("P5\n1 # width\n1 #h\n255\nA", EG_OK),
    CASE("P1 1 1 1", EG_OK),
    CASE("P1\n2 2\n0110", EG_OK),
    CASE("P1\n2 2\n0#c\n1 1\n0", EG_OK),
    CASE("P2 1 1 7 7", EG_OK),
    CASE("P4 1 1 \x80", EG_OK),
    CASE("P7\n# c\nWIDTH 1\nHEIGHT 1\n\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\nA", EG_OK),
    CASE("P7\nMAXVAL 255\nDEPTH 3\nHEIGHT 1\nWIDTH 1\nENDHDR\nABC", EG_OK),
    CASE("Pf 1 1 -1\n\0\0\0\0", EG_OK),
    /* numbers that are invalid, out of range or missing */
    CASE("P5", EG_BAD_INPUT),
    CASE("P5\n", EG_BAD_INPUT),
    CASE("P5\n-1 1\n255\nA", EG_BAD_INPUT),
    CASE("P5\n1x 1\n255\nA", EG_BAD_INPUT),
    CASE("P5\n0x1 1\n255\nA", EG_BAD_INPUT),
    CASE("P5\n0 1\n255\nA", EG_BAD_INPUT),
    CASE("P5\n1 0\n255\nA", EG_BAD_INPUT),
    CASE("P5\n1 1\n0\nA", EG_BAD_INPUT),
    CASE("P5\n1 1\n65536\nAA", EG_BAD_INPUT),
    CASE("P5\n1 1\n99999999999999999999999999\nAA", EG_BAD_INPUT),
    CASE("P5\n1 1\n#255\nA", EG_BAD_INPUT),
    CASE("P5\n1 1\n255\n", EG_BAD_INPUT),
    CASE("P6\n1 1\n255\nAB", EG_BAD_INPUT),
    CASE("P5\n1 1\n256\nA", EG_BAD_INPUT),
    CASE("P4\n9 1\nA", EG_BAD_INPUT),
    CASE("P5\n1 1\n7\nA", EG_BAD_INPUT),
    CASE("P5\n1 1\n256\nAA", EG_BAD_INPUT),
    CASE("P2\n1 1\n7\n8", EG_BAD_INPUT),
    CASE("P2\n1 1\n7\n-1", EG_BAD_INPUT),
    CASE("P2\n1 1\n7\n99999999999999999999999999", EG_BAD_INPUT),
    CASE("P3\n1 1\n7\n1 2", EG_BAD_INPUT),
    CASE("P1\n1 1\n2", EG_BAD_INPUT),
    CASE("P8\n1 1\n255\nA", EG_BAD_INPUT),
    CASE("P0\n1 1\n255\nA", EG_BAD_INPUT),
    /* sizes that overflow in products, or exceed a limit */
    CASE("P5\n4294967296 4294967296\n255\nA", EG_LIMIT_EXCEEDED),
    CASE("P5\n18446744073709551615 1\n255\nA", EG_LIMIT_EXCEEDED),
    CASE("P5\n18446744073709551616 18446744073709551616\n255\nA", EG_LIMIT_EXCEEDED),
    CASE("P6\n6148914691236517206 1\n255\nA", EG_LIMIT_EXCEEDED),
    CASE("P4\n18446744073709551609 1\nA", EG_LIMIT_EXCEEDED),
    CASE("P5\n1000000 1000000\n255\nA", EG_LIMIT_EXCEEDED),
    CASE("Pf\n4611686018427387904 4 -1\nA", EG_LIMIT_EXCEEDED),
    CASE("P7\nWIDTH 9223372036854775808\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nENDHDR\nA",
         EG_LIMIT_EXCEEDED),
    /* PAM */
    CASE("P7\nWIDTH 1\nHEIGHT 1\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\n", EG_BAD_INPUT),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 0\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 99\nMAXVAL 255\nENDHDR\nA", EG_UNSUPPORTED),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\nA", EG_UNSUPPORTED),
    CASE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nWIDTH\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nWIDTH 1 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    CASE("P7\nCOLOUR 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nA", EG_BAD_INPUT),
    /* PFM */
    CASE("Pf\n1 1\n0\n\0\0\0\0", EG_BAD_INPUT),
    CASE("Pf\n1 1\nnan\n\0\0\0\0", EG_BAD_INPUT),
    CASE("Pf\n1 1\n-1", EG_BAD_INPUT),
    CASE("Pf\n1 1\n-1\n\0\0\0", EG_BAD_INPUT),
    CASE("PF\n1 1\n-1\n\0\0\0\0", EG_BAD_INPUT),
};

static void headers_are_read_or_refused(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    for (size_t i = 0; i < COUNT(headers); i++) {
        eg_grid grid;
        eg_error error = {0};
        eg_status status = load_bytes(&grid, ctx, headers[i].text, headers[i].size, NULL, &error);
        if (status != headers[i].status)
            fail_msg("'%s' (%zu): status %d, not %d: %s", headers[i].text, i, (int)status,
                     (int)headers[i].status, error.message);
        assert_int_equal(status == EG_OK, error.message[0] == '\0');
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

/* An endless comment or number must be refused. */
static void endless_headers_are_refused(void **state)
{
    enum { SIZE = 4 << 20 };
    static const char *const starts[] = {"P5 #",          "P5 1", "P5 ",
                                         "P7\nTUPLTYPE ", "P7\n", "Pf 1 1 -1"};
    static const char fillers[] = {'c', '1', ' ', 'x', '\n', '0'};
    (void)state;
    eg_context *ctx = small_context();
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < COUNT(starts); i++) {
        eg_grid grid;
        eg_error error = {0};
        memset(text, fillers[i], SIZE);
        memcpy(text, starts[i], strlen(starts[i]));
        assert_int_equal(load_bytes(&grid, ctx, text, SIZE, NULL, &error), EG_BAD_INPUT);
        assert_non_null(strstr(error.message, "does not end"));
    }
    free(text);
    close_context(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* Not for plain files, whose last white space and last digits may be missing undetected. */
static void prefixes_are_refused(void **state)
{
    (void)state;
    assert_prefixes_refused(SMALL "rgb.ppm", 0);
    assert_prefixes_refused(SMALL "grey16.pgm", 0);
    assert_prefixes_refused(SMALL "bits.pbm", 0);
    assert_prefixes_refused(SMALL "rgba.pam", 0);
    assert_prefixes_refused(SMALL "grey.pfm", 0);
}

static void flipped_bits_are_survived(void **state)
{
    (void)state;
    assert_flips_survived(SMALL "bits.pbm", NULL);
    assert_flips_survived(SMALL "grey.pam", NULL);
    assert_flips_survived(SMALL "grey-plain.pgm", NULL);
}

/* Of a raw file cut in half, the rows that are present are kept and the others are black. */
static void tolerated_truncation_keeps_the_first_rows(void **state)
{
    static const char *const paths[] = {SMALL "grey.pgm", SMALL "rgb.ppm", SMALL "grey16.pam",
                                        SMALL "bits.pbm", SMALL "grey-plain.pgm"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = true;
    for (size_t i = 0; i < COUNT(paths); i++) {
        eg_grid whole, part;
        eg_error error = {0};
        file_bytes bytes = read_bytes(paths[i]);
        load_grid(&whole, ctx, paths[i], NULL);
        if (load_bytes(&part, ctx, bytes.data, bytes.size / 2, &options, &error) != EG_OK)
            fail_msg("%s", error.message);
        size_t row = eg_row_bytes(whole.sample, whole.width), sound = 18;
        for (size_t y = 0; y < whole.height; y++) {
            const char *got = (char *)part.data + y * part.stride;
            if (y < sound)
                assert_memory_equal(got, (char *)whole.data + y * whole.stride, row);
            for (size_t x = 0; x < whole.width && y > sound + 6; x++)
                assert_true(sample_at(&part, x, y) == 0);
        }
        eg_grid_free(&whole);
        eg_grid_free(&part);
        free(bytes.data);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_gives_the_same_grid),
        cmocka_unit_test(alpha_is_composited_as_in_a_png),
        cmocka_unit_test(floats_are_the_bytes_divided),
        cmocka_unit_test(samples_are_scaled_from_any_largest),
        cmocka_unit_test(float_maps_of_both_byte_orders),
        cmocka_unit_test(headers_are_read_or_refused),
        cmocka_unit_test(endless_headers_are_refused),
        cmocka_unit_test(prefixes_are_refused),
        cmocka_unit_test(flipped_bits_are_survived),
        cmocka_unit_test(tolerated_truncation_keeps_the_first_rows),
    };
    return cmocka_run_group_tests_name("pnm", tests, NULL, NULL);
}
