"""The verbs of a round: create, open, close, compute, publish. For the command line, later for the office's pages."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from nacl.public import PrivateKey

from survey_app.config import Settings, load_keys
from survey_app.domain import ballot_box, rounds
from survey_app.domain.errors import N_, FileTaken, Refusal
from survey_app.exports import analysis
from survey_app.exports.corrections import put_right
from survey_app.exports.snapshot import write_snapshot, write_words
from survey_app.files import write_atomically
from survey_app.office import rulings, standing
from survey_app.office.plan import Plan, read_plan
from survey_app.publishing import BuildReport, build_site, read_pages, write_round_page
from survey_app.store import ballots, paper, words
from survey_app.store import rounds as store
from survey_app.store.database import rewrite

Progress = Callable[[str], None]


class SameKeyFile(Refusal):
    code, status = "same-key-file", 422
    message = N_("两份私钥要存在两个不同的文件里，最好在两只U盘上，分给主办单位和监督方。")


class EarlyCloseNeedsReason(Refusal):
    code, status = "early-close", 422
    message = N_("公布的截止日期是%(closes_on)s。要提前截止，请写明理由（命令里用 --reason），理由会随结果公布。")


class NotComputed(Refusal):
    code, status = "not-computed", 409
    message = N_("这一轮还没有算出结果，请先运行 pingyi round compute %(round)s。")


def create_round(plan_file: Path, settings: Settings, first: Callable[[], None] = lambda: None) -> Plan:
    """Store the plan as a draft round, after `first` in the same transaction.

    Raises BadInput, AnalysisRefused, RoundExists and what `first` raises; nothing is stored then.
    """
    plan = read_plan(plan_file, read_pages(settings.pages))
    store.create_round(
        code=plan.code,
        name=plan.name,
        instrument=plan.instrument,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        method_toml=plan.method_toml,
        units=plan.units,
        first=first,
    )
    return plan


def open_round(code: str, *, office_copy: Path, auditor_copy: Path, settings: Settings, now: datetime) -> None:
    """Make the round's key, write and prove its two copies, publish the method, take ballots from `opens_on` on.

    The private key is not kept: whoever loses both copies has lost the round.
    """
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.OPEN)
    if office_copy.resolve() == auditor_copy.resolve():
        raise SameKeyFile
    for copy in (office_copy, auditor_copy):
        if copy.exists():
            raise FileTaken(file=copy.name)
    key = ballot_box.new_round_key()
    public_key = bytes(key.public_key)
    _write_keys((office_copy, auditor_copy), code, key)
    _write_page(round_, rounds.OPEN, settings)  # the method is public before the first ballot can come in
    store.mark_open(code, public_key=public_key, now=now)


def close_round(code: str, *, key_copy: Path, reason: str | None, settings: Settings, now: datetime) -> Path:
    """End the round, freeze its folder, delete the ciphertexts. Safe to run again where it was interrupted."""
    round_ = store.get_round(code)
    if round_.status != rounds.CLOSED:
        rounds.require_move(round_.status, rounds.CLOSED)
    key = ballot_box.read_key(key_copy, round_code=code, public_key=store.require_public_key(round_))
    if round_.status == rounds.OPEN:
        _end(round_, reason, settings, now)
    return unseal_round(code, key, settings)


def shut_round(code: str, *, reason: str | None, settings: Settings, now: datetime) -> None:
    """End the round without opening the box: no ballot comes in any more, none can be read. `now` is local time.

    Raises IllegalMove for a round that is not open, EarlyCloseNeedsReason, CardsUnfinished; it stays open then.
    """
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.CLOSED)
    _end(round_, reason, settings, now)
    _write_page(store.get_round(code), rounds.CLOSED, settings)


def unseal_round(code: str, key: PrivateKey, settings: Settings) -> Path:
    """Freeze the folder of a closed round, delete the ciphertexts. Safe to run again where it was interrupted."""
    round_, folder = store.get_round(code), settings.rounds / code
    rounds.require_move(round_.status, rounds.PUBLISHED, step=N_("开箱"))
    write_snapshot(round_, key, folder, accept=analysis.read)  # before the ciphertexts go
    if write_words(round_, key, folder):
        words.delete_words(code)
    ballots.delete_sealed(code)
    rewrite()
    _write_page(round_, rounds.CLOSED, settings)
    return folder


def _end(round_: store.Round, reason: str | None, settings: Settings, now: datetime) -> None:
    """Cards that were typed and settled are cast in the same step that shuts the box."""

    def cast_the_rest() -> None:
        paper.finish(round_, keys=load_keys(settings.keys), now=now, today=now.date())

    store.mark_closed(round_.code, amendments=_amendments(round_, reason, now), now=now, first=cast_the_rest)


def compute_round(code: str, settings: Settings) -> str:
    """Compute the release from the frozen folder, with what was ruled of objections. Raises AnalysisRefused.

    Drafts that units were shown bind it: a cell that differs from theirs by a few answers is refused.
    """
    round_, folder = store.get_round(code), settings.rounds / code
    rounds.require_move(round_.status, rounds.PUBLISHED, step=N_("计算"))
    put_right(folder, rulings.amendments(round_))
    return analysis.compute(folder, _previous(round_, settings), rulings.shown_folders(round_, folder))


def _previous(round_: store.Round, settings: Settings) -> list[Path]:
    """The releases of published rounds that closed before this one: what change is measured against."""
    before = [
        other
        for other in store.list_rounds()
        if (other.status, other.instrument) == (rounds.PUBLISHED, round_.instrument)
        and other.closes_on < round_.closes_on
    ]
    return [settings.rounds / other.code for other in reversed(before)]


def publish_round(code: str, settings: Settings, now: datetime, progress: Progress) -> BuildReport:
    """Check the release against the frozen folder, copy it to the pages with objections and rulings, rebuild the site.

    Raises what `standing.require_ready` raises where units have been shown a draft.
    """
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.PUBLISHED)
    folder = _release_of(code, settings)
    standing.require_ready(round_, settings, now.date())
    progress(N_("核对结果"))
    analysis.check(folder, _previous(round_, settings), rulings.compared_with(round_, folder))
    with _put_back_on_failure(settings.pages / "results" / code):
        rulings.write_page(round_, settings, now.date())
        analysis.publish(folder, settings.pages, published_on=now.date().isoformat())
        report = build_site(settings, progress, now.date())
    store.mark_published(code, now=now)
    return report


def write_notice(code: str, out: Path, settings: Settings, *, facts: Path | None, brief: bool) -> str:
    """Write the Word notice or brief of a computed round. Raises NotComputed, PaperRefused."""
    return analysis.write_notice(_release_of(code, settings), out, facts, brief=brief)


def check_notice(code: str, file: Path, settings: Settings) -> tuple[bool, str]:
    """Whether the figures of a Word notice are those of the round's release. Raises NotComputed, PaperRefused."""
    return analysis.check_notice(_release_of(code, settings), file)


