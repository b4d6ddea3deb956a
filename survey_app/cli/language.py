"""The command line speaks Chinese, and English where LANG says so."""

import os
from collections.abc import Mapping
from pathlib import Path

from babel.support import Translations

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def wants_english(environ: Mapping[str, str] = os.environ) -> bool:
    """The first of LC_ALL, LC_MESSAGES, LANG that is set decides."""
    chosen = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return chosen.lower().startswith("en")


def _(text: str) -> str:
    """A Chinese source text in the language of this terminal."""
    return str(_catalogue.gettext(text)) if text else text


_catalogue = Translations.load(str(TRANSLATIONS), ["en"] if wants_english() else ["zh"])
