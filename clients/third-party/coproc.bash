#!/usr/bin/env bash
# bash: a coprocess, and jq; NDJSON.
set -euo pipefail
cd "$(dirname "$0")"
coproc lab { exec "$P2MLAB_SERVER" serve; }
pid=$lab_PID

# Sends a request, and sets `reply` to what comes back, notifications left out.
call() {
  jq -cn --arg method "$1" --argjson params "${2:-{\}}" \
    '{jsonrpc: "2.0", id: 1, $method, $params}' >&"${lab[1]}"
  while IFS= read -r reply <&"${lab[0]}" && jq -e 'has("method")' <<<"$reply" >/dev/null; do
    progress=$((progress + 1))
  done
}
# Whether the reply is as a jq filter says.
check() {
  jq -e "$1" <<<"$reply" >/dev/null || { echo "not so: $1: $reply" >&2; exit 1; }
}

progress=0
while IFS=$'\t' read -r method params; do
  call "$method" "$params"
done < <(jq -r '.[] | [.method, (.params | tojson)] | join("\t")' story.json)
check '[.result.effects[] | select(.cause == "stale-tracking") | .gfn] == ["0x38000"]'
check '.result.violations | map(.property) == ["no-collateral-removal"]'
call domain.get '{"domain": 9}'
check '.error.code == -3 and .error.data.errno == "ESRCH"'
call session.note '{"text": "żółw 🐢"}'
call history.list
check '.result.entries[-1].params == {text: "żółw 🐢"}'
call compare.run '{"presets": ["xen-4.16", "xen-4.17"], "workDoneToken": "t"}'
check '.result.firstDifference.path | startswith("/result/effects")'
test $progress -gt 0
eval "exec ${lab[1]}>&-"
wait $pid
echo "bash coproc, jq: ok"
