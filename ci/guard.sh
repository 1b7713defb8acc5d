#!/bin/sh
# Ends with 2 when the variables of the job would have `pulumi` work on a cluster that nobody chose,
# or on what others made. Shows no value: there may be a credential in it.
set -eu
: "${KUBECONFIG:?is missing: the kubeconfig of the cluster for review environments}"

faults=""
fault() {
  faults=yes
  echo "error: $1" >&2
}

# Without any file, Kubernetes clients take the very cluster that the runner is in.
found=no
set -f
IFS=:
for path in $KUBECONFIG; do
  [ ! -f "$path" ] || found=yes
done
unset IFS
case $KUBECONFIG in
  *"
"* | *[{}]*) found=no ;;
esac
if [ "$found" = no ]; then
  fault "KUBECONFIG names no file. Give it a path, not the content of a kubeconfig; on GitLab make it a variable of the type File."
fi

# The provider's options of components/core/rules/providers.ts. NAME HARMLESS
harmless() {
  value=$(printenv "$1" || :)
  case $value in
    "" | "$2") ;;
    *) fault "$1 lets \`pulumi\` take over, overwrite or forget what is on the cluster. Unset it." ;;
  esac
}
harmless PULUMI_K8S_UPSERT_EXISTING_OBJECTS false
harmless PULUMI_K8S_ENABLE_PATCH_FORCE false
harmless PULUMI_K8S_SKIP_UPDATE_UNREACHABLE false
harmless PULUMI_K8S_DELETE_UNREACHABLE false
harmless PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY true

[ -z "$faults" ] || exit 2
