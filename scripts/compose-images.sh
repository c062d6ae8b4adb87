# Sourced by compose-host.sh: makes the base images of docker-compose.yml without a registry, from tests/Compose/images. For tests only.
# Each is tagged with the version that is really inside.

image_files=tests/Compose/images

# What a command says, when it fails.
quietly() {
  local out
  out=$("$@" 2>&1 < /dev/null) || { tail -n 40 <<< "$out" >&2; return 1; }
}

# A build from a tar on the standard input. The packages come through the host's own network: this engine has no bridge.
build_from_tar() { # tag, build arguments
  local tag=$1 log
  shift
  log=$(mktemp)
  docker build --network host --quiet --tag "$tag" "$@" - > "$log" 2>&1 || { tail -n 40 "$log" >&2; rm -f "$log"; return 1; }
  rm -f "$log"
}

# Debian's smallest system, as the slim image.
make_debian() { # prints the image
  local folder version image
  command -v mmdebstrap > /dev/null || install_packages mmdebstrap >&2
  folder=$(mktemp -d)
  # As in the official image: a layer that is lost is built again, so dpkg need not wait for the disk.
  quietly mmdebstrap --variant=minbase --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' trixie "$folder/debian.tar" "$(package_mirror)" || { rm -rf "$folder"; return 1; }
  version=$(tar -xOf "$folder/debian.tar" ./etc/debian_version) image=payouts-local/debian:$version
  quietly docker import "$folder/debian.tar" "$image"
  local code=$?
  rm -rf "$folder"
  echo "$image"
  return $code
}

# A server of Debian's packages, tagged with the package's version.
make_server() { # name, package; prints the image
  local image=payouts-local/$1 version
  tar -c -C "$image_files/$1" . | build_from_tar "$image:unnamed" --build-arg "DEBIAN_IMAGE=$debian" || return 1
  version=$(docker run --rm --network none --entrypoint dpkg-query "$image:unnamed" --show --showformat '${source:Upstream-Version}' "$2") || return 1
  docker tag "$image:unnamed" "$image:${version%%+*}" && docker rmi "$image:unnamed" > /dev/null && echo "$image:${version%%+*}"
}

dotnet_folder() { dirname "$(readlink -f "$(command -v dotnet)")"; }

make_dotnet_runtime() { # prints the image
  local folder version
  folder=$(dotnet_folder)
  version=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10\.[0-9.]*\) .*/\1/p' | sort -V | tail -n 1)
  tar -c -C "$image_files/dotnet-runtime" Dockerfile -C "$folder" --transform 's,^\./,dotnet/,S' ./dotnet ./host ./shared \
    | build_from_tar "payouts-local/aspnet:$version" --build-arg "DEBIAN_IMAGE=$debian" || return 1
  echo "payouts-local/aspnet:$version"
}

# The packages that the images are built of, in a folder that is a source itself. Restored from a copy, so that the checkout's own builds keep their folders,
# and from what this host has already, when that is enough.
restore_packages() { # folder
  local copy have folder out code=0
  copy=$(mktemp -d) have=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
  tar -c --exclude=bin --exclude=obj .editorconfig global.json Directory.Build.props Directory.Packages.props shared services tools/devnet tools/local-signer | tar -x -C "$copy"
  {
    echo '<Project><Target Name="Restore">'
    for folder in $(sed -n 's,^ *dockerfile: \(.*\)/Dockerfile$,\1,p' docker-compose.yml); do echo "<MSBuild Projects=\"$(echo "$folder"/*.csproj)\" Targets=\"Restore\" />"; done
    echo '</Target></Project>'
  } > "$copy/images.proj"
  out=$(cd "$copy" && { dotnet restore images.proj --packages "$1" --source "$have" || dotnet restore images.proj --packages "$1"; } 2>&1 < /dev/null) || { code=1; tail -n 20 <<< "$out" >&2; }
  rm -rf "$copy"
  return $code
}

make_dotnet_sdk() { # runtime image; prints the image
  local folder packages version parts code
  folder=$(dotnet_folder) packages=$(mktemp -d) version=$(dotnet --version)
  restore_packages "$packages/packages" || { rm -rf "$packages"; return 1; }
  mapfile -t parts < <(cd "$folder" && find . -mindepth 1 -maxdepth 1 ! -name dotnet ! -name host ! -name shared -printf './%P\n')
  tar -c -C "$PWD/$image_files/dotnet-sdk" Dockerfile NuGet.Config -C "$packages" packages \
    -C "$folder" --transform 's,^\./,dotnet/,S' "${parts[@]}" \
    | build_from_tar "payouts-local/dotnet-sdk:$version" --build-arg "RUNTIME_IMAGE=$1"
  code=$?
  rm -rf "$packages"
  echo "payouts-local/dotnet-sdk:$version"
  return $code
}

# One after the other: each takes all of a small host.
make_images() { # env file to write
  local debian runtime
  echo "== making images of Debian's packages and this host's dotnet"
  debian=$(make_debian) || return 1
  local made
  for made in POSTGRES:postgres:postgresql-17 RABBITMQ:rabbitmq:rabbitmq-server PROMETHEUS:prometheus:prometheus ALERTMANAGER:alertmanager:prometheus-alertmanager; do
    local variable name package image
    IFS=: read -r variable name package <<< "$made"
    image=$(make_server "$name" "$package") || return 1
    echo "${variable}_IMAGE=$image" >> "$1"
  done
  runtime=$(make_dotnet_runtime) || return 1
  echo "DOTNET_RUNTIME_IMAGE=$runtime" >> "$1"
  image=$(make_dotnet_sdk "$runtime") || return 1
  echo "DOTNET_SDK_IMAGE=$image" >> "$1"
  sed 's/^/   /' "$1"
}
