/* SPDX-License-Identifier: MIT */
/* Colours of the classes of a map. */
#include "core/class_colours.h"

#include <string.h>

/* Colours of the directions of D8, which are powers of 2, from east clockwise: hues of 0, 45 ..
 * 315 degrees (HSV with S = V = 1), as those of gradients. */
static const uint8_t directions[8][3] = {{255, 0, 0},   {255, 191, 0}, {128, 255, 0},
                                         {0, 255, 64},  {0, 255, 255}, {0, 64, 255},
                                         {128, 0, 255}, {255, 0, 191}};

static void set_colour(uint8_t rgba[4], uint8_t red, uint8_t green, uint8_t blue)
{
    rgba[0] = red;
    rgba[1] = green;
    rgba[2] = blue;
}

void eg_class_colours(const eg_layout *layout, uint8_t colours[EG_CLASS_COUNT][4])
{
    for (size_t i = 0; i < EG_CLASS_COUNT; i++) {
        set_colour(colours[i], 128, 128, 128);
        colours[i][3] = !layout->has_nodata || layout->nodata != (double)i ? 255 : 0;
    }
    set_colour(colours[0], 0, 0, 0);
    if (layout->classes == EG_CLASSES_MASK)
        set_colour(colours[1], 255, 255, 255);
    for (size_t k = 0; k < 8 && layout->classes == EG_CLASSES_FLOW; k++)
        memcpy(colours[(size_t)1 << k], directions[k], sizeof directions[k]);
}
