#!/bin/sh
# Judges what a stack has made, by its state alone: runs no program and asks no cluster. Ends with 6,
# as `pulumi` does, when there is no such stack.
# Usage: judge.sh STACK CONFIGURATION
set -eu
stack=${1?is missing: the name of the stack}
configuration=${2?is missing: the configuration of the policy pack}
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# In an export secrets stay encrypted.
pulumi stack export --stack "$stack" --file "$scratch/state.json"
pulumi policy analyze --file "$scratch/state.json" \
  --policy-pack "$BASE/policy" --policy-pack-config "$configuration"
