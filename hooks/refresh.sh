# The hook that was here before goes first.
status=0
before "$@" || status=$?
# A new branch at the same commit moves nothing. A rebase moves many times, and ends with post-rewrite.
git_dir=${GIT_DIR:-.git}
case $hook,${3-} in
    post-checkout,1) [ "$1" != "$2" ] || exit "$status" ;;
esac
case $hook in
    post-rewrite) ;;
    *) [ ! -d "$git_dir/rebase-merge" ] && [ ! -d "$git_dir/rebase-apply" ] || exit "$status" ;;
esac
# Without an index there is nothing to do. What fails here, the next run does.
if [ -d "$(git rev-parse --git-common-dir)/detent" ]; then
    detent "$@" </dev/null >/dev/null 2>&1
fi
exit "$status"
