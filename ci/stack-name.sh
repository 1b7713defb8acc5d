#!/bin/sh
# Prints the stack of $BRANCH, or nothing when the branch is reserved and gets no environment. What
# brings an environment up names its settings, which may reserve more branches; what destroys one names
# none, as a branch may have been reserved since.
# Usage: stack-name.sh [SETTINGS]
set -eu
: "${BRANCH:?is missing: the branch, in full}"
settings=${1-}

# 10: a reserved branch is not a failure, a pull request from `staging` must not turn red.
# --no-install: when nothing is installed, npx must not fetch whatever else is called `review`.
code=0
npx --no-install review name ${settings:+--config-file "$settings"} -- "$BRANCH" || code=$?
[ "$code" -eq 10 ] || exit "$code"
