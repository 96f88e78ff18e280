"""Tables as spreadsheets, statistics offices and statistics programs write them: read as they are meant, or refused."""

import json

import pytest

from scoring.__main__ import main
from tests.scoring.files_of import QUICK, RATINGS, rows, run, scores, write

PLAIN = """\
id,parent,weight,direction,low,high
index,,1,1,,
Wohnen,index,2,1,,
Arbeit,index,1,1,,
Miete,Wohnen,1,-1,5,15
Flächen,Wohnen,3,1,0,60
Löhne,Arbeit,1,1,1000,5000
"""
VALUES = "unit,Miete,Flächen,Löhne\nSüdstadt,7.5,45.25,3200\nÖstertal,12,30,\nNord,9.9,51.5,2800.5\n"
FILES = {"structure.csv": PLAIN, "values.csv": VALUES, "method.toml": QUICK}


def german(text):
    """As a German spreadsheet saves it: semicolons, decimal commas, a byte order mark, line ends of two signs."""
    return ("\ufeff" + text.replace(",", ";").replace(".", ",").replace("\n", "\r\n")).encode()


def refused(tmp_path, capsys, files):
    assert main([str(write(tmp_path / "in", files)), "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
    return capsys.readouterr().err


def notes(output):
    return json.loads((output / "summary.json").read_text())["notes"]


def test_semicolons_and_decimal_commas_give_the_numbers_of_the_plain_file(tmp_path):
    plain = run(tmp_path / "plain", FILES)
    changed = run(tmp_path / "german", {name: german(text) for name, text in FILES.items() if name != "method.toml"} | {
        "method.toml": QUICK
    })  # fmt: skip
    assert scores(changed) == scores(plain)
    assert "values.csv: numbers are read with a decimal comma." in notes(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", ";"),
        lambda text: "\ufeff" + text,
        lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace(",", " , "),
    ],
    ids=["tabs", "semicolons", "mark", "quoted", "empty columns", "empty lines", "blanks"],
)
def test_the_form_of_the_tables_does_not_matter(tmp_path, change):
    changed = {name: change(text) if name.endswith(".csv") else text for name, text in FILES.items()}
    assert scores(run(tmp_path / "changed", changed)) == scores(run(tmp_path / "plain", FILES))


def test_thousands_beside_a_decimal_comma_are_understood(tmp_path):
    values = "unit;Miete;Flächen;Löhne\nSüdstadt;7,5;45,25;3.200,0\nÖstertal;12;30;\nNord;9,9;51,5;2.800,5\n"
    assert scores(run(tmp_path / "a", FILES | {"values.csv": values})) == scores(run(tmp_path / "b", FILES))


def test_a_point_among_decimal_commas_could_be_either_and_is_refused(tmp_path, capsys):
    said = refused(tmp_path, capsys, FILES | {"values.csv": "unit;Miete;Flächen;Löhne\nNord;7,5;45,25;3.200\n"})
    assert 'values.csv, line 2, column "Löhne": "3.200" has a decimal point' in said


@pytest.mark.parametrize("sign", ["NA", "n/a", "#N/A", "..", ":", ".", "k. A."])
def test_signs_of_programs_and_offices_for_missing_are_missing_and_noted(tmp_path, sign):
    files = FILES | {"values.csv": VALUES.replace("30,\n", f"30,{sign}\n")}
    output = run(tmp_path / "a", files)
    assert scores(output) == scores(run(tmp_path / "b", FILES))
    assert "values.csv: 1 cell is taken as missing." in notes(output)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("–", "0 is expected for the one, an empty cell for the other"),
        ("-", "0 is expected for the one, an empty cell for the other"),
        ("45 %", "the number alone is expected"),
        ("3 200", "the digits alone are expected"),
        ("1'234.5", "the digits alone are expected"),
        ('"1,234,567"', "the digits alone are expected"),
        ("NaN", "an empty cell where it is missing"),
        ("inf", "a finite number is expected"),
        ("viel", "no number"),
        ('"1,5"', "or semicolons between the cells"),
    ],
)
def test_what_could_be_meant_in_two_ways_is_refused_with_what_to_write(tmp_path, capsys, cell, expected):
    said = refused(tmp_path, capsys, FILES | {"values.csv": VALUES.replace("3200", cell)})
    assert 'values.csv, line 2, column "Löhne": ' in said
    assert expected in said


