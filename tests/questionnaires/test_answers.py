"""What counts as an answer: the strings that are stored, the show rules, and what a form may not hold."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.answers import (
    AnswerProblem,
    AnswersNotValid,
    Comment,
    Submission,
    asked_profile,
    check,
    counted_items,
    decode_profile,
    decode_ratings,
    encode_profile,
    encode_ratings,
    is_empty,
    shown_items,
)
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin

WELCOME = builtin()
EVERYONE = {f"N{n:02}" for n in (1, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 18)}

ratings_strings = st.text(alphabet="12345-.", min_size=18, max_size=18)


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, frozenset[str]]:
    """Any profile a person can give."""
    profile = {}
    for question in WELCOME.profile_questions:
        most = len(question.options) if question.kind == "multiple" else 1
        ids = st.sampled_from([option.id for option in question.options])
        profile[question.id] = draw(st.frozensets(ids, max_size=most))
    return profile


def problems(form: dict[str, list[str]]) -> dict[str, AnswerProblem]:
    with pytest.raises(AnswersNotValid) as caught:
        check(WELCOME, form)
    return caught.value.problems


# the strings


@settings(deadline=None)
@given(ratings_strings)
def test_a_rating_string_survives_decoding_and_encoding(string: str) -> None:
    assert encode_ratings(WELCOME, decode_ratings(WELCOME, string)) == string


@settings(deadline=None)
@given(profiles())
def test_a_profile_survives_encoding_and_decoding(profile: dict[str, frozenset[str]]) -> None:
    string = encode_profile(WELCOME, profile)
    assert len(string) == 11
    assert decode_profile(WELCOME, string) == profile


def test_ratings_stand_in_catalogue_order_and_what_is_left_out_is_a_dot() -> None:
    assert encode_ratings(WELCOME, {"N18": "5", "N01": "1", "N03": "-"}) == "1.-..............5"


def test_a_profile_has_a_digit_per_single_question_and_a_mark_per_option_of_a_multiple() -> None:
    profile = {"D2": frozenset({"abroad"}), "D3": ("job", "none"), "D4": frozenset({"under_25"})}
    assert encode_profile(WELCOME, profile) == ".4" + "x......x" + "1"


@pytest.mark.parametrize("ratings", [{"N99": "1"}, {"N01": "7"}, {"N01": "0"}, {"N01": ""}, {"N01": "12"}])
def test_ratings_that_are_none_cannot_be_encoded(ratings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no such item|not a rating"):
        encode_ratings(WELCOME, ratings)


@pytest.mark.parametrize("string", ["", "1" * 17, "1" * 19, "1" * 17 + "6", "1" * 17 + "\0", "x" * 18])
def test_a_string_of_another_length_or_alphabet_is_no_rating_string(string: str) -> None:
    with pytest.raises(ValueError, match="not a rating string of 18 items"):
        decode_ratings(WELCOME, string)


@pytest.mark.parametrize("string", ["", "." * 10, "." * 12, "6" + "." * 10, "x" + "." * 10, "..1" + "." * 8])
def test_a_string_of_another_length_or_alphabet_is_no_profile(string: str) -> None:
    with pytest.raises(ValueError, match=r"not a profile string of 11 characters|not an answer to D\d"):
        decode_profile(WELCOME, string)


@pytest.mark.parametrize(
    "profile", [{"D9": ("job",)}, {"D3": ("nothing",)}, {"D1": ("up_to_6_months", "1_to_2_years")}]
)
def test_a_profile_that_is_none_cannot_be_encoded(profile: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"no such|takes one option"):
        encode_profile(WELCOME, profile)


# show rules


@pytest.mark.parametrize(
    ("profile", "besides"),
    [
        ({}, {"N02"}),
        ({"D3": {"none"}}, {"N02"}),
        ({"D3": {"pupil"}}, {"N17"}),
        ({"D3": {"student"}}, {"N02", "N17"}),
        ({"D3": {"children"}}, {"N02", "N10"}),
        ({"D3": {"job"}}, {"N02", "N16"}),
        ({"D3": {"family"}}, {"N02", "N16"}),
        ({"D3": {"returned"}}, {"N02", "N16"}),
        ({"D3": {"abroad"}}, {"N02", "N05", "N16"}),
        ({"D2": {"abroad"}}, {"N02", "N05", "N16"}),
        ({"D2": {"region"}}, {"N02"}),
        ({"D2": {"abroad"}, "D3": {"pupil", "children"}}, {"N05", "N10", "N16", "N17"}),
    ],
)
def test_each_group_is_asked_what_concerns_it(profile: dict[str, set[str]], besides: set[str]) -> None:
    assert shown_items(WELCOME, profile) == EVERYONE | besides


def test_without_a_profile_every_rating_counts() -> None:
    assert counted_items(WELCOME, {}) == {item.id for item in WELCOME.items}


def test_a_rating_of_an_item_the_profile_excludes_does_not_count() -> None:
    form = {"N05": ["1"], "N10": ["2"], "N17": ["3"], "N01": ["4"], "D2": ["region"], "D3": ["job"]}
    ratings = decode_ratings(WELCOME, check(WELCOME, form).ratings)
    assert {id: rating for id, rating in ratings.items() if rating != "."} == {"N01": "4"}


def test_a_rating_counts_as_long_as_one_deciding_question_was_left_unanswered() -> None:
    form = {"N05": ["1"], "N10": ["2"], "D2": ["region"]}
    ratings = decode_ratings(WELCOME, check(WELCOME, form).ratings)
    assert (ratings["N05"], ratings["N10"]) == ("1", "2")


@settings(deadline=None)
@given(profiles())
def test_whatever_is_shown_also_counts(profile: dict[str, frozenset[str]]) -> None:
    assert shown_items(WELCOME, profile) <= counted_items(WELCOME, profile)


@settings(deadline=None)
@given(profiles())
def test_a_profile_answered_in_full_leaves_nothing_undecided(profile: dict[str, frozenset[str]]) -> None:
    if profile["D2"] and profile["D3"]:
        assert counted_items(WELCOME, profile) == shown_items(WELCOME, profile)


@settings(deadline=None)
@given(profiles(), st.data())
def test_an_answer_to_a_hidden_item_never_counts_and_changes_nothing_else(
    profile: dict[str, frozenset[str]], data: st.DataObject
) -> None:
    """The path is a function of definition and answers: with or without the stray ratings, the same is stored."""
    form = {question: sorted(options) for question, options in profile.items()}
    rated = data.draw(st.dictionaries(st.sampled_from([item.id for item in WELCOME.items]), st.sampled_from("12345-")))
    counted = counted_items(WELCOME, check(WELCOME, form) and decode_profile(WELCOME, check(WELCOME, form).profile))
    everything = check(WELCOME, {**form, **{id: [rating] for id, rating in rated.items()}})
    only_counted = check(WELCOME, {**form, **{id: [rating] for id, rating in rated.items() if id in counted}})
    assert everything == only_counted
    assert {id for id, r in decode_ratings(WELCOME, everything.ratings).items() if r != "."} == set(rated) & counted


@settings(deadline=None)
@given(profiles())
def test_of_those_who_did_not_move_nothing_about_moving_is_stored(profile: dict[str, frozenset[str]]) -> None:
    form = {q: sorted(options) for q, options in (profile | {"D1": frozenset({"not_moved"})}).items()}
    stored = check(WELCOME, {**form, **{item.id: ["3"] for item in WELCOME.items}})
    ratings = decode_ratings(WELCOME, stored.ratings)
    assert {ratings[item.id] for item in WELCOME.items if item.about == "arrival"} == {"."}
    assert decode_profile(WELCOME, stored.profile)["D2"] == frozenset()


@settings(deadline=None)
@given(profiles())
def test_asking_again_with_what_was_kept_hides_nothing_more(profile: dict[str, frozenset[str]]) -> None:
    kept = asked_profile(WELCOME, profile)
    assert asked_profile(WELCOME, kept) == kept
    assert shown_items(WELCOME, kept) == shown_items(WELCOME, profile)


# the form


def test_a_filled_form_becomes_a_submission() -> None:
    form = {
        "N01": ["5"], "N03": ["-"], "N18": ["1"], "D1": ["1_to_2_years"], "D3": ["job", "children"],
        "O1": ["  Der Brief.\r\nUnd die Nachbarn. "], "O2": [""], "token": ["abc"],
    }  # fmt: skip
    assert check(WELCOME, form, other_fields={"token"}) == Submission(
        ratings="5.-..............1",
        profile="3." + "x.x....." + ".",
        comments=(Comment("O1", "Der Brief.\nUnd die Nachbarn."),),
    )


def test_a_form_left_blank_is_valid_and_empty() -> None:
    blank = {"N01": [""], "D3": [], "O1": [" \n "]}
    assert is_empty(check(WELCOME, blank))
    assert is_empty(check(WELCOME, {}))


@pytest.mark.parametrize("form", [{"N18": ["3"]}, {"N01": ["-"]}, {"D4": ["under_25"]}, {"O2": ["Bus"]}])
def test_one_answer_is_enough_not_to_be_empty(form: dict[str, list[str]]) -> None:
    assert not is_empty(check(WELCOME, form))


def test_none_of_these_gives_way_to_whatever_else_was_chosen() -> None:
    assert check(WELCOME, {"D3": ["none", "job"]}).profile == check(WELCOME, {"D3": ["job"]}).profile
    assert decode_profile(WELCOME, check(WELCOME, {"D3": ["none"]}).profile)["D3"] == {"none"}


@pytest.mark.parametrize(
    ("field", "values", "code"),
    [
        ("N01", ["7"], "not_a_rating"),
        ("N01", ["0"], "not_a_rating"),
        ("N01", ["."], "not_a_rating"),
        ("N01", ["4.5"], "not_a_rating"),
        ("N01", ["٣"], "not_a_rating"),
        ("N01", ["1\0"], "not_a_rating"),
        ("N01", ["1", "2"], "several_values"),
        ("N19", ["1"], "unknown_field"),
        ("csrf", ["1"], "unknown_field"),
        ("D1", ["never"], "unknown_option"),
        ("D3", ["job", "mars"], "unknown_option"),
        ("D1", ["1_to_2_years", "2_to_5_years"], "several_values"),
        ("O1", ["Bus", "Bahn"], "several_values"),
        ("O1", ["a" * 2001], "comment_too_long"),
        ("O1", ["a" * 10_000_000], "comment_too_long"),
        ("O1", ["a\0b"], "control_character"),
        ("O1", ["a\x1bb"], "control_character"),
        ("O1", ["a\ud800b"], "control_character"),
        ("O1", ["a\uffffb"], "control_character"),
    ],
)
def test_what_is_no_answer_is_refused_by_field_and_code(field: str, values: list[str], code: str) -> None:
    found = problems({field: values, "N02": ["3"]})
    assert {name: problem.code for name, problem in found.items()} == {field: code}
    assert len(found[field].value) <= 60


def test_every_field_at_fault_is_named_at_once() -> None:
    found = problems({"N01": ["7"], "N99": ["1"], "D1": ["x"], "O2": ["\0"], "N02": ["1"]})
    assert set(found) == {"N01", "N99", "D1", "O2"}


def test_a_problem_says_which_value_is_at_fault() -> None:
    assert problems({"N01": ["7"]})["N01"].value == "7"
    assert problems({"O1": ["a" * 2345]})["O1"].value == "2345"
    assert problems({"O1": ["a\0b"]})["O1"].value == "U+0000"


def test_a_comment_of_two_thousand_characters_is_accepted_whatever_its_line_breaks() -> None:
    assert len(check(WELCOME, {"O1": ["a\r\n" * 999 + "ab"]}).comments[0].text) == 2000


def test_marks_that_turn_the_reading_direction_are_removed_and_other_scripts_kept() -> None:
    text = "\u202egeheim\u202c \u2066x\u2069 شكرا لكم עם \u200f!"
    assert check(WELCOME, {"O1": [text]}).comments[0].text == "geheim x شكرا لكم עם \u200f!"


def test_every_kind_of_line_break_becomes_one() -> None:
    assert check(WELCOME, {"O1": ["a\r\nb\rc\u2028d\x85e\vf"]}).comments[0].text == "a\nb\nc\nd\ne\nf"


def test_the_same_value_sent_twice_is_one_answer() -> None:
    assert check(WELCOME, {"N01": ["3", "3"]}).ratings[0] == "3"


field_names = st.one_of(
    st.sampled_from([q.id for q in (*WELCOME.items, *WELCOME.profile_questions, *WELCOME.open_questions)]), st.text()
)
field_values = st.lists(
    st.one_of(st.sampled_from(["1", "5", "-", ".", "", "job", "none", "abroad", "pupil"]), st.text(st.characters()))
)


@settings(deadline=None)
@given(st.dictionaries(field_names, field_values, max_size=12))
def test_whatever_a_form_holds_it_is_checked_or_refused_and_nothing_else_happens(form: dict[str, list[str]]) -> None:
    with contextlib.suppress(AnswersNotValid):
        submission = check(WELCOME, form)
        assert encode_ratings(WELCOME, decode_ratings(WELCOME, submission.ratings)) == submission.ratings
        assert encode_profile(WELCOME, decode_profile(WELCOME, submission.profile)) == submission.profile
        assert all(comment.text.encode() for comment in submission.comments)


@settings(deadline=None)
@given(profiles(), ratings_strings)
def test_the_form_of_a_stored_answer_gives_the_same_answer_again(
    profile: dict[str, frozenset[str]], string: str
) -> None:
    ratings = {id: [rating] for id, rating in decode_ratings(WELCOME, string).items() if rating != "."}
    once = check(WELCOME, ratings | {id: sorted(options) for id, options in profile.items()})
    stored = decode_profile(WELCOME, once.profile)
    again = {id: [rating] for id, rating in decode_ratings(WELCOME, once.ratings).items() if rating != "."}
    assert check(WELCOME, again | {id: sorted(options) for id, options in stored.items()}) == once


def test_a_small_catalogue_has_strings_of_its_own_width(small: Catalogue) -> None:
    submission = check(small, {"N02": ["2"], "D1": ["far"]})
    assert (submission.ratings, submission.profile) == (".2.", "2...")
