/* SPDX-License-Identifier: MIT */
/*
 * Writes pages for the tests of the report:
 *     make_page pictures PAGE FOLDER FILE...   detects the edges of each FILE, writes them to
 * FOLDER make_page many PAGE COUNT                synthetic records, every seventh failed make_page
 * hostile PAGE                   names and reasons with HTML and scripts in them
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/report/report.h"

static eg_error error;

static void check(eg_status status)
{
    if (status == EG_OK)
        return;
    fprintf(stderr, "make_page: %s\n", error.message);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t bytes_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
}

/* ---- real images ---- */

static eg_status detect_edges(eg_context *ctx, cli_record *record, eg_preview *previews[2],
                              eg_error *why)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_edges_options options;
    eg_edges_result result;
    eg_edges_default(&options);
    eg_status status = eg_source_open(&source, ctx, record->input, NULL, why);
    if (status == EG_OK) {
        record->width = eg_source_info(source)->width;
        record->height = eg_source_info(source)->height;
        status = eg_sink_open(&sink, ctx, record->output, NULL, why);
    }
    if (status == EG_OK)
        status = eg_preview_of_source(&previews[0], source, REPORT_SIDE, why);
    if (status == EG_OK)
        status = eg_preview_of_sink(&previews[1], sink, REPORT_SIDE, why);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, &result, why);
    if (status == EG_OK) {
        record->has_edges = true;
        record->edges = (cli_edge_stats){result.low, result.high,
                                         (double)result.edge_pixels /
                                             ((double)record->width * (double)record->height),
                                         result.automatic};
    }
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

static void add_picture(report *r, eg_context *ctx, const char *folder, const char *path)
{
    char output[4096];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    eg_preview *previews[2] = {NULL, NULL};
    eg_error why = {0};
    snprintf(output, sizeof output, "%s/%s.png", folder, name);
    cli_record record = {.name = name, .input = path, .output = output};
    double start = now();
    if (detect_edges(ctx, &record, previews, &why) == EG_OK) {
        check(eg_preview_jpeg(previews[0], REPORT_QUALITY_BEFORE, &record.before.bytes,
                              &record.before.size, &error));
        check(eg_preview_jpeg(previews[1], REPORT_QUALITY_AFTER, &record.after.bytes,
                              &record.after.size, &error));
    } else {
        record.outcome = OUTCOME_FAILED;
        record.code = 3;
        record.reason = why.message;
    }
    record.seconds = now() - start;
    record.input_bytes = bytes_of(path);
    record.output_bytes = bytes_of(output);
    check(report_add(r, &record, &error));
    eg_preview_free(previews[0]);
    eg_preview_free(previews[1]);
}

/* ---- synthetic records ---- */

enum { KINDS = 12, WIDTH = 256, HEIGHT = 192 };

static eg_preview *pictures[KINDS][2];
static cli_thumbnail thumbs[KINDS][2];

/* Makes thumbnails of a wave pattern for each `kind`, and of its edges. */
static void make_thumbs(eg_context *ctx)
{
    for (int kind = 0; kind < KINDS; kind++) {
        eg_grid grid, out = {0};
        eg_source *source = NULL;
        eg_sink *sink = NULL;
        eg_edges_options options;
        eg_edges_default(&options);
        check(eg_grid_new(&grid, ctx, WIDTH, HEIGHT, EG_U8, &error));
        for (size_t y = 0; y < HEIGHT; y++)
            for (size_t x = 0; x < WIDTH; x++)
                ((uint8_t *)grid.data)[y * grid.stride + x] =
                    (uint8_t)(128 + 120 * sin(0.013 * (kind + 2) * (double)x) *
                                        cos(0.06 * (double)y + 0.004 * kind * (double)x));
        check(eg_source_grid(&source, ctx, &grid, &error));
        check(eg_sink_grid(&sink, ctx, &out, &error));
        check(eg_preview_of_source(&pictures[kind][0], source, WIDTH, &error));
        check(eg_preview_of_sink(&pictures[kind][1], sink, WIDTH, &error));
        check(eg_edges(source, sink, &options, NULL, &error));
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&out);
        eg_grid_free(&grid);
        for (int i = 0; i < 2; i++)
            check(eg_preview_jpeg(pictures[kind][i],
                                  i ? REPORT_QUALITY_AFTER : REPORT_QUALITY_BEFORE,
                                  &thumbs[kind][i].bytes, &thumbs[kind][i].size, &error));
    }
}

