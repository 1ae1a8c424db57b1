"""Items to write in every format: plain ones, and ones that try to break out of it."""

from __future__ import annotations

from detent.core.escape import clean_text
from detent.report.items import ABSENT, BUDGET, ERROR, NEW, UNCHANGED, UNREAD, WARNING, ReportItem

PLAIN = [
    ReportItem(
        b"src/a.py", 3, 5, "PR01", 'Parameter "b" is not documented', "C.f", ERROR, NEW, "0" * 32
    ),
    ReportItem(
        b"pyproject.toml", 1, 1, BUDGET, "docstring.issues: 3 findings", "", ERROR, NEW, "1" * 32
    ),
    ReportItem(b"bad.py", 1, 1, UNREAD, "not analysed: it is gone", "", ERROR, NEW, "2" * 32),
    ReportItem(b"a b.py", 9, 1, "GL08", "No docstring", "g", WARNING, UNCHANGED, "3" * 32),
    ReportItem(b"a.py", 1, 1, "SS03", "Summary ends open", "h", WARNING, ABSENT, "4" * 32),
]

STEER = [
    "\x1b[31mred\x1b[0m",
    "\n::error file=x::owned",
    "::set-output name=a::b",
    "a%0A::error::b",
    "##[error]x",
    "</failure></testcase><testcase name='x'/>",
    "]]>&amp;<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "\x00\x0b\ufffe\uffff\U0001f600",
    "| a | b |\n|---|---|",
    "[x](javascript:alert(1)) ![y](http://evil/z.png) <img src=x onerror=alert(1)>",
    "@everyone #1 www.evil.example http://evil.example a@evil.example `code` **b** ~~s~~ $x$",
    '","fingerprint":"x"},{"',
    "\u202eabc\u2066",
    "\\",
    "x" * 5000,
]
HOSTILE = [
    ReportItem(
        (text.replace("\x00", "") + "/x.py").encode("utf-8", "surrogatepass"),
        1,
        1,
        "PR02",
        clean_text(text),
        clean_text(text),
        (ERROR, WARNING)[number % 2],
        NEW,
        f"{number:032x}",
    )
    for number, text in enumerate(STEER)
]
HOSTILE.append(HOSTILE[0]._replace(path=b"\xff\xfe\n,line=7::.py", fingerprint="f" * 32))
