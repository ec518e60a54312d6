/* SPDX-License-Identifier: MIT */
/* Tests the parts of lines of edges: thinning, the graph of pixels, chains across strips, the shift
 * of curved edges by a blur. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "edge/chains/chain_strip.h"
#include "edge/chains/shape.h"
#include "edge/chains/thinning.h"
#include "edge/lines/line_joiner.h"
#include "support.h"

/* ---- pixels ---------------------------------------------------------------------------------- */

static eg_planes new_planes(eg_context *ctx, size_t width, size_t height)
{
    eg_planes planes = {.width = width, .height = height, .words = (width + 63) / 64};
    planes.edge = eg_calloc(ctx, height, planes.words * sizeof(uint64_t), NULL);
    assert_non_null(planes.edge);
    return planes;
}

static void set_edge(const eg_planes *planes, size_t x, size_t y, bool value)
{
    uint64_t *word = &eg_edge_row(planes, y)[x / 64];
    *word = (*word & ~((uint64_t)1 << x % 64)) | (uint64_t)value << x % 64;
}

/* Sets pixels from rows of text, '#' for an edge. */
static eg_planes planes_of(eg_context *ctx, const char *const rows[], size_t height)
{
    eg_planes planes = new_planes(ctx, strlen(rows[0]), height);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < planes.width; x++)
            set_edge(&planes, x, y, rows[y][x] == '#');
    return planes;
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Sets `percent` of the pixels. */
static eg_planes random_planes(eg_context *ctx, size_t width, size_t height, unsigned percent,
                               unsigned seed)
{
    eg_planes planes = new_planes(ctx, width, height);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_edge(&planes, x, y, next_random(&seed) % 100 < percent);
    return planes;
}

/* ---- thinning -------------------------------------------------------------------------------- */

/* Returns true if the rule of Guo and Hall removes a pixel, written out for one pixel. */
static bool is_removed(const eg_planes *planes, ptrdiff_t x, ptrdiff_t y, int subiteration)
{
    static const int dx[] = {0, 0, 0, 1, 1, 1, 0, -1, -1, -1},
                     dy[] = {0, 0, -1, -1, 0, 1, 1, 1, 0, -1};
    bool p[10] = {false};
    for (int i = 2; i < 10; i++)
        p[i] = eg_is_edge(planes, x + dx[i], y + dy[i]);
    const int c = (!p[2] && (p[3] || p[4])) + (!p[4] && (p[5] || p[6])) +
                  (!p[6] && (p[7] || p[8])) + (!p[8] && (p[9] || p[2]));
    const int n1 = (p[9] || p[2]) + (p[3] || p[4]) + (p[5] || p[6]) + (p[7] || p[8]);
    const int n2 = (p[2] || p[3]) + (p[4] || p[5]) + (p[6] || p[7]) + (p[8] || p[9]);
    const int n = n1 < n2 ? n1 : n2;
    const bool m =
        subiteration == 0 ? (p[6] || p[7] || !p[9]) && p[8] : (p[2] || p[3] || !p[5]) && p[4];
    return eg_is_edge(planes, x, y) && c == 1 && n >= 2 && n <= 3 && !m;
}

/* Thins pixel by pixel. */
static void thin_slowly(eg_context *ctx, eg_planes *planes)
{
    for (int i = 0; i < 2 * EG_THINNING_PASSES; i++) {
        eg_planes thinned = new_planes(ctx, planes->width, planes->height);
        for (size_t y = 0; y < planes->height; y++)
            for (size_t x = 0; x < planes->width; x++)
                set_edge(&thinned, x, y,
                         eg_is_edge(planes, (ptrdiff_t)x, (ptrdiff_t)y) &&
                             !is_removed(planes, (ptrdiff_t)x, (ptrdiff_t)y, i % 2));
        eg_free(planes->edge);
        *planes = thinned;
    }
}

static void test_thinning(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    static const size_t widths[] = {1, 2, 63, 64, 65, 130};
    (void)state;
    for (size_t i = 0; i < COUNT(widths); i++)
        for (unsigned percent = 10; percent <= 100; percent += 30) {
            eg_planes fast = random_planes(ctx, widths[i], 40, percent, percent);
            eg_planes slow = random_planes(ctx, widths[i], 40, percent, percent);
            assert_int_equal(eg_thin_edges(&fast, ctx, NULL), EG_OK);
            thin_slowly(ctx, &slow);
            assert_memory_equal(fast.edge, slow.edge, fast.words * 40 * sizeof(uint64_t));
            eg_free(fast.edge);
            eg_free(slow.edge);
        }
    eg_context_free(ctx);
}

/* ---- the graph ------------------------------------------------------------------------------- */

