#!/bin/sh
# As the official image: an empty data folder becomes a cluster with one superuser, and the scripts of /docker-entrypoint-initdb.d run once, while
# the server listens on its socket only.
set -eu
export POSTGRES_USER="${POSTGRES_USER:-postgres}"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is missing: it becomes the password of $POSTGRES_USER}" > "$password"
  initdb --username="$POSTGRES_USER" --pwfile="$password" --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8
  rm "$password"
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl --options="-c listen_addresses=''" --wait start
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ -e "$script" ] || continue
    echo "entrypoint: running $script"
    if [ -x "$script" ]; then "$script"; else sh "$script"; fi
  done
  pg_ctl --mode=fast --wait stop
fi

exec postgres -c listen_addresses='*' "$@"
