"""Elderly mode and language: two cookies, chosen by links in words at the top of every page of the app.

The site shares the first one: its script reads and writes the same cookie.
"""

from urllib.parse import urlencode

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from survey_app.web.context import settings, stays_on_https
from survey_app.web.sheet import page_icon

CHOICES = {"look": ("standard", "elder"), "lang": ("zh", "en")}
_YEAR_S = 365 * 24 * 3600


def register(app: Flask) -> None:
    """`?look=elder` or `?lang=en` on any page is remembered and taken out of the address."""
    app.before_request(_remember_choice)
    app.context_processor(lambda: {"look": request.cookies.get("look", "standard"), "icon": page_icon(settings().home)})


def _remember_choice() -> ResponseReturnValue | None:
    chosen = {name: request.args[name] for name, known in CHOICES.items() if request.args.get(name) in known}
    if request.method != "GET" or not chosen:
        return None
    rest = [(name, value) for name, value in request.args.items(multi=True) if name not in (*CHOICES, "code")]
    address = f"{request.script_root}{request.path}"
    response = redirect(f"{address}?{urlencode(rest)}" if rest else address, 303)
    for name, value in chosen.items():
        response.set_cookie(
            name, value, max_age=_YEAR_S, path=f"{settings().prefix}/", samesite="Lax", secure=stays_on_https()
        )
    return response
