/* SPDX-License-Identifier: MIT */
/* Prints georeferencing for `edgegrad info`. */
#ifndef CLI_SUPPORT_GEOREF_TEXT_H
#define CLI_SUPPORT_GEOREF_TEXT_H

#include "cli/support/json.h"
#include "edgegrad.h"

/* Prints lines "label: value" on standard output; none if `georef` is NULL. */
void georef_print_text(const eg_georef *georef, const eg_info *info);

/* Writes the member "georeferencing" of an open object; none if `georef` is NULL. */
void georef_print_json(json *j, const eg_georef *georef, const eg_info *info);

#endif
