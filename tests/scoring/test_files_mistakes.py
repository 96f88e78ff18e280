"""Mistakes in files to score: each is named with file, line, column and what is expected, and nothing is written."""

import pytest

from scoring.__main__ import main
from scoring.files.complaints import LISTED
from tests.scoring.files_of import INDICATORS, RATINGS, write

HEAD = "id,parent,weight,direction,low,high,order\n"
TWO = HEAD + "t,,1,1,,,\na,t,1,1,0,1,\nb,t,1,1,0,1,\n"


def complaints_of(folder, files, capsys):
    """What the command says of an input it refuses, line by line."""
    assert main([str(write(folder / "in", files)), "--out", str(folder / "out")]) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["in"]
    return capsys.readouterr().err.splitlines()


def structure(*lines):
    return {"structure.csv": HEAD + "\n".join(lines) + "\n", "values.csv": "unit,a,b\nu,1,2\nv,2,1\n"}


@pytest.mark.parametrize(
    ("files", "place", "expected"),
    [
        (structure("t,,1,1,,,", "a,t,-1,1,,,", "b,t,1,1,,,"), 'line 3, column "weight"', "0 or more"),
        (structure("t,,1,1,,,", "a,t,NaN,1,,,", "b,t,1,1,,,"), 'line 3, column "weight"', "a number is expected"),
        (structure("t,,1,1,,,", "a,t,inf,1,,,", "b,t,1,1,,,"), 'line 3, column "weight"', "finite number"),
        (structure("t,,1,1,,,", "a,t,,1,,,", "b,t,1,1,,,"), 'line 3, column "weight"', "expected is a weight"),
        (structure("t,,1,1,,,", "a,t,x,1,,,", "b,t,1,1,,,"), 'line 3, column "weight"', "no number"),
        (structure("t,,1,1,,,", 'a,t,"0,5",1,,,', "b,t,1,1,,,"), 'line 3, column "weight"', "decimal comma"),
        (
            structure("t,,1,1,,,", "a,t,0,1,,,", "b,t,0,1,,,"),
            'line 3, column "weight"',
            'all weights below "t" are zero',
        ),
        (structure("t,,1,1,,,", "a,t,1,2,,,", "b,t,1,1,,,"), 'line 3, column "direction"', "1 (more is better) or -1"),
        (structure("t,,1,-1,,,", "a,t,1,1,,,", "b,t,1,1,,,"), 'line 2, column "direction"', "only a leaf"),
        (structure("t,,1,1,,,", "a,t,1,1,5,5,", "b,t,1,1,0,1,"), 'line 3, column "low"', "low < high"),
        (structure("t,,1,1,,,", "a,t,1,1,5,,", "b,t,1,1,0,1,"), 'line 3, column "high"', "in pairs"),
        (structure("t,,1,1,0,1,", "a,t,1,1,0,1,", "b,t,1,1,0,1,"), 'line 2, column "low"', "belong to a leaf"),
        (structure("t,,1,1,,,", "a,t,1,1,0,1,", "b,t,1,1,,,"), 'line 4, column "low"', "every indicator needs low"),
        (structure("t,,1,1,,,geometric", "a,t,1,1,,,", "b,t,1,1,,,"), 'line 2, column "order"', "no number"),
        (structure("t,,1,1,,,50", "a,t,1,1,,,", "b,t,1,1,,,"), 'line 2, column "order"', "from -10 to 10"),
        (structure("t,,1,1,,,", "a,x,1,1,,,", "b,t,1,1,,,"), 'line 3, column "parent"', 'no node "x"'),
        (structure("t,,1,1,,,", "a,,1,1,,,", "b,t,1,1,,,"), 'line 3, column "parent"', "second root"),
        (structure("t,t,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,"), 'line 2, column "parent"', "a cycle: t -> t"),
        (structure("t,s,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,", "s,t,1,1,,,"), 'column "parent"', "a cycle: t -> s -> t"),
        (structure("t,s,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,", "s,t,1,1,,,"), 'csv, column "parent"', "no root"),
        (
            structure("t,,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,", "a,t,1,1,,,"),
            'line 5, column "id"',
            "stands in line 3 too",
        ),
        (structure("t,,1,1,,,", ",t,1,1,,,", "b,t,1,1,,,"), 'line 3, column "id"', "empty"),
        (structure("t,,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,", "unit,t,1,1,,,"), 'line 5, column "id"', "another id"),
        (structure("t,,1,1,,,", "a,t,1,1,,,", "b,t,1,1,,,", "D,t,1,1,,,"), 'line 5, column "id"', "no leaf below it"),
        (structure("t,,1,1,,,", "a,t,1,1,,,"), 'values.csv, line 1, column "b"', "no leaf"),
        (structure("t,,1,1,,,", "b,t,1,1,,,", "a,b,1,1,,,"), 'values.csv, line 1, column "b"', "a node with children"),
        (structure("t,,1,1,,,"), 'line 2, column "id"', "root alone"),
        (structure("t,,1,1,,,", "a,t,1,1,,", "b,t,1,1,,,"), "line 3", "6 cells; 7 are expected"),
        (structure(), "structure.csv", "no rows"),
        ({"structure.csv": ""}, "structure.csv", "empty"),
        ({"structure.csv": "id,parent,wieght,direction\n"}, 'line 1, column "wieght"', 'Did you mean "weight"'),
        ({"structure.csv": "id,parent,direction\n"}, 'line 1, column "weight"', "missing"),
        ({"structure.csv": "id,parent,weight,direction,id\n"}, 'line 1, column "id"', "twice"),
        ({"structure.csv": "id,parent,weight,direction,\na,,1,1,x\n"}, 'line 1, column "5"', "no name"),
        ({"structure.csv": 'id,parent,weight,direction\n"a"b,,1,1\n'}, "line 2", "quotation marks"),
        ({"structure.csv": "id,parent,weight,direction\nä,,1,1\n".encode("latin-1")}, "line 2", "UTF-8"),
        ({"structure.csv": TWO.encode("utf-16")}, "structure.csv", "UTF-8"),
        ({"structure.csv": TWO}, "values.csv", "neither values.csv nor ratings.csv"),
        ({"values.csv": "unit,a,b\nu,1,2\n"}, "structure.csv", "missing"),
        ({"structure.csv": TWO, "value.csv": ""}, "values.csv", "There is value.csv"),
    ],
)
def test_a_mistake_in_the_structure_is_named_with_its_place(tmp_path, capsys, files, place, expected):
    found = complaints_of(tmp_path, files, capsys)
    assert any(place in line and expected in line for line in found), found


