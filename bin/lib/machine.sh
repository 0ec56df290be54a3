# shellcheck shell=bash
# What this machine has, and what it is given: a JDK, packages, newer packages in a folder apart.
# Sourced by the commands beside it. Nothing happens here until a function is called.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# Everything that is fetched apart lies here; deleting it is safe.
private="$root/.build"
jdk_version=25
# Releases of Debian that have what an older one lacks, the steadiest first.
newer_suites=(trixie sid)

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# ---- The JDK ----

# is_jdk FOLDER: whether it is a JDK of the version that the project is built with and runs on.
is_jdk() {
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] &&
    grep -q "^JAVA_VERSION=\"$jdk_version[.\"]" "$1/release"
}

# find_jdk: sets and exports JAVA_HOME; fails when there is none.
find_jdk() {
  local candidate on_path
  on_path=$(command -v javac || true)
  [[ -z $on_path ]] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  # Without a match a pattern stays what it is, and that is no JDK.
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*"$jdk_version"* \
    "$private/jdk"/usr/lib/jvm/*; do
    if [[ -n $candidate ]] && is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  unset JAVA_HOME
  return 1
}

# ---- Packages ----

require_root_and_apt() {
  [[ $(id -u) == 0 ]] || fail "run it as root: it starts an engine and pods"
  command -v apt-get >/dev/null || fail "packages come through apt, and there is no apt-get here"
}

missing=() # packages, in the order of need
reasons=() # why, beside them

# need PACKAGE WHY: puts a package on the list of what will be installed.
need() {
  missing+=("$1")
  reasons+=("$2")
}

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null; }

has_package() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }

# The folders of CNI plugins, as the server searches them.
has_cni_plugins() { [[ -x /opt/cni/bin/bridge || -x /usr/lib/cni/bridge ]]; }

lists_are_fresh=

refresh_lists() {
  [[ -z $lists_are_fresh ]] || return 0
  say "refreshing apt's package lists"
  apt-get -qq update || say "  (not all of them; going on with what is there)"
  lists_are_fresh=yes
}

# offers PACKAGE: whether this machine's own apt sources have it.
offers() {
  apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'
}

jdk_comes_from=

# need_jdk: plans a JDK if there is none.
need_jdk() {
  find_jdk && return
  refresh_lists
  if offers "openjdk-$jdk_version-jdk-headless"; then
    need "openjdk-$jdk_version-jdk-headless" "no JDK $jdk_version was found"
  else
    jdk_comes_from=newer
  fi
}

need_compiler() {
  has gcc || need gcc "the sandbox image's program is C"
  [[ -e /usr/include/stdio.h ]] || need libc6-dev "the program that enters rkt's containers is C"
}

# install_missing: says what it will install, and installs it.
install_missing() {
  local i
  if [[ ${#missing[@]} -gt 0 ]]; then
    say "will install through apt:"
    for i in "${!missing[@]}"; do printf '  %-28s %s\n' "${missing[i]}" "${reasons[i]}"; done
    refresh_lists
    forbid_starting_services
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
      -o Dpkg::Use-Pty=0 install "${missing[@]}" >"$private/apt.log" 2>&1 ||
      { tail -n 20 "$private/apt.log" >&2; fail "apt-get install failed; all of it is in $private/apt.log"; }
    allow_starting_services
    missing=() reasons=()
  fi
  if [[ $jdk_comes_from == newer ]]; then
    unpack_jdk
    jdk_comes_from=
  fi
  find_jdk || fail "there is still no JDK $jdk_version: set JAVA_HOME to one"
}

policy=/usr/sbin/policy-rc.d
policy_is_ours=

# Packages start their daemons when they are installed. What runs is the caller's decision.
forbid_starting_services() {
  mkdir -p "$private"
  [[ ! -e $policy ]] || return 0
  trap allow_starting_services EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  policy_is_ours=yes
}

allow_starting_services() {
  [[ -z $policy_is_ours ]] || rm -f "$policy"
  policy_is_ours=
}

# ---- Newer packages, apart from the machine's own ----

# This machine's mirror of Debian.
mirror() {
  local uri
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep -m 1 '/debian/\?$') || uri=http://deb.debian.org/debian
  printf '%s' "${uri%/}"
}

# with_suite SUITE COMMAND...: runs an apt command that knows this suite alone and has its own
# state, so that the machine's sources and lists stay as they are.
with_suite() {
  local state="$private/apt/$1" command=$2
  shift 2
  "$command" -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o APT::Sandbox::User=root "$@"
}

# unpack_newer FOLDER PACKAGE...: fetches packages from the first suite that has them all and
# unpacks them into a folder; nothing is installed. Fails with the reason on standard output.
unpack_newer() {
  local folder=$1 suite state keyring=/usr/share/keyrings/debian-archive-keyring.gpg why=""
  shift
  for suite in "${newer_suites[@]}"; do
    state="$private/apt/$suite"
    rm -rf "$state"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/debs"
    : >"$state/status"
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(mirror)" "$suite" >"$state/sources.list"
    if ! with_suite "$suite" apt-get -qq --error-on=any update >"$state/log" 2>&1; then
      why="Debian's $suite cannot be reached ($(mirror))"
      continue
    fi
    if ! (cd "$state/debs" && with_suite "$suite" apt-get -qq download "$@") >"$state/log" 2>&1; then
      why="Debian's $suite does not have all of: $*"
      continue
    fi
    rm -rf "$folder" "$folder.unfinished"
    mkdir -p "$folder.unfinished"
    local deb
    for deb in "$state"/debs/*.deb; do dpkg -x "$deb" "$folder.unfinished"; done
    mv "$folder.unfinished" "$folder"
    rm -rf "$state"
    return 0
  done
  printf '%s' "$why"
  return 1
}

# unpack_jdk: a JDK from a newer Debian for one that has none. It is built for a newer C library,
# which is unpacked with it and written into its programs.
unpack_jdk() {
  local folder="$private/jdk" tool="$private/patchelf" why file target arch interpreter libraries
  say "will fetch openjdk-$jdk_version-jdk-headless of a newer Debian into $folder (some 400 MB); it is not installed"
  why=$(unpack_newer "$folder" "openjdk-$jdk_version-jre-headless" "openjdk-$jdk_version-jdk-headless" \
    libc6 libgcc-s1 libstdc++6 zlib1g) || fail "no JDK $jdk_version: $why. Set JAVA_HOME to one."
  (cd "$private" && rm -rf patchelf && mkdir patchelf && cd patchelf && apt-get -qq download patchelf &&
    dpkg -x patchelf_*.deb .) >"$private/apt.log" 2>&1 || fail "patchelf cannot be fetched; see $private/apt.log"
  arch=$(gcc -print-multiarch 2>/dev/null || true)
  [[ -n $arch ]] || arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || uname -m | sed 's/$/-linux-gnu/')
  libraries="$folder/usr/lib/$arch"
  interpreter=$(find "$libraries" -name 'ld-linux-*.so.*' -print -quit)
  # Links into /etc and to the machine's folders lead to what was unpacked.
  find "$folder" -type l | while IFS= read -r file; do
    target=$(readlink "$file")
    if [[ $target == /* && -e $folder$target ]]; then ln -sfn "$folder$target" "$file"; fi
  done
  # A program is told its loader, and everything its libraries: the machine's own C library would
  # not fit the loader.
  find "$folder/usr/lib/jvm" -type f \( -path '*/bin/*' -o -name '*.so' -o -name jspawnhelper -o -name jexec \) |
    while IFS= read -r file; do
      if "$tool/usr/bin/patchelf" --print-interpreter "$file" >/dev/null 2>&1; then
        "$tool/usr/bin/patchelf" --set-interpreter "$interpreter" "$file"
      fi
      target=$("$tool/usr/bin/patchelf" --print-rpath "$file" 2>/dev/null) || continue
      "$tool/usr/bin/patchelf" --force-rpath --set-rpath "${target:+$target:}$libraries" "$file"
    done
  trust_what_the_machine_trusts
}

# The package's certificates would come from an installation script: they are made of the machine's.
trust_what_the_machine_trusts() {
  local home bundle=/etc/ssl/certs/ca-certificates.crt
  home=$(dirname "$(dirname "$(find "$private/jdk/usr/lib/jvm" -path '*/bin/javac' -print -quit)")")
  [[ -r $bundle ]] || fail "$bundle is missing: apt-get install ca-certificates"
  rm -f "$home/lib/security/cacerts"
  "$home/bin/java" "$root/bin/lib/TrustStore.java" "$bundle" "$home/lib/security/cacerts" ||
    fail "the JDK in $private/jdk does not run"
}

