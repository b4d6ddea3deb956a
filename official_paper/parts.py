"""Parts that official papers have in common: the red head of a circular or a brief, who signs and when."""

from docx.shared import Mm, Pt

from .paper import CENTER, FANG, RED, RIGHT, SIGN, SONG, Paper, set_run

WIDTH_PT = 442  # the text area, 156 mm


def circular_head(paper: Paper, issuer: str, number: str) -> None:
    """版头: whose paper it is in red, 35 mm below the edge of the text; its number; a red line; two empty lines."""
    mark = f"{issuer}文件"
    size = min(48, WIDTH_PT // len(mark))
    line = paper.line(align=CENTER)
    set_run(line.add_run(mark), SONG, size, RED)
    line.paragraph_format.space_before, line.paragraph_format.line_spacing = Mm(35), Pt(size * 1.3)
    for _ in range(2):
        paper.line()
    paper.rule(paper.line(number, align=CENTER), "bottom", 8, str(RED))
    for _ in range(2):
        paper.line()


def brief_head(paper: Paper, serial: str, issuer: str, day: str) -> None:
    """简报 in red, its number, then who made it at the left and the day at the right above a red line."""
    mark = paper.line(align=CENTER)
    set_run(mark.add_run("简　报"), SONG, 48, RED)
    mark.paragraph_format.line_spacing = Pt(66)
    paper.line(f"第{serial}期", align=CENTER)
    line = paper.line()
    set_run(line.add_run(f"{issuer}\t{day}"), FANG, 16)
    line.paragraph_format.tab_stops.add_tab_stop(Pt(WIDTH_PT), 2)
    paper.rule(line, "bottom", 8, str(RED))
    paper.line()


def signed(paper: Paper, signer: str, day: str) -> None:
    """The issuer above its day, which stands four signs from the right edge (room for the seal)."""
    for _ in range(2):
        paper.line()
    # The day has half-width digits; both lines are centred on one another.
    shift = (len(signer) - width(day)) / 2
    paper.line(signer, align=RIGHT).paragraph_format.right_indent = round(SIGN * max(4 - shift, 0))
    paper.line(day, align=RIGHT).paragraph_format.right_indent = SIGN * 4


def width(text: str) -> float:
    """Width in signs; ASCII takes half of one."""
    return sum(0.5 if ord(sign) < 128 else 1 for sign in text)
