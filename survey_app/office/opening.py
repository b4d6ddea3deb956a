"""The verbs of opening a round in the browser: key made and handed over, method announced, box opened."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain import ballot_box, handover
from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.jobs.asking import publish_soon
from survey_app.office import roundpage
from survey_app.publishing.pages import Page, parse_page
from survey_app.store import batches, roundkeys
from survey_app.store import rounds as store
from survey_app.store.rounds import Round, get_round


class MethodNotPublic(Refusal):
    code, status = "method-not-public", 409
    message = N_("没有开始：网站上还看不到这一轮的评议办法。请先按“公布办法”，等网站更新以后再开始。")


class NoCodes(Refusal):
    code, status = "no-codes", 409
    message = N_("没有开始：还没有发过评议码。没有码的票从不计分，这样开始，一个得分也没有。请先请发码人发码。")


class KeyNotProved(Refusal):
    code, status = "key-not-proved", 409
    message = N_("没有开始：两份私钥还没有都验证过。主办单位和监督方各下载一份，再各自交回验证。")


class AlreadyOver(Refusal):
    code, status = "already-over", 409
    message = N_("没有开始：截止日期%(closes_on)s已经过了。请把计划退回去改日期。")


class StartsInThePast(Refusal):
    code, status = "starts-past", 409
    message = N_("没有公布：开始日期%(opens_on)s已经过了。办法要在开始之前公布，请把计划退回去改日期。")


class PageTaken(Refusal):
    code, status = "page-taken", 409
    message = N_("没有公布：网站上已经有代号%(round)s的另一轮。请把计划退回去，换一个代号。")


@dataclass(frozen=True)
class Readiness:
    """What stands between a draft round and its opening."""

    codes: int
    without_codes: tuple[str, ...]  # names of units that no code can rate
    announced: bool  # the page is written
    public: bool  # the live site shows the method
    proved: bool


def readiness(round_: Round, settings: Settings) -> Readiness:
    """Where the preparation stands."""
    ledger = [batch for batch in batches.ledger(round_.code) if batch.valid]
    named = {batch.unit_slug for batch in ledger}
    key = roundkeys.key_state(round_.code)
    return Readiness(
        codes=sum(batch.valid for batch in ledger),
        without_codes=() if None in named else tuple(u.zh for u in round_.units if u.slug not in named),
        announced=_is_method(settings.pages / "results" / round_.code / "method.toml", round_),
        public=_is_method(settings.live_site / "results" / round_.code / "method.toml", round_),
        proved=key is not None and key.proved,
    )


def _is_method(file: Path, round_: Round) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == round_.method_sha256


def make_key(code: str, *, actor: str, now: datetime) -> str:
    """A fresh key pair; the private half is kept sealed. Returns the hand-over code, which is kept nowhere."""
    key, words = ballot_box.new_round_key(), handover.new_code()
    sealed = handover.seal_key(key, round_code=code, code=words)
    roundkeys.keep_key(code, public_key=bytes(key.public_key), sealed=sealed, actor=actor, now=now)
    return words


def copy_of_key(code: str, typed: str, *, actor: str, now: datetime) -> bytes:
    """The key file for whoever knows the hand-over code. Raises KeyMissing, KeyHandedOver, HandoverWrong."""
    state = roundkeys.require_key(code)
    if state.sealed is None:
        raise roundkeys.KeyHandedOver
    key = handover.open_key(state.sealed, round_code=code, typed=typed)
    roundkeys.record_copy(code, actor=actor, now=now)
    return ballot_box.key_text(code, key).encode("ascii")


def prove_copy(code: str, raw: bytes, *, file: str, side: str, actor: str, now: datetime) -> None:
    """Somebody gives their copy back for a moment: it must open a trial ballot. Raises WrongKey, SamePerson."""
    public_key = roundkeys.require_key(code).public_key
    key = ballot_box.key_of(raw, file=file, round_code=code, public_key=public_key)
    ballot_box.try_key(key, file=file)
    roundkeys.prove(code, side, public_key=public_key, actor=actor, now=now)


def announce(code: str, *, settings: Settings, actor: str, now: datetime, today: date) -> None:
    """Put method, dates and digest on the site before the round opens.

    Raises IllegalMove, StartsInThePast, PageTaken.
    """
    round_ = get_round(code)
    rules.require_move(round_.status, rules.OPEN, step=N_("公布办法"))
    if round_.opens_on < today:
        raise StartsInThePast(opens_on=round_.opens_on)
    if _status_of_page(settings, code) not in ("", roundpage.ANNOUNCED):
        raise PageTaken(round=code)
    roundpage.write_page(round_, roundpage.ANNOUNCED, settings)
    store.record_step(code, "announce", actor=actor, now=now)
    publish_soon(settings)


def withdraw(code: str, settings: Settings) -> None:
    """Take the page of a round that is no round any more off the site; what was never announced has none."""
    if _status_of_page(settings, code) == roundpage.ANNOUNCED:
        shutil.rmtree(settings.pages / "results" / code)
        publish_soon(settings)


def _status_of_page(settings: Settings, code: str) -> str:
    """What stands under this code on the pages; empty where nothing does."""
    file = settings.pages / "results" / code / "index.md"
    page = parse_page(f"results/{code}/index.md", file.read_bytes()) if file.is_file() else None
    return str(page.data.get("status", "")) if isinstance(page, Page) else ""


def open_online(code: str, *, settings: Settings, actor: str, now: datetime, today: date) -> None:
    """Take ballots from `opens_on` on. Raises IllegalMove, AlreadyOver, NoCodes, KeyNotProved, MethodNotPublic."""
    round_ = get_round(code)
    rules.require_move(round_.status, rules.OPEN)
    ready = readiness(round_, settings)
    if round_.closes_on < today:
        raise AlreadyOver(closes_on=round_.closes_on)
    if not ready.codes:  # the open channel is no way out: what it takes is never counted
        raise NoCodes
    if not ready.proved:
        raise KeyNotProved
    if not ready.public:
        raise MethodNotPublic
    public_key = roundkeys.require_key(code).public_key
    store.mark_open(code, public_key=public_key, now=now, actor=actor)
    roundpage.write_page(get_round(code), rules.OPEN, settings)
    publish_soon(settings)
