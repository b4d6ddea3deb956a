"""Security headers, in one function; and whose word on a visitor's address is taken."""

from typing import cast

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.config import Settings

APP_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def register(app: Flask) -> None:
    """Every answer leaves with these headers; a view that set one keeps its own."""
    app.after_request(_add_headers)
    _trust_own_proxies(app)


def _trust_own_proxies(app: Flask) -> None:
    """Behind our own proxies the address that slows guessing is the visitor's; nobody else's word is taken."""
    count = cast(Settings, app.config["SETTINGS"]).proxies
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # as in prefix


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", APP_POLICY)
    headers.setdefault("Cache-Control", "no-store")  # forms and receipts must not stay on a shared computer
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
