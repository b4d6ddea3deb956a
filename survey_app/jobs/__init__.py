"""Work that outlives a request: approvals made live, the search index refreshed, the whole site built every night."""

from survey_app.jobs.asking import PUBLISHED, WAITING, ask_soon, prepare_soon, publish_soon, wait_published
from survey_app.jobs.ledger import Run, State, state
from survey_app.jobs.queue import offer
from survey_app.jobs.running import Runner, start, work_until

__all__ = [
    "PUBLISHED",
    "WAITING",
    "Run",
    "Runner",
    "State",
    "ask_soon",
    "offer",
    "prepare_soon",
    "publish_soon",
    "start",
    "state",
    "wait_published",
    "work_until",
]
