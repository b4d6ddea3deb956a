"""The public page of a round before its results, and what is said on it of changes to the plan."""

from survey_app.config import Settings
from survey_app.domain import rounds
from survey_app.jobs.asking import publish_soon
from survey_app.publishing import write_round_page
from survey_app.store import batches
from survey_app.store.rounds import Round, get_round

ANNOUNCED = "announced"  # the page of a round that is not open yet


def write_page(round_: Round, status: str, settings: Settings) -> None:
    """Put the round's facts and its method file before the public: announced, open, closed or void."""
    facts: dict[str, object] = {
        "title": round_.name,
        "code": round_.code,
        "status": status,
        "opens_on": round_.opens_on.isoformat(),
        "closes_on": round_.closes_on.isoformat(),
        "method_sha256": round_.method_sha256,
        "units": len(round_.units),
    }
    facts |= {"paused": round_.paused} if round_.paused and status == rounds.OPEN else {}
    said = said_in_public(round_)
    facts |= {"amendments": said} if said else {}
    write_round_page(settings.pages, facts, round_.method_toml)


def said_in_public(round_: Round) -> list[dict[str, str]]:
    """What differs from the published plan, oldest first: what was said, and the batches declared void."""
    void = [batch for batch in batches.ledger(round_.code) if batch.voided_on]
    of_codes = [
        {"on": str(batch.voided_on), "text": f"第{batch.label}批评议码作废{batch.void}个。原因：{batch.void_reason}"}
        for batch in void
    ]
    return sorted([*map(dict, round_.amendments), *of_codes], key=lambda said: said["on"])


def republish(code: str, settings: Settings) -> None:
    """Bring the public page of a running, closed or void round up to what has been said, and the site with it."""
    round_ = get_round(code)
    if round_.status in (rounds.OPEN, rounds.CLOSED, rounds.VOID):
        write_page(round_, round_.status, settings)
        publish_soon(settings)
