"""What every PDF promises: accessible by its standard, marked for what it is, the same bytes for the same release."""

from __future__ import annotations

import hashlib
import json

import pikepdf
import pytest

from reports.documents import (
    NotInRelease,
    context,
    council_paper,
    criteria,
    district_report,
    municipal_report,
    regional_report,
    render,
    steps,
)
from reports.documents.content import Order
from reports.wording import LanguageNotOffered, Wording
from scoring.release import Backing, Release, sha256
from tests.reports import sample
from tests.reports.conftest import pages_of

EVERY = [*sample.NAMES, None]
WITH_FIGURES = {sample.ALL: 10, sample.SELF: 1, sample.OUTSIDE: 4, sample.NOTHING: 0, None: 14}


def structure_elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        children = node.get("/K", [])
        children = list(children) if isinstance(children, pikepdf.Array) else [children]
        waiting += [child for child in children if isinstance(child, pikepdf.Dictionary) and "/S" in child]
        found += [node] if "/S" in node else []
    return found


@pytest.mark.parametrize("ags", EVERY)
def test_a_document_is_tagged_and_says_its_language_and_title(documents, ags):
    with documents.open(ags) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "de"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith("Wie gut kommen Neue in")


@pytest.mark.parametrize("ags", EVERY)
def test_every_figure_has_a_text_alternative_that_is_a_sentence(documents, ags):
    with documents.open(ags) as pdf:
        figures = [element for element in structure_elements(pdf) if element.S == "/Figure"]
        alternatives = [str(figure.Alt) for figure in figures]
    assert len(alternatives) == WITH_FIGURES[ags]
    assert all(len(text) > 60 and text.endswith(".") for text in alternatives)


def test_every_table_has_header_cells(documents):
    with documents.open(sample.ALL) as pdf:
        kinds = [str(element.S) for element in structure_elements(pdf)]
    assert kinds.count("/Table") >= 5
    assert kinds.count("/TH") >= 3 * kinds.count("/Table")


@pytest.mark.parametrize("ags", EVERY)
def test_every_page_of_a_demonstration_says_so(documents, ags):
    assert all(page.count("Demonstrationsdaten") >= 2 for page in documents.pages(ags))
    assert "Alle Zahlen sind erfunden" in documents.pages(ags)[0]
    if ags in (sample.ALL, None):
        assert all(page.count("Demonstration data") >= 2 for page in documents.pages(ags, "en"))


def test_a_real_release_of_an_approved_catalogue_has_no_marks():
    demo = sample.release()
    catalogue = demo.catalogue.model_copy(update={"status": "approved"})
    text = " ".join(
        pages_of(municipal_report(demo.model_copy(update={"demo": False, "catalogue": catalogue}), sample.ALL))
    )
    assert "Demonstration" not in text
    assert "Entwurf" not in text


@pytest.mark.parametrize("ags", EVERY)
def test_every_page_names_release_method_and_page(documents, ags):
    short = sha256(documents.release.to_json())[:12]
    pages = documents.pages(ags)
    for number, page in enumerate(pages, start=1):
        assert f"Auswertungsstand {short} · Methode 1.1" in page
        assert f"Seite {number} von {len(pages)}" in page


def test_the_same_release_gives_the_same_bytes(documents):
    first = hashlib.sha256(documents.pdf(sample.ALL)).hexdigest()
    assert hashlib.sha256(municipal_report(sample.release(), sample.ALL)).hexdigest() == first


def test_no_font_but_the_embedded_ones_is_used(documents):
    with documents.open(sample.ALL) as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert names
    assert all("FiraSans" in name or "DejaVuSans" in name for name in names)


def test_page_one_names_three_strengths_three_gaps_three_steps_and_a_caution(documents):
    page = documents.pages(sample.ALL)[0]
    strengths, gaps = page.split("Was gut gelingt")[1].split("Wo es sich lohnt anzusetzen")
    gaps, steps = gaps.split("Nächste Schritte")
    assert strengths.count("Beide Seiten sehen hier eine Stärke") == 3
    assert gaps.count("Punkten") >= 3
    assert steps.count("Von Stufe") == 3
    assert "Bitte mit Vorsicht lesen" in steps


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_full_report_has_eight_to_fourteen_pages(documents, language):
    assert 8 <= len(documents.pages(sample.ALL, language)) <= 14


CHAPTERS = (
    "Das Profil nach Qualitätsbereichen", "Selbstbild und Außensicht", "Wer geantwortet hat", "Was die Neuen sagen",
    "Unter den anderen Kommunen", "Was wichtig ist und wo es hakt", "Was Gruppen von Neuen sagen",
    "Was die Neuen geschrieben haben", "Was sich verändert hat", "Entwicklungsziele", "Wen man fragen kann",
    "Beschluss und Ansprechstelle", "Was sich nicht sagen lässt",
    "Alle Kriterien mit ihrer Stufe", "Wie die Zahlen entstehen",
)  # fmt: skip


