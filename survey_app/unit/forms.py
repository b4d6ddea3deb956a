"""Forms made from a kind's schema. WTForms takes what was sent apart and says what cannot be kept at all; everything
else is said by the same checks that guard the site. Templates draw the boxes.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FieldList, Form, FormField, StringField, ValidationError

from survey_app.domain import typed
from survey_app.domain.errors import Finding, Refusal
from survey_app.publishing.revisions.fields import ITEM, FieldSpec
from survey_app.web.language import say

NONE = "-none"  # the box that says an empty list is meant
WHOLE = re.compile(r"[+-]?\d+")
ROW = re.compile(r"(?P<rows>[a-z_]+(?:-[a-z_]+)*)-(?P<number>\d+)(?:-|$)")  # materials-3-name, requests-outcomes-3-what
MOST_DRAWN = 1_200  # all rows of a form together: six times what one list may have
FRACTION = re.compile(r"[+-]?\d+\.\d+")
Data = dict[str, Any]
Errors = dict[str, list[str]]


class TextBox(StringField):
    """Any text, a number, a day or a choice: kept as typed, so that nothing is lost where it is wrong."""

    def process_data(self, value: Any) -> None:
        """What the page has; a list becomes one line each."""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed."""
        if valuelist:
            self.data = valuelist[0]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # WTForms' signature
        """Only what can be stored and shown exactly."""
        try:
            typed.require_plain(str(self.data or ""))
        except Refusal as refusal:
            raise ValidationError(refusal.text(say)) from refusal


class ChecksBox(Field):
    """Several of a few."""

    data: list[str]

    def process_data(self, value: Any) -> None:
        """What the page has."""
        self.data = [str(one) for one in value] if isinstance(value, list) else []

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was ticked."""
        self.data = [one for one in valuelist if one]


class Rows(FieldList):  # type: ignore[type-arg]  # generic for the type checker alone
    """A repeating group; more rows than anybody reads are said, not cut."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """The rows' own errors stay with the rows."""
        fine = super().validate(form, extra_validators)
        self.errors = [error for error in self.errors if isinstance(error, str)]
        try:
            typed.require_rows(len(self.entries))
        except Refusal as refusal:
            self.errors = [*self.errors, refusal.text(say)]
        return fine and not self.errors


@lru_cache(maxsize=64)
def form_class(fields: tuple[FieldSpec, ...]) -> type[Form]:
    """The WTForms class of these fields."""
    made: dict[str, Any] = {}
    for field in fields:
        made[field.name] = _unbound(field)
        if field.keeps_empty:
            made[field.name + NONE] = BooleanField()
    return type("PageForm", (Form,), made)


def _unbound(field: FieldSpec) -> Any:
    if field.shape == "checkbox":
        return BooleanField()
    if field.shape == "checks":
        return ChecksBox()
    if field.shape == "group":
        return FormField(form_class(field.parts))
    if field.shape == "rows":
        single = field.part(ITEM)
        return Rows(_unbound(single) if single else FormField(form_class(field.parts)))
    return TextBox()


def draw(fields: tuple[FieldSpec, ...], data: Mapping[str, Any], sent: MultiDict[str, str] | None = None) -> Form:
    """The form with what the page says, or with what was sent. Raises TooManyRows before a box is made."""
    typed.require_rows(_rows_sent(sent) if sent is not None else _rows_in(fields, data), most=MOST_DRAWN)
    if sent is not None:
        return form_class(fields)(sent)
    return form_class(fields)(data=as_typed(fields, data))


def _rows_sent(sent: Iterable[str]) -> int:
    found = (ROW.match(name) for name in sent)
    return len({(row["rows"], row["number"]) for row in found if row})


def _rows_in(fields: Sequence[FieldSpec], data: Mapping[str, Any]) -> int:
    values = [(field, data.get(field.name)) for field in fields]
    own = sum(len(value) for field, value in values if field.shape == "rows" and isinstance(value, list))
    return own + sum(_rows_in(field.parts, value) for field, value in values if isinstance(value, dict))


def as_typed(fields: Sequence[FieldSpec], data: Mapping[str, Any]) -> Data:
    """A page's data as its form holds them."""
    found: Data = {}
    for field in fields:
        value = data.get(field.name)
        found[field.name] = _as_typed(field, value)
        if field.keeps_empty:
            found[field.name + NONE] = value == []
    return found


def _as_typed(field: FieldSpec, value: Any) -> Any:
    if field.shape == "group":
        return as_typed(field.parts, value if isinstance(value, dict) else {})
    if field.shape == "rows":
        rows = value if isinstance(value, list) else []
        single = field.part(ITEM) is not None
        return rows if single else [as_typed(field.parts, row if isinstance(row, dict) else {}) for row in rows]
    if field.shape == "lines":
        return "\n".join(" ".join(str(line).split("\n")) for line in value) if isinstance(value, list) else value or ""
    if field.shape == "points":
        rows = value if isinstance(value, list) else []
        return "\n".join(",".join(str(number) for number in point) for point in rows if isinstance(point, list))
    if field.shape in ("checkbox", "checks"):
        return value
    return "" if value is None else str(value)


