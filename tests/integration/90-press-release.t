#!/bin/bash
# The real press release ($PRESS_RELEASE, the plain text of a county's page) as an announcement file made from it: queued,
# sent through a real Postfix, received in a real mailbox with every character intact.
. "$(dirname "$0")/../tap.sh"
[ -n "${PRESS_RELEASE:-}" ] || skip_all "PRESS_RELEASE is not set: the path of a press release as plain text"
start_mailstack
plan 7

rundbrief init >/dev/null
rundbrief list add presse --title "Presseinformationen" --hold 0 --basis consent >/dev/null
rundbrief subscriber add alice@good.test --list presse --ground "Test" >/dev/null
start_daemon || { flunk "the daemon starts" "$(cat "$work/daemon.log")"; exit; }

ok "a manuscript is made from the page's text" sh -c "'$root/tests/demo/manuscript-from-press-release' '$PRESS_RELEASE' presse > '$work/release.md'"
ok "it is accepted as an announcement" rundbrief announce add "$work/release.md"
ok "a send time long past is refused" sh -c "! '$RUNDBRIEF' announce queue 1 --config '$work/rundbrief.conf'"
ok "and queued with --now" rundbrief announce queue 1 --now
inbox=$MS_DIR/mail/good.test/alice/Maildir/new
arrived() { [ -n "$(ls -A "$inbox" 2>/dev/null)" ]; }
if await 30 arrived; then pass "it arrives"; else flunk "it arrives" "$(tail -n 30 "$work/daemon.log")"; fi

# Every paragraph of the page that stands between headline and publisher must be found in both parts of the mail.
compare() { # subtype
    python3 - "$PRESS_RELEASE" "$inbox" "$1" <<'P'
import email, email.policy, html, pathlib, re, sys
page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
mail = email.message_from_bytes(sorted(pathlib.Path(sys.argv[2]).iterdir())[0].read_bytes(), policy=email.policy.default)
text = mail.get_body((sys.argv[3],)).get_content()
if sys.argv[3] == "html":
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
squeeze = lambda words: re.sub(r"\s+", "", words)
lines = [line.strip() for line in page.splitlines() if line.strip()]
begin = next(i for i, line in enumerate(lines) if re.match(r"\d\d?\. \w+ \d{4}$", line))
end = next(i for i, line in enumerate(lines) if line.startswith("Zu dieser Press"))
wanted = [word for line in lines[begin + 1:end] for word in line.split(" / ")]
assert len(wanted) > 5, wanted
missing = [line for line in wanted if squeeze(line) not in squeeze(text)]
publisher = next(i for i, line in enumerate(lines) if line.startswith("Herausgeber"))
for field in re.split(r"[;,]\s+|: ", " ".join(lines[publisher + 1:])):
    if squeeze(field) not in squeeze(text):
        missing.append(field)
print("\n".join(missing))
sys.exit(bool(missing))
P
}
ok "every character of it is in the text part" compare plain
ok "every character of it is in the HTML part" compare html
