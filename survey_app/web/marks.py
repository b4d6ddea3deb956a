"""The mark of a form behind a door: drawn into it once, so that a form sent twice is one deed."""

import secrets

from flask import request


def page_mark() -> str:
    """For the page: the mark that came back with a form that was refused, else a fresh one."""
    return request.form.get("mark") or secrets.token_urlsafe(24)


def sent_mark() -> str:
    """For the deed: the mark that came with the form; a form without one is a deed of its own."""
    return request.form.get("mark", "")[:64] or secrets.token_urlsafe(24)
