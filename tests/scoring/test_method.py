"""Every parameter of the method stands in one place with its agreed default, and the map of the rules holds."""

import importlib
import re
from pathlib import Path

import pytest

from scoring.method import Method

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs" / "method-map.md").read_text("utf-8")

DEFAULTS = {
    "level": 0.95,
    "pseudo_item": 2,
    "pseudo_scale": 1,
    "coverage_dimension": 2 / 3,
    "coverage_field": 2 / 3,
    "coverage_total": 0.8,
    "person_share": 2 / 3,
    "minimum_own": 5,
    "minimum_public": 10,
    "draws": 2000,
    "draws_small_network": 4000,
    "small_network": 200,
    "minimum_units": 8,
    "minimum_ranks": 10,
    "prior_df": 10,
    "prior_scale": 10,
    "fdr": 0.05,
    "margin": 5,
    "margin_gap": 12.5,
    "gate_points": 2,
    "gate_probability": 0.5,
    "sobol_n": 1024,
    "weight_trim_low": 0.3,
    "weight_trim_high": 3,
}


def test_every_parameter_has_its_agreed_default():
    parameters = Method().parameters()
    assert {name: parameters[name] for name in DEFAULTS} == DEFAULTS


RULES = [line for line in MAP.splitlines() if re.match(r"\| 1\.\d+ ", line)]


def test_no_rule_is_left_out():
    assert [re.match(r"\| (1\.\d+) ", line).group(1) for line in RULES] == [f"1.{number}" for number in range(1, 21)]


@pytest.mark.parametrize("line", RULES, ids=[line.split("|")[1].split()[0] for line in RULES])
def test_functions_and_tests_of_a_rule_exist(line):
    _, _rule, functions, tests, *_ = line.split("|")
    named = re.findall(r"`([a-z_]+)\.(\w+)`", functions)
    assert named
    for module, name in named:
        assert hasattr(importlib.import_module(f"scoring.{module}"), name), f"{module}.{name}"
    files = re.findall(r"`(test_\w+)`", tests)
    assert files
    for file in files:
        assert list((ROOT / "tests").rglob(f"{file}.py")), file
