/* SPDX-License-Identifier: MIT */
/* The reader of ESRI ASCII grids: variants of the format, exact numbers, error messages. */
#include "damage.h"
#include "raster.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "ncols 3\nnrows 2\nxllcorner 10\nyllcorner 20\ncellsize 5\n"

static raster of_text(const char *text, bool as_values)
{
    return raster_of_bytes("text.asc", text, strlen(text), as_values);
}

/* ---- the corpus ------------------------------------------------------------------------------ */

/* The expected values are from GDAL 3.6.2. */
static void corpus_grids_are_as_gdal_reads_them(void **state)
{
    static const struct {
        const char *name;
        size_t width, height;
        double transform[6];
        bool has_nodata;
        double nodata;
        size_t missing;
        double sum;
    } files[] = {
        {"dem/4_x_3.asc", 3, 4, {1, 10, 0, 42, 0, -10}, true, -9999, 0, 66},
        {"dem/4_x_3_no_nodata_value.asc", 3, 4, {1, 10, 0, 42, 0, -10}, true, -9999, 0, 66},
        {"dem/hugo_site.asc", 76, 55, {0, 10, 0, 550, 0, -10}, true, -9999, 2028, 3635955},
        {"dem/west_bijou_gully.asc",
         43,
         89,
         {559705, 3, 0, 4380487, 0, -3},
         true,
         0,
         2739,
         1858823.536499023},
        {"dem/srtmgl3-latlon.asc",
         144,
         144,
         {-105.560416666684, 0.000833333333, 0, 40.210416666623, 0, -0.000833333333},
         true,
         0,
         0,
         56555168},
        {"dem/n44w072_utm_256.asc",
         256,
         256,
         {286438.586315565626, 90, 0, 4960377.00821068231, 0, -90},
         true,
         -9999,
         0,
         30577513.127853394},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char *path = need_corpus(files[i].name);
        raster r = raster_of(path, false);
        size_t missing = 0;
        double sum = 0;
        for (size_t k = 0; k < r.info.width * r.info.height; k++) {
            missing += isnan(r.values[k]);
            sum += isnan(r.values[k]) ? 0 : r.values[k];
        }
        assert_int_equal(r.info.sample, EG_F32);
        assert_int_equal(r.info.width, files[i].width);
        assert_int_equal(r.info.height, files[i].height);
        assert_int_equal(missing, files[i].missing);
        assert_true(fabs(sum - files[i].sum) < 1e-9 * files[i].sum);
        assert_true(r.placed && r.georef.located);
        for (int k = 0; k < 6; k++)
            assert_true(fabs(r.georef.transform[k] - files[i].transform[k]) <=
                        1e-15 * fabs(files[i].transform[k]));
        assert_int_equal(r.georef.has_nodata, files[i].has_nodata);
        assert_true(r.georef.nodata == files[i].nodata);
        raster_free(&r);
        free(path);
    }
}

static void a_prj_file_gives_the_system(void **state)
{
    (void)state;
    char *path = need_corpus("dem/n44w072_utm_256.asc");
    raster r = raster_of(path, false);
    assert_int_equal(r.georef.crs, EG_CRS_PROJECTED);
    assert_true(r.georef.unit == 1 && r.georef.semi_major == 6378137);
    assert_true(r.georef.inverse_flattening == 298.257223563);
    assert_true(strncmp(r.wkt, "PROJCS[\"WGS_1984_UTM_Zone_19N\"", 30) == 0);
    raster_free(&r);
    free(path);
}

/* ---- variants of the format ------------------------------------------------------------------ */

