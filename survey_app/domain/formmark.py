"""The mark of a form of the public side: a nonce, the second it was drawn, and our signature over both.

There is no session to bind a form to (docs/decisions/0005). The mark says that the form was drawn here and when; the
nonce makes the same form sent twice one ballot. Nothing of it is stored.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from survey_app.domain.errors import N_, Refusal

_SHAPE = re.compile(r"([A-Za-z0-9_-]{32})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})")


class FormForeign(Refusal):
    code, status = "form-foreign", 400
    message = N_("没有收下：这张表不是在这里打开的，或者缺了一块。您填的还在，请再按一次提交。")


class FormExpired(Refusal):
    code, status = "form-expired", 400
    message = N_("没有收下：这张表打开超过%(hours)s小时了。您填的还在，请再按一次提交。")


class FormTooFast(Refusal):
    code, status = "form-fast", 422
    message = N_("没有收下：打开不到%(seconds)s秒就提交了。您填的还在，请看一遍，再按一次提交。")


@dataclass(frozen=True)
class FormMark:
    """What a mark says once its signature has been checked."""

    nonce: str
    age: timedelta

    def require_read(self, seconds: int) -> None:
        """Raises FormTooFast unless a person could have read the form."""
        if self.age < timedelta(seconds=seconds):
            raise FormTooFast(seconds=seconds)


def new_mark(key: bytes, now: datetime) -> str:
    """A fresh mark for a form drawn at `now`."""
    said = f"{secrets.token_urlsafe(24)}.{int(now.timestamp())}"
    return f"{said}.{_signature(key, said)}"


def read_mark(key: bytes, sent: str, *, now: datetime, hours: int) -> FormMark:
    """What `sent` says. Raises FormForeign, or FormExpired where the form was drawn more than `hours` ago."""
    found = _SHAPE.fullmatch(sent)
    if not found or not hmac.compare_digest(found[3], _signature(key, f"{found[1]}.{found[2]}")):
        raise FormForeign
    age = now.astimezone(UTC) - datetime.fromtimestamp(int(found[2]), UTC)
    if age > timedelta(hours=hours):
        raise FormExpired(hours=hours)
    return FormMark(found[1], age)


def _signature(key: bytes, said: str) -> str:
    """HMAC-SHA256(key, "form-v1"|nonce.second), its first 16 bytes."""
    digest = hmac.digest(key, f"form-v1|{said}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