def test_the_chapters_come_in_their_order(documents):
    text = documents.text(sample.ALL)
    places = [text.index(chapter) for chapter in CHAPTERS]
    assert places == sorted(places)


def test_no_page_ends_with_a_heading(documents):
    """What stands last above the footer is never the heading of a chapter."""
    for page in documents.pages(sample.ALL):
        body = page.split("Auswertungsstand")[0].rstrip()
        assert not body.endswith(CHAPTERS)


def test_evidence_and_marks_stand_beside_the_level(documents):
    text = documents.text(sample.ALL)
    for said in ("Dokument; plausibilisiert", "Dokument, Link; nach Rückfrage geändert", "kein Nachweis"):
        assert said in text


def test_a_claimed_level_without_evidence_is_called_an_own_statement():
    release = sample.release()
    sheet = release.own[sample.ALL]
    backing = Backing(claimed=4, self_report=True, validation="open")
    scores = tuple(s.model_copy(update={"backing": backing}) if s.backing else s for s in sheet.self_view)
    order = Order(release, "0" * 64, Wording("de"))
    assert criteria.backing_text(order, backing) == (
        "kein Nachweis; Selbstauskunft (angegeben: Stufe 4); Rückfrage offen"
    )
    groups = criteria.criteria(order, sheet.model_copy(update={"self_view": scores}))["groups"]
    assert any("Selbstauskunft" in row["backing"] for group in groups for row in group["rows"])


def test_a_release_without_evidence_says_that_none_was_recorded():
    release = sample.release()
    sheet = release.own[sample.ALL]
    scores = tuple(score.model_copy(update={"backing": None}) for score in sheet.self_view)
    made = criteria.criteria(Order(release, "0" * 64, Wording("de")), sheet.model_copy(update={"self_view": scores}))
    assert len(made["header"]) == 3
    assert "Nachweise wurden in dieser Runde nicht erhoben" in made["lead"][1]


def test_goals_say_whether_they_were_reached(documents):
    text = documents.text(sample.ALL)
    assert "Von 2 fälligen Zielen sind 1 erreicht." in text
    assert "nicht erreicht" in text


def test_goals_are_for_the_municipality_alone():
    text = " ".join(pages_of(municipal_report(sample.release(), sample.ALL, audience="public")))
    # the public sheet of a real release holds none; one that does would show them
    assert "Entwicklungsziele" in text
    release = sample.release()
    public = release.public[sample.ALL].model_copy(update={"goals": ()})
    without = release.model_copy(update={"public": {sample.ALL: public}})
    assert "Entwicklungsziele" not in " ".join(pages_of(municipal_report(without, sample.ALL, audience="public")))


def test_criteria_without_a_neighbour_are_listed_and_fill_no_table():
    release = sample.release()
    made = steps.neighbour_section(Order(release, "0" * 64, Wording("de")), release.own[sample.ALL])
    rows = made["tables"][0]["rows"]
    assert [row[0].split()[0] for row in rows] == ["A1.1", "B2.3"]
    assert made["notes"][-1].startswith("Noch niemand lässt sich nennen zu: ")
    assert "A1.1" not in made["notes"][-1]
    alone = release.model_copy(
        update={"municipalities": tuple(m.model_copy(update={"good_examples": ()}) for m in release.municipalities)}
    )
    assert steps.neighbour_section(Order(alone, "0" * 64, Wording("de")), alone.own[sample.ALL])["tables"] == []


def test_a_report_with_too_little_to_say_takes_two_pages(documents):
    pages = documents.pages(sample.NOTHING)
    assert len(pages) == 2
    assert "Was sich nicht sagen lässt" in pages[0]
    assert "Das ist kein schlechtes Ergebnis, sondern keines." in pages[0]


def asked(release: Release, municipalities) -> list[str]:
    changed = release.model_copy(update={"municipalities": municipalities})
    return [m.ags for m in steps.neighbours(changed, sample.ALL, "A1.1")]


def test_neighbours_are_similar_in_size_and_agreed(documents):
    release = sample.release()
    assert [m.ags for m in steps.neighbours(release, sample.ALL, "A1.1")] == [sample.SELF]
    assert steps.neighbours(release, sample.ALL, "A1.2") == []
    assert steps.neighbours(release, sample.SELF, "A1.1") == []
    large = tuple(
        m.model_copy(update={"population": 60_000}) if m.ags == sample.SELF else m for m in release.municipalities
    )
    assert asked(release, large) == [sample.SELF], "nobody of similar size: another one is better than none"
    both = tuple(m.model_copy(update={"good_examples": ("A1.1",)}) if m.ags == sample.OUTSIDE else m for m in large)
    assert asked(release, both) == [sample.OUTSIDE], "one of similar size is there: the large one is not asked"
    assert "Bad Berleburg (20.000)" in documents.text(sample.ALL)