def _release_of(code: str, settings: Settings) -> Path:
    store.get_round(code)
    folder = settings.rounds / code
    if not (folder / "release" / "manifest.json").exists():
        raise NotComputed(round=code)
    return folder


@contextmanager
def _put_back_on_failure(folder: Path) -> Iterator[None]:
    """Results that could not be put on the site must not slip out with the next build."""
    with TemporaryDirectory(prefix="pingyi-before-") as kept:
        before = Path(kept) / "before"
        shutil.copytree(folder, before)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder)
            shutil.copytree(before, folder)
            raise


def _write_page(round_: store.Round, status: str, settings: Settings) -> None:
    """Put the round's facts and its method file before the public, as an open or closed round."""
    facts = {
        "title": round_.name,
        "code": round_.code,
        "status": status,
        "opens_on": round_.opens_on.isoformat(),
        "closes_on": round_.closes_on.isoformat(),
        "method_sha256": round_.method_sha256,
        "units": len(round_.units),
    }
    write_round_page(settings.pages, facts, round_.method_toml)


def _amendments(round_: store.Round, reason: str | None, now: datetime) -> list[dict[str, str]]:
    today = now.date()
    if today > round_.closes_on:
        return []
    said = " ".join((reason or "").split())
    if not said:
        raise EarlyCloseNeedsReason(closes_on=round_.closes_on)
    return [{"on": today.isoformat(), "text": said}]


def _write_keys(copies: tuple[Path, ...], code: str, key: PrivateKey) -> None:
    """Both copies, each read back and tried; where one cannot be written none is left to be taken for a key."""
    try:
        for copy in copies:
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(copy, ballot_box.key_text(code, key).encode("ascii"), mode=0o600)
            _prove_key(copy, code, bytes(key.public_key))
    except BaseException:
        for copy in copies:
            copy.unlink(missing_ok=True)
        raise


def _prove_key(path: Path, round_code: str, public_key: bytes) -> None:
    """Read the copy back and open a sealed trial ballot with it: a copy that cannot is found now, not at close."""
    key = ballot_box.read_key(path, round_code=round_code, public_key=public_key)
    nonce = ballot_box.new_nonce()
    sealed = ballot_box.seal_ballot(public_key, answers={"trial": 5}, nonce=nonce)
    if ballot_box.open_ballot(key, sealed).nonce != nonce:
        raise ballot_box.WrongKey(file=path.name)
