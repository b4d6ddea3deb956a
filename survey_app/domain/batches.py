"""Batches of codes: what an issuer holds of a round, and what the server takes of a batch made elsewhere.

Both are small JSON files. The issuer's file lets its holder make codes and nothing else; the tags file admits codes and
tells nobody which. Its seal, made with the issue key, shows that it is whole and comes from the issuer.
"""

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from survey_app.domain import codes
from survey_app.domain.audit import canonical_json
from survey_app.domain.checksign import ALPHABET
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import Named, UnitNotRated

KIT_FORMAT, TAGS_FORMAT = "pingyi-issue-v1", "pingyi-tags-v1"
LABEL_SIGNS = 4
TAG_BYTES = 32
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class BatchTooSmall(Refusal):
    code, status = "batch-small", 422
    message = N_("一批至少%(min_n)s个评议码，这次只要了%(count)s个。太少了会让人猜出是谁评的。")


class GroupUnknown(Refusal):
    code, status = "group-unknown", 422
    message = N_("这一轮没有“%(group)s”这个评议主体，可用的是：%(known)s。")


class ChannelUnknown(Refusal):
    code, status = "channel-unknown", 422
    message = N_("评议码不能用于渠道“%(channel)s”，可用的是：%(known)s。")


class KitUnreadable(Refusal):
    code, status = "kit-unreadable", 422
    message = N_("%(file)s不是发码文件，或已经损坏。请在服务器上用 pingyi codes key 重新取一份。")


class TagsUnreadable(Refusal):
    code, status = "tags-unreadable", 422
    message = N_("%(file)s不是评议码标签文件，或已经损坏。什么都没有导入。请换发码人那里的原件再试。")


class TagsAltered(Refusal):
    code, status = "tags-altered", 422
    message = N_("%(file)s的封签对不上：不是这一轮的发码文件做的，或做好以后被改过。什么都没有导入。")


@dataclass(frozen=True)
class Scope:
    """What the codes of a batch are for: a group, a channel, and one unit or any ("")."""

    group: str
    channel: str
    unit_slug: str = ""


@dataclass(frozen=True)
class Terms:
    """What a round asks of its batches, and what its cards say."""

    round_code: str
    round_name: str
    closes_on: str  # ISO day
    min_n: int
    groups: tuple[Named, ...]
    channels: tuple[str, ...]
    units: tuple[tuple[str, str], ...]  # slug, name
    dimensions: tuple[Named, ...]
    address: str = ""  # of the portal, with a slash at its end; cards without it have no QR code

    def unit_zh(self, slug: str) -> str:
        """The unit's name, nothing for any unit. Raises UnitNotRated."""
        if slug and slug not in dict(self.units):
            raise UnitNotRated(unit=slug)
        return dict(self.units).get(slug, "")

    def group_zh(self, code: str) -> str:
        """The group's name. Raises GroupUnknown."""
        known = {named.code: named.zh for named in self.groups}
        if code not in known:
            raise GroupUnknown(group=code, known="、".join(known))
        return known[code]


@dataclass(frozen=True)
class Kit:
    """The issuer's file: the round's terms and its issue key."""

    terms: Terms
    issue_key: bytes


@dataclass(frozen=True)
class MadeBatch:
    """Codes in clear on their way to paper or a gateway; `label` is printed on every card and stands in the ledger."""

    label: str
    scope: Scope
    codes: tuple[str, ...]


@dataclass(frozen=True)
class TaggedBatch:
    """What the server takes of a batch."""

    round_code: str
    label: str
    scope: Scope
    tags: tuple[bytes, ...]


def require_batch(terms: Terms, scope: Scope, count: int) -> None:
    """Raises GroupUnknown, ChannelUnknown, UnitNotRated or BatchTooSmall."""
    terms.group_zh(scope.group)
    terms.unit_zh(scope.unit_slug)
    if scope.channel not in terms.channels:
        raise ChannelUnknown(channel=scope.channel, known="、".join(terms.channels))
    if count < terms.min_n:
        raise BatchTooSmall(min_n=terms.min_n, count=count)


