#!/bin/sh
# Runs `pulumi` for a stack and ends with its exit code. When it fails, says what holds a deletion.
# Usage: pulumi.sh STACK COMMAND [ARGUMENT...]
set -eu
stack=${1?is missing: the name of the stack}
command=${2?is missing: the command of pulumi}
shift 2
: "${BASE:?is missing: a folder with the default branch}"

# A runner that cancels the job signals this process or all of its group, and `pulumi` ends in good
# order when it is signalled once, and at once when it is signalled twice. So it gets a session of
# its own, and one signal.
session=$(command -v setsid || :)
# shellcheck disable=SC2086
$session pulumi "$command" --stack "$stack" "$@" &
pulumi=$!
signalled=""
trap 'signalled=yes; kill -INT "$pulumi" 2>/dev/null || :' INT
trap 'signalled=yes; kill -TERM "$pulumi" 2>/dev/null || :' TERM

# A signal ends `wait` before `pulumi` has ended.
while :; do
  signalled=""
  code=0
  wait "$pulumi" || code=$?
  if [ -z "$signalled" ] || [ "$code" -le 128 ]; then
    break
  fi
done

# 6: there is no such stack.
case $code in
  0 | 6) exit "$code" ;;
esac
echo "pulumi $command failed. What holds a deletion, if anything does:" >&2
review="$BASE/node_modules/.bin/review"
if [ -x "$review" ]; then
  "$review" doctor "$stack" || :
else
  echo "Ask where this repository is installed: npx --no-install review doctor $stack" >&2
fi
exit "$code"
