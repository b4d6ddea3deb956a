"""A sheet of official paper for this portal: a training district's bears its mark on every page."""

from official_paper.paper import Paper
from survey_app.domain.training import PAPER
from survey_app.web import training


def new_sheet(title: str, author: str = "") -> Paper:
    """An empty document."""
    made = Paper(title, author)
    if training.note():
        made.mark(PAPER)  # in Chinese, as all that stands on the sheet
    return made
