#!/bin/sh
# Judges all stacks of the backend by their states, and fails when one of them is refused or cannot
# be judged. For a nightly job: it finds what was made past the pipelines, and what has outlived a
# rule's change. Stacks that `permanent-stacks` names may stay; all others are review environments.
set -eu
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"

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
[ -n "$refused" ] || exit 0
echo "error: these stacks are refused, or could not be judged:$refused" >&2
exit 1
