"""Drawing on A4 for the printer: lines of text and QR codes, measured in millimetres from the top left corner.

The PDF names a typeface that every reader of PDF replaces by a Chinese one of its machine; nothing is embedded.
"""

from collections.abc import Iterable
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDE, HIGH = 210, 297  # A4 in millimetres
MM = 72 / 25.4
FONT = "STSong-Light"
TYPED = "Courier-Bold"  # for codes: every sign as wide as the next
INK = "#17212b"


@cache
def font() -> str:
    """The name of the Chinese typeface, known to the PDF library from here on."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT


def width(text: str, size: float, name: str = "") -> float:
    """How wide a line of `size` millimetres is, in millimetres."""
    return float(pdfmetrics.stringWidth(text, name or font(), size * MM)) / MM


def put_line(
    canvas: Canvas, x: float, y: float, size: float, text: str, *, colour: str = INK, bold: bool = False, name: str = ""
) -> None:
    """A line of text from `x` on, standing on `y`."""
    canvas.saveState()  # a way of drawing text outlives its text
    line = canvas.beginText()
    line.setFont(name or font(), size * MM)
    line.setTextOrigin(x * MM, (HIGH - y) * MM)
    line.setFillColor(colour)
    line.setStrokeColor(colour)
    # The stand-in typeface has one weight: bold is drawn as an outline of the same colour.
    line.setTextRenderMode(2 if bold else 0)
    canvas.setLineWidth(size * MM / 40)
    line.textOut(text)
    canvas.drawText(line)
    canvas.restoreState()


def put_code(
    canvas: Canvas, left: float, top: float, size: float, modules: int, strokes: Iterable[tuple[int, int, int]]
) -> None:
    """A QR code `size` wide. In the words of PDF itself: one transformation, then small whole numbers."""
    unit = size / modules * MM
    strips = " ".join(f"{x} {y} {length} 1 re" for x, y, length in strokes)
    canvas.addLiteral(f"q {unit:.4f} 0 0 {-unit:.4f} {left * MM:.3f} {(HIGH - top) * MM:.3f} cm 0 g {strips} f Q")