static void test_links(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_planes planes = random_planes(ctx, 70, 40, 35, 5);
    (void)state;
    for (ptrdiff_t y = 0; y < 40; y++)
        for (ptrdiff_t x = 0; x < 70; x++) {
            if (!eg_is_edge(&planes, x, y))
                continue;
            const unsigned links = eg_pixel_links(&planes, x, y);
            assert_true(__builtin_popcount(links) <= 4);
            for (unsigned d = 0; d < EG_LINKS; d++) {
                if (!(links >> d & 1))
                    continue;
                const ptrdiff_t u = x + eg_link_dx[d], v = y + eg_link_dy[d];
                assert_true(eg_pixel_links(&planes, u, v) >> eg_link_back(d) & 1);
                const unsigned next = eg_link_continuation(&planes, x, y, links, d);
                if (next == EG_NO_LINK)
                    continue;
                assert_true(next != d && links >> next & 1);
                assert_int_equal(eg_link_continuation(&planes, x, y, links, next), d);
            }
        }
    eg_free(planes.edge);
    eg_context_free(ctx);
}

/* The stem of a T ends at the bar, and the lines of an X cross. */
static void test_junctions(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    static const char *const tee[] = {"#########", "....#....", "....#....", "....#....",
                                      "....#...."};
    static const char *const cross[] = {"#.....#", ".#...#.", "..#.#..", "...#...",
                                        "..#.#..", ".#...#.", "#.....#"};
    (void)state;
    eg_planes planes = planes_of(ctx, tee, COUNT(tee));
    unsigned links = eg_pixel_links(&planes, 4, 0);
    assert_int_equal(eg_link_continuation(&planes, 4, 0, links, 0), 4);
    assert_int_equal(eg_link_continuation(&planes, 4, 0, links, 4), 0);
    assert_int_equal(eg_link_continuation(&planes, 4, 0, links, 2), EG_NO_LINK);
    eg_free(planes.edge);
    planes = planes_of(ctx, cross, COUNT(cross));
    links = eg_pixel_links(&planes, 3, 3);
    for (unsigned d = 1; d < EG_LINKS; d += 2)
        assert_int_equal(eg_link_continuation(&planes, 3, 3, links, d), eg_link_back(d));
    eg_free(planes.edge);
    eg_context_free(ctx);
}

/* ---- chains ---------------------------------------------------------------------------------- */

/* Lines as text of their points, and the number of times that each link was followed. */
typedef struct chains {
    const eg_planes *planes;
    size_t lines, closed, points;
    uint64_t hash;     /* of all lines in their order */
    uint8_t *followed; /* of links to the right, down right, down, down left of each pixel */
} chains;

static eg_status record_chain(void *opaque, const eg_line *line, eg_error *error)
{
    chains *c = opaque;
    (void)error;
    const eg_chain_point *p = (const eg_chain_point *)(const void *)line->points;
    c->lines++;
    c->closed += line->closed;
    c->points += line->count;
    if (line->closed)
        assert_true(p[0].x == p[line->count - 1].x && p[0].y == p[line->count - 1].y);
    for (size_t i = 0; i < line->count; i++) {
        c->hash = (c->hash ^ (uint64_t)p[i].x) * 0x100000001b3u;
        c->hash = (c->hash ^ (uint64_t)p[i].y) * 0x100000001b3u;
        if (i == 0)
            continue;
        const bool forward = p[i].y > p[i - 1].y || (p[i].y == p[i - 1].y && p[i].x > p[i - 1].x);
        const eg_chain_point *from = forward ? &p[i - 1] : &p[i], *to = forward ? &p[i] : &p[i - 1];
        const double dx = to->x - from->x, dy = to->y - from->y;
        assert_true(fabs(dx) <= 1 && (dy == 0 || dy == 1));
        const size_t kind = dy == 0 ? 0 : dx > 0 ? 1 : dx == 0 ? 2 : 3;
        c->followed[4 * ((size_t)from->y * c->planes->width + (size_t)from->x) + kind]++;
    }
    c->hash = (c->hash ^ 0xFF) * 0x100000001b3u;
    return EG_OK;
}

/* Links pixels in strips of some rows, with their own positions as points. */
static chains chains_of(eg_context *ctx, const eg_planes *planes, size_t rows)
{
    chains c = {.planes = planes, .hash = 0xcbf29ce484222325u};
    eg_contour_result counts = {.lines = 0};
    eg_chain_strip strip = {.lines = {.points = {NULL, 0, 0}}};
    eg_line_joiner joiner = {.ctx = ctx,
                             .stride = EG_CHAIN_STRIDE,
                             .found = record_chain,
                             .opaque = &c,
                             .arrange = eg_chain_arrange,
                             .result = &counts};
    c.followed = calloc(planes->width * planes->height, 4);
    assert_non_null(c.followed);
    for (size_t y0 = 0; y0 < planes->height; y0 += rows) {
        const size_t y1 = y0 + rows < planes->height ? y0 + rows : planes->height;
        assert_int_equal(eg_chain_strip_list(&strip, ctx, planes, y0, y1, NULL), EG_OK);
        eg_chain_pixel *pixels = strip.pixels.items;
        eg_chain_point *points = strip.refined.items;
        for (size_t i = 0; i < strip.pixels.count; i++) {
            assert_int_equal(eg_chain_strip_index(&strip, planes, y0, pixels[i].x, pixels[i].y), i);
            pixels[i].has_point = true;
            points[i] = (eg_chain_point){.x = pixels[i].x, .y = (double)(y0 + pixels[i].y)};
        }
        assert_int_equal(eg_chain_strip_link(&strip, ctx, planes, y0, y1, NULL), EG_OK);
        assert_int_equal(eg_line_joiner_add(&joiner, &strip.lines, NULL), EG_OK);
    }
    assert_int_equal(eg_line_joiner_finish(&joiner, NULL), EG_OK);
    assert_null(joiner.pieces);
    eg_line_joiner_release(&joiner);
    eg_chain_strip_release(&strip);
    return c;
}

