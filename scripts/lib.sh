# What the scripts share; to be sourced, with $script as the script's real path. After it, the working directory is the
# caller's, $root the project's.
# shellcheck shell=bash

root=${script%/*/*}
logs=$root/target/logs

valued="" # a script with options that take a value sets it to a pattern of these

# Where a JDK may be. The launcher of the programs looks in the same places (JavaSearch.java).
jdk_folders=(/usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local /usr/local/java /opt /opt/java
    '~/.sdkman/candidates/java' '~/.jdks' '~/.gradle/jdks' '~/.asdf/installs/java'
    '~/.local/share/mise/installs/java')

# A JVM would take the first file that it opens for a standard stream that is closed. Writing still fails.
[[ -e /dev/fd/0 ]] || exec 0< /dev/null
[[ -e /dev/fd/1 ]] || exec 1< /dev/null
[[ -e /dev/fd/2 ]] || exec 2< /dev/null

# In the C locale a JVM knows names of files and arguments in ASCII only.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX) export LC_ALL=C.UTF-8 ;;
esac

fail() {
    printf '%s: %s\n' "${script##*/}" "$1" >&2
    exit "${2:-1}"
}

# answer_help ARGUMENT...: if they ask for help, prints the comment at the head of the script and ends; refuses an
# option that is not in it. Every script begins with this: neither builds or starts anything.
answer_help() {
    local help="" line argument name before=""
    [[ " $*" == *" -"* ]] || return 0
    {
        read -r line
        while IFS= read -r line && [[ $line == "#"* ]]; do
            line=${line#"#"}
            help+=${line# }$'\n'
        done
    } < "$script"
    for argument in "$@"; do
        case $argument in
            --) return ;;
            -h | --help)
                printf '%s' "$help" || fail "standard output cannot be written: see that its device has room."
                exit 0
                ;;
            --*) name=${argument%%=*} ;;
            -?*) name=${argument:0:2} ;; # its value may follow in the same word: -r3
            *) name="" ;;
        esac
        [[ -z $name || $help == *[!a-z-]"$name"[!a-z-]* ]] || takes_value "$before" \
            || fail "there is no option ${argument%%=*}: see ${script#"$root"/} --help" 2
        before=$argument
    done
}

# takes_value WORD: whether it is an option, and what follows its value.
takes_value() {
    [[ $1 == -* && $1 =~ ^($valued)$ ]]
}

# words_of VALUED ARGUMENT...: sets $words to what is no option, nor the value of one that the pattern VALUED fits.
words_of() {
    local argument before=""
    words=()
    for argument in "${@:2}"; do
        [[ $argument == -* || $before =~ ^($1)$ ]] || words+=("$argument")
        before=$argument
    done
}

# join WORD...: sets $joined to the words with commas in between.
join() {
    printf -v joined ', %s' "$@"
    joined=${joined:2}
}

# check_word KIND WORD NAME...: refuses a word that is none of the names, before a build of minutes.
check_word() {
    local name joined near=""
    for name in "${@:3}"; do
        [[ $2 != "$name" ]] || return 0
        if [[ -z $near ]] && is_near "$2" "$name"; then
            near="did you mean $name? T"
        fi
    done
    join "${@:3}"
    fail "there is no $1 $2: ${near:-t}he $1s are $joined" 2
}

