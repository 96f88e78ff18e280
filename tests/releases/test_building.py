from __future__ import annotations

import json

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.assessment.models import CriterionAnswer
from app.database import db
from app.feedback.models import Response
from app.releases import building, loading, publishing
from app.releases.models import ReleaseRecord
from app.releases.traits import profile_width
from app.releases.withholding import ReleaseWithheld, withholding
from app.rounds import lifecycle
from app.rounds.guests import Guest
from app.rounds.models import Round
from questionnaires.loading import builtin
from scoring.exposure import RESPONSES, Exposure, ReleaseExposes
from scoring.release import Release, sha256
from tests.releases.filling import DAY


def test_a_release_is_named_by_the_hash_of_its_document(record: ReleaseRecord):
    assert sha256(record.document) == record.sha256
    assert Release.from_json(record.document).to_json() == record.document
    assert record.state == "preview"


def test_building_twice_gives_the_same_release_and_stores_it_once(round_: Round, record: ReleaseRecord):
    again = building.build(round_)
    assert again.sha256 == record.sha256
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReleaseRecord)) == 1


def test_building_ends_the_day_in_which_late_forms_are_taken(round_: Round):
    lifecycle.reopen_round(round_)
    lifecycle.close_round(round_)
    db.session.commit()
    assert round_.late_answers
    building.build(round_)
    assert not db.session.get_one(Round, round_.id).late_answers


@pytest.mark.parametrize("state", ["draft", "open"])
def test_a_round_that_still_collects_has_no_release(context: None, state: str):
    round_ = lifecycle.create_round("2027", "Runde 2027", DAY, DAY)
    if state == "open":
        lifecycle.open_round(round_, builtin())
    db.session.commit()
    with pytest.raises(building.RoundNotClosed, match="nicht geschlossen"):
        building.build(round_)
    assert db.session.scalar(sa.select(ReleaseRecord).where(ReleaseRecord.round_id == round_.id)) is None


def test_the_order_of_rows_does_not_matter(round_: Round, monkeypatch: pytest.MonkeyPatch):
    straight, read = loading.load_round(db.session, round_), loading.load_answers
    width = len(straight.catalogue.items) + profile_width(straight.catalogue) + 2

    def shuffled(*arguments):
        for ags, part in read(*arguments):
            turned = np.frombuffer(part, f"S{width}")[::-1].tobytes()
            assert len(part) == width or turned != part
            yield ags, turned

    monkeypatch.setattr(loading, "load_answers", shuffled)
    turned = loading.load_round(db.session, round_)
    assert turned.input_sha256 == straight.input_sha256
    assert turned.data.seed == straight.data.seed


def test_a_release_verifies_byte_by_byte(record: ReleaseRecord):
    assert building.verify(record) == building.Verification(record.sha256, True)


def made_before_the_format_grew(record: ReleaseRecord, **changes: object) -> ReleaseRecord:
    """The same release as an earlier state of the program wrote it, without three fields of today."""
    content = json.loads(record.document)
    for sheet in (content, *content["own"].values()):
        del sheet["themes"]
    del content["region"]["participation"]
    document = json.dumps(content | changes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    same = {"round_id": record.round_id, "input_sha256": record.input_sha256, "method_version": record.method_version}
    older = ReleaseRecord(sha256=sha256(document), document=document, **same)
    db.session.add(older)
    db.session.commit()
    return older


def test_a_release_made_before_the_format_grew_verifies_too(record: ReleaseRecord):
    older = made_before_the_format_grew(record)
    assert older.sha256 != record.sha256
    assert building.verify(older) == building.Verification(older.sha256, True)


def test_but_what_it_says_is_still_compared(record: ReleaseRecord):
    found = building.verify(made_before_the_format_grew(record, region_name="Anderswo"))
    assert not found.matches
    assert "/region_name" in found.findings[-1]
    assert "themes" not in found.findings[-1]


def test_verifying_notices_one_changed_answer_and_says_that_inputs_changed(record: ReleaseRecord):
    response = db.session.scalars(sa.select(Response).limit(1)).one()
    response.ratings = ("5" if response.ratings[0] != "5" else "1") + response.ratings[1:]
    db.session.commit()
    found = building.verify(record)
    assert not found.matches
    assert "Eingaben sind andere" in found.findings[0]


def test_verifying_says_where_the_documents_differ(record: ReleaseRecord):
    db.session.execute(sa.update(CriterionAnswer).values(level=4))
    db.session.commit()
    said = " ".join(building.verify(record).findings)
    assert "/own/" in said
    assert "/self_view/" in said


def test_verifying_notices_another_method(record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch):
    usual = building.Method
    monkeypatch.setattr(building, "Method", lambda: usual(version="9.9"))
    found = building.verify(record)
    assert not found.matches
    assert "9.9" in found.findings[0]


def test_verifying_notices_a_tampered_document(record: ReleaseRecord):
    for statement in ("DROP TRIGGER release_is_immutable", "DROP TRIGGER release_guard ON release"):
        if ("ON release" in statement) == (db.engine.dialect.name == "postgresql"):
            db.session.execute(sa.text(statement))
    changed = record.document.replace('"demo":false', '"demo":true')
    db.session.execute(sa.update(ReleaseRecord).values(document=changed))
    db.session.commit()
    found = building.verify(record)
    assert not found.matches
    assert "verändert" in found.findings[0]


@pytest.mark.parametrize("column", ["document", "input_sha256", "method_version"])
def test_the_database_refuses_to_change_a_release(record: ReleaseRecord, column: str):
    with pytest.raises(DBAPIError, match="immutable"):
        db.session.execute(sa.update(ReleaseRecord).values({column: "x"}))


def test_the_database_allows_to_delete_a_preview_only(record: ReleaseRecord):
    from app.releases import publishing

    publishing.publish(record)
    with pytest.raises(DBAPIError, match="kept"):
        db.session.execute(sa.delete(ReleaseRecord))
    db.session.rollback()
    other = building.build(db.session.get_one(Round, record.round_id))
    assert other.sha256 == record.sha256


def test_good_examples_are_criteria_at_a_high_level_of_those_who_agreed(round_: Round):
    db.session.execute(sa.update(Round).where(Round.id == round_.id).values(evidence_rule=False))
    db.session.commit()
    release = building.compute(round_.id)
    for municipality in release.municipalities:
        sheet = release.own[municipality.ags]
        high = {s.node for s in sheet.self_view if s.kind == "criterion" and (s.level or 0) >= 3}
        assert set(municipality.good_examples) == (high if municipality.consented else set())
    assert any(municipality.good_examples for municipality in release.municipalities)


def test_the_centre_of_every_municipality_is_kept(record: ReleaseRecord):
    release = Release.from_json(record.document)
    assert all(50 < m.latitude < 52 and 7 < m.longitude < 9 for m in release.municipalities)


def test_loading_takes_a_fixed_number_of_statements(round_: Round):
    seen: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    loading.load_round(db.session, db.session.get_one(Round, round_.id))
    assert len([s for s in seen if s.lstrip().upper().startswith("SELECT")]) <= 13


def test_a_later_release_that_differs_by_two_answers_is_not_stored_and_the_cell_is_named(
    round_: Round, record: ReleaseRecord
):
    publishing.publish(record)
    town, number = db.session.execute(
        sa.select(Response.municipality_ags, sa.func.count())
        .where(Response.round_id == round_.id)
        .group_by(Response.municipality_ags)
        .order_by(sa.func.count().desc())
    ).first()
    gone = db.session.scalars(
        sa.select(Response).where(Response.round_id == round_.id, Response.municipality_ags == town).limit(2)
    ).all()
    for response in gone:
        db.session.delete(response)
    db.session.commit()
    name = next(m.name for m in Release.from_json(record.document).municipalities if m.ags == town)
    with pytest.raises(ReleaseWithheld) as raised:
        building.build(round_)
    for place in ("Region", name):
        assert f"{place}, Zahl der Rückmeldungen: Seit dem veröffentlichten Stand sind nur 2 Antworten" in str(
            raised.value
        )
    assert number > 10
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReleaseRecord)) == 1


