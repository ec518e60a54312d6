/* SPDX-License-Identifier: MIT */
/* Tests of the loading of libraries: why one cannot be loaded, and that the next call tries again.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "core/dynlib.h"

/* A small library of glibc that no test program loads, and one of its functions. */
#define FILE_NAME "libresolv.so.2"

static int (*init)(void);

static void missing_library(void **state)
{
    static const eg_dynlib_function functions[] = {{"ns_format_ttl", &init}};
    eg_dynlib library = EG_DYNLIB("libnowhere.so.7", "drawing", functions);
    (void)state;
    for (int i = 0; i < 2; i++) {
        eg_error error = {0};
        assert_int_equal(eg_dynlib_load(&library, &error), EG_UNSUPPORTED);
        assert_non_null(strstr(error.message, "drawing needs a library that cannot be loaded: "));
        assert_non_null(strstr(error.message, "libnowhere.so.7: "));
        assert_non_null(strstr(error.message, "No such file"));
    }
}

static void missing_function(void **state)
{
    static const eg_dynlib_function functions[] = {{"no_such_function", &init}};
    eg_dynlib library = EG_DYNLIB("libc.so.6", "drawing", functions);
    eg_error error = {0};
    (void)state;
    assert_int_equal(eg_dynlib_load(&library, &error), EG_UNSUPPORTED);
    assert_non_null(strstr(error.message, "no_such_function"));
}

static void no_descriptor(void **state)
{
    static const eg_dynlib_function functions[] = {{"ns_format_ttl", &init}};
    eg_dynlib library = EG_DYNLIB(FILE_NAME, "drawing", functions);
    struct rlimit before, none;
    eg_error error = {0};
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    eg_status status = eg_dynlib_load(&library, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(status, EG_FILE);
    assert_non_null(strstr(error.message, "Too many open files"));
    error = (eg_error){0};
    assert_int_equal(eg_dynlib_load(&library, &error), EG_OK);
    assert_non_null(init);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(missing_library),
                                       cmocka_unit_test(missing_function),
                                       cmocka_unit_test(no_descriptor)};
    return cmocka_run_group_tests_name("dynlib", tests, NULL, NULL);
}
