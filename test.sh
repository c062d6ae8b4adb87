#!/usr/bin/env bash
# Builds the suite once and runs every test project, one after the other.
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
  PAYOUTS_TEST_TIMEOUT_S    seconds before a test project is stopped and counted as failed (1200; 7200 with
                            PAYOUTS_TEST_COMPOSE)
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
project_timeout_s=${PAYOUTS_TEST_TIMEOUT_S:-$([[ ${PAYOUTS_TEST_COMPOSE:-} == 1 ]] && echo 7200 || echo 1200)}

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

passed=0 failed=0 skipped=0 child='' log='' broken=()
print_sum() { echo "$passed passed, $failed failed, $skipped skipped"; }

# Told to stop: stop the project that runs, count it as failed, and still close with the sum.
stop_early() {
  trap - TERM INT
  if [[ -n $child ]]; then kill -TERM "$child" 2>/dev/null; wait "$child" 2>/dev/null; fi
  ((failed++))
  echo "test.sh: stopped before the end" >&2
  print_sum
  exit 1
}
trap stop_early TERM INT
trap '[[ -n $log ]] && rm -f "$log"; leave_host' EXIT
log=$(mktemp)

check_host

echo "== build"
if ((${#wanted[@]})); then build_targets=("${projects[@]}"); else build_targets=(payouts.slnx); fi
for target in "${build_targets[@]}"; do
  if ! dotnet build "$target" -c Release --nologo -v quiet -p:UseSharedCompilation=true > "$log" 2>&1 < /dev/null; then
    cat "$log"
    echo "test.sh: the build of $target failed, so no test ran" >&2
    failed=1
    print_sum
    exit 1
  fi
done

count_of() { sed -nE "s/^ +$1: ([0-9]+)\$/\1/p" "$log" | tail -n 1; }

for project in "${projects[@]}"; do
  name=${project#tests/} name=${name%/*} details=()
  # A night's figures are worth as much as that it passed.
  [[ $name == Compose ]] && details=(--output Detailed)
  echo "== $name"
  : > "$log"
  if ! grep -qF "\"$project\"" payouts.slnx; then
    echo "test.sh: $project is not listed in payouts.slnx" >&2
    broken+=("$name: not listed in payouts.slnx")
    ((failed++))
    continue
  fi
  timeout --signal=TERM --kill-after=20 "$project_timeout_s" \
    dotnet test --project "$project" -c Release --no-build --no-ansi --no-progress "${details[@]}" "${runner_options[@]}" > "$log" 2>&1 < /dev/null &
  child=$!
  # A pipe would be held open by anything the tests leave behind; a file is whole as soon as the runner is gone.
  tail --pid="$child" --sleep-interval=0.2 --lines=+1 --follow "$log" &
  follower=$!
  wait "$child"
  code=$?
  child=''
  wait "$follower"
  run_passed=$(count_of succeeded) run_failed=$(count_of failed) run_skipped=$(count_of skipped)
  ((passed += ${run_passed:-0}, failed += ${run_failed:-0}, skipped += ${run_skipped:-0}))
  reason=''
  if ((code == 124 || code == 137)); then reason="was stopped after $project_timeout_s s"
  elif [[ -z $run_passed || -z $run_failed || -z $run_skipped ]]; then reason="printed no count (exit code $code)"
  elif ((run_passed + run_failed + run_skipped == 0)); then
    # With a filter of the caller's a project may rightly have nothing to run; the sum still must not be zero.
    ((${#runner_options[@]} && code == 8)) || reason="ran no test (exit code $code)"
  elif ((code != 0 && run_failed == 0)); then reason="exited with code $code although no test failed"
  elif ((code == 0 && run_failed > 0)); then reason="reported $run_failed failed tests but exited with code 0"
  fi
  if [[ -n $reason ]]; then broken+=("$name: $reason"); ((failed++)); fi
done

for line in "${broken[@]}"; do echo "test.sh: $line" >&2; done
((passed + failed == 0)) && echo "test.sh: no test was executed" >&2
exit_code=0
((failed > 0 || passed == 0)) && exit_code=1
print_sum
exit "$exit_code"
