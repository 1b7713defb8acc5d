#!/bin/sh
# For scripts that work on a stack: `pulumi_for`. To be read in, so that the script itself gets the
# signals of a runner that cancels its job.
set -eu

# Runs `pulumi` for a stack, and returns its exit code. When it fails, says what holds a deletion.
# Usage: pulumi_for STACK COMMAND [ARGUMENT...]
pulumi_for() {
  stack_name=$1
  command=$2
  shift 2

  # `pulumi` ends in good order when it is signalled once, and at once when it is signalled twice.
  # Some runners signal the script, others all of its group, so `pulumi` leaves the group and is
  # signalled by the script alone.
  $(command -v setsid) pulumi "$command" --stack "$stack_name" "$@" &
  pulumi=$!
  trap 'signalled=yes; kill -INT "$pulumi" 2>/dev/null || :' INT
  trap 'signalled=yes; kill -TERM "$pulumi" 2>/dev/null || :' TERM

  # A signal ends `wait` before `pulumi` has ended.
  while :; do
    signalled=no
    code=0
    wait "$pulumi" || code=$?
    if [ "$signalled" = no ] || [ "$code" -le 128 ]; then
      break
    fi
  done

  # 6: there is no such stack.
  case $code in
    0 | 6) ;;
    *)
      say_who_is_innocent "$@"
      say_what_holds "$stack_name" "$command"
      ;;
  esac
  return "$code"
}

say_what_holds() {
  echo "pulumi $2 failed. What holds a deletion, if anything does:" >&2
  "$BASE/node_modules/.bin/review" doctor --stack "$1" || :
}

# When one resource fails, `pulumi` cancels all else at once, judgements of the policy pack among them,
# and tells of each of these as if its resource had failed.
say_who_is_innocent() {
  case " $* " in
    *" --policy-pack "*)
      echo "Where it says \"failed to run policy\" and \"context canceled\", the resource is innocent: another one failed first." >&2
      ;;
  esac
}