def test_a_next_step_leads_to_the_next_level_and_never_beyond_the_last():
    release = sample.release()
    order = Order(release, "0" * 64, Wording("de"))
    sheet = release.own[sample.ALL]
    top = [s.node for s in sheet.self_view if s.level == 4]
    levels = steps.levels_of(sheet)
    assert all(step.title not in {release.catalogue.criterion(c).title["de"] for c in top}
               for step in steps.next_steps(order, sheet, top))  # fmt: skip
    first = steps.weak_criteria(release, sheet)[0]
    found = steps.next_steps(order, sheet, [first])[0]
    assert f"Von Stufe {levels[first]} auf Stufe {levels[first] + 1}" in found.sentence


def test_where_too_little_is_known_the_first_steps_are_the_core_criteria_left_open():
    release = sample.release()
    order, sheet = Order(release, "0" * 64, Wording("de")), release.own[sample.ALL]
    silent = {"status": "unanswered", "level": None, "score": None}
    blank = sheet.model_copy(update={"self_view": tuple(s.model_copy(update=silent) for s in sheet.self_view)})
    core = [c.title["de"] for c in release.catalogue.criteria if c.core]
    found = steps.next_steps(order, blank, [])
    assert [step.title for step in found] == core[:3]
    assert all(step.sentence.startswith("In der nächsten Runde einschätzen") for step in found)
    declined = {"status": "not_applicable", "level": None, "score": None}
    elsewhere = sheet.model_copy(update={"self_view": tuple(s.model_copy(update=declined) for s in sheet.self_view)})
    assert steps.next_steps(order, elsewhere, []) == []


def test_a_release_of_an_older_method_version_still_makes_every_document():
    """What later versions added is missing in it; the report leaves those chapters out and says nothing wrong."""
    data = json.loads(sample.release().to_json())
    data["method"]["version"] = "1.0"
    del data["earlier"], data["themes"], data["extracts"]
    for m in data["municipalities"]:
        del m["good_examples"], m["latitude"], m["longitude"]
    for name in ("groups", "changes", "participation", "funnel", "funnel_centre", "places", "agreement"):
        del data["region"][name]
    for sheet in [*data["own"].values(), *data["public"].values()]:
        for name in ("goals", "groups", "changes", "themes", "decision", "contact"):
            sheet.pop(name, None)
        for score in sheet["self_view"]:
            score.pop("backing", None)
    release = Release.from_json(json.dumps(data))
    text = " ".join(pages_of(municipal_report(release, sample.ALL)))
    assert "Methode 1.0" in text
    assert not [chapter for chapter in CHAPTERS[6:10] if chapter in text]
    assert len(pages_of(regional_report(release))) >= 3
    assert len(pages_of(district_report(release, "05970"))) >= 3
    assert len(pages_of(council_paper(release, sample.ALL))) == 1


def test_a_difference_is_called_a_reason_to_talk(documents):
    sentence = "Eine Differenz ist ein Anlass zum Gespräch, kein Fehler."
    assert sentence in documents.text(sample.ALL)
    assert sentence in documents.text(None)


def test_every_criterion_stands_with_its_level_and_descriptor(documents):
    text = documents.text(sample.ALL)
    catalogue = documents.release.catalogue
    for score in documents.release.own[sample.ALL].self_view:
        if score.kind == "criterion":
            assert score.node in text
            if score.level is not None:
                descriptor = catalogue.criterion(score.node).levels[score.level]["de"]
                assert descriptor.split()[0] in text


def test_a_suppressed_item_appears_only_among_what_cannot_be_said():
    secret = 73.0
    release = sample.release()
    sheet = release.own[sample.ALL]
    # a suppressed value must not even appear if a faulty release still carried it
    scores = tuple(
        score.model_copy(update={"score": secret, "n": 7}) if score.status == "suppressed" else score
        for score in sheet.outside_view
    )
    faulty = release.model_copy(update={"own": {sample.ALL: sheet.model_copy(update={"outside_view": scores})}})
    pages = pages_of(municipal_report(faulty, sample.ALL))
    suppressed = [score.indicator for score in scores if score.status == "suppressed"]
    for indicator in suppressed:
        assert [page for page in pages if indicator in page] == [
            page for page in pages if "Was sich nicht sagen lässt" in page
        ]


def test_a_coarse_value_is_called_a_hint(documents):
    assert "etwa 65" in documents.text(sample.ALL)
    assert "Er ist nur für die Kommune selbst bestimmt" in documents.text(sample.ALL)


