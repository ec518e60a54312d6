/* SPDX-License-Identifier: MIT */
/* Where a raster lies on the ground, for `edgegrad info`. */
#ifndef CLI_SUPPORT_GEOREF_TEXT_H
#define CLI_SUPPORT_GEOREF_TEXT_H

#include "cli/support/json.h"
#include "edgegrad.h"

/* Lines of "label: value" on standard output; none where `georef` is NULL. */
void ground_text(const eg_georef *georef, const eg_info *info);

/* The member "georeferencing" of an open object; none where `georef` is NULL. */
void ground_json(json *j, const eg_georef *georef, const eg_info *info);

#endif
