#!/usr/bin/env bash
# Builds what is missing and runs one half of a demo of two programs that meet by name: the sender
# waits until the receiver is ready. Run each in a terminal of its own, in either order.
#   scripts/run_event_demo.sh receiver     shows what it receives until Ctrl-C
#   scripts/run_event_demo.sh sender       sends fifteen messages once a receiver is ready
#     -p, --pause MILLISECONDS             how long it waits after each of the first five; twice
#                                          that after the others (500)
#   scripts/run_event_demo.sh              says how to run both
#   scripts/run_event_demo.sh --help       this text
set -euo pipefail
script=$(readlink -f -- "${BASH_SOURCE[0]}") # also where this is a link to it
. "${script%/*}/lib.sh"

options_with_values "
    p pause MILLISECONDS 0 60000"
# The program uses this name, and this help, in its messages.
as_script=-Ddev.ipcchannel.script=run_event_demo.sh
answer_help "$@"
read_arguments "$@"
((${#words[@]} < 2)) \
    || fail "one word is taken at most, receiver or sender: words=${#words[@]}: $see_help" 2
half=${words[0]:-}
[[ -z $half ]] || check_word program "$half" receiver sender
[[ -z ${given[pause]:-} || $half == sender ]] || fail "--pause is for the sender: leave it out" 2
[[ -z $half ]] || find_jdk

print "🚀 IPC Event Coordination Demo
==============================
"
case $half in
    receiver) print "🎯 Starting receiver...
" ;;
    sender) print "📤 Starting sender...
" ;;
    *)
        print "
The sender waits until the receiver says that it is ready. Run each in a terminal of its own:
  scripts/run_event_demo.sh receiver
  scripts/run_event_demo.sh sender
"
        exit 0
        ;;
esac
example names "event_$half" ${given[pause]:+--pause "${given[pause]}"}
