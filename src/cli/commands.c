/* SPDX-License-Identifier: MIT */
/* The table of all commands. */
#include "cli/commands.h"

const cli_command *const commands[] = {
    &edges_command,
    &gradient_command,
    &slope_command,
    &aspect_command,
    &hillshade_command,
    &terrain_command,
    &contour_command,
    &surface_command,
    &descent_command,
    &info_command,
    &merge_report_command,
    &help_command,
    NULL,
};
