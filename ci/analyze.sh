#!/bin/sh
# Judges what a stack has made, by its state alone: runs no program and asks no cluster.
# Usage: analyze.sh STACK
set -eu
stack=${1?is missing: the name of the stack}
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"

if [ -z "$stack" ]; then
  echo "A reserved branch has no environment."
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# In an export secrets stay encrypted. 6: there is no such stack, because its branch is gone.
code=0
pulumi stack export --stack "$stack" --file "$scratch/state.json" || code=$?
if [ "$code" -eq 6 ]; then
  echo "There is no stack $stack in this backend: nothing to judge."
  exit 0
fi
[ "$code" -eq 0 ] || exit "$code"

pulumi policy analyze --file "$scratch/state.json" \
  --policy-pack "$BASE/policy" --policy-pack-config "$BASE/ci/policy.json"