static void every_variant_gives_the_same_grid(void **state)
{
    static const char *const variants[] = {
        HEAD "1 2.5 -3\n4e1 5 6.25\n",
        HEAD "1 2.5 -3\n4e1 5 6.25",
        HEAD "1 2.5 -3 4e1 5 6.25 \n\n",
        HEAD "1\n2.5\n\n-3 4e1\n5\t6.25\n \n",
        HEAD "  1.  2.50 -3.000\n 0.4E+02 +5 625e-2\n",
        "ncols 3\r\nnrows 2\r\nxllcorner 10\r\nyllcorner 20\r\ncellsize 5\r\n1 2.5 -3\r\n40 5 "
        "6.25\r\n",
        "\xEF\xBB\xBFncols 3\nnrows 2\nxllcorner 10\nyllcorner 20\ncellsize 5\n1 2.5 -3 40 5 6.25",
        "\n  NROWS 2\nNCOLS\t3\nXLLCORNER 10.0\nYLLCORNER 2e1\nCELLSIZE 5.0\n1 2.5 -3 40 5 6.25",
        "cellsize 5\nyllcorner 20\nxllcorner 10\nnrows 2\nncols 3\n1 2.5 -3 40 5 6.25",
        "ncols 3\nnrows 2\nxllcenter 12.5\nyllcenter 22.5\ncellsize 5\n1 2.5 -3 40 5 6.25",
        "ncols 3\nnrows 2\nXllCenter 12.5\nyllCorner 20\ndx 5\ndy 5\n1 2.5 -3 40 5 6.25",
        "dx 5 dy 5 ncols 3 nrows 2 xllcorner 10 yllcorner 20 1 2.5 -3 40 5 6.25",
        HEAD "NODATA_value -9999\n1 2.5 -3\n40 5 6.25\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(variants); i++) {
        raster plain = of_text(variants[0], false);
        for (int as_values = 0; as_values < 2; as_values++) {
            raster r = of_text(variants[i], as_values);
            assert_int_equal(r.info.sample, as_values ? EG_F64 : EG_F32);
            assert_same_raster(&r, &plain, variants[i]);
            raster_free(&r);
        }
        static const double values[] = {1, 2.5, -3, 40, 5, 6.25};
        assert_memory_equal(plain.values, values, sizeof values);
        static const double transform[] = {10, 5, 0, 30, 0, -5};
        assert_memory_equal(plain.georef.transform, transform, sizeof transform);
        assert_int_equal(plain.georef.crs, EG_CRS_UNKNOWN);
        raster_free(&plain);
    }
}

static void decimal_commas_are_read(void **state)
{
    static const char *const texts[] = {
        "ncols 3\nnrows 2\nxllcorner 10,0\nyllcorner 20\ncellsize 5,0\n1 2,5 -3\n4,0e1 5 6,25\n",
        "ncols 3\nnrows 2\nxllcorner 10\nyllcorner 20\ncellsize 5\nNODATA_value -9999,0\n1 2,5 -3 "
        "40 5,000 6,25",
    };
    (void)state;
    raster plain = of_text(HEAD "1 2.5 -3\n40 5 6.25\n", true);
    for (size_t i = 0; i < COUNT(texts); i++) {
        raster r = of_text(texts[i], true);
        assert_same_raster(&r, &plain, texts[i]);
        raster_free(&r);
    }
    raster_free(&plain);
}

