#!/bin/sh
# Judges all stacks of the backend by their states, and fails when one of them is refused. For a
# nightly job: it finds what was made past the pipelines, and what has outlived a rule's change.
set -eu
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"

names='JSON.parse(fs.readFileSync(0)).map(({ name }) => name).sort().join("\n")'
listed=$(pulumi stack ls --all --json)
stacks=$(printf '%s' "$listed" | node -p "$names")

refused=""
for stack in $stacks; do
  echo "Stack $stack:"
  sh "$BASE/ci/analyze.sh" "$stack" || refused="$refused $stack"
done
[ -n "$refused" ] || exit 0
echo "error: these stacks are refused, or could not be judged:$refused" >&2
exit 1
