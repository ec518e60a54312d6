/* SPDX-License-Identifier: MIT */
/* Coordinate systems by their code. */
#include "io/georef/crs_codes.h"

#include "io/georef/crs_table.h"

/* Returns the run that contains `code`, or NULL. */
static const eg_crs_run *find_run(const eg_crs_registry *registry, unsigned code)
{
    size_t low = 0, high = registry->count; /* runs before `low` begin at or before the code */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (registry->runs[middle].first <= code)
            low = middle + 1;
        else
            high = middle;
    }
    const eg_crs_run *run = low > 0 ? &registry->runs[low - 1] : NULL;
    return run && code - run->first < run->count ? run : NULL;
}

bool eg_crs_find(eg_crs_authority authority, unsigned code, eg_crs_definition *definition)
{
    const eg_crs_run *run = find_run(&eg_crs_registries[authority], code);
    if (!run)
        return false;
    const eg_crs_attributes *attributes = &eg_crs_attributes_table[run->attributes];
    const eg_crs_ellipsoid *ellipsoid = &eg_crs_ellipsoid_table[attributes->ellipsoid];
    *definition = (eg_crs_definition){
        .kind = (eg_crs_kind)attributes->kind,
        .crs = (eg_crs)attributes->crs,
        .unit = eg_crs_unit_table[attributes->unit],
        .vertical_unit = eg_crs_unit_table[attributes->vertical_unit],
        .semi_major = ellipsoid->semi_major,
        .inverse_flattening = ellipsoid->inverse_flattening,
    };
    return true;
}