def new_label() -> str:
    """Four signs that name a batch on its cards and in the ledger."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LABEL_SIGNS))


def is_label(text: str) -> bool:
    """Whether `text` could be the label of a new batch."""
    return len(text) == LABEL_SIGNS and set(text) <= set(ALPHABET)


def make_batch(terms: Terms, scope: Scope, count: int, label: str = "") -> MadeBatch:
    """Fresh codes in clear. Raises what `require_batch` raises."""
    require_batch(terms, scope, count)
    return MadeBatch(label or new_label(), scope, tuple(codes.distinct_codes(count)))


def tagged(made: MadeBatch, *, round_code: str, issue_key: bytes) -> TaggedBatch:
    """The batch without its codes. The tags are sorted, so that the order of issue is nowhere kept."""
    tags = (codes.code_tag(issue_key, round_code=round_code, code=code) for code in made.codes)
    return TaggedBatch(round_code, made.label, made.scope, tuple(sorted(tags)))


def kit_text(kit: Kit) -> str:
    """The issuer's file as JSON."""
    content = {"format": KIT_FORMAT, **asdict(kit.terms), "issue_key": kit.issue_key.hex()}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_kit(text: str, *, file: str) -> Kit:
    """The inverse of `kit_text`. Raises KitUnreadable."""
    try:
        data = _object(text, KIT_FORMAT)
        key = bytes.fromhex(data.pop("issue_key"))
        for name in ("groups", "dimensions"):
            data[name] = tuple(Named(**one) for one in data[name])
        data["units"] = tuple((str(slug), str(zh)) for slug, zh in data["units"])
        terms = Terms(**{**data, "channels": tuple(data["channels"])})
        if len(key) != TAG_BYTES or type(terms.min_n) is not int:
            raise ValueError
    except _BROKEN as error:
        raise KitUnreadable(file=file) from error
    return Kit(terms, key)


def tags_text(batch: TaggedBatch, issue_key: bytes) -> str:
    """The tags file as JSON, with its seal."""
    content = _tags_content(batch)
    return json.dumps({**content, "seal": _seal(content, issue_key)}, indent=1) + "\n"


def round_of_tags(text: str, *, file: str) -> str:
    """The round that a tags file says it is for. Raises TagsUnreadable."""
    try:
        return str(_object(text, TAGS_FORMAT)["round"])
    except _BROKEN as error:
        raise TagsUnreadable(file=file) from error


def read_tags(text: str, issue_key: bytes, *, file: str) -> TaggedBatch:
    """The inverse of `tags_text`. Raises TagsUnreadable, TagsAltered."""
    try:
        data = _object(text, TAGS_FORMAT)
        seal = str(data.pop("seal"))
        batch = _batch_of(data)
        genuine = hmac.compare_digest(_seal(_tags_content(batch), issue_key).encode(), seal.encode())
    except _BROKEN as error:
        raise TagsUnreadable(file=file) from error
    if not genuine:
        raise TagsAltered(file=file)
    return batch


def _batch_of(data: Mapping[str, Any]) -> TaggedBatch:
    """Raises ValueError, TypeError or KeyError unless `data` is exactly a batch, each tag once and in order."""
    scope = Scope(str(data["group"]), str(data["channel"]), str(data["unit"]))
    tags = tuple(bytes.fromhex(tag) for tag in data["tags"])
    batch = TaggedBatch(str(data["round"]), str(data["label"]), scope, tags)
    whole = {"format": TAGS_FORMAT, **data} == _tags_content(batch) and is_label(batch.label)
    if not whole or tags != tuple(sorted(set(tags))) or any(len(tag) != TAG_BYTES for tag in tags):
        raise ValueError(TAGS_FORMAT)
    return batch


def _tags_content(batch: TaggedBatch) -> dict[str, Any]:
    scope = {"group": batch.scope.group, "channel": batch.scope.channel, "unit": batch.scope.unit_slug}
    tags: Sequence[str] = [tag.hex() for tag in batch.tags]
    return {"format": TAGS_FORMAT, "round": batch.round_code, "label": batch.label, **scope, "tags": list(tags)}


def _seal(content: Mapping[str, Any], issue_key: bytes) -> str:
    """HMAC-SHA256(issue_key, "tags-v1"|canonical JSON of the content)."""
    return hmac.digest(issue_key, f"tags-v1|{canonical_json(content)}".encode(), "sha256").hex()


def _object(text: str, wanted: str) -> dict[str, Any]:
    data = json.loads(text)
    if not isinstance(data, dict) or data.pop("format", None) != wanted:
        raise ValueError(wanted)
    return data
