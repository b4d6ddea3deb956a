"""Doors: who may enter a route. Every route names one; a test lists those that do not."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request

from survey_app.domain.errors import N_, Refusal

View = TypeVar("View", bound=Callable[..., object])

DOORS = ("public",)


class CrossSite(Refusal):
    code, status = "cross-site", 403
    message = N_("这一页是从别的网站提交的，没有收下。请从本网站打开后再提交。")


def door(name: str) -> Callable[[View], View]:
    """Say who may enter this view."""
    if name not in DOORS:
        raise ValueError(f"no door called {name}")

    def mark(view: View) -> View:
        view.door = name  # type: ignore[attr-defined]  # read by the house test
        return view

    return mark


def register(app: Flask) -> None:
    """Refuse forms that another site sends."""
    app.before_request(_require_same_site)


def _require_same_site() -> None:
    """Threat: another site posting in a visitor's name. Browsers say where a form came from; pages have no script.

    A browser too old to say so is let in: on the public side there is no login to misuse, the code is what admits.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CrossSite
