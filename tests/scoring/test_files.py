"""The command that scores files: what it writes, that it is the same every time, and published indices recomputed."""

import hashlib
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from scoring.__main__ import main
from scoring.files.reading import read_input
from tests.scoring.files_of import INDICATORS, QUICK, RATINGS, rows, run, scores, write

PUBLISHED = Path(__file__).parent / "published"

HDI = """\
id,parent,weight,direction,low,high,order
hdi,,1,1,,,0
health,hdi,1,1,,,
education,hdi,1,1,,,
standard,hdi,1,1,,,
life_expectancy,health,1,1,20,85,
expected_schooling,education,1,1,0,18,
mean_schooling,education,1,1,0,15,
"""


def table(name, logarithms):
    """A published table as values.csv, the columns named as logarithms, and what was published."""
    printed = rows(PUBLISHED / name)
    columns = [column for column in printed[0] if column not in ("unit", "published")]
    lines = [",".join(["unit", *columns])]
    for row in printed:
        cells = [repr(math.log(float(row[c]))) if c in logarithms else row[c] for c in columns]
        lines.append(",".join([row["unit"], *cells]))
    return "\n".join(lines) + "\n", {row["unit"]: float(row["published"]) for row in printed}


def test_the_human_development_index_comes_out_as_published(tmp_path):
    values, published = table("hdi_2021.csv", ["income"])
    structure = HDI + f"income,standard,1,1,{math.log(100)!r},{math.log(75000)!r},\n"
    method = QUICK + 'normalise = "goalposts"\nto = [0, 1]\n'
    output = run(tmp_path, {"structure.csv": structure, "values.csv": values, "method.toml": method})
    found = {unit: score for (unit, node), score in scores(output).items() if node == "hdi"}
    assert found == pytest.approx(published, abs=0.0012)
    assert scores(output)["Liechtenstein", "standard"] == 1


def test_the_technology_achievement_index_comes_out_as_published(tmp_path):
    posts = {
        "patents": ("creation", 0, 994),
        "receipts": ("creation", 0, 272.6),
        "internet": ("recent", 0, 232.4),
        "exports": ("recent", 0, 80.8),
        "telephones": ("old", 0, math.log(901)),
        "electricity": ("old", math.log(22), math.log(6969)),
        "schooling": ("skills", 0.8, 12.0),
        "enrolment": ("skills", 0.1, 27.4),
    }
    inner = "".join(f"{node},tai,1,1,,\n" for node in ("creation", "recent", "old", "skills"))
    leaves = "".join(f"{leaf},{parent},1,1,{low!r},{high!r}\n" for leaf, (parent, low, high) in posts.items())
    structure = "id,parent,weight,direction,low,high\ntai,,,,,\n" + inner + leaves
    values, published = table("tai_2001.csv", ["telephones", "electricity"])
    output = run(tmp_path, {"structure.csv": structure, "values.csv": values, "method.toml": QUICK + "to = [0, 1]\n"})
    found = {unit: score for (unit, node), score in scores(output).items() if node == "tai"}
    assert found == pytest.approx(published, abs=0.001)
    assert scores(output)["New Zealand", "old"] == pytest.approx(0.984, abs=5e-4)


def test_a_small_index_has_the_digits_of_the_calculation_by_hand(tmp_path):
    output = run(tmp_path, INDICATORS)
    assert scores(output) == pytest.approx(
        {
            ("u1", "a1"): 50,
            ("u1", "a2"): 80,
            ("u1", "b1"): 100,
            ("u1", "A"): 72.5,
            ("u1", "B"): 100,
            ("u1", "total"): 245 / 3,
            ("u2", "a1"): 100,
            ("u2", "b1"): 0,
            ("u2", "B"): 0,
        }
    )
    row = next(row for row in rows(output / "scores.csv") if (row["unit"], row["node"]) == ("u2", "A"))
    assert (row["score"], row["share"], row["status"], row["n"]) == ("", "0.25", "insufficient", "")
    # All of the missing 3/4 at one end, and at the other.
    assert (row["low"], row["high"]) == ("25.0", "100.0")


def test_one_minimum_share_for_all_nodes_replaces_the_rules_of_the_method(tmp_path):
    output = run(tmp_path, INDICATORS | {"method.toml": QUICK + "minimum_share = 0.25\n"})
    assert scores(output)["u2", "A"] == 100
    assert scores(output)["u2", "total"] == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('normalise = "none"\n', [5, 98]),
        ('normalise = "minmax"\nto = [0, 1]\n', [0, 1]),
        ('normalise = "zscore"\nto = [0, 1]\n', [-(0.5**0.5), 0.5**0.5]),
        ('normalise = "rank"\n', [1, 2]),
        ('normalise = "borda"\n', [0, 1]),
        ('normalise = "percentile_rank"\n', [0, 100]),
        ('normalise = "distance_to_max"\n', [0, 100]),
    ],
)
def test_every_normalisation_can_be_chosen(tmp_path, settings, expected):
    files = INDICATORS | {"values.csv": "unit,a1,a2,b1\nu1,5,2,10\nu2,10,1,0\n", "method.toml": QUICK + settings}
    found = scores(run(tmp_path, files))
    assert found["u1", "a1"] == pytest.approx(expected[0])
    assert found["u1", "a2"] == pytest.approx(expected[1] if settings.startswith('normalise = "none') else expected[0])


