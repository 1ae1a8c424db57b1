# The hook that was here before goes first, and its refusal is final.
before "$@" || exit

# What has passed passes again without Python, as long as all that the verdict rests on is the same:
# detent itself (pip's list of what it installed, with a hash for each file) and the settings,
rules() {
    set --
    for file in detent.toml pyproject.toml setup.cfg "$packages"/git_detent-*.dist-info/RECORD; do
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
    case $* in */RECORD) rules=$(git hash-object --no-filters -- "$@") ;; *) false ;; esac || return
    set -- "${PYTHONPATH-}" "$@" $rules
    rules=$*
}
# what the index has that HEAD has not, and HEAD. Attributes that only this clone has are not known.
changes() {
    changes=$(git -c core.fsmonitor=false -c core.quotePath=true -c diff.relative=false \
        diff-index -r --cached --raw --no-renames --no-abbrev --ita-invisible-in-index HEAD --)
}
all() {
    all=$(git rev-parse --git-path info/attributes 'HEAD^{tree}') && [ ! -e "${all%
*}" ] && all="$rules
$all
$changes
end"
}
sure=
kept=${GIT_DIR:-.git}/detent
export GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 GIT_OPTIONAL_LOCKS=0
if [ "$hook" = pre-commit ] && [ ! -e "${GIT_DIR:-.git}/MERGE_HEAD" ] && rules && changes; then
    case $changes in
        *.py*) ;;
        *) IFS= read -r idle <"$kept/idle" && [ "$idle" = "$rules" ] && exit ;;
    esac
    if all; then
        [ -f "$kept/same" ] && [ "$(cat "$kept/same")" = "$all" ] && exit
        sure=--sure
        known=$all
    fi
fi 2>/dev/null

status=0
detent $sure "$@" || status=$?

# 10 and more: it will pass again with the same index, with one that differs in no file of Python's, or
# with both. That is written down if nothing has changed meanwhile.
case $status in 10 | 11 | 12) ;; *) exit "$status" ;; esac
if rules && changes && all && [ "$all" = "$known" ]; then
    [ -d "$kept" ] || mkdir "$kept"
    [ "$status" = 11 ] || printf '%s\n' "$all" >"$kept/same"
    [ "$status" = 10 ] || printf '%s\n' "$rules" >"$kept/idle"
fi 2>/dev/null
exit 0
