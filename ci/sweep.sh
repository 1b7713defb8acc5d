#!/bin/sh
# Judges all stacks of the backend by their states, looks in the cluster whether each has its namespace
# and each namespace its stack, and fails when one of them is refused or cannot be judged. For a
# nightly job: it finds what was made past the pipelines, what has outlived a rule's change, and what
# was left behind. Stacks that `permanent-stacks` names may stay; all others are review environments.
# SWEEP_PROJECTS: where other backends have environments in the same cluster, the projects whose
# namespaces are looked for, as in `shop blog`. Defaults to all.
set -eu
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"
: "${KUBECONFIG:?is missing: the kubeconfig of somebody who may read namespaces}"

# In an empty folder stacks have their full names, and no file of a checkout has a say.
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
cd "$empty"

names='JSON.parse(fs.readFileSync(0)).map(({ name }) => name).sort().join("\n")'
listed=$(pulumi stack ls --all --json)
stacks=$(printf '%s' "$listed" | node -p "$names")

refused=""
for stack in $stacks; do
  configuration=policy.json
  if grep -Fqx -e "$stack" "$BASE/ci/permanent-stacks"; then
    configuration=policy.permanent.json
  fi
  echo "Stack $stack, by $configuration:"
  sh "$BASE/ci/judge.sh" "$stack" "$BASE/ci/$configuration" || refused="$refused $stack"
done

# Its words have no spaces: names of stacks and of projects.
permanent=$(grep -v '^#' "$BASE/ci/permanent-stacks" || :)
set -f
set -- ${permanent:+--except $permanent} ${SWEEP_PROJECTS:+--project $SWEEP_PROJECTS}
set +f
matched=yes
"$BASE/node_modules/.bin/review" sweep "$@" || matched=no

[ -z "$refused" ] ||
  echo "error: these stacks are refused, or could not be judged:$refused" >&2
[ -z "$refused" ] && [ "$matched" = yes ]
