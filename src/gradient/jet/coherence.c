/* SPDX-License-Identifier: MIT */
/*
 * Coherence of the structure tensor, the Gaussian average of the products of the slopes. Products
 * beyond the border of the image follow the border rule, 0 for EG_BORDER_CONSTANT; those at missing
 * samples are left out.
 */
#include <string.h>

#include "gradient/jet/jet_tile.h"

enum { PRODUCTS = 3 };

/* Working rows: the padded products, the averages of the row computed last, a row of zeros, and
 * rings of the products averaged along the rows. */
size_t eg_coherence_rows(const eg_jet_pass *pass)
{
    return 2 * PRODUCTS + 1 + PRODUCTS * (2 * pass->integration.radius + 1);
}

static float *working_row(const eg_coherence_tile *tile, size_t i)
{
    return tile->memory + i * tile->stride + tile->pass->row_margin;
}

static float *ring_row(const eg_coherence_tile *tile, size_t product, size_t y)
{
    const size_t ring = 2 * tile->pass->integration.radius + 1;
    return working_row(tile, 2 * PRODUCTS + 1 + product * ring + y % ring);
}

/* Fills the columns of a row of products that lie outside the image. */
static void pad_products(const eg_coherence_tile *tile, float *row)
{
    const ptrdiff_t radius = (ptrdiff_t)tile->pass->integration.radius;
    const ptrdiff_t x0 = (ptrdiff_t)tile->x0, width = (ptrdiff_t)tile->image_width;
    for (ptrdiff_t x = x0 - radius; x < x0 + (ptrdiff_t)tile->width + radius; x++) {
        if (x >= 0 && x < width)
            continue;
        const ptrdiff_t inside = eg_border_index(x, tile->image_width, tile->pass->border);
        row[x - x0] = inside < 0 ? 0 : row[inside - x0];
    }
}

void eg_coherence_add(const eg_coherence_tile *tile, size_t y, const float *x, const float *y_slope,
                      size_t from, size_t count)
{
    const eg_jet_weights *w = &tile->pass->integration;
    const ptrdiff_t left = (ptrdiff_t)from - (ptrdiff_t)tile->x0;
    const float *rows[2 * EG_JET_RADIUS_MAX + 1];
    tile->pass->kernels->products(working_row(tile, 0) + left, working_row(tile, 1) + left,
                                  working_row(tile, 2) + left, x, y_slope, count);
    for (size_t i = 0; i < PRODUCTS; i++) {
        float *products = working_row(tile, i);
        pad_products(tile, products);
        for (size_t k = 0; k <= 2 * w->radius; k++)
            rows[k] = products + k - w->radius;
        tile->pass->kernels->order[0](ring_row(tile, i, y), rows, tile->width, w->order[0],
                                      w->radius);
    }
}

void eg_coherence_row(const eg_coherence_tile *tile, size_t y, float *out)
{
    const eg_jet_weights *w = &tile->pass->integration;
    const ptrdiff_t radius = (ptrdiff_t)w->radius;
    const float *rows[2 * EG_JET_RADIUS_MAX + 1];
    for (size_t i = 0; i < PRODUCTS; i++) {
        for (ptrdiff_t k = -radius; k <= radius; k++) {
            const ptrdiff_t inside =
                eg_border_index((ptrdiff_t)y + k, tile->image_height, tile->pass->border);
            rows[k + radius] =
                inside < 0 ? working_row(tile, 2 * PRODUCTS) : ring_row(tile, i, (size_t)inside);
        }
        tile->pass->kernels->order[0](working_row(tile, PRODUCTS + i), rows, tile->width,
                                      w->order[0], w->radius);
    }
    tile->pass->kernels->coherence(out, working_row(tile, PRODUCTS),
                                   working_row(tile, PRODUCTS + 1), working_row(tile, PRODUCTS + 2),
                                   tile->width);
}
