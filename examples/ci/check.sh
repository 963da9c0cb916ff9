#!/bin/sh
# Checks the sessions of a folder with the p2mlab on PATH: `check.sh [FOLDER]`. Exits with 1 where a reply is not
# as expected, 2 where a session cannot be used.
set -eu
cd "${1:-$(dirname "$0")/sessions}"
replies=$(mktemp)
trap 'rm -f "$replies"' EXIT

# What the sessions themselves expect; what they do not name is not compared.
p2mlab run --preset xen-4.17 -- *.ndjson

for session in *.ndjson; do
  p2mlab serve --preset xen-4.17 < "$session" > "$replies"
  # All that is answered, byte for byte: the same input makes the same output.
  diff -u "${session%.ndjson}.replies" "$replies"
  # Something of one's own: no error, and no property violated.
  jq -es 'length > 0 and all(.[]; has("result") and (.result.violations // []) == [])' \
    "$replies" > /dev/null || { echo "$session: an error, or a violation" >&2; exit 1; }
done
