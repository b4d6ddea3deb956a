"""A round past its last day: computed by hand, at its units; what tests of closing and of objections share."""

import json
import re
from datetime import UTC, datetime

import pytest

from survey_app import jobs
from survey_app.domain.objections import last_day
from survey_app.domain.workdays import Calendar
from survey_app.office import rounds as office
from survey_app.office import steps
from survey_app.store import drafts
from survey_app.store import rounds as store

OVER = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
AT = "/office/rounds/2026-h2"
PAGES = ("close", "draft", "flags", "objections", "publish", "versions")
FLAG = {"unit": "tax", "test": "T1", "detail": "2026-11-02"}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def quiet_jobs(monkeypatch):
    monkeypatch.setattr(jobs, "ask_soon", lambda *_how: None)
    monkeypatch.setattr(jobs, "publish_soon", lambda *_how: None)


@pytest.fixture
def officer(open_round, signed_in, clock):
    return signed_in("round_officer")


@pytest.fixture
def closed(open_round, settings, clock):
    """Past its last day; the box is shut."""
    clock.at = OVER
    office.shut_round("2026-h2", reason=None, settings=settings, now=steps.local(settings, OVER))
    return store.get_round("2026-h2")


@pytest.fixture
def computed(closed, settings):
    """With a release written by hand: three units, one flagged week. Figures that no other unit has."""
    folder = settings.rounds / "2026-h2"
    for place in (folder / "snapshot", folder / "release"):
        place.mkdir(parents=True)
        (place / "round.toml").write_text("format = 1\n")
    (folder / "release" / "manifest.json").write_text(json.dumps({"release_digest": "d" * 64, "files": []}))
    (folder / "release" / "release.json").write_text(json.dumps(model()))
    (folder / "release" / "results.xlsx").write_bytes(b"PK\x03\x04 a workbook")
    return closed


def model():
    def score(unit, points):
        some = {"class": "window", "n": 24, "low": points - 3, "high": points + 3, "satisfied_pct": 80.5}
        return {"unit": unit, "score": points, "rank_low": 1, "rank_high": 2, "status": "ok", **some}

    return {
        "version": 1,
        "round": {"code": "2026-h2", "amendments": []},
        "inputs": {"previous": [], "released": []},
        "totals": {"ballots": 72},
        "method": {
            "min_n": 10,
            "rules": [],
            "groups": [{"code": "citizen", "zh": "群众"}],
            "dimensions": [{"code": "attitude", "zh": "服务态度"}],
        },
        "units": [{"slug": "tax", "zh": "办税服务厅"}, {"slug": "water", "zh": "供水服务厅"}],
        "scores": [score("tax", 81.37), score("water", 64.29)],
        "groups": [{"unit": "water", "group": "citizen", "n": 24, "score": 64.29, "satisfied_pct": 80.5}],
        "dimensions": [{"unit": "water", "dimension": "attitude", "answered": 23, "satisfied_pooled_pct": 78.3}],
        "integrity": [
            {**FLAG, "verdict": "flagged", "observed": 12, "of": 24, "effect": 3.5},
            {"unit": "water", "test": "T1", "detail": "2026-11-09", "verdict": "clear", "observed": None},
        ],
    }


@pytest.fixture
def at_units(computed, settings, clock):
    """Sent to the units until Tuesday 8 December."""
    until = last_day(clock.today, 5, Calendar())
    how = {"until_on": until, "by": "zhou", "now": clock(), "today": clock.today}
    drafts.show(computed, digest="d" * 64, version=1, **how)
    return computed
