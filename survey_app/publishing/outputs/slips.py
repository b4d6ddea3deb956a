"""Slips with visit codes to be cut out: what the window gives to a person who has been served. Two by six on A4.

The same means as the posters: nothing embedded, a typeface that every reader of PDF replaces.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from survey_app.publishing.outputs.flow import wrap
from survey_app.publishing.outputs.pdf import HIGH, INK, MM, WIDE, font
from survey_app.publishing.outputs.qr import matrix, strokes

ACROSS, DOWN = 2, 6
EDGE = 8
BROAD, TALL = (WIDE - 2 * EDGE) / ACROSS, (HIGH - 2 * EDGE) / DOWN
CODE = 30  # the QR code: read from a hand's breadth
PER_SHEET = ACROSS * DOWN


@dataclass(frozen=True)
class Slip:
    """What is on every slip of a batch: whose service, which, until when, and where it is rated (or nothing)."""

    owner: str
    title: str
    until: str
    address: str


def slips_pdf(slip: Slip, codes: Sequence[str]) -> bytes:
    """Sheets with one slip a code, in the order given; `codes` as they are spoken."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE * MM, HIGH * MM), invariant=1)
    canvas.setTitle(slip.title)
    for number, code in enumerate(codes):
        place = number % PER_SHEET
        if number and not place:
            canvas.showPage()
        left, top = EDGE + place % ACROSS * BROAD, EDGE + place // ACROSS * TALL
        _slip(canvas, slip, code, left, top)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _slip(canvas: Canvas, slip: Slip, code: str, left: float, top: float) -> None:
    canvas.setStrokeColor("#888888")
    canvas.setDash(2, 2)
    canvas.rect(left * MM, (HIGH - top - TALL) * MM, BROAD * MM, TALL * MM, stroke=1, fill=0)
    canvas.setDash()
    beside = left + 4
    if slip.address:
        _qr(canvas, f"{slip.address}#{code.replace('-', '')}", left + 4, top + (TALL - CODE) / 2)
        beside += CODE + 3
    _words(canvas, slip, code, beside, top + 4, left + BROAD - 3 - beside)


def _words(canvas: Canvas, slip: Slip, code: str, left: float, top: float, room: float) -> None:
    how = "扫码评，或在网上填这个码" if slip.address else "在网上这件事的页面填这个码"
    lines = [(3.4, line) for line in _cut(wrap(slip.owner, room / 3.4), 1)]
    lines += [(4.4, line) for line in _cut(wrap(slip.title, room / 4.4), 2)]
    lines.append((5.6, code))
    lines += [(2.9, text) for text in (how, f"回家再评也可以，用到{slip.until}", "只能用一次，评过不能改")]
    for height, line in lines:
        canvas.setFillColor(INK)
        canvas.setFont("Courier-Bold" if line == code else font(), height * MM)
        canvas.drawString(left * MM, (HIGH - top - height) * MM, line)
        top += height * 1.5


def _cut(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def _qr(canvas: Canvas, address: str, left: float, top: float) -> None:
    unit = CODE / len(matrix(address)) * MM
    strips = " ".join(f"{x} {y} {length} 1 re" for x, y, length in strokes(address))
    place = f"{left * MM:.3f} {(HIGH - top) * MM:.3f}"
    canvas.addLiteral(f"q {unit:.4f} 0 0 {-unit:.4f} {place} cm 0 g {strips} f Q")
