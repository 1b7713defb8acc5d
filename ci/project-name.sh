#!/bin/sh
# Prints the Pulumi project of a folder, as its Pulumi.yaml names it.
# Usage: project-name.sh FOLDER
set -eu
file=${1?is missing: the folder}/Pulumi.yaml

# One line, at the left, with or without quotes and a comment; whatever else is not guessed at.
name=$(sed -n "s/^name:[[:space:]]*\([\"']\{0,1\}\)\([A-Za-z0-9_.-]\{1,100\}\)\1\([[:space:]]\{1,\}#.*\)\{0,1\}[[:space:]]*\$/\2/p" "$file")
case $name in
  "" | *[!A-Za-z0-9_.-]*)
    echo "error: $file does not say the project in one line, such as \`name: shop\`." >&2
    exit 2
    ;;
esac
echo "$name"
