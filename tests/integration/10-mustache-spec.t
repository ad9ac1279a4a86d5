#!/bin/bash
# The Mustache specification, byte for byte, through the program: core, inheritance, dynamic names.
# MUSTACHE_SPEC is a folder with the specification's JSON files.
: "${RUNDBRIEF:?set RUNDBRIEF to the program}"
if [ -z "${MUSTACHE_SPEC:-}" ]; then
    echo "1..0 # SKIP MUSTACHE_SPEC does not name a folder with the Mustache specification's JSON files"
    exit 0
fi
exec python3 - "$RUNDBRIEF" "$MUSTACHE_SPEC" <<'PYTHON'
import json, pathlib, subprocess, sys, tempfile

rundbrief, spec = sys.argv[1], pathlib.Path(sys.argv[2])
groups = {"comments": 12, "delimiters": 14, "interpolation": 42, "inverted": 22, "partials": 12, "sections": 34,
          "~inheritance": 27, "~dynamic-names": 21}
wanted = sum(groups.values())
number = failed = 0


def render(test, work):
    (work / "template.mustache").write_bytes(test["template"].encode())
    (work / "data.json").write_text(json.dumps(test["data"]))
    partials = work / "partials"
    partials.mkdir()
    for name, text in (test.get("partials") or {}).items():
        (partials / f"{name}.mustache").write_bytes(text.encode())
    command = [rundbrief, "template", "render", work / "template.mustache", "--data", work / "data.json",
               "--partials", partials]
    return subprocess.run(command, capture_output=True, timeout=20)


print(f"1..{wanted}")
for group in groups:
    for test in json.loads((spec / f"{group}.json").read_text())["tests"]:
        number += 1
        with tempfile.TemporaryDirectory(prefix="rundbrief-spec.") as folder:
            result = render(test, pathlib.Path(folder))
        good = result.returncode == 0 and result.stdout == test["expected"].encode()
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {group}: {test['name']}")
        if not good:
            print(f"# got {result.stdout!r} {result.stderr!r}\n# expected {test['expected'].encode()!r}")
print(f"# {number - failed} of {wanted} tests of the specification pass")
sys.exit(1 if failed or number != wanted else 0)
PYTHON