# ---- Building ----

maven() {
  (cd "$root" && ./mvnw -B "$@")
}

# is_built: whether the program is there and nothing of the sources is newer.
is_built() {
  [[ -n $(program_jar) && -d $root/cri-server/target/lib && -e $private/built ]] || return 1
  [[ -z $(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$private/built" -type f \
    -print -quit) ]]
}

program_jar() {
  find "$root/cri-server/target" -maxdepth 1 -name 'cri-server-*.jar' -print -quit 2>/dev/null
}

build() {
  say "building with $JAVA_HOME (the first time Maven downloads itself and the libraries)"
  mkdir -p "$private"
  # Stamped with its beginning: what changes meanwhile is newer.
  touch "$private/building"
  rm -rf "$root/cri-server/target/lib"
  maven -q -Dmaven.test.skip=true -pl cri-server -am package || fail "the build failed"
  mv "$private/building" "$private/built"
}

# ---- Processes ----

# start_time PID: when a process began, which tells it from a later one with the same number.
start_time() {
  # The name in parentheses may contain anything, spaces included.
  { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20; } 2>/dev/null
}

# record PID FILE: remembers a process as one that we started.
record() {
  printf '%s %s\n' "$1" "$(start_time "$1")" >"$2"
}

# recorded FILE: prints the pid of a process that we started, if it still runs.
recorded() {
  local pid began
  [[ -r $1 ]] && read -r pid began <"$1" && [[ -n $began && $(start_time "$pid") == "$began" ]] &&
    printf '%s' "$pid"
}

# end_recorded NAME FILE SECONDS: ends a process that we started, by force after that time.
end_recorded() {
  local pid waited=0
  if ! pid=$(recorded "$2"); then
    rm -f "$2"
    return 0
  fi
  say "ending $1 (pid $pid)"
  kill -TERM "$pid" 2>/dev/null || true
  while recorded "$2" >/dev/null; do
    if ((waited++ >= $3 * 10)); then
      say "  it does not end; killing it"
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  rm -f "$2"
}

# answers SOCKET: whether someone accepts connections on a Unix socket. perl is in every Debian.
answers() {
  [[ -S $1 ]] && perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$1"
}
