"""Every route with its doors, as the table in docs/routes.md."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from survey_app import create_app
from survey_app.cli.language import _
from survey_app.config import Settings, load_keys, make_keys
from survey_app.domain.roles import ROLES
from survey_app.store.database import close_database
from survey_app.web.doors import OPENED_BY, READ_BY_AUDITOR

HEAD = """# Routes

Every address of the app, what it takes, its door, and who may enter. Made by `make routes` from the running app; a test
compares. “auditor (reads)” opens the page and is refused every form behind it. Behind a door a view may ask further
whose unit, card or revision it is.

| address | methods | door | who may enter |
|---|---|---|---|
"""


@click.command(name="routes", help=_("列出每个网址由谁能打开（docs/routes.md 里的那张表）。例：pingyi routes"))
def routes() -> None:
    click.echo(table(_any_app()), nl=False)


def table(app: Flask) -> str:
    """The whole document."""
    return HEAD + "".join(sorted(_rows(app)))


def _rows(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        door = getattr(app.view_functions[rule.endpoint], "door", "none")
        yield f"| `{rule.rule}` | {' '.join(methods)} | {door} | {_who(door, methods)} |\n"


def _who(door: str, methods: list[str]) -> str:
    opened_by = OPENED_BY.get(door, frozenset({"nobody"}))
    if opened_by is None:
        return "everybody"
    reads = ["auditor (reads)"] if door in READ_BY_AUDITOR and "GET" in methods else []
    named = [role.replace("_", " ") for role in ROLES if role in opened_by]
    return ", ".join([*named, *reads]) or ("nobody" if opened_by else "everybody with an account")


def _any_app() -> Flask:
    """The app over an empty portal: its routes hang on nothing that is stored."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_keys(place / "keys")
        made = Settings(var=place / "var", pages=place / "pages", keys=place / "keys", memory=place / "memory")
        app = create_app(made, load_keys(made.keys))
        close_database()
        return app
