"""Passwords: what a good one is, how it is kept, and the one an administrator hands over once."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey_app.domain.checksign import ALPHABET, grouped
from survey_app.domain.errors import N_, Refusal

SHORTEST, LONGEST = 10, 200
# OWASP's second choice for argon2id: eight sign-ins at once take 150 MB, not the 512 MB of the library's own default.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$6PHVydQcZvx1Hg2ETM1zvA$svR/hSJuq8PjxBD8aiD0ta+FZTQGJ/LnamjVACUzL14"


class PasswordTooShort(Refusal):
    code, status = "password-short", 422
    message = N_("密码至少10个字符。可以是一句好记的话，例如四个不相干的词。")


class PasswordTooLong(Refusal):
    code, status = "password-long", 422
    message = N_("密码最多200个字符。")


class PasswordGuessable(Refusal):
    code, status = "password-guessable", 422
    message = N_("这个密码太好猜：不要用用户名、姓名，也不要用连续或重复的字符。")


def parse_password(typed: str, *, username: str = "", name: str = "") -> str:
    """The password to keep, normalised (NFKC). Raises PasswordTooShort, PasswordTooLong, PasswordGuessable.

    NIST SP 800-63B: length counts; no rules about kinds of signs, no expiry.
    """
    password = normal(typed)
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > LONGEST:
        raise PasswordTooLong
    if _guessable(password.casefold(), username.casefold(), name.casefold()):
        raise PasswordGuessable
    return password


def normal(typed: str) -> str:
    """One form for what several keyboards type: full-width signs become half-width."""
    return unicodedata.normalize("NFKC", typed)


def hash_password(password: str) -> str:
    """argon2id, with its own salt."""
    return _hasher.hash(normal(password))


def matches(hashed: str | None, typed: str) -> bool:
    """Whether `typed` is the password. Without a hash the work is done all the same: time must not tell."""
    try:
        return _hasher.verify(hashed or _NOBODYS, normal(typed)[:LONGEST]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def start_password() -> str:
    """A password to hand over once: sixteen signs (77 bits) in four groups, none easily mistaken for another."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(16)), 4, 4, 4, 4)


def _guessable(password: str, username: str, name: str) -> bool:
    """Fewer than five different signs, one run along the alphabet or the digits, or the person's own names."""
    run = "0123456789012345678901234567890abcdefghijklmnopqrstuvwxyz"
    rest = password.replace(username, "") if username else password
    rest = rest.replace(name, "") if name else rest
    return len(set(password)) < 5 or password in run or password in run[::-1] or len(rest) < SHORTEST // 2
