#!/bin/sh
# Put here by `detent install`, taken away by `detent uninstall`.
python='@PYTHON@'
hook='@HOOK@'
case $0 in
    */*) chained=${0%/*}/$hook.detent-chained ;;
    *) chained=./$hook.detent-chained ;;
esac
# What git says of the push is for both hooks, to the last byte.
given=$(cat && echo .)
given=${given%.}

# The hook that was here before goes first, and its refusal is final.
if [ -f "$chained" ] && [ -x "$chained" ]; then
    printf %s "$given" | "$chained" "$@" || exit
fi
if [ ! -f "$python" ] || [ ! -x "$python" ]; then
    printf '%s\n' "detent: the Python that this hook was installed with is gone: $python" \
        "  mend it:              detent install" \
        "  go around it once:    git push --no-verify" >&2
    exit 3
fi
# The empty entry of sys.path is where git runs this: a json.py there is not ours to import.
printf %s "$given" | "$python" -c 'import sys
sys.path = [place for place in sys.path if place]
try:
    from detent.main import entry
except ModuleNotFoundError as error:
    sys.stderr.write(f"detent: {error} for {sys.executable}\n")
    sys.stderr.write("  mend it: install detent there, or `detent install` with another Python\n")
    sys.exit(3)
entry()' hook "$hook" "$@"
