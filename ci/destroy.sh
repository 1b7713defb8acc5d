#!/bin/sh
# Removes the environment of a stack, and the stack. Works from the state alone: needs neither the
# branch nor its checkout, and does not run the program. Before anything is deleted it looks whether
# the namespace is the stack's own.
# Usage: destroy.sh STACK
set -eu
stack=${1?is missing: the name of the stack}

case $stack in
  "")
    echo "A reserved branch has no environment."
    exit 0
    ;;
  review- | *[!a-z0-9-]*) review=no ;;
  review-*) review=yes ;;
  *) review=no ;;
esac
if [ "$review" = no ]; then
  echo "error: $stack is no review environment, and only those are destroyed here." >&2
  exit 10
fi

: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"
sh "$BASE/ci/guard.sh"
project=$(sh "$BASE/ci/project-name.sh" "$BASE")

# From an empty folder, no file of a checkout has a say, and only whole paths lead to a file.
case :$KUBECONFIG in
  *:[!/]*)
    echo "error: KUBECONFIG has a path that does not begin with /. Give it whole paths." >&2
    exit 2
    ;;
esac
empty=$(mktemp -d)
cd "$empty"

# Outside the project, `pulumi` wants the full name; with a state backend of one's own the
# organization is called just that.
full_name="organization/$project/$stack"

# A branch that is called like it may go, and it stays.
if grep -Fqx -e "$full_name" "$BASE/ci/permanent-stacks"; then
  echo "error: $full_name is one of ci/permanent-stacks, which stay. To destroy it, take it off that list first." >&2
  exit 10
fi

# 6: there is neither a stack nor a namespace of it, because the environment never came up or was
# destroyed before.
code=0
"$BASE/node_modules/.bin/review" look "$full_name" --program "$BASE" || code=$?
case $code in
  0) ;;
  6) exit 0 ;;
  *) exit "$code" ;;
esac

. "$BASE/ci/pulumi.sh"
code=0
pulumi_for "$full_name" destroy --yes --skip-preview --remove || code=$?

# 6: another run has destroyed it meanwhile.
[ "$code" -eq 6 ] || exit "$code"
