/* SPDX-License-Identifier: MIT */
/* eg_edges() against the edges of OpenCV in colours and of scikit-image. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "colours.h"

/* An image and its edges. */
typedef struct reference {
    char image[512];
    eg_edges_options options;
    eg_grid edges;
    bool inverted;      /* edges are 0 */
    double wrong_share; /* share of the edge pixels that may differ */
} reference;

static void load(eg_grid *grid, eg_context *ctx, const char *path)
{
    eg_error error = {0};
    if (eg_load(grid, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
}

static void check_reference(eg_context *ctx, void *opaque)
{
    const reference *r = opaque;
    eg_read_options read;
    eg_source *source;
    eg_grid out;
    eg_error error = {0};
    double wrong = 0, edges = 0;
    eg_read_default(&read);
    read.colour_planes = true;
    if (eg_source_open(&source, ctx, r->image, &read, &error) != EG_OK)
        fail_msg("%s", error.message);
    edges_of_source(&out, source, &r->options, NULL);
    assert_int_equal(out.width, r->edges.width);
    assert_int_equal(out.height, r->edges.height);
    for (size_t y = 0; y < out.height; y++)
        for (size_t x = 0; x < out.width; x++) {
            const bool want = (sample_at(&r->edges, x, y) > 0) != r->inverted;
            edges += want;
            wrong += want != (sample_at(&out, x, y) > 0);
        }
    if (wrong > edges * r->wrong_share)
        fail_msg("%s: %g of %g edge pixels are wrong", r->image, wrong, edges);
    eg_grid_free(&out);
}

/* Parses NAME-cv-A-NORM-LOW-HIGH.pbm and NAME-skimage-SIGMA-LOW-HIGH.pbm. */
static bool parse_reference(reference *r, const char *file)
{
    char name[64], norm[3];
    int aperture;
    double sigma, low, high;
    if (sscanf(file, "%63[^-]-cv-%d-%2[l12]-%lf-%lf.pbm", name, &aperture, norm, &low, &high) ==
        5) {
        eg_edges_opencv(&r->options, low, high);
        r->options.op = aperture == 3 ? "sobel3" : aperture == 5 ? "sobel5" : "sobel7";
        r->options.norm = strcmp(norm, "l1") == 0 ? EG_NORM_L1 : EG_NORM_L2;
        snprintf(r->image, sizeof r->image, "testdata/canny/%s.ppm", name);
        return true;
    }
    if (sscanf(file, "%63[^-]-skimage-%lf-%lf-%lf.pbm", name, &sigma, &low, &high) == 4) {
        eg_edges_skimage(&r->options, sigma, low, high);
        snprintf(r->image, sizeof r->image, "testdata/canny/%s.pgm", name);
        return true;
    }
    return false;
}

static void edges_are_those_of_other_programs(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    DIR *dir = opendir("testdata/canny");
    size_t compared = 0;
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        reference r = {.inverted = true};
        char path[512];
        if (!parse_reference(&r, entry->d_name))
            continue;
        snprintf(path, sizeof path, "testdata/canny/%s", entry->d_name);
        load(&r.edges, ctx, path);
        for_every_setting(check_reference, &r);
        eg_grid_free(&r.edges);
        compared++;
    }
    closedir(dir);
    assert_int_equal(compared, 22);
    eg_context_free(ctx);
}

static void edges_are_those_of_skimage(void **state)
{
    (void)state;
    const char *folder = corpus_path("golden/skimage_canny");
    DIR *dir = folder ? opendir(folder) : NULL;
    if (!dir) {
        print_message("golden/skimage_canny of the corpus is not there: skipped\n");
        skip();
    }
    static const size_t strip_rows[] = {0, 1, 5, 32};
    size_t compared = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char name[64], path[512];
        double sigma;
        if (sscanf(entry->d_name, "%63[^_]_s%lf_10_30_nearest.png", name, &sigma) != 2)
            continue;
        eg_context *ctx = test_context(2, strip_rows[compared++ % COUNT(strip_rows)], NULL);
        reference r = {.wrong_share = 0.001};
        eg_edges_skimage(&r.options, sigma, 10, 30);
        snprintf(path, sizeof path, "golden/skimage_canny/%s", entry->d_name);
        load(&r.edges, ctx, corpus_path(path));
        snprintf(path, sizeof path, "golden/input/%s.png", name);
        snprintf(r.image, sizeof r.image, "%s", corpus_path(path));
        check_reference(ctx, &r);
        eg_grid_free(&r.edges);
        eg_context_free(ctx);
    }
    closedir(dir);
    assert_true(compared > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_those_of_other_programs),
        cmocka_unit_test(edges_are_those_of_skimage),
    };
    return cmocka_run_group_tests_name("edge references", tests, NULL, NULL);
}