@pytest.mark.parametrize(
    ("values", "place", "expected"),
    [
        ("unit,a,b\nu,1,x\n", 'line 2, column "b"', "no number"),
        ("unit,a,b\nu,1,inf\n", 'line 2, column "b"', "finite"),
        ("unit,a,b\nu,1,1e999\n", 'line 2, column "b"', "too large"),
        ("unit,a,b\nu,1,NaN\n", 'line 2, column "b"', "empty cell"),
        ('unit,a,b\nu,1,"0,5"\n', 'line 2, column "b"', "decimal comma"),
        ("unit,a,b\nu,1,0,5\n", "line 2", "4 cells; 3 are expected"),
        ("unit,a,b\n\nu,1,2\nu,1,2\n", 'line 4, column "unit"', "line 3 too"),
        ("unit,a,b\n,1,2\n", 'line 2, column "unit"', "empty"),
        ("unit,a\nu,1\n", 'structure.csv, line 4, column "id"', "no column in values.csv"),
        ("unit,a,b,c\nu,1,2,3\n", 'values.csv, line 1, column "c"', "no leaf"),
        ("a,b\n1,2\n", 'values.csv, line 1, column "unit"', "missing"),
        ("unit,a,b\n", "values.csv", "no rows"),
        ("", "values.csv", "empty"),
    ],
)
def test_a_mistake_in_the_values_is_named_with_its_place(tmp_path, capsys, values, place, expected):
    found = complaints_of(tmp_path, {"structure.csv": TWO, "values.csv": values}, capsys)
    assert any(place in line and expected in line for line in found), found


