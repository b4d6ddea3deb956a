"""The verbs of an issuer: make a batch and its one file, here or on a computer without a database."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from survey_app.config import Keys, Settings, load_keys
from survey_app.domain import batches as rules
from survey_app.domain import codes as code_words
from survey_app.domain.batches import Kit, MadeBatch, Scope, Terms
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import PAPER
from survey_app.files import sync_folder, write_atomically
from survey_app.office.cards import cards_pdf
from survey_app.office.gateway import gateway_csv
from survey_app.office.questionnaire import questionnaire_pdf
from survey_app.publishing.pages import Page, parse_page
from survey_app.store import batches, codes
from survey_app.store.rounds import get_round

CARDS, MESSAGES = "cards", "messages"
PDF, CSV = "application/pdf", "text/csv; charset=utf-8"


class NoMessageForPaper(Refusal):
    code, status = "paper-by-message", 422
    message = N_("纸质征求意见卡要印出来填，不能用短信发。请选“卡片”，或换一个渠道。")


class KindUnknown(Refusal):
    code, status = "kind-unknown", 422
    message = N_("请选做成卡片还是短信。")


class FolderTaken(Refusal):
    code, status = "folder-taken", 409
    message = N_("%(folder)s已经存在，没有覆盖。请换一个文件夹名。")


@dataclass(frozen=True)
class Sheet:
    """The one file in which codes stand in clear."""

    name: str
    mimetype: str
    content: bytes


@dataclass(frozen=True)
class Ordered:
    """What somebody asks for: codes of a scope, as cards or messages, in place of an earlier batch or of none."""

    scope: Scope
    count: int
    kind: str = CARDS
    label: str = ""
    replaces: str = ""
    reason: str = ""


def portal_address(pages: Path) -> str:
    """The portal's address with a slash at its end, as the district's home page says it; or nothing."""
    home = pages / "index.md"
    page = parse_page(home.name, home.read_bytes()) if home.is_file() else None
    address = str(page.data.get("address", "")) if isinstance(page, Page) else ""
    return address and address.rstrip("/") + "/"


def sheet_of(terms: Terms, made: MadeBatch, kind: str) -> Sheet:
    """Cards, questionnaires or messages of a batch. Raises NoMessageForPaper, KindUnknown."""
    if kind not in (CARDS, MESSAGES):
        raise KindUnknown
    if made.scope.channel == PAPER:
        if kind == MESSAGES:
            raise NoMessageForPaper
        return Sheet(f"{terms.round_code}-{made.label}-paper.pdf", PDF, questionnaire_pdf(terms, made))
    if kind == MESSAGES:
        return Sheet(f"{terms.round_code}-{made.label}-messages.csv", CSV, gateway_csv(terms, made))
    return Sheet(f"{terms.round_code}-{made.label}-cards.pdf", PDF, cards_pdf(terms, made))


def issue(
    round_code: str,
    ordered: Ordered,
    *,
    settings: Settings,
    keys: Keys,
    actor: str,
    now: datetime,
    today: date,
    keep: Callable[[Sheet], None] = lambda _sheet: None,
) -> tuple[MadeBatch, Sheet]:
    """Make a batch on the server: its file first, given to `keep`, then its tags. Nothing is half-done.

    Raises what `store_batch` and `void_batch` raise, NoMessageForPaper, KindUnknown.
    """
    terms = batches.terms_of(get_round(round_code), portal_address(settings.pages))
    made = rules.make_batch(terms, ordered.scope, ordered.count, ordered.label)
    sheet = sheet_of(terms, made, ordered.kind)
    keep(sheet)
    tagged = codes.tags_of(made, round_code=round_code, keys=keys)
    if ordered.replaces:
        batches.replace_batch(
            tagged, replaces=ordered.replaces, reason=ordered.reason, actor=actor, now=now, today=today
        )
    else:
        batches.store_batch(tagged, actor=actor, now=now, today=today)
    return made, sheet


def hand_out_kit(round_code: str, *, address: str, settings: Settings, actor: str, now: datetime) -> str:
    """The issuer's file of a round as text."""
    key = code_words.issue_key(load_keys(settings.keys).admit, round_code=round_code)
    kit = batches.hand_out_key(round_code, address or portal_address(settings.pages), key, actor=actor, now=now)
    return rules.kit_text(kit)


def make_elsewhere(kit: Kit, ordered: Ordered, folder: Path, *, with_messages: bool) -> list[Path]:
    """Make a batch without database and server keys: cards, messages if wanted, tags, in a folder that is new.

    Raises FolderTaken and the refusals of `make_batch`; no folder is left then.
    """
    if folder.exists():
        raise FolderTaken(folder=folder)
    made = rules.make_batch(kit.terms, ordered.scope, ordered.count)
    sheets = [sheet_of(kit.terms, made, CARDS)]
    if with_messages:
        sheets.append(sheet_of(kit.terms, made, MESSAGES))
    tagged = rules.tagged(made, round_code=kit.terms.round_code, issue_key=kit.issue_key)
    tags = rules.tags_text(tagged, kit.issue_key).encode()
    sheets.append(Sheet(f"{kit.terms.round_code}-{made.label}-tags.json", "application/json", tags))
    return _write_folder(folder, sheets)


def import_tags(
    file: Path, *, keys: Keys, actor: str, now: datetime, today: date, most_bytes: int = 64 * 1024 * 1024
) -> rules.TaggedBatch:
    """Take a tags file made elsewhere. Raises TagsUnreadable, TagsAltered and what `store_batch` raises."""
    if file.stat().st_size > most_bytes:
        raise rules.TagsUnreadable(file=file.name)
    return import_tags_text(file.read_bytes(), file=file.name, keys=keys, actor=actor, now=now, today=today)


def import_tags_text(raw: bytes, *, file: str, keys: Keys, actor: str, now: datetime, today: date) -> rules.TaggedBatch:
    """The same for a file that came with a form."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise rules.TagsUnreadable(file=file) from error
    round_code = get_round(rules.round_of_tags(text, file=file)).code
    key = code_words.issue_key(keys.admit, round_code=round_code)
    batch = rules.read_tags(text, key, file=file)
    batches.store_batch(batch, actor=actor, now=now, today=today)
    return batch


def _write_folder(folder: Path, sheets: list[Sheet]) -> list[Path]:
    """All files beside the target, then one rename."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    try:
        for sheet in sheets:
            write_atomically(draft / sheet.name, sheet.content, mode=0o600)
        draft.rename(folder)
    except BaseException:
        for left in draft.iterdir() if draft.exists() else ():
            left.unlink()
        draft.rmdir()
        raise
    sync_folder(folder.parent)
    return [folder / sheet.name for sheet in sheets]
