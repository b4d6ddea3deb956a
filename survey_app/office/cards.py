"""Voting cards on A4, eight a sheet, each with QR code, code and plain words; made without a database.

Cards are larger than bank cards on purpose: their smallest text is 10 points, for readers of seventy.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reportlab.pdfgen.canvas import Canvas

from survey_app.domain.batches import MadeBatch, Terms
from survey_app.domain.codes import spoken
from survey_app.domain.errors import day_words
from survey_app.domain.rounds import PHONE
from survey_app.publishing.outputs.flow import width_of, wrap
from survey_app.publishing.outputs.pdf import HIGH, MM, TYPED, WIDE, put_code, put_line
from survey_app.publishing.outputs.qr import secret_code

ACROSS, DOWN = 2, 4
CARD_W, CARD_H = 95.0, 67.0
LEFT, TOP = (WIDE - ACROSS * CARD_W) / 2, (HIGH - DOWN * CARD_H) / 2
INSIDE, QR = 4.5, 30.0
SMALL, CODE_SIZE = 3.55, 7.4  # millimetres: 10 and 21 points
TICK = 4.0


@dataclass(frozen=True)
class CardWords:
    """What all cards of a batch say; only the code differs."""

    title: str
    round_line: str
    where: str  # address without a scheme, for those who type it
    link: str  # address before the code, for the QR code; empty without an address
    foot: str
    label: str


def words_of(terms: Terms, batch: MadeBatch) -> CardWords:
    """The words of a batch's cards, in Chinese: they go to the people."""
    unit, group = terms.unit_zh(batch.scope.unit_slug), terms.group_zh(batch.scope.group)
    times = "一张卡评一次" if unit else "一张卡每个单位评一次"
    day = day_words(date.fromisoformat(terms.closes_on)).partition("年")[2]
    return CardWords(
        title=f"请评议：{unit}" if unit else "请评议您办过事的单位",
        round_line=f"{terms.round_name}　{group}" + ("　电话访问用" if batch.scope.channel == PHONE else ""),
        where=f"{terms.address.partition('://')[2]}r",
        link=f"{terms.address}r#" if terms.address else "",
        foot=f"{times}，不记名。回家再评也可以。到{day}为止可以凭回执码修改，以最后一次为准。有人要您打满意，请打12388。",
        label=f"第{batch.label}批",
    )


def cards_pdf(terms: Terms, batch: MadeBatch) -> bytes:
    """The sheets of a batch. The same batch gives the same bytes: no clock in the file."""
    words, out = words_of(terms, batch), io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE * MM, HIGH * MM), invariant=1, pageCompression=1)
    canvas.setTitle(f"评议卡　{words.label}")
    for sheet in _sheets(batch.codes):
        cut_marks(canvas, CARD_W, CARD_H, ACROSS, DOWN)
        for place, code in enumerate(sheet):
            _card(canvas, LEFT + place % ACROSS * CARD_W, TOP + place // ACROSS * CARD_H, words, code)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheets(codes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(codes), ACROSS * DOWN):
        yield codes[start : start + ACROSS * DOWN]


def cut_marks(canvas: Canvas, wide: float, high: float, across: int, down: int) -> None:
    """Ticks in the margins where the knife goes, and a thin dashed line for scissors."""
    left, top = (WIDE - across * wide) / 2, (HIGH - down * high) / 2
    right, bottom = WIDE - left, HIGH - top
    canvas.setStrokeColor("#000000")
    canvas.setLineWidth(0.3)
    for x in (left + at * wide for at in range(across + 1)):
        _lines(canvas, (x, top - TICK - 1, x, top - 1), (x, bottom + 1, x, bottom + TICK + 1))
    for y in (top + at * high for at in range(down + 1)):
        _lines(canvas, (left - TICK - 1, y, left - 1, y), (right + 1, y, right + TICK + 1, y))
    canvas.setDash(1, 3)
    for at in range(1, across):
        _lines(canvas, (left + at * wide, top, left + at * wide, bottom))
    for at in range(1, down):
        _lines(canvas, (left, top + at * high, right, top + at * high))
    canvas.setDash()


def _lines(canvas: Canvas, *lines: tuple[float, float, float, float]) -> None:
    for x1, y1, x2, y2 in lines:
        canvas.line(x1 * MM, (HIGH - y1) * MM, x2 * MM, (HIGH - y2) * MM)


def _card(canvas: Canvas, left: float, top: float, words: CardWords, code: str) -> None:
    x, y, room = left + INSIDE, top + INSIDE, CARD_W - 2 * INSIDE
    y_code = y + _head(canvas, x, y, room, words)
    if words.link:
        put_code(canvas, x, y_code, QR, *secret_code(words.link + code))
    start, beside = (x + QR + 4, room - QR - 4) if words.link else (x, room)
    put_line(canvas, start, y_code + 5, SMALL, f"评议码　　　{words.label}")
    put_line(canvas, start, y_code + 13, min(CODE_SIZE, beside / 6.7), spoken(code), name=TYPED)
    _beside(canvas, start, y_code + 19, beside, words)
    canvas.setLineWidth(0.4)
    _lines(canvas, (x, y + 48, x + room, y + 48))
    for at, line in enumerate(wrap(words.foot, room / SMALL)):
        put_line(canvas, x, y + 52 + at * 4.3, SMALL, line)


def _head(canvas: Canvas, x: float, y: float, room: float, words: CardWords) -> float:
    """Title, in two lines where it is long, and round; returns where the QR code begins below them."""
    size = 5.2 if width_of(words.title) * 5.2 <= room else 4.2
    titles = wrap(words.title, room / size)[:2]
    for at, line in enumerate(titles):
        put_line(canvas, x, y + 4.6 + at * 4.9, size, line, bold=True)
    below = 5.0 * (len(titles) - 1)
    put_line(canvas, x, y + 10 + below, min(SMALL, room / width_of(words.round_line)), words.round_line)
    return 12 + below


def _beside(canvas: Canvas, x: float, y: float, room: float, words: CardWords) -> None:
    call = "用手机扫左边的码，或打开：" if words.link else "打开评议网站，输入评议码。"
    put_line(canvas, x, y, SMALL, call)
    if words.link:
        put_line(canvas, x, y + 5, min(SMALL, room / width_of(words.where)), words.where)
        put_line(canvas, x, y + 10, SMALL, "再输入评议码。")