def test_what_a_release_would_give_away_is_said_in_words_the_largest_groups_first(round_: Round):
    given = loading.load_round(db.session, round_)
    found = [
        Exposure("refreshed", "D3:returned:A2", "05974040", low=1, high=1),
        Exposure("refreshed", "D3:returned", low=3, high=3),
        Exposure("refreshed", "A2", low=2, high=2),
        Exposure("refreshed", RESPONSES, low=2, high=2),
    ]
    with pytest.raises(ReleaseWithheld) as raised, withholding(given):
        raise ReleaseExposes(found)
    text = str(raised.value)
    places = [text.index(part) for part in ("Zahl der Rückmeldungen: ", "A2 »", "Region, »", "Und 1 weitere")]
    assert places == sorted(places)
    assert "D3:" not in text
    with pytest.raises(ReleaseWithheld, match="ist nur 1 Antwort hinzugekommen"), withholding(given):
        raise ReleaseExposes(found[:1])


def test_a_preview_that_nobody_saw_does_not_bind(round_: Round, record: ReleaseRecord):
    response = db.session.scalars(sa.select(Response).where(Response.round_id == round_.id).limit(1)).one()
    db.session.delete(response)
    db.session.commit()
    assert building.build(round_).sha256 != record.sha256


def test_what_people_read_in_the_texts_is_in_the_release_and_verifies_even_when_more_is_read(round_: Round):
    from app.feedback import coding
    from app.feedback.models import Comment

    place = round_.participations[0].municipality_ags
    texts = [
        Comment(round_id=round_.id, municipality_ags=place, id=f"{n:036}", question="O1", text=f"T{n}", state="kept")
        for n in range(11)
    ]
    db.session.add_all(texts)
    db.session.flush()
    for text in texts:
        coding.code(text, ["mobility"], "")
    coding.code(texts[0], ["mobility"], "Der Bus fehlt.")
    db.session.commit()
    record = building.build(round_)
    release = Release.from_json(record.document)
    assert [(theme.theme, theme.n) for theme in release.themes] == [("mobility", 11)]
    assert [extract.text for extract in release.extracts] == ["Der Bus fehlt."]
    if place in release.own:
        assert release.own[place].themes == release.themes
    coding.code(db.session.get_one(Comment, (round_.id, place, texts[1].id)), ["work"], "")
    db.session.commit()
    assert building.verify(record).matches


def test_a_guest_is_in_no_comparison_and_takes_nothing_from_the_others(round_: Round):
    """As if it had never been invited: neither its levels nor its answers are anywhere in the release."""
    before = loading.load_round(db.session, round_)
    guest = next(unit for unit, done in zip(before.data.units, before.data.handed_in, strict=True) if done)
    db.session.add(Guest(round_id=round_.id, municipality_ags=guest))
    db.session.commit()
    given = loading.load_round(db.session, round_)
    assert list(given.data.units) == [unit for unit in before.data.units if unit != guest]
    assert given.data.handed_in.sum() == before.data.handed_in.sum() - 1
    place = list(before.data.units).index(guest)
    others = before.data.response_unit != place
    assert np.array_equal(given.data.ratings, before.data.ratings[others])
    release = building.compute(round_.id)
    assert guest not in release.own
    assert guest not in release.public
    assert not release.municipality(guest).participates
