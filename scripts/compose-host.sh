#!/usr/bin/env bash
# Makes this host able to run docker compose without any registry; the images are those of scripts/compose-images.sh.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
source scripts/test-host.sh
source scripts/compose-images.sh
lacks() { echo "compose-host.sh: $1" >&2; exit 2; }

usage() {
  cat <<'HELP'
Usage: scripts/compose-host.sh up | down

up     finds a Docker engine with Compose and the images of docker-compose.yml, or provides them:
       an engine of its own (own socket, own data, under .data/compose), Compose and buildx, and
       images made from Debian's packages and this host's dotnet folder. No registry is asked.
       Grafana is in no Debian package: without its image it stays out.
       Then: set -a && source .data/compose/host.env && docker compose up --build --wait
down   stops that engine and removes its data. An engine that was here before is left alone.

PAYOUTS_TEST_COMPOSE_IMAGES   local (default): what the engine lacks is made here;
                              public: Compose pulls what the engine lacks
HELP
}

state=$PWD/.data/compose
images=${PAYOUTS_TEST_COMPOSE_IMAGES:-local}
[[ $images == local || $images == public ]] || lacks "PAYOUTS_TEST_COMPOSE_IMAGES is '$images'; it must be local or public"

# The images that compose pulls, as docker-compose.yml has them; Grafana is looked at, not needed.
public_images() { grep -oE '\$\{[A-Z_]+_IMAGE:-[^}]+\}' docker-compose.yml | grep -v GRAFANA | sed -E 's/.*:-([^}]+)\}/\1/' | sort -u; }

has_public_images() {
  local image
  for image in $(public_images); do docker image inspect "$image" > /dev/null 2>&1 || return 1; done
}

# 2.24 is the first that can replace a published port; buildx gives Compose its builder.
has_compose() {
  local version
  version=$(docker compose version --short 2> /dev/null) || return 1
  [[ $(printf '%s\n' 2.24.0 "${version#v}" | sort -V | head -n 1) == 2.24.0 ]] && docker buildx version > /dev/null 2>&1
}

provide_compose() {
  has_compose && return 0
  echo "== fetching Compose and buildx"
  local folder
  folder=$(mktemp -d)
  unpack_from_trixie "$folder" docker-compose docker-buildx || { rm -rf "$folder"; lacks "Compose and buildx could not be fetched. Install both (Compose from 2.24 on)"; }
  mkdir -p "$state/docker/cli-plugins" && mv "$folder"/usr/libexec/docker/cli-plugins/docker-* "$state/docker/cli-plugins/"
  rm -rf "$folder"
  export DOCKER_CONFIG=$state/docker
  has_compose || lacks "the Compose that was fetched does not run here. Install it (from 2.24 on) and buildx"
}

# It touches nothing of another engine's: no common bridge (Compose makes one for each project), and none of the host's packet filter, whose chains an engine
# empties when it starts. Ports are published by its proxy, and no container needs the world outside.
start_engine() {
  ((EUID == 0)) || lacks "no engine with the images answers, and an engine of its own needs root"
  local missing=()
  command -v dockerd > /dev/null || missing+=(docker.io)
  # For the names within a container's own network.
  command -v iptables > /dev/null || missing+=(iptables)
  install_packages "${missing[@]}"
  command -v docker > /dev/null || install_packages docker-cli
  local driver run started
  # Short, and not below the checkout: a socket's path may have 108 bytes.
  run=$(mktemp -d /tmp/payouts-compose.XXXXXX)
  mkdir -p "$state"
  export DOCKER_HOST="unix://$run/docker.sock"
  for driver in overlay2 vfs; do
    setsid dockerd --host "$DOCKER_HOST" --data-root "$state/engine" --exec-root "$run/exec" --pidfile "$run/docker.pid" --bridge none \
      --iptables=false --ip-forward=false --storage-driver "$driver" > "$state/dockerd.log" 2>&1 < /dev/null {lock}>&- &
    started=$!
    while kill -0 "$started" 2> /dev/null && ! docker_answers; do sleep 0.2; done
    if docker_answers; then
      echo "== started Docker engine $(docker version --format '{{.Server.Version}}') of its own, storage $driver"
      echo "$run" > "$state/engine-run"
      return 0
    fi
    rm -rf "$state/engine"
  done
  tail -n 20 "$state/dockerd.log" >&2
  rm -rf "$run"
  lacks "the Docker engine does not start here"
}

stop_engine() {
  local run pid
  run=$(< "$state/engine-run")
  if pid=$(cat "$run/docker.pid" 2> /dev/null) && [[ $(cat "/proc/$pid/comm" 2> /dev/null) == dockerd ]]; then
    kill -TERM "$pid" 2> /dev/null
    timeout 90 tail --pid="$pid" --follow /dev/null || { kill -KILL "$pid"; echo "compose-host.sh: the engine did not stop and was killed" >&2; }
  fi
  rm -rf "$run" "$state"
  echo "== stopped the Docker engine"
}

# What differs here: no build may ask anybody, for its image carries all that it needs, and what no image is there for stays out.
write_override() {
  echo "# Made by scripts/compose-host.sh."
  echo "services:"
  if [[ -s $state/images.env ]]; then
    local service
    for service in $(awk '/^  [a-z-]+:$/ {service = $1} /^    build:$/ {print service}' docker-compose.yml); do printf '  %s\n    build: {network: none}\n' "$service"; done
    docker image inspect "$(sed -nE 's/.*\$\{GRAFANA_IMAGE:-([^}]+)\}.*/\1/p' docker-compose.yml)" > /dev/null 2>&1 \
      || { echo "== no image of Grafana is here: it stays out" >&2; printf '  grafana:\n    profiles: [without-an-image]\n'; }
  else
    echo "  rounds: {}"
  fi
}

up() {
  if [[ -f $state/host.env ]]; then
    set -a; source "$state/host.env"; set +a
    if docker_answers; then echo "== the engine of an earlier 'up' answers"; return 0; fi
    unset DOCKER_HOST DOCKER_CONFIG COMPOSE_FILE COMPOSE_ENV_FILES COMPOSE_PARALLEL_LIMIT
  fi
  # What an earlier one left behind when the host went down, or it was killed.
  [[ -d $state ]] && down
  if docker_answers && { [[ $images == public ]] || has_public_images; }; then echo "== Docker answers and has the images, or may pull them"
  else start_engine; fi
  provide_compose
  mkdir -p "$state"
  : > "$state/images.env"
  if [[ $images == local ]] && ! has_public_images; then make_images "$state/images.env" || { [[ -f $state/engine-run ]] && stop_engine; lacks "the images could not be made"; }; fi
  write_override > "$state/override.yml"
  {
    for name in DOCKER_HOST DOCKER_CONFIG; do [[ -n ${!name:-} ]] && echo "$name='${!name}'"; done
    echo "COMPOSE_FILE='$PWD/docker-compose.yml:$state/override.yml'"
    echo "COMPOSE_ENV_FILES='$state/images.env'"
    # Six compilers at once are slower than one after the other, and need the memory of six.
    echo "COMPOSE_PARALLEL_LIMIT='1'"
  } > "$state/host.env"
}

down() {
  if [[ -f $state/engine-run ]]; then stop_engine; else rm -rf "$state"; fi
}

# One at a time: a second "up" would take the first one's half-made engine for one that was left behind.
locked() {
  mkdir -p .data && exec {lock}> .data/compose.lock && flock "$lock" || lacks "cannot lock $PWD/.data/compose.lock"
  "$1"
}

case ${1:-} in
  up | down) locked "$1" ;;
  -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac; exit
