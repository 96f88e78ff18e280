"""Bad input, one by one: the functions say what is wrong by name, the command with file, line and column."""

import importlib
import inspect
import json
import pkgutil
import re

import numpy as np
import pytest

import scoring
from scoring import comparison, index, intervals, likert, ranking, reliability, shrinkage, weighting
from scoring.__main__ import main
from scoring.files import ratings as rating_files
from scoring.files import tables
from scoring.method import Method, ParameterOutOfRange, UnknownParameter
from scoring.release import Release
from tests.scoring.files_of import INDICATORS, RATINGS, rows, run, write
from tests.scoring.synthetic import synthetic_release, synthetic_round

HEAD = "id,parent,weight,direction\n"


def holds_numbers_only(output):
    """No file of the results says NaN, or that something is infinite."""
    for written in output.iterdir():
        assert not re.search(r"\b(nan|inf|infinity)\b", written.read_text(), re.IGNORECASE), written.name


def refused(tmp_path, capsys, files):
    """What the command says of an input that it refuses: exit status 2, nothing written."""
    output = tmp_path / "out"
    assert main([str(write(tmp_path / "in", files)), "--out", str(output)]) == 2
    assert not output.exists()
    return capsys.readouterr().err


@pytest.mark.parametrize("weights", [[1.0, -1.0], [0.0, 0.0], [1.0, np.nan], [1.0, np.inf]])
def test_weights_that_cannot_weigh(weights):
    for use in (
        lambda: index.aggregate([[1.0, 2.0]], weights),
        lambda: weighting.effective_n(weights),
        lambda: weighting.weighted_moments([[1, 1], [1, 1]], [0.0, 100.0], weights),
    ):
        with pytest.raises(index.WeightNotPositive, match="eight"):
            use()


@pytest.mark.parametrize(
    ("parent", "words"),
    [([1, 0, 0], "root"), ([-1, -1, 0], "root"), ([-1, 7, 0], "parent"), ([-1, 2, 1], "its own ancestor")],
    ids=["no root", "two roots", "an orphan", "a cycle"],
)
def test_what_is_no_tree(parent, words):
    with pytest.raises(index.NotATree, match=words):
        index.Structure(("a", "b", "c"), np.array(parent), np.ones(3))


def test_fewer_people_than_answers(tmp_path, capsys):
    with pytest.raises(intervals.PopulationBelowResponses):
        intervals.mean_interval(11, 60, 400, population=10)
    files = RATINGS | {"units.csv": "unit,population\nu1,1\nu2,\nu3,\n"}
    assert 'line 2, column "population"' in refused(tmp_path, capsys, files)


@pytest.mark.parametrize("code", [6, 7, 100, 254])
def test_ratings_that_are_none(code):
    with pytest.raises(likert.RatingOutOfRange):
        likert.tally(np.array([[1, code]], dtype=np.uint8), np.array([0]), 1)
    with pytest.raises(likert.RatingOutOfRange):
        likert.to_scores(np.array([[1, code]], dtype=np.uint8))


@pytest.mark.parametrize("text", ["6..", "x..", "1 2", "١.."])
def test_rating_strings_that_are_none(text):
    with pytest.raises((likert.RatingOutOfRange, likert.RatingStringLength)):
        likert.parse([text], 3)


@pytest.mark.parametrize("units", [0, 1, 2])
def test_none_one_and_two_units_are_scored_without_a_comparison(units):
    data = synthetic_round(units=units, sizes=np.full(units, 40), consented=np.ones(units, dtype=bool))
    release = synthetic_release(data)
    assert Release.from_json(release.to_json()) == release
    assert {s.band for sheet in release.own.values() for s in sheet.outside_view} <= {"none"}


@pytest.mark.parametrize("count", [1, 2])
def test_one_and_two_units_in_files(tmp_path, count):
    values = "unit,a1,a2,b1\n" + "".join(f"u{u},5,2,{u}\n" for u in range(1, count + 1))
    output = run(tmp_path, INDICATORS | {"values.csv": values})
    assert len({row["unit"] for row in rows(output / "scores.csv")}) == count
    holds_numbers_only(output)


def test_no_unit_in_files(tmp_path, capsys):
    assert "no rows" in refused(tmp_path, capsys, INDICATORS | {"values.csv": "unit,a1,a2,b1\n"})


@pytest.mark.parametrize("units", [1, 0])
def test_a_network_of_one_or_none_is_refused_by_the_model(units):
    for use in (shrinkage.posterior, shrinkage.between_variance, shrinkage.between_variance_interval):
        with pytest.raises(shrinkage.TooFewUnits):
            use(np.ones(units), np.ones(units))
    with pytest.raises(shrinkage.TooFewUnits):
        ranking.rank_intervals(np.ones((5, units)))


def test_constant_data_is_no_difference():
    draws = np.full((100, 12, 2), 60.0)
    assert set(comparison.flags(draws, 60.0).ravel().tolist()) == {"same"}
    assert shrinkage.between_variance(np.full(9, 60.0), np.ones(9)) == 0
    low, high = intervals.mean_interval(20, 100, 0)
    assert low < 100 == high
    with pytest.raises(reliability.NotACovariance):
        reliability.cronbach_alpha(np.zeros((3, 3)))


