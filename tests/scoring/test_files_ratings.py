"""Ratings read in pieces: the same counts however the file is cut, quoted, ended or encoded."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import likert
from scoring.files import ratings
from scoring.files.complaints import Complaints
from tests.scoring.files_of import write

ITEMS = ("a", "b", "c")
CELLS = ("", "-", "1", "2", "3", "4", "5")


def count(folder: Path, content: str | bytes, piece: int = ratings.PIECE, reverse=(), units=None):
    write(folder, {"ratings.csv": content})
    complaints = Complaints()
    layout = ratings.read_layout(folder, complaints)
    found = ratings.count_ratings(
        folder, layout, ITEMS, reverse, [[0, 1, 2], [2]], units, complaints, lambda _: None, piece
    )
    complaints.raise_if_any()
    return found


def same(one, other):
    assert one.cells == other.cells
    arrays = [
        (t.items, *t.scales, t.pair_count, t.pair_sum, t.pair_product, t.respondents) for t in (one.tally, other.tally)
    ]
    assert all(np.array_equal(a, b) for a, b in zip(*arrays, strict=True))


PLAIN = "unit,wave,a,b,c\n" + "".join(
    f"{unit},{wave},{a},{b},{c}\n"
    for unit, wave, a, b, c in [
        ("Olpe", "1", "5", "", "-"),
        ("Siegen", "1", "1", "2", "3"),
        ("Olpe", "2", "4", "4", ""),
        ("Märkisch", "1", "", "", ""),
        ("Olpe", "1", "3", "-", "2"),
    ]
)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\n\n") + "\n,,,,\n",
        lambda text: "\n" + text,
        lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()),
        lambda text: text.replace("Olpe", '"Olpe"'),
        lambda text: text.replace("Olpe", " Olpe "),
        lambda text: text.replace(",5,", ",5.0,").replace(",2,3", ",2.0,3.0"),
        lambda text: text.replace(",5,", ", 5 ,"),
        lambda text: "\n".join(",".join(line.split(",")[k] for k in (3, 1, 4, 0, 2)) for line in text.splitlines()),
    ],
    ids=[
        "crlf",
        "bom",
        "semicolon",
        "no end",
        "empty lines",
        "late",
        "quoted",
        "names",
        "blanks",
        "float",
        "padded",
        "order",
    ],
)
@pytest.mark.parametrize("piece", [16, ratings.PIECE])
def test_the_form_of_the_file_does_not_matter(tmp_path, change, piece):
    same(count(tmp_path / "plain", PLAIN), count(tmp_path / "changed", change(PLAIN), piece))


def test_names_may_hold_delimiters_line_breaks_and_quotation_marks(tmp_path):
    odd = PLAIN.replace("Olpe", '"Olpe, ""Stadt""\nam See"')
    found = count(tmp_path / "odd", odd, 16)
    assert found.cells[0] == ('Olpe, "Stadt"\nam See', "1")
    assert np.array_equal(found.tally.items, count(tmp_path / "plain", PLAIN).tally.items)


def test_cells_of_the_tally_stand_in_the_order_of_the_file(tmp_path):
    found = count(tmp_path, PLAIN)
    assert found.cells == (("Olpe", "1"), ("Siegen", "1"), ("Olpe", "2"), ("Märkisch", "1"))
    assert found.tally.respondents.tolist() == [2, 1, 1, 1]
    assert found.tally.items[0].tolist() == [[0, 0, 0, 1, 0, 1, 0], [1, 0, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0, 1]]


def test_an_item_whose_best_answer_is_1_is_turned_round(tmp_path):
    turned = count(tmp_path / "a", PLAIN, reverse={"a"})
    same(
        turned,
        count(
            tmp_path / "b", "unit,wave,a,b,c\nOlpe,1,1,,-\nSiegen,1,5,2,3\nOlpe,2,2,4,\nMärkisch,1,,,\nOlpe,1,3,-,2\n"
        ),
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), *[st.sampled_from(CELLS)] * 3), min_size=1, max_size=30),
    st.integers(1, 60),
    st.integers(1, 40),
)
def test_pieces_and_batches_of_any_size_give_the_tally_of_the_whole(tmp_path, lines, piece, batch):
    content = "unit,a,b,c\n" + "".join(",".join(line) + "\n" for line in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratings, "_BATCH_CELLS", batch)
        found = count(tmp_path, content, piece)
    codes = {"": 0, "-": 255} | {str(x): x for x in range(1, 6)}
    names = list(dict.fromkeys(line[0] for line in lines))
    matrix = np.array([[codes[cell] for cell in line[1:]] for line in lines], dtype=np.uint8)
    unit = np.array([names.index(line[0]) for line in lines])
    whole = likert.tally(matrix, unit, len(names), scales=[[0, 1, 2], [2]])
    same(found, ratings.Ratings(tuple((name, "") for name in names), whole))
