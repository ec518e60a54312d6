/* SPDX-License-Identifier: MIT */
/*
 * Reads scale, offset and vertical unit of a band from GDAL's metadata, XML such as
 *     <GDALMetadata>
 *       <Item name="UNITTYPE" sample="0" role="unittype">m</Item>
 *     </GDALMetadata>
 * Elements other than Item and roles other than these are ignored.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/decimal.h"
#include "io/tiff/tiff_read.h"
#include "io/xml.h"

/* Applies an item of the band; an item without a sample number belongs to all bands. */
static void read_item(void *opaque, const eg_xml_element elements[], size_t depth)
{
    eg_tiff_metadata *metadata = opaque;
    const eg_xml_element *item = &elements[depth - 1];
    const char *role = eg_xml_attribute(item, "role"), *sample = eg_xml_attribute(item, "sample");
    double number = 0, index = 0;
    if (strcmp(item->name, "Item") != 0 || !role)
        return;
    if (sample && !(eg_decimal_only(sample, strlen(sample), &index) && index == metadata->band))
        return;
    bool valid = eg_decimal_only(item->text, strlen(item->text), &number) && isfinite(number);
    bool scale = strcmp(role, "scale") == 0, offset = strcmp(role, "offset") == 0;
    if (scale && valid && number != 0)
        metadata->scale = number;
    else if (offset && valid)
        metadata->offset = number;
    else if (scale || offset)
        metadata->invalid = true;
    else if (strcmp(role, "unittype") == 0)
        snprintf(metadata->unit, sizeof metadata->unit, "%s", item->text);
}

void eg_tiff_metadata_read(eg_tiff_metadata *metadata, char *xml, size_t size)
{
    eg_xml_parse(xml, size, read_item, metadata);
}
