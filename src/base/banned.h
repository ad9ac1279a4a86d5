#pragma once
/* Functions this project does not use, turned into compile errors; every file includes this first (see Makefile).
 * Write g_strlcpy(), GString or g_snprintf() instead; for time, base/clock.h and base/datetime.h. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#undef sprintf
#undef vsprintf
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison gmtime localtime ctime asctime
