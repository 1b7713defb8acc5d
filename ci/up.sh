#!/bin/sh
# Brings the environment of $BRANCH up, or up to date, and leaves the checkout as it was.
# What the policy pack of $BASE refuses in a single object is not created.
set -eu
: "${BASE:?is missing: a folder with the default branch, built}"
: "${PULUMI_BACKEND_URL:?is missing: where the state of the environments is kept}"
sh "$BASE/ci/guard.sh"

stack=$(sh "$BASE/ci/stack-name.sh" Pulumi.ci.yaml)
[ -n "$stack" ] || exit 0

# Who destroys the environment looks for it in the default branch's project.
project=$(sh "$BASE/ci/project-name.sh" .)
reviewed=$(sh "$BASE/ci/project-name.sh" "$BASE")
if [ "$project" != "$reviewed" ]; then
  echo "error: Pulumi.yaml names the project $project, and the default branch's names $reviewed. Rename it on the default branch first." >&2
  exit 2
fi

# A run that waited while its branch was deleted must not bring the environment back, because
# nothing would remove it again. 2 means that there is no such branch; all else is a failure.
code=0
git ls-remote --exit-code --heads origin "refs/heads/$BRANCH" >/dev/null || code=$?
if [ "$code" -eq 2 ]; then
  echo "The branch is gone, so it gets no environment."
  exit 0
fi
[ "$code" -eq 0 ] || exit "$code"

# `up` alone does not create a stack.
pulumi stack select --create "$stack"

# `pulumi` writes the branch, the time and an encryption salt into the file, so it gets a copy.
settings=$(mktemp -d)/settings.yaml
cp Pulumi.ci.yaml "$settings"

# --skip-preview: nobody is there to look at it, the merge request has shown one, and the program
# reports all that is wrong before it creates anything. It would only run the program twice.
# --refresh: otherwise an environment that somebody deleted by hand would count as up to date.
# now: holes that expire close with the first run after their end.
. "$BASE/ci/pulumi.sh"
pulumi_for "$stack" up --yes --skip-preview --refresh \
  --config-file "$settings" -c branch="$BRANCH" -c now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  --policy-pack "$BASE/policy" --policy-pack-config "$BASE/ci/policy.json"