def test_constant_data_in_files(tmp_path):
    values = "unit,a1,a2,b1\n" + "".join(f"u{u},5,2,10\n" for u in range(4))
    ratings = "unit,s1,s2,s3,t1\n" + "u1,4,4,4,4\n" * 12 + "u2,4,4,4,4\n" * 12
    for name, files in (("a", INDICATORS | {"values.csv": values}), ("b", RATINGS | {"ratings.csv": ratings})):
        output = run(tmp_path / name, files)
        holds_numbers_only(output)


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_infinite_and_missing_numbers_where_numbers_are_needed(wrong):
    for use, error in (
        (lambda: shrinkage.posterior([1.0, wrong], [1.0, 1.0]), ValueError),
        (lambda: shrinkage.posterior([1.0, 2.0], [1.0, wrong]), shrinkage.VarianceNotPositive),
        (lambda: shrinkage.between_variance([1.0, wrong, 2.0], np.ones(3)), ValueError),
        (lambda: ranking.rank_intervals([[1.0, wrong], [1.0, 2.0]]), ranking.DrawNotFinite),
        (lambda: ranking.rank_confidence_set([1.0, wrong], [1.0, 1.0]), ValueError),
        (lambda: ranking.funnel_limits([wrong], 50, 100, 0, 0.95), ranking.AnswersNotPositive),
        (lambda: reliability.cronbach_alpha([[1.0, wrong], [wrong, 1.0]]), reliability.NotACovariance),
        (lambda: reliability.omega_total(np.full((3, 3), wrong)), reliability.NotACorrelation),
    ):
        with pytest.raises(error) as raised:
            use()
        assert isinstance(raised.value, ValueError)
        assert type(raised.value) is not ValueError
        assert str(raised.value)


def test_infinite_indicators(tmp_path, capsys):
    with pytest.raises(index.ValueNotFinite):
        index.normalise([1.0, np.inf], "minmax")
    said = refused(tmp_path, capsys, INDICATORS | {"values.csv": "unit,a1,a2,b1\nu1,inf,2,1\n"})
    assert 'line 2, column "a1"' in said
    assert "finite" in said


def test_a_node_without_leaves(tmp_path, capsys):
    structure = HEAD + "t,,1,1\na,t,1,1\nD,t,1,1\n"
    said = refused(tmp_path, capsys, {"structure.csv": structure, "values.csv": "unit,a\nu,1\nv,2\n"})
    assert 'structure.csv, line 4, column "id"' in said
    assert "no leaf below it" in said


def test_an_unknown_parameter_is_told_the_nearest(tmp_path, capsys):
    with pytest.raises(UnknownParameter, match='Did you mean "margin"'):
        Method().with_parameters({"margn": 5})
    assert 'Did you mean "margin"' in refused(tmp_path, capsys, INDICATORS | {"method.toml": "margn = 5\n"})
    with pytest.raises(ParameterOutOfRange):
        Method().with_parameters({"level": 95})


def test_every_error_of_scoring_is_a_value_error_with_a_name():
    errors = {
        thing
        for module in pkgutil.walk_packages(scoring.__path__, "scoring.")
        for name, thing in vars(importlib.import_module(module.name)).items()
        if inspect.isclass(thing) and issubclass(thing, Exception) and not name.startswith("_")
    }
    named = {error for error in errors if not issubclass(error, Warning)}
    assert len(named) > 40
    assert all(issubclass(error, ValueError) and error is not ValueError and error.__doc__ for error in named)


# Files larger than memory should bear. The limits are those of two gigabytes, at a small scale.


@pytest.mark.parametrize("name", ["values.csv", "structure.csv", "units.csv", "method.toml"])
def test_a_huge_table_is_refused_before_it_is_read(tmp_path, capsys, monkeypatch, name):
    monkeypatch.setattr(tables, "LARGEST_FILE", 10_000)
    folder = write(tmp_path / "in", INDICATORS | {"units.csv": "unit\nu1\nu2\n"})
    with (folder / name).open("ab") as file:
        file.truncate(2**31)  # A sparse file: two gigabytes that take no room.
    assert main([str(folder), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert f"{name}: the file is 2,147,483,648 bytes" in said
    assert "10,000" in said
    assert not (tmp_path / "out").exists()


def test_ratings_are_counted_in_pieces_whatever_their_size(tmp_path):
    row = "u1,5,4,1,3\n"
    files = RATINGS | {"ratings.csv": "unit,s1,s2,s3,t1\n" + row * 30, "units.csv": "unit\nu1\n"}
    small, large = run(tmp_path / "a", files), tmp_path / "b"
    pieces = []
    read = rating_files._pieces
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rating_files, "_pieces", lambda file, _size, *rest: _noted(read(file, 64, *rest), pieces))
        run(large, files)
    assert len(pieces) > 4
    assert max(pieces) <= 64 + len(row)
    assert (small / "scores.csv").read_bytes() == (large / "out" / "scores.csv").read_bytes()


def _noted(parts, sizes):
    for part in parts:
        sizes.append(len(part))
        yield part


def test_ratings_in_a_single_endless_line_are_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(rating_files, "_LONGEST_ROW", 1_000)
    files = RATINGS | {"ratings.csv": "unit," + "s" * 5_000}
    assert "ratings.csv, line 1: longer than 1,000 bytes" in refused(tmp_path, capsys, files)


def test_the_summary_names_no_nan(tmp_path):
    output = run(tmp_path, INDICATORS)
    text = (output / "summary.json").read_text()
    json.loads(text, parse_constant=lambda name: pytest.fail(name))
