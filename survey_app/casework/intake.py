"""A new case from its form, whoever filled it in: files first onto the disk, then all rows in one transaction."""

from typing import Any

from survey_app.casework import attachments, verbs
from survey_app.casework.forms import MOST_WORDS, CaseForm
from survey_app.casework.rules import clocks_of
from survey_app.domain import attached
from survey_app.domain.cases import steps
from survey_app.domain.errors import Refusal
from survey_app.domain.everyday import tidy_contact
from survey_app.publishing.services import ServiceUnknown, find_service, unit_choices
from survey_app.store.cases import BY_CODE, NewCase, Received
from survey_app.web.context import keys, now, settings, today


def units_of_today() -> dict[str, str]:
    """Slug -> title of every unit that a case can be given to."""
    return {slug: title for _class, units in unit_choices(settings()) for slug, title in units}


def take_in(
    form: CaseForm, *, kind: str, channel: str, form_nonce: str, actor: str = BY_CODE, role: str = steps.CITIZEN
) -> Received:
    """Keep a checked form as a case; the same form sent again is the same case.

    Raises what `attachments.take` raises, StorageUnavailable; nothing is kept then.
    """
    new = NewCase(
        kind=kind,
        content={"words": form.said},
        unit=form.unit.data or "",
        procedure=_procedure(form),
        contact=tidy_contact(form.contact.data or ""),
        files=attachments.take(form.files.data or [], keys=keys(), settings=settings()),
        channel=channel,
        actor=actor,
        role=role,
    )
    return verbs.receive(new, form_nonce=form_nonce, keys=keys(), settings=settings(), now=now())


def _procedure(form: CaseForm) -> str:
    """The procedure, where it is one of the unit's; the person may have chosen another unit meanwhile."""
    unit, procedure = form.unit.data or "", form.procedure.data or ""
    try:
        return find_service(settings(), unit, procedure, today()).procedure if unit and procedure else ""
    except ServiceUnknown:
        return ""


def bounds() -> dict[str, Any]:
    """The numbers that the form says: signs, files, and days for which it is kept after closing."""
    keeping = clocks_of(settings()).keeping
    files = {"files_most": attached.MOST_FILES, "files_mib": attached.MOST_BYTES // 2**20}
    days = {"contact_days": keeping.contact, "files_days": keeping.files, "words_days": keeping.words}
    return {"words_most": MOST_WORDS, **files, **days}


def is_of_files(refusal: Refusal) -> bool:
    """Whether a file was refused, so that the reason belongs beside the box for files."""
    return refusal.code.startswith(("attached-", "picture-", "pdf-"))
