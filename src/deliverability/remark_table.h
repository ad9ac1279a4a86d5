#pragma once
/* Every remark there is: its check, its grade, the sentence and how to mend it, in English and in German. {1} and so on
 * are explained by their use in check_*.c. */

/* clang-format off */
#define REMARK_TABLE(X) \
    X(DKIM_GOOD, "dkim", GOOD, \
      "Our signature {1} of {2} ({3}) is true.", "", \
      "Unsere Signatur {1} von {2} ({3}) ist gültig.", "") \
    X(DKIM_OTHER, "dkim", NOTE, \
      "It was not we who signed but somebody on the way: {1} of {2} ({3}); that signature is true.", \
      "If the relay should sign, that is well. To sign ourselves: 'rundbrief dkim new', publish the record, name the key under dkim in the settings.", \
      "Nicht wir haben unterschrieben, sondern jemand unterwegs: {1} von {2} ({3}); diese Signatur ist gültig.", \
      "Soll das Relay unterschreiben, ist alles gut. Um selbst zu unterschreiben: 'rundbrief dkim new', den Eintrag veröffentlichen, den Schlüssel unter dkim in die Einstellungen schreiben.") \
    X(DKIM_NONE, "dkim", BAD, \
      "The mail bears no DKIM signature. Google, Microsoft and Yahoo want one.", \
      "Make a key with 'rundbrief dkim new --domain {1}', publish the record that it prints, and name the key under dkim in the settings; or let the relay sign.", \
      "Die Mail trägt keine DKIM-Signatur. Google, Microsoft und Yahoo verlangen eine.", \
      "Einen Schlüssel mit 'rundbrief dkim new --domain {1}' erzeugen, den ausgegebenen Eintrag veröffentlichen und den Schlüssel unter dkim in die Einstellungen schreiben; oder das Relay unterschreiben lassen.") \
    X(DKIM_NO_RECORD, "dkim", BAD, \
      "The signature {1} of {2} cannot be verified: there is no record {1}._domainkey.{2} in DNS.", \
      "Publish the record that 'rundbrief dkim show KEYFILE' prints; a new one may need an hour until everybody sees it.", \
      "Die Signatur {1} von {2} lässt sich nicht prüfen: Im DNS fehlt der Eintrag {1}._domainkey.{2}.", \
      "Den Eintrag veröffentlichen, den 'rundbrief dkim show SCHLÜSSELDATEI' ausgibt; bis alle ihn sehen, kann eine Stunde vergehen.") \
    X(DKIM_DNS, "dkim", BAD, \
      "The signature {1} of {2} could not be verified: no name server answered for its record ({3}).", \
      "Try again; if it stays so, look at the name servers of {2}.", \
      "Die Signatur {1} von {2} ließ sich nicht prüfen: Kein Nameserver gab Auskunft über ihren Eintrag ({3}).", \
      "Noch einmal versuchen; bleibt es dabei, die Nameserver von {2} ansehen.") \
    X(DKIM_BAD_RECORD, "dkim", BAD, \
      "The record {1}._domainkey.{2} holds no key that fits the signature.", \
      "Replace it by what 'rundbrief dkim show KEYFILE' prints; often a part of a long key was lost when it was pasted.", \
      "Der Eintrag {1}._domainkey.{2} enthält keinen Schlüssel, der zur Signatur passt.", \
      "Durch die Ausgabe von 'rundbrief dkim show SCHLÜSSELDATEI' ersetzen; oft geht beim Einfügen ein Teil eines langen Schlüssels verloren.") \
    X(DKIM_REVOKED, "dkim", BAD, \
      "The key {1} of {2} was revoked: its record has an empty p=.", \
      "Sign with a key whose record is there: 'rundbrief dkim new' with a new selector, publish it, change the settings.", \
      "Der Schlüssel {1} von {2} wurde widerrufen: In seinem Eintrag ist p= leer.", \
      "Mit einem Schlüssel unterschreiben, dessen Eintrag es gibt: 'rundbrief dkim new' mit neuem Selektor, veröffentlichen, Einstellungen ändern.") \
    X(DKIM_BODY, "dkim", BAD, \
      "The signature {1} of {2} does not hold: the text of the mail was changed on the way.", \
      "Look for what changes mails behind the signature: a footer or a link rewriter of the relay or the virus scanner. Let it work before signing, or let the last host sign.", \
      "Die Signatur {1} von {2} stimmt nicht: Der Text der Mail wurde unterwegs verändert.", \
      "Suchen, was Mails nach der Unterschrift verändert: eine angehängte Fußzeile, ein Link-Umschreiber von Relay oder Virenscanner. Das muss vorher geschehen, oder der letzte Rechner muss unterschreiben.") \
    X(DKIM_HEADER, "dkim", BAD, \
      "The signature {1} of {2} does not hold: the record has another key, or header fields were changed on the way.", \
      "Compare the record with what 'rundbrief dkim show KEYFILE' prints. If they are the same, the relay rewrites fields such as Subject or To: switch that off.", \
      "Die Signatur {1} von {2} stimmt nicht: Im Eintrag steht ein anderer Schlüssel, oder Kopfzeilen wurden unterwegs verändert.", \
      "Den Eintrag mit der Ausgabe von 'rundbrief dkim show SCHLÜSSELDATEI' vergleichen. Sind sie gleich, schreibt das Relay Felder wie Subject oder To um: das abschalten.") \
    X(DKIM_UNREADABLE, "dkim", BAD, \
      "The signature {1} of {2} ({3}) is one that receivers do not accept.", \
      "It must be by rsa-sha256 or ed25519-sha256, cover From and not have expired; whoever made it has to change that.", \
      "Die Signatur {1} von {2} ({3}) wird von Empfängern nicht anerkannt.", \
      "Sie muss mit rsa-sha256 oder ed25519-sha256 erstellt sein, From abdecken und darf nicht abgelaufen sein; wer sie erstellt, muss das ändern.") \
    X(DKIM_WEAK, "dkim", NOTE, \
      "The key {1} of {2} has {3} bits; mailbox providers want 2048.", \
      "Make a new key with a new selector: 'rundbrief dkim new'.", \
      "Der Schlüssel {1} von {2} hat {3} Bit; Anbieter von Postfächern wünschen 2048.", \
      "Einen neuen Schlüssel mit neuem Selektor erzeugen: 'rundbrief dkim new'.") \
    X(DKIM_COVERS, "dkim", GOOD, \
      "A true signature covers List-Unsubscribe and List-Unsubscribe-Post, as leaving with one click needs (RFC 8058).", "", \
      "Eine gültige Signatur deckt List-Unsubscribe und List-Unsubscribe-Post ab, wie es das Abmelden mit einem Klick braucht (RFC 8058).", "") \
    X(DKIM_UNCOVERED, "dkim", BAD, \
      "No true signature covers both List-Unsubscribe and List-Unsubscribe-Post: providers do not offer leaving with one click then (RFC 8058).", \
      "Let us sign (dkim in the settings), or add both fields to those that the relay signs (OpenDKIM: SignHeaders; rspamd: sign_headers).", \
      "Keine gültige Signatur deckt List-Unsubscribe und List-Unsubscribe-Post ab: Anbieter bieten dann kein Abmelden mit einem Klick an (RFC 8058).", \
      "Uns unterschreiben lassen (dkim in den Einstellungen), oder beide Felder in die Liste des Relays aufnehmen (OpenDKIM: SignHeaders; rspamd: sign_headers).") \
    X(IP_SEEN, "ip", GOOD, \
      "The mail left the house from {1} ({2}), as {3} wrote it down.", "", \
      "Die Mail verließ das Haus von {1} ({2}), so hat es {3} vermerkt.", "") \
    X(IP_GIVEN, "ip", GOOD, \
      "{1} is taken for the address from which mail leaves the house, as you say.", "", \
      "Als Adresse, von der Mails das Haus verlassen, gilt {1}, wie angegeben.", "") \
    X(IP_GUESSED, "ip", NOTE, \
      "The mail did not leave the house, so {1}, the address of the relay {2}, is taken for the one from which others do.", \
      "To be sure, send to a mailbox outside (--to), or say the address with --ip.", \
      "Die Mail hat das Haus nicht verlassen; als Absenderadresse nach außen gilt daher {1}, die des Relays {2}.", \
      "Sicherer: an ein Postfach außer Haus senden (--to) oder die Adresse mit --ip angeben.") \
    X(IP_UNKNOWN, "ip", NOTE, \
      "Nobody wrote down from which address mail leaves the house, and the relay {1} has none that is seen outside. SPF and the names of the host were not looked at.", \
      "Send to a mailbox outside (--to), or say the address with --ip.", \
      "Niemand hat vermerkt, von welcher Adresse Mails das Haus verlassen, und das Relay {1} hat keine, die von außen sichtbar ist. SPF und die Namen des Rechners wurden nicht geprüft.", \
      "An ein Postfach außer Haus senden (--to) oder die Adresse mit --ip angeben.") \
    X(SPF_PASS, "spf", GOOD, \
      "SPF of {1} lets {2} send ({3}; {4} of 10 look-ups).", "", \
      "SPF von {1} erlaubt {2} das Senden ({3}; {4} von 10 Abfragen).", "") \
    X(SPF_NONE, "spf", BAD, \
      "{1}, the domain of the return addresses, has no SPF record.", \
      "Publish a TXT record for {1}, such as \"v=spf1 ip4:{2} -all\".", \
      "{1}, die Domain der Rücksendeadressen, hat keinen SPF-Eintrag.", \
      "Einen TXT-Eintrag für {1} veröffentlichen, etwa \"v=spf1 ip4:{2} -all\".") \
    X(SPF_FAIL, "spf", BAD, \
      "SPF of {1} forbids {2} to send its mail ({3}).", \
      "Add the relay to the SPF record of {1}: ip4:{2} (ip6: for a longer address), or the include: that its operator names.", \
      "SPF von {1} verbietet {2}, ihre Mails zu senden ({3}).", \
      "Das Relay in den SPF-Eintrag von {1} aufnehmen: ip4:{2} (ip6: bei längerer Adresse) oder das include:, das der Betreiber nennt.") \
    X(SPF_UNSURE, "spf", BAD, \
      "SPF of {1} does not say that {2} may send its mail ({3}).", \
      "Add the relay to the SPF record of {1}: ip4:{2} (ip6: for a longer address), or the include: that its operator names.", \
      "SPF von {1} sagt nicht, dass {2} ihre Mails senden darf ({3}).", \
      "Das Relay in den SPF-Eintrag von {1} aufnehmen: ip4:{2} (ip6: bei längerer Adresse) oder das include:, das der Betreiber nennt.") \
    X(SPF_WRONG, "spf", BAD, \
      "The SPF record of {1} is wrong, so nobody heeds it: {3}.", \
      "There must be one record only, without typing errors, needing 10 further look-ups at most (include, a, mx, exists, redirect).", \
      "Der SPF-Eintrag von {1} ist fehlerhaft, niemand beachtet ihn: {3}.", \
      "Es darf nur einen geben, ohne Tippfehler, mit höchstens 10 weiteren Abfragen (include, a, mx, exists, redirect).") \
    X(SPF_DNS, "spf", BAD, \
      "SPF of {1} could not be looked at: a name server did not answer ({3}).", "Try again; if it stays so, look at the name servers.", \
      "SPF von {1} ließ sich nicht prüfen: Ein Nameserver antwortet nicht ({3}).", "Noch einmal versuchen; bleibt es dabei, die Nameserver ansehen.") \
    X(DMARC_NONE, "dmarc", BAD, \
      "{1} has no DMARC record. Google and Yahoo want one of whoever sends many mails.", \
      "Publish a TXT record _dmarc.{1}: \"v=DMARC1; p=none; rua=mailto:postmaster@{1}\", and p=quarantine when the reports are good.", \
      "{1} hat keinen DMARC-Eintrag. Google und Yahoo verlangen einen von allen, die viele Mails senden.", \
      "Einen TXT-Eintrag _dmarc.{1} veröffentlichen: \"v=DMARC1; p=none; rua=mailto:postmaster@{1}\", und p=quarantine, wenn die Berichte gut sind.") \
    X(DMARC_SEVERAL, "dmarc", BAD, \
      "{1} has several DMARC records, which count as none.", "Leave one TXT record at _dmarc.{1}.", \
      "{1} hat mehrere DMARC-Einträge, sie gelten wie keiner.", "Bei _dmarc.{1} nur einen TXT-Eintrag stehen lassen.") \
    X(DMARC_WRONG, "dmarc", BAD, \
      "The DMARC record of {1} is wrong: it names no policy p=none, p=quarantine or p=reject.", "Mend the TXT record _dmarc.{1}.", \
      "Der DMARC-Eintrag von {1} ist fehlerhaft: Er nennt keine Richtlinie p=none, p=quarantine oder p=reject.", "Den TXT-Eintrag _dmarc.{1} berichtigen.") \
    X(DMARC_DNS, "dmarc", BAD, \
      "DMARC of {1} could not be looked at: no name server answered.", "Try again; if it stays so, look at the name servers of {1}.", \
      "DMARC von {1} ließ sich nicht prüfen: Kein Nameserver antwortet.", "Noch einmal versuchen; bleibt es dabei, die Nameserver von {1} ansehen.") \
    X(DMARC_POLICY, "dmarc", GOOD, \
      "DMARC of {1} asks others to treat forged mail so: {2}.", "", \
      "DMARC von {1} bittet, gefälschte Mails so zu behandeln: {2}.", "") \
    X(DMARC_POLICY_NONE, "dmarc", NOTE, \
      "DMARC of {1} only watches (p=none): mail forged in its name is delivered.", \
      "When the reports show no mail of your own that fails, change it to p=quarantine, later p=reject.", \
      "DMARC von {1} beobachtet nur (p=none): In ihrem Namen gefälschte Mails werden zugestellt.", \
      "Zeigen die Berichte keine eigenen Mails, die durchfallen, auf p=quarantine ändern, später auf p=reject.") \
    X(DMARC_ALIGNED_BOTH, "dmarc", GOOD, \
      "The mail passes DMARC twice: DKIM and SPF both speak for {1}, the domain of From.", "", \
      "Die Mail besteht DMARC doppelt: DKIM und SPF sprechen beide für {1}, die Domain von From.", "") \
    X(DMARC_ALIGNED_DKIM, "dmarc", GOOD, \
      "The mail passes DMARC by DKIM: a true signature is of {1}, the domain of From.", "", \
      "Die Mail besteht DMARC durch DKIM: Eine gültige Signatur ist von {1}, der Domain von From.", "") \
    X(DMARC_ALIGNED_SPF, "dmarc", NOTE, \
      "The mail passes DMARC by SPF alone; when somebody forwards it, it fails.", \
      "Sign with a key of {1}, the domain of From (dkim in the settings).", \
      "Die Mail besteht DMARC nur durch SPF; leitet jemand sie weiter, fällt sie durch.", \
      "Mit einem Schlüssel von {1} unterschreiben, der Domain von From (dkim in den Einstellungen).") \
    X(DMARC_UNALIGNED, "dmarc", BAD, \
      "The mail does not pass DMARC: neither a true DKIM signature nor SPF speaks for {1}, the domain of From. ({2})", \
      "Sign with a key of {1} (dkim in the settings), or have return addresses below that domain (site.bounce_address).", \
      "Die Mail besteht DMARC nicht: Weder eine gültige DKIM-Signatur noch SPF spricht für {1}, die Domain von From. ({2})", \
      "Mit einem Schlüssel von {1} unterschreiben (dkim in den Einstellungen), oder Rücksendeadressen unter dieser Domain verwenden (site.bounce_address).") \
    X(PTR_GOOD, "host", GOOD, \
      "{1} is called {2}, and {2} leads back to it.", "", \
      "{1} heißt {2}, und {2} führt dorthin zurück.", "") \
    X(PTR_NONE, "host", BAD, \
      "{1} has no name (PTR record). Many receivers refuse mail from such hosts.", \
      "Whoever gave you the address can set its PTR record: to the host's name, which must have an A or AAAA record with this address.", \
      "{1} hat keinen Namen (PTR-Eintrag). Viele Empfänger weisen Mails solcher Rechner ab.", \
      "Wer die Adresse vergeben hat, kann den PTR-Eintrag setzen: auf den Namen des Rechners, der einen A- oder AAAA-Eintrag mit dieser Adresse haben muss.") \
    X(PTR_UNCONFIRMED, "host", BAD, \
      "{1} is called {2}, but {2} does not lead back to it.", \
      "Give {2} an A or AAAA record with {1}, or have the PTR record name a host that has one.", \
      "{1} heißt {2}, aber {2} führt nicht dorthin zurück.", \
      "{2} einen A- oder AAAA-Eintrag mit {1} geben, oder den PTR-Eintrag auf einen Namen ändern, der einen hat.") \
    X(PTR_DNS, "host", BAD, \
      "The name of {1} could not be looked up: no name server answered.", "Try again.", \
      "Der Name von {1} ließ sich nicht abfragen: Kein Nameserver antwortet.", "Noch einmal versuchen.") \
    X(HELO_GOOD, "host", GOOD, \
      "It greets by that name (HELO).", "", \
      "Er grüßt mit diesem Namen (HELO).", "") \
    X(HELO_DIFFERS, "host", NOTE, \
      "It greets as {1} (HELO), which is not the name of its address, {2}.", \
      "Set the relay's own name (Postfix: smtp_helo_name or myhostname) to {2}.", \
      "Er grüßt als {1} (HELO), seine Adresse heißt aber {2}.", \
      "Den eigenen Namen des Relays (Postfix: smtp_helo_name oder myhostname) auf {2} setzen.") \
    X(TLS_GOOD, "tls", GOOD, \
      "The relay {1} is given mail by TLS with a verified certificate{2}.", "", \
      "Das Relay {1} bekommt Mails über TLS mit geprüftem Zertifikat{2}.", "") \
    X(TLS_LOCAL, "tls", GOOD, \
      "The relay {1} is given mail without TLS, inside this machine.", "", \
      "Das Relay {1} bekommt Mails ohne TLS, innerhalb dieses Rechners.", "") \
    X(TLS_NONE, "tls", BAD, \
      "The relay {1} is given mail without TLS: everybody on the way can read and change it.", \
      "Set relays.tls to \"starttls\" or \"implicit\".", \
      "Das Relay {1} bekommt Mails ohne TLS: Wer dazwischen sitzt, kann sie lesen und verändern.", \
      "relays.tls auf \"starttls\" oder \"implicit\" setzen.") \
    X(TLS_ONWARD, "tls", GOOD, \
      "From there it went on to {1} by TLS.", "", \
      "Von dort ging sie über TLS weiter an {1}.", "") \
    X(TLS_ONWARD_NONE, "tls", NOTE, \
      "From there it went on to {1} without TLS.", \
      "Have the relay use TLS where it is offered (Postfix: smtp_tls_security_level = may).", \
      "Von dort ging sie ohne TLS weiter an {1}.", \
      "Das Relay soll TLS benutzen, wo es angeboten wird (Postfix: smtp_tls_security_level = may).") \
    X(SIZE_GOOD, "size", GOOD, \
      "The mail has {1} kB.", "", \
      "Die Mail hat {1} kB.", "") \
    X(SIZE_LARGE, "size", NOTE, \
      "The mail has {1} kB; Gmail cuts off what is longer than 102 kB of HTML.", "Offer large pictures as links.", \
      "Die Mail hat {1} kB; Gmail schneidet ab, was über 102 kB HTML hinausgeht.", "Große Bilder als Link anbieten.") \
    X(LEAVE_NONE, "leave", BAD, \
      "The mail has no List-Unsubscribe: something on the way took it out.", "Look for what rewrites header fields on the way.", \
      "Die Mail hat kein List-Unsubscribe: Etwas hat es unterwegs entfernt.", "Suchen, was unterwegs Kopfzeilen umschreibt.") \
    X(LEAVE_NO_URL, "leave", NOTE, \
      "Leaving is offered by mail only, for site.public_url is not set. Google and Yahoo want one click of whoever sends many mails.", \
      "Set site.public_url when the public pages are served.", \
      "Abmelden geht nur per Mail, denn site.public_url ist nicht gesetzt. Google und Yahoo verlangen einen Klick von allen, die viele Mails senden.", \
      "site.public_url setzen, sobald die öffentlichen Seiten erreichbar sind.") \
    X(LEAVE_NOT_HTTPS, "leave", BAD, \
      "The leave address {1} is no https one, so one click is not offered (RFC 8058).", "Serve the public pages by https and set site.public_url to that.", \
      "Die Abmeldeadresse {1} beginnt nicht mit https, daher wird kein Klick angeboten (RFC 8058).", "Die öffentlichen Seiten über https anbieten und site.public_url entsprechend setzen.") \
    X(LEAVE_NO_POST, "leave", BAD, \
      "The mail has no List-Unsubscribe-Post, so one click is not offered (RFC 8058): something on the way took it out.", "Look for what rewrites header fields on the way.", \
      "Die Mail hat kein List-Unsubscribe-Post, daher wird kein Klick angeboten (RFC 8058): Etwas hat es unterwegs entfernt.", "Suchen, was unterwegs Kopfzeilen umschreibt.") \
    X(LEAVE_GOOD, "leave", GOOD, \
      "The one-click address answers at {1}. (It was only looked at: nobody was taken off a list.)", "", \
      "Die Abmeldeadresse antwortet unter {1}. (Sie wurde nur angesehen: Niemand wurde abgemeldet.)", "") \
    X(LEAVE_REDIRECTS, "leave", BAD, \
      "The one-click address at {1} leads elsewhere (status {2}); mailbox providers do not follow.", "Serve it at site.public_url itself, or set that to where it leads.", \
      "Die Abmeldeadresse unter {1} leitet weiter (Status {2}); Anbieter folgen dem nicht.", "Unter site.public_url selbst antworten, oder diese Einstellung auf das Ziel ändern.") \
    X(LEAVE_STATUS, "leave", BAD, \
      "The one-click address at {1} answers with an error (status {2}).", "See whether the web role runs and the web server in front of it passes /leave/ on.", \
      "Die Abmeldeadresse unter {1} antwortet mit einem Fehler (Status {2}).", "Nachsehen, ob die Rolle web läuft und der Webserver davor /leave/ weitergibt.") \
    X(LEAVE_SILENT, "leave", BAD, \
      "The one-click address at {1} does not answer: {2}.", "See whether site.public_url is right and is reached from outside.", \
      "Die Abmeldeadresse unter {1} antwortet nicht: {2}.", "Nachsehen, ob site.public_url stimmt und von außen erreichbar ist.") \
    X(IMPRINT_GOOD, "imprint", GOOD, \
      "{1} leads to an imprint.", "", \
      "{1} führt zu einem Impressum.", "") \
    X(IMPRINT_NONE, "imprint", BAD, \
      "{1} answers, but shows no imprint (Impressum).", "Link the imprint from the first page.", \
      "{1} antwortet, zeigt aber kein Impressum.", "Auf der ersten Seite auf das Impressum verweisen.") \
    X(IMPRINT_SILENT, "imprint", BAD, \
      "{1} does not answer: {2}.", "See whether site.public_url is right and is reached from outside.", \
      "{1} antwortet nicht: {2}.", "Nachsehen, ob site.public_url stimmt und von außen erreichbar ist.") \
    X(IMPRINT_HOST_NONE, "imprint", BAD, \
      "No web page of the sending host leads to an imprint (looked at: {1}). T-Online refuses mail from such hosts.", \
      "Serve a page with the operator's imprint at the host's name or at www. of its domain; then write to tosa@rx.t-online.de.", \
      "Keine Webseite des sendenden Rechners führt zu einem Impressum (angesehen: {1}). T-Online weist Mails solcher Rechner ab.", \
      "Unter dem Namen des Rechners oder www. seiner Domain eine Seite mit Impressum des Betreibers anbieten; danach an tosa@rx.t-online.de schreiben.") \
/* the end */
/* clang-format on */
