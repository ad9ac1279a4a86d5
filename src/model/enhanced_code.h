#pragma once
/* Enhanced status codes of mail systems, RFC 3463: "5.1.1". Pure. */

#define ENHANCED_CODE_SIZE 16

/** Finds the first code in a text: class.1-3 digits.1-3 digits, not part of a longer number. classes: those that are
 * looked for, "245" or some of them. Returns where it begins, or NULL with ret as it was. */
const char *enhanced_code_find(const char *text, const char *classes, char ret[static ENHANCED_CODE_SIZE]);
