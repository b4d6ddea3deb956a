"""What was ruled of objections and decided of flags: what it changes, and the public page that says so."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.errors import N_, Translate, day_words, fill
from survey_app.domain.objections import (
    DECISION_WORDS,
    LEFT_OUT_WORDS,
    ORIGIN_WORDS,
    REVIEW_WORDS,
    RULED,
    TEST_WORDS,
    UPHELD,
    WEEK_TESTS,
    WEEKS,
    Correction,
)
from survey_app.exports.corrections import Amendment
from survey_app.exports.releases import Released
from survey_app.files import write_if_changed
from survey_app.publishing.pages import new_page
from survey_app.publishing.render import environment
from survey_app.store import drafts, objections
from survey_app.store.drafts import Flag, Review
from survey_app.store.objections import Filed
from survey_app.store.rounds import Round

TEMPLATE = "objections.md.j2"
DAY_OF_WEEKS = re.compile(r"(?<=存疑，)\d{4}-\d\d-\d\d(?=起的)")
WEEKS_WORDS = {"T1": N_("%(day)s起的一周"), "T4": N_("%(day)s起的最后两周")}


def amendments(round_: Round) -> list[Amendment]:
    """What upheld objections change, in the order of their filing; then the weeks that a review leaves out."""
    upheld = [one for one in objections.of_round(round_) if (one.state, one.decision) == (RULED, UPHELD)]
    reviewed = drafts.reviews(round_).items()
    left_out = [_left_out(round_, flag, one) for flag, one in reviewed if leaves_out(round_, flag) and one.is_upheld]
    return [*(_amendment(round_, one) for one in upheld), *left_out]


def leaves_out(round_: Round, flag: Flag) -> bool:
    """Whether ballots are left out once two people find this flag doubtful: the method said so before it opened."""
    return round_.questionnaire.leaves_out_upheld and flag[1] in WEEK_TESTS


def review_words(round_: Round, flag: Flag) -> Mapping[str, str]:
    """What may be decided of a flag, and what follows from it."""
    return LEFT_OUT_WORDS if leaves_out(round_, flag) else REVIEW_WORDS


def weeks_words(flag: Flag, translate: Translate = str) -> str:
    """Which weeks a flag speaks of, as people say it; of other tests what they name themselves."""
    _slug, test, detail = flag
    if test not in WEEKS_WORDS or not detail:
        return detail
    return fill(WEEKS_WORDS[test], {"day": date.fromisoformat(detail)}, translate)


def _left_out(round_: Round, flag: Flag, one: Review) -> Amendment:
    slug, test, day = flag
    said = f"{_name(round_, slug)}：{TEST_WORDS[test]}，经两人复核认定存疑"
    text = f"{said}，{weeks_words(flag)}的票不计入：{one.reason}"
    return Amendment(one.confirmed_on or one.reviewed_on, text, slug, Correction(WEEKS, {"test": test, "on": day}))


def _amendment(round_: Round, one: Filed) -> Amendment:
    text = f"{_name(round_, one.unit_slug)}的异议（第{one.number}号）成立：{one.reason}"
    return Amendment(one.ruled_on or one.filed_on, text, one.unit_slug, one.correction)


def waiting(round_: Round, release: Released | None) -> list[Amendment]:
    """Rulings that a release does not hold yet."""
    said = release.model["round"]["amendments"] if release else ()
    held = {(str(one["on"]), _in_words(one["text"])) for one in said}
    return [one for one in amendments(round_) if (one.on.isoformat(), one.text) not in held]


def _in_words(text: str) -> str:
    """What was said of weeks before their day was written in words, as it is written now."""
    return DAY_OF_WEEKS.sub(lambda found: day_words(date.fromisoformat(found[0])), text)


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
                (
                    _name(round_, flag[0]),
                    TEST_WORDS.get(flag[1], flag[1]),
                    review_words(round_, flag)[one.decision],
                    one,
                )
                for flag, one in reviewed.items()
            ],
            names={one.unit_slug: _name(round_, one.unit_slug) for one in filed},
            decisions=DECISION_WORDS,
            origins=ORIGIN_WORDS,
            leaves_out=round_.questionnaire.leaves_out_upheld,
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
