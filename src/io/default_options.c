/* SPDX-License-Identifier: MIT */
/* Default options of reading and writing. */
#include "edgegrad.h"

void eg_read_default(eg_read_options *options)
{
    *options = (eg_read_options){.alpha = EG_ALPHA_IGNORE, .over = {255, 255, 255}};
}

void eg_write_default(eg_write_options *options)
{
    *options = (eg_write_options){.format = NULL, .quality = 90, .compression = -1};
}
