#pragma once
/* What a setting is: one row each in settings_table.c. The loader, `rundbrief config check`, `config explain`, the
 * sample file, docs/settings.md and rundbrief.conf(5) are all made from these rows, so they cannot disagree. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    SETTING_TEXT,           /* one line */
    SETTING_NAME,           /* a short word for logs and tables */
    SETTING_ADDRESS,        /* a mail address */
    SETTING_TAGGED_ADDRESS, /* one that we write as LOCAL+TOKEN@DOMAIN */
    SETTING_URL,
    SETTING_ZONE,
    SETTING_CLOCK, /* a time of day */
    SETTING_LANGUAGE,
    SETTING_HOST,
    SETTING_IP,
    SETTING_DOMAIN,
    SETTING_PATH,
    SETTING_SECRET, /* a file, or a systemd credential; never the secret itself */
    SETTING_WORD,   /* one of a few; the field is an enum */
    SETTING_NUMBER, /* the field is an int64_t */
    SETTING_YES_NO, /* the field is a bool */
} SettingType;

typedef struct SettingWord {
    const char *word; /* NULL ends the list */
    int value;
    const char *meaning;
} SettingWord;

typedef struct Setting {
    const char *name; /* as in the file and in the struct; NULL ends a group */
    SettingType type;
    gsize offset; /* of the field in the group's struct */
    bool required;
    bool usual;           /* not required, but most need it: the sample file has it as no comment */
    const char *fallback; /* default of a text; NULL: empty, "not set" */
    int64_t number;       /* default of a number, a word (its value), a yes or no */
    int64_t min, max;     /* of a number */
    const char *unit;     /* of a number: "seconds" */
    const SettingWord *words;
    const char *example; /* for the sample file, where there is no default */
    const char *help;    /* sentences */
} Setting;

typedef struct SettingGroup {
    const char *name; /* NULL ends the table */
    const Setting *settings;
    gsize offset;  /* in Settings: of the group's struct, or of the GPtrArray * of a list */
    gsize size;    /* of one element of a list; 0: the group is no list */
    bool required; /* of a list: at least one element */
    bool spare;    /* few need it: the sample file has it as a comment */
    const char *help;
} SettingGroup;

extern const SettingGroup setting_groups[];

/** NULL when there is none. */
const SettingGroup *setting_group_find(const char *name);
const Setting *setting_find(const SettingGroup *group, const char *name);

/** The field of a setting inside its group's struct. */
#define SETTING_FIELD(type, base, setting) ((type *)((char *)(base) + (setting)->offset))

/** True for types whose field is a char *. */
bool setting_is_text(const Setting *setting);

/** The word of a value; the rows know every value there is. */
const char *setting_word(const Setting *setting, int value);
