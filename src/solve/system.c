/* SPDX-License-Identifier: MIT */
/* Enclosures of the equations of a system and of their derivatives. */
#include "solve/system.h"

#include <string.h>

void eg_system_box(const eg_system *system, const eg_interval x[], eg_interval box[])
{
    memcpy(box, system->fixed, system->variables * sizeof *box);
    for (size_t i = 0; i < system->n; i++)
        box[system->unknown[i]] = x[i];
}

static eg_domain lesser(eg_domain a, eg_domain b)
{
    return a < b ? a : b;
}

eg_domain eg_system_values(eg_system *system, const eg_interval x[], eg_interval values[],
                           eg_interval *value)
{
    eg_interval box[EG_UNKNOWNS];
    eg_domain domain = EG_DOMAIN_CONTINUOUS;
    eg_system_box(system, x, box);
    if (system->partials)
        domain = eg_enclose_gradient(system->function, box, system->axis, system->partials, value,
                                     values);
    for (size_t i = system->partials; i < system->n; i++)
        domain = lesser(domain,
                        eg_enclose_value(system->equations[i - system->partials], box, &values[i]));
    return domain;
}

eg_domain eg_system_jacobian(eg_system *system, const eg_interval x[], eg_interval jacobian[])
{
    eg_interval box[EG_UNKNOWNS];
    size_t n = system->n;
    eg_domain domain = EG_DOMAIN_CONTINUOUS;
    eg_system_box(system, x, box);
    if (system->partials)
        domain = eg_enclose_hessian(system->function, box, system->axis, system->partials,
                                    system->unknown, n, jacobian);
    for (size_t i = system->partials; i < n; i++)
        domain = lesser(domain, eg_enclose_gradient(system->equations[i - system->partials], box,
                                                    system->unknown, n, NULL, jacobian + i * n));
    return domain;
}

bool eg_system_is_refuted(eg_system *system, const eg_interval x[])
{
    eg_interval box[EG_UNKNOWNS], value;
    eg_system_box(system, x, box);
    for (size_t i = 0; system->derivatives && i < system->partials; i++) {
        eg_enclose_value(&system->derivatives[system->axis[i]], box, &value);
        if (value.low > 0 || value.high < 0)
            return true;
    }
    return false;
}

void eg_system_remove(eg_system *system, size_t unknown, size_t equation, eg_interval value)
{
    size_t n = system->n, p = system->partials;
    system->fixed[system->unknown[unknown]] = value;
    for (size_t i = unknown; i + 1 < n; i++)
        system->unknown[i] = system->unknown[i + 1];
    if (equation < p) {
        for (size_t i = equation; i + 1 < p; i++)
            system->axis[i] = system->axis[i + 1];
        system->partials--;
    } else {
        for (size_t i = equation - p; i + 1 < n - p; i++)
            system->equations[i] = system->equations[i + 1];
    }
    system->n--;
}
