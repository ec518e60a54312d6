/* SPDX-License-Identifier: MIT */
/*
 * VRTs: descriptions in XML of rasters made of others. GDAL would open whatever they name, with any
 * driver and from anywhere; here that must be regular files of known kinds, which may be VRTs
 * again.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_conv.h>
#include <cpl_minixml.h>

#include "io/gdal/gdal.h"

enum {
    VRTS_MOST = 256, /* that are read for one */
    NESTED_MOST = 16,
    DEPTH_MOST = 64 /* of elements in each other */
};

typedef struct checker {
    const eg_input *input;
    const eg_gdal_call *call;
    eg_error *error;
    int vrts;   /* read so far */
    int nested; /* inside so many others */
    char folder[PATH_MAX];
} checker;

static eg_status check_vrt(checker *c, const char *path);

static bool is_regular(const char *path, uint64_t most)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && (uint64_t)about.st_size <= most;
}

/* ---- what it names --------------------------------------------------------------------------- */

static eg_status check_file(checker *c, const char *name)
{
    const char *kind = is_regular(name, UINT64_MAX) ? eg_gdal_identify(name) : "";
    if (!kind)
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "is made of files of which one, %s, is of no kind that is read here",
                             name);
    if (*kind == '\0')
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "is made of files of which one, %s, is not there", name);
    return strcmp(kind, "VRT") == 0 ? check_vrt(c, name) : EG_OK;
}

static eg_status check_source(checker *c, const CPLXMLNode *node)
{
    char path[PATH_MAX];
    const char *name = CPLGetXMLValue(node, NULL, "");
    bool relative = strtol(CPLGetXMLValue(node, "relativeToVRT", "0"), NULL, 10) != 0;
    if (relative)
        name = CPLProjectRelativeFilename(c->folder, name);
    if (strlen(name) >= sizeof path)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "is made of files of which one has too long a name");
    memcpy(path, name, strlen(name) + 1); /* GDAL uses its memory again */
    return check_file(c, path);
}

/* ---- its elements ---------------------------------------------------------------------------- */

static eg_status check_text(const checker *c, const CPLXMLNode *node)
{
    const char *text = node->pszValue;
    if (strstr(text, "/vsi"))
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "names %s; of a VRT only plain files on this machine are read", text);
    if (strcmp(text, "VRTRawRasterBand") == 0)
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "is a VRT of raw bytes (%s), which is not read here", text);
    return EG_OK;
}

/* The node, those behind it and those in them. */
static eg_status check_nodes(checker *c, const CPLXMLNode *node, int depth)
{
    eg_status status = EG_OK;
    if (depth > DEPTH_MOST)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "is a VRT with more than %d elements in each other", DEPTH_MOST);
    for (; node && status == EG_OK; node = node->psNext) {
        bool source = node->eType == CXT_Element && (EQUAL(node->pszValue, "SourceFilename") ||
                                                     EQUAL(node->pszValue, "SourceDataset"));
        if (node->eType == CXT_Text)
            status = check_text(c, node);
        else if (node->psChild)
            status = check_nodes(c, node->psChild, depth + 1);
        if (source && status == EG_OK)
            status = check_source(c, node);
    }
    return status;
}

static eg_status read_vrt(checker *c, const char *path)
{
    if (!is_regular(path, c->input->ctx->config.max_chunk))
        return eg_input_fail(c->input, c->error, EG_LIMIT_EXCEEDED,
                             "needs a VRT of more than %zu bytes, which --max-chunk allows",
                             c->input->ctx->config.max_chunk);
    CPLXMLNode *tree = CPLParseXMLFile(path);
    if (!tree)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT, "is a damaged VRT: %s",
                             c->call->message);
    eg_status status = check_nodes(c, tree, 0);
    CPLDestroyXMLNode(tree);
    return status;
}

/* Names in it are relative to its own folder. */
static eg_status check_vrt(checker *c, const char *path)
{
    char outer[PATH_MAX];
    memcpy(outer, c->folder, sizeof outer);
    if (++c->vrts > VRTS_MOST || c->nested == NESTED_MOST)
        return eg_input_fail(c->input, c->error, EG_LIMIT_EXCEEDED,
                             "is a VRT made of itself, or of more VRTs than the %d, %d in each "
                             "other, that are read here",
                             VRTS_MOST, NESTED_MOST);
    if (!realpath(path, c->folder))
        return eg_input_fail(c->input, c->error, EG_FILE, "%s is no longer there", path);
    char *slash = strrchr(c->folder, '/');
    slash[slash == c->folder] = '\0';
    c->nested++;
    eg_status status = read_vrt(c, path);
    c->nested--;
    memcpy(c->folder, outer, sizeof outer);
    return status;
}

eg_status eg_gdal_check_vrt(const eg_input *input, const char *path, const eg_gdal_call *call,
                            eg_error *error)
{
    checker c = {.input = input, .call = call, .error = error};
    return check_vrt(&c, path);
}
