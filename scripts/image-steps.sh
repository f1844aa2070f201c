#!/usr/bin/env bash
# The steps of the Dockerfile without a Docker engine: build from the tracked files alone, keep what production needs, and
# run it as an unprivileged user in a directory that it cannot write, against a Redis of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
build=$scratch/build app=$scratch/app
server= redis=

cleanup() {
  local process
  for process in $server $redis; do kill -KILL "$process" 2>/dev/null && wait "$process" 2>/dev/null || true; done
  chmod -R u+w "$scratch"
  rm -rf "$scratch"
}
trap cleanup EXIT

step() { printf 'image: %s\n' "$*"; }
fail() { printf 'image: %s\n' "$*" >&2; exit 1; }

# Runs a command as nobody where this script is root, else as the current user.
unprivileged() {
  if [[ $(id -u) == 0 ]]; then exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else exec "$@"; fi
}

# Runs one of the Dockerfile's commands in the build directory; one that the Dockerfile does not have is an error.
dockerfile_run() {
  grep -qxF "RUN $*" Dockerfile || fail "the Dockerfile has no line 'RUN $*'; change both alike"
  step "$*"
  (cd "$build" && "$@" >"$scratch/log" 2>&1) || { cat "$scratch/log" >&2; fail "'$*' failed"; }
}

# The tracked files; outside a repository, or before the first commit, the working tree.
sources() {
  local tracked
  tracked=$(git ls-files 2>/dev/null || true)
  if [[ -n $tracked ]]; then
    git ls-files -z | tar --null --files-from=- -cf -
  else
    tar --exclude=./node_modules --exclude=./dist --exclude=./.git -cf - .
  fi
}

# Below the ports that the system gives to whoever asks for any, so that nobody else takes it before it is used.
free_port() {
  node -e "
    const attempt = () => {
      const port = require('crypto').randomInt(10240, 22768), probe = require('net').createServer()
      probe.once('error', attempt).listen(port, '127.0.0.1', () => probe.close(() => console.log(port)))
    }
    attempt()"
}

# Fetches a URL until it answers 200, for some minutes at most while the server lives.
fetch_until_ok() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    kill -0 "$server" 2>/dev/null || fail 'the server ended'
    node -e "fetch(process.argv[1]).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))" "$1" && return
    sleep 0.2
  done
  fail "$1 did not answer 200 in time"
}

step 'copy the tracked files'
mkdir "$build"
sources | tar -x -C "$build"

dockerfile_run npm ci
dockerfile_run npm run build
dockerfile_run npm prune --omit=dev

step 'move dist, views, package.json and node_modules to a directory that belongs to root'
mkdir "$app"
mv "$build"/{dist,views,package.json,node_modules} "$app"
if [[ $(id -u) == 0 ]]; then chown -R 0:0 "$app"; fi
chmod -R a-w,a+rX "$app"
chmod a+x "$scratch"

step 'start Redis'
command -v redis-server >/dev/null || fail 'redis-server is missing: apt-get install redis-server'
redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$scratch" >"$scratch/redis.log" &
redis=$!

step 'start the server as an unprivileged user'
port=$(free_port)
secret_keys=$(node -p "require('crypto').randomBytes(32).toString('base64url')")
signing_keys=$(node -p "
  const { privateKey } = require('crypto').generateKeyPairSync('ec', { namedCurve: 'P-256' })
  JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'image', alg: 'ES256', use: 'sig' }] })")
cd "$app"
# Only these variables, as in a container: nothing of the caller's environment helps.
unprivileged env -i PATH="$PATH" NODE_ENV=production HOST=127.0.0.1 PORT="$port" ISSUER="http://127.0.0.1:$port" \
  REDIS_URL="redis://127.0.0.1:$redis_port" SECRET_KEYS="$secret_keys" SIGNING_KEYS="$signing_keys" node dist/main.js &
server=$!

for path in /healthz /readyz; do
  step "wait for $path"
  fetch_until_ok "http://127.0.0.1:$port$path"
done

step 'the server cannot write its directory'
for path in written dist/written package.json; do
  if (unprivileged node -e "require('fs').appendFileSync(process.argv[1], '')" "$path" 2>/dev/null); then
    fail "$path can be written"
  fi
done

step 'stop the server with SIGTERM'
kill -TERM "$server"
code=0
wait "$server" || code=$?
server=
[[ $code == 0 ]] || fail "the server ended with code $code after SIGTERM"

step 'done'