static void free_thumbs(void)
{
    for (int kind = 0; kind < KINDS; kind++)
        for (int i = 0; i < 2; i++)
            eg_preview_free(pictures[kind][i]);
}

static void add_many(report *r, int count)
{
    for (int i = 0; i < count; i++) {
        int at = (int)((long)i * 7919 % count); /* not in the order of names */
        char name[64];
        snprintf(name, sizeof name, "set %d/picture-%d.jpg", at % 5, at);
        cli_record record = {.name = name,
                             .outcome = at % 7 == 3   ? OUTCOME_FAILED
                                        : at % 7 == 5 ? OUTCOME_UP_TO_DATE
                                                      : OUTCOME_DONE,
                             .input_bytes = 1000 + 977 * (uint64_t)at,
                             .output_bytes = 500 + 31 * (uint64_t)(at % 100),
                             .width = 100 + (size_t)at,
                             .height = 1000,
                             .seconds = 0.001 * (at * 37 % 1000),
                             .has_edges = at % 7 != 3,
                             .edges = {1.5, 4.5, 0.0001 * (at * 53 % 1000), true},
                             .before = thumbs[at % KINDS][0],
                             .after = thumbs[at % KINDS][1]};
        if (record.outcome == OUTCOME_FAILED) {
            record.code = 3;
            record.reason = "is damaged: the picture data stops early";
            record.before = record.after = (cli_thumbnail){0};
            record.width = record.height = 0;
        }
        check(report_add(r, &record, &error));
    }
}

static void add_hostile(report *r)
{
    static const char *const names[] = {
        "</script><script>window.broken=1</script>",
        "<img src=x onerror=window.broken=2>",
        "\"><svg onload=window.broken=3>",
        "quote\"apostrophe'back\\slash",
        "two\nlines\tand\x1b[31mred",
        "wrong \xff\xfe bytes",
        "separators \xe2\x80\xa8 and \xe2\x80\xa9",
        "turned \xe2\x80\xaegnp.exe",
        "javascript:window.broken=4//a.png",
        "<!--<script>",
        "a/../b/./c?d#e%41&amp;{}`${window.broken=5}`.png",
        "\xf0\x9f\x8f\x94 \xe5\xb1\xb1.jpg",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cli_record record = {.name = names[i],
                             .input = names[i],
                             .output = names[i],
                             .outcome = i % 2 ? OUTCOME_FAILED : OUTCOME_DONE,
                             .code = 3,
                             .reason = names[i],
                             .width = 4000,
                             .height = 3000,
                             .seconds = NAN,
                             .has_edges = true,
                             .edges = {NAN, INFINITY, 0.5, false},
                             .before = thumbs[i][0],
                             .after = thumbs[i][1]};
        check(report_add(r, &record, &error));
    }
}

int main(int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "";
    bool pictures_wanted = strcmp(kind, "pictures") == 0 && argc > 4;
    bool many = strcmp(kind, "many") == 0 && argc == 4;
    bool hostile = strcmp(kind, "hostile") == 0 && argc == 3;
    if (!pictures_wanted && !many && !hostile) {
        fputs("usage: make_page pictures PAGE FOLDER FILE... | many PAGE COUNT | hostile PAGE\n",
              stderr);
        return 2;
    }
    static const char *const plain[] = {"edgegrad", "edges",    "holiday photos/",
                                        "edges/",   "--report", "report.html"};
    static const char *const nasty[] = {"edgegrad", "</script><script>window.broken=6</script>",
                                        "it's"};
    report_about about = {argv[2], "holiday photos", plain, 6};
    if (hostile)
        about = (report_about){argv[2], "<img src=x onerror=window.broken=7>", nasty, 3};
    eg_context *ctx = NULL;
    report *r = NULL;
    double start = now();
    check(eg_context_new(&ctx, NULL, &error));
    make_thumbs(ctx);
    check(report_open(&r, ctx, &about, &error));
    for (int i = 4; pictures_wanted && i < argc; i++)
        add_picture(r, ctx, argv[3], argv[i]);
    if (many)
        add_many(r, atoi(argv[3]));
    if (hostile)
        add_hostile(r);
    check(report_commit(r, many ? 83.25 : now() - start, false, &error));
    report_close(r);
    free_thumbs();
    eg_context_free(ctx);
    return 0;
}
