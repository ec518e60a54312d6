/* SPDX-License-Identifier: MIT */
/* The parts of a jet as derivatives along rows and columns. */
#include "gradient/jet/jet.h"

const eg_jet_order eg_jet_orders[EG_JET_PARTS] = {
    [EG_JET_VALUE] = {0, 0}, [EG_JET_X] = {1, 0},  [EG_JET_Y] = {0, 1},
    [EG_JET_XX] = {2, 0},    [EG_JET_XY] = {1, 1}, [EG_JET_YY] = {0, 2}};

bool eg_jet_needs_order(const eg_jet_stage *stage, size_t order)
{
    for (size_t i = 0; i < EG_JET_PARTS; i++)
        if (stage->parts >> i & 1 && eg_jet_orders[i].x == order)
            return true;
    return false;
}