/* Fails unless each link of each pixel belongs to exactly one line. */
static void assert_all_followed(const eg_planes *planes, const chains *c)
{
    static const unsigned kinds[] = {0, 1, 2,
                                     3}; /* directions right, down right, down, down left */
    for (size_t y = 0; y < planes->height; y++)
        for (size_t x = 0; x < planes->width; x++) {
            const unsigned links = eg_is_edge(planes, (ptrdiff_t)x, (ptrdiff_t)y)
                                       ? eg_pixel_links(planes, (ptrdiff_t)x, (ptrdiff_t)y)
                                       : 0;
            for (size_t k = 0; k < 4; k++)
                assert_int_equal(c->followed[4 * (y * planes->width + x) + k],
                                 links >> kinds[k] & 1);
        }
}

static void test_chains(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    (void)state;
    for (unsigned seed = 0; seed < 12; seed++) {
        eg_planes planes = random_planes(ctx, 60 + seed, 30, 5 + 6 * seed, seed);
        chains whole = chains_of(ctx, &planes, 30);
        assert_all_followed(&planes, &whole);
        static const size_t rows[] = {1, 2, 7, 29};
        for (size_t i = 0; i < COUNT(rows); i++) {
            chains parts = chains_of(ctx, &planes, rows[i]);
            assert_all_followed(&planes, &parts);
            assert_int_equal(parts.lines, whole.lines);
            assert_int_equal(parts.closed, whole.closed);
            assert_int_equal(parts.points, whole.points);
            assert_true(parts.hash == whole.hash);
            free(parts.followed);
        }
        free(whole.followed);
        eg_free(planes.edge);
    }
    eg_context_free(ctx);
}

static void test_rings(void **state)
{
    eg_context *ctx = test_context(1, 0, NULL);
    static const char *const rows[] = {"..###....", ".#...#..#", "#.....#.#", ".#...#..#",
                                       "..###...."};
    (void)state;
    eg_planes planes = planes_of(ctx, rows, COUNT(rows));
    chains c = chains_of(ctx, &planes, 2);
    assert_int_equal(c.lines, 2);
    assert_int_equal(c.closed, 1);
    assert_int_equal(c.points, 13 + 3);
    free(c.followed);
    eg_free(planes.edge);
    eg_context_free(ctx);
}

/* ---- the shift by a blur --------------------------------------------------------------------- */

/* Returns the derivative along the radius of a blurred disc, at the distance u from its centre, by
 * summing over its rim: each piece dt contributes its normal's part of the Gaussian. In units of
 * sigma, without a constant. */
static double radial_gradient(double r, double u)
{
    enum { PIECES = 720 };
    double sum = 0;
    for (int i = 0; i < PIECES; i++) {
        const double t = 2 * acos(-1) * i / PIECES;
        const double x = r * cos(t) - u, y = r * sin(t);
        sum += cos(t) * exp(-(x * x + y * y) / 2);
    }
    return sum;
}

static void test_blur_shift(void **state)
{
    eg_blur_shift blur;
    (void)state;
    eg_blur_shift_init(&blur, 2);
    static const double radii[] = {1.8, 2.5, 4, 8, 20, 100};
    for (size_t i = 0; i < COUNT(radii); i++) {
        double low = 0.5, high = radii[i] + 1; /* of the maximum, by its bracket */
        for (int k = 0; k < 80; k++) {
            const double a = low + (high - low) / 3, b = high - (high - low) / 3;
            if (radial_gradient(radii[i], a) < radial_gradient(radii[i], b))
                low = a;
            else
                high = b;
        }
        const double found = (low + high) / 2;
        assert_within(2 * found + eg_blur_shift_at(&blur, 2 * found), 2 * radii[i], 2e-3);
    }
    assert_true(eg_blur_shift_at(&blur, INFINITY) == 0);
    assert_true(eg_blur_shift_at(&blur, NAN) == 0);
    assert_true(eg_blur_shift_at(&blur, 2) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thinning),  cmocka_unit_test(test_links),
        cmocka_unit_test(test_junctions), cmocka_unit_test(test_chains),
        cmocka_unit_test(test_rings),     cmocka_unit_test(test_blur_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
