#!/usr/bin/env bash
# Times whole processes over one corpus: aimctl, the tools that do part of the same, and the YAML parser alone.
#
#   benches/compare.sh [COUNT...]       default: 1000 10000
#
# CPU seconds (user + system; the median of RUNS runs, 3 by default) and peak memory, as a table on standard output.
# What is not on the PATH is left out: kubeconform and kubectl-validate (`go install
# github.com/yannh/kubeconform/cmd/kubeconform@latest`, `go install sigs.k8s.io/kubectl-validate@latest`), kubectl, helm.
# Everything is made below target/compare.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$here/target/compare
runs=${RUNS:-3}
mkdir -p "$work"
[ $# -gt 0 ] || set -- 1000 10000

cargo build --release --locked --bin aimctl
cargo build --release --manifest-path benches/Cargo.toml --target-dir target/benches --bins
aimctl=$here/target/release/aimctl
corpus=$here/target/benches/release/corpus
floor=$here/target/benches/release/floor
export PATH="$PATH:$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin"

# One line: CPU seconds and peak kilobytes of a command, the median of all runs by CPU.
measure() {
  for _ in $(seq "$runs"); do
    # Findings are an exit code other than 0.
    { /usr/bin/env time -f '%U %S %M' -o "$work/time" "$@" >/dev/null 2>&1; } || true
    tail -1 "$work/time" | awk '{ printf "%.3f %d\n", $1 + $2, $3 }'
  done | sort -n | sed -n "$(((runs + 1) / 2))p"
}

row() {
  local name=$1 count=$2
  shift 2
  measure "$@" | awk -v name="$name" -v count="$count" \
    '{ printf "| %s | %s | %.2f | %.1f | %d |\n", name, count, $1, $1 * 1e6 / count, $2 / 1024 }'
}

echo "| what | services | CPU s | µs a service | peak MB |"
echo "| --- | ---: | ---: | ---: | ---: |"
row "aimctl render, start-up" 1 "$aimctl" render examples/seed/static.yaml
for count in "$@"; do
  file=$work/corpus-$count.yaml
  [ -f "$file" ] || "$corpus" "$count" "$file"
  folder=$work/corpus-$count
  [ -d "$folder" ] || { mkdir "$folder"; "$corpus" "$count" "$folder/"; }

  row "floor: the parser's events, one file" "$count" "$floor" "$file"
  row "floor: the parser's events, many files" "$count" "$floor" "$folder"
  row "aimctl validate, one file" "$count" "$aimctl" validate "$file" --no-config --format concise
  row "aimctl validate, many files" "$count" "$aimctl" validate "$folder" --no-config --format concise
  row "aimctl render, one file" "$count" "$aimctl" render "$file" --no-config
  if command -v kubeconform >/dev/null; then
    row "kubeconform, one file" "$count" kubeconform -n 2 -schema-location "$here/schemas/{{ .ResourceKind }}.{{ .ResourceAPIVersion }}.json" "$file"
  fi
  if command -v kubectl-validate >/dev/null && [ "$count" -le 1000 ]; then
    row "kubectl-validate, many files" "$count" kubectl-validate --local-crds "$here/tests/crds" "$folder"
  fi
  rendered=$work/rendered-$count
  if command -v kubectl >/dev/null && [ "$count" -le 1000 ]; then
    [ -d "$rendered" ] || "$aimctl" render "$file" --no-config --expected docs --keep-going --output-dir "$rendered" >/dev/null 2>&1 || true
    row "kubectl kustomize, the rendered objects" "$count" kubectl kustomize "$rendered"
  fi
  if command -v helm >/dev/null && [ "$count" -le 1000 ]; then
    chart=$work/chart-$count
    mkdir -p "$chart/templates"
    printf 'apiVersion: v2\nname: corpus\nversion: 0.1.0\n' >"$chart/Chart.yaml"
    "$aimctl" render "$file" --no-config --expected docs --keep-going 2>/dev/null | sed 's/{{/{{"{{"}}/g' >"$chart/templates/all.yaml"
    row "helm template, the same objects" "$count" helm template "$chart"
  fi
done
