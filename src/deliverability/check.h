#pragma once
/* Whether our mail arrives: everything that receivers look at, one file each. A check looks at the evidence and adds
 * remarks; some leave in it what later ones need. */
#include "deliverability/evidence.h"

/** All of them, in the order of the report. */
void check_deliverability(Evidence *evidence, Remarks *remarks);

void check_dkim(Evidence *evidence, Remarks *remarks);  /* is it signed, by whom, and is that true? */
void check_ip(Evidence *evidence, Remarks *remarks);    /* from where does mail leave the house? */
void check_spf(Evidence *evidence, Remarks *remarks);   /* may that address send our mail? */
void check_dmarc(Evidence *evidence, Remarks *remarks); /* does one of both speak for From? */
void check_host(Evidence *evidence, Remarks *remarks);  /* does that address have a name, and the name it? */
void check_tls(Evidence *evidence, Remarks *remarks);   /* can others read it on the way? */
void check_size(Evidence *evidence, Remarks *remarks);
void check_leave(Evidence *evidence, Remarks *remarks);   /* does leaving with one click work? */
void check_imprint(Evidence *evidence, Remarks *remarks); /* who is behind it? */
