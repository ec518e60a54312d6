/* SPDX-License-Identifier: MIT */
/* Reads Greek letters and subscripts, and spells them in ASCII and in LaTeX. */
#include "expr/codegen/letters.h"

#include <stdio.h>
#include <string.h>

/* Greek letters by code point from U+0391 on; NULL in `latex`: LaTeX has the Latin letter only. */
static const struct {
    const char *name, *latex;
} capitals[] =
    {
        {"Alpha", "\\mathrm{A}"},   {"Beta", "\\mathrm{B}"},
        {"Gamma", "\\Gamma"},       {"Delta", "\\Delta"},
        {"Epsilon", "\\mathrm{E}"}, {"Zeta", "\\mathrm{Z}"},
        {"Eta", "\\mathrm{H}"},     {"Theta", "\\Theta"},
        {"Iota", "\\mathrm{I}"},    {"Kappa", "\\mathrm{K}"},
        {"Lambda", "\\Lambda"},     {"Mu", "\\mathrm{M}"},
        {"Nu", "\\mathrm{N}"},      {"Xi", "\\Xi"},
        {"Omicron", "\\mathrm{O}"}, {"Pi", "\\Pi"},
        {"Rho", "\\mathrm{P}"},     {NULL, NULL},
        {"Sigma", "\\Sigma"},       {"Tau", "\\mathrm{T}"},
        {"Upsilon", "\\Upsilon"},   {"Phi", "\\Phi"},
        {"Chi", "\\mathrm{X}"},     {"Psi", "\\Psi"},
        {"Omega", "\\Omega"},
},
  smalls[] = {
      /* from U+03B1 on */
      {"alpha", "\\alpha"},
      {"beta", "\\beta"},
      {"gamma", "\\gamma"},
      {"delta", "\\delta"},
      {"epsilon", "\\varepsilon"},
      {"zeta", "\\zeta"},
      {"eta", "\\eta"},
      {"theta", "\\theta"},
      {"iota", "\\iota"},
      {"kappa", "\\kappa"},
      {"lambda", "\\lambda"},
      {"mu", "\\mu"},
      {"nu", "\\nu"},
      {"xi", "\\xi"},
      {"omicron", "o"},
      {"pi", "\\pi"},
      {"rho", "\\rho"},
      {"varsigma", "\\varsigma"},
      {"sigma", "\\sigma"},
      {"tau", "\\tau"},
      {"upsilon", "\\upsilon"},
      {"phi", "\\varphi"},
      {"chi", "\\chi"},
      {"psi", "\\psi"},
      {"omega", "\\omega"},
};

/* Letters with a code point of their own. */
static const struct {
    unsigned code;
    const char *name, *latex;
} others[] = {
    {0xB5, "mu", "\\mu"},
    {0x3D1, "vartheta", "\\vartheta"},
    {0x3D5, "phi", "\\phi"},
    {0x3D6, "varpi", "\\varpi"},
    {0x3F0, "varkappa", "\\varkappa"},
    {0x3F1, "varrho", "\\varrho"},
    {0x3F5, "epsilon", "\\epsilon"},
};

enum { CAPITALS = sizeof capitals / sizeof *capitals, SMALLS = sizeof smalls / sizeof *smalls };
enum { OTHERS = sizeof others / sizeof *others };

static void set_greek(eg_letter *letter, const char *name, const char *latex)
{
    snprintf(letter->ascii, sizeof letter->ascii, "%s", name);
    letter->latex = latex;
    letter->greek = true;
}

/* Spells a letter of two bytes; one that has no name, such as an accented one, by its code. */
static void read_greek(eg_letter *letter, unsigned code)
{
    if (code >= 0x391 && code < 0x391 + CAPITALS && capitals[code - 0x391].name) {
        set_greek(letter, capitals[code - 0x391].name, capitals[code - 0x391].latex);
        return;
    }
    if (code >= 0x3B1 && code < 0x3B1 + SMALLS) {
        set_greek(letter, smalls[code - 0x3B1].name, smalls[code - 0x3B1].latex);
        return;
    }
    for (size_t i = 0; i < OTHERS; i++)
        if (others[i].code == code) {
            set_greek(letter, others[i].name, others[i].latex);
            return;
        }
    snprintf(letter->ascii, sizeof letter->ascii, "u%04X", code);
}

size_t eg_letter_read(eg_letter *letter, const char *s)
{
    static const char subscripts[] = "0123456789      aeox_hklmnpst"; /* from U+2080 on */
    const unsigned char *bytes = (const unsigned char *)s;
    *letter = (eg_letter){.latex = NULL};
    if (bytes[0] < 0x80) {
        letter->ascii[0] = s[0];
        return s[0] != 0;
    }
    if (bytes[0] < 0xE0) {
        read_greek(letter, (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu));
        return 2;
    }
    unsigned index = bytes[2] - 0x80u;
    letter->subscript = true;
    letter->ascii[0] = index < sizeof subscripts - 1 ? subscripts[index] : '_';
    return 3;
}

const char *eg_letter_command(const char *name, size_t length)
{
    for (size_t i = 0; i < SMALLS; i++)
        if (strlen(smalls[i].name) == length && memcmp(smalls[i].name, name, length) == 0)
            return smalls[i].latex;
    for (size_t i = 0; i < CAPITALS; i++)
        if (capitals[i].name && strlen(capitals[i].name) == length &&
            memcmp(capitals[i].name, name, length) == 0)
            return capitals[i].latex;
    for (size_t i = 0; i < OTHERS; i++)
        if (strlen(others[i].name) == length && memcmp(others[i].name, name, length) == 0)
            return others[i].latex;
    return NULL;
}
