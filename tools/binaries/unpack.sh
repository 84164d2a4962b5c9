
# Unpacks the two parts of this file's end, Deno and the programs, into a folder
# of the user's, once; then Deno takes this shell's place. docs/binaries.md says
# more. Names in capitals are set above.
set -u
file=$0
case $file in
/*) path=$file ;;
*) path=$PWD/$file ;;
esac

fail() {
  printf 'Cannot run %s: %s\n' "$file" "$1" >&2
  exit 1
}

is_damaged() {
  for tool in sha256sum "shasum -a 256" ""; do
    command -v "${tool%% *}" >/dev/null 2>&1 && break
  done
  [ -n "$tool" ] || return 1
  # shellcheck disable=SC2086 # a command and its options
  sum=$(tail -c "+$((HEAD + 1))" "$path" | $tool)
  [ "${sum%% *}" != "$SUM" ]
}

# Whether a part is below a folder, and whole: some systems tidy single old
# files away, and a power cut may cut files short, which wc tells where it is.
has() { # FOLDER NAME FILES BYTES
  for each in $3; do
    [ -s "$1/$2/$each" ] || return 1
  done
  command -v wc >/dev/null 2>&1 || return 0
  # shellcheck disable=SC2086 # several files
  counted=$(cd "$1/$2" 2>/dev/null && wc -c $3 2>/dev/null) || return 1
  counted=${counted##*"$newline"}
  [ "$((${counted% *}))" -eq "$4" ]
}

has_both() { # FOLDER
  is_own "$1" && has "$1" "$DENO" deno "$DENO_BYTES" &&
    has "$1" "$PROGRAMS" "$FILES" "$PROGRAMS_BYTES"
}

# Others could leave programs of theirs where they may write, or a link.
is_own() { # FOLDER
  [ -d "$1" ] && [ -O "$1" ] && { [ ! -L "$1" ] || [ "$1" != "$shared" ]; }
}

# Unpacks a part beside its place and moves it there whole, so that no other
# start ever sees a half of it. What is there and not whole was damaged later.
put() { # FOLDER NAME FILES BYTES BEGIN LENGTH
  new=$(mktemp -d "$1/unpack.XXXXXX") || return
  if [ -d "$1/$2" ] && ! has "$1" "$2" "$3" "$4"; then
    mv "$1/$2" "$new" && rm -rf "${new:?}/$2" || return
  fi
  if ! has "$1" "$2" "$3" "$4"; then
    tail -c "+$(($5 + 1))" "$path" | head -c "$6" | gzip -dc |
      tar -xf - -C "$new" || return
    # Also finds folders that nothing may be run in, and an old system.
    [ "$2" != "$DENO" ] || "$new/deno" --version >/dev/null || return
    mv "$new" "$1/$2" 2>/dev/null || has "$1" "$2" "$3" "$4" || return
  fi
  # Another start was first, and mv went below it.
  rm -rf "$new" "${1:?}/$2/${new##*/}"
  new=
}

unpack() ( # FOLDER
  umask 077
  new=
  trap '[ -z "$new" ] || rm -rf "$new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # Where the shell that listens was stopped too, a word to it would end this
  # one before it has tidied up.
  trap : PIPE
  mkdir -p "$1" || exit
  if ! is_own "$1"; then
    echo "it belongs to somebody else" >&2
    exit 1
  fi
  # What a start left that was killed.
  find "$1" -maxdepth 1 -name "unpack.*" -mtime +0 -exec rm -rf {} +
  put "$1" "$DENO" deno "$DENO_BYTES" "$HEAD" "$DENO_LENGTH" &&
    put "$1" "$PROGRAMS" "$FILES" "$PROGRAMS_BYTES" \
      "$((HEAD + DENO_LENGTH))" "$PROGRAMS_LENGTH"
)

# The number of a line of df; nothing where df does not know.
free_kib() {
  read -r _ _ _ each _ && case $each in
  *[!0-9]*) ;;
  *) echo "$each" ;;
  esac
}

# Unpacks, or adds to `why` what is in the way.
try() { # FOLDER
  said=$(unpack "$1" 2>&1) && return
  code=$?
  [ "$code" -lt 129 ] || exit "$code"
  left=$(df -Pk "$1" 2>/dev/null | tail -n 1 | free_kib)
  wanted=$((MEBIBYTES * 1024))
  if is_own "$1" && [ "${left:-$wanted}" -lt "$wanted" ]; then
    said="no space: $((left / 1024)) MiB are left"
  fi
  said=${said%%"$newline"*}
  why="$why$1 (${said:-unpacking ended with exit code $code}), "
  return 1
}

# Calls a command with each folder that may be used, until one will do.
each_folder() { # COMMAND
  # Deno would take a comma for the end of a path.
  case ${XDG_CACHE_HOME-} in
  *,*) ;;
  /*) folder=$XDG_CACHE_HOME/loadstar && "$1" "$folder" && return ;;
  esac
  case ${HOME-} in
  *,*) ;;
  /*) [ -d "$HOME" ] && folder=$HOME/.cache/loadstar && "$1" "$folder" &&
    return ;;
  esac
  case ${TMPDIR-} in
  *,*) shared=/tmp ;;
  /*) shared=$TMPDIR ;;
  *) shared=/tmp ;;
  esac
  shared=$shared/loadstar-$(id -u)
  folder=$shared
  "$1" "$folder"
}

newline='
'
shared=
why=
found=$(uname -sm)
[ "$found" = "$SYSTEM" ] || fail "it is made for $SYSTEM, and this is $found"
[ -z "$LOADER" ] || [ -e "$LOADER" ] ||
  fail "it is made for another C library, and there is no $LOADER here"
# Deno looks there for itself.
case $SYSTEM in
Linux*) [ -e /proc/self/exe ] || fail "there is no /proc here, mount it" ;;
esac
if ! each_folder has_both; then
  ! is_damaged || fail "it is damaged, copy it again"
  each_folder try || fail "it could not be unpacked into ${why}which takes \
$MEBIBYTES MiB; make room, or name another folder by XDG_CACHE_HOME"
fi

DENO_DIR=$folder/deno
DENO_NO_PACKAGE_JSON=1
DENO_NO_UPDATE_CHECK=1
export DENO_DIR DENO_NO_PACKAGE_JSON DENO_NO_UPDATE_CHECK
library=$folder/$PROGRAMS/$LIBRARY
set -- "$folder/$PROGRAMS/main.js" "$file" "$@"
# What each program may do follows, then the two parts.
case ${3-} in
