"""What may be called a strength or a gap."""

from __future__ import annotations

import pytest

from reports.documents.findings import Findings
from reports.wording import Wording
from scoring.release import UnitSheet
from tests.reports import sample


def findings(sheet: UnitSheet | None = None) -> Findings:
    release = sample.release()
    return Findings(release, sheet or release.own[sample.ALL], Wording("de"))


@pytest.mark.parametrize("ags", sample.NAMES)
def test_there_are_at_most_three_about_different_things(ags):
    chosen = findings(sample.release().own[ags])
    for found in (chosen.strengths(), chosen.gaps()):
        subjects = [finding.subject for finding in found]
        assert len(subjects) == len(set(subjects)) <= 3


def test_undecided_pairs_and_open_comparisons_are_never_findings():
    sheet = sample.release().own[sample.ALL]
    undecided = sheet.model_copy(
        update={
            "pairs": tuple(pair.model_copy(update={"quadrant": "undecided"}) for pair in sheet.pairs),
            "outside_view": tuple(score.model_copy(update={"band": "open"}) for score in sheet.outside_view),
            "self_view": (),
        }
    )
    chosen = findings(undecided)
    assert chosen.strengths() == []
    assert chosen.gaps() == []


def test_what_both_views_agree_on_comes_before_what_one_says():
    assert "Beide Seiten sehen hier eine Stärke" in findings().strengths()[0].sentence
    assert "Hier sehen beide Seiten Bedarf" in findings().gaps()[0].sentence


def test_a_finding_of_newcomers_carries_interval_and_base():
    for finding in findings().strengths():
        assert "Spanne" in finding.sentence
        assert "Antworten" in finding.sentence


def test_self_view_alone_says_that_it_is_the_own_assessment():
    found = findings(sample.release().own[sample.SELF]).strengths()
    assert found
    assert all("Nach eigener Einschätzung" in finding.sentence for finding in found)