def test_an_order_in_the_structure_goes_before_that_of_the_settings(tmp_path):
    structure = "id,parent,weight,direction,order\nt,,,,1\nA,t,1,1,\na,A,1,1,\nb,A,1,1,\nc,t,1,1,\n"
    files = {"structure.csv": structure, "values.csv": "unit,a,b,c\nu,25,64,0\n", "method.toml": "order = 0\n"}
    found = scores(run(tmp_path, files))
    assert (found["u", "A"], found["u", "t"]) == (pytest.approx(40), pytest.approx(20))


def test_an_indicator_without_differences_is_missing_and_said_to_be(tmp_path, capsys):
    files = INDICATORS | {
        "method.toml": QUICK + 'normalise = "minmax"\n',
        "values.csv": "unit,a1,a2,b1\nu1,5,2,1\nu2,5,4,2\n",
    }
    output = run(tmp_path, files)
    assert "a1: fewer than two different values" in capsys.readouterr().err
    assert ("u1", "a1") not in scores(output)
    assert json.loads((output / "summary.json").read_text())["notes"][0].startswith("a1: ")


@pytest.mark.parametrize("units", [1, 2])
def test_one_or_two_units_have_scores_and_no_model(tmp_path, units):
    ratings = "unit,s1,s2,s3,t1\n" + "".join(f"u{u + 1},{3 + u},2,2,4\n" * 12 for u in range(units))
    files = RATINGS | {"ratings.csv": ratings, "units.csv": "unit\n" + "".join(f"u{u + 1}\n" for u in range(units))}
    output = run(tmp_path, files)
    assert len(scores(output)) == 7 * units
    assert not scores(output, "shrunken")


def person_means(ratings, unit, columns, needed):
    """Scores of the persons of a unit, one by one."""
    found = []
    for line in ratings.splitlines()[1:]:
        cells = line.split(",")
        values = [(int(cells[c]) - 1) * 25 for c in columns if cells[c].isdigit()]
        values = [
            100 - v if c == 3 else v for c, v in zip([c for c in columns if cells[c].isdigit()], values, strict=True)
        ]
        if cells[0] == unit and len(values) >= needed:
            found.append(sum(values) / len(values))
    return found


def test_ratings_are_scored_person_by_person_with_the_two_thirds_rule(tmp_path):
    output = run(tmp_path, RATINGS)
    found, n = scores(output), scores(output, "n")
    for unit in ("u1", "u2"):
        for node, columns, needed in (("S", (1, 2, 3), 2), ("all", (1, 2, 3, 4), 3), ("s3", (3,), 1), ("T", (4,), 1)):
            expected = person_means(RATINGS["ratings.csv"], unit, columns, needed)
            assert n[unit, node] == len(expected)
            if expected:
                assert found[unit, node] == pytest.approx(np.mean(expected))
            else:
                assert (unit, node) not in found
    assert n["u3", "all"] == 0


def test_intervals_of_ratings_have_the_digits_of_the_worked_example(tmp_path):
    structure = "id,parent,weight,direction\nall,,,\nq,all,1,1\n"
    answers = [2] + [3] * 2 + [4] * 5 + [5] * 2
    ratings = "unit,q\n" + "".join(f"a,{x}\n" for x in answers) + "b,5\n" * 5 + "c,5\n" * 5
    units = "unit,name,group,population\na,,,\nb,,,\nc,,,10\n"
    output = run(tmp_path, {"structure.csv": structure, "ratings.csv": ratings, "units.csv": units})
    low, high = scores(output, "low"), scores(output, "high")
    assert scores(output)["a", "q"] == 70
    assert (low["a", "q"], high["a", "q"]) == (pytest.approx(49.645, abs=5e-4), pytest.approx(84.668, abs=5e-4))
    assert (low["b", "q"], high["b", "q"]) == (pytest.approx(43.97406, abs=5e-6), 100)
    assert (low["c", "q"], high["c", "q"]) == (pytest.approx(61.08608, abs=5e-6), 100)


