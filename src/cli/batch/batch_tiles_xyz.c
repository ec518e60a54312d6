/* SPDX-License-Identifier: MIT */
/*
 * Finds neighbours of map tiles with elevations as colours by their paths, FOLDER/z/x/y.png: tile
 * column x of 2^z around the globe, tile row y from the north. In other tile sets rows are counted
 * from the south (TMS), or the row comes first (z/row/column). Paths do not tell which, but the
 * elevations do: the right order is the one in which tiles fit together.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch_tiles.h"
#include "cli/support/text.h"

enum {
    ZOOM_MAX = 30,
    VOTES = 8,     /* pairs of tiles that decide the order */
    PAIRS_MAX = 64 /* pairs examined at most; level ground decides nothing */
};

/* A tile's path: the last two numbers of z/x/y.png, the folder and the extension. */
typedef struct address {
    uint64_t set; /* hash of FOLDER and the extension */
    unsigned zoom;
    int64_t x, y;
    size_t item;
} address;

/* Meanings of the last two numbers of a path. */
typedef enum order { XYZ, TMS, ROW_COLUMN, ORDERS } order;

typedef struct path_matcher {
    const batch_tiles *tiles;
    address *addresses; /* sorted */
    size_t count;
} path_matcher;

/* ---- paths ----------------------------------------------------------------------------------- */

/* Reads the number that ends at `end`, after a slash, and moves *end before the slash. Returns -1
 * if there is none. */
static int64_t last_number(const char *path, const char **end)
{
    const char *digit = *end;
    int64_t value = 0, factor = 1;
    while (digit > path && digit[-1] >= '0' && digit[-1] <= '9' && factor < INT64_C(1) << 34) {
        value += factor * (*--digit - '0');
        factor *= 10;
    }
    if (digit == *end || (digit > path && digit[-1] != '/'))
        return -1;
    *end = digit > path ? digit - 1 : digit;
    return value;
}

/* Parses a path; false if it does not end like z/x/y.png. */
static bool parse_path(const char *path, address *a)
{
    const char *dot = strrchr(path_name(path), '.'), *end = dot;
    if (!dot)
        return false;
    a->y = last_number(path, &end);
    a->x = a->y < 0 || end == path ? -1 : last_number(path, &end);
    int64_t zoom = a->x < 0 || end == path ? -1 : last_number(path, &end);
    if (zoom < 0 || zoom > ZOOM_MAX || a->x >> zoom || a->y >> zoom)
        return false;
    a->zoom = (unsigned)zoom;
    a->set = text_hash(text_hash(TEXT_HASH, path, (size_t)(end - path)), dot, strlen(dot));
    return true;
}

