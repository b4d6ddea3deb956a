"""A script without a single code tries everything it can reach, all day. No score that counts moves."""

import csv
import io
import json

import pytest

from survey_app.domain.codes import new_code
from survey_app.office import rounds as office
from survey_app.store import ballots
from tests.factories import METHOD_WITH_OPEN, make_codes, make_round
from tests.survey_app.citizen.sending import nonce_of, send

ROUND = "2026-open"
FORM = f"/rate/{ROUND}/tax"
BEST = {"q-attitude": "5", "q-efficiency": "5", "q-overall": "5"}
# Twelve citizens with codes rate the tax hall: attitude 4 (80 points) throughout; efficiency eight times 3 (60), four
# times 1 (0): 480 of 12. Weights 1/2 and 1/2, the enterprises' group weighs nothing: (80 + 40) / 2.
HONEST = [{"q-attitude": "4", "q-efficiency": "3"}] * 8 + [{"q-attitude": "4", "q-efficiency": "1"}] * 4
EXPECTED = f"{(80 + 480 / 12) / 2:.2f}"
ONE_GROUP = METHOD_WITH_OPEN.replace('weight = "7/10"', 'weight = "1"').replace('weight = "3/10"', 'weight = "0"')


pytestmark = pytest.mark.usefixtures("analysis_at_hand")


@pytest.fixture
def rated(store, settings, clock, keys, app):
    """A round with the twelve; two noise ballots lie with another unit."""
    make_round(settings, ROUND, clock=clock, method=ONE_GROUP)
    codes = make_codes(keys, clock, round_code=ROUND, count=14)
    for code, answers in zip(codes[:12], HONEST, strict=True):
        assert send(app.test_client(), code, form=FORM, **answers).status_code == 303
    for code in codes[12:]:
        send(app.test_client(), code, form=f"/rate/{ROUND}/noise", **BEST)
    return app


def attack(app, clock):
    """All a script knows of: open ballots, guessed codes and receipts, forged fields, replays, many addresses."""
    script = app.test_client()
    for n in range(40):
        script.environ_base["REMOTE_ADDR"] = f"203.0.{n}.9"
        nonce = nonce_of(script.get(FORM))
        clock.later(seconds=5)
        forged = {"channel": "invited", "group": "citizen", "flags": "", "period": "2026-10-05", "unit": "tax"}
        open_ballot = {"nonce": nonce, "open": "1", **forged, **BEST}
        yield script.post(FORM, data=open_ballot)
        yield script.post(FORM, data=open_ballot)
        yield script.post(FORM, data={"nonce": nonce, "code": new_code(), **forged, **BEST})
        yield script.post(FORM, data={"nonce": nonce, "code": "22222222222222222", **forged, **BEST})
        yield script.post(FORM, data={"nonce": "forged", "open": "1", **forged, **BEST})
        yield script.post(f"/rate/{ROUND}", data={"unit": "tax"})
        yield script.post("/r", data={"code": new_code()})
        yield script.post("/receipt/change", data={"receipt": "22222222222222222"})
        yield script.post("/receipt/words", data={"receipt": "22222222222222222", "words": "好"})
        yield script.put(FORM, data=open_ballot)


def results(settings, clock):
    """Close, compute, and read what is published."""
    clock.later(days=40)
    folder = office.close_round(
        ROUND, key_copy=settings.keys / f"{ROUND}.key", reason=None, settings=settings, now=clock()
    )
    office.compute_round(ROUND, settings)
    release = folder / "release"
    tables = {name: (release / f"{name}.csv").read_text() for name in ("scores", "counts")}
    told = {name: list(csv.DictReader(io.StringIO(text))) for name, text in tables.items()}
    return told | {"release": json.loads((release / "release.json").read_text())}


def test_no_counted_score_moves_and_what_was_stuffed_stands_beside(rated, settings, clock):
    statuses = [page.status_code for page in attack(rated, clock)]
    assert statuses.count(303) >= 40  # the open channel took its ballots: the attack was no empty one
    assert 500 not in statuses
    assert ballots.count_ballots(ROUND) == 14 + 40

    told = results(settings, clock)
    [tax] = [row for row in told["scores"] if row["unit"] == "tax"]
    assert (tax["score"], tax["n"], tax["status"]) == (EXPECTED, "12", "ok")
    [beside] = [unit["not_counted"]["channels"] for unit in told["release"]["units"] if unit["slug"] == "tax"]
    assert beside["open"] == 40
    counted = [row for row in told["counts"] if row["unit"] == "tax" and row["dimension"] == "attitude"]
    assert [(row["group"], row["n"], row["level_4"], row["level_5"]) for row in counted] == [
        ("citizen", "12", "12", "0")
    ]
