# The hook that was here before goes first.
status=0
before "$@" || status=$?
# Where nothing is indexed there is nothing to do, and what fails is left to the next run.
if [ -d "$(git rev-parse --git-common-dir)/detent" ]; then
    detent "$@" </dev/null >/dev/null 2>&1
fi
exit "$status"
