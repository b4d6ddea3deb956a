"""A unit's people and papers follow it when its address changes or it becomes part of another."""

from datetime import datetime

from peewee import fn

from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import Account, PageVersion, Revision


def move(*, old: str, new: str, merged: bool, by: str, now: datetime) -> int:
    """Accounts, revisions and histories go from one slug to the other; said twice, done once. Returns the accounts.

    A unit that was merged keeps its own page, and so the history of it.
    """
    kept = f"units/{old}/index.md" if merged else ""
    with write():
        people = Account.update(unit_slug=new).where(Account.unit_slug == old).execute()
        papers = Revision.update(unit_slug=new).where(Revision.unit_slug == old, Revision.page != kept).execute()
        for table in (Revision, PageVersion):
            there = table.page.startswith(f"units/{old}/") & (table.page != kept)
            moved = fn.REPLACE(table.page, f"units/{old}/", f"units/{new}/")
            papers += table.update(page=moved).where(there).execute()
        if people or papers:
            detail = {"to": new, "accounts": people, "merged": merged}
            audit.record(actor=by, action="unit.moved", subject=f"units/{old}/", detail=detail, now=now)
    return people
