#pragma once
/* Fills templates, wholly or in part.
 *
 * Partial evaluation: some names are personal, their values (texts) not known yet. template_reduce() resolves
 * everything else and leaves a flat program: bytes that are ready, slots for personal values, and parts that depend on
 * a personal value being empty or not. Filling it gives what template_render() would give with all data at once.
 * Personal names are members of the outermost data, in front of what it holds under the same name. */
#include "template/escape.h"
#include "template/mustache.h"
#include "template/partials.h"
#include "template/residual.h"
#include "template/view.h"

/** Appends the template filled with data. partials may be NULL. An error names file and line; out is then as it was. */
bool template_render(const Template *template, const View *data, Partials *partials, Escape escape, GString *out,
                     GError **error);

/** personal: names, NULL-terminated. */
Residual *template_reduce(const Template *template, const View *data, const char *const personal[], Partials *partials,
                          Escape escape, GError **error);
