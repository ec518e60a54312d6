/* SPDX-License-Identifier: MIT */
/* Small grey pictures of the rows that pass a source or a sink. */
#ifndef EG_CORE_PREVIEW_H
#define EG_CORE_PREVIEW_H

#include "core/stream.h"

/* What rows will pass; called once, before the first. `mask`: EG_U8 rows are 0 and 255 only. */
eg_status eg_preview_begin(eg_preview *preview, const eg_layout *layout, eg_error *error);

/* The next `count` rows, top to bottom, `stride` bytes apart. From one thread at a time. */
void eg_preview_rows(eg_preview *preview, const void *rows, size_t stride, size_t count);

/* What it looked at is gone. */
void eg_preview_detach(eg_preview *preview);

eg_context *eg_preview_context(const eg_preview *preview);

/* Memory that is freed with the preview, in the place of what was kept before. */
void eg_preview_keep(eg_preview *preview, void *bytes);

#endif