/* 1,250 could be 1250. */
static void commas_that_may_separate_thousands_are_a_warning(void **state)
{
    static const struct {
        const char *text;
        bool warns;
    } cases[] = {
        {HEAD "1,250 980 1,300 1,275 999 1,000", true},
        {HEAD "1,250 980 1,3 1,275 999 1,000", false},
        {HEAD "0,250 980 1,300 1,275 999 1,000", false},
        {HEAD "1250 980 1300 1275 999 1000", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_context *ctx = small_context();
        eg_source *source = NULL;
        float row[3];
        put_file("commas.asc", cases[i].text, strlen(cases[i].text));
        assert_int_equal(eg_source_open(&source, ctx, scratch("commas.asc"), NULL, NULL), EG_OK);
        for (int y = 0; y < 2; y++)
            assert_int_equal(eg_source_read(source, row, sizeof row, 1, NULL), EG_OK);
        assert_int_equal(eg_source_finish(source, NULL), EG_OK);
        const char *warning = eg_source_warning(source, 0);
        assert_int_equal(warning && strstr(warning, "separate thousands"), cases[i].warns);
        eg_source_close(source);
        close_context(ctx);
    }
}

static void cells_need_not_be_square(void **state)
{
    (void)state;
    raster r =
        of_text("ncols 1\nnrows 3\nxllcenter 10\nyllcenter 20\ndx 4\ndy 0.5\n1 2 3\n", false);
    static const double transform[] = {8, 4, 0, 21.25, 0, -0.5};
    assert_memory_equal(r.georef.transform, transform, sizeof transform);
    raster_free(&r);
}

/* Each text has the values 1, missing, 3, missing, 5, missing. */
static void missing_cells_are_not_numbers(void **state)
{
    static const char *const texts[] = {
        HEAD "nodata_value -9999\n1 -9999 3\n-9999.00 5 -9.999e3\n",
        HEAD "nodata 0\n1 0 3\n-0.0 5 0e5\n",
        HEAD "NODATA_value -3.4028234663852886e+38\n1 -3.4028235e+38 3 -3.40282347e38 5 "
             "-3.402823466385289e+38",
        HEAD "NODATA_value nan\n1 nan 3 NaN 5 -nan",
        HEAD "1 nan 3 NAN 5 nan",
        HEAD "1 -9999 3 -9999.0 5 -9.999e3", /* ESRI's default */
        HEAD "NODATA_value 1.#QNAN\n1 -1.#QNAN 3 1.#IND00 5 -1.#IND",
        HEAD "NODATA_value -3.4e+38\n1 -3.4028235e+38 3 -3.402823e+38 5 -3.40282e38",
        HEAD "NODATA_value -1.797693134862316e+308\n1 -1.7976931348623157e308 3 "
             "-1.79769e+308 5 -1.797693134862316e+308",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (int as_values = 0; as_values < 2; as_values++) {
            raster r = of_text(texts[i], as_values);
            assert_true(r.georef.has_nodata);
            for (int k = 0; k < 6; k++)
                assert_true(k % 2 ? isnan(r.values[k]) : r.values[k] == k + 1);
            raster_free(&r);
        }
    }
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Makes a grid longer than the input's buffer, so that buffer ends split values at all positions.
 */
static char *long_text(size_t columns, size_t rows, double *values)
{
    char *text = malloc(columns * rows * 40 + 100);
    assert_non_null(text);
    size_t at = (size_t)sprintf(
        text, "ncols %zu\nnrows %zu\nxllcorner 0\nyllcorner 0\ncellsize 1\n", columns, rows);
    uint64_t random = 7;
    for (size_t i = 0; i < columns * rows; i++) {
        static const char *const forms[] = {"%.3f ",  "%.17g\n", "%g\r\n",
                                            "%.0f  ", "%.12e ",  "%.20f\n"};
        random = random * 6364136223846793005u + 1442695040888963407u;
        double value = ((double)(random >> 20) - 8e12) * pow(10, (double)(random >> 8 & 15) - 14);
        char *start = text + at;
        at += (size_t)sprintf(start, forms[i % COUNT(forms)], value);
        values[i] = strtod(start, NULL);
    }
    return text;
}

static void numbers_are_rounded_as_strtod_does(void **state)
{
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    (void)state;
    enum { COLUMNS = 331, ROWS = 97 };
    double *values = malloc(COLUMNS * ROWS * sizeof *values);
    char *text = long_text(COLUMNS, ROWS, values);
    for (size_t i = 0; i < COUNT(commas) && !setlocale(LC_ALL, commas[i]); i++)
        ;
    raster wide = of_text(text, true), narrow = of_text(text, false);
    setlocale(LC_ALL, "C");
    for (size_t i = 0; i < COLUMNS * ROWS; i++) {
        assert_true(wide.values[i] == values[i]);
        assert_true(narrow.values[i] == (double)(float)values[i]);
    }
    raster_free(&wide);
    raster_free(&narrow);
    free(values);
    free(text);
}

static void unusual_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } odd[] = {
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740993.0000000000000000000001", 9007199254740994.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"0000000000000000000000000000000000000042", 42},
        {"0.00000000000000000000000000000000000001", 1e-38},
        {"1e-320", 1e-320},
        {"1e400", (double)INFINITY},
        {"-inf", -(double)INFINITY},
        {"-0", -0.0},
        {"1e22", 1e22},
        {"1e23", 1e23},
        {".5", 0.5},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        char text[256];
        snprintf(text, sizeof text, "ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n%s",
                 odd[i].text);
        raster r = of_text(text, true);
        assert_memory_equal(r.values, &odd[i].value, sizeof(double));
        raster_free(&r);
    }
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void errors_name_the_line(void **state)
{
    static const struct {
        const char *text, *words;
        eg_status status;
    } faults[] = {
        {HEAD "1 2 3\n4 abc 6\n", "text.asc: line 7: 'abc' is not a number", EG_BAD_INPUT},
        {HEAD "1 2.5 3\r\n4 5,5 6\n",
         "line 7: '5,5' has a decimal comma, but line 6 has a decimal point; use one of them",
         EG_BAD_INPUT},
        {HEAD "1 2,5 3\n4 5.5 6\n",
         "line 7: '5.5' has a decimal point, but line 6 has a decimal comma", EG_BAD_INPUT},
        {"ncols 3\nnrows 2\nxllcorner 10,5\nyllcorner 20.0\n",
         "line 4: '20.0' has a decimal point, but line 3", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 1,234.5", "line 6: '1,234.5' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 1,234,567", "line 6: '1,234,567' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5, 6", "line 6: '5,' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 ,5 6", "line 6: ',5' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 6x", "line 6: '6x' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 1.2.3", "line 6: '1.2.3' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 --1", "line 6: '--1' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3 4 5 \x1b[31m", "line 6: '\\e[31m' is not a number", EG_BAD_INPUT},
        {HEAD "1 2 3\n4\n", "truncated after 4 of 6 values (use --tolerate", EG_BAD_INPUT},
        {HEAD, "truncated after 0 of 6 values", EG_BAD_INPUT},
        {HEAD "1 2 3\n4 5 6\n\n7", "line 9: more values than 3 x 2", EG_BAD_INPUT},
        {HEAD "1 2 3\n4 5 6 x", "line 7: more values than 3 x 2", EG_BAD_INPUT},
        {"ncols 3\nnrows two\n", "line 2: nrows is 'two', not a number", EG_BAD_INPUT},
        {"ncols 3\nnrows", "line 2: nrows is '', not a number", EG_BAD_INPUT},
        {"ncols 3\nncols 3\n", "line 2: ncols is given twice", EG_BAD_INPUT},
        {"ncols 3\ncolour 3\n", "line 2: unknown key 'colour'", EG_BAD_INPUT},
        {"ncols 3.5\nnrows 2\n1", "ncols is 3.5; it must be a whole number", EG_BAD_INPUT},
        {"ncols -3\nnrows 2\n1", "ncols is -3; it must be a whole number", EG_BAD_INPUT},
        {"ncols nan\nnrows 2\n1", "ncols is nan; it must be a whole number", EG_BAD_INPUT},
        {"ncols 0\nnrows 2\n1", "is empty: 0 x 2 pixels", EG_BAD_INPUT},
        {"ncols 3\n1 2 3", "the header lacks nrows", EG_BAD_INPUT},
        {"nrows 3\n1 2 3", "the header lacks ncols", EG_BAD_INPUT},
        {"ncols 3\nnrows 2\ncellsize 5\n1", "lacks one of xllcorner, yllcorner and cellsize",
         EG_BAD_INPUT},
        {"ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\n1", "lacks one of", EG_BAD_INPUT},
        {"ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 0\n1",
         "cellsize is 0; the cell size", EG_BAD_INPUT},
        {"ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ndx 1\ndy -1\n1", "dy is -1; the cell size",
         EG_BAD_INPUT},
        {"ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize inf\n1", "cellsize is inf",
         EG_BAD_INPUT},
        {"ncols 1e15\nnrows 1e15\nxllcorner 0\n", "--max-side", EG_LIMIT_EXCEEDED},
        {"ncols 999999\nnrows 999999\nxllcorner 0\n", "--max-pixels", EG_LIMIT_EXCEEDED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        eg_error error = failure_of_bytes("text.asc", faults[i].text, strlen(faults[i].text));
        if (error.status != faults[i].status || !strstr(error.message, faults[i].words))
            fail_msg("fault %zu: status %d '%s'", i, (int)error.status, error.message);
        if (!strstr(error.message, "text.asc: "))
            fail_msg("fault %zu does not name the file: '%s'", i, error.message);
    }
}

static void endless_headers_and_numbers_are_rejected(void **state)
{
    (void)state;
    enum { LONG = 300000 };
    char *text = malloc(LONG + 1);
    memset(text, ' ', LONG);
    text[LONG] = '\0';
    memcpy(text, "ncols 3", 7);
    eg_error error = failure_of_bytes("text.asc", text, LONG);
    assert_non_null(strstr(error.message, "the header is longer than 4096 bytes"));
    memset(text, '1', LONG);
    memcpy(text, HEAD "1 ", strlen(HEAD "1 "));
    error = failure_of_bytes("text.asc", text, LONG);
    assert_non_null(strstr(error.message, "'111111111111111111111111' is not a number"));
    memset(text + 100, ' ', LONG - 100);
    error = failure_of_bytes("text.asc", text, LONG);
    assert_non_null(strstr(error.message, "truncated after 2 of 6 values"));
    free(text);
}

static void damage_is_survived(void **state)
{
    static const char text[] = HEAD "NODATA_value -1\n1 2.5 -3\n4e1 5 6.25\n";
    (void)state;
    for (size_t size = 0; size < strlen(text); size++) {
        eg_error error = failure_of_bytes("cut.asc", text, size);
        if (error.status != EG_OK)
            assert_clean_refusal("cut.asc", error.status, &error);
        else
            assert_in_range(size, strlen(text) - 4, strlen(text)); /* only digits are gone */
    }
    put_file("flip.asc", text, strlen(text));
    assert_flips_survived(scratch("flip.asc"), NULL);
}

static void tolerated_errors_are_missing_cells(void **state)
{
    static const struct {
        const char *text;
        double values[6];
    } cases[] = {
        {HEAD "1 2 3\n4", {1, 2, 3, 4, (double)NAN, (double)NAN}},
        {HEAD "1 abc 3\n4 5 6", {1, (double)NAN, 3, 4, 5, 6}},
        {HEAD "1 2 3\n4 5 6 7 x", {1, 2, 3, 4, 5, 6}},
        {HEAD "1 2.5 3\n4 5 6,5", {1, 2.5, 3, 4, 5, (double)NAN}},
    };
    (void)state;
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = true;
    for (size_t i = 0; i < COUNT(cases); i++) {
        raster r;
        put_file("bad.asc", cases[i].text, strlen(cases[i].text));
        assert_int_equal(raster_read(&r, ctx, scratch("bad.asc"), &options, 1, NULL), EG_OK);
        for (int k = 0; k < 6; k++)
            assert_true(isnan(cases[i].values[k]) ? isnan(r.values[k])
                                                  : r.values[k] == cases[i].values[k]);
        raster_free(&r);
    }
    close_context(ctx);
}

static void strips_change_no_value(void **state)
{
    (void)state;
    enum { COLUMNS = 211, ROWS = 64 };
    double *values = malloc(COLUMNS * ROWS * sizeof *values);
    char *text = long_text(COLUMNS, ROWS, values);
    raster expected = of_text(text, false);
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t rows = 1; rows < ROWS; rows += 9) {
        raster r;
        assert_int_equal(raster_read(&r, ctx, scratch("text.asc"), NULL, rows, NULL), EG_OK);
        assert_same_raster(&r, &expected, "rows at a time");
        raster_free(&r);
    }
    close_context(ctx);
    raster_free(&expected);
    free(values);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corpus_grids_are_as_gdal_reads_them),
        cmocka_unit_test(a_prj_file_gives_the_system),
        cmocka_unit_test(every_variant_gives_the_same_grid),
        cmocka_unit_test(decimal_commas_are_read),
        cmocka_unit_test(commas_that_may_separate_thousands_are_a_warning),
        cmocka_unit_test(cells_need_not_be_square),
        cmocka_unit_test(missing_cells_are_not_numbers),
        cmocka_unit_test(numbers_are_rounded_as_strtod_does),
        cmocka_unit_test(unusual_numbers),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(endless_headers_and_numbers_are_rejected),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(tolerated_errors_are_missing_cells),
        cmocka_unit_test(strips_change_no_value),
    };
    return cmocka_run_group_tests_name("asc", tests, make_scratch, remove_scratch);
}
