#!/bin/sh
# Renders the services below SOURCE into TARGET, a folder that a Flux Kustomization points to. A revision that cannot work
# changes nothing.
set -eu
source=${1:-services}
target=${2:-rendered}
aimctl validate "$source" --quiet
aimctl render "$source" --output-dir "$target" --prune --quiet
