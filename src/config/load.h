#pragma once
/* rundbrief.conf (libconfig) -> Settings. */
#include "base/problems.h"
#include "config/settings.h"

/** Reads and checks a configuration file. On any mistake returns NULL and adds every one to problems. */
Settings *settings_load(const char *path, Problems *problems);

/** The same for a text that stands for the file of that name (@include looks in its folder). */
Settings *settings_parse(const char *text, const char *file, Problems *problems);
