#pragma once
/* The groups within the head of an announcement file: publisher, meeting, medium; and a time. Each function tells all
 * mistakes to place->problems and leaves no string unset. */
#include <stdbool.h>

#include "announcements/front_fields.h"
#include "model/announcement.h"

/** node may be NULL (its absence was told already): then every part is empty. */
void part_read_publisher(const FrontNode *node, const FrontPlace *place, Publisher *ret_publisher);

/** end may be a clock time alone, "19:00", on the day of start. NULL when the times cannot be read. */
Meeting *part_read_meeting(const FrontNode *node, const char *zone, const FrontPlace *place, Problems *notes);

typedef struct MediumPart {
    char *path;
    char *caption;
    char *alt;
    char *credit;
    char *licence;
    bool attach;
    unsigned attach_line; /* where that is said */
} MediumPart;

/** False when it names no file. */
bool part_read_medium(const FrontNode *node, const FrontPlace *place, MediumPart *ret_part);
void medium_part_clear(MediumPart *part);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MediumPart, medium_part_clear)

/** True for yes, in English or German; false for no, and for NULL. */
bool part_read_yes_or_no(const FrontNode *node, const FrontPlace *place);

/** Local time of the zone as an instant; 0 after a mistake. A time that comes twice is told in notes. */
int64_t part_read_time(const char *text, const char *zone, const FrontPlace *place, Problems *notes);
