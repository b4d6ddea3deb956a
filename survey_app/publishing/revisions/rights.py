"""What a revision may say, by what it asks for and by who wrote it. Asked again at submission and at approval.

Forms, merges and tables read only what they ask for. Threat: a way around one of them; these rules see what is stored.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import PUBLICITY
from survey_app.publishing.revisions.fields import OFFICE_ONLY, office_changes
from survey_app.store.accounts import has_role
from survey_app.store.revisions import Revision, writers

Data = Mapping[str, Any]
GONE = frozenset({"summary", "text", "attachments"})  # what a withdrawn notice no longer tells
MARK = "withdrawn"


class OfficeField(Refusal):
    code, status = "office-field", 403
    message = N_("“%(fields)s”由政务公开办公室改，没有往下送。请改回现在公布的内容；确实要改的，请找政务公开办公室。")


class NotAsAsked(Refusal):
    code, status = "not-as-asked", 409
    message = N_("这份“%(action)s”申请和现在公布的对不上，没有往下送。请放弃这一份，重新申请。")


def tombstone(data: Data, *, on: date, reason: str, by: str) -> dict[str, Any]:
    """The notice without its words: title, number and dates stay, so that its address still says what stood there."""
    return {**_without(data, GONE), MARK: {"on": on.isoformat(), "reason": reason, "by": by}}


def require_rightful(revision: Revision) -> None:
    """Raises NotRestorable for a published notice rewritten, NotAsAsked for an act that says more than it asks for,
    OfficeField for what only the publicity office writes and nobody of it wrote."""
    if revision.action == rules.PUBLISH:
        _require_rightful_text(revision)
    elif not _says_what_it_asks(revision):
        raise NotAsAsked(action=rules.ACTION_WORDS[revision.action])


def _require_rightful_text(revision: Revision) -> None:
    if revision.kind in rules.DATED and (revision.base is not None or MARK in revision.data):
        raise rules.NotRestorable
    changed = office_changes(revision.kind, revision.base, revision.data, revision.unit_slug)
    if changed and not has_role(writers(revision), PUBLICITY):
        raise OfficeField(fields="、".join(changed))


def _says_what_it_asks(revision: Revision) -> bool:
    base, data = revision.base or {}, revision.data
    if revision.action == rules.WITHDRAW:
        return MARK in data and MARK not in base and _without(data, {MARK}) == _without(base, GONE)
    if revision.action in rules.MOVES:
        return _without(data["unit"], OFFICE_ONLY["unit"]) == _without(base, OFFICE_ONLY["unit"])
    return data == base


def _without(data: Data, names: frozenset[str] | set[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
