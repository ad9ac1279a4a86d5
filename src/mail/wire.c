/* Looking at bytes, many at once: every byte that leaves us was looked at here. */
#include "mail/wire.h"

/* What is wrong with a byte, seen beside the one before it: LF behind anything but CR, anything but LF behind CR, a dot
 * behind LF, NUL. For two bytes (0: nothing), and for two vectors of them. */
#define FAULTS(before, now)                                                                                            \
    ((((now) == '\n') ^ ((before) == '\r')) | (((before) == '\n') & ((now) == '.')) | ((now) == '\0'))

/* As many as every processor compares at once; a comparison makes each of them all ones or none. */
typedef char Bytes __attribute__((vector_size(16)));

typedef struct Seen {
    Bytes faults, bits;
} Seen;

static inline void see(Seen *seen, const char *at)
{
    Bytes before, now;
    memcpy(&before, at - 1, sizeof before);
    memcpy(&now, at, sizeof now);
    seen->faults |= (Bytes)FAULTS(before, now);
    seen->bits |= now;
}

static char all_of(Bytes bytes)
{
    char all = 0;
    for (gsize i = 0; i < sizeof bytes; i++)
        all |= bytes[i];
    return all;
}

/* From the second byte on; there are enough for a vector. */
static void look_at_many(WireLook *look, const char *bytes)
{
    Seen seen = {0};
    const char *last = bytes + look->length - sizeof(Bytes);
    for (const char *at = bytes + 1; at < last; at += sizeof(Bytes))
        see(&seen, at);
    see(&seen, last); /* some of them a second time */
    look->has_faults |= all_of(seen.faults) != 0;
    look->has_eight_bits |= (all_of(seen.bits) & 0x80) != 0;
}

static void look_at_few(WireLook *look, const char *bytes)
{
    for (gsize i = 1; i < look->length; i++) {
        look->has_faults |= FAULTS(bytes[i - 1], bytes[i]);
        look->has_eight_bits |= (bytes[i] & 0x80) != 0;
    }
}

WireLook wire_look(const char *bytes, gsize length)
{
    if (length == 0)
        return (WireLook){0};
    WireLook look = {.length = length, .first = bytes[0], .last = bytes[length - 1]};
    look.has_faults = look.first == '\0';
    look.has_eight_bits = (look.first & 0x80) != 0;
    (length > sizeof(Bytes) ? look_at_many : look_at_few)(&look, bytes);
    return look;
}

void wire_join(WireLook *look, const WireLook *behind)
{
    if (behind->length == 0)
        return;
    if (look->length == 0)
        look->first = behind->first;
    else
        look->has_faults |= FAULTS(look->last, behind->first);
    look->has_faults |= behind->has_faults;
    look->has_eight_bits |= behind->has_eight_bits;
    look->length += behind->length;
    look->last = behind->last;
}

bool wire_is_fit(const WireLook *message)
{
    return message->length > 0 && !message->has_faults && message->first != '.' && message->first != '\n' &&
           message->last == '\n';
}
