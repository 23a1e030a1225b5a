#!/usr/bin/env bash
# Times whole processes over one corpus: aimctl, the tools that do part of the same, and the YAML parser alone.
#
#   benches/compare.sh [COUNT...]       services; default: 1000 10000 100000
#
# One table on standard output; each row is the median of RUNS runs (default 3). `cores` is CPU time by elapsed time;
# `floor` and `aimctl` say how many times the CPU time of the floor, and of aimctl's row for the same job, a row takes.
#
# What is not on the PATH is left out (a line on standard error says so): kubeconform, kubectl-validate, kubectl, helm.
# They are built from their Go modules:
#   go install github.com/yannh/kubeconform/cmd/kubeconform@latest
#   go install sigs.k8s.io/kubectl-validate@latest
#   go install helm.sh/helm/v3/cmd/helm@latest
# kubectl-validate, kustomize and helm get at most SLOW services (default 1000): they need minutes beyond.
# AIMCTL is the program that is measured; without it target/release/aimctl is built. Everything is made below
# target/compare, 100,000 services take 1 GB there.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$here/target/compare
runs=${RUNS:-3}
slow=${SLOW:-1000}
mkdir -p "$work"
[ $# -gt 0 ] || set -- 1000 10000 100000

if [ -z "${AIMCTL:-}" ]; then
  cargo build --release --locked --bin aimctl
  AIMCTL=$here/target/release/aimctl
fi
aimctl=$(realpath "$AIMCTL")
cargo build --release --locked --manifest-path benches/Cargo.toml --target-dir target/benches --bins
tools=$here/target/benches/release
GOBIN=$(go env GOBIN 2>/dev/null || true)
GOPATH=$(go env GOPATH 2>/dev/null || echo "$HOME/go")
export PATH="$PATH:${GOBIN:-$GOPATH/bin}"

have() {
  command -v "$1" >/dev/null && return
  echo "$1 is not on the PATH: its rows are left out" >&2
  return 1
}

# row NAME SERVICES OBJECTS COMMAND...: the CPU time of the last row stays in $cpu.
row() {
  local name=$1 count=$2 objects=$3 line
  shift 3
  if ! line=$("$tools/measure" "$runs" "$@" 2>"$work/stderr"); then
    tail -3 "$work/stderr" >&2
    echo "| $name | $count | $objects | failed | | | | | |"
    cpu=0
    return
  fi
  cpu=$(cut -d' ' -f2 <<<"$line")
  awk -v name="$name" -v count="$count" -v objects="$objects" -v floor="${floor:-0}" -v ours="${ours:-0}" '
    function times(of) { return (of > 0) ? sprintf("%.2f", $2 / of) : "" }
    {
      seconds = $2 < 0.1 ? "%.4f" : "%.2f"
      cores = ($1 > 0) ? $2 / $1 : 0
      printf "| %s | %s | %s | " seconds " | " seconds " | %.1f | %.0f | %s | %s |\n",
        name, count, objects, $1, $2, cores, $3 / 1024, times(floor), times(ours)
    }' <<<"$line"
}

# How many objects a stream of YAML holds.
objects() { grep -c '^kind:' || true; }

# The CRDs as kubectl-validate reads them; tests/crds holds their specs, each schema without its wrapper.
mkdir -p "$work/crds"
if have jq; then
  for spec in tests/crds/aim.*.json; do
    jq '{apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition",
      metadata: {name: (.names.plural + "." + .group)},
      spec: (.versions |= map(.schema = {openAPIV3Schema: .schema} | del(.printerColumns)))}' \
      "$spec" >"$work/crds/$(basename "$spec" .json).yaml"
  done
fi

echo "| what | services | objects | elapsed s | CPU s | cores | peak MB | × floor | × aimctl |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
count=$("$aimctl" render -q examples/seed/static.yaml --no-config | objects)
runs=25 row "aimctl render, start-up" 1 "$count" "$aimctl" render examples/seed/static.yaml --no-config
for count in "$@"; do
  floor='' ours=''
  file=$work/corpus-$count.yaml
  [ -f "$file" ] || "$tools/corpus" "$count" "$file"
  folder=$work/corpus-$count
  [ -d "$folder" ] || { mkdir "$folder"; "$tools/corpus" "$count" "$folder/"; }

  row "floor: the parser's events, one file" "$count" "$count" "$tools/floor" "$file"
  one=$cpu
  row "floor: the parser's events, many files" "$count" "$count" "$tools/floor" "$folder"
  many=$cpu

  floor=$one
  row "aimctl validate, one file" "$count" "$count" "$aimctl" validate "$file" --no-config --format concise
  ours=$cpu
  if have kubeconform; then
    row "kubeconform, one file, the same schema" "$count" "$count" \
      kubeconform -n 2 -schema-location "$here/schemas/{{ .ResourceKind }}.{{ .ResourceAPIVersion }}.json" "$file"
  fi
  floor=$many ours=''
  row "aimctl validate, many files" "$count" "$count" "$aimctl" validate "$folder" --no-config --format concise
  ours=$cpu
  if [ "$count" -le "$slow" ] && have kubectl-validate && have jq; then
    row "kubectl-validate, many files, the same CRDs" "$count" "$count" \
      kubectl-validate --local-crds "$work/crds" "$folder"
  fi

  floor=$one ours=''
  rendered=$work/rendered-$count.yaml
  "$aimctl" render "$file" --no-config --expected docs >"$rendered" 2>/dev/null
  made=$(objects <"$rendered")
  row "aimctl render" "$count" "$made" "$aimctl" render "$file" --no-config --expected docs
  ours=$cpu
  [ "$count" -le "$slow" ] || continue
  if have helm; then
    # The objects stand in the template as they are, which is the least that helm can be asked to do for them.
    chart=$work/chart-$count
    mkdir -p "$chart/templates"
    printf 'apiVersion: v2\nname: corpus\nversion: 0.1.0\n' >"$chart/Chart.yaml"
    # helm takes no file over 5 MB.
    sed 's/{{/{{"{{"}}/g' "$rendered" | awk -v folder="$chart/templates" '
      /^---/ && size > 4e6 { part++; size = 0 }
      { size += length($0) + 1; print >(folder "/" part + 0 ".yaml") }'
    made=$(helm template "$chart" | objects)
    row "helm template, the same objects" "$count" "$made" helm template "$chart"
  fi
  if have kubectl; then
    kustomization=$work/kustomization-$count
    mkdir -p "$kustomization"
    # What is only expected is marked as local configuration, which kustomize would leave out.
    sed '/^ *config.kubernetes.io\/local-config:/d' "$rendered" >"$kustomization/all.yaml"
    printf 'resources: [all.yaml]\n' >"$kustomization/kustomization.yaml"
    made=$(kubectl kustomize "$kustomization" | objects)
    row "kubectl kustomize, the same objects" "$count" "$made" kubectl kustomize "$kustomization"
  fi
done
