# The hook that was here before goes first.
status=0
before "$@" || status=$?
# A new branch where one stands moves nothing; a rebase moves many times, and ends with post-rewrite.
git_dir=${GIT_DIR:-.git}
case $hook,${3-} in
    post-checkout,1) [ "$1" != "$2" ] || exit "$status" ;;
esac
case $hook in
    post-rewrite) ;;
    *) [ ! -d "$git_dir/rebase-merge" ] && [ ! -d "$git_dir/rebase-apply" ] || exit "$status" ;;
esac
# Where nothing is indexed there is nothing to do, and what fails is left to the next run.
if [ -d "$(git rev-parse --git-common-dir)/detent" ]; then
    detent "$@" </dev/null >/dev/null 2>&1
fi
exit "$status"
