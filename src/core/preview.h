/* SPDX-License-Identifier: MIT */
/* Access to previews for their encoders. */
#ifndef EG_CORE_PREVIEW_H
#define EG_CORE_PREVIEW_H

#include "edgegrad.h"

/* Returns the context that the preview's memory is accounted to. */
eg_context *eg_preview_context(const eg_preview *preview);

/* Transfers ownership of `bytes` to the preview, freeing those kept before. */
void eg_preview_keep(eg_preview *preview, void *bytes);

#endif
