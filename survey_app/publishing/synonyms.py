"""Citizens' words and the pages' words, in one small file that the search page reads."""

import json
from functools import cache
from typing import Any

import yaml

from survey_app.config import HOME
from survey_app.publishing.book import Book
from survey_app.publishing.outputs.built import Built

SOURCE = HOME / "site" / "synonyms.yaml"
FILE = "search/words.json"


@cache
def nationwide() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Pairs that hold in any district."""
    read: dict[str, list[str]] = yaml.safe_load(SOURCE.read_text("utf-8"))
    return tuple((said, tuple(meant)) for said, meant in read.items())


def synonyms(book: Book) -> dict[str, list[str]]:
    """What a citizen says -> what the pages call it; the district's own words come first."""
    found: dict[str, list[str]] = {}
    own: list[dict[str, Any]] = book.home.get("synonyms", [])
    for said, meant in [*((pair["say"], (pair["means"],)) for pair in own), *nationwide()]:
        found.setdefault(said, []).extend(word for word in meant if word not in found.get(said, []))
    return found


def write(built: Built) -> None:
    """Only the home page changes it."""
    if built.everything:
        built.put(FILE, json.dumps(synonyms(built.book), ensure_ascii=False, separators=(",", ":")) + "\n")
