#!/usr/bin/env bash
# Writes manifests.yaml from the chart's default values, for who does not use Helm. Needs helm.
#   deploy/kubernetes/render.sh           writes it
#   deploy/kubernetes/render.sh --check   fails when it is not what the chart gives
set -euo pipefail
cd "$(dirname "$0")"

render() {
    echo "# Written by render.sh from the chart with its default values."
    helm template tailscale2otel chart
}

if [ "${1:-}" = --check ]; then
    render | diff - manifests.yaml
else
    render >manifests.yaml
fi
