/* SPDX-License-Identifier: MIT */
/* Tables of crs_table.c, which tools/make-crs-table generates. Only eg_crs_find() reads them. */
#ifndef EG_IO_GEOREF_CRS_TABLE_H
#define EG_IO_GEOREF_CRS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "io/georef/crs_codes.h"

typedef struct eg_crs_ellipsoid {
    double semi_major, inverse_flattening; /* metres; 0: a sphere */
} eg_crs_ellipsoid;

/* Attributes that many codes share. */
typedef struct eg_crs_attributes {
    uint8_t kind, crs;           /* eg_crs_kind, eg_crs */
    uint8_t unit, vertical_unit; /* indices into eg_crs_unit_table; 0: none */
    uint16_t ellipsoid;          /* index into eg_crs_ellipsoid_table; 0: none */
} eg_crs_attributes;

/* Consecutive codes first ... first + count - 1 with the same attributes. */
typedef struct eg_crs_run {
    uint32_t first;
    uint16_t count;
    uint16_t attributes; /* index into eg_crs_attributes_table */
} eg_crs_run;

/* Runs of an authority, sorted by their first code, disjoint. */
typedef struct eg_crs_registry {
    const eg_crs_run *runs;
    size_t count;
} eg_crs_registry;

extern const double eg_crs_unit_table[]; /* metres, or degrees for geographic systems */
extern const eg_crs_ellipsoid eg_crs_ellipsoid_table[];
extern const eg_crs_attributes eg_crs_attributes_table[];
extern const eg_crs_registry eg_crs_registries[EG_AUTHORITY_COUNT];

#endif
