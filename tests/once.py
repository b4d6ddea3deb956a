"""What is the same in every test, made once for a process: schema, keys, addresses, compiled templates."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from survey_app.config import Settings, make_keys
from survey_app.store.database import close_database, open_database


class Compiled(BytecodeCache):
    """Compiled templates by name and text; Jinja compares the text, so a changed template is compiled anew."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def kept_builders(compile_: Callable[..., Any]) -> Callable[..., Any]:
    """Werkzeug writes and compiles a function for every rule of every app: 0.2 s for ours, each time the same."""
    kept: dict[tuple[object, ...], Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        # All that the function is written from; what it calls it finds on the rule it is bound to.
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_(rule, append_unknown)
        return kept[key]

    return once


@contextmanager
def apps_made_quickly() -> Iterator[None]:
    """Apps made in here share what they would all compile alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", kept_builders(Rule._compile_builder))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        yield


def blank_portal(folder: Path) -> Settings:
    """A portal's keys and its empty database, to be copied."""
    blank = Settings(var=folder / "var", keys=folder / "keys")
    make_keys(blank.keys)
    open_database(blank.database)
    close_database()
    return blank


def copy_database(blank: Settings, settings: Settings) -> None:
    """Put the empty database where this portal will look for it."""
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(blank.database, settings.database)
