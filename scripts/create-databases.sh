#!/bin/sh
# Runs once, in the database container, when its data folder is empty: a role and a database for each service.
# No service can read another one's tables.
set -eu

for service in rounds payout_builder payout_signer payout_submitter; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set password="$SERVICE_PASSWORD" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke connect on database :"service" from public;
SQL
done
