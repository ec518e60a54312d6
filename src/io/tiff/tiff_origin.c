/* SPDX-License-Identifier: MIT */
/* Tells whether edgegrad wrote a TIFF: reads the tag Software of its first directory. */
#include <string.h>

#include "io/tiff/tiff_open.h"

enum {
    TAG_SOFTWARE = 305,
    TYPE_ASCII = 2,
    ENTRIES_MAX = 4096, /* entries looked at; tags are sorted, so that few have a smaller number */
    ENTRY_SIZE = 20     /* bytes of a BigTIFF entry, the larger ones */
};

typedef struct tiff_layout {
    bool swapped, big; /* big-endian; BigTIFF */
} tiff_layout;

/* Returns an unsigned integer of `size` bytes in the byte order of the file. */
static uint64_t get(const tiff_layout *layout, const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[layout->swapped ? i : size - 1 - i];
    return value;
}

/* Returns true if a text begins with the name of the program, alone or before a version. */
static bool names_edgegrad(const char text[sizeof EG_SOFTWARE])
{
    const size_t length = sizeof EG_SOFTWARE - 1;
    return memcmp(text, EG_SOFTWARE, length) == 0 && (text[length] == ' ' || text[length] == '\0');
}

/* Checks the entry of the tag Software: its text, or where that is. */
static bool entry_names_edgegrad(const eg_file_head *head, const tiff_layout *layout,
                                 const uint8_t *entry)
{
    char text[sizeof EG_SOFTWARE] = "";
    const size_t word = layout->big ? 8 : 4;
    const uint8_t *value = entry + 4 + word;
    uint64_t count = get(layout, entry + 4, word);
    size_t size = count < sizeof text ? (size_t)count : sizeof text;
    if (get(layout, entry + 2, 2) != TYPE_ASCII)
        return false;
    if (count <= word)
        memcpy(text, value, size);
    else if (!eg_file_head_read(head, get(layout, value, word), text, size))
        return false;
    return names_edgegrad(text);
}

static bool directory_names_edgegrad(const eg_file_head *head, const tiff_layout *layout,
                                     uint64_t at)
{
    uint8_t bytes[ENTRY_SIZE];
    const size_t counter = layout->big ? 8 : 2, entry_size = layout->big ? ENTRY_SIZE : 12;
    if (!eg_file_head_read(head, at, bytes, counter))
        return false;
    uint64_t count = get(layout, bytes, counter);
    at += counter;
    for (uint64_t i = 0; i < count && i < ENTRIES_MAX; i++, at += entry_size) {
        if (!eg_file_head_read(head, at, bytes, entry_size))
            return false;
        uint64_t tag = get(layout, bytes, 2);
        if (tag >= TAG_SOFTWARE)
            return tag == TAG_SOFTWARE && entry_names_edgegrad(head, layout, bytes);
    }
    return false;
}

eg_origin eg_tiff_origin(const eg_file_head *head)
{
    bool little = eg_file_head_begins(head, "II"), swapped = eg_file_head_begins(head, "MM");
    tiff_layout layout = {.swapped = swapped};
    if ((!little && !swapped) || head->count < 16)
        return EG_ORIGIN_OTHER;
    uint64_t version = get(&layout, head->bytes + 2, 2);
    layout.big = version == 43;
    if (version != 42 && version != 43)
        return EG_ORIGIN_OTHER;
    uint64_t first = get(&layout, head->bytes + (layout.big ? 8 : 4), layout.big ? 8 : 4);
    return directory_names_edgegrad(head, &layout, first) ? EG_ORIGIN_EDGEGRAD : EG_ORIGIN_OTHER;
}
