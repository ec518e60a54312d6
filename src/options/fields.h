/* SPDX-License-Identifier: MIT */
/* Tables of the options that can be set by name: one for each structure of options. */
#ifndef EG_OPTIONS_FIELDS_H
#define EG_OPTIONS_FIELDS_H

#include "edgegrad.h"

typedef enum eg_field_type {
    EG_FIELD_REAL,   /* double */
    EG_FIELD_INT,    /* int */
    EG_FIELD_FLAG,   /* bool: "true" or "false", "1" or "0" */
    EG_FIELD_CHOICE, /* an enumeration: one of `choices` */
    EG_FIELD_TEXT,   /* const char *: a copy, which the options own */
    EG_FIELD_COLOUR, /* uint8_t[3]: "#rrggbb" */
    EG_FIELD_SIZE    /* size_t; "4G" has a suffix K, M or G */
} eg_field_type;

/* A name and the value that it stands for. */
typedef struct eg_choice {
    const char *name;
    int value;
} eg_choice;

typedef struct eg_field {
    const char *name;
    eg_field_type type;
    size_t offset;
    double min, max;          /* numbers; both 0: any */
    const eg_choice *choices; /* ends with a name of NULL */
    const char *help;         /* one line, with the unit */
} eg_field;

/* A structure of options: its name, size, default values and fields, which end with a name of NULL.
 */
typedef struct eg_option_kind {
    const char *name;
    size_t size;
    void (*set_default)(void *options);
    const eg_field *fields;
} eg_option_kind;

extern const eg_option_kind eg_option_kinds[]; /* ends with a name of NULL */

/* Tables that more than one structure uses. */
extern const eg_choice eg_border_choices[], eg_norm_choices[], eg_encoding_choices[],
    eg_crs_choices[];

extern const eg_field eg_edges_fields[], eg_gradient_fields[], eg_terrain_fields[],
    eg_ground_fields[], eg_contour_fields[], eg_edge_lines_fields[], eg_read_fields[],
    eg_write_fields[], eg_config_fields[], eg_boundary_fields[], eg_flux_fields[],
    eg_streamline_fields[], eg_flow_path_fields[], eg_descent_fields[], eg_solve_fields[];

/* Rows of a table of fields; OPTIONS is the type of the structure. */
#define REAL(name, member, min, max, help)                                                         \
    {                                                                                              \
        name, EG_FIELD_REAL, offsetof(OPTIONS, member), min, max, NULL, help                       \
    }
#define INT(name, member, min, max, help)                                                          \
    {                                                                                              \
        name, EG_FIELD_INT, offsetof(OPTIONS, member), min, max, NULL, help                        \
    }
#define FLAG(name, member, help)                                                                   \
    {                                                                                              \
        name, EG_FIELD_FLAG, offsetof(OPTIONS, member), 0, 0, NULL, help                           \
    }
#define SIZE(name, member, help)                                                                   \
    {                                                                                              \
        name, EG_FIELD_SIZE, offsetof(OPTIONS, member), 0, 0, NULL, help                           \
    }
#define TEXT(name, member, help)                                                                   \
    {                                                                                              \
        name, EG_FIELD_TEXT, offsetof(OPTIONS, member), 0, 0, NULL, help                           \
    }
#define CHOICE(name, member, choices, help)                                                        \
    {                                                                                              \
        name, EG_FIELD_CHOICE, offsetof(OPTIONS, member), 0, 0, choices, help                      \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, EG_FIELD_REAL, 0, 0, 0, NULL, NULL                                                   \
    }

#endif
