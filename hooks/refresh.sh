#!/bin/sh
# Put here by `detent install`, taken away by `detent uninstall`.
python='@PYTHON@'
hook='@HOOK@'
case $0 in
    */*) chained=${0%/*}/$hook.detent-chained ;;
    *) chained=./$hook.detent-chained ;;
esac

# The hook that was here before goes first.
status=0
if [ -f "$chained" ] && [ -x "$chained" ]; then
    "$chained" "$@" || status=$?
fi
# Where nothing is indexed there is nothing to do, and what fails is left to the next run.
if [ -d "$(git rev-parse --git-common-dir)/detent" ] && [ -x "$python" ]; then
    # The empty entry of sys.path is where git runs this: a json.py there is not ours to import.
    "$python" -c 'import sys
sys.path = [place for place in sys.path if place]
from detent.main import entry
entry()' hook "$hook" "$@" </dev/null >/dev/null 2>&1
fi
exit "$status"
