"""What was ruled of objections and decided of flags: what it changes, and the public page that says so."""

from datetime import date
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.objections import DECISION_WORDS, ORIGIN_WORDS, REVIEW_WORDS, RULED, TEST_WORDS, UPHELD
from survey_app.exports.corrections import Amendment
from survey_app.exports.releases import Released
from survey_app.files import write_if_changed
from survey_app.publishing.pages import new_page
from survey_app.publishing.render import environment
from survey_app.store import drafts, objections
from survey_app.store.objections import Filed
from survey_app.store.rounds import Round

TEMPLATE = "objections.md.j2"


def amendments(round_: Round) -> list[Amendment]:
    """What upheld objections change, in the order of their filing."""
    upheld = [one for one in objections.of_round(round_) if (one.state, one.decision) == (RULED, UPHELD)]
    return [_amendment(round_, one) for one in upheld]


def _amendment(round_: Round, one: Filed) -> Amendment:
    text = f"{_name(round_, one.unit_slug)}的异议（第{one.number}号）成立：{one.reason}"
    return Amendment(one.ruled_on or one.filed_on, text, one.unit_slug, one.correction)


def waiting(round_: Round, release: Released | None) -> list[Amendment]:
    """Rulings that a release does not hold yet."""
    held = {(str(one["on"]), one["text"]) for one in release.model["round"]["amendments"]} if release else set()
    return [one for one in amendments(round_) if (one.on.isoformat(), one.text) not in held]


def page_path(code: str) -> str:
    """Where objections and rulings of a round stand among the public pages."""
    return f"about/objections/{code}.md"


def write_page(round_: Round, settings: Settings, today: date) -> Path | None:
    """Write the public page; None where there was nothing to say. No person is named."""
    filed, reviewed = objections.of_round(round_), drafts.reviews(round_)
    if not filed and not reviewed:
        return None
    page = new_page(page_path(round_.code), _front(round_, today))
    body = (
        environment()
        .get_template(TEMPLATE)
        .render(
            round=round_,
            filed=filed,
            reviewed=[
                (round_.unit(flag[0]).zh, TEST_WORDS.get(flag[1], flag[1]), one) for flag, one in reviewed.items()
            ],
            names={one.unit_slug: _name(round_, one.unit_slug) for one in filed},
            decisions=DECISION_WORDS,
            origins=ORIGIN_WORDS,
            reviews=REVIEW_WORDS,
        )
    )
    target = settings.pages / page.path
    write_if_changed(target, page.text(_tight(body)).encode())
    return target


def _front(round_: Round, today: date) -> dict[str, object]:
    return {
        "kind": "page",
        "title": f"{round_.name}：异议和核查",
        "lead": "对结果提出的异议、裁定和理由，以及评议过程核查中提请复核的情况。",
        "updated_on": today.isoformat(),
    }


def _tight(body: str) -> str:
    return "\n".join(line.strip() for line in body.splitlines() if line.strip())


def _name(round_: Round, slug: str) -> str:
    """The unit's name in the round; a unit voided since keeps its slug for a name."""
    return next((unit.zh for unit in round_.units if unit.slug == slug), slug)
