/* SPDX-License-Identifier: MIT */
/* Coordinate systems by their codes, against GDAL's description of them. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/georef/crs_codes.h"
#include "io/georef/crs_table.h"

enum { FIELDS = 8 };

static const char *const authorities[EG_AUTHORITY_COUNT] = {
    [EG_AUTHORITY_EPSG] = "EPSG",
    [EG_AUTHORITY_ESRI] = "ESRI",
    [EG_AUTHORITY_IAU_2015] = "IAU_2015",
};
static const char *const kinds[] = {
    [EG_CRS_KIND_PROJECTED] = "PROJECTED", [EG_CRS_KIND_GEOGRAPHIC] = "GEOGRAPHIC",
    [EG_CRS_KIND_VERTICAL] = "VERTICAL",   [EG_CRS_KIND_COMPOUND] = "COMPOUND",
    [EG_CRS_KIND_OTHER] = "OTHER",
};
static const char *const parts[] = {
    [EG_CRS_UNKNOWN] = "UNKNOWN",
    [EG_CRS_PROJECTED] = "PROJECTED",
    [EG_CRS_GEOGRAPHIC] = "GEOGRAPHIC",
    [EG_CRS_WEB_MERCATOR] = "WEB_MERCATOR",
};

/* Returns the index of `name`, or fails the test. */
static size_t index_of(const char *const names[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    fail_msg("unknown name in the reference: %s", name);
    return 0;
}

static bool is_near(double got, const char *wanted)
{
    double value = strtod(wanted, NULL);
    return fabs(got - value) <= 1e-12 * fabs(value);
}

/* ---- against the reference ------------------------------------------------------------------- */

/* Prints what the table has instead of one line of the reference. */
static void print_difference(char *const fields[FIELDS], const eg_crs_definition *d)
{
    print_error("%s:%s is %s, %s, %.17g, %.17g, %.17g, %.17g instead of %s, %s, %s, %s, %s, %s\n",
                fields[0], fields[1], kinds[d->kind], parts[d->crs], d->unit, d->vertical_unit,
                d->semi_major, d->inverse_flattening, fields[2], fields[3], fields[4], fields[5],
                fields[6], fields[7]);
}

/* Returns whether the table has one line of testdata/crs-reference.txt, which
 * tools/make-crs-reference describes. */
static bool has_system(char *const fields[FIELDS])
{
    eg_crs_authority authority = index_of(authorities, COUNT(authorities), fields[0]);
    eg_crs_definition d;
    if (!eg_crs_find(authority, (unsigned)strtoul(fields[1], NULL, 10), &d)) {
        print_error("%s:%s is not in the table\n", fields[0], fields[1]);
        return false;
    }
    bool same = d.kind == index_of(kinds, COUNT(kinds), fields[2]) &&
                d.crs == index_of(parts, COUNT(parts), fields[3]) && is_near(d.unit, fields[4]) &&
                is_near(d.vertical_unit, fields[5]) && is_near(d.semi_major, fields[6]) &&
                is_near(d.inverse_flattening, fields[7]);
    if (!same)
        print_difference(fields, &d);
    return same;
}

/* Checks the number of codes, and that runs are sorted and disjoint, so that each is found. */
static void check_registry(const char *name, const char *codes)
{
    const eg_crs_registry *registry =
        &eg_crs_registries[index_of(authorities, COUNT(authorities), name)];
    size_t count = 0, next = 0;
    for (size_t i = 0; i < registry->count; i++) {
        const eg_crs_run *run = &registry->runs[i];
        assert_true(run->count > 0 && run->first >= next);
        next = (size_t)run->first + run->count;
        count += run->count;
    }
    assert_int_equal(count, strtoul(codes, NULL, 10));
}

/* Returns whether the table agrees with a line of the reference. */
static bool check_line(char *line)
{
    char *fields[FIELDS] = {NULL}, *rest = line;
    size_t count = 0;
    while (rest && count < FIELDS)
        fields[count++] = strsep(&rest, "\t");
    if (count == FIELDS && !rest)
        return has_system(fields);
    assert_true(count == 3 && strcmp(fields[0], "codes") == 0);
    check_registry(fields[1], fields[2]);
    return true;
}

static void systems_agree_with_gdal(void **state)
{
    (void)state;
    const char *path = getenv("EDGEGRAD_CRS_REFERENCE"); /* set by make-crs-reference --verify */
    FILE *file = fopen(path ? path : "testdata/crs-reference.txt", "r");
    char line[256];
    size_t lines = 0, differences = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        differences += !check_line(line);
        lines++;
    }
    fclose(file);
    print_message("%zu of %zu lines of the reference differ\n", differences, lines);
    assert_int_equal(differences, 0);
    assert_true(lines > 500);
}

