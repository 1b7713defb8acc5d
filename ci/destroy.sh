#!/bin/sh
# Removes the environment of a stack, and the stack. Works from the state alone: needs neither the
# branch nor a checkout, and does not run the program.
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

: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"
: "${KUBECONFIG:?is missing: the kubeconfig of the cluster for review environments}"

# From an empty folder, no file of a checkout has a say. Outside the project, `pulumi` wants the
# full name; with a state backend of one's own the organization is called just that.
empty=$(mktemp -d)
cd "$empty"
code=0
pulumi destroy --stack "organization/review/$stack" --yes --skip-preview --remove || code=$?

# 6: there is no such stack, because the environment never came up or was destroyed before.
[ "$code" -eq 6 ] || exit "$code"
echo "There is no stack $stack in this backend: nothing to destroy."