def test_a_printed_minus_is_a_minus(tmp_path):
    structure = "id,parent,weight,direction,low,high\nt,,1,1,,\na,t,1,1,-10,10\nb,t,1,1,-10,10\n"
    files = {"structure.csv": structure, "values.csv": "unit,a,b\nu,\u22125,5\nv,0,0\n", "method.toml": QUICK}
    assert scores(run(tmp_path, files))["u", "a"] == 25


def test_without_any_weight_all_weigh_alike(tmp_path):
    structure = "id,parent,weight,direction\nt,,,\na,t,,1\nb,t,,1\n"
    files = {"structure.csv": structure, "values.csv": "unit,a,b\nu,10,40\n", "method.toml": QUICK}
    assert scores(run(tmp_path, files))["u", "t"] == 25


def test_a_structure_may_name_its_nodes(tmp_path):
    named = (
        "\n".join(f"{line},{'name' if n == 0 else f'Knoten {n}'}" for n, line in enumerate(PLAIN.splitlines())) + "\n"
    )
    assert scores(run(tmp_path / "a", FILES | {"structure.csv": named})) == scores(run(tmp_path / "b", FILES))


def test_a_hierarchy_of_one_level_is_an_index(tmp_path):
    structure = "id,parent,weight,direction\nt,,,\na,t,2,1\nb,t,1,-1\nc,t,1,1\n"
    files = {
        "structure.csv": structure,
        "values.csv": "unit,a,b,c\nu,1,30,5\nv,3,10,5.5\nw,2,20,7\n",
        "method.toml": QUICK + 'normalise = "minmax"\nto = [0, 10]\n',
    }
    assert scores(run(tmp_path, files))["v", "t"] == pytest.approx((2 * 10 + 10 + 2.5) / 4)


def test_a_mean_of_any_order_is_that_of_the_poverty_index(tmp_path):
    """The Human Poverty Index (UNDP, 1997) is the mean of order 3 of three shares in per cent."""
    structure = "id,parent,weight,direction,order\nhpi,,1,1,3\np1,hpi,1,1,\np2,hpi,1,1,\np3,hpi,1,1,\n"
    values = "unit,p1,p2,p3\nA,10.4,16.3,23.5\nB,35.7,57.7,48.0\n"
    found = scores(run(tmp_path, {"structure.csv": structure, "values.csv": values, "method.toml": QUICK}))
    assert found["A", "hpi"] == pytest.approx(((10.4**3 + 16.3**3 + 23.5**3) / 3) ** (1 / 3))


def test_indicators_missing_in_an_index_that_allows_it_leave_their_weight_to_the_others(tmp_path):
    """As in the Environmental Performance Index: weights at three levels, what is missing is averaged around."""
    structure = (
        "id,parent,weight,direction,low,high\nepi,,,,,\nhealth,epi,0.4,1,,\nvitality,epi,0.6,1,,\n"
        "air,health,0.65,1,,\nwater,health,0.35,1,,\npm,air,0.6,-1,0,50\nozone,air,0.4,-1,0,100\n"
        "sanitation,water,1,-1,0,500\nforest,vitality,0.25,1,0,100\nfish,vitality,0.75,1,0,10\n"
    )
    values = "unit,pm,ozone,sanitation,forest,fish\nA,10,20,50,80,4\nB,25,,250,,\n"
    files = {"structure.csv": structure, "values.csv": values, "method.toml": QUICK + "minimum_share = 0\n"}
    found = scores(run(tmp_path, files))
    air = 0.6 * 80 + 0.4 * 80
    assert found["A", "epi"] == pytest.approx(0.4 * (0.65 * air + 0.35 * 90) + 0.6 * (0.25 * 80 + 0.75 * 40))
    assert found["B", "epi"] == found["B", "health"] == pytest.approx(50)


def test_ratings_of_a_statistics_program_say_na_where_nothing_was_answered(tmp_path):
    ratings = RATINGS["ratings.csv"].replace(",,", ",NA,").replace("5,\n", "5,NA\n")
    assert "NA" in ratings
    first, second = (
        run(tmp_path / name, RATINGS | {"ratings.csv": text})
        for name, text in (("a", ratings), ("b", RATINGS["ratings.csv"]))
    )
    assert rows(first / "scores.csv") == rows(second / "scores.csv")


def test_columns_without_a_name_that_hold_something_are_refused(tmp_path, capsys):
    assert 'column "5"' in refused(
        tmp_path, capsys, FILES | {"values.csv": VALUES.replace("\n", ",x\n").replace("Löhne,x", "Löhne,")}
    )
