#!/bin/sh
# Prints the Krew manifest of a release: manifest.sh VERSION URL FOLDER. URL is where the archives can be downloaded, FOLDER
# holds them.
set -eu
version=$1
url=$2
folder=$3
cat << END
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: aim
spec:
  version: $version
  shortDescription: Render, check and diff AIMServices offline
  description: |
    Derives from AIMService YAML every Kubernetes object that AMD AIM Engine, KServe, KEDA and the OpenTelemetry operator
    would make of it, and everything that they would refuse. It needs no cluster: kubectl aim validate services/
  caveats: |
    kubectl aim reads files only; it never talks to the cluster that kubectl is configured for.
  platforms:
END
platform() {
  archive=aimctl-$3.tar.gz
  sum=$(sha256sum "$folder/$archive" | cut -d ' ' -f 1)
  cat << END
    - selector:
        matchLabels:
          os: $1
          arch: $2
      uri: $url/$archive
      sha256: $sum
      bin: $4
END
}
platform linux amd64 x86_64-unknown-linux-musl kubectl-aim
platform linux arm64 aarch64-unknown-linux-musl kubectl-aim
platform darwin amd64 x86_64-apple-darwin kubectl-aim
platform darwin arm64 aarch64-apple-darwin kubectl-aim
platform windows amd64 x86_64-pc-windows-msvc kubectl-aim.exe
