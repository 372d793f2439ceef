# Functions that the scripts share. Source this file with $script set to the real path of the
# script. It leaves the working directory as it is, and sets $root to the folder of the project.
# shellcheck shell=bash

root=${script%/*/*}
logs=$root/target/logs

# Set by options_with_values, in a script with options that take a value: the table, and a pattern
# of their names.
values="" valued=""

output_lost=1 # the exit code of a script whose output cannot be written; some set another one

# Where a JDK may be. The launcher of the programs looks in the same places (JavaSearch.java).
jdk_folders=(/usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local /usr/local/java /opt /opt/java
    '~/.sdkman/candidates/java' '~/.jdks' '~/.gradle/jdks' '~/.asdf/installs/java'
    '~/.local/share/mise/installs/java')

# If a standard stream is closed, a JVM would use the first file that it opens as that stream.
# Writing to it still fails.
[[ -e /dev/fd/0 ]] || exec 0< /dev/null
[[ -e /dev/fd/1 ]] || exec 1< /dev/null
[[ -e /dev/fd/2 ]] || exec 2< /dev/null

# In the C locale a JVM reads names of files and arguments in ASCII only.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX) export LC_ALL=C.UTF-8 ;;
esac

fail() {
    printf '%s: %s\n' "${script##*/}" "$1" >&2
    exit "${2:-1}"
}

