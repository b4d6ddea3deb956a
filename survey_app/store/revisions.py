"""Revisions: drafted, submitted, decided, published. Every verb is one transaction with its audit event."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from survey_app.domain import revisions as rules
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import Revision as Row
from survey_app.store.revision_rows import (
    Data,
    Proposal,
    Revision,
    approved,
    as_json,
    as_revision,
    count,
    get,
    is_known,
    listed,
    open_of,
    row_of,
    utc,
    waiting,
)

__all__ = ["Proposal", "Revision", "approved", "count", "get", "is_known", "listed", "open_of", "waiting"]

WRITING = ("revision.begin", "revision.save", "revision.rebase")


def draft(*, proposal: Proposal, by: str, now: datetime) -> Revision:
    """Begin a revision. Raises RevisionOpen when the page has one that is not finished."""
    with write():
        return _begin(proposal, by, now)


def draft_many(*, proposals: Iterable[Proposal], by: str, now: datetime) -> list[int]:
    """Begin a revision for each page, or for none. Raises RevisionOpen."""
    with write():
        return [_begin(proposal, by, now).number for proposal in proposals]


def save(*, number: int, version: int, data: Data, title: str, note: str, by: str, now: datetime) -> Revision:
    """Keep what was typed, if nobody saved since `version`. Raises SavedByOther, RevisionMoved."""
    with write():
        row = _based_on(number, version)
        rules.require_move(row.state, rules.DRAFT)
        if row.state not in rules.EDITABLE:
            raise rules.RevisionMoved(state=rules.STATE_WORDS[row.state])
        state = row.state if row.state == rules.CONFLICT else rules.DRAFT
        changes = {"data": as_json(data), "title": title, "note": note, "saved_by": by, "state": state}
        return _change(row, "revision.save", by, now, {"saved_at": utc(now), **changes})


def rebase(
    *, number: int, version: int, data: Data, base: Data | None, base_digest: str, by: str, now: datetime
) -> Revision:
    """Take the page as it is now for the base of this revision. Raises SavedByOther, RevisionMoved."""
    with write():
        row = _based_on(number, version)
        if row.state not in rules.EDITABLE:
            raise rules.RevisionMoved(state=rules.STATE_WORDS[row.state])
        changes = {"data": as_json(data), "base": as_json(base), "base_digest": base_digest, "state": rules.DRAFT}
        return _change(row, "revision.rebase", by, now, {"saved_by": by, "saved_at": utc(now), **changes})


def submit(*, number: int, version: int, by: str, now: datetime) -> Revision:
    """Hand the revision to the approver. Raises SavedByOther, RevisionMoved."""
    with write():
        row = _based_on(number, version)
        rules.require_move(row.state, rules.SUBMITTED)
        cleared = {"first_approver": "", "second_approver": "", "decision": "", "decided_at": None}
        return _change(row, "revision.submit", by, now, {"state": rules.SUBMITTED, "submitted_at": utc(now), **cleared})


def take_back(*, number: int, by: str, now: datetime) -> Revision:
    """The author takes a submitted revision back to go on writing. Raises RevisionMoved."""
    with write():
        row = row_of(number)
        if row.state not in rules.WAITING:
            raise rules.RevisionMoved(state=rules.STATE_WORDS[row.state])
        return _change(row, "revision.take_back", by, now, {"state": rules.DRAFT, "submitted_at": None})


def discard(*, number: int, by: str, now: datetime) -> Revision:
    """Put a draft away; `bring_back` undoes it. Raises RevisionMoved."""
    return _move(number, rules.WITHDRAWN, "revision.discard", by, now)


def bring_back(*, number: int, by: str, now: datetime) -> Revision:
    """Take a draft out of the drawer again. Raises RevisionOpen when another has been begun meanwhile."""
    with write():
        row = row_of(number)
        rules.require_move(row.state, rules.DRAFT)
        if row.state != rules.WITHDRAWN:
            raise rules.RevisionMoved(state=rules.STATE_WORDS[row.state])
        _require_none_open(row.page)
        return _change(row, "revision.bring_back", by, now, {"state": rules.DRAFT})


def give_back(*, number: int, version: int, reason: str, by: str, now: datetime) -> Revision:
    """The approver returns it with a reason. Raises SavedByOther, RevisionMoved, ReasonMissing."""
    if not reason.strip():
        raise rules.ReasonMissing
    with write():
        row = _based_on(number, version)
        rules.require_move(row.state, rules.RETURNED)
        decided = {"decision": reason, "decided_at": utc(now), "state": rules.RETURNED}
        return _change(row, "revision.return", by, now, decided, {"reason": reason})


def approve(
    *,
    number: int,
    version: int,
    words: str,
    second_wanted: bool,
    target_digest: str,
    by: str,
    roles: Collection[str],
    now: datetime,
) -> Revision:
    """One approval: it leads to a second person or to publication.

    Raises SavedByOther, RevisionMoved, OwnApproval, SamePerson.
    """
    with write():
        row = _based_on(number, version)
        wrote = writers(as_revision(row))
        rules.require_approver(person=by, roles=roles, writers=wrote, first_approver=row.first_approver)
        to = rules.after_approval(row.state, second_wanted=second_wanted)
        rules.require_move(row.state, to)
        who = {"second_approver": by} if row.state == rules.SECOND else {"first_approver": by}
        decided = {"state": to, "decision": words, "decided_at": utc(now), "target_digest": target_digest}
        action = "revision.pass_on" if to == rules.SECOND else "revision.approve"
        return _change(row, action, by, now, {**who, **decided}, {"digest": target_digest})


def writers(revision: Revision) -> frozenset[str]:
    """Everybody whose words it may hold: who began it and all who have saved it since."""
    events = audit.events_of(subject=revision.page, actions=WRITING)
    wrote = {event.actor for event in events if event.detail.get("revision") == revision.number}
    return frozenset(wrote | {revision.author, revision.saved_by})


def act(*, proposal: Proposal, target_digest: str, second_wanted: bool, by: str, now: datetime) -> Revision:
    """What the publicity office, or a duty board, does at once: begun and approved in one step. Raises RevisionOpen."""
    with write():
        row = row_of(_begin(proposal, by, now).number)
        state = rules.SECOND if second_wanted else rules.APPROVED
        decided = {"first_approver": by, "decided_at": utc(now), "submitted_at": utc(now)}
        return _change(row, "revision.act", by, now, {"state": state, "target_digest": target_digest, **decided})


def follow(*, number: int, data: Data, base: Data, base_digest: str, target_digest: str, now: datetime) -> Revision:
    """The duty board changed the page meanwhile: the revision goes on from there, in whatever state it is."""
    with write():
        row = row_of(number)  # its version stays: nobody's words have changed
        target = {"target_digest": target_digest} if target_digest else {}
        changes = {"data": as_json(data), "base": as_json(base), "base_digest": base_digest, **target}
        Row.update(**changes).where(Row.id == number).execute()
        _record(row, "revision.follow", "portal", now, {"digest": base_digest})
        return get(number)


def mark_conflict(*, number: int, now: datetime) -> Revision:
    """The page changed under the revision: nothing is overwritten, its author has to look. Raises RevisionMoved."""
    return _move(number, rules.CONFLICT, "revision.conflict", "portal", now)


def mark_published(*, numbers: Collection[int], now: datetime) -> None:
    """The built site holds these; what is published already stays as it is."""
    with write():
        for row in Row.select().where(Row.id.in_(list(numbers)), Row.state == rules.APPROVED):
            changes = {"state": rules.PUBLISHED, "published_at": utc(now), "failure": ""}
            _change(row, "revision.published", "portal", now, changes, {"digest": row.target_digest})


def mark_failed(*, numbers: Collection[int], reason: str, now: datetime) -> None:
    """The site could not be built with these: they stay approved and wait for the next build."""
    with write():
        for row in Row.select().where(Row.id.in_(list(numbers)), Row.state == rules.APPROVED):
            if row.failure != reason:
                _change(row, "revision.failed", "portal", now, {"failure": reason}, {"reason": reason})


def _begin(proposal: Proposal, by: str, now: datetime) -> Revision:
    if proposal.action != rules.DUTY:
        _require_none_open(proposal.page)
    fields = dict(vars(proposal)) | {"data": as_json(proposal.data), "base": as_json(proposal.base)}
    at = utc(now)
    row = Row.create(**fields, state=rules.DRAFT, author=by, saved_by=by, created_at=at, saved_at=at)
    _record(row, "revision.begin", by, now, {"action": proposal.action})
    return as_revision(row)


def _require_none_open(page: str) -> None:
    if found := open_of(page):
        state = rules.STATE_WORDS[found.state]
        raise rules.RevisionOpen(title=found.title, state=state, author=found.author)


def _move(number: int, to: str, action: str, by: str, now: datetime) -> Revision:
    with write():
        row = row_of(number)
        rules.require_move(row.state, to)
        return _change(row, action, by, now, {"state": to})


def _change(
    row: Row, action: str, by: str, now: datetime, changes: Mapping[str, object], detail: Data | None = None
) -> Revision:
    Row.update(version=row.version + 1, **changes).where(Row.id == row.id).execute()
    _record(row, action, by, now, {"from": row.state, "to": changes.get("state", row.state), **(detail or {})})
    return get(row.id)


def _record(row: Row, action: str, by: str, now: datetime, detail: Data) -> None:
    audit.record(actor=by, action=action, subject=row.page, detail={"revision": row.id, **detail}, now=now)


def _based_on(number: int, version: int) -> Row:
    row = row_of(number)
    if row.version != version:
        raise rules.SavedByOther(author=row.saved_by)
    return row
