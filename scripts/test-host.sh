# Sourced by test.sh: makes sure that this host has what the tests need, installing by apt what is missing.
# Only Debian and Ubuntu are known; elsewhere it says what is missing and stops.

lacks() { echo "test.sh: $1" >&2; exit 2; }

# Installs the named Debian packages; apt is not touched when there is nothing to install.
install_packages() {
  (($# == 0)) && return 0
  command -v apt-get > /dev/null || lacks "missing: $*. Install them (there is no apt-get here), or start a Docker engine"
  local as_root=()
  if ((EUID != 0)); then
    sudo -n true 2> /dev/null || lacks "missing: $*. Run once as root: apt-get install -y $*"
    as_root=(sudo -n)
  fi
  echo "== installing $*"
  local out
  out=$({ "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@"; } 2>&1 < /dev/null) \
    || { tail -n 20 <<< "$out" >&2; lacks "apt-get could not install: $*"; }
}

# Whether a kubectl with kustomize 5, or kustomize 5 itself, is there: an older one does not know components.
has_kustomize() {
  kubectl version --client 2> /dev/null | grep -qE '^Kustomize Version: v([5-9]|[1-9][0-9])' && return 0
  kustomize version 2> /dev/null | grep -qE '^v?([5-9]|[1-9][0-9])\.|^\(devel\)$'
}

# The mirror that this host takes most of its packages from.
package_mirror() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | sort | uniq -c | sort -rn | awk 'NR == 1 {print $2}'; }

# Unpacks packages of Debian's trixie into a folder, by the mirror that this host uses: nothing on the host is changed. For what this release has too old or not at all.
unpack_from_trixie() { # folder, packages
  local target=$1 folder apt out
  shift
  folder=$(mktemp -d)
  mkdir -p "$folder/lists/partial" "$folder/archives/partial" "$folder/parts" "$target"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(package_mirror) trixie main" > "$folder/sources.list"
  apt=(apt-get -o "Dir::Etc::sourcelist=$folder/sources.list" -o "Dir::Etc::sourceparts=$folder/parts" -o "Dir::State::lists=$folder/lists"
    -o "Dir::Cache::archives=$folder/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o "APT::Sandbox::User=$(id -un)")
  if ! out=$({ "${apt[@]}" update -qq && cd "$folder" && "${apt[@]}" download -qq "$@" && for one in *.deb; do dpkg -x "$one" "$target" || exit; done; } 2>&1 < /dev/null); then
    tail -n 20 <<< "$out" >&2
    rm -rf "$folder"
    return 1
  fi
  rm -rf "$folder"
}

# The manifests under k8s/ are built by the tests. This release's own package may be too old or missing, so kustomize comes from the release that has 5.6,
# into this repository's own folder.
provide_kustomize() {
  export PATH="$PWD/.data/bin:$PATH"
  has_kustomize && return 0
  command -v apt-get > /dev/null || lacks "kustomize 5 is missing. Install it, or a kubectl from 1.27 on"
  echo "== fetching kustomize"
  local folder
  folder=$(mktemp -d)
  unpack_from_trixie "$folder" kustomize || { rm -rf "$folder"; lacks "kustomize 5 could not be fetched. Install it, or a kubectl from 1.27 on"; }
  mkdir -p .data/bin && mv "$folder/usr/bin/kustomize" .data/bin/kustomize
  rm -rf "$folder"
  has_kustomize || lacks "the kustomize that was fetched does not run here. Install kustomize 5, or a kubectl from 1.27 on"
}

docker_answers() { command -v docker > /dev/null && timeout 15 docker info > /dev/null 2>&1; }

# An engine without the images, and without a registry to pull them from, is no help.
docker_has_images() {
  local image
  for image in "${PAYOUTS_TEST_POSTGRES_IMAGE:-postgres:17}" "${PAYOUTS_TEST_RABBITMQ_IMAGE:-rabbitmq:4.0-management}"; do
    docker image inspect "$image" > /dev/null 2>&1 || timeout 300 docker pull -q "$image" > /dev/null 2>&1 || { missing_image=$image; return 1; }
  done
}

choose_servers() {
  local mode=${PAYOUTS_TEST_SERVERS:-auto} missing_image=''
  case $mode in
    auto)
      if ! docker_answers; then mode=local
      elif ! docker_has_images; then mode=local; echo "== Docker answers but cannot provide the image $missing_image"
      else mode=docker; fi ;;
    docker)
      docker_answers || lacks "PAYOUTS_TEST_SERVERS=docker, but no Docker engine answers"
      docker_has_images || lacks "PAYOUTS_TEST_SERVERS=docker, but the image $missing_image is neither here nor can it be pulled" ;;
    local) ;;
    *) lacks "PAYOUTS_TEST_SERVERS is '$mode'; it must be auto, docker or local" ;;
  esac
  export PAYOUTS_TEST_SERVERS=$mode
  if [[ $mode == docker ]]; then echo "== servers: docker containers"; else echo "== servers: private local processes"; fi
}

check_host() {
  command -v dotnet > /dev/null || lacks "the .NET 10 SDK is missing: no dotnet on the PATH"
  dotnet --version > /dev/null 2>&1 || lacks "the .NET 10 SDK is missing: installed are $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd, - | sed 's/^$/none/'), global.json asks for 10.0.100 or a later 10.0 one"
  choose_servers
  local packages=()
  command -v node > /dev/null || packages+=(nodejs)
  command -v npm > /dev/null || packages+=(npm)
  # Prometheus and Alertmanager run as plain processes of a test, with or without Docker.
  { command -v prometheus && command -v promtool; } > /dev/null || packages+=(prometheus)
  { command -v prometheus-alertmanager && command -v amtool; } > /dev/null || packages+=(prometheus-alertmanager)
  # The PKCS#11 library that the signers' tests sign with.
  find /usr/lib /usr/lib64 /usr/local/lib -name libsofthsm2.so -print -quit 2> /dev/null | grep -q . || packages+=(softhsm2)
  if [[ $PAYOUTS_TEST_SERVERS == local ]]; then
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || packages+=(rabbitmq-server)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || packages+=(postgresql)
    command -v setpriv > /dev/null || packages+=(util-linux)
  fi
  install_packages "${packages[@]}"
  if [[ "${projects[*]}" == *tests/Deployment/* ]]; then provide_kustomize; fi
  if [[ ${PAYOUTS_TEST_COMPOSE:-} == 1 && "${projects[*]}" == *tests/Compose/* ]]; then provide_compose_host; fi
}

# The engine and the images for docker-compose.yml itself. What somebody brought up before is used and left alone.
provide_compose_host() {
  [[ -f .data/compose/host.env ]] || brought_compose_up=1
  scripts/compose-host.sh up || lacks "docker-compose.yml cannot be run here"
}

leave_host() {
  if [[ -n ${brought_compose_up:-} ]]; then scripts/compose-host.sh down; fi
}
