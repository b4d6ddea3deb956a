"""Commands of whoever watches: is the list of what was done whole, and what does it say."""

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from survey_app.cli.language import _
from survey_app.cli.run import NOT_AS_IT_SHOULD_BE, SaysWhy, load_with_database, show
from survey_app.config import Settings
from survey_app.domain.audit import ACTION_WORDS, Event
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.publishing.auditheads import published_heads
from survey_app.publishing.boxheads import SHUT, published_boxes
from survey_app.store import audit, ballots, boxweeks
from survey_app.store.audit import Wanted

_NOTED = re.compile(r"(\d{1,12}):([0-9a-f]{64})")
_day = click.DateTime(formats=["%Y-%m-%d"])


class NotedWrong(Refusal):
    code, status = "audit-noted", 422
    message = N_("--expect 要写成“序号:摘要”，例如上次 pingyi audit verify 打印的那一串。")


@click.group(name="audit", cls=SaysWhy, help=_("操作记录：核对、列出。"))
def audit_group() -> None: ...


@audit_group.command(
    help=_(
        "核对操作记录有没有被改、被删、被调换；退出码1表示对不上，并指出第一处。"
        "把打印的“序号:摘要”抄在别处，以后用 --expect 核对整段没有被重写；"
        "也和网站上每周公布的摘要核对。例：pingyi audit verify"
    )
)
@click.option("--expect", default="", help=_("以前抄下的“序号:摘要”。"))
@click.pass_context
def verify(context: click.Context, expect: str) -> None:
    settings = load_with_database()
    noted = _parse_noted(expect)
    faults = [fill(fault.message, {"number": fault.number}, _) for fault in audit.verify()]
    if noted and audit.digest_of(noted[0]) != noted[1]:
        faults.append(fill(_("第%(number)s条的摘要和抄下的不一样：记录被整段重写过。"), {"number": noted[0]}))
    published = published_heads(settings.pages)
    faults += [
        fill(_("%(week)s公布的第%(number)s条摘要和现在的不一样：记录被改过，或公布的文件被改过。"), vars(head))
        for head in published
        if audit.digest_of(head.number) != head.digest
    ]
    faults += [*_boxes_that_differ(settings), *_weeks_that_differ()]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        context.exit(NOT_AS_IT_SHOULD_BE)
    if published:
        click.echo(fill(_("和网站上公布的%(count)s个每周摘要一致。"), {"count": len(published)}))
    _say_whole()


@audit_group.command(name="list", help=_("列出操作记录，新的在前。例：pingyi audit list --action account --json"))
@click.option("--actor", default="", help=_("谁做的：用户名。"))
@click.option("--action", default="", help=_("做了什么，例如 account、account.reset、sign_in。"))
@click.option("--subject", default="", help=_("对什么：用户名或页面里有的字。"))
@click.option("--since", type=_day, help=_("从哪天，例如2026-11-03。"))
@click.option("--until", type=_day, help=_("到哪天（含）。"))
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help=_("最多几条。"))
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def list_(
    actor: str,
    action: str,
    subject: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    load_with_database()
    wanted = Wanted(actor=actor, action=action, subject=subject, since=_date(since), until=_date(until))
    show([asdict(event) for event in audit.list_events(wanted, limit=limit)], as_json, _line)


def _boxes_that_differ(settings: Settings) -> list[str]:
    """Boxes that hold another number of ballots, or other ones, than was published when they were shut."""
    said = _("%(round)s的票箱和%(day)s截止后公布的不一样：多了、少了或换了票，或公布的文件被改过。")
    published = [
        fill(said, {"round": one.round_code, "day": one.day})
        for one in published_boxes(settings.pages)
        if one.state == SHUT and ballots.box_head(one.round_code) != (one.ballots, one.digest)
    ]
    noted = _("%(round)s的票箱和关箱时记下的不一样：多了、少了或换了票。")
    shut = audit.list_events(Wanted(action=audit.BOX_SHUT))
    return published + [fill(noted, {"round": event.subject}) for event in shut if not _holds(event)]


def _weeks_that_differ() -> list[str]:
    """Boxes to which somebody gave or from which somebody took a ballot without the portal."""
    return [fill(boxweeks.DIFFER, vars(one), _) for one in boxweeks.differing()]


def _holds(event: Event) -> bool:
    """Whether the box still holds what it held when it was shut."""
    count, digest = ballots.box_head(event.subject.removeprefix("rounds/"))
    return (count, digest.hex()) == (event.detail["ballots"], event.detail["sha256"])


def _say_whole() -> None:
    head = audit.head()
    if head is None:
        click.echo(_("还没有操作记录。"))
        return
    click.echo(fill(_("共%(count)s条，首尾相连，没有被改、被删。"), {"count": head[0]}))
    click.echo(f"{head[0]}:{head[1].hex()}")


def _parse_noted(text: str) -> tuple[int, bytes] | None:
    if not text:
        return None
    found = _NOTED.fullmatch(text.strip().lower())
    if not found:
        raise NotedWrong
    return int(found[1]), bytes.fromhex(found[2])


def _date(at: datetime | None) -> date | None:
    return at.date() if at else None


def _line(row: dict[str, Any]) -> str:
    words = _(ACTION_WORDS.get(row["action"], row["action"]))
    return "　".join((str(row["number"]), row["at"], row["actor"], words, row["subject"]))