def cleaned(fields: Sequence[FieldSpec], raw: Mapping[str, Any]) -> Data:
    """What was typed as a page's data: blanks at the ends and empty answers are gone, numbers are numbers."""
    found: Data = {}
    for field in fields:
        value = _cleaned(field, raw.get(field.name))
        if field.keeps_empty and value is None and raw.get(field.name + NONE):
            value = []
        if value is not None:
            found[field.name] = value
    return found


def as_before(fields: Sequence[FieldSpec], base: Mapping[str, Any], data: Data) -> Data:
    """What was typed, in the page's own spelling wherever it says the same: a save without a change changes nothing."""
    found = {name: _as_before(base.get(name), value) for name, value in data.items()}
    for field in fields:
        was, now = base.get(field.name), found.get(field.name)
        if (
            field.shape == "checks"
            and isinstance(was, list)
            and isinstance(now, list)
            and set(map(str, was)) == set(now)
        ):
            found[field.name] = was
    return found


def _as_before(old: Any, new: Any) -> Any:
    if isinstance(old, str) and isinstance(new, str):
        return old if typed.tidy_text(old) == new else new
    if isinstance(old, dict) and isinstance(new, dict):
        made = {key: _as_before(old.get(key), value) for key, value in new.items()}
        return old if made == old else made
    if isinstance(old, list) and isinstance(new, list):
        same = [_as_before(*pair) for pair in zip(old, new, strict=False)]
        return [*same, *new[len(same) :]]
    return new


def _cleaned(field: FieldSpec, raw: Any) -> Any:
    """The value, or None where nothing was answered."""
    if field.shape == "group":
        return _kept(cleaned(field.parts, raw or {}))
    if field.shape == "rows":
        return _rows(field, raw or []) or None
    if field.shape == "lines":
        lines = (line.strip() for line in typed.tidy_text(str(raw or "")).split("\n"))
        return [line for line in lines if line] or None
    if field.shape == "points":
        return [_point(line) for line in typed.tidy_text(str(raw or "")).split("\n") if line.strip()] or None
    if field.shape == "checkbox":
        return True if raw else (False if field.required else None)
    if field.shape == "checks":
        return [value for value, _label in field.choices if value in (raw or [])] or None
    text = typed.tidy_text(str(raw or ""))
    return (number(text, whole=field.whole) if field.shape == "number" else text) if text else None


def _rows(field: FieldSpec, raw: Sequence[Any]) -> list[Any]:
    single = field.part(ITEM)
    if single:
        return [value for value in (_cleaned(single, one) for one in raw) if value is not None]
    return [row for row in (_kept(cleaned(field.parts, one or {})) for one in raw) if row is not None]


def _kept(row: Data) -> Data | None:
    """A group or row in which something was answered: an unticked box is no answer."""
    return row if any(value is not False for value in row.values()) else None


def number(text: str, *, whole: bool) -> int | float | str:
    """A number in any digits; what is none stays as typed, for the checks to speak of."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if WHOLE.fullmatch(plain) and len(plain) < 19:
        return int(plain)
    return float(plain) if FRACTION.fullmatch(plain) and not whole and len(plain) < 19 else text


def _point(line: str) -> list[Any]:
    parts = re.split(r"[,，、\s]+", line.strip())
    return [number(part, whole=False) for part in parts if part]


def errors_of(form: Form) -> Errors:
    """What cannot be kept at all, by field name."""
    found: Errors = {}
    for field in form:
        found |= _field_errors(field)
    return found


def _field_errors(field: Any) -> Errors:
    own = {field.name: [error for error in field.errors if isinstance(error, str)]}
    found = {name: errors for name, errors in own.items() if errors}
    if isinstance(field, FormField):
        return {**found, **errors_of(field.form)} if not isinstance(field.errors, list) else found
    for entry in getattr(field, "entries", []):
        found |= _field_errors(entry)
    return found


def place_of(fields: Sequence[FieldSpec], at: Sequence[str | int]) -> str:
    """The name of the box a finding speaks of; empty where the form has none."""
    if not at:
        return ""
    field = next((field for field in fields if field.name == at[0]), None)
    if field is None:
        return ""
    return "-".join([field.name, *_inside(field, at[1:])])


def _inside(field: FieldSpec, at: Sequence[str | int]) -> list[str]:
    if not at or field.shape in ("lines", "points", "checks"):
        return []
    if field.shape == "rows":
        return [str(at[0]), *(_parts(field, at[1:]) if field.part(ITEM) is None else [])]
    return _parts(field, at)


def _parts(field: FieldSpec, at: Sequence[str | int]) -> list[str]:
    part = field.part(str(at[0])) if at else None
    return [part.name, *_inside(part, at[1:])] if part else []


def by_place(fields: Sequence[FieldSpec], findings: Sequence[Finding]) -> tuple[Errors, list[tuple[str, Finding]]]:
    """Errors by box, and all findings with the box they speak of, errors first."""
    placed = [(place_of(fields, finding.at), finding) for finding in findings]
    errors: Errors = {}
    for place, finding in placed:
        if place and finding.level == "error":
            errors.setdefault(place, []).append(finding.text(say))
    return errors, sorted(placed, key=lambda one: one[1].level != "error")