# is_near WORD OTHER: whether one letter is another, missing, too much, or has changed places with the next.
is_near() {
    local i before from after longer=$((${#1} - ${#2}))
    ((longer >= -1 && longer <= 1)) || return 1 # a long word is none of ours, and each letter would be looked at
    for ((i = 0; i <= ${#1}; i++)); do
        before=${1:0:i} from=${1:i} after=${1:i+1}
        case $2 in
            "$before"?"$after" | "$before"?"$from" | "$before$after" | "$before${after:0:1}${from:0:1}${after:1}")
                return ;;
        esac
    done
    return 1
}

# Sets $jdk and $jdk_version to the first JDK 25 or newer. Starts nothing: its callers are timed.
find_jdk() {
    local name folder java
    for name in JAVA_HOME JDK_HOME ${!JAVA*} ${!JDK*}; do
        if [[ $name == *HOME* ]] && is_jdk "${!name:-}"; then
            return
        fi
    done
    local -a path
    IFS=: read -ra path <<< "$PATH"
    for folder in "${path[@]}"; do
        if [[ -x $folder/javac ]]; then
            java=$(readlink -f -- "$folder/javac")
            if is_jdk "${java%/bin/javac}"; then
                return
            fi
        fi
    done
    for folder in "${jdk_folders[@]}"; do
        for java in "${folder/#\~/${HOME:-}}"/*; do
            if is_jdk "$java"; then
                return
            fi
        done
    done
    printf -v folder ', %s' "${jdk_folders[@]}"
    fail "no JDK 25 or newer was found in JAVA_HOME, JDK_HOME, JAVA*HOME*, the PATH$folder: install one\
 (package openjdk-25-jdk or temurin-25-jdk, say) or name its folder in JAVA_HOME." 2
}

find_maven() {
    local files
    files=$(ulimit -n)
    [[ $files == unlimited ]] || ((files >= 512)) || fail "a build opens hundreds of files, but this shell may open no\
 more than $files: raise that to 512 or more (ulimit -n 512)." 2
    command -v mvn > /dev/null || fail "no mvn was found on the PATH ($PATH): install Maven 3.6.3 or newer\
 (package maven, say)." 2
}

is_jdk() {
    [[ -n $1 && -x $1/bin/javac && -r $1/release ]] || return
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        if [[ $line =~ ^JAVA_VERSION=\"?(([0-9]+)[^\"]*) ]]; then
            jdk=$1
            jdk_version=${BASH_REMATCH[1]}
            ((BASH_REMATCH[2] >= 25))
            return
        fi
    done < "$1/release"
    return 1
}

# stale FILE SOURCE...: whether FILE is missing or older than one of the sources.
stale() {
    local newer
    [[ -e $1 ]] || return 0
    newer=$(find "${@:2}" -newer "$1" -print -quit) || fail "the sources cannot be looked through: mend what find\
 reports (too many open files: raise ulimit -n)." 2
    [[ -n $newer ]]
}

now_us() {
    local now=${EPOCHREALTIME:-$SECONDS.000000}
    now_us=${now/[.,]/}
}

# stage_line START NAME: reports a stage that began at START.
stage_line() {
    now_us
    local tenths=$(((now_us - $1) / 100000))
    clear_progress
    printf '%5d.%d s  %s\n' $((tenths / 10)) $((tenths % 10)) "$2" >&2
}

# show_progress START WHAT: on a terminal, a line that the next one takes the place of.
show_progress() {
    [[ -t 2 ]] || return 0
    now_us
    local line
    printf -v line '%5d s    %s' $(((now_us - $1) / 1000000)) "$2"
    if [[ $line != "${shown:-}" ]]; then
        shown=$line
        printf '\r\033[K%s' "$line" >&2
    fi
}

clear_progress() {
    if [[ -n ${shown:-} ]]; then
        shown=""
        printf '\r\033[K' >&2
    fi
}

# What Maven says when it begins with a goal of a module.
goal='^\[INFO\] --- [^ ]*:([a-zA-Z-]+) (\([^)]*\) )?@ ([a-z-]+) ---'

# to_log LOG NAME: keeps what a stage writes; on a terminal it shows how long that takes, and what Maven is at.
to_log() {
    local line part="" at="" started
    now_us
    started=$now_us
    while true; do
        if IFS= read -r -t 1 line; then
            printf '%s\n' "$part$line"
            [[ $part$line =~ $goal ]] && at=", ${BASH_REMATCH[3]}: ${BASH_REMATCH[1]}"
            part=""
        elif (($? > 128)); then # nothing for a second
            part+=$line
        else
            break
        fi
        show_progress "$started" "$2$at"
    done > "$1"
    printf '%s' "$part$line" >> "$1"
    clear_progress
}

# stage NAME COMMAND...: runs the command with its output in a log; one line when it is done.
stage() {
    local name=$1 log started
    log=$logs/${name//[^a-z0-9]/-}.log
    now_us
    started=$now_us
    mkdir -p "$logs"
    if "${@:2}" 2>&1 | to_log "$log" "$name"; then
        stage_line "$started" "$name"
    else
        stage_line "$started" "$name FAILED"
        show_end "$log"
        exit 1
    fi
}

# The last lines of a log, without frames of stacks and what Maven always says at the end of a failure.
show_end() {
    grep -vE '^\[ERROR\][[:space:]]*($|at |To see|Re-run|For more|After correcting|  mvn |\[Help)|^\[INFO\] (-+$|$)' "$1" \
        | grep -vE '^[[:space:]]*(at [a-zA-Z0-9_.$/@]+\(|\.\.\. [0-9]+ more)' | tail -n 20 >&2 || true
    printf 'the whole log: %s\n' "$1" >&2
}

# Maven on the JDK found; run in the project's folder.
maven() {
    (cd "$root" && JAVA_HOME=$jdk exec mvn --batch-mode -Dstyle.color=never "$@")
}

# For builds of what is to be run at once: nothing but the jars.
only_jars=(-Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true)

# build MODULES: their jars, and those that they need.
build() {
    find_maven
    printf 'building, which takes a minute or two the first time; the log is %s\n' "$logs/build.log" >&2
    stage "build" maven package "${only_jars[@]}" --projects "$1" --also-make
}

# build_program MODULE: builds its jar, with the libraries that it needs beside it, if a source is newer; sets
# $class_path.
build_program() {
    local jar=$root/$1/target/$1.jar
    if stale "$jar" "$root/pom.xml" "$root"/{ipc-channel,launcher,"$1"}/{pom.xml,src/main}; then
        build "$1"
        touch "$jar" # Maven leaves one as it is that would not change
    fi
    class_path=$jar:$root/$1/target/lib/*
}
