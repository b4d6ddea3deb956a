"""The public page of a round before its results: what is asked, of whom, with which weights."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_app.domain.errors import N_, BadInput
from survey_app.domain.scale import LEVELS
from survey_app.domain.weights import percent
from survey_app.files import write_if_changed
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page, new_page, read_pages
from survey_app.publishing.render import environment, root_of
from survey_app.publishing.schemas import check_schema


def write_round_page(pages_dir: Path, facts: Mapping[str, Any], method_toml: bytes) -> Path:
    """Write results/<code>/index.md and method.toml beside it; facts are those of site/schemas/round.json."""
    page = round_page(facts, method_toml)
    method = tomllib.loads(method_toml.decode("utf-8"))
    body = render_round(page, method, _titles(pages_dir))
    folder = pages_dir / "results" / page.slug
    write_if_changed(folder / "method.toml", method_toml)
    write_if_changed(folder / "index.md", page.text(body).encode())
    return folder / "index.md"


def round_page(facts: Mapping[str, Any], method_toml: bytes) -> Page:
    """The page's data, checked. Raises BadInput."""
    digest = hashlib.sha256(method_toml).hexdigest()
    data = {"kind": "round", **facts, "method_sha256": digest}
    page = new_page(f"results/{facts.get('code', '')}/index.md", data)
    if facts.get("method_sha256", digest) != digest:
        problem = N_("评议办法文件与这一轮公布的指纹不同，没有写入。")
        raise BadInput(file="method.toml", problem=problem)
    for finding in check_schema(page):
        raise BadInput(file=finding.path, problem=finding.message, **finding.params)
    return page


def render_round(page: Page, method: dict[str, Any], book: Book) -> str:
    """The body: dates, groups, dimensions and scale in tables."""
    made = (
        environment()
        .get_template("round.md.j2")
        .render(page=page, d=page.data, root=root_of(page), book=book, scale=scale(method), **tables(method))
    )
    return "\n".join(line.strip() for line in made.splitlines() if line.strip())


def scale(method: dict[str, Any]) -> list[tuple[str, str]]:
    """Levels from best to worst with their points."""
    points = sorted(method.get("scale", {}).items(), key=lambda item: int(item[0]), reverse=True)
    return [(LEVELS[int(level)], str(value)) for level, value in points]


def tables(method: dict[str, Any]) -> dict[str, Any]:
    """What the tables say: names with weights in per cent, and the two thresholds."""
    return {
        "groups": _weights(method.get("group", [])),
        "dimensions": _weights(method.get("dimension", [])),
        "classes": [entry["zh"] for entry in method.get("class", [])],
        "class_weights": _class_weights(method),
        "takes_open": any(c["code"] == "open" and not c.get("counted", True) for c in method.get("channel", [])),
        "min_n": method.get("min_n", 10),
        "min_weight": percent(method.get("min_weight", "7/10")),
    }


def _class_weights(method: dict[str, Any]) -> list[tuple[str, str]]:
    """Classes whose groups weigh otherwise than in general, each with its weights in one line."""
    names = {group["code"]: group["zh"] for group in method.get("group", [])}
    return [
        (entry["zh"], "，".join(f"{names[code]}{percent(weight)}" for code, weight in entry["weights"].items()))
        for entry in method.get("class", [])
        if "weights" in entry
    ]


def _weights(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["zh"], percent(entry["weight"])) for entry in entries]


def _titles(pages_dir: Path) -> Book:
    return Book(read_pages(pages_dir) if pages_dir.is_dir() else [])
