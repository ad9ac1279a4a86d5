#pragma once
/* The type of a file by its content: what it is called proves nothing. Pure. */
#include <glib.h>

/** "image/jpeg", "application/pdf" …; NULL for what may not be offered. */
const char *media_type_of(const void *bytes, gsize length);
