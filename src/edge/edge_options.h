/* SPDX-License-Identifier: MIT */
/* Options that all edge detectors have. */
#ifndef EG_EDGE_EDGE_OPTIONS_H
#define EG_EDGE_EDGE_OPTIONS_H

#include "edgegrad.h"

/* Checks the options whose ranges do not depend on the operator. */
eg_status eg_check_edge_options(const eg_edges_options *options, eg_error *error);

#endif
