#!/bin/sh
# Shows what `up` would create for $BRANCH, and fails if the policy pack refuses it. Needs no
# cluster, no state and no credentials. It runs code that nobody has reviewed, so its job must be
# given none. All but the program is taken from $BASE, where that code has no say.
set -eu
: "${BASE:?is missing: a folder with the default branch, built}"

stack=$(sh "$BASE/ci/stack-name.sh" Pulumi.ci.yaml)
[ -n "$stack" ] || exit 0

# A preview needs a stack, so this one lives in a backend that ends with it.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PULUMI_BACKEND_URL="file://$scratch"
export PULUMI_CONFIG_PASSPHRASE=""
export KUBECONFIG="$BASE/ci/preview.kubeconfig"

cp Pulumi.ci.yaml "$scratch/settings.yaml"
pulumi stack select --create "$stack"
pulumi preview --stack "$stack" --config-file "$scratch/settings.yaml" \
  -c branch="$BRANCH" -c now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  --policy-pack "$BASE/policy" --policy-pack-config "$BASE/ci/policy.json"
