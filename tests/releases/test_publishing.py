from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from sqlalchemy.exc import IntegrityError

from app.database import db, now
from app.feedback.models import Response
from app.releases import building, documents, exporting, publishing, reading
from app.releases.models import ReleaseRecord
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation, Round
from scoring.release import OutsideScore, Release

REASON = "Eine Kommune hat ihre Angaben berichtigt."


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Documents that say only who they are for: drawing sixty real ones is measured in bench/, not here."""
    made: list[str] = []

    def render(self: documents.Document, release: Release, site: str) -> bytes:
        made.append(self.filename)
        return f"%PDF {self.filename}".encode()

    monkeypatch.setattr(documents.Document, "render", render)
    return made


def another(record: ReleaseRecord) -> ReleaseRecord:
    """A second release of the same round: now the arrivals of one municipality are known."""
    invited = sa.select(Participation).where(Participation.round_id == record.round_id)
    db.session.scalars(invited.order_by(Participation.municipality_ags.desc())).first().newcomers = 5000
    db.session.commit()
    return building.build(db.session.get_one(Round, record.round_id))


def test_publishing_shows_a_release_and_marks_its_round(record: ReleaseRecord):
    publishing.publish(record)
    assert record.state == "published"
    assert record.round.state == "released"
    assert reading.published_release()[0] is record
    assert reading.current_release(record.round) is record


def test_a_newer_release_takes_the_place_of_the_older_one_which_says_so(record: ReleaseRecord):
    publishing.publish(record)
    newer = another(record)
    publishing.publish(newer)
    assert record.state == "withdrawn"
    assert newer.sha256[:12] in record.withdrawn_reason
    assert {r.sha256 for r in reading.releases_of(record.round)} == {record.sha256, newer.sha256}
    assert reading.published_release()[0] is newer


def test_the_database_allows_one_published_release_per_round(record: ReleaseRecord):
    publishing.publish(record)
    newer = another(record)
    newer.state, newer.published_at = "published", now()
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_withdrawing_needs_a_reason_and_reopens_the_round_to_a_new_release(record: ReleaseRecord):
    publishing.publish(record)
    with pytest.raises(publishing.ReasonMissing):
        publishing.withdraw(record, "  \x00 ")
    assert record.state == "published"
    publishing.withdraw(record, REASON)
    assert (record.state, record.withdrawn_reason, record.round.state) == ("withdrawn", REASON, "closed")
    assert reading.published_release() is None


def test_a_withdrawal_by_mistake_can_be_undone(record: ReleaseRecord):
    publishing.publish(record)
    publishing.withdraw(record, REASON)
    publishing.publish(record)
    assert (record.state, record.withdrawn_at, record.withdrawn_reason) == ("published", None, "")


def test_what_is_not_public_cannot_be_withdrawn_nor_published_twice(record: ReleaseRecord):
    with pytest.raises(StepRefused):
        publishing.withdraw(record, REASON)
    publishing.publish(record)
    with pytest.raises(StepRefused):
        publishing.publish(record)


def test_the_export_is_complete_and_its_checksums_hold(record: ReleaseRecord, tmp_path: Path, quick_pdf: list[str]):
    publishing.publish(record)
    release = reading.release_of(record)
    written = exporting.export(record, tmp_path / "out")
    sums = dict(line.split("  ")[::-1] for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.as_posix() for path in written} - {"SHA256SUMS"}
    assert all(hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == sums[name] for name in sums)
    ours = {f"kommunen/{ags}.pdf" for ags in release.public} | {f"kreise/{d.ags}.pdf" for d in release.districts}
    assert ours == {n for n in sums if n.endswith(".pdf")} - {"region.pdf"}
    assert {"region.pdf", "region.csv", "kommunen.csv", "codebuch.csv", "LIESMICH.txt"} <= set(sums)


def test_the_export_holds_nothing_of_the_own_views(record: ReleaseRecord, tmp_path: Path, quick_pdf: list[str]):
    publishing.publish(record)
    exporting.export(record, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "auswertungsstand.json").read_text())
    assert "own" not in document
    assert "coarse" not in (tmp_path / "out" / "kommunen.csv").read_text()
    assert not any("-own-" in name for name in quick_pdf)
    hidden = {m.ags for m in reading.release_of(record).municipalities} - set(document["public"])
    assert hidden
    assert not any(ags in (tmp_path / "out" / "kommunen.csv").read_text() for ags in hidden)


def test_public_sheets_rest_on_ten_answers_or_more(record: ReleaseRecord):
    release = reading.release_of(record)
    scores: list[OutsideScore] = [s for sheet in release.public.values() for s in sheet.outside_view]
    assert {s.status for s in scores} == {"published", "suppressed"}
    assert all(s.n is not None and s.n >= 10 for s in scores if s.status == "published")
    assert all(s.n is s.score is s.low is s.distribution is None for s in scores if s.status == "suppressed")


def test_the_export_refuses_what_is_not_public_and_what_is_in_the_way(record: ReleaseRecord, tmp_path: Path):
    with pytest.raises(StepRefused, match="nicht veröffentlicht"):
        exporting.export(record, tmp_path / "out")
    publishing.publish(record)
    (tmp_path / "note.txt").write_text("schon da")
    with pytest.raises(exporting.FolderNotEmpty, match="nicht leer"):
        exporting.export(record, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".pdf"] == []


def test_a_release_is_found_by_the_beginning_of_its_hash(record: ReleaseRecord):
    assert reading.release_by_prefix(record.sha256[:8]) is record
    for text in ("zzzzzz", "abc", "0" * 12 if not record.sha256.startswith("0" * 12) else "1" * 12):
        with pytest.raises(reading.ReleaseNotFound):
            reading.release_by_prefix(text)


def test_the_command_line_builds_verifies_publishes_and_lists(
    round_: Round, runner: FlaskCliRunner, quick_pdf: list[str], tmp_path: Path
):
    built = runner.invoke(args=["release", "build", "2026"])
    name = built.output.split()[0]
    assert runner.invoke(args=["release", "verify", name[:10]]).exit_code == 0
    assert runner.invoke(args=["release", "publish", name[:10]]).exit_code == 0
    assert "veröffentlicht" in runner.invoke(args=["release", "list"]).output
    assert runner.invoke(args=["release", "export", name, str(tmp_path / "out")]).exit_code == 0


def test_the_command_line_says_what_differs_and_fails(record: ReleaseRecord, runner: FlaskCliRunner):
    name = record.sha256
    db.session.delete(db.session.scalars(sa.select(Response).limit(1)).one())
    db.session.commit()
    result = runner.invoke(args=["release", "verify", name])
    assert result.exit_code == 1
    assert "weicht ab" in result.output
    assert "Eingaben sind andere" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["build", "gibtsnicht"], "gibt es nicht"),
        (["verify", "abc"], "mindestens 6 Zeichen"),
        (["publish", "abcdef123456"], "keinen solchen Auswertungsstand"),
    ],
)
def test_a_wrong_argument_gets_a_sentence_and_status_1(runner: FlaskCliRunner, arguments: list[str], sentence: str):
    result = runner.invoke(args=["release", *arguments])
    assert result.exit_code == 1
    assert sentence in result.output
