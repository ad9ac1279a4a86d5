#!/bin/bash
# Logging in at a real Postfix: by token, by mechanism, by client certificate, with a minimum of TLS; and what staff read
# when it does not work.
. "$(dirname "$0")/../tap.sh"
certificate() { # subject, file; signed by itself
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$work/$2.key" \
        -out "$work/$2.pem" > /dev/null 2>&1
    chmod 600 "$work/$2.key"
}
certificate client client
certificate stranger stranger
chmod 755 "$work"
export MS_POSTFIX_EXTRA="smtpd_tls_CAfile = $work/client.pem
smtpd_tls_ask_ccert = yes
smtpd_client_restrictions = permit_sasl_authenticated, permit_tls_all_clientcerts, reject
smtpd_relay_restrictions = permit_sasl_authenticated, permit_tls_all_clientcerts, reject"
start_mailstack
plan 9

printf '%s\n' "$MS_SMTP_PASS" > "$work/smtp-password"
chmod 600 "$work/smtp-password"
"$root/tests/write-config" --sink 1 "$work" | grep -v '^relays' > "$work/base.conf"
run=0
configure() { # relay's settings
    run=$((run + 1))
    { cat "$work/base.conf"; echo "relays = ( { name = \"main\"; host = \"localhost\"; port = $MS_SMTP_PORT; $1 } );"; } > "$work/rundbrief.conf"
    sed -i "s,^store = .*,store = { path = \"$work/run$run.db\"; };," "$work/rundbrief.conf"
    rundbrief init > /dev/null
    rundbrief list add presse --title "Presseinformationen" --basis consent > /dev/null
    rundbrief list change presse --hold 0 > /dev/null
    printf 'email\nalice@good.test\n' > "$work/people.csv"
    rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
    rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
    rundbrief announce queue 1 --now > /dev/null
}
sent() { [ "$(rundbrief announce status 1 --json | json "data['deliveries'].get('sent', 0)")" = 1 ]; }
told() { rundbrief status | grep -q "$1"; }
attempt() { # what to wait for
    "$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
    local role=$! result
    at_exit "kill -KILL $role 2>/dev/null"
    await 20 "$@"
    result=$?
    [ $result = 0 ] || rundbrief status | sed 's/^/# /'
    kill -KILL "$role"
    wait "$role" 2> /dev/null
    return $result
}
login="ca_file = \"$MS_CA\"; user = \"$MS_SMTP_USER\"; password_file = \"$work/smtp-password\";"
token="ca_file = \"$MS_CA\"; user = \"$MS_SMTP_USER\"; auth = \"xoauth2\"; token_command = \"/bin/cat '$work/the token'\";"
client="ca_file = \"$MS_CA\";"
echo "$MS_SMTP_TOKEN" > "$work/the token"
configure "$token"
ok "with a token" attempt sent
configure "$login auth = \"plain\"; tls_min = \"1.3\";"
ok "with PLAIN, by TLS 1.3" attempt sent
configure "$login auth = \"login\";"
ok "with LOGIN" attempt sent
configure "$client client_cert = \"$work/client.pem\"; client_key = \"$work/client.key\";"
ok "with a client certificate" attempt sent
echo "$MS_EXPIRED_TOKEN" > "$work/the token"
configure "$token"
ok "a token that is refused is told" attempt told "relays.token_command"
rm "$work/the token"
configure "$token"
ok "so is a program that brings none" attempt told "ended with the exit code 1"
configure "$client"
ok "a relay that misses our certificate or log-in" attempt told "The relay main"
configure "$login client_cert = \"$work/client.pem\"; client_key = \"$work/no.key\";"
ok "a key that is not there" attempt told "no.key"
configure "ca_file = \"$work/stranger.pem\"; user = \"$MS_SMTP_USER\"; password_file = \"$work/smtp-password\";"
ok "a certificate of somebody else" attempt told "relays.ca_file"