static int compare_addresses(const void *a, const void *b)
{
    const address *p = a, *q = b;
    if (p->set != q->set)
        return p->set < q->set ? -1 : 1;
    if (p->zoom != q->zoom)
        return p->zoom < q->zoom ? -1 : 1;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

/* Returns the tile with these numbers that has the size of `a`; NULL if there is none. */
static const address *find_tile(const path_matcher *m, const address *a, int64_t x, int64_t y)
{
    const batch_tile *tiles = m->tiles->tiles;
    address key = *a;
    key.x = x;
    key.y = y;
    const address *found = bsearch(&key, m->addresses, m->count, sizeof key, compare_addresses);
    bool fits = found && found != a && tiles[found->item].width == tiles[a->item].width &&
                tiles[found->item].height == tiles[a->item].height;
    return fits ? found : NULL;
}

/* ---- order ----------------------------------------------------------------------------------- */

/* A row of cells from (x, y) on, or a column. */
typedef struct line {
    const eg_grid *grid;
    size_t x, y;
    bool down;
} line;

static double cell_of(const line *l, size_t i)
{
    const char *row = (const char *)l->grid->data + (l->y + (l->down ? i : 0)) * l->grid->stride;
    const void *cells = row;
    size_t x = l->x + (l->down ? 0 : i);
    return l->grid->sample == EG_F64 ? ((const double *)cells)[x]
                                     : (double)((const float *)cells)[x];
}

/* Returns the mean difference of two lines; NaN if no cell has data in both. */
static double seam(line a, line b)
{
    const size_t count = a.down ? a.grid->height : a.grid->width;
    double sum = 0, cells = 0;
    for (size_t i = 0; i < count; i++) {
        double difference = cell_of(&a, i) - cell_of(&b, i);
        sum += isfinite(difference) ? fabs(difference) : 0;
        cells += isfinite(difference);
    }
    return sum / cells;
}

/* Votes for the order in which the tiles with the numbers y and y + 1 fit together, if one is
 * clearly better than the others. */
static void vote(const eg_grid *a, const eg_grid *b, size_t votes[ORDERS])
{
    const size_t right = a->width - 1, bottom = a->height - 1;
    const line top_a = {a, 0, 0, false}, bottom_a = {a, 0, bottom, false},
               right_a = {a, right, 0, true};
    const line top_b = {b, 0, 0, false}, bottom_b = {b, 0, bottom, false}, left_b = {b, 0, 0, true};
    const double seams[ORDERS] = {[XYZ] = seam(bottom_a, top_b),
                                  [TMS] = seam(top_a, bottom_b),
                                  [ROW_COLUMN] = seam(right_a, left_b)};
    for (int i = 0; i < ORDERS; i++) {
        bool best = true;
        for (int k = 0; k < ORDERS; k++)
            best = best && (k == i || seams[i] < seams[k] / 2);
        votes[i] += best;
    }
}

/* Loads two tiles and votes. Tiles that cannot be read do not vote. Returns false if out of memory.
 */
static bool vote_of_files(const path_matcher *m, const address *a, const address *b,
                          size_t votes[ORDERS])
{
    const cli_settings *settings = m->tiles->work->settings;
    const batch_item *items = m->tiles->list->items;
    eg_grid first = {0}, second = {0};
    eg_context *ctx = NULL;
    eg_config config = settings->config;
    config.cancel = signal_caught();
    eg_status status = eg_context_new(&ctx, &config, NULL);
    if (status == EG_OK)
        status = eg_load(&first, ctx, items[a->item].input, &settings->read, NULL);
    if (status == EG_OK)
        status = eg_load(&second, ctx, items[b->item].input, &settings->read, NULL);
    if (status == EG_OK && first.sample == second.sample &&
        (first.sample == EG_F32 || first.sample == EG_F64))
        vote(&first, &second, votes);
    eg_grid_free(&first);
    eg_grid_free(&second);
    eg_context_free(ctx);
    return status != EG_NO_MEMORY;
}

/* Finds the order of the tile set of the addresses first .. end - 1. Pairs are taken from all
 * parts of the set. Returns false if out of memory. */
static bool find_order(const path_matcher *m, size_t first, size_t end, order *found)
{
    size_t votes[ORDERS] = {0}, pairs = 0, step = (end - first) / PAIRS_MAX + 1;
    int best = XYZ;
    for (size_t start = 0; start < step && pairs < PAIRS_MAX; start++)
        for (size_t i = first + start; i < end && pairs < PAIRS_MAX; i += step) {
            const address *a = &m->addresses[i], *b = find_tile(m, a, a->x, a->y + 1);
            if (votes[XYZ] + votes[TMS] + votes[ROW_COLUMN] >= VOTES || *signal_caught())
                break;
            pairs += b != NULL;
            if (b && !vote_of_files(m, a, b, votes))
                return false;
        }
    for (int i = 0; i < ORDERS; i++)
        best = votes[i] > votes[best] ? i : best;
    *found = (order)best;
    return true;
}

/* ---- neighbours ------------------------------------------------------------------------------ */

/* Adds the neighbour `east` and `south` tiles away, if there is one. */
static bool add_neighbour(const path_matcher *m, const address *a, order how, int east, int south)
{
    const batch_tile *tile = &m->tiles->tiles[a->item];
    const int64_t side = INT64_C(1) << a->zoom;
    int64_t column = how == ROW_COLUMN ? a->y : a->x, row = how == ROW_COLUMN ? a->x : a->y;
    column = (column + east + side) % side;
    row += how == TMS ? -south : south;
    if (row < 0 || row >= side)
        return true;
    const address *found =
        how == ROW_COLUMN ? find_tile(m, a, row, column) : find_tile(m, a, column, row);
    return !found || batch_tiles_add(m->tiles, a->item, found->item, east * (ptrdiff_t)tile->width,
                                     south * (ptrdiff_t)tile->height);
}

static bool match_set(const path_matcher *m, size_t first, size_t end)
{
    order how = XYZ;
    bool good = find_order(m, first, end, &how);
    for (size_t i = first; i < end; i++)
        for (int k = 0; k < 9; k++)
            good =
                good && (k == 4 || add_neighbour(m, &m->addresses[i], how, k % 3 - 1, k / 3 - 1));
    return good;
}

/* Returns true if an input can be a map tile: without georeferencing, its sides powers of two.
 * Tiles of other sizes overlap each other in ways that are not known. */
static bool may_be_map_tile(const batch_tile *tile)
{
    return tile->readable && !tile->georef.located && (tile->width & (tile->width - 1)) == 0 &&
           (tile->height & (tile->height - 1)) == 0;
}

bool batch_tiles_match_paths(const batch_tiles *t)
{
    const size_t inputs = t->list->count;
    path_matcher m = {.tiles = t, .addresses = calloc(inputs, sizeof *m.addresses)};
    bool good = m.addresses != NULL;
    for (size_t i = 0; good && i < inputs; i++) {
        address *next = &m.addresses[m.count];
        next->item = i;
        m.count += may_be_map_tile(&t->tiles[i]) && parse_path(t->list->items[i].input, next);
    }
    if (good)
        qsort(m.addresses, m.count, sizeof *m.addresses, compare_addresses);
    for (size_t first = 0, end; good && first < m.count; first = end) {
        for (end = first; end < m.count && m.addresses[end].set == m.addresses[first].set;)
            end++;
        good = match_set(&m, first, end);
    }
    free(m.addresses);
    return good;
}
