/* SPDX-License-Identifier: MIT */
/* The report page without a browser: records can be read back, and text stays text in HTML. */
#include "files.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/report/report.h"
#include "cli/report/report_page.h"

/* ---- reading pages --------------------------------------------------------------------------- */

static char *content_of(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 4 << 20);
    if (!file || !text)
        fail_msg("%s cannot be read", path);
    size_t size = fread(text, 1, (4 << 20) - 1, file);
    assert_int_equal(strlen(text), size); /* no byte 0 */
    fclose(file);
    return text;
}

/* Returns line number `index` of those that begin with `head`, without head and tail; the caller
 * frees it. NULL: none. */
static char *line_of(const char *path, const char *head, int index)
{
    char *text = content_of(path), *json = NULL;
    for (char *line = text; line && !json; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, head, strlen(head)) == 0 && index-- == 0) {
            char *end = strchr(line, '\n');
            assert_non_null(end);
            end = strstr(line, "</script><!-- check ");
            assert_non_null(end);
            json = strndup(line + strlen(head), (size_t)(end - line) - strlen(head));
        }
    }
    free(text);
    return json;
}

static void put_utf8(char **out, unsigned c)
{
    if (c < 0x80) {
        *(*out)++ = (char)c;
    } else if (c < 0x800) {
        *(*out)++ = (char)(0xc0 | c >> 6);
        *(*out)++ = (char)(0x80 | (c & 0x3f));
    } else {
        *(*out)++ = (char)(0xe0 | c >> 12);
        *(*out)++ = (char)(0x80 | (c >> 6 & 0x3f));
        *(*out)++ = (char)(0x80 | (c & 0x3f));
    }
}

/* Returns the decoded string of `key` in `json`; the caller frees it. */
static char *string_of(const char *json, const char *key)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"%s\":\"", key);
    const char *at = strstr(json, wanted);
    assert_non_null(at);
    char *text = calloc(1, strlen(at) + 1), *out = text;
    assert_non_null(text);
    for (at += strlen(wanted); *at != '"'; at++) {
        unsigned c = 0;
        assert_true((unsigned char)*at >= 0x20);
        if (*at != '\\') {
            *out++ = *at;
        } else if (*++at == 'u') {
            assert_int_equal(sscanf(at + 1, "%4x", &c), 1);
            put_utf8(&out, c);
            at += 4;
        } else {
            assert_true(*at == '\\' || *at == '"');
            *out++ = *at;
        }
    }
    return text;
}

/* ---- writing pages --------------------------------------------------------------------------- */

static eg_context *ctx;

static report *begin(const char *path)
{
    static const char *const words[] = {"edgegrad", "edges", "a b", "</script>"};
    const report_about about = {path, "run <of> \"tests\"", words, 4};
    eg_error error = {0};
    report *r = NULL;
    assert_int_equal(report_open(&r, ctx, &about, &error), EG_OK);
    return r;
}

static void end(report *r)
{
    eg_error error = {0};
    assert_int_equal(report_commit(r, 1.5, false, &error), EG_OK);
    report_close(r);
}

