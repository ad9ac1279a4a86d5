#!/bin/bash
# What a real Postfix reports, read from a real Dovecot: a full mailbox, a policy, a delay, an expired mail, an address beyond ASCII.
# Each ends as what it means for the address.
. "$(dirname "$0")/../tap.sh"
export MS_POSTFIX_EXTRA='delay_warning_time = 2s
maximal_queue_lifetime = 8s
bounce_queue_lifetime = 8s
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 2s
transport_maps = inline:{ {later.test=retry:4.4.1 mail system of later.test does not answer}, {eai.test=virtual:}, {news.test=virtual:}, {quota.test=error:5.2.2 mailbox is full}, {spam.test=error:5.7.1 message looks like spam} }'
start_mailstack
row() { rundbrief inbox list --json | json "next((r['$2'] for r in data if '$1' in r['recipients']), None)"; } # the latest about an address
rows() { rundbrief inbox list --json | json "' '.join(r['class'] for r in reversed(data) if '$1' in r['recipients'])"; }
has() { [ "$(row "$1" class)" = "$2" ]; }
suppressed() { rundbrief suppress check "$1" --json | json 'data["reason"]'; }
score() { rundbrief suppress check "$1" --json | json 'data["score"]'; }
send() { # number of the person, address
    python3 - "bounces+$("$BUILD/tests/fake/token" "$work/keys" d 1 "$1")@news.test" "$2" <<'P'
import os, smtplib, ssl, sys
sender, recipient = sys.argv[1:]
options = [] if recipient.isascii() else ["SMTPUTF8"]
with smtplib.SMTP("localhost", int(os.environ["MS_SMTP_PORT"]), timeout=60) as smtp:
    smtp.starttls(context=ssl.create_default_context(cafile=os.environ["MS_CA"]))
    smtp.login(os.environ["MS_SMTP_USER"], "s3cret")
    smtp.ehlo()
    smtp.sendmail(sender, [recipient], "From: news@news.test\r\nSubject: Radweg\r\n\r\nhello\r\n", mail_options=options)
P
}

plan 11
sed -i 's/poll_seconds = 30/poll_seconds = 1/' "$work/rundbrief.conf"
rundbrief init > /dev/null
rundbrief list add presse --title Presse --hold 0 > /dev/null
people=(a@quota.test a@spam.test a@later.test müller@eai.test)
for person in "${people[@]}"; do rundbrief subscriber add "$person" --list presse --ground test > /dev/null 2>&1; done
"$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" > "$work/inbox.log" 2>&1 &
role=$!
at_exit 'kill -TERM "$role" 2>/dev/null; wait "$role" 2>/dev/null'
for number in 1 2 3 4; do send "$number" "${people[number - 1]}"; done

ok "a full mailbox is a soft bounce" await 20 has a@quota.test bounce-soft
is "which is held against the address" "$(score a@quota.test)" 10
is "but does not suppress it" "$(suppressed a@quota.test)" None
ok "a policy is a soft bounce" await 10 has a@spam.test bounce-soft
is "which is not the address's fault" "$(score a@spam.test)" 0
ok "an address beyond ASCII is named in its report" await 10 has müller@eai.test bounce-hard
is "and suppressed" "$(suppressed müller@eai.test)" hard-bounce
ok "what expires is a soft bounce in the end" await 25 has a@later.test bounce-soft
is "a delay was told before" "$(rows a@later.test)" "bounce-other bounce-soft"
is "which was no failure" "$(rundbrief inbox list --class bounce-other --json | json 'data[0]["consequence"]')" "noted; not a failure"
is "so that it counts once" "$(score a@later.test)" 10
