from __future__ import annotations

from audit.support import findings, symbols
from detent.audit.symbol_tree import build_symbol_tree

SOURCE = """\
class A:
    x = y.z
    def f(self): return self.w
    class B: pass
class A: pass
"""


def test_what_is_nested_in_what() -> None:
    found = build_symbol_tree(symbols(SOURCE))
    assert found.children == {-1: [0], 0: [1, 4], 1: [2, 3]}
    assert found.classes == {(0, "A"): [1, 4], (1, "B"): [3]}


def test_the_words_of_a_class_are_those_of_all_that_is_in_it() -> None:
    found = build_symbol_tree(symbols(SOURCE))
    assert found.collect_words(1) >= {"A", "B", "f", "x", "y", "z", "w"}
    assert found.collect_words(4) == {"A", ""}
    assert found.collect_words(1) is found.collect_words(1)


def test_time_is_linear_in_classes() -> None:
    doc = '    """Do.\n\n    Attributes\n    ----------\n    x : int\n        It.\n    """\n'
    methods = "".join(f"    def m{n}(self): self.a{n} = {n}\n" for n in range(500))
    derived = "".join(f"class C{n}(A):\n{doc}" for n in range(500))
    chain = "".join(f"class D{n + 1}(D{n}):\n{doc}" for n in range(500))
    round_and_round = f"class E(F):\n{doc}class F(E):\n{doc}"
    found = findings(
        f"class A:\n{methods}{derived}class D0: pass\n{chain}{round_and_round}", "DT401"
    )
    assert len(found) == 500 + 19
