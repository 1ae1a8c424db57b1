"""Completion scripts for shells, from what the command line takes: pure.

No script hands the shell anything to evaluate but its own words: names of files and of branches are
somebody else's, and may hold ``$(...)``.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

#: What an argument takes.
NOTHING, WORDS, FILES, DIRECTORIES, REVISIONS, VIEWS, OTHER = (
    "nothing", "words", "files", "directories", "revisions", "views", "other"
)  # fmt: skip


class Argument(NamedTuple):
    """An argument that a command takes."""

    options: tuple[str, ...]  # how it is written; empty for what stands by itself
    kind: str  # what its value is: one of the constants of this module
    words: tuple[str, ...]  # the values of `WORDS`
    meaning: str  # one line


class Command(NamedTuple):
    """A command, or an action of one."""

    words: tuple[str, ...]  # what calls it: empty for the program, two words for an action
    meaning: str  # one line
    arguments: tuple[Argument, ...]


def render_script(shell: str, commands: Sequence[Command]) -> str:
    """Write a completion script."""
    return "\n".join(SHELLS[shell](commands)) + "\n"


def _quote_word(text: str) -> str:
    """Quote for a POSIX shell."""
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"


def _list_subcommands(commands: Iterable[Command], words: tuple[str, ...]) -> list[Command]:
    """List what may follow these words."""
    return [one for one in commands if one.words and one.words[:-1] == words]


def _find_positional(command: Command) -> Argument | None:
    return next((one for one in command.arguments if not one.options), None)


# ---- what bash and zsh have in common


def _join_words(command: Command) -> str:
    return "".join(f" {word}" for word in command.words)


def _write_command_cases(commands: Iterable[Command]) -> Iterator[str]:
    """Write the cases that go from one command to the next."""
    for one in commands:
        if one.words:
            yield f"        {_quote_word(_join_words(one))}) way={_quote_word(_join_words(one))} ;;"


def _write_value_cases(
    commands: Iterable[Command], write: Callable[[Argument], str]
) -> Iterator[str]:
    """Write the cases for the values of options."""
    for one in commands:
        for taken in one.arguments:
            if taken.options and taken.kind != NOTHING:
                keys = "|".join(_quote_word(f"{_join_words(one)}:{name}") for name in taken.options)
                yield f"    {keys}) {write(taken)}; return ;;"


# ---- bash

_BASH_HEAD = r"""# Completion of detent for bash: source this, or save it as
# ~/.local/share/bash-completion/completions/detent
_detent_add() {
    local word
    while IFS= read -r word; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "$word")")
    done
}
_detent_revisions() {
    git for-each-ref --format='%(refname:short)' 2>/dev/null
    printf '%s\n' HEAD
}
_detent_files() {
    local word
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen "$1" -- "$cur")
}
_detent() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} way='' word
    COMPREPLY=()
    if [[ $cur == = ]]; then
        cur=''
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$way $word" in"""
_BASH_TAIL = r"""}
complete -F _detent detent"""

_BASH_VALUES = {
    FILES: "_detent_files -f",
    DIRECTORIES: "_detent_files -d",
    REVISIONS: "_detent_add < <(_detent_revisions)",
    VIEWS: "_detent_add < <(printf '%s\\n' staged worktree; _detent_revisions)",
    OTHER: ":",
}


def _write_bash(commands: Sequence[Command]) -> Iterator[str]:
    yield _BASH_HEAD
    yield from _write_command_cases(commands)
    yield from ("        esac", "    done", '    case "$way:$prev" in')
    yield from _write_value_cases(commands, _complete_bash_value)
    yield from ("    esac", '    case "$way:$cur" in')
    for one in commands:
        options = [name for taken in one.arguments for name in taken.options]
        yield f"    {_quote_word(_join_words(one) + ':')}-*) {_complete_bash_words(options)} ;;"
        yield f"    {_quote_word(_join_words(one) + ':')}*) {_complete_bash_rest(one, commands)} ;;"
    yield from ("    esac", _BASH_TAIL)


def _complete_bash_words(words: Iterable[str]) -> str:
    return f"_detent_add < <(printf '%s\\n' {' '.join(_quote_word(word) for word in words)})"


def _complete_bash_value(taken: Argument) -> str:
    return _complete_bash_words(taken.words) if taken.kind == WORDS else _BASH_VALUES[taken.kind]


def _complete_bash_rest(command: Command, commands: Sequence[Command]) -> str:
    if names := _list_subcommands(commands, command.words):
        return _complete_bash_words(one.words[-1] for one in names)
    taken = _find_positional(command)
    return _complete_bash_value(taken) if taken else ":"


# ---- zsh

