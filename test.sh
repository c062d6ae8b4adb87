#!/usr/bin/env bash
# Builds the suite once and runs every test project: first those that can run beside each other, then the others alone.
# The last line printed is the sum: "N passed, N failed, N skipped".
set -uo pipefail

usage() {
  cat <<'HELP'
Usage: ./test.sh [PROJECT...] [-- RUNNER-OPTION...]

Without arguments every test project runs. PROJECT picks some of them: a folder
under tests/ (Stellar, Unit, Unit/Rounds) or the name of a project file.
What follows -- goes to the test runner, e.g. -- --filter-class '*When_a_round*'

Environment:
  PAYOUTS_TEST_SERVERS      auto (default), docker or local: where the tests' PostgreSQL
                            and RabbitMQ run. auto takes Docker when an engine answers.
  PAYOUTS_TEST_POSTGRES     URL of a running PostgreSQL to use instead (superuser)
  PAYOUTS_TEST_RABBITMQ     URL of a running RabbitMQ to use instead (administrator);
                            its management address comes in PAYOUTS_TEST_RABBITMQ_MANAGEMENT
  PAYOUTS_TEST_TIMEOUT_S    seconds before a test project is stopped and counted as failed (1500; 7200 with
                            PAYOUTS_TEST_COMPOSE)
  PAYOUTS_TEST_LANES        test projects that run beside each other (2). Those that start whole suites, and those
                            that measure, run alone; 1 has all of them run alone, and shows each line as it comes
  PAYOUTS_TEST_COMPOSE      1: run docker-compose.yml itself on a Docker engine, too (tests/Compose); the engine
                            and the images come from scripts/compose-host.sh

Exit code: 0 all passed, 1 something failed or nothing ran, 2 the host lacks something.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 2
export MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
export TESTCONTAINERS_RYUK_DISABLED=true
# Most processes of the tests live for seconds: compiled again after 1,024 calls instead of 30, a whole suite of them needs a quarter less of the processor.
export DOTNET_TC_CallCountThreshold=400
project_timeout_s=${PAYOUTS_TEST_TIMEOUT_S:-$([[ ${PAYOUTS_TEST_COMPOSE:-} == 1 ]] && echo 7200 || echo 1500)}
lanes=${PAYOUTS_TEST_LANES:-2}

wanted=() runner_options=()
while (($#)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --) shift; runner_options=("$@"); break ;;
    -*) echo "test.sh: unknown option '$1' (see ./test.sh --help)" >&2; exit 2 ;;
    *) wanted+=("${1%/}"); shift ;;
  esac
done

source scripts/test-host.sh

# A test project is a project under tests/ that brings a test runner.
find_test_projects() {
  find tests -name '*.csproj' -not -path '*/obj/*' -not -path '*/bin/*' -exec grep -lE '"xunit\.v3(\.mtp-v[0-9]+)?"' {} + 2>/dev/null | sort
}

is_wanted() { # project file
  ((${#wanted[@]} == 0)) && return 0
  local path=${1#tests/} name want
  path=${path%/*} name=$(basename "$1" .csproj)
  for want in "${wanted[@]}"; do
    want=${want#./} want=${want#tests/}
    shopt -s nocasematch
    if [[ "/$path/" == *"/$want/"* || "$name" == "$want" ]]; then shopt -u nocasematch; return 0; fi
    shopt -u nocasematch
  done
  return 1
}

mapfile -t all_projects < <(find_test_projects)
projects=()
for project in "${all_projects[@]}"; do is_wanted "$project" && projects+=("$project"); done
if ((${#projects[@]} == 0)); then
  echo "test.sh: no test project matches '${wanted[*]:-}'. There are:" >&2
  printf '  %s\n' "${all_projects[@]:-none}" >&2
  exit 2
fi

# Whole suites of processes need both cores of a small host, and a measurement needs them for itself.
needs_the_host() { [[ $1 =~ ^(Bench|Compose|EndToEnd|Faults|Monitoring)$ ]]; }

name_of() { local name=${1#tests/}; echo "${name%/*}"; }

passed=0 failed=0 skipped=0 broken=()
logs=$(mktemp -d)
declare -A running=() # process id of a runner -> its project
print_sum() { echo "$passed passed, $failed failed, $skipped skipped"; }

# Told to stop: stop the projects that run, count each as failed, and still close with the sum.
stop_early() {
  trap - TERM INT
  local child
  # All at once: whoever stops us does not wait for one after the other.
  ((${#running[@]})) && kill -TERM "${!running[@]}" 2>/dev/null
  for child in "${!running[@]}"; do
    wait "$child" 2>/dev/null
    ((failed++))
    echo "test.sh: stopped before the end: $(name_of "${running[$child]}")" >&2
  done
  ((${#running[@]})) || ((failed++))
  print_sum
  exit 1
}
trap stop_early TERM INT
trap 'rm -rf "$logs"; leave_host' EXIT

check_host

echo "== build"
if ((${#wanted[@]})); then build_targets=("${projects[@]}"); else build_targets=(payouts.slnx); fi
for target in "${build_targets[@]}"; do
  if ! dotnet build "$target" -c Release --nologo -v quiet -p:UseSharedCompilation=true > "$logs/build" 2>&1 < /dev/null; then
    cat "$logs/build"
    echo "test.sh: the build of $target failed, so no test ran" >&2
    failed=1
    print_sum
    exit 1
  fi
done

log_of() { echo "$logs/$(name_of "$1" | tr / -)"; }

count_of() { sed -nE "s/^ +$2: ([0-9]+)\$/\1/p" "$1" | tail -n 1; }

start() { # project
  local details=()
  # A night's figures are worth as much as that it passed.
  [[ $(name_of "$1") == Compose ]] && details=(--output Detailed)
  timeout --signal=TERM --kill-after=20 "$project_timeout_s" \
    dotnet test --project "$1" -c Release --no-build --no-ansi --no-progress "${details[@]}" "${runner_options[@]}" > "$(log_of "$1")" 2>&1 < /dev/null &
  running[$!]=$1
}

count() { # project, exit code of its runner
  local name log run_passed run_failed run_skipped reason='' code=$2
  name=$(name_of "$1") log=$(log_of "$1")
  run_passed=$(count_of "$log" succeeded) run_failed=$(count_of "$log" failed) run_skipped=$(count_of "$log" skipped)
  ((passed += ${run_passed:-0}, failed += ${run_failed:-0}, skipped += ${run_skipped:-0}))
  if ((code == 124 || code == 137)); then reason="was stopped after $project_timeout_s s"
  elif [[ -z $run_passed || -z $run_failed || -z $run_skipped ]]; then reason="printed no count (exit code $code)"
  elif ((run_passed + run_failed + run_skipped == 0)); then
    # With a filter of the caller's a project may rightly have nothing to run; the sum still must not be zero.
    ((${#runner_options[@]} && code == 8)) || reason="ran no test (exit code $code)"
  elif ((code != 0 && run_failed == 0)); then reason="exited with code $code although no test failed"
  elif ((code == 0 && run_failed > 0)); then reason="reported $run_failed failed tests but exited with code 0"
  fi
  if [[ -n $reason ]]; then broken+=("$name: $reason"); ((failed++)); fi
}

finish_one() {
  local child code project
  wait -n -p child "${!running[@]}"
  code=$?
  project=${running[$child]}
  unset "running[$child]"
  echo "== $(name_of "$project")"
  cat "$(log_of "$project")"
  count "$project" "$code"
}

run_alone() { # project
  local child follower code
  echo "== $(name_of "$1")"
  : > "$(log_of "$1")"
  start "$1"
  child=$!
  # A pipe would be held open by anything the tests leave behind; a file is whole as soon as the runner is gone.
  tail --pid="$child" --sleep-interval=0.2 --lines=+1 --follow "$(log_of "$1")" &
  follower=$!
  wait "$child"
  code=$?
  unset "running[$child]"
  wait "$follower"
  count "$1" "$code"
}

beside=() alone=()
for project in "${projects[@]}"; do
  name=$(name_of "$project")
  if ! grep -qF "\"$project\"" payouts.slnx; then
    echo "test.sh: $project is not listed in payouts.slnx" >&2
    broken+=("$name: not listed in payouts.slnx")
    ((failed++))
  elif ((lanes < 2)) || needs_the_host "$name"; then alone+=("$project")
  else beside+=("$project")
  fi
done

for project in "${beside[@]}"; do
  while ((${#running[@]} >= lanes)); do finish_one; done
  start "$project"
done
while ((${#running[@]})); do finish_one; done
for project in "${alone[@]}"; do run_alone "$project"; done

for line in "${broken[@]}"; do echo "test.sh: $line" >&2; done
((passed + failed == 0)) && echo "test.sh: no test was executed" >&2
exit_code=0
((failed > 0 || passed == 0)) && exit_code=1
print_sum
exit "$exit_code"
