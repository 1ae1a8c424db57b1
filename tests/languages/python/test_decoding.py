from __future__ import annotations

import codecs

import pytest

from detent.core.model import Finding
from detent.languages.decoding import MAX_BYTES
from detent.languages.python.decoding import decode_source, decode_strictly


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b"", b""),
        (b"x\n", b"x\n"),
        (b"a\r\nb\rc\n\r\n", b"a\nb\nc\n\n"),
        (b"a\x0c\n\tb\x0b", b"a\x0c\n\tb\x0b"),
        (codecs.BOM_UTF8 + b"x = '\xc3\xa9'", b"x = '\xc3\xa9'"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n'\xc3\xa9'", b"# coding: latin-1\n'\xc3\xa9'"),
        (b"# coding: latin-1\n'\xe9'", b"# coding: latin-1\n'\xc3\xa9'"),
        (b"# coding: Latin_1-unix\n'\xe9'", b"# coding: Latin_1-unix\n'\xc3\xa9'"),
        (b"# -*- coding: utf-8-dos -*-\n'\xc3\xa9'", b"# -*- coding: utf-8-dos -*-\n'\xc3\xa9'"),
        (b"# coding: iso-8859-15\n'\xa4'", b"# coding: iso-8859-15\n'\xe2\x82\xac'"),
        (b"#!x\n# vim: set fileencoding=cp1252 :\n'\x80'", None),
        (b"\x0c\r# coding=cp1252\r'\x80'", b"\x0c\n# coding=cp1252\n'\xe2\x82\xac'"),
        (b"# coding: shift_jis\n'\x82\xa0'", b"# coding: shift_jis\n'\xe3\x81\x82'"),
        (b"#\n#\n# coding: cp1252\n'\xc3\xa9'", b"#\n#\n# coding: cp1252\n'\xc3\xa9'"),
        (b"x\n# coding: cp1252\n'\xc3\xa9'", b"x\n# coding: cp1252\n'\xc3\xa9'"),
        (b"coding = 'cp1252'\n'\xc3\xa9'", b"coding = 'cp1252'\n'\xc3\xa9'"),
    ],
)
def test_text(raw: bytes, data: bytes | None) -> None:
    expected = raw.replace(b"\x80", b"\xe2\x82\xac") if data is None else data
    assert decode_source(raw) == (expected, (), True)


@pytest.mark.parametrize(
    ("raw", "code", "place", "words"),
    [
        (b"a\n\tb\xc3\xa9\xff", "DT903", (2, 4), "not valid utf-8"),
        (b"a\r\n\xff", "DT903", (2, 1), "not valid utf-8"),
        (b"a\rb\n\rc\xff", "DT903", (4, 2), "not valid utf-8"),
        (b"\xc3", "DT903", (1, 1), "not valid utf-8"),
        (b"'\xed\xa0\x80'", "DT903", (1, 2), "not valid utf-8"),
        (b"# coding: ascii\n'\xc3\xa9'", "DT903", (2, 2), "not valid ascii"),
        (b"# coding: cp1252\n'\x81'", "DT903", (2, 2), "not valid cp1252"),
        (b"# coding: no-such\nx", "DT903", (1, 1), "unknown source encoding 'no-such'"),
        (b"#\n# coding: no-such\n'\xc3\xa9'", "DT903", (1, 1), "unknown source encoding 'no-such'"),
        (b"# coding: rot13\nk", "DT903", (1, 1), "unknown source encoding 'rot13'"),
        (b"# coding: zlib\n\xff", "DT903", (1, 1), "unknown source encoding 'zlib'"),
        (b"# coding: utf-16\n'\xc3\xa9'", "DT903", (1, 1), "unknown source encoding 'utf-16'"),
        (
            b"# coding: unicode_escape\n'\\q\xe9'",
            "DT903",
            (1, 1),
            "unknown source encoding 'unicode_escape'",
        ),
        (b"# coding: utf_7\n+AGE-", "DT903", (1, 1), "unknown source encoding 'utf_7'"),
        (b"x = 1\n'twelve letters\0'", "DT904", (2, 16), "NUL"),
    ],
)
def test_problems(raw: bytes, code: str, place: tuple[int, int], words: str) -> None:
    found = decode_source(raw)
    assert found.readable
    [problem] = found.problems
    assert (problem.code, (problem.line, problem.column)) == (code, place)
    assert words in problem.message
    newlines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert found.data == newlines.decode("utf-8", "replace").encode()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x7fELF\0\0\0\xff", "DT901"),
        ("x = 1\n".encode("utf-16"), "DT901"),
        (b"\0" * 20, "DT901"),
        (b"x\n" * (MAX_BYTES // 2) + b"x", "DT905"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0a\nsize 1\n", "DT906"),
        (b"version https://git-lfs.github.com/spec/v2\next-0 x:0a\noid x:0b\nsize 1\n", "DT906"),
    ],
)
def test_no_text(raw: bytes, code: str) -> None:
    found = decode_source(raw)
    assert (found.data, found.readable) == (b"", False)
    assert [problem[:4] for problem in found.problems] == [(0, code, 1, 1)]


def test_the_largest_file_is_read() -> None:
    raw = b"x\n" * (MAX_BYTES // 2)
    assert decode_source(raw) == (raw, (), True)


def test_a_text_codec_alone_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(data: bytes, errors: str = "strict") -> tuple[str, int]:
        raise AssertionError(data)

    info = codecs.lookup("zlib_codec")
    monkeypatch.setattr("encodings.zlib_codec.zlib_decode", decode)
    assert info.decode is not decode
    message = "unknown source encoding 'zlib_codec': read as UTF-8"
    expected = (Finding(0, "DT903", 1, 1, "", message),)
    assert decode_source(b"# coding: zlib_codec\nx").problems == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (codecs.BOM_UTF8 + b"a\r\n\xc3\xa9\r", ("a\r\né\r", "utf-8")),
        (b"# coding: latin-1\n\xe9", ("# coding: latin-1\né", "latin-1")),
        (b"\xff", None),
        (b"# coding: no-such\n", None),
        (b"# coding: utf-7\n", None),
    ],
)
def test_strict_text(raw: bytes, expected: tuple[str, str] | None) -> None:
    assert decode_strictly(raw) == expected


@pytest.mark.parametrize("unit", ["\\\n", " \\\n", "\\\r\n", "\\N{", "\\N{a"])
def test_what_the_grammar_reads_too_slowly_is_a_finding(unit: str) -> None:
    raw = f"a = 1\nx = 'a{unit * 1_000_000}"[:3_000_000].encode()
    found = decode_source(raw)
    assert not found.readable
    assert [(problem.code, problem.line) for problem in found.problems] == [("DT905", 2)]
    assert decode_source(f"x = '{unit * 400}'".encode()).readable
    assert decode_source(b"x = '" + rb"\N{DASH}" * 600 + b"'\n" + b"a \\\n" * 600).readable