_ZSH_HEAD = r"""#compdef detent
# Completion of detent for zsh: source this after compinit, or save it as _detent in a directory of
# fpath.
_detent_revisions() {
    local -a found
    found=(HEAD ${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
    compadd -a found
}
_detent() {
    local way='' word previous=${words[CURRENT-1]}
    local -a found
    if [[ -n $PREFIX && $PREFIX == --*=* ]]; then
        previous=${PREFIX%%=*}
        compset -P '*='
    fi
    for word in "${(@)words[2,CURRENT-1]}"; do
        case "$way $word" in"""
_ZSH_TAIL = r"""}
if [[ ${funcstack[1]} == _detent ]]; then
    _detent "$@"
else
    compdef _detent detent
fi"""

_ZSH_VALUES = {
    FILES: "_files",
    DIRECTORIES: "_files -/",
    REVISIONS: "_detent_revisions",
    VIEWS: "compadd -- staged worktree; _detent_revisions",
    OTHER: ":",
}


def _write_zsh(commands: Sequence[Command]) -> Iterator[str]:
    yield _ZSH_HEAD
    yield from _write_command_cases(commands)
    yield from ("        esac", "    done", '    case "$way:$previous" in')
    yield from _write_value_cases(commands, _complete_zsh_value)
    yield from ("    esac", '    case "$way:$PREFIX" in')
    for one in commands:
        options = [(name, taken.meaning) for taken in one.arguments for name in taken.options]
        yield f"    {_quote_word(_join_words(one) + ':')}-*) {_describe_zsh_words(options)} ;;"
        yield f"    {_quote_word(_join_words(one) + ':')}*) {_complete_zsh_rest(one, commands)} ;;"
    yield from ("    esac", _ZSH_TAIL)


def _complete_zsh_value(taken: Argument) -> str:
    if taken.kind == WORDS:
        return f"compadd -- {' '.join(_quote_word(word) for word in taken.words)}"
    return _ZSH_VALUES[taken.kind]


def _describe_zsh_words(options: Iterable[tuple[str, str]]) -> str:
    pairs = " ".join(_quote_word(f"{name}:{meaning}") for name, meaning in options)
    return f"found=({pairs}); _describe detent found"


def _complete_zsh_rest(command: Command, commands: Sequence[Command]) -> str:
    if names := _list_subcommands(commands, command.words):
        return _describe_zsh_words((one.words[-1], one.meaning) for one in names)
    taken = _find_positional(command)
    return _complete_zsh_value(taken) if taken else ":"


# ---- fish

_FISH_HEAD = r"""# Completion of detent for fish: source this, or save it as
# ~/.config/fish/completions/detent.fish
function __detent_revisions
    git for-each-ref --format='%(refname:short)' 2>/dev/null
    echo HEAD
end
function __detent_at
    set -l way
    for word in (commandline -opc)[2..]
        if contains -- (string join -- ' ' $way $word) $__detent_ways
            set way $way $word
        end
    end
    set -l joined (string join -- ' ' $way)
    test "$joined" = "$argv"
end
complete -c detent -f"""

_FISH_VALUES = {
    NOTHING: "",
    FILES: " -r -F",
    DIRECTORIES: " -x -a '(__fish_complete_directories)'",
    REVISIONS: " -x -a '(__detent_revisions)'",
    VIEWS: " -x -a 'staged worktree (__detent_revisions)'",
    OTHER: " -x",
}


def _write_fish(commands: Sequence[Command]) -> Iterator[str]:
    yield _FISH_HEAD
    ways = " ".join(_quote_fish(" ".join(one.words)) for one in commands if one.words)
    yield f"set -g __detent_ways {ways}"
    for one in commands:
        at = f"complete -c detent -n {_quote_fish('__detent_at ' + ' '.join(one.words))}"
        for name in _list_subcommands(commands, one.words):
            yield f"{at} -a {name.words[-1]} -d {_quote_fish(name.meaning)}"
        for taken in one.arguments:
            if taken.options:
                yield f"{at}{_write_fish_names(taken.options)}{_complete_fish_value(taken)} -d " + (
                    _quote_fish(taken.meaning)
                )
            elif not _list_subcommands(commands, one.words) and taken.kind in (
                FILES,
                DIRECTORIES,
                WORDS,
            ):
                value = " -F" if taken.kind != WORDS else f" -a {_quote_fish(_join_values(taken))}"
                yield f"{at}{value}"


def _write_fish_names(options: Iterable[str]) -> str:
    return "".join(f" -l {one[2:]}" if one[:2] == "--" else f" -s {one[1:]}" for one in options)


def _complete_fish_value(taken: Argument) -> str:
    if taken.kind == WORDS:
        return f" -x -a {_quote_fish(_join_values(taken))}"
    return _FISH_VALUES[taken.kind]


def _join_values(taken: Argument) -> str:
    return " ".join(taken.words)


def _quote_fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


#: Every shell there is a script for.
SHELLS: Mapping[str, Callable[[Sequence[Command]], Iterator[str]]] = {
    "bash": _write_bash,
    "zsh": _write_zsh,
    "fish": _write_fish,
}
