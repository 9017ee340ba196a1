#!/bin/sh
# Installs the peers of `npm run bench -- peers` into .cache/peers, outside the project's own node_modules.
#   bench/peers/install/install.sh            all of them
#   bench/peers/install/install.sh redis npm  parts: redis, postgres, npm, python
# Redis and PostgreSQL come from Debian's packages, which are unpacked and not installed: no root, no service. On another
# system, put redis-server and PostgreSQL's programs on PATH. The benchmark skips a peer whose parts are missing.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
place="$here/../../../.cache/peers"
mkdir -p "$place"
place=$(CDPATH= cd -- "$place" && pwd)
note() { echo "peers: $*" >&2; }

# Unpacks Debian packages into $place/debian.
unpack() {
  command -v apt-get >/dev/null || { note "no apt-get: put $1 on PATH"; return 1; }
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download "$@" && for file in *.deb; do dpkg -x "$file" "$place/debian"; done) >&2 || {
    rm -rf "$folder"
    return 1
  }
  rm -rf "$folder"
}

redis() {
  if command -v redis-server >/dev/null; then note 'redis-server is on PATH'; return; fi
  unpack redis-server redis-tools libjemalloc2 liblzf1 liblua5.1-0
}

postgres() {
  if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    note 'PostgreSQL is installed'
    return
  fi
  version=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -1)
  unpack "postgresql-$version" "postgresql-client-$version" libpq5
}

npm_packages() {
  mkdir -p "$place/programs"
  cp "$here/package.json" "$here/package-lock.json" "$place/programs/"
  (cd "$place/programs" && npm ci --no-fund --no-audit) >&2
}

python() {
  python3 -m venv "$place/python"
  "$place/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
}

[ $# -gt 0 ] || set -- redis postgres npm python
failed=0
for part in "$@"; do
  case $part in
    redis | postgres | python) "$part" ;;
    npm) npm_packages ;;
    *) note "unknown part $part. Parts: redis, postgres, npm, python"; exit 2 ;;
  esac || { note "$part failed; the benchmark skips the peers that need it"; failed=1; }
done
exit $failed