/* ---- by hand --------------------------------------------------------------------------------- */

static void well_known_systems_are_found(void **state)
{
    (void)state;
    static const struct {
        eg_crs_authority authority;
        unsigned code;
        eg_crs_definition wanted;
    } systems[] = {
        {EG_AUTHORITY_EPSG,
         4326,
         {EG_CRS_KIND_GEOGRAPHIC, EG_CRS_GEOGRAPHIC, 1, 0, 6378137, 298.257223563}},
        {EG_AUTHORITY_EPSG,
         4979, /* WGS 84 with ellipsoidal heights */
         {EG_CRS_KIND_GEOGRAPHIC, EG_CRS_GEOGRAPHIC, 1, 1, 6378137, 298.257223563}},
        {EG_AUTHORITY_EPSG,
         32619,
         {EG_CRS_KIND_PROJECTED, EG_CRS_PROJECTED, 1, 0, 6378137, 298.257223563}},
        {EG_AUTHORITY_EPSG,
         2227, /* California zone 3 in US survey feet */
         {EG_CRS_KIND_PROJECTED, EG_CRS_PROJECTED, 1200.0 / 3937, 0, 6378137, 298.257222101}},
        {EG_AUTHORITY_EPSG,
         3857,
         {EG_CRS_KIND_PROJECTED, EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563}},
        {EG_AUTHORITY_ESRI,
         102100,
         {EG_CRS_KIND_PROJECTED, EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563}},
        {EG_AUTHORITY_EPSG,
         6360, /* NAVD88 height in US survey feet */
         {EG_CRS_KIND_VERTICAL, EG_CRS_UNKNOWN, 0, 1200.0 / 3937, 0, 0}},
        {EG_AUTHORITY_EPSG, 4978, {.kind = EG_CRS_KIND_OTHER}}, /* geocentric */
    };
    for (size_t i = 0; i < COUNT(systems); i++) {
        eg_crs_definition d, wanted = systems[i].wanted;
        assert_true(eg_crs_find(systems[i].authority, systems[i].code, &d));
        assert_int_equal(d.kind, wanted.kind);
        assert_int_equal(d.crs, wanted.crs);
        assert_within(d.unit, wanted.unit, 1e-15);
        assert_within(d.vertical_unit, wanted.vertical_unit, 1e-15);
        assert_within(d.semi_major, wanted.semi_major, 0);
        assert_within(d.inverse_flattening, wanted.inverse_flattening, 0);
    }
}

static void unknown_codes_leave_the_definition_alone(void **state)
{
    static const unsigned codes[] = {0,     1,     1999,      4327 + 100000,
                                     32767, 65535, 999999999, UINT32_MAX};
    (void)state;
    for (int authority = 0; authority < EG_AUTHORITY_COUNT; authority++)
        for (size_t i = 0; i < COUNT(codes); i++) {
            eg_crs_definition d = {.unit = 7};
            if (eg_crs_find((eg_crs_authority)authority, codes[i], &d))
                fail_msg("%s:%u is in the table", authorities[authority], codes[i]);
            assert_true(d.unit == 7);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(systems_agree_with_gdal),
        cmocka_unit_test(well_known_systems_are_found),
        cmocka_unit_test(unknown_codes_leave_the_definition_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
