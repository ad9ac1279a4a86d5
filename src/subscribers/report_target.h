#pragma once
/* Whom a report, or a complaint, is about: the person whose token it carries, or the one whose address it names. */
#include <stdbool.h>
#include <stdint.h>

#include "model/delivery.h"
#include "model/finding.h"
#include "store/db.h"

typedef struct ReportTarget {
    int64_t subscriber_id; /* 0: nobody that we know */
    bool has_delivery;
    DeliveryKey delivery; /* by the token, or the latest */
    int64_t single_id;    /* the single mail that the token names; 0: none */
    bool is_uncertain;    /* the mail that the token names: nobody knew whether the relay took it */
} ReportTarget;

/** By the finding's token, which it must have. */
bool report_target_by_token(Db *db, const Finding *finding, ReportTarget *ret, GError **error);

/** By a folded address: somebody whom the quoted token names too, or who has a delivery since then. */
bool report_target_by_address(Db *db, const Finding *finding, const char *key, int64_t since, ReportTarget *ret,
                              GError **error);
