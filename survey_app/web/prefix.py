"""The portal under a prefix, such as a column of the county's own portal; the same for every WSGI server."""

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware


def mount(app: Flask, prefix: str) -> None:
    """Answer below `prefix` alone; addresses the app makes then carry it."""
    if prefix:
        # Flask documents this assignment as the way to wrap an app; its types know wsgi_app only as a method.
        app.wsgi_app = DispatcherMiddleware(NotFound(), {prefix: app.wsgi_app})  # type: ignore[method-assign]