static void add(report *r, const char *name, cli_outcome outcome, double seconds)
{
    eg_error error = {0};
    cli_record record = {.name = name,
                         .input = name,
                         .output = name,
                         .outcome = outcome,
                         .code = outcome == OUTCOME_FAILED ? 3 : 0,
                         .reason = outcome == OUTCOME_FAILED ? "is damaged" : NULL,
                         .seconds = seconds};
    assert_int_equal(report_add(r, &record, &error), EG_OK);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Checks how a name is read back: unchanged, but bytes that are not UTF-8 as \xNN. */
static void check_name(const char *name, const char *want)
{
    const char *page = scratch("page.html");
    report *r = begin(page);
    add(r, name, OUTCOME_FAILED, 0);
    end(r);
    char *json = line_of(page, PAGE_RECORD, 0);
    assert_non_null(json);
    char *got = string_of(json, "name");
    assert_string_equal(got, want);
    assert_null(strpbrk(json, "<>&\n\r\t"));
    assert_null(strstr(json, "\xe2\x80\xa8"));
    assert_null(strstr(json, "\xe2\x80\xa9"));
    free(got);
    free(json);
    assert_int_equal(unlink(page), 0);
}

static void names_are_read_back(void **state)
{
    static const char *const same[] = {
        "a",
        "",
        "</script><script>alert(1)</script>",
        "<!--",
        "quote\" and back\\slash and \\u0041 and \\",
        "two\nlines\r\tand\x1b[31m\x7f",
        "\xe2\x80\xa8 \xe2\x80\xa9 \xe2\x80\xaa",
        "\xf0\x9f\x8f\x94\xc3\xa4",
        "',\"outcome\":\"failed\"",
        "\",\"name\":\"other",
    };
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_name(same[i], same[i]);
    for (int c = 1; c < 256; c++) {
        char name[] = {'x', (char)c, 'y', '\0'}, wrong[8];
        snprintf(wrong, sizeof wrong, "x\\x%02xy", c);
        check_name(name, c < 0x80 ? name : wrong);
    }
    check_name("\xc3", "\\xc3");
    check_name("\xe2\x80", "\\xe2\\x80");
    check_name("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* half a surrogate pair */
    check_name("\xc0\xaf", "\\xc0\\xaf");          /* overlong '/' */
}

static void the_run_is_recorded(void **state)
{
    (void)state;
    const char *page = scratch("page.html");
    end(begin(page));
    char *json = line_of(page, PAGE_RUN, 0), *name = string_of(json, "name");
    assert_string_equal(name, "run <of> \"tests\"");
    assert_null(strpbrk(json, "<>&"));
    assert_non_null(strstr(json, "\"seconds\":1.5,\"stopped\":false,\"command\":[\"edgegrad\","
                                 "\"edges\",\"a b\",\"\\u003c/script\\u003e\"]}"));
    free(name);
    free(json);
    assert_int_equal(unlink(page), 0);
}

static void nonfinite_numbers_are_omitted(void **state)
{
    (void)state;
    const char *page = scratch("page.html");
    eg_error error = {0};
    report *r = begin(page);
    cli_record record = {.name = "a",
                         .seconds = NAN,
                         .has_edges = true,
                         .edges = {NAN, 4.25, INFINITY, true},
                         .input_bytes = UINT64_MAX,
                         .width = 7};
    assert_int_equal(report_add(r, &record, &error), EG_OK);
    end(r);
    char *json = line_of(page, PAGE_RECORD, 0);
    assert_string_equal(json, "{\"folder\":\"\",\"name\":\"a\",\"outcome\":\"done\","
                              "\"inputBytes\":18446744073709551615,\"outputBytes\":0,\"width\":7,"
                              "\"height\":0,\"high\":4.25,\"automatic\":true}");
    free(json);
    assert_int_equal(unlink(page), 0);
}

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = strchr(digits, c);
    assert_true(found && c);
    return (int)(found - digits);
}

static void thumbnails_are_read_back(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 766, 767, 768, 769, 1535, 1536, 1537, 20000};
    static uint8_t bytes[20000];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i * 31 + i / 7);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const char *page = scratch("page.html");
        eg_error error = {0};
        report *r = begin(page);
        cli_record record = {.name = "a", .after = {bytes, sizes[k]}};
        assert_int_equal(report_add(r, &record, &error), EG_OK);
        end(r);
        char *json = line_of(page, PAGE_RECORD, 0), *text = string_of(json, "after");
        size_t length = strlen(text);
        assert_int_equal(length, (sizes[k] + 2) / 3 * 4);
        for (size_t i = length - (3 - sizes[k] % 3) % 3; i < length; i++) {
            assert_int_equal(text[i], '=');
            text[i] = 'A';
        }
        for (size_t i = 0; i < sizes[k]; i++) {
            const char *four = text + i / 3 * 4;
            int three = digit_of(four[0]) << 18 | digit_of(four[1]) << 12 | digit_of(four[2]) << 6 |
                        digit_of(four[3]);
            assert_int_equal(bytes[i], three >> (16 - 8 * (i % 3)) & 0xff);
        }
        assert_null(strstr(json, "before"));
        free(text);
        free(json);
        assert_int_equal(unlink(page), 0);
    }
}

