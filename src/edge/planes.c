/* SPDX-License-Identifier: MIT */
/* Allocation of planes. */
#include "edge/canny.h"

eg_status eg_allocate_plane(const eg_canny *canny, uint64_t **plane, eg_error *error)
{
    *plane =
        eg_alloc(canny->ctx, canny->planes.height, canny->planes.words * sizeof(uint64_t), error);
    return *plane ? EG_OK : eg_failed(error);
}
