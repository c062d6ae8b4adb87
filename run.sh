#!/usr/bin/env bash
# Starts the whole suite in one process; ./run.sh --help says what it can do, ./run.sh channels --help what the channel accounts need,
# ./run.sh console --help what operators ask and decide.
# Builds only when a source file is newer than the last build: MSBuild takes seconds to find out that nothing changed.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stop() { echo "run.sh: $1" >&2; exit "${2:-2}"; }

if [[ ${1:-} == bench ]]; then
  shift
  project=tools/bench/Bench.csproj assembly=payouts-bench
elif [[ ${1:-} == channels ]]; then
  shift
  project=tools/channels/Channels.csproj assembly=payouts-channels
elif [[ ${1:-} == console ]]; then
  shift
  project=tools/console/Console.csproj assembly=payouts-console
  export PAYOUTS_CONSOLE_NAME=${PAYOUTS_CONSOLE_NAME:-./run.sh console}
elif [[ ${1:-} == simulate ]]; then
  project=tests/Simulation/Simulation.Tests.csproj assembly=Payouts.Tests.Simulation
else
  project=tools/run/Run.csproj assembly=payouts-run
  if [[ ${1:-} == play && -n ${2:-} && ${2:0:1} != - && ! -e $2 ]]; then stop "play: there is no file '$2'"; fi
fi

command -v dotnet > /dev/null || stop "the .NET 10 SDK is missing: no dotnet on the PATH"
[[ -f $root/$project ]] || stop "$project is missing: this checkout is not complete"

output=$root/${project%/*}/bin/Release/net10.0/$assembly.dll
stamp=$root/${project%/*}/obj/run.stamp

# Files by the time of their change, so that a restored old file counts too. A folder is newer when a file in it was
# deleted; the build itself makes bin and obj, hence the second stamp, dated at its end.
is_up_to_date() {
  [[ -f $output && -f $stamp && -f $stamp.end ]] || return 1
  local newer
  newer=$(cd "$root" && find Directory.Build.props Directory.Packages.props global.json shared services tools tests/Simulation \
    \( -name bin -o -name obj -o -name node_modules -o -name .data \) -prune \
    -o -type f -cnewer "$stamp" -print -quit -o -type d -newer "$stamp.end" -print -quit 2> /dev/null)
  [[ -z $newer ]]
}

if ! is_up_to_date; then
  (cd "$root" && dotnet --version > /dev/null 2>&1) \
    || stop "the .NET 10 SDK is missing: installed are $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd, - | sed 's/^$/none/')"
  started=$(mktemp)
  trap 'rm -f "$started"' EXIT
  [[ -t 2 ]] && echo "building ${project%/*} ..." >&2
  # ./test.sh judges the code; here one compiler serves all projects and nothing is analysed, for a short first start.
  if ! log=$(cd "$root" && dotnet build "$project" -c Release --nologo -v quiet -p:RunAnalyzers=false -p:UseSharedCompilation=true 2>&1 < /dev/null); then
    echo "$log" >&2
    stop "the build of $project failed" 1
  fi
  # Dated at the start of the build: what was saved while it ran is built next time.
  mkdir -p "${stamp%/*}" && touch -r "$started" "$stamp" && touch "$stamp.end"
  rm -f "$started"
  trap - EXIT
fi

exec dotnet "$output" "$@"