/* ---- links ----------------------------------------------------------------------------------- */

static void links_are_relative_to_the_page(void **state)
{
    static const struct {
        const char *page, *file, *link;
    } cases[] = {
        {"/a/b/page.html", "/a/b/c.png", "c.png"},
        {"/a/b/page.html", "/a/c.png", "../c.png"},
        {"/a/b/page.html", "/a/bc/d.png", "../bc/d.png"},
        {"/page.html", "/x/y", "x/y"},
        {"/a/page.html", "/x", "../x"},
        {"/a/./b//../page.html", "/a/c/../d.png", "d.png"},
        {"/a/page.html", "/../../a/x", "x"},
        {"/a/page.html", "/a/javascript:alert(1)", "javascript%3Aalert%281%29"},
        {"/a/page.html", "/a/q?d#e%41&\"'<>\\ \n\x7f\xff\xc3\xa4",
         "q%3Fd%23e%2541%26%22%27%3C%3E%5C%20%0A%7F%FF%C3%A4"},
        {"/a b/c:d/page.html", "/a b/e f/g", "../e%20f/g"},
        {"page.html", "sub/x.png", "sub/x.png"},
        {"out/page.html", "in/x.png", "../in/x.png"},
        {"-", "x.png", "x.png"},
        {"../page.html", "../x.png", "x.png"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folder[PATH_MAX], link[3 * PATH_MAX];
        assert_true(page_folder_of(folder, sizeof folder, cases[i].page));
        assert_true(page_link(link, sizeof link, folder, cases[i].file));
        assert_string_equal(link, cases[i].link);
    }
    char folder[PATH_MAX], link[8], lengthy[2 * PATH_MAX];
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_true(page_folder_of(folder, sizeof folder, "/a/page.html"));
    assert_false(page_link(link, sizeof link, folder, "/a/bcdefgh/i"));
    assert_false(page_link(link, sizeof link, folder, lengthy));
}

/* ---- the page -------------------------------------------------------------------------------- */

static void the_page_has_its_parts(void **state)
{
    static const char *const parts[] = {"page.css", "viewer.css", "data.js",
                                        "list.js",  "viewer.js",  "page.js"};
    (void)state;
    const char *page = scratch("page.html");
    end(begin(page));
    char *text = content_of(page);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char path[64];
        snprintf(path, sizeof path, "src/cli/report/%s", parts[i]);
        char *part = content_of(path);
        if (!strstr(text, part))
            fail_msg("%s is not in the page as it is", parts[i]);
        assert_null(strstr(part, "http:"));
        assert_null(strstr(part, "https:"));
        assert_null(strstr(part, "innerHTML"));
        assert_null(strstr(part, "</script"));
        free(part);
    }
    assert_null(strstr(text, "STYLE*/"));
    assert_null(strstr(text, "SCRIPT*/"));
    assert_null(strstr(text, "<!--RECORDS-->"));
    assert_non_null(strstr(text, "\n" PAGE_MARK "\n"));
    assert_non_null(strstr(text, "\n" PAGE_END "\n"));
    free(text);
    assert_int_equal(unlink(page), 0);
}

static void nothing_appears_before_the_end(void **state)
{
    (void)state;
    report *r = begin(scratch("page.html"));
    add(r, "a", OUTCOME_DONE, 1);
    report_close(r);
    assert_int_equal(scratch_entries(), 0);
    report_close(NULL);
    eg_error error = {0};
    const report_about about = {scratch("no/such/folder/page.html"), "x", NULL, 0};
    assert_int_equal(report_open(&r, ctx, &about, &error), EG_FILE);
    assert_null(r);
}

/* On a full disk the first error is kept and nothing is committed. */
static void the_first_error_is_kept(void **state)
{
    (void)state;
    eg_error error = {0}, again = {0};
    report *r = begin("/dev/full");
    for (int i = 0; i < 5000 && error.status == EG_OK; i++) {
        cli_record record = {.name = "a name that takes some room, so that it is written at once"};
        report_add(r, &record, &error);
    }
    assert_int_equal(error.status, EG_FILE);
    assert_int_equal(report_commit(r, 1, false, &again), EG_FILE);
    assert_string_equal(again.message, error.message);
    report_close(r);
}