@pytest.mark.parametrize(
    ("units", "place", "expected"),
    [
        ("unit,population\nu1,1\nu2,\nu3,\n", 'line 2, column "population"', "below the 3 responses"),
        ("unit,population\nu1,many\nu2,\n", 'line 2, column "population"', "no number"),
        ("unit,population\nu1,-1\nu2,\n", 'line 2, column "population"', "whole number"),
        ("unit,population\nu1,10.5\nu2,\n", 'line 2, column "population"', "whole number"),
        ("unit\nu1\nu2\nu1\n", 'line 4, column "unit"', "line 2 too"),
        ("unit\nu1\nv2\n", 'ratings.csv, line 4, column "unit"', 'not in units.csv. Did you mean "v2"'),
        ("unit,people\nu1,1\n", 'line 1, column "people"', "unknown column"),
        ("name\nu1\n", 'line 1, column "unit"', "missing"),
        ("unit\n", "units.csv", "no rows"),
    ],
)
def test_a_mistake_in_the_units_is_named_with_its_place(tmp_path, capsys, units, place, expected):
    found = complaints_of(tmp_path, RATINGS | {"units.csv": units}, capsys)
    assert any(place in line and expected in line for line in found), found


def test_a_unit_in_the_values_has_to_be_listed(tmp_path, capsys):
    found = complaints_of(tmp_path, INDICATORS | {"units.csv": "unit\nu1\n"}, capsys)
    assert found == ['values.csv, line 3, column "unit": "u2" is not in units.csv. Did you mean "u1"?']


@pytest.mark.parametrize(
    ("row", "place", "expected"),
    [
        ("u1,6,1,1,1", 'line 2, column "s1"', "rating of 1 to 5"),
        ("u1,0,1,1,1", 'line 2, column "s1"', "rating of 1 to 5"),
        ("u1,1,2.5,1,1", 'line 2, column "s2"', '"2.5"'),
        ("u1,1,1,.,1", 'line 2, column "s3"', '"."'),
        ("u1,1,1,1,ä", 'line 2, column "t1"', '"ä"'),
        ('u1,1,1,1,"a,b"', 'line 2, column "t1"', '"a,b"'),
        ("u1,1,1,1", "line 2", "4 cells; 5 are expected"),
        ("u1,1,1,1,1,1", "line 2", "6 cells; 5 are expected"),
        (",1,1,1,1", 'line 2, column "unit"', "empty"),
        ("u9,1,1,1,1", 'line 2, column "unit"', "not in units.csv"),
        ('u1,1,1,1,"1', "line 2", "quotation mark"),
    ],
)
def test_a_mistake_in_the_ratings_is_named_with_its_place(tmp_path, capsys, row, place, expected):
    files = RATINGS | {"ratings.csv": f"unit,s1,s2,s3,t1\n{row}\nu2,1,2,3,4\n"}
    found = complaints_of(tmp_path, files, capsys)
    assert any(place in line and expected in line for line in found), found


@pytest.mark.parametrize(
    ("ratings", "place", "expected"),
    [
        ("unit,s1,s2,s3\nu1,1,1,1\n", 'structure.csv, line 8, column "id"', "no column in ratings.csv"),
        ("unit,s1,s2,s3,t1,t2\nu1,1,1,1,1,1\n", 'ratings.csv, line 1, column "t2"', 'Did you mean "t1"'),
        ("s1,s2,s3,t1\n1,1,1,1\n", 'line 1, column "unit"', "missing"),
        ("unit,s1,s2,s3,t1,s1\n", 'line 1, column "s1"', "twice"),
        ("unit,wave,s1,s2,s3,t1\nu1,,1,1,1,1\n", 'line 2, column "wave"', "empty"),
        ("unit,s1,s2,s3,t1\n", "ratings.csv", "no rows"),
        ("", "ratings.csv", "empty"),
        ("\n\nunit,s1,s2,s3,t1\n\nu1,7,1,1,1\n", 'line 5, column "s1"', '"7"'),
        ("unit,s1,s2,s3,t1\ru1,1,1,1,1\r", "ratings.csv, line 1", "carriage return"),
        (b"unit,s1,s2,s3,t1\n\xff,1,1,1,1\n", "line 2", "UTF-8"),
        (b"unit,s1,s2,s3,t1\nu\x001,1,1,1,1\n", "line 2", "zero byte"),
    ],
)
def test_a_mistake_in_the_form_of_the_ratings_is_named_with_its_place(tmp_path, capsys, ratings, place, expected):
    found = complaints_of(tmp_path, RATINGS | {"ratings.csv": ratings}, capsys)
    assert any(place in line and expected in line for line in found), found


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("margn = 10\n", 'line 1, column "margn"', 'Did you mean "margin"'),
        ("# a comment\nnormalize = 'minmax'\n", 'line 2, column "normalize"', 'Did you mean "normalise"'),
        ("normalise = 'min-max'\n", 'line 1, column "normalise"', 'Did you mean "minmax"'),
        ("version = '2'\n", 'column "version"', "unknown parameter"),
        ("[method]\nmargin = 5\n", 'line 1, column "method"', "unknown parameter"),
        ("margin = true\n", 'line 1, column "margin"', "a number is expected"),
        ("margin = nan\n", 'line 1, column "margin"', "finite"),
        ("margin = -1\n", 'line 1, column "margin"', "of 0 or more"),
        ("minimum_units = 2.5\n", 'line 1, column "minimum_units"', "whole number"),
        ("coverage_field = 1.5\n", 'line 1, column "coverage_field"', "from 0 to 1"),
        ("level = 95\n", 'line 1, column "level"', "between 0 and 1"),
        ("sobol_n = 1000\n", 'line 1, column "sobol_n"', "power of two"),
        ("minimum_share = 1.1\n", 'line 1, column "minimum_share"', "from 0 to 1"),
        ("to = 5\n", 'line 1, column "to"', "two numbers"),
        ("to = [1, 0]\n", 'line 1, column "to"', "lower to a higher"),
        ("normalise = 'zscore'\nto = [0, 0]\n", 'line 2, column "to"', "standard deviation"),
        ("order = 'x'\n", 'line 1, column "order"', "a number"),
        ("order = 11\n", 'line 1, column "order"', "-10 to 10"),
        ("margin 5\n", "method.toml, line 1", "no TOML"),
        ("normalise = 'zscore'\norder = 0\n", 'structure.csv, line 2, column "order"', "below zero"),
    ],
)
def test_a_mistake_in_the_settings_is_named_with_its_place(tmp_path, capsys, text, place, expected):
    found = complaints_of(tmp_path, INDICATORS | {"method.toml": text}, capsys)
    assert any(place in line and expected in line for line in found), found


