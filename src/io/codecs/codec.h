/* SPDX-License-Identifier: MIT */
/* The codecs of blocks of memory. */
#ifndef EG_IO_CODECS_CODEC_H
#define EG_IO_CODECS_CODEC_H

#include "core/context.h"

typedef enum eg_codec {
    EG_CODEC_NONE,     /* decoder only: bytes as they are */
    EG_CODEC_PACKBITS, /* decoder only (TIFF 6.0, section 9) */
    EG_CODEC_DEFLATE,  /* zlib's format (RFC 1950) */
    EG_CODEC_LZW,      /* TIFF's variant (TIFF 6.0, section 13) */
    EG_CODEC_ZSTD,
    EG_CODEC_LZMA /* decoder only: .xz streams */
} eg_codec;

/* Returns true if the codec's library is there. */
bool eg_codec_available(eg_codec codec);

#endif
