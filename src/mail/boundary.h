#pragma once
/* libetpan's boundary reader, replaced (see boundary.c). */

/** Aborts unless libetpan's calls reach our replacement: without it one mail could end the process. Cheap; call before
 * parsing. */
void boundary_require(void);
