/* SPDX-License-Identifier: MIT */
/* The commands, each defined in a cmd_*.c, and the table of them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const cli_command edges_command, gradient_command, slope_command, aspect_command,
    hillshade_command, terrain_command, contour_command, surface_command, descent_command,
    info_command, merge_report_command, help_command;

/* All commands, ended by NULL. The first one runs when the command line names none. */
extern const cli_command *const commands[];

#endif
