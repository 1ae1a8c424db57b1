# The hook that was here before goes first, and where it fails the commit fails.
before "$@" || exit

# Where nothing is staged that detent reads, there is nothing to check, and Python is not started.
# A script without a suffix is known by its first line; here every executable file may be one.
# Only `gate = "all"` checks files that are not staged. A link to a device has no end, and is not read.
staged=$(GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 \
    git diff-index -r --cached HEAD -- 2>/dev/null) &&
    case $staged in @FILES@ | *' 100755 '* | *.toml* | *setup.cfg* | *.gitattributes*) false ;; esac &&
    case $(for file in detent.toml pyproject.toml; do
        [ ! -f "$file" ] || cat "$file" 2>/dev/null
    done) in *gate* | *\\[uU]*) false ;; esac &&
    exit 0

detent "$@"
