/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the texts of coordinate systems: Well-Known Text, codes, and those of ARC/INFO.
 *
 * libFuzzer: -max_len=1024 -only_ascii=1
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/georef/georef_source.h"
#include "io/georef/wkt.h"

/* Requires that a system has units and an ellipsoid that can be computed with. */
static void check_system(const eg_georef *georef)
{
    require(georef->unit > 0 && isfinite(georef->unit), "a ground unit has a length", NULL);
    require(georef->vertical_unit >= 0 && isfinite(georef->vertical_unit),
            "a vertical unit has a length", NULL);
    require(georef->semi_major >= 0 && isfinite(georef->semi_major), "an ellipsoid has a size",
            NULL);
    require(isfinite(georef->inverse_flattening), "an ellipsoid has a shape", NULL);
    require(memchr(georef->vertical_origin, '\0', sizeof georef->vertical_origin) != NULL,
            "an origin is a text", NULL);
}

/* Requires that the horizontal part of a text is in it and is a system by itself. */
static void check_horizontal(const char *text, const eg_georef *whole)
{
    const char *start;
    const size_t length = eg_wkt_horizontal(text, &start);
    if (!length)
        return;
    require(start >= text && start + length <= text + strlen(text), "the part is in the text",
            NULL);
    char *part = fuzz_text((const uint8_t *)start, length);
    eg_georef georef = {.unit = 1};
    eg_crs_doubts doubts = {0};
    const bool known = eg_wkt_read(&georef, &doubts, part);
    require(known || whole->crs == EG_CRS_UNKNOWN, "the part is a system", NULL);
    free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    eg_georef georef = {.unit = 1};
    eg_crs_doubts doubts = {0};
    eg_crs_code code = {0};
    eg_crs_codes codes;
    const bool known = eg_system_read(&georef, &doubts, &code, text);
    if (!known)
        require(georef.crs == EG_CRS_UNKNOWN && georef.unit == 1,
                "what is not known changes nothing", NULL);
    check_system(&georef);
    check_horizontal(text, &georef);
    eg_crs_codes_read(&codes, text);
    eg_wkt_epsg(text, strlen(text));
    require(eg_unit_metres(text, strlen(text)) >= 0, "a unit has a length", NULL);
    free(text);
    return 0;
}
