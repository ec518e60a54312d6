/* SPDX-License-Identifier: MIT */
/* Reading the orientation from an EXIF block, which is a TIFF structure (EXIF 2.32, 4.6.4). */
#include "io/io.h"

enum { HEADER = 8, ENTRY = 12, TAG_ORIENTATION = 0x0112 };
enum { TYPE_BYTE = 1, TYPE_SHORT = 3, TYPE_LONG = 4 };

typedef struct tiff {
    const uint8_t *bytes;
    size_t size;
    bool big_endian;
} tiff;

/* Returns the unsigned integer of `count` bytes at offset `at`, which must be inside the block. */
static uint32_t read_uint(const tiff *t, size_t at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | t->bytes[at + (t->big_endian ? i : count - 1 - i)];
    return value;
}

/* Checks the header and sets the byte order. */
static bool open_tiff(tiff *t, const uint8_t *bytes, size_t size)
{
    *t = (tiff){bytes, size, false};
    if (size < HEADER || bytes[0] != bytes[1] || (bytes[0] != 'I' && bytes[0] != 'M'))
        return false;
    t->big_endian = bytes[0] == 'M';
    return read_uint(t, 2, 2) == 42;
}

/* Returns the value of the directory entry at offset `at`: a SHORT in the standard, a BYTE or LONG
 * by some writers; 0 for other types. */
static uint32_t entry_value(const tiff *t, size_t at)
{
    static const uint8_t type_bytes[] = {[TYPE_BYTE] = 1, [TYPE_SHORT] = 2, [TYPE_LONG] = 4};
    uint32_t type = read_uint(t, at + 2, 2);
    if (type >= sizeof type_bytes || read_uint(t, at + 4, 4) == 0)
        return 0;
    return read_uint(t, at + 8, type_bytes[type]);
}

int eg_exif_orientation(const uint8_t *bytes, size_t size)
{
    tiff t;
    if (!open_tiff(&t, bytes, size))
        return 1;
    size_t directory = read_uint(&t, 4, 4);
    if (directory > size - 2)
        return 1;
    size_t entries = read_uint(&t, directory, 2);
    size_t max_entries = (size - directory - 2) / ENTRY;
    for (size_t i = 0; i < entries && i < max_entries; i++) {
        size_t at = directory + 2 + i * ENTRY;
        if (read_uint(&t, at, 2) != TAG_ORIENTATION)
            continue;
        uint32_t value = entry_value(&t, at);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
