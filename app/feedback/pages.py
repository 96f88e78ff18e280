"""The newcomer's pages: the form in the reader's language, prepared once for all readers, and what stands around it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _

from app.feedback import anonymity as promises
from app.feedback.audience import audience
from app.feedback.channels import ARGUMENT, channel_asked
from app.feedback.front import may_be_given_again
from app.feedback.mending import Refused, repair
from app.feedback.places import Collecting, NotCollecting, OpenRound, Place
from app.feedback.prepared import GAP, PreparedPage, answer, body, prepare, prepare_whole
from app.feedback.reasons import explain
from app.feedback.sending import token_for_repair
from app.feedback.showing import rules
from app.feedback.tokens import FormToken, new_token, seal, sealer
from app.feedback.typed import Typed
from app.web.language import NEWCOMERS, Language, chosen_tag, requested_tag
from app.web.sheets import allow
from questionnaires.comments import LONGEST_COMMENT

EXTENSION = "willkommen-feedback-pages"
PAGES_KEPT = 512


class PageStore:
    """Prepared pages by what they depend on; the ones longest unused make room."""

    def __init__(self) -> None:
        self._pages: OrderedDict[object, PreparedPage] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> PreparedPage | None:
        """The page kept under ``key``."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: object, page: PreparedPage) -> PreparedPage:
        """Keep a page."""
        with self._lock:
            self._pages[key] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return page


def languages_of(round_: OpenRound | None) -> tuple[Language, ...]:
    """The languages in which both the questions and the page around them exist; the page's own without questions."""
    if round_ is None:
        return tuple(NEWCOMERS.values())
    return tuple(NEWCOMERS[tag] for tag in NEWCOMERS if tag in round_.catalogue.languages)


def reader_language(round_: OpenRound | None) -> Language:
    """The language asked for in the address, else the browser's wish, else German; one that the questions have."""
    return NEWCOMERS[chosen_tag([language.tag for language in languages_of(round_)])]


def fresh_form(here: Collecting) -> Response:
    """The empty form with a new token."""
    language = reader_language(here.round)
    channel, page, sealed = channel_asked(), _prepared(here, language), sealer()
    make = body(page)
    may_be_given_again(lambda: make(sealed(new_token(here, channel))))
    return _finished(answer(page, sealed(new_token(here, channel))), language)


def form_with(here: Collecting, token: FormToken) -> Response:
    """The empty form for somebody with a code: made for them alone, because its address has the code in it."""
    language = reader_language(here.round)
    return _finished(answer(_prepare(here, language), seal(token)), language)


MISTAKES: dict[str, LazyString] = {
    "mistyped": _(
        "Dieser Code ist nicht vollständig oder hat einen Tippfehler. Bitte vergleichen Sie ihn mit dem Brief."
    ),
    "not_fitting": _("Dieser Code passt nicht. Vielleicht ist er schon benutzt, oder die Befragung ist vorbei."),
    "too_many": _(
        "Aus Ihrem Netz kamen zu viele Codes, die nicht passen. Bitte versuchen Sie es in einer Stunde wieder."
    ),
}


def code_entry(typed: str = "", mistake: str = "") -> Response:
    """The page on which a code is typed, with what was typed and what is wrong with it."""
    language = reader_language(None)
    with force_locale(language.locale):
        page = render_template(
            "feedback/code.html",
            typed="".join(filter(str.isprintable, typed[:60])),
            mistake=str(MISTAKES[mistake]) if mistake else "",
            action=url_for("codes.read", lang=requested_tag()),
        )
    return _finished(make_response(page), language)


def repaired_form(here: Collecting, typed: Typed, refused: Refused) -> Response:
    """The form with everything that was typed, and what has to be mended."""
    language = reader_language(here.round)
    with force_locale(language.locale):
        mend = repair(here.round.catalogue, refused, language.tag)
        html = _form(here, language, typed=typed, mend=mend, token=seal(token_for_repair(here, typed)))
    return _finished(make_response(html, mend.status), language)


def thanks(place: Place) -> Response:
    """The thank-you page, the same for everybody who answered here."""
    language = reader_language(place.round)
    key = (place, language.tag, requested_tag())
    if set(request.args) - {"lang"}:
        page = _prepare_thanks(place, language)
    else:
        page = _kept(key, lambda: _prepare_thanks(place, language))
        whole = body(page)("")
        may_be_given_again(lambda: whole)
    return _finished(answer(page), language)


def _prepare_thanks(place: Place, language: Language) -> PreparedPage:
    return prepare_whole(_render_prose(place, language, "feedback/thanks.html"))


def not_collecting(reason: NotCollecting) -> Response:
    """Why nobody can answer for this place now."""
    return _prose(reason.place, "feedback/not_collecting.html", explain=lambda: explain(reason))


def anonymity() -> str:
    """What is stored and what is not."""
    return render_template(
        "feedback/anonymity.html",
        stored=promises.STORED,
        not_stored=promises.NOT_STORED,
        consequences=promises.CONSEQUENCES,
    )


def _prose(place: Place, template: str, **content: object) -> Response:
    """A page without a form, in a language that the form has too."""
    language = reader_language(place.round)
    return _finished(make_response(_render_prose(place, language, template, **content)), language)


def _render_prose(place: Place, language: Language, template: str, **content: object) -> str:
    with force_locale(language.locale):
        return render_template(template, place=place, offered_languages=languages_of(place.round), **content)


def _kept(key: object, make: Callable[[], PreparedPage]) -> PreparedPage:
    """The page prepared earlier under ``key``, or made and kept now."""
    store: PageStore = current_app.extensions[EXTENSION]
    return store.get(key) or store.put(key, make())


def _prepared(here: Collecting, language: Language) -> PreparedPage:
    found = request.args.get(ARGUMENT)
    if set(request.args) - {"lang", ARGUMENT} or (found and channel_asked() == "open"):
        return _prepare(here, language)  # The links to other languages repeat the rest of the address.
    return _kept((here, language.tag, requested_tag(), found), lambda: _prepare(here, language))


def _prepare(here: Collecting, language: Language) -> PreparedPage:
    with force_locale(language.locale):
        return prepare(_form(here, language, typed=Typed(), mend=None, token=GAP))


def _form(here: Collecting, language: Language, **content: object) -> str:
    return render_template(
        "feedback/form.html",
        place=here.place,
        round=here.round,
        catalogue=here.round.catalogue,
        tag=language.tag,
        offered_languages=languages_of(here.round),
        action=url_for("feedback.send", slug=here.place.slug, lang=language.tag),
        longest_comment=LONGEST_COMMENT,
        audience=audience,
        rules=rules,
        has_gaps=any(gap.language == language.tag for gap in here.round.catalogue.gaps()),
        **content,
    )


def _finished(page: Response, language: Language) -> Response:
    """Kept by no proxy; the browser asks again, but may show what it has when the reader goes back."""
    page.headers["Cache-Control"] = "private, no-cache"
    page.headers["Content-Language"] = language.tag
    allow(language.sheet)
    return page


def init_app(app: Flask) -> None:
    """Give the application its store of prepared pages."""
    app.extensions[EXTENSION] = PageStore()
