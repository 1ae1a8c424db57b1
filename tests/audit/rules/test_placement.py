from __future__ import annotations

from ..support import places

SECTION = "{0}\n{0}Parameters\n{0}----------\n{0}x : int\n{0}    It.\n{0}"
INNER = SECTION.format(" " * 8)
OUTER = SECTION.format(" " * 4)
IN_INIT = f'class A:\n    """Do."""\n    def __init__(self, x):\n        """Make.\n{INNER}"""\n'
IN_CLASS = f'class A:\n    """Do.\n{OUTER}"""\n    def __init__(self, x): ...\n'


def test_a_docstring_of_init() -> None:
    assert places(IN_INIT, "DT701") == [(4, 12, "__init__")]
    assert places(IN_CLASS, "DT701") == []
    assert places('def __init__(x):\n    """Do."""\n', "DT701") == []


def test_parameters_in_the_class() -> None:
    assert places(IN_CLASS, "DT702") == [(4, 5, "Parameters")]
    assert places(IN_INIT, "DT702") == []
    assert places(IN_CLASS.replace("__init__", "other"), "DT702") == []
