/* SPDX-License-Identifier: MIT */
/* Colours of the classes of a map, for pictures of it. */
#ifndef EG_CORE_CLASS_COLOURS_H
#define EG_CORE_CLASS_COLOURS_H

#include "core/stream.h"

enum { EG_CLASS_COUNT = 256 };

/* Sets the colour of each class: red, green, blue and alpha, 0 only for the missing value of
 * `layout`, whose `classes` are not EG_CLASSES_NONE. Values that are no class are grey. */
void eg_class_colours(const eg_layout *layout, uint8_t colours[EG_CLASS_COUNT][4]);

#endif