def many(waves=("2024", "2026"), units=12, each=40, shift=0.0, seed=7):
    """Ratings of units that differ, the last of them changed by ``shift`` in the second wave."""
    rng = np.random.default_rng(seed)
    level = np.linspace(1.8, 4.2, units)
    lines = ["unit,wave,s1,s2,s3,t1"]
    for number, wave in enumerate(waves):
        for u in range(units):
            mean = level[u] + (shift if number and u == units - 1 else 0)
            latent = mean + rng.normal(0, 0.5, (each, 1)) + rng.normal(0, 0.7, (each, 4))
            for x in np.clip(np.round(latent), 1, 5).astype(int):
                lines.append(f"m{u},{wave},{x[0]},{x[1]},{6 - x[2]},{x[3]}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def two_waves(tmp_path_factory):
    structure = RATINGS["structure.csv"]
    files = {"structure.csv": structure, "ratings.csv": many(shift=-2.5), "method.toml": QUICK}
    return run(tmp_path_factory.mktemp("waves"), files)


def test_estimates_of_all_units_lie_between_their_mean_and_the_middle(two_waves):
    found, shrunken = scores(two_waves, wave="2024"), scores(two_waves, "shrunken", "2024")
    middle = np.mean([found[f"m{u}", "all"] for u in range(12)])
    for u in range(12):
        low, high = sorted([found[f"m{u}", "all"], middle])
        assert low - 0.5 <= shrunken[f"m{u}", "all"] <= high + 0.5
    low, high = scores(two_waves, "shrunken_low", "2024"), scores(two_waves, "shrunken_high", "2024")
    assert all(low[key] < shrunken[key] < high[key] for key in shrunken)


def test_the_best_and_the_worst_are_flagged_and_placed(two_waves):
    flags = {
        row["unit"]: row["flag"]
        for row in rows(two_waves / "scores.csv")
        if row["wave"] == "2024" and row["node"] == "all"
    }
    assert (flags["m0"], flags["m11"]) == ("worse", "better")
    assert scores(two_waves, "rank_low", "2024")["m11", "all"] == 1
    assert scores(two_waves, "rank_high", "2024")["m0", "all"] == 12
    signals = json.loads((two_waves / "summary.json").read_text())["signals"]
    assert all(signal["signal"] for signal in signals if signal["node"] == "all")


def test_who_fell_between_two_waves_is_found_and_nobody_else(two_waves):
    changes = {row["unit"]: row for row in rows(two_waves / "changes.csv") if row["node"] == "all"}
    assert [unit for unit, row in changes.items() if row["flag"] == "worse"] == ["m11"]
    assert not [unit for unit, row in changes.items() if row["flag"] == "better"]
    means = [scores(two_waves, wave=wave)["m11", "all"] for wave in ("2024", "2026")]
    assert float(changes["m11"]["change"]) == pytest.approx(means[1] - means[0])
    assert float(changes["m11"]["high"]) < 0


def test_reliability_is_that_of_answers_less_their_units_mean(two_waves):
    ratings = [line.split(",") for line in many(shift=-2.5).splitlines()[1:]]
    scored = np.array([[int(r[2]), int(r[3]), 6 - int(r[4])] for r in ratings], dtype=float)
    cell = np.unique([f"{r[0]} {r[1]}" for r in ratings], return_inverse=True)[1]
    for c in range(cell.max() + 1):
        scored[cell == c] -= scored[cell == c].mean(axis=0)
    c = scored.T @ scored
    found = {row["node"]: row for row in rows(two_waves / "reliability.csv")}
    assert float(found["S"]["alpha"]) == pytest.approx(3 / 2 * (1 - np.trace(c) / c.sum()))
    assert (found["S"]["items"], found["S"]["n"]) == ("3", "960")
    assert float(found["S"]["alpha_low"]) < float(found["S"]["alpha"]) < float(found["S"]["alpha_high"])
    assert 0 < float(found["all"]["omega"]) < 1
    assert "T" not in found


def test_places_of_ratings_move_with_the_choices_and_stay_in_range(two_waves):
    found = [row for row in rows(two_waves / "sensitivity.csv") if row["wave"] == "2024"]
    assert [row["unit"] for row in found] == [f"m{u}" for u in range(12)]
    assert all(1 <= float(r["rank_low"]) <= float(r["rank_median"]) <= float(r["rank_high"]) <= 12 for r in found)


def test_only_units_with_a_score_have_a_place(tmp_path):
    values = "unit,a1,a2,b1\nu1,5,2,10\nu2,10,,0\nu3,1,9,1\n"
    output = run(tmp_path, INDICATORS | {"values.csv": values})
    found = rows(output / "sensitivity.csv")
    assert [(row["unit"], row["node"], row["rank"]) for row in found] == [
        ("u1", "total", "1.0"),
        ("u3", "total", "2.0"),
    ]


def test_units_that_do_not_differ_have_neither_flags_nor_places(tmp_path):
    rng = np.random.default_rng(3)
    lines = [f"m{u}," + ",".join(map(str, rng.integers(2, 5, 4))) for u in range(12) for _ in range(300)]
    files = RATINGS | {"ratings.csv": "unit,s1,s2,s3,t1\n" + "\n".join(lines), "units.csv": ""}
    del files["units.csv"]
    output = run(tmp_path, files)
    assert not scores(output, "rank_low")
    assert {row["flag"] for row in rows(output / "scores.csv")} == {""}
    assert not rows(output / "sensitivity.csv")
    assert not any(signal["signal"] for signal in json.loads((output / "summary.json").read_text())["signals"])


def test_items_and_indicators_meet_in_a_common_node(tmp_path):
    structure = RATINGS["structure.csv"].replace("all,,,", "top,,,\nall,top,3,1\nv,top,1,1")
    files = RATINGS | {"structure.csv": structure, "values.csv": "unit,v\nu1,40\nu3,80\n"}
    found = scores(run(tmp_path, files))
    assert found["u1", "top"] == pytest.approx((3 * found["u1", "all"] + 40) / 4)
    assert ("u3", "top") not in found
    assert found["u3", "v"] == 80


def test_rows_stand_in_the_order_of_the_input(tmp_path):
    found = [(row["unit"], row["node"]) for row in rows(run(tmp_path, RATINGS) / "scores.csv")]
    assert found == [(u, node) for u in ("u1", "u2", "u3") for node in ("all", "S", "T", "s1", "s2", "s3", "t1")]


@pytest.mark.parametrize("files", [INDICATORS, RATINGS])
def test_the_same_input_gives_the_same_bytes(tmp_path, files):
    first, second = (run(tmp_path / name, files) for name in ("a", "b"))
    names = sorted(path.name for path in first.iterdir())
    assert names == ["reliability.csv", "scores.csv", "sensitivity.csv", "summary.json"]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_the_summary_says_how_the_numbers_were_made(tmp_path):
    found = json.loads((run(tmp_path, RATINGS) / "summary.json").read_text())
    assert found["parameters"]["sobol_n"] == 8
    assert found["counts"]["responses"] == {"": 4}
    assert set(found["inputs"]) == {"structure.csv", "units.csv", "ratings.csv", "method.toml"}
    content = RATINGS["ratings.csv"].encode()
    assert found["inputs"]["ratings.csv"] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert "timings" not in found
    timed = json.loads((run(tmp_path / "timed", RATINGS, "--timings") / "summary.json").read_text())
    assert set(timed["timings"]) == {"reading", "computing"}


def test_progress_is_said_on_standard_error_only_if_asked_for(tmp_path, capsys):
    run(tmp_path / "a", RATINGS)
    assert capsys.readouterr().err == ""
    run(tmp_path / "b", RATINGS, "--progress")
    assert "ratings.csv: 100 % read, 4 responses" in capsys.readouterr().err


def test_earlier_results_are_replaced_and_other_files_are_not(tmp_path, capsys):
    output = run(tmp_path, INDICATORS)
    before = (output / "scores.csv").read_bytes()
    assert run(tmp_path, INDICATORS | {"values.csv": "unit,a1,a2,b1\nu1,5,2,1\n"}) == output
    assert (output / "scores.csv").read_bytes() != before
    (output / "mine.txt").write_text("keep")
    assert main([str(tmp_path / "in"), "--out", str(output)]) == 2
    assert "mine.txt" in capsys.readouterr().err
    assert (output / "mine.txt").read_text() == "keep"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_the_call_itself_can_have_mistakes(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "--out" in capsys.readouterr().err
    assert main([str(tmp_path / "missing"), "--out", str(tmp_path / "out")]) == 2
    assert "no such folder" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main([str(write(tmp_path / "in", INDICATORS)), "--out", str(tmp_path / "file")]) == 2
    assert main([str(tmp_path / "in"), "--out", str(tmp_path / "file" / "out")]) == 1


def test_a_hierarchy_as_an_input_has_everything_below_a_node(tmp_path):
    data = read_input(write(tmp_path, INDICATORS))
    ids = data.hierarchy.structure.ids
    below = [[ids[leaf] for leaf in data.hierarchy.leaves_below(node)] for node in range(4)]
    assert below == [["a1", "a2", "b1"], ["a1", "a2"], ["b1"], ["a1"]]


def test_the_example_of_the_documentation_works(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "scoring-command.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^`([a-z]+\.[a-z]+)`\n\n```\n(.*?)```", text, re.MULTILINE | re.DOTALL))
    assert sorted(files) == ["method.toml", "structure.csv", "values.csv"]
    found = {unit: f"{score:.3f}" for (unit, node), score in scores(run(tmp_path, files)).items() if node == "hdi"}
    assert found == {"Norwegen": "0.961", "Deutschland": "0.942", "Tschad": "0.394"}
