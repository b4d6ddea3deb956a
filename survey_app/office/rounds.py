"""The verbs of a round: create, open, close, compute, correct, publish. For the command line and the office's pages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey

from survey_app.config import Settings, load_keys
from survey_app.domain import ballot_box, rounds
from survey_app.domain.errors import N_, Refusal
from survey_app.exports import analysis, releases
from survey_app.exports.corrections import write_amended
from survey_app.exports.snapshot import write_correction, write_snapshot, write_words
from survey_app.office import rulings, standing, versions
from survey_app.office.keycopies import write_new_key
from survey_app.office.plan import Plan, read_plan
from survey_app.office.roundpage import write_page
from survey_app.publishing import BuildReport, build_site, read_pages
from survey_app.store import audit, ballots, drafts, paper, words
from survey_app.store import rounds as store
from survey_app.store.database import rewrite, write

Progress = Callable[[str], None]


class EarlyCloseNeedsReason(Refusal):
    code, status = "early-close", 422
    message = N_("公布的截止日期是%(closes_on)s。要提前截止，请写明理由，理由会随结果公布。")


class AlreadyPublished(Refusal):
    code, status = "already-published", 409
    message = N_(
        "这一轮已经公布，公布过的数不能重算覆盖。要更正，请写明理由：pingyi round compute %(round)s --correct 理由"
    )


class CorrectionNeedsReason(Refusal):
    code, status = "correction-reason", 422
    message = N_("更正要写明理由，理由会随新的一版公布。")


class NotShownToUnits(Refusal):
    code, status = "not-shown", 409
    message = N_(
        "这一轮没有送单位核对。请先在网页上送核对；确实不送的，用 --without-objections 写明理由，理由会记下来。"
    )


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
    public_key = write_new_key(code, office_copy, auditor_copy)
    write_page(round_, rounds.OPEN, settings)  # the method is public before the first ballot can come in
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
    write_page(store.get_round(code), rounds.CLOSED, settings)


def unseal_round(code: str, key: PrivateKey, settings: Settings) -> Path:
    """Freeze the folder of a closed round, delete the ciphertexts. Safe to run again where it was interrupted."""
    round_, folder = store.get_round(code), settings.rounds / code
    rounds.require_move(round_.status, rounds.PUBLISHED, step=N_("开箱"))
    write_snapshot(round_, key, folder, accept=analysis.read)  # before the ciphertexts go
    if write_words(round_, key, folder):
        words.delete_words(code)
    ballots.delete_sealed(code)
    rewrite()
    write_page(round_, rounds.CLOSED, settings)
    return folder


def _end(round_: store.Round, reason: str | None, settings: Settings, now: datetime) -> None:
    """Cards that were typed and settled are cast, and what the box holds is written down, in the step that shuts it."""

    def fill_and_count() -> None:
        paper.finish(round_, keys=load_keys(settings.keys), now=now, today=now.date())
        count, digest = ballots.box_head(round_.code)
        detail = {"ballots": count, "sha256": digest.hex()}
        audit.record(actor="", action=audit.BOX_SHUT, subject=f"rounds/{round_.code}", detail=detail, now=now)

    store.mark_closed(round_.code, amendments=_amendments(round_, reason, now), now=now, first=fill_and_count)


def compute_round(code: str, settings: Settings) -> str:
    """Compute the release from the frozen folder. Raises AnalysisRefused, AlreadyPublished."""
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.PUBLISHED, step=N_("计算"))
    folder = settings.rounds / code
    if round_.status == rounds.PUBLISHED and (folder / "release").exists():
        raise AlreadyPublished(round=code)
    return analysis.compute(folder, _previous(round_, settings))


def correct_round(code: str, reason: str, settings: Settings, now: datetime) -> Path:
    """Compute a closed or published round anew as its next version, beside those shown before; `publish_round` puts it.

    Returns the version's folder. The reason becomes an amendment of its round.toml, which is written from what the
    database now says of the round; ballots of units that it no longer lists stay out. No earlier version is touched,
    and where anything is refused nothing is left: NotComputed, CorrectionNeedsReason, AnalysisRefused.
    """
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.PUBLISHED, step=N_("更正"))
    said = " ".join(reason.split())
    if not said:
        raise CorrectionNeedsReason
    shown = versions.shown(code, settings)
    target = settings.rounds / code / f"v{len(shown) + 1}"
    with versions.written_whole(target) as draft:
        reason_now = {"on": now.date().isoformat(), "text": said}
        write_correction(round_, shown[-1], draft, reason_now, rulings.amendments(round_))
        analysis.compute(draft, _previous(round_, settings), shown)
    return target


def amend_round(code: str, settings: Settings) -> Path | None:
    """Compute the next version with every ruling that the newest one does not hold; None where none waits.

    Raises NotComputed, AnalysisRefused; then no version is added.
    """
    round_, known = store.get_round(code), versions.folders(code, settings)
    waiting = rulings.waiting(round_, releases.computed(known[-1]))
    if not waiting:
        return None
    target = settings.rounds / code / f"v{len(known) + 1}"
    with versions.written_whole(target) as draft:
        write_amended(known[-1], draft, waiting)
        analysis.compute(draft, _previous(round_, settings), known)
    return target


def _previous(round_: store.Round, settings: Settings) -> list[Path]:
    """The published releases of rounds that closed before this one: what change is measured against."""
    found = [(code, versions.published(code, settings)) for code in _earlier(round_)]
    return [folder or settings.rounds / code for code, folder in found]


def _earlier(round_: store.Round) -> list[str]:
    """Published rounds of the same kind that closed before this one, in their order."""
    before = [
        other.code
        for other in store.list_rounds()
        if (other.status, other.instrument) == (rounds.PUBLISHED, round_.instrument)
        and other.closes_on < round_.closes_on
    ]
    return before[::-1]


def require_shown(round_: store.Round, reason: str, *, by: str, settings: Settings, now: datetime) -> None:
    """Units see their draft before anybody else sees the result; who goes past that says why, and it is written down.

    Raises NotComputed, NotShownToUnits.
    """
    versions.folders(round_.code, settings)
    if round_.status != rounds.CLOSED or drafts.shown(round_):
        return
    if not reason.strip():
        raise NotShownToUnits
    with write():
        detail = {"reason": reason.strip()}
        audit.record(actor=by, action="round.unseen", subject=f"rounds/{round_.code}", detail=detail, now=now)


def publish_round(code: str, settings: Settings, now: datetime, progress: Progress) -> BuildReport:
    """Check the newest version against its frozen folder, copy it to the pages with objections, rebuild the site.

    Raises what `standing.require_ready` raises where units have been shown a draft.
    """
    round_ = store.get_round(code)
    rounds.require_move(round_.status, rounds.PUBLISHED)
    folder = _release_of(code, settings)
    standing.require_ready(round_, settings, now.date())
    progress(N_("核对结果"))
    analysis.check(folder, _beside(folder, round_, settings), versions.before(folder, code, settings))
    with versions.put_back_on_failure(settings.pages / "results" / code):
        rulings.write_page(round_, settings, now.date())
        analysis.publish(folder, settings.pages, published_on=now.date().isoformat())
        report = build_site(settings, progress, now.date())
    store.mark_published(code, now=now)
    return report


def _beside(folder: Path, round_: store.Round, settings: Settings) -> list[Path]:
    """A new version must stand beside what is published now; one that is public beside what it was computed with."""
    if folder != versions.published(round_.code, settings):
        return _previous(round_, settings)
    candidates = [version for code in _earlier(round_) for version in versions.folders(code, settings)]
    return versions.compared_with(folder, candidates)


def write_notice(code: str, out: Path, settings: Settings, *, facts: Path | None, brief: bool) -> str:
    """Write the Word notice or brief of a computed round. Raises NotComputed, PaperRefused."""
    return analysis.write_notice(_release_of(code, settings), out, facts, brief=brief)


def check_notice(code: str, file: Path, settings: Settings) -> tuple[bool, str]:
    """Whether the figures of a Word notice are those of the round's release. Raises NotComputed, PaperRefused."""
    return analysis.check_notice(_release_of(code, settings), file)


def _release_of(code: str, settings: Settings) -> Path:
    """The folder of the newest version."""
    store.get_round(code)
    return versions.folders(code, settings)[-1]


def _amendments(round_: store.Round, reason: str | None, now: datetime) -> list[dict[str, str]]:
    today = now.date()
    if today > round_.closes_on:
        return []
    said = " ".join((reason or "").split())
    if not said:
        raise EarlyCloseNeedsReason(closes_on=round_.closes_on)
    return [{"on": today.isoformat(), "text": said}]
