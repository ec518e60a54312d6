/* SPDX-License-Identifier: MIT */
/* The version of the library. */
#include "edgegrad.h"

const char *eg_version(void)
{
    return EG_VERSION;
}
