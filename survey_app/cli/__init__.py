"""The command `pingyi`: what operator and office do without a browser."""

from survey_app.cli.main import main

__all__ = ["main"]
