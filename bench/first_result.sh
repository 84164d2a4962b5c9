#!/usr/bin/env bash
# Measures the README's first command on a machine with Node, cargo and git but
# nothing of the project's: a fresh clone, an empty home, empty caches of npm,
# Deno and cargo.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git clone --quiet "$root" "$scratch/loadstar"
mkdir "$scratch/home"
cd "$scratch/loadstar"

# Certificates and registries of the machine count; its caches do not.
kept=()
for name in SSL_CERT_FILE NODE_EXTRA_CA_CERTS HTTPS_PROXY https_proxy; do
  if [[ -n ${!name:-} ]]; then kept+=("$name=${!name}"); fi
done
TIMEFORMAT="first result after %R s (%U s of processor time)"
time env -i "${kept[@]}" PATH="$PATH" HOME="$scratch/home" \
  RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" \
  CARGO_HOME="$scratch/home/.cargo" \
  npm_config_registry="$(npm config get registry)" \
  DENO_TLS_CA_STORE=system,mozilla \
  npx -y deno@2.9.6 task train-dqn >"$scratch/out" 2>"$scratch/err" || {
  cat "$scratch/err"
  exit 1
}
head -n 4 "$scratch/out"
