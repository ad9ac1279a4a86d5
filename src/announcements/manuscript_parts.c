/* What a publisher, a meeting and a medium consist of. */
#include "announcements/manuscript_parts.h"

/* rundbrief */
#include "announcements/links.h"
#include "base/datetime.h"
#include "base/limits.h"

/* ---- publisher --------------------------------------------------------------------------------------------------- */

typedef struct PublisherNodes {
    const FrontNode *office, *person, *address, *phone, *fax, *web, *email;
} PublisherNodes;

#define FIELD(member) offsetof(PublisherNodes, member)
static const FrontField publisher_fields[] = {
    {{"office", "amt", "behörde", "stelle"}, FRONT_TEXT, FIELD(office), true},
    {{"person", "verantwortlich", "pressesprecher", "pressesprecherin"}, FRONT_TEXT, FIELD(person), true},
    {{"address", "anschrift", "adresse"}, FRONT_TEXT, FIELD(address), true},
    {{"phone", "telefon"}, FRONT_TEXT, FIELD(phone), true},
    {{"fax", "telefax"}, FRONT_TEXT, FIELD(fax), false},
    {{"web", "internet"}, FRONT_TEXT, FIELD(web), false},
    {{"email", "e_mail"}, FRONT_TEXT, FIELD(email), false},
    {{NULL}, 0, 0, false},
};
#undef FIELD

/* A line that a link must be possible to. */
static char *read_target(const FrontNode *node, const FrontPlace *place, char *(*link_to)(const char *, GError **))
{
    g_autoptr(GError) error = NULL;
    char *line = front_line(node, LIMIT_HEADER_VALUE_BYTES, place);
    if (!*line)
        return line;
    g_free(link_to(line, &error));
    if (error)
        problems_add(place->problems, place->file, node->line, "'%s': %s", node->key, error->message);
    return line;
}

void part_read_publisher(const FrontNode *node, const FrontPlace *place, Publisher *ret_publisher)
{
    PublisherNodes nodes = {0};
    if (node)
        front_fields_read(node, publisher_fields, place, &nodes);
    *ret_publisher = (Publisher){
        .office = front_line(nodes.office, LIMIT_HEADER_VALUE_BYTES, place),
        .person = front_line(nodes.person, LIMIT_HEADER_VALUE_BYTES, place),
        .address = front_line(nodes.address, LIMIT_HEADER_VALUE_BYTES, place),
        .phone = front_line(nodes.phone, LIMIT_HEADER_VALUE_BYTES, place),
        .fax = front_line(nodes.fax, LIMIT_HEADER_VALUE_BYTES, place),
        .web = read_target(nodes.web, place, link_to_web),
        .email = read_target(nodes.email, place, link_to_mail),
    };
}

/* ---- meeting ----------------------------------------------------------------------------------------------------- */

typedef struct MeetingNodes {
    const FrontNode *start, *end, *place, *topic, *registration;
} MeetingNodes;

#define FIELD(member) offsetof(MeetingNodes, member)
static const FrontField meeting_fields[] = {
    {{"start", "beginn", "von"}, FRONT_TEXT, FIELD(start), true},
    {{"end", "ende", "bis"}, FRONT_TEXT, FIELD(end), true},
    {{"place", "ort"}, FRONT_TEXT, FIELD(place), true},
    {{"topic", "thema"}, FRONT_TEXT, FIELD(topic), true},
    {{"registration", "anmeldung"}, FRONT_TEXT, FIELD(registration), false},
    {{NULL}, 0, 0, false},
};
#undef FIELD

int64_t part_read_time(const char *text, const char *zone, const FrontPlace *place, Problems *notes)
{
    g_autoptr(GError) error = NULL;
    int64_t at;
    bool twice;
    if (!datetime_parse(text, zone, &at, &twice, &error)) {
        problems_add(place->problems, place->file, place->line, "%s", error->message);
        return 0;
    }
    g_autofree char *note = twice ? datetime_twice_note(at, zone) : NULL;
    if (note)
        problems_add(notes, place->file, place->line, "%s", note);
    return at;
}

static int64_t read_time_of(const FrontNode *node, const char *text, const char *zone, const FrontPlace *place,
                            Problems *notes)
{
    FrontPlace here = *place;
    here.line = node->line;
    return part_read_time(text, zone, &here, notes);
}