def test_two_parameters_that_only_fit_together_are_taken_together(tmp_path):
    folder = write(
        tmp_path / "in", INDICATORS | {"method.toml": "minimum_public = 40\nminimum_fine = 50\nsobol_n = 8\n"}
    )
    assert main([str(folder), "--out", str(tmp_path / "out")]) == 0


def test_a_leaf_stands_in_one_file_only(tmp_path, capsys):
    found = complaints_of(tmp_path, RATINGS | {"values.csv": "unit,t1\nu1,3\n"}, capsys)
    assert len(found) == 1
    assert found[0].startswith('structure.csv, line 8, column "id": "t1" has a column in values.csv and in ratings.csv')


def test_indicators_beside_items_have_their_scale(tmp_path, capsys):
    structure = RATINGS["structure.csv"].replace("all,,,", "top,,,\nall,top,3,1\nv,top,1,1")
    files = RATINGS | {"structure.csv": structure, "values.csv": "unit,v\nu1,40\n", "method.toml": "to = [0, 1]\n"}
    assert "items score 0 to 100" in complaints_of(tmp_path, files, capsys)[0]


def test_all_mistakes_of_all_files_are_listed_at_once(tmp_path, capsys):
    files = {
        "structure.csv": TWO.replace("b,t,1", "b,t,-1"),
        "values.csv": "unit,a,b\nu,x,1\n",
        "units.csv": "unit\nw\n",
        "method.toml": "margn = 1\n",
        "ratings.csv": "unit,c\nw,9\n",
    }
    found = complaints_of(tmp_path, files, capsys)
    assert [line.split(",")[0].split(":")[0] for line in found] == [
        "structure.csv",
        "method.toml",
        "values.csv",
        "values.csv",
        "ratings.csv",
        "ratings.csv",
    ]


@pytest.mark.parametrize("file", ["values.csv", "ratings.csv"])
def test_of_many_mistakes_the_first_are_listed_and_the_others_counted(tmp_path, capsys, file):
    if file == "values.csv":
        files = {"structure.csv": TWO, file: "unit,a,b\n" + "".join(f"u{u},x,1\n" for u in range(1200))}
    else:
        files = RATINGS | {file: "unit,s1,s2,s3,t1\n" + "x,1,1,1,1\n" * 600 + "u1,9,1,1,1\n" * 600}
    found = complaints_of(tmp_path, files, capsys)
    assert len(found) == LISTED + 1
    assert found[0].startswith(f"{file}, line 2")
    assert found[-1] == "... and 1,150 more."
