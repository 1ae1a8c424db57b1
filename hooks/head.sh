#!/bin/sh
# Put here by `detent install`, taken away by `detent uninstall`.
python='@PYTHON@'
hook='@HOOK@'
case $0 in
    */*) chained=${0%/*}/$hook.detent-chained ;;
    *) chained=./$hook.detent-chained ;;
esac

# The hook that was here before. A shell script is read under its old name: husky's depend on it.
before() {
    [ -f "$chained" ] && [ -x "$chained" ] || return 0
    IFS= read -r first <"$chained"
    case $first in
        '#!/bin/sh' | '#!/usr/bin/env sh')
            /bin/sh -c 'chained=$1; shift; . "$chained"' "$0" "$chained" "$@" ;;
        *) "$chained" "$@" ;;
    esac
}
# -P: nothing is imported from the directory where git runs this, whose json.py may be hostile.
detent() {
    if [ ! -f "$python" ] || [ ! -x "$python" ]; then
        printf '%s\n' "detent: the Python that this hook was installed with is gone: $python" \
            "  fix it:               detent install" \
            "  skip the hook once:   add --no-verify to the command" >&2
        return 3
    fi
    "$python" -Pc 'import sys
try:
    from detent.cli.main import entry
except ModuleNotFoundError as error:
    sys.stderr.write(f"detent: {error} for {sys.executable}\n")
    sys.stderr.write("  fix it: install detent there, or `detent install` with another Python\n")
    sys.exit(3)
entry()' hook "$hook" "$@"
}

