"""Draw the picture of the README: what a terminal shows, from a real run, as SVG.

Usage: python benchmarks/picture.py REPOSITORY > docs/picture.svg

REPOSITORY is a clone of numpy: it is cloned again, an undocumented function is committed through
the installed hook, and then its documentation. POSIX only, since it needs a pseudo-terminal.
"""

from __future__ import annotations

import html
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = "numpy/lib/_utils_impl.py"
UNDOCUMENTED = """

def memory_order(array):
    return "C" if array.flags.c_contiguous else "F"
"""
DOCUMENTED = '''

def memory_order(array):
    """
    Return the memory order of an array.

    Parameters
    ----------
    array : ndarray
        The array.

    Returns
    -------
    str
        ``C`` or ``F``.
    """
    return "C" if array.flags.c_contiguous else "F"
'''
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#f2cc60", "2": "#8b949e", "1": "#ffffff"}
WIDTH, LINE, LEFT, TOP = 8.4, 20, 18, 52


def _shown(command: str, cwd: str) -> list[str]:
    """Run a command on a terminal of its own and give the lines that it prints."""
    reader, writer = pty.openpty()
    with subprocess.Popen(["sh", "-c", command], cwd=cwd, stdout=writer, stderr=writer):
        os.close(writer)
        said = b""
        while True:
            try:
                said += os.read(reader, 4096)
            except OSError:
                break
    os.close(reader)
    without_links = re.sub(r"\x1b\]8;.*?(?:\x1b\\|\a)", "", said.decode())
    lines = without_links.replace("\r\n", "\n").rstrip("\n").split("\n")
    return [re.split(r"\r|\x1b\[K", line)[-1] for line in lines]


def _spans(line: str) -> str:
    found, colour = [], "#c9d1d9"
    for part in re.split(r"(\x1b\[\d+m)", line):
        if part.startswith("\x1b["):
            colour = COLOURS.get(part[2:-1], "#c9d1d9")
        elif part:
            found.append(f'<tspan fill="{colour}">{html.escape(part)}</tspan>')
    return "".join(found)


def _draw(lines: list[str]) -> str:
    plain = [re.sub(r"\x1b\[\d+m", "", line) for line in lines]
    width = int(max(map(len, plain)) * WIDTH) + 2 * LEFT
    height = TOP + len(lines) * LINE
    dots = "".join(
        f'<circle cx="{24 + 20 * n}" cy="20" r="6" fill="{colour}"/>'
        for n, colour in enumerate(("#ff5f56", "#ffbd2e", "#27c93f"))
    )
    rows = "".join(
        f'<text x="{LEFT}" y="{TOP + n * LINE}" xml:space="preserve">{_spans(line)}</text>\n'
        for n, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>{dots}\n{rows}</svg>\n'
    )


def main(source: str) -> None:
    """Write the picture to standard output.

    Parameters
    ----------
    source : str
        A clone of numpy; it is only read.
    """
    with tempfile.TemporaryDirectory() as place:
        clone = str(Path(place) / "numpy")
        subprocess.run(["git", "clone", "-q", "--shared", source, clone], check=True)
        file = Path(clone, FILE)
        before = file.read_text()
        bright = "\x1b[1m$ {}\x1b[0m"
        lines = []

        def step(command: str) -> None:
            if lines:
                lines.append("")
            lines.append(bright.format(command))
            lines.extend(line for line in _shown(command, clone) if line)

        step("detent check")
        _shown("detent install", clone)
        file.write_text(before + UNDOCUMENTED)
        step("git commit -qam 'Add memory_order'")
        file.write_text(before + DOCUMENTED)
        step("git commit -qam 'Add memory_order' && echo committed")
        sys.stdout.write(_draw([line.expandtabs() for line in lines]))


if __name__ == "__main__":
    main(sys.argv[1])