/* "19:00" stands for that time on the day of start. Caller frees. */
static char *with_day_of(const char *end, const char *start)
{
    bool is_clock = strlen(end) == 5 && end[2] == ':' && strlen(start) > 11;
    return is_clock ? g_strdup_printf("%.11s%s", start, end) : g_strdup(end);
}

Meeting *part_read_meeting(const FrontNode *node, const char *zone, const FrontPlace *place, Problems *notes)
{
    MeetingNodes nodes = {0};
    front_fields_read(node, meeting_fields, place, &nodes);
    int64_t starts_at = 0, ends_at = 0;
    if (nodes.start)
        starts_at = read_time_of(nodes.start, nodes.start->text, zone, place, notes);
    if (nodes.start && nodes.end) {
        g_autofree char *end = with_day_of(nodes.end->text, nodes.start->text);
        ends_at = read_time_of(nodes.end, end, zone, place, notes);
    }
    if (starts_at && ends_at && ends_at <= starts_at)
        problems_add(place->problems, place->file, nodes.end->line, "the meeting ends before it has begun");
    Meeting *meeting = g_new0(Meeting, 1);
    meeting->uid = g_uuid_string_random();
    meeting->starts_at = starts_at;
    meeting->ends_at = ends_at;
    meeting->place = front_line(nodes.place, LIMIT_HEADER_VALUE_BYTES, place);
    meeting->topic = front_line(nodes.topic, LIMIT_HEADER_VALUE_BYTES, place);
    meeting->registration = front_block(nodes.registration, LIMIT_HEADER_VALUE_BYTES, place);
    return meeting;
}

/* ---- medium ------------------------------------------------------------------------------------------------------ */

typedef struct MediumNodes {
    const FrontNode *path, *caption, *alt, *credit, *licence, *attach;
} MediumNodes;

#define FIELD(member) offsetof(MediumNodes, member)
static const FrontField medium_fields[] = {
    {{"path", "datei", "file"}, FRONT_TEXT, FIELD(path), true},
    {{"caption", "bildunterschrift", "unterschrift", "titel"}, FRONT_TEXT, FIELD(caption), false},
    {{"alt", "alternativtext", "alt_text"}, FRONT_TEXT, FIELD(alt), true},
    {{"credit", "foto", "bildnachweis", "urheber"}, FRONT_TEXT, FIELD(credit), false},
    {{"licence", "license", "lizenz"}, FRONT_TEXT, FIELD(licence), false},
    {{"attach", "anhängen", "anhang"}, FRONT_TEXT, FIELD(attach), false},
    {{NULL}, 0, 0, false},
};
#undef FIELD

bool part_read_yes_or_no(const FrontNode *node, const FrontPlace *place)
{
    static const char *const yes[] = {"yes", "true", "ja", NULL}, *const no[] = {"no", "false", "nein", NULL};
    if (!node)
        return false;
    g_autofree char *word = g_ascii_strdown(node->text, -1);
    if (g_strv_contains(yes, word))
        return true;
    if (!g_strv_contains(no, word))
        problems_add(place->problems, place->file, node->line, "'%s' must be yes or no", node->key);
    return false;
}

bool part_read_medium(const FrontNode *node, const FrontPlace *place, MediumPart *ret_part)
{
    MediumNodes nodes = {0};
    if (node->shape != FRONT_MAP) {
        problems_add(place->problems, place->file, node->line,
                     "a medium is a group of lines: path, alt, caption, credit");
        return false;
    }
    front_fields_read(node, medium_fields, place, &nodes);
    *ret_part = (MediumPart){
        .path = front_line(nodes.path, LIMIT_HEADER_VALUE_BYTES, place),
        .caption = front_line(nodes.caption, LIMIT_HEADER_VALUE_BYTES, place),
        .alt = front_line(nodes.alt, LIMIT_HEADER_VALUE_BYTES, place),
        .credit = front_line(nodes.credit, LIMIT_HEADER_VALUE_BYTES, place),
        .licence = front_line(nodes.licence, LIMIT_HEADER_VALUE_BYTES, place),
        .attach = part_read_yes_or_no(nodes.attach, place),
        .attach_line = nodes.attach ? nodes.attach->line : node->line,
    };
    return *ret_part->path != '\0';
}

void medium_part_clear(MediumPart *part)
{
    g_free(part->path);
    g_free(part->caption);
    g_free(part->alt);
    g_free(part->credit);
    g_free(part->licence);
    *part = (MediumPart){0};
}
