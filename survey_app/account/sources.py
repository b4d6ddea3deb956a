"""Wrong tries by source address, in memory alone: an address is never written down, and a restart forgets all."""

import hmac
import ipaddress
import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from survey_app.domain import guessing

MOST = 10_000


class Sources:
    """Keyed digests of addresses, each with its wrong tries. The key lives and dies with the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._tries: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def take_try(self, address: str | None, now: datetime) -> datetime | None:
        """Count a try as wrong; returns until when the address waits, and counts nothing, where it has to wait."""
        if not _tells_people_apart(address):
            return None
        tag = self._tag(address)
        with self._lock:
            failed, at = self._tries.get(tag, (0, now))
            failed = 0 if guessing.is_forgotten(at, now) else failed
            until = at + (guessing.wait_after(failed, guessing.FREE_BY_SOURCE) if failed else timedelta(0))
            if until > now:
                return until
            self._tries[tag] = (failed + 1, now)
            self._tries.move_to_end(tag)
            while len(self._tries) > MOST:
                self._tries.popitem(last=False)
        return None

    def give_back(self, address: str | None) -> None:
        """The try was right: it does not count. Earlier ones do, or one's own account would buy new guesses."""
        tag = self._tag(address)
        with self._lock:
            if tag in self._tries:
                failed, at = self._tries[tag]
                self._tries[tag] = (max(failed - 1, 0), at)

    def _tag(self, address: str | None) -> bytes:
        return hmac.digest(self._key, (address or "").encode(), "sha256")


def _tells_people_apart(address: str | None) -> bool:
    """Not where all come from this machine: a proxy that is not named in PINGYI_PROXIES stands between."""
    try:
        return not ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
