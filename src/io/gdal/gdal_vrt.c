/* SPDX-License-Identifier: MIT */
/*
 * Checks VRTs: XML descriptions of rasters composed of other rasters. GDAL would open whatever they
 * refer to, including URLs; here every source must be a regular file of a known format, or a VRT
 * that passes the same check.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_conv.h>
#include <cpl_minixml.h>

#include "io/gdal/gdal.h"

enum {
    MAX_VRTS = 256,    /* VRTs read for one input */
    MAX_NESTING = 16,  /* VRTs inside VRTs */
    MAX_XML_DEPTH = 64 /* nested XML elements */
};

typedef struct checker {
    const eg_input *input;
    const eg_gdal_call *call;
    eg_error *error;
    int vrts;              /* VRTs read so far */
    int nesting;           /* depth of the current VRT; the input's is 1 */
    char folder[PATH_MAX]; /* absolute path of the current VRT's folder */
} checker;

static eg_status check_vrt(checker *c, const char *path);

static bool is_regular(const char *path, uint64_t most)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && (uint64_t)about.st_size <= most;
}

/* ---- sources --------------------------------------------------------------------------------- */

/* Checks a source file by its path. */
static eg_status check_file(checker *c, const char *name)
{
    const char *kind = is_regular(name, UINT64_MAX) ? eg_gdal_identify(name) : "";
    if (!kind)
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "its source %s is not in a supported format", name);
    if (*kind == '\0')
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "its source %s is missing or not a regular file", name);
    return strcmp(kind, "VRT") == 0 ? check_vrt(c, name) : EG_OK;
}

/* Checks the file that a SourceFilename or SourceDataset element refers to. */
static eg_status check_source(checker *c, const CPLXMLNode *node)
{
    char path[PATH_MAX];
    const char *name = CPLGetXMLValue(node, NULL, "");
    bool relative = strtol(CPLGetXMLValue(node, "relativeToVRT", "0"), NULL, 10) != 0;
    if (relative)
        name = CPLProjectRelativeFilename(c->folder, name);
    if (strlen(name) >= sizeof path)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "the path of one of its sources is too long");
    memcpy(path, name, strlen(name) + 1); /* GDAL reuses its buffer */
    return check_file(c, path);
}

/* ---- elements -------------------------------------------------------------------------------- */

/* Checks a text or attribute value for virtual file systems (/vsi...) and raw bands. */
static eg_status check_text(const checker *c, const CPLXMLNode *node)
{
    const char *text = node->pszValue;
    if (strstr(text, "/vsi"))
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "refers to %s; the sources of a VRT must be local files", text);
    if (strcmp(text, "VRTRawRasterBand") == 0)
        return eg_input_fail(c->input, c->error, EG_UNSUPPORTED,
                             "is a VRT of raw bytes (%s), which is not supported", text);
    return EG_OK;
}

/* Checks a node, its following siblings and their descendants. */
static eg_status check_nodes(checker *c, const CPLXMLNode *node, int depth)
{
    eg_status status = EG_OK;
    if (depth > MAX_XML_DEPTH)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT,
                             "is a VRT with more than %d nested elements", MAX_XML_DEPTH);
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
                             "needs a VRT larger than the %zu bytes allowed by --max-chunk",
                             c->input->ctx->config.max_chunk);
    CPLXMLNode *tree = CPLParseXMLFile(path);
    if (!tree)
        return eg_input_fail(c->input, c->error, EG_BAD_INPUT, "is a damaged VRT: %s",
                             c->call->message);
    eg_status status = check_nodes(c, tree, 0);
    CPLDestroyXMLNode(tree);
    return status;
}

/* Checks a VRT and its sources. Relative paths in it start at its own folder. */
static eg_status check_vrt(checker *c, const char *path)
{
    char outer[PATH_MAX];
    memcpy(outer, c->folder, sizeof outer);
    if (++c->vrts > MAX_VRTS || c->nesting == MAX_NESTING)
        return eg_input_fail(c->input, c->error, EG_LIMIT_EXCEEDED,
                             "is a VRT that contains itself, or more than %d VRTs or %d levels",
                             MAX_VRTS, MAX_NESTING);
    if (!realpath(path, c->folder))
        return eg_input_fail(c->input, c->error, EG_FILE, "%s has disappeared", path);
    char *slash = strrchr(c->folder, '/');
    slash[slash == c->folder] = '\0';
    c->nesting++;
    eg_status status = read_vrt(c, path);
    c->nesting--;
    memcpy(c->folder, outer, sizeof outer);
    return status;
}

eg_status eg_gdal_check_vrt(const eg_input *input, const char *path, const eg_gdal_call *call,
                            eg_error *error)
{
    checker c = {.input = input, .call = call, .error = error};
    return check_vrt(&c, path);
}
