#!/bin/bash
# rundbrief template render: what it says on standard output, and how it tells mistakes.
. "$(dirname "$0")/../tap.sh"
plan 9
cd "$work" || exit 1
mkdir partials
printf 'Hello {{name}}!\n' > hello.mustache
printf '{"name": "<Ann>"}' > ann.json
printf '<b>{{>who}}</b>\n' > page.html.mustache
printf 'html' > partials/who.html.mustache
printf 'plain' > partials/who.mustache
printf 'fine\n{{#open}}\n' > broken.mustache
printf '{"name": }' > broken.json

is "values are escaped for HTML" "$("$RUNDBRIEF" template render hello.mustache --data ann.json)" 'Hello &lt;Ann&gt;!'
is "data may come from standard input" "$("$RUNDBRIEF" template render hello.mustache --data - --as text < ann.json)" 'Hello <Ann>!'
is "no data shows nothing" "$("$RUNDBRIEF" template render hello.mustache)" 'Hello !'
is "a partial of the same kind comes first" "$("$RUNDBRIEF" template render page.html.mustache --partials partials)" '<b>html</b>'
is "a mistake names file and line" "$("$RUNDBRIEF" template render broken.mustache 2>&1)" \
    'rundbrief template: broken.mustache:2: “open” is opened here and never closed'
"$RUNDBRIEF" template render broken.mustache 2> /dev/null
is "a broken template is exit code 2" "$?" 2
is "broken data name file and line" "$("$RUNDBRIEF" template render hello.mustache --data broken.json 2>&1 | cut -c 1-52)" \
    'rundbrief template: broken.json:1: not valid JSON: u'
"$RUNDBRIEF" template render nowhere.mustache > /dev/null 2>&1
is "a missing file is exit code 2" "$?" 2
is "nothing but the result goes to standard output" "$("$RUNDBRIEF" template render broken.mustache 2> /dev/null)" ''
