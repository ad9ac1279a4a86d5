#pragma once
/* Looks whether a database is whole: the engine's own checks, and what our tables promise each other. */
#include "store/db.h"

/** Appends a sentence to findings (an array that frees char *) for everything that is wrong. False and error only when
 * the look itself failed. Changes nothing. */
bool check_database(Db *db, GPtrArray *findings, GError **error);
