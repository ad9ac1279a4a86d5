#pragma once
/* What a role tells systemd (sd_notify(3)). Without systemd every call does nothing. */
#include <stdint.h>

void ready_started(void);
void ready_reloading(void);
void ready_stopping(void);

/** One sentence for `systemctl status`. */
void ready_status(const char *summary);

/** How long systemd waits for a sign of life, 0: it does not. */
int64_t ready_watchdog_us(void);
void ready_alive(void);

/** For the supervisor's children: they do not speak to systemd themselves. */
void ready_forget(void);
