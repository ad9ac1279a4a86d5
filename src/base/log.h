#pragma once
/* Structured log: one name per event, fields beside the sentence. Goes to journald when stderr is connected to it,
 * else to stderr as text. Library code (everything below service/ and cli/) returns errors and calls only
 * log_debug(); each failure is logged once, by the program that decides what to do about it.
 * Never log secrets; addresses only at debug level. */
#include <glib.h>
#include <stdint.h>

typedef enum {
    LOG_LEVEL_ERROR = 3, /* syslog's numbers */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
} LogLevel;

typedef struct LogField {
    const char *name; /* lower case with underscores, "relay"; NULL ends the list */
    const char *text; /* NULL: the number counts */
    int64_t number;
} LogField;

#define LOG_TEXT(field, value)   ((LogField){.name = (field), .text = (value)})
#define LOG_NUMBER(field, value) ((LogField){.name = (field), .number = (value)})
#define LOG_FIELDS(...)          ((const LogField[]){__VA_ARGS__, {.name = NULL}})

/** Sets what is said and by whom; role appears in each line ("send"). Call once at start and again after a reload. */
void log_configure(const char *role, LogLevel level);

/** Says one event. fields may be NULL. The sentence is for people, needs no trailing newline. */
void log_event(LogLevel level, const char *event, const LogField *fields, const char *format, ...) G_GNUC_PRINTF(4, 5);

/** For developers; nobody else reads it. Costs nothing when debug is off. */
void log_debug(const char *format, ...) G_GNUC_PRINTF(1, 2);
