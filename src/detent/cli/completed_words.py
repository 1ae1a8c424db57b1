"""What shells offer for words: functions of bash and zsh, and arguments of fish, for `shtab`."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def complete_revisions(name: str, *words: str) -> dict[str, object]:
    """Offer some words, branches and tags.

    The name of a branch is somebody else's and may hold ``$(...)``, so no shell gets it as text to
    evaluate, as from `shtab.cmd`.
    """
    listing = "git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags"
    listing = f"printf '%s\\n' {' '.join(words)}; {listing}" if words else listing
    bash = f"""
_detent_{name}() {{
  local name
  while IFS= read -r name; do
    if [[ $name == "$1"* ]]; then printf '%q\\n' "$name"; fi
  done < <({listing} 2>/dev/null)
}}
"""
    zsh = f"""
_detent_{name}() {{
  local -a names=("${{(@f)$({listing} 2>/dev/null)}}")
  compadd -a names
}}
"""
    function = f"_detent_{name}"
    return {
        "bash": function,
        "zsh": function,
        "fish": f"({listing} 2>/dev/null)",
        "preamble": {"bash": bash, "zsh": zsh},
    }


def complete_words(name: str, words: Iterable[str]) -> dict[str, object]:
    """Offer words."""
    listed = " ".join(words)
    function = f"_detent_{name}"
    bash = f"""
{function}() {{
  compgen -W "{listed}" -- "$1"
}}
"""
    zsh = f"""
{function}() {{
  compadd -- {listed}
}}
"""
    preamble = {"bash": bash, "zsh": zsh}
    return {"bash": function, "zsh": function, "fish": listed, "preamble": preamble}


def complete_list(name: str, words: Iterable[str]) -> dict[str, object]:
    """Offer words for the last item of a list with commas."""
    listed = " ".join(words)
    bash = f"""
_detent_{name}() {{
  local before=""
  if [[ $1 == *,* ]]; then before="${{1%,*}},"; fi
  compgen -P "$before" -W "{listed}" -- "${{1##*,}}"
}}
"""
    zsh = f"""
_detent_{name}() {{
  compset -P '*,'
  compadd -S '' -- {listed}
}}
"""
    function = f"_detent_{name}"
    before = (
        r"(string replace -r '[^,]*\z' '' -- (commandline -ct))"  # a dollar would be a variable
    )
    return {
        "bash": function,
        "zsh": function,
        "fish": f"{before}{{{listed.replace(' ', ',')}}}",
        "preamble": {"bash": bash, "zsh": zsh},
    }
