"""Chinese is the source text, English its catalogue; the reader chooses, and nobody is guessed at."""

from datetime import date
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations, ngettext

from survey_app.domain.errors import day_words

CHINESE, ENGLISH = "zh", "en"
_LOCALES = {CHINESE: "zh_Hans_CN", ENGLISH: "en"}


def register(app: Flask) -> None:
    """Texts of templates and refusals follow the cookie `lang`."""
    Babel(app, default_locale=_LOCALES[CHINESE], locale_selector=_chosen_locale)
    app.jinja_env.install_gettext_callables(say, ngettext, newstyle=True)  # type: ignore[attr-defined]
    # `_` trusts its text as markup, which suits what templates say themselves; what stands in a variable goes by `say`.
    app.jinja_env.globals["say"] = say
    app.jinja_env.filters["day"] = _day
    app.context_processor(lambda: {"lang_attribute": _lang_attribute()})


def _day(day: date | str) -> str:
    """A day in the reader's words; facts that are stored as text name it as 2026-11-30."""
    return day_words(date.fromisoformat(day) if isinstance(day, str) else day, say)


def language() -> str:
    """The reader's language: zh or en."""
    return ENGLISH if _lang_attribute() == ENGLISH else CHINESE


def say(text: str) -> str:
    """`text`, a Chinese source text, in the reader's language."""
    return str(_catalogue().ugettext(text)) if text else text


def _catalogue() -> Any:
    """Found once a request: looked up for each of a hundred texts it was a quarter of the page's cost (measured)."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def _chosen_locale() -> str:
    return _LOCALES.get(request.cookies.get("lang", ""), _LOCALES[CHINESE])


def _lang_attribute() -> str:
    locale = get_locale()
    return ENGLISH if locale and locale.language == ENGLISH else "zh-Hans"