def test_too_few_answers_and_no_answers_read_the_same(documents):
    for ags in (sample.SELF, sample.NOTHING):
        assert "zu wenige Rückmeldungen von Neuen" in documents.pages(ags)[0]
        assert "liegen zu wenige Antworten von Neuen vor" in documents.text(ags)


def test_a_municipality_that_handed_nothing_in_gets_the_newcomers_view(documents):
    text = documents.text(sample.OUTSIDE)
    assert "hat in dieser Runde keine Selbsteinschätzung abgegeben" in text
    assert "Alle Kriterien mit ihrer Stufe" not in text
    assert "Bewertung der Neuen je Frage" in text


def test_a_municipality_without_anything_gets_a_short_honest_report(documents):
    assert len(documents.pages(sample.NOTHING)) <= 3
    assert "Für diese Runde lässt sich noch nichts sagen" in documents.pages(sample.NOTHING)[0]


def test_the_regional_report_names_all_on_the_map_and_those_who_agreed_once_more_with_their_self_view(documents):
    pages = [page for page in documents.pages(None) if "Wer sich beteiligt hat" not in page]
    assert len(pages) == len(documents.pages(None)) - 1
    pages = [page.replace("Siegen-Wittgenstein", "") for page in pages]
    found = {name: [page for page in pages if name in page] for name in sample.NAMES.values()}
    assert [name for name, where in found.items() if where] == ["Siegen"], "the only one with a public self-view"
    assert len(found["Siegen"]) == 1


def test_the_regional_report_gives_both_labelled_values(documents):
    text = documents.text(None)
    assert "über alle Antworten" in text
    assert "Mittel der Kommunen" in text


@pytest.mark.parametrize("ags", [sample.ALL, None])
def test_english_reports_are_english(documents, ags):
    text = documents.text(ags, "en")
    assert "What newcomers say" in text
    assert "Was die Neuen sagen" not in text
    assert "Self-view and outside view" in text
    assert "„" not in text


def test_public_readers_get_the_public_sheet_only():
    release = sample.release()
    with pytest.raises(NotInRelease, match="05970002"):
        municipal_report(release, sample.SELF, audience="public")
    assert "nicht zur Veröffentlichung" not in pages_of(municipal_report(release, sample.ALL, audience="public"))[0]


def test_an_unknown_language_is_refused_in_words():
    with pytest.raises(LanguageNotOffered, match="de, en"):
        render("region", sample.release(), language="xx")


HOSTILE = [
    '#panic("x") $a^2$ *fett* _kursiv_ `roh` <label> @ref \\ // /* = Titel',
    "Anführung \"doppelt\" 'einfach' „deutsch“ {geschweift} {0} %s",
    "بلدية زيغن",
    "Olpe 🏡 漢字 \x07\u202e",
    "Bad " + "Sehrlangernameohneleerzeichen" * 7,
    "x" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_holds(name):
    release = sample.release(names={sample.NOTHING: name, sample.SELF: name})
    for ags in (sample.NOTHING, sample.SELF):
        pages = pages_of(municipal_report(release, ags))
        assert len(pages) >= 2
    if "#panic" in name:
        assert '#panic("x")' in pages[0]
    if "🏡" in name:
        assert "Olpe 🏡 [CJK UNIFIED IDEOGRAPH-6F22][CJK UNIFIED IDEOGRAPH-5B57]" in pages[0]
    assert "□" not in "".join(pages)


def test_the_page_with_the_method_can_name_the_site():
    text = pages_of(municipal_report(sample.release(), sample.NOTHING, site="https://welcome.example/"))[-1]
    assert "https://welcome.example/ergebnisse/methode" in text.replace("methode Seite", "methode")


def test_an_empty_region_still_makes_a_report():
    release: Release = sample.release()
    empty = release.region.model_copy(
        update={"self_view": (), "outside_view": (), "pairs": (), "responses": None, "handed_in": 0, "with_results": 0}
    )
    text = " ".join(pages_of(regional_report(release.model_copy(update={"region": empty, "public": {}, "own": {}}))))
    assert "zu wenige" in text


def test_the_change_since_a_round_names_the_languages_translated_anew():
    release = sample.release()
    earlier = tuple(info.model_copy(update={"retranslated": ("uk", "de-simple")}) for info in release.earlier)
    found = {}
    for language in ("de", "en"):
        for told in (release, release.model_copy(update={"earlier": earlier})):
            section = context.change_section(Order(told, "0" * 64, Wording(language)), told.own[sample.ALL])
            found[language, told is release] = " ".join(section["lead"])
    assert "„Erhebungsrunde 2024“ eine andere: Ukrainisch und " in found["de", False]
    assert "“Erhebungsrunde 2024”: Ukrainian and " in found["en", False]
    assert "Übersetzung" not in found["de", True]
