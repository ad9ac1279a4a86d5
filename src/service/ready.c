/* sd_notify(3), one function per message. A message that is lost costs nothing but a line in `systemctl status`, or a
 * restart by the watchdog; there is nobody to tell. */
#include "service/ready.h"

/* system */
#include <stdlib.h>
#include <time.h>

/* libraries */
#include <systemd/sd-daemon.h>

/* rundbrief */
#include "base/clock.h"

void ready_started(void)
{
    sd_notify(0, "READY=1");
}

void ready_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic());
}

void ready_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

void ready_status(const char *summary)
{
    sd_notifyf(0, "STATUS=%s", summary);
}

int64_t ready_watchdog_us(void)
{
    uint64_t interval = 0;
    return sd_watchdog_enabled(0, &interval) > 0 ? (int64_t)interval : 0;
}

void ready_alive(void)
{
    sd_notify(0, "WATCHDOG=1");
}

void ready_forget(void)
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_PID");
    unsetenv("WATCHDOG_USEC");
}