# shown WORD: prints the word for a sentence: with Java escapes for control characters, and cut
# after 200 letters. The programs do the same (Command.java).
shown() {
    local word=$1 text="" letter i
    ((${#1} <= 200)) || word=${1:0:200}
    for ((i = 0; i < ${#word}; i++)); do
        letter=${word:i:1}
        [[ $letter != [[:cntrl:]] ]] || printf -v letter '\\u%04x' "'$letter"
        text+=$letter
    done
    ((${#1} <= 200)) || text+="... (${#1} letters)"
    printf '%s' "$text"
}

# require PROGRAM PACKAGE: refuses to go on without a program.
require() {
    command -v "$1" > /dev/null \
        || fail "no $1 was found on the PATH ($PATH): install it (package $2, say)." 2
}

# options_with_values TABLE: the options of a script that take a value, one in each line: letter (or
# -), name, the word of the help for the value (with dots after it if the option may be repeated),
# and the range: whole numbers from LEAST to MOST, "seconds MOST", or "bytes LEASTm-MOSTm".
options_with_values() {
    local letter name what rest
    values=$1
    while read -r letter name what rest; do
        [[ -z $name ]] || valued+="|--$name"
        [[ $letter == - || -z $letter ]] || valued+="|-$letter"
    done <<< "$values"
    valued=${valued#|}
}

# answer_help ARGUMENT...: if an argument asks for help, prints the comment at the head of the
# script and exits; refuses an option that is not in that comment. Every script begins with this, so
# neither case builds or starts anything.
answer_help() {
    local line argument name before=""
    help=""
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
                print "$help"
                exit 0
                ;;
        esac
        ! name_of_option "$argument" || is_in_help "$name" || takes_value "$before" \
            || fail "there is no option $(shown "${argument%%=*}"): $see_help" 2
        before=$argument
    done
}

see_help="see ${script#"$root"/} --help"

print() {
    printf '%s' "$1" 2> /dev/null \
        || fail "standard output cannot be written: see that its device has room" "$output_lost"
}

# name_of_option WORD: sets $name to the name of the option in the word, or fails if the word has
# none. The value may be in the same word: --rounds=3, -r3.
name_of_option() {
    case $1 in
        --?*) name=${1%%=*} ;;
        -[!-]*) name=${1:0:2} ;;
        *) return 1 ;;
    esac
}

# is_in_help NAME: whether the script has such an option.
is_in_help() {
    [[ $help == *[!a-z-]"$1"[!a-z-]* ]]
}

# takes_value WORD: whether it is an option whose value is the next word.
takes_value() {
    [[ $1 == -* && $1 =~ ^($valued)$ ]]
}

# read_arguments ARGUMENT...: sets $words to the arguments that are neither options nor their
# values, $given to the values by the names of their options (options without a value are there as
# well), and $repeated to the values of options that may be repeated. Refuses a missing value, a
# wrong one, and one too many.
read_arguments() {
    local word name value what least most
    words=() repeated=()
    declare -gA given=()
    while (($# > 0)); do
        word=$1
        shift
        if [[ $word == -- ]]; then
            words+=("$@")
            return
        elif ! name_of_option "$word"; then
            words+=("$word")
            continue
        elif [[ ! $name =~ ^($valued)$ ]]; then
            [[ $word != --*=* ]] \
                || fail "$name takes no value: $(shown "${word#--}"): leave it out" 2
            given[$name]=x
            continue
        fi
        value=${word#"$name"}
        value=${value#=}
        find_option "$name"
        if [[ $word == "$option" ]]; then
            (($# > 0)) && ! is_option "$1" || fail "--$name needs its ${what%...}: $see_help" 2
            value=$1
            shift
        fi
        check_value
    done
}

# is_option WORD: whether the script has this option, so the word is not the value of the option
# before it.
is_option() {
    local name
    name_of_option "$1" && is_in_help "$name"
}

# find_option OPTION: sets $option to it, and $name, $what, $least and $most to its entries in the
# table of options.
find_option() {
    local letter
    option=$1
    while read -r letter name what least most; do
        [[ $option != "-$letter" && $option != "--$name" ]] || return 0
    done <<< "$values"
}

# Checks $value of the option $name, and stores it.
check_value() {
    if [[ $what == *... ]]; then
        given[$name]=x
        repeated+=("$value")
        return
    fi
    [[ -z ${given[$name]+x} ]] \
        || fail "--$name is given more than once: values=[$(shown "${given[$name]}"),\
 $(shown "$value")]:\
 pass one" 2
    if [[ $least == seconds ]]; then
        is_time "$value" "$most" \
            || fail "--$name must be a number of seconds above 0, at most $most:\
 $name=$(shown "$value")" 2
    elif [[ $least == bytes ]]; then
        is_size "$value" "${most%m-*}" "${most#*-}" \
            || fail "--$name must be a size with k, m or g, from ${most/-/ to }:\
 $name=$(shown "$value")" 2
    elif [[ -n $least ]]; then
        is_whole_number "$value" "$least" "$most" \
            || fail "--$name must be a whole number from $least to $most: $name=$(shown "$value")" 2
    elif [[ -z $value ]]; then
        fail "--$name needs its $what, not an empty one: $see_help" 2
    fi
    given[$name]=$value
}

# is_whole_number WORD LEAST MOST; sets $number to it in plain digits.
is_whole_number() {
    local digits sign="" largest=9223372036854775807
    [[ $1 =~ ^([+-]?)0*([0-9]+)$ ]] || return 1
    digits=${BASH_REMATCH[2]}
    [[ ${BASH_REMATCH[1]} != - ]] || sign=- largest=9223372036854775808
    # more digits than the shell can calculate with
    ((${#digits} < 19)) || { ((${#digits} == 19)) && [[ ! $digits > $largest ]]; } || return 1
    number=$sign$digits
    ((number >= $2 && number <= $3))
}

# is_size WORD LEAST MOST: whether it is a number of bytes, with k, m or g after it, from LEAST to
# MOST MiB.
is_size() {
    local unit=0
    [[ $1 =~ ^([0-9]{1,9})([kKmMgG])$ ]] || return 1
    case ${BASH_REMATCH[2]} in
        [kK]) unit=10 ;;
        [mM]) unit=20 ;;
        [gG]) unit=30 ;;
    esac
    ((10#${BASH_REMATCH[1]} << unit >= $2 << 20 && 10#${BASH_REMATCH[1]} << unit <= ${3%m} << 20))
}

# is_time WORD MOST: whether it is a number of seconds, more than 0.
is_time() {
    local LC_ALL=C seconds # a point, whatever the locale has
    [[ $1 =~ ^[+]?([0-9]+\.?|[0-9]*\.[0-9]+)([eE][+-]?[0-9]+)?$ \
        && ${1%%[eE]*} == *[1-9]* ]] || return 1
    printf -v seconds '%.3f' "$1" 2> /dev/null || return 1
    [[ $seconds == [0-9]* ]] || return 1 # "inf", because the number is too large
    ((${#seconds} < 12 && 10#${seconds/./} <= $2 * 1000))
}

# is_url WORD: whether it is the URL of a server of NATS, or several with commas between.
is_url() {
    [[ $1 =~ ^(nats|tls)://[^\ ,]+(,(nats|tls)://[^\ ,]+)*$ ]]
}

# check_shared: refuses what a node and a program that asks cannot agree on.
check_shared() {
    [[ -z ${given[set]+x} || ${given[set]} =~ ^[A-Za-z0-9_-]{1,64}$ ]] \
        || fail "--set must be 1 to 64 letters, digits, - and _: set=$(shown "${given[set]}")" 2
    [[ -z ${given[replicas]:-} || $((10#${given[replicas]#+} % 2)) == 1 ]] \
        || fail "--replicas must be 1, 3 or 5: replicas=$(shown "${given[replicas]}")" 2
}

# join WORD...: sets $joined to the words with commas in between, for a sentence.
join() {
    printf -v joined ', %s' "$@"
    joined=$(shown "${joined:2}")
}

# check_word KIND WORD NAME...: refuses a word that is not one of the names, before a build of
# minutes.
check_word() {
    local name joined near=""
    for name in "${@:3}"; do
        [[ $2 != "$name" ]] || return 0
        if [[ -z $near ]] && is_near "$2" "$name"; then
            near="did you mean $name? T"
        fi
    done
    join "${@:3}"
    fail "there is no $1 $(shown "$2"): ${near:-t}he $1s are $joined" 2
}

# is_near WORD OTHER: whether the words differ by one letter that is replaced, missing, added, or
# swapped with the next.
is_near() {
    local i before from after longer=$((${#1} - ${#2}))
    # At once: the loop below would go over each letter of a long word.
    ((longer >= -1 && longer <= 1)) || return 1
    for ((i = 0; i <= ${#1}; i++)); do
        before=${1:0:i} from=${1:i} after=${1:i+1}
        case $2 in
            "$before"?"$after" | "$before"?"$from" | "$before$after" \
                | "$before${after:0:1}${from:0:1}${after:1}")
                return ;;
        esac
    done
    return 1
}

# Sets $jdk and $jdk_version to the first JDK 25 or newer. Starts no process, because its callers
# are timed.
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
    fail "no JDK 25 or newer was found in JAVA_HOME, JDK_HOME, JAVA*HOME*, the PATH$folder: install\
 one (package openjdk-25-jdk or temurin-25-jdk, say) or name its folder in JAVA_HOME." 2
}

find_maven() {
    local files
    files=$(ulimit -n)
    [[ $files == unlimited ]] || ((files >= 512)) \
        || fail "a build opens hundreds of files, but this shell may open no\
 more than $files: raise that to 512 or more (ulimit -n 512)." 2
    require grep grep # for the report of a build
    command -v mvn > /dev/null \
        || fail "no mvn was found on the PATH ($PATH): install Maven 3.6.3 or newer\
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
    require find findutils
    newer=$(find "${@:2}" -newer "$1" -print -quit) \
        || fail "the sources cannot be looked through: mend what find\
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

# show_progress START WHAT: on a terminal, prints a line that the next line replaces.
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

# The line of Maven's output at the start of a goal of a module.
goal='^\[INFO\] --- [^ ]*:([a-zA-Z-]+) (\([^)]*\) )?@ ([a-z-]+) ---'

# to_log LOG NAME: writes the output of a stage to the log; on a terminal it shows the time so far
# and the goal of Maven.
to_log() {
    local line="" part="" at="" started
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

# open_log NAME: sets $log to an empty log. Every script does this before it prints where its log
# is.
open_log() {
    log=$logs/${1//[^a-z0-9]/-}.log
    { mkdir -p "$logs" && : > "$log"; } 2> /dev/null || fail_for_log "${log##*/}"
}

fail_for_log() {
    fail "its log cannot be written: path=$logs/${1%.log}.log: build in a clone of your own" 2
}

# stage NAME COMMAND...: runs the command with its output in a log; one line when it is done.
stage() {
    local name=$1 log started
    open_log "$name"
    now_us
    started=$now_us
    if "${@:2}" 2>&1 | to_log "$log" "$name"; then
        stage_line "$started" "$name"
    else
        stage_line "$started" "$name FAILED"
        show_end "$log"
        exit 1
    fi
}

# The last lines of a log, without stack frames and the lines that Maven prints at the end of every
# failure.
show_end() {
    grep -vE \
        -e '^\[ERROR\][[:space:]]*($|at |To see|Re-run|For more|After correcting|  mvn |\[Help)' \
        -e '^\[INFO\] (-+$|$)' "$1" \
        | grep -vE '^[[:space:]]*(at [a-zA-Z0-9_.$/@]+\(|\.\.\. [0-9]+ more)' \
        | tail -n 20 >&2 || true
    printf 'the whole log: %s\n' "$1" >&2
}

# Maven on the JDK found; run in the project's folder.
maven() {
    (cd "$root" && JAVA_HOME=$jdk exec mvn --batch-mode -Dstyle.color=never "$@")
}

# Options of builds for a program that is then run: only the jars.
only_jars=(-Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true)

# one_at_a_time COMMAND...: runs a command that builds while no other script builds here, since two
# builds at once would delete each other's classes.
one_at_a_time() {
    local lock
    require flock util-linux
    { mkdir -p "$logs" && exec {lock}>> "$logs/build.lock"; } 2> /dev/null || fail_for_log build
    if ! flock --nonblock "$lock"; then
        printf 'another script is building in %s: waiting for it to end\n' "$root" >&2
        flock "$lock"
    fi
    "$@"
    exec {lock}>&- # so that a program that replaces this script does not keep the lock
}

# build_if CHECK MODULES JAR...: builds the modules' jars, and the jars that they need, if the
# command CHECK finds one of them out of date.
build_if() {
    "$1" || return 0
    find_maven
    one_at_a_time build_if_still "$@"
}

# The same, after another script may have built them.
build_if_still() {
    local log
    "$1" || return 0
    open_log build
    printf 'building, which takes a minute or two the first time; the log is %s\n' "$log" >&2
    stage "build" maven package "${only_jars[@]}" --projects "$2" --also-make
    touch "${@:3}" # Maven does not write a jar that would not change
}

# build_program MODULE: builds its jar, with the libraries that it needs beside it, if a source is
# newer; sets $class_path.
build_program() {
    local jar=$root/$1/target/$1.jar sources
    sources=("$root/pom.xml" "$root"/{ipc-channel,launcher,"$1"}/{pom.xml,src/main})
    build_if jar_is_stale "$1" "$jar"
    class_path=$jar:$root/$1/target/lib/*
}

# For a function that builds: whether its $jar is older than one of its $sources.
jar_is_stale() {
    stale "$jar" "${sources[@]}"
}

# example NAME [ARGUMENT...]: builds what is missing of a program of the folder examples, and
# replaces this script with it. $as_script is the option by which the program uses the name and the
# help of this script in its messages.
example() {
    local folder=$root/examples/$1 jar=$root/examples/$1/target/examples-$1.jar
    local sources=("$root"/pom.xml "$root"/{ipc-channel,launcher}/{pom.xml,src/main}
        "$root"/examples/pom.xml
        "$folder"/{pom.xml,src/main})
    [[ $1 != worker-host ]] || sources+=("$root"/examples/{common,worker}/{pom.xml,src/main})
    [[ $1 != cluster ]] \
        || sources+=("$root"/{ipc-channel-cluster,examples/words}/{pom.xml,src/main})
    build_if jar_is_stale "examples/$1" "$jar"
    exec "$jdk/bin/java" -XX:+UseSerialGC "$as_script" -jar "$jar" "${@:2}"
}
