/* SPDX-License-Identifier: MIT */
/* The name in files that edgegrad writes, where their format has a place for it, by which
 * eg_file_origin() recognises them. */
#ifndef EG_CORE_SOFTWARE_H
#define EG_CORE_SOFTWARE_H

#define EG_SOFTWARE "edgegrad"

#endif
