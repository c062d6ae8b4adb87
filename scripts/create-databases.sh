#!/bin/sh
# Runs once, in the database container, when its data folder is empty: a role and a database for each service.
# No service can read another one's tables.
set -eu
# From the environment, or from a file as Kubernetes mounts it.
SERVICE_PASSWORD=${SERVICE_PASSWORD:-$(cat "${SERVICE_PASSWORD_FILE:?SERVICE_PASSWORD or SERVICE_PASSWORD_FILE is missing}")}

for service in rounds payout_builder payout_signer payout_submitter; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set password="$SERVICE_PASSWORD" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke connect on database :"service" from public;
SQL
done
