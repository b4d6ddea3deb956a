"""The key of a draft round on its way to two keepers: made, proved by either, then forgotten."""

from dataclasses import dataclass
from datetime import datetime

from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.store import audit
from survey_app.store.database import checkpoint, write
from survey_app.store.models import RoundKey
from survey_app.store.rounds import as_utc, get_round

OFFICE, AUDITOR = "office", "auditor"


class KeyMissing(Refusal):
    code, status = "round-key-none", 409
    message = N_("这一轮还没有做私钥。请评议专员先做。")


class KeyHandedOver(Refusal):
    code, status = "round-key-gone", 409
    message = N_("两份私钥都交接好了，服务器上已经没有，不能再下载。")


class SamePerson(Refusal):
    code, status = "key-same-person", 409
    message = N_("两份私钥要由两个人分别保管。您已经保管了一份，另一份请另一位来。")


@dataclass(frozen=True)
class KeyState:
    """Where the handing over stands; `sealed` is None once both copies are proved."""

    public_key: bytes
    sealed: bytes | None
    made_by: str
    office_by: str
    auditor_by: str

    @property
    def proved(self) -> bool:
        """Whether two persons have shown that they hold a copy that opens the box."""
        return bool(self.office_by and self.auditor_by)


def key_state(code: str) -> KeyState | None:
    """The round's key, if one has been made in the browser."""
    row = RoundKey.get_or_none(RoundKey.round == get_round(code).row)
    if row is None:
        return None
    sealed = bytes(row.sealed) if row.sealed else None
    return KeyState(bytes(row.public_key), sealed, row.made_by, row.office_by, row.auditor_by)


def require_key(code: str) -> KeyState:
    """The same. Raises KeyMissing."""
    found = key_state(code)
    if found is None:
        raise KeyMissing
    return found


def keep_key(code: str, *, public_key: bytes, sealed: bytes, actor: str, now: datetime) -> None:
    """A fresh key in place of an earlier one; what was proved of that is void. Raises IllegalMove once open."""
    with write():
        round_ = get_round(code)
        rules.require_move(round_.status, rules.OPEN, step=N_("做私钥"))
        RoundKey.delete().where(RoundKey.round == round_.row).execute()
        RoundKey.insert(
            round=round_.row, public_key=public_key, sealed=sealed, made_by=actor, made_at=as_utc(now)
        ).execute()
        audit.record(actor=actor, action="round.key", subject=f"rounds/{code}", now=now)


def record_copy(code: str, *, actor: str, now: datetime) -> None:
    """Who took a copy of the private key."""
    with write():
        audit.record(actor=actor, action="round.key_copy", subject=f"rounds/{code}", now=now)


def prove(code: str, side: str, *, public_key: bytes, actor: str, now: datetime) -> None:
    """Somebody has shown a copy; with the second one the sealed key is deleted. Raises KeyMissing, SamePerson."""
    with write():
        state = require_key(code)
        other = state.auditor_by if side == OFFICE else state.office_by
        if other == actor:
            raise SamePerson
        if state.public_key != public_key:  # made anew since the copy was looked at
            raise KeyMissing
        changes: dict[str, object] = {"office_by" if side == OFFICE else "auditor_by": actor}
        changes |= {"sealed": None} if other else {}
        RoundKey.update(**changes).where(RoundKey.round == get_round(code).row).execute()
        detail = {"side": side}
        audit.record(actor=actor, action="round.key_proved", subject=f"rounds/{code}", detail=detail, now=now)
    checkpoint()
