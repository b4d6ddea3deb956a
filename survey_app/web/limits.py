"""Limits by network and for the whole site, shared by all processes (web/daymemory).

Loose on purpose: a carrier or an office puts many citizens on one address. Over a limit a rating is kept and marked,
never dropped; only guessing of codes has to wait. A network is the first 24 bits of an IPv4 address, 64 of an IPv6 one.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.web.context import now, settings, today
from survey_app.web.daymemory import day_memory

RATING, CASE = "rating", "case"  # counted apart: a flood of cases marks no rating
SURGE = "surge"  # the flag of a rating that came in while its network, or the site, was over the hour's number
HOUR_S, GUESSING_S = 3600, 600
WRONG_BY_NETWORK, WRONG_BY_SITE = 10, 200  # tries with a right check sign that no code answers to, in ten minutes


class TooManyTries(Refusal):
    code, status = "too-many-tries", 429
    message = N_("输错的次数太多，为防有人猜码，请过%(minutes)s分钟再提交。您填的还在。")


def count_rating() -> tuple[str, ...]:
    """Count one rating of this visitor; the flags it is to carry."""
    over = [_count(name, step=1) > most for name, most in _hourly(RATING)]
    return (SURGE,) if any(over) else ()


def count_case() -> None:
    """Count one new case of this visitor."""
    for name, _most in _hourly(CASE):
        _count(name, step=1)


def is_surge(what: str = RATING) -> bool:
    """Whether this visitor's network, or the site, has reached the hour's number of ratings, or of cases."""
    return any(_count(name, step=0) >= most for name, most in _hourly(what))


@contextmanager
def one_guess() -> Iterator[None]:
    """Look a code or receipt up inside: one that nothing answers to counts against the network and the site.

    A try is counted before it is looked at, so that many at once are all counted. Over the site's bound only networks
    that have erred in these ten minutes wait: a flood of wrong codes keeps nobody else from the box.

    Raises TooManyTries.
    """
    _count_guess(1)
    try:
        yield
    except NothingAnswers:
        raise
    except BaseException:
        _count_guess(-1)
        raise
    _count_guess(-1)


def _count_guess(step: int) -> None:
    here = network()
    by_site = _count("wrong", step=step, seconds=GUESSING_S)
    by_network = _count(f"wrong|{here}", step=step, seconds=GUESSING_S) if here else WRONG_BY_NETWORK
    over = by_network > WRONG_BY_NETWORK or (by_site > WRONG_BY_SITE and by_network > 1)
    if step > 0 and over:
        _count_guess(-1)  # a try that is not looked at is not counted
        raise TooManyTries(minutes=GUESSING_S // 60)


def network() -> str:
    """The visitor's network; empty where all come from this machine, as behind a proxy that PINGYI_PROXIES lacks."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address  # as a server on both kinds of address tells it
    if address.is_loopback:
        return ""
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _hourly(what: str) -> list[tuple[str, int]]:
    """What is counted for a rating or a case, and its number for an hour."""
    whole = [(what, settings().site_ratings)]
    return [*whole, (f"{what}|{here}", settings().network_ratings)] if (here := network()) else whole


def _count(name: str, *, step: int, seconds: int = HOUR_S) -> int:
    return day_memory(settings()).count(name, seconds=seconds, now=now(), today=today(), step=step)
