/* SPDX-License-Identifier: MIT */
/* Options of the command edges that say how edges are drawn. */
#include "cli/raster/edges_style.h"

#include <string.h>

static const cli_option style_options[] = {
    {.name = "invert",
     .type = OPTION_FLAG,
     .offset = offsetof(edges_settings, edges.style.invert),
     .help = "Black edges on white; missing pixels, which are no edges, are white"},
    {.name = "thickness",
     .type = OPTION_WHOLE,
     .offset = offsetof(edges_settings, edges.style.thickness),
     .metavar = "N",
     .help =
         "Width of the edges: a disc of N pixels replaces each edge pixel, 2 and 3 are squares. "
         "For an even N the disc reaches one pixel further right and down. Numbers of edge "
         "pixels, as in --json, are those of thin edges",
     .initial = "1",
     .unit = "pixels",
     .min = 1,
     .max = 31},
    {.name = "overlay",
     .type = OPTION_COLOUR,
     .offset = offsetof(edges_settings, overlay),
     .metavar = "COLOUR",
     .brief = {1, "Draw the edges in COLOUR over the image"},
     .help = "Edges in COLOUR over the image, in colours of 8 bits (PNG, JPEG, TIFF, PPM, PAM). "
             "COLOUR is a name (red, green, blue, yellow, magenta, cyan, orange, black, white, "
             "grey), #rgb or #rrggbb. INPUT is read twice; an image from a pipe is kept in "
             "memory as it is read, in grey with --colour grey"},
    {.name = "colourize",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, colourize),
     .metavar = "NAME",
     .help = "Colours of the edges, on black; INPUT is read as for --overlay",
     .initial = "none",
     .choices =
         (const cli_choice[]){
             {"none", EG_COLOURIZE_NONE, "White edges"},
             {"direction", EG_COLOURIZE_DIRECTION,
              "Hue: direction of the gradient, as edgegrad gradient --colourize; brightness: its "
              "strength, full at twice --high; at a quarter of it with --method boundary"},
             {NULL, 0, NULL}}},
    {.name = NULL},
};

const cli_group style_group = {"Appearance", style_options, sizeof(edges_settings)};

int edges_resolve_style(const cli_args *args, edges_settings *settings)
{
    eg_edge_style *style = &settings->edges.style;
    const bool overlay = option_given(args, "overlay");
    if (overlay && settings->colourize)
        return usage_error(args->command, "--overlay and --colourize cannot be used together");
    if (style->invert && (overlay || settings->colourize))
        return usage_error(args->command, "--invert and --%s cannot be used together",
                           overlay ? "overlay" : "colourize");
    if (overlay)
        style->paint = EG_PAINT_OVERLAY;
    if (settings->colourize)
        style->paint = EG_PAINT_DIRECTION;
    memcpy(style->colour, settings->overlay.value, sizeof style->colour);
    return EXIT_DONE;
}

eg_status edges_open_image(const raster_work *work, const raster_pass *pass, eg_edge_style *style,
                           eg_error *error)
{
    if (style->paint == EG_PAINT_MASK)
        return EG_OK;
    return raster_open_again(work, pass, style->paint == EG_PAINT_OVERLAY, &style->image, error);
}