/* ---- merging --------------------------------------------------------------------------------- */

static int merge(const char *output, size_t count, char **pages)
{
    struct {
        cli_settings common;
        const char *output;
    } settings = {.common = {.quiet = true, .sandbox = CLI_SANDBOX_OFF}, .output = output};
    const cli_args args = {
        .command = &merge_report_command, .operands = pages, .operand_count = count};
    eg_config_default(&settings.common.config);
    return merge_report_command.run(&args, &settings.common);
}

static void assert_record(const char *page, int index, const char *name, const char *folder,
                          const char *rest)
{
    char *json = line_of(page, PAGE_RECORD, index);
    if (!json)
        fail_msg("%s has no record %d", page, index);
    char *got = string_of(json, "name"), *lead = string_of(json, "folder");
    assert_string_equal(got, name);
    assert_string_equal(lead, folder);
    if (!strstr(json, rest))
        fail_msg("%s is not in %s", rest, json);
    free(lead);
    free(got);
    free(json);
}

static char *kept(const char *name)
{
    return strdup(scratch(name));
}

static void the_best_of_each_name_is_kept(void **state)
{
    (void)state;
    char *pages[] = {kept("a.html"), kept("b.html")};
    char *folder = kept("deep"), *all = kept("deep/all.html"), *twice = kept("twice.html");
    report *r = begin(pages[0]);
    add(r, "z", OUTCOME_DONE, 1);
    add(r, "done, then failed", OUTCOME_DONE, 2);
    add(r, "failed, then current", OUTCOME_FAILED, 3);
    add(r, "failed twice", OUTCOME_FAILED, 4);
    add(r, "done twice \" \xff", OUTCOME_DONE, 5);
    end(r);
    r = begin(pages[1]);
    add(r, "done twice \" \xff", OUTCOME_DONE, 6);
    add(r, "failed, then current", OUTCOME_UP_TO_DATE, 7);
    add(r, "done, then failed", OUTCOME_FAILED, 8);
    add(r, "failed twice", OUTCOME_FAILED, 9);
    add(r, "a", OUTCOME_DONE, 10);
    end(r);
    assert_int_equal(mkdir(folder, 0777), 0);
    assert_int_equal(merge(all, 2, pages), 0);
    assert_record(all, 0, "z", "../", "\"seconds\":1}");
    assert_record(all, 1, "done, then failed", "../", "\"seconds\":2}");
    assert_record(all, 2, "done twice \" \\xff", "../", "\"seconds\":6}");
    assert_record(all, 3, "failed, then current", "../", "\"seconds\":7}");
    assert_record(all, 4, "failed twice", "../", "\"seconds\":9}");
    assert_record(all, 5, "a", "../", "\"seconds\":10}");
    assert_null(line_of(all, PAGE_RECORD, 6));
    char *last = line_of(all, PAGE_RUN, 1);
    assert_non_null(last);
    assert_null(line_of(all, PAGE_RUN, 2));
    free(last);

    /* A merged page can be merged again, but not into itself. */
    char *again[] = {all, pages[0]};
    assert_int_equal(merge(twice, 2, again), 0);
    assert_record(twice, 0, "failed, then current", "deep/../", "\"seconds\":7}");
    char *itself[] = {twice};
    assert_int_equal(merge(twice, 1, itself), EXIT_USAGE);
    assert_record(twice, 0, "failed, then current", "deep/../", "\"seconds\":7}");

    char *names[] = {pages[0], pages[1], all, twice, folder};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(remove(names[i]), 0);
        free(names[i]);
    }
}

