# SPDX-License-Identifier: MIT
"""Compares a picture that a command made with the one that a document shows."""

import struct
import zlib

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Share of bytes that may differ in pictures that depend on the system. With another font 1 to 3 percent do.
SYSTEM_SHARE = 0.04


def picture_difference(kept, made, is_rough=False):
    """Returns how the picture in the file `made` differs from that in `kept`, '' if it does not. A rough
    comparison accepts what another font, or another version of another program, may change."""
    kept_bytes, made_bytes = kept.read_bytes(), made.read_bytes()
    if kept_bytes == made_bytes:
        return ""
    if not kept_bytes.startswith(b"\x89PNG"):
        return "" if is_rough else "another content"
    kept_head, kept_rows = read_png(kept_bytes)
    made_head, made_rows = read_png(made_bytes)
    if kept_head != made_head:
        return f"{describe(kept_head)}, the command makes {describe(made_head)}"
    if kept_rows == made_rows:
        return ""
    return differing_samples(unfiltered(kept_head, kept_rows), unfiltered(made_head, made_rows), is_rough)


def differing_samples(kept, made, is_rough):
    differ = sum(a != b for a, b in zip(kept, made))
    if differ <= len(kept) * (SYSTEM_SHARE if is_rough else 0):
        return ""
    return f"{differ} of {len(kept)} bytes of its pixels are others"


def describe(head):
    return f"{head[0]} x {head[1]} pixels of {head[2]} bits and colour type {head[3]}"


def read_png(data):
    """Returns (width, height, bits, colour type, palette) and the decompressed rows with their filters."""
    head, palette, packed = None, b"", []
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            head = struct.unpack(">IIBB", chunk[:10])
        elif kind == b"PLTE":
            palette = chunk
        elif kind == b"IDAT":
            packed.append(chunk)
        at += size + 12
    return (*head, palette), zlib.decompress(b"".join(packed))


def unfiltered(head, rows):
    """Returns the samples of the rows of a PNG as stored, without filters (PNG specification, section 9)."""
    width, height, bits, kind, _ = head
    step = max(1, CHANNELS[kind] * bits // 8)
    length = (width * CHANNELS[kind] * bits + 7) // 8
    above = bytearray(length)
    samples = bytearray()
    for y in range(height):
        start = y * (length + 1)
        above = unfilter(rows[start], bytearray(rows[start + 1 : start + 1 + length]), above, step)
        samples += above
    return samples


def unfilter(kind, row, above, step):
    if kind == 0:
        return row
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(row, above))
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        up = above[i]
        if kind == 1:
            row[i] = (value + left) & 255
        elif kind == 3:
            row[i] = (value + (left + up) // 2) & 255
        else:
            row[i] = (value + paeth(left, up, above[i - step] if i >= step else 0)) & 255
    return row


def paeth(left, up, corner):
    guess = left + up - corner
    distance = abs(guess - left), abs(guess - up), abs(guess - corner)
    if distance[0] <= distance[1] and distance[0] <= distance[2]:
        return left
    return up if distance[1] <= distance[2] else corner
