"""A sheet for the wall with the QR code of a page: the same layout as SVG for the screen and PDF for the printer."""

import html
import io
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from survey_app.publishing.outputs.flow import width_of, wrap
from survey_app.publishing.outputs.pdf import HIGH, INK, MM, WIDE, put_code, put_line, width
from survey_app.publishing.outputs.qr import matrix, strokes

EDGE = 20
CODE = 112  # the QR code: read from two metres away
FAMILY = (
    "'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',"
    "'WenQuanYi Micro Hei',sans-serif"
)
BRAND, WHITE = "#174a8c", "#ffffff"


@dataclass(frozen=True)
class Words:
    """One line: where its middle stands, how large it is (millimetres), what it says."""

    y: float
    size: float
    text: str
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True)
class Poster:
    """What one sheet says: who, what, the code's address, what the code is for, and facts below it."""

    owner: str
    title: str
    address: str
    call: str
    facts: tuple[str, ...]
    foot: str


def lines_of(poster: Poster) -> list[Words]:
    """All text from top to bottom."""
    size = 17.0 if width_of(poster.title) <= 10 else 13.0
    titles = _cut(wrap(poster.title, (WIDE - 2 * EDGE) / size), 2)
    found = [Words(25, 8.5, poster.owner, WHITE, bold=True)]
    found += [Words(63 + at * size * 1.3, size, line, bold=True) for at, line in enumerate(titles)]
    found.append(Words(top_of_code(poster) + CODE + 13, 9, poster.call, BRAND, bold=True))
    facts = [line for fact in poster.facts for line in wrap(fact, (WIDE - 2 * EDGE) / 7)]
    start = top_of_code(poster) + CODE + 28
    found += [Words(start + at * 11, 7, line) for at, line in enumerate(_cut(facts, 4))]
    return [*found, Words(HIGH - 12, 4, poster.foot)]


def _cut(lines: list[str], most: int) -> list[str]:
    """No more lines than there is room for; what is cut says so."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def top_of_code(poster: Poster) -> float:
    """Below one or two lines of title."""
    small = width_of(poster.title) > 10
    two = small and width_of(poster.title) > (WIDE - 2 * EDGE) / 13.0
    return 94 if two else 78


def as_svg(poster: Poster) -> str:
    """For the screen, for a word processor, for any printer."""
    unit = CODE / len(matrix(poster.address))
    place = f"translate({(WIDE - CODE) / 2:g} {top_of_code(poster):g}) scale({unit:.4f})"
    code = "".join(f"M{x} {y}.5h{length}" for x, y, length in strokes(poster.address))
    text = "".join(_svg_line(line) for line in lines_of(poster))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}mm" height="{HIGH}mm" viewBox="0 0 {WIDE} {HIGH}" '
        f'lang="zh" role="img"><title>{_text(poster.title)}</title><desc>{_text(poster.address)}</desc>'
        f'<rect width="{WIDE}" height="{HIGH}" fill="{WHITE}"/><rect width="{WIDE}" height="38" fill="{BRAND}"/>'
        f'<path transform="{place}" d="{code}" stroke="#000" shape-rendering="crispEdges"/>'
        f'<g font-family="{FAMILY}" text-anchor="middle">{text}</g></svg>\n'
    )


def _svg_line(line: Words) -> str:
    weight = ' font-weight="700"' if line.bold else ""
    place = f'x="{WIDE / 2:g}" y="{line.y:g}" font-size="{line.size:g}"'
    return f'<text {place} fill="{line.colour}"{weight}>{_text(line.text)}</text>'


def _text(text: str) -> str:
    return html.escape("".join(sign for sign in text if sign.isprintable()), quote=False)


def as_pdf(poster: Poster) -> bytes:
    """For the printer. The same sheet gives the same bytes: no clock in the file."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE * MM, HIGH * MM), invariant=1, pageCompression=0)
    canvas.setTitle(poster.title)
    canvas.setAuthor(poster.owner)
    canvas.setFillColor(BRAND)
    canvas.rect(0, (HIGH - 38) * MM, WIDE * MM, 38 * MM, stroke=0, fill=1)
    modules, left = len(matrix(poster.address)), (WIDE - CODE) / 2
    put_code(canvas, left, top_of_code(poster), CODE, modules, strokes(poster.address))
    for line in lines_of(poster):
        start = WIDE / 2 - width(line.text, line.size) / 2
        put_line(canvas, start, line.y, line.size, line.text, colour=line.colour, bold=line.bold)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
