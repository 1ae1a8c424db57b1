#!/bin/sh
# Put here by `detent install`, taken away by `detent uninstall`.
python='@PYTHON@'
packages='@PACKAGES@'
hook='@HOOK@'
case $0 in
    */*) chained=${0%/*}/$hook.detent-chained ;;
    *) chained=./$hook.detent-chained ;;
esac

# The hook that was here before. One of the shell is read under the name that it had: husky's go by it.
before() {
    [ -f "$chained" ] && [ -x "$chained" ] || return 0
    IFS= read -r first <"$chained"
    case $first in
        '#!/bin/sh' | '#!/usr/bin/env sh')
            /bin/sh -c 'chained=$1; shift; . "$chained"' "$0" "$chained" "$@" ;;
        *) "$chained" "$@" ;;
    esac
}
# The empty entry of sys.path is where git runs this: a json.py there is not ours to import.
detent() {
    if [ ! -f "$python" ] || [ ! -x "$python" ]; then
        printf '%s\n' "detent: the Python that this hook was installed with is gone: $python" \
            "  mend it:              detent install" \
            "  go around it once:    add --no-verify to the command" >&2
        return 3
    fi
    "$python" -c 'import sys
sys.path = [place for place in sys.path if place]
try:
    from detent.cli.main import entry
except ModuleNotFoundError as error:
    sys.stderr.write(f"detent: {error} for {sys.executable}\n")
    sys.stderr.write("  mend it: install detent there, or `detent install` with another Python\n")
    sys.exit(3)
entry()' hook "$hook" "$@"
}

