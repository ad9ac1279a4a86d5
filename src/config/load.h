#pragma once
/* rundbrief.conf (libconfig) -> Settings. */
#include "base/problems.h"
#include "config/settings.h"

/** Reads and checks a configuration file. On any mistake returns NULL and adds every one to problems. */
Settings *settings_load(const char *path, Problems *problems);
