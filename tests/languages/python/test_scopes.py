from __future__ import annotations

import pytest

from detent.languages.python.scopes import build_scopes

Spans = list[tuple[int, int]]


@pytest.mark.parametrize(
    ("spans", "parents", "pieces"),
    [
        ([(0, 0)], [-1], [[]]),
        ([(0, 9)], [-1], [[(0, 9)]]),
        ([(0, 9), (0, 9)], [-1, 0], [[], [(0, 9)]]),
        ([(0, 9), (2, 4), (6, 9)], [-1, 0, 0], [[(0, 2), (4, 6)], [(2, 4)], [(6, 9)]]),
        ([(0, 9), (2, 4), (4, 9)], [-1, 0, 0], [[(0, 2)], [(2, 4)], [(4, 9)]]),
        ([(0, 9), (1, 8), (3, 5)], [-1, 0, 1], [[(0, 1), (8, 9)], [(1, 3), (5, 8)], [(3, 5)]]),
        (
            [(0, 9), (1, 6), (2, 6), (3, 6), (7, 8)],
            [-1, 0, 1, 2, 0],
            [[(0, 1), (6, 7), (8, 9)], [(1, 2)], [(2, 3)], [(3, 6)], [(7, 8)]],
        ),
    ],
)
def test_cut(spans: Spans, parents: list[int], pieces: list[Spans]) -> None:
    scopes, found = build_scopes(spans)
    assert found == parents
    assert scopes.list_pieces(spans[0][1], len(spans)) == pieces
    owners = {at: owner for owner, own in enumerate(pieces) for span in own for at in range(*span)}
    assert [scopes.find_owner(at) for at in range(spans[0][1])] == [
        owners[at] for at in sorted(owners)
    ]
