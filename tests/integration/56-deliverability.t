#!/bin/bash
# check deliverability: a test mail goes through a real Postfix and is read back from a real Dovecot; DNS and web pages are
# fakes. What each check finds is shown by tests/unit/deliverability.
. "$(dirname "$0")/../tap.sh"
export MS_POSTFIX_EXTRA='smtpd_tls_received_header = yes'
start_mailstack
plan 17

rundbrief dkim new --domain news.test --selector r1 "$work/r1.pem" > "$work/zone" 2>/dev/null
cat >> "$work/zone" << 'END'
news.test TXT "v=spf1 ip4:192.0.2.25 -all"
_dmarc.news.test TXT "v=DMARC1; p=quarantine"
25.2.0.192.in-addr.arpa PTR mail.news.test
mail.news.test A 192.0.2.25
END
serve() { # file for its port, command...: a server that prints "port N"
    "${@:2}" > "$1" &
    at_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
    await 10 test -s "$1"
}
serve "$work/dns.port" "$root/tests/fake/dnsd" "$work/zone"
serve "$work/web.port" python3 -c '
import http.server, ssl, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open(sys.argv[2], "a").write(self.command + " " + self.path + "\n")
        self.send_response(404 if self.path.startswith("/gone") else 200)
        self.end_headers()
        self.wfile.write(b"<a href=/impressum>Impressum</a>")
    do_POST = do_GET
    def log_message(self, *_): pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + "/tls/server.pem", sys.argv[1] + "/tls/server.key")
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
server.socket = context.wrap_socket(server.socket, server_side=True)
sys.stdout.write("port %d\n" % server.server_port)
sys.stdout.flush()
server.serve_forever()' "$MS_DIR" "$work/requests"
configure() { # path of the public pages
    "$root/tests/write-config" "$work" | sed "s|^site = {|&\n  public_url = \"https://localhost:$(tr -dc 0-9 < "$work/web.port")$1\";|"
    echo "dkim = ( { domain = \"news.test\"; selector = \"r1\"; key_file = \"$work/r1.pem\"; } );"
    echo "dns = { server = \"127.0.0.1\"; port = $(tr -dc 0-9 < "$work/dns.port"); };"
}
configure "" > "$work/rundbrief.conf"
rundbrief init > /dev/null
rundbrief list add presse --title "Presse" > /dev/null
check() { rundbrief check deliverability --ca-file "$MS_CA" "$@"; }
grades() { json '" ".join(sorted({r["check"] + ":" + r["grade"] for r in data["remarks"]}))' < "$work/report"; }

check --wait 1 > "$work/report" 2> "$work/said"
is "without a send role there is no report" "$?" 1
ok "and it is said why" grep -q 'not sent within --wait seconds.*does the send role run' "$work/said"

start_daemon
check --lang en > "$work/report" 2> "$work/said"
is "all is well as far as can be seen" "$?" 0
ok "our signature is true" grep -qE '^good +dkim +Our signature r1 of news.test \(rsa-sha256\) is true' "$work/report"
ok "and covers what one click needs" grep -qE '^good +dkim .*RFC 8058' "$work/report"
ok "the one-click address answers" grep -qE "^good +leave .*https://localhost:[0-9]+/" "$work/report"
ok "TLS is told with its version" grep -qE '^good +tls .*verified certificate, TLS 1.3' "$work/report"
ok "from where mail leaves the house cannot be seen" grep -qE '^note +ip .*' "$work/report"
ok "with what to do" grep -qE '^ +-> .*--ip' "$work/report"
is "nobody was taken off a list" "$(cut -d ' ' -f 1 "$work/requests" | sort -u)" GET
is "the mail that was withdrawn does not come" "$(find "$MS_DIR/mail" -type f -path '*Maildir*' -name '[0-9]*' | xargs grep -l '^List-Id: .*presse' | wc -l)" 1

check --ip 192.0.2.25 --helo mail.news.test --json > "$work/report"
is "what hinders ends with 1" "$?" 1
is "the report for programs" "$(grades)" "dkim:good dmarc:good host:good imprint:bad imprint:good ip:good leave:good size:good spf:good tls:good"

sed -i '/ip4:192.0.2.25/s/-all/~all/; s/ip4:192.0.2.25/ip4:192.0.2.26/; /^r1/d' "$work/zone"
check --ip 192.0.2.25 > "$work/report"
ok "in German" grep -qE '^schlecht dkim +Die Signatur r1 von news.test lässt sich nicht prüfen: Im DNS fehlt der Eintrag' "$work/report"
ok "with how to mend it" grep -qE '^ +-> Das Relay in den SPF-Eintrag von news.test aufnehmen: ip4:192.0.2.25' "$work/report"

sed -i 's/^    { name = "bounces"/    { name = "other"/' "$work/rundbrief.conf"
check --mailbox bounces > /dev/null 2> "$work/said"
is "a mailbox that is not there is a wrong option" "$?" 2
check --mailbox other --wait 3 > /dev/null 2> "$work/said"
ok "a mail that does not come back is told" grep -q 'took the test mail, but it has not come back within --wait seconds' "$work/said"
