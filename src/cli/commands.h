/* SPDX-License-Identifier: MIT */
/* The commands, one cmd_*.c each; commands.c lists them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const cli_command edges_command, gradient_command, slope_command, aspect_command,
    hillshade_command, terrain_command, surface_command, descent_command, info_command,
    merge_report_command, help_command;

#endif
