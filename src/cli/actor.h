#pragma once
/* Who sits at the terminal, for audit rows and consent records. */

/** "cli:LOGIN"; behind sudo the login that called it. Caller frees. */
char *actor_name(void);