static void write_text(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Replaces `from` in a valid page by `to` of the same length, and merges the page. */
static int merge_changed(const char *from, const char *to)
{
    char *page = kept("page.html"), *out = kept("out.html");
    report *r = begin(page);
    add(r, "name", OUTCOME_DONE, 1);
    end(r);
    char *text = content_of(page), *at = strstr(text, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    write_text(page, text, strlen(text));
    int code = merge(out, 1, &page);
    assert_int_equal(access(out, F_OK), code ? -1 : 0);
    unlink(out);
    assert_int_equal(unlink(page), 0);
    free(text);
    free(page);
    free(out);
    return code;
}

static void other_files_are_refused(void **state)
{
    (void)state;
    assert_int_equal(merge_changed("name", "name"), EXIT_DONE);
    assert_int_equal(merge_changed("name", "eman"), EXIT_DONE); /* in the page's text */
    assert_int_equal(merge_changed("form 2", "form 3"), EXIT_INPUT);
    assert_int_equal(merge_changed("end of the", "END OF THE"), EXIT_INPUT);
    assert_int_equal(merge_changed("\"seconds\":1}", "\"s</scrip>1}"), EXIT_INPUT);
    assert_int_equal(merge_changed("{\"folder\":\"", "{\"fodler\":\""), EXIT_INPUT);
    assert_int_equal(merge_changed(",\"name\":\"name\"", ",\"eman\":\"name\""), EXIT_INPUT);
    assert_int_equal(merge_changed(",\"name\":\"name\"", ",\"name\":null  "), EXIT_INPUT);

    char *page = kept("page.html"), *out = kept("out.html");
    report *r = begin(page);
    add(r, "name", OUTCOME_DONE, 1);
    end(r);
    char *text = content_of(page);
    size_t whole = strlen(text);
    for (size_t size = 0; size + 1 < whole; size += 97) {
        write_text(page, text, size);
        assert_int_equal(merge(out, 1, &page), EXIT_INPUT);
    }
    write_text(page, text, whole + 1); /* with its NUL */
    assert_int_equal(merge(out, 1, &page), EXIT_INPUT);
    assert_int_equal(unlink(page), 0);
    assert_int_equal(merge(out, 1, &page), EXIT_FILE);
    assert_int_equal(mkdir(page, 0777), 0);
    assert_int_equal(merge(out, 1, &page), EXIT_FILE);
    assert_int_equal(rmdir(page), 0);
    assert_int_equal(scratch_entries(), 0);
    free(text);
    free(page);
    free(out);
}

/* Changes a byte of a file. Rewriting the whole file would wait for the disc. */
static void put_byte(const char *path, size_t at, char byte)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(byte, file), (unsigned char)byte);
    assert_int_equal(fclose(file), 0);
}

/* Every changed bit of the lines with data is noticed. */
static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    char *page = kept("page.html"), *out = kept("out.html");
    report *r = begin(page);
    add(r, "a", OUTCOME_DONE, 1);
    add(r, "b", OUTCOME_FAILED, 2);
    end(r);
    char *text = content_of(page), *first = strstr(text, PAGE_RECORD),
         *last = strstr(text, "<script>");
    assert_true(first && last && first < last);
    for (const char *at = first; at < last - 1; at++) {
        for (int bit = 0; bit < 8; bit += 1 + (at - text) % 3) {
            put_byte(page, (size_t)(at - text), (char)(*at ^ 1 << bit));
            if (merge(out, 1, &page) != EXIT_INPUT)
                fail_msg("byte %zu, bit %d", (size_t)(at - text), bit);
        }
        put_byte(page, (size_t)(at - text), *at);
    }
    assert_int_equal(unlink(page), 0);
    assert_int_equal(scratch_entries(), 0);
    free(text);
    free(page);
    free(out);
}

static int open_context(void **state)
{
    ctx = test_context(1, 0, NULL);
    return make_scratch(state);
}

static int close_both(void **state)
{
    eg_context_free(ctx);
    return remove_scratch(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(the_run_is_recorded),
        cmocka_unit_test(nonfinite_numbers_are_omitted),
        cmocka_unit_test(thumbnails_are_read_back),
        cmocka_unit_test(links_are_relative_to_the_page),
        cmocka_unit_test(the_page_has_its_parts),
        cmocka_unit_test(nothing_appears_before_the_end),
        cmocka_unit_test(the_first_error_is_kept),
        cmocka_unit_test(the_best_of_each_name_is_kept),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
    };
    return cmocka_run_group_tests_name("report", tests, open_context, close_both);
}
