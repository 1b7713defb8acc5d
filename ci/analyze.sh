#!/bin/sh
# Judges what `up.sh` has made, if it has made anything.
# Usage: analyze.sh STACK
set -eu
stack=${1?is missing: the name of the stack}
: "${BASE:?is missing: a folder with the default branch, built}"

if [ -z "$stack" ]; then
  echo "A reserved branch has no environment."
  exit 0
fi

# 6: there is no such stack, because its branch is gone.
code=0
sh "$BASE/ci/judge.sh" "$stack" "$BASE/ci/policy.json" || code=$?
[ "$code" -eq 6 ] || exit "$code"
echo "There is no stack $stack in this backend: nothing to judge."
