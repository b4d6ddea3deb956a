"""Paper questionnaires (纸质征求意见卡): the frozen questions to tick, two on an A4 sheet.

The card's number is its voting code. Before each level stands the digit that a clerk types for it.
"""

import io
from datetime import date

from reportlab.pdfgen.canvas import Canvas

from survey_app.domain import scale
from survey_app.domain.batches import MadeBatch, Terms
from survey_app.domain.codes import spoken
from survey_app.domain.errors import day_words
from survey_app.office.cards import cut_marks
from survey_app.publishing.outputs.flow import width_of, wrap
from survey_app.publishing.outputs.pdf import HIGH, MM, TYPED, WIDE, put_code, put_line, width
from survey_app.publishing.outputs.qr import secret_code

EDGE = 12.0
TEXT, HINT, HEAD = 3.7, 2.9, 3.2
QUESTION_W = 66.0
QR = 22.0
MOST_ON_HALF = 9  # questions that half a sheet has room for
BOX = 4.2
TALLEST_ROW = 13.0


def questionnaire_pdf(terms: Terms, batch: MadeBatch) -> bytes:
    """The sheets of a batch. The same batch gives the same bytes: no clock in the file."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE * MM, HIGH * MM), invariant=1, pageCompression=1)
    canvas.setTitle(f"纸质征求意见卡　第{batch.label}批")
    on_sheet = 2 if len(terms.dimensions) <= MOST_ON_HALF else 1
    high = HIGH / on_sheet
    for start in range(0, len(batch.codes), on_sheet):
        cut_marks(canvas, WIDE - 2 * 6, HIGH - 2 * 6, 1, on_sheet)
        for place, code in enumerate(batch.codes[start : start + on_sheet]):
            _card(canvas, place * high, high, terms, batch, code)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _card(canvas: Canvas, top: float, high: float, terms: Terms, batch: MadeBatch, code: str) -> None:
    below = _head(canvas, top + EDGE, terms, batch, code)
    foot = _foot_lines(terms, bool(batch.scope.unit_slug))
    bottom = top + high - EDGE - len(foot) * 4.6
    rows = len(terms.dimensions)
    row = min(TALLEST_ROW, (bottom - 3 - below - 6) / rows)
    _table(canvas, below, row, terms)
    for at, line in enumerate(foot):
        put_line(canvas, EDGE, bottom + 3.5 + at * 4.6, TEXT - 0.2, line)


def _head(canvas: Canvas, y: float, terms: Terms, batch: MadeBatch, code: str) -> float:
    """Title, unit, how to fill it in; number and QR code on the right. Returns where the table begins."""
    unit = terms.unit_zh(batch.scope.unit_slug)
    put_line(canvas, EDGE, y + 5, 6, "征求意见卡", bold=True)
    named = f"{terms.round_name}　{terms.group_zh(batch.scope.group)}　第{batch.label}批"
    room = WIDE - 2 * EDGE - 64
    put_line(canvas, EDGE, y + 11.5, min(TEXT, room / width_of(named)), named)
    asked = f"请评议：{unit}" if unit else "请评议（写单位名称）：____________________"
    put_line(canvas, EDGE, y + 18.5, min(4.8, room / width_of(asked)), asked, bold=bool(unit))
    how = "每行选一格打√。没接触过的选“不了解”，不影响得分；不想答的可以空着。不要写姓名。"
    for at, line in enumerate(wrap(how, room / TEXT)):
        put_line(canvas, EDGE, y + 25 + at * 4.8, TEXT, line)
    _number(canvas, y, terms, code)
    return y + 34


def _number(canvas: Canvas, y: float, terms: Terms, code: str) -> None:
    right = WIDE - EDGE
    start = right - QR - 40
    if terms.address:
        put_code(canvas, right - QR, y, QR, *secret_code(f"{terms.address}r#{code}"))
    put_line(canvas, start, y + 5, HEAD, "卡号（也是评议码）")
    put_line(canvas, start, y + 12, 5.6, spoken(code), name=TYPED)
    if terms.address:
        where = f"{terms.address.partition('://')[2]}r"
        put_line(canvas, right - QR - 40, y + 17, min(HEAD, 38 / width_of(where)), where)


def _table(canvas: Canvas, y: float, row: float, terms: Terms) -> None:
    cell = (WIDE - 2 * EDGE - QUESTION_W) / len(scale.LEVELS)
    for at, (level, word) in enumerate(scale.LEVELS.items()):
        middle = EDGE + QUESTION_W + (at + 0.5) * cell
        head = f"{level} {word}"
        put_line(canvas, middle - width(head, HEAD) / 2, y + 4, HEAD, head)
    canvas.setLineWidth(0.5)
    _rule(canvas, y + 6)
    canvas.setLineWidth(0.25)
    for at, named in enumerate(terms.dimensions):
        top = y + 6 + at * row
        _question(canvas, top, row, at + 1, named.zh, scale.HINTS.get(named.code, ""))
        for place in range(len(scale.LEVELS)):
            left = EDGE + QUESTION_W + (place + 0.5) * cell - BOX / 2
            canvas.rect(left * MM, (HIGH - top - row / 2 - BOX / 2) * MM, BOX * MM, BOX * MM)
        _rule(canvas, top + row)


def _question(canvas: Canvas, top: float, row: float, number: int, name: str, hint: str) -> None:
    first = top + row / 2 + (0 if hint else TEXT / 3)
    put_line(canvas, EDGE, first, TEXT + 0.2, f"{number}　{name}", bold=True)
    if hint:
        put_line(canvas, EDGE + 6, first + 3.6, min(HINT, (QUESTION_W - 8) / width_of(hint)), hint)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.line(EDGE * MM, (HIGH - y) * MM, (WIDE - EDGE) * MM, (HIGH - y) * MM)


def _foot_lines(terms: Terms, one_unit: bool) -> list[str]:
    day = day_words(date.fromisoformat(terms.closes_on)).partition("年")[2]
    way = "扫右上角的码或打开上面的网址，输入卡号" if terms.address else "打开评议网站，输入卡号"
    text = (
        f"填好后对折，投入意见箱。也可以带回家，{way}自己评，到{day}为止；交卡和上网只算一次，以先到的为准。"
        "本卡由两人各录一遍，核对一致才计票，票里没有卡号。有人要您打满意，请打12388。"
    )
    return wrap(text if one_unit else f"一张卡评一个单位。{text}", (WIDE - 2 * EDGE) / (TEXT - 0.2))
