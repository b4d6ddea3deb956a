"""A sheet of official paper as GB/T 9704-2012 lays it out, and its bytes.

A4; head margin 37 mm, binding margin 28 mm, text area 156 x 225 mm, 22 lines of 28 signs in 16 pt. Type sizes by
their Chinese names: 2号 is 22 pt, 3号 16 pt, 4号 14 pt, 5号 10.5 pt.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor

SONG, FANG, HEI, KAI, PLAIN = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
# Machines have these types under different names; a word processor takes the first one that is there.
OTHER_NAMES = {
    SONG: "方正小标宋_GBK,小标宋体,华文中宋,STZhongsong,宋体,Noto Serif CJK SC",
    FANG: "仿宋_GB2312,方正仿宋_GBK,FangSong,华文仿宋,STFangsong,Noto Serif CJK SC",
    HEI: "SimHei,方正黑体_GBK,华文黑体,Noto Sans CJK SC",
    KAI: "楷体_GB2312,方正楷体_GBK,KaiTi,华文楷体,STKaiti,Noto Serif CJK SC",
    PLAIN: "SimSun,方正书宋_GBK,华文宋体,STSong,Noto Serif CJK SC",
}
LATIN = "Times New Roman"
LINE = Pt(28.95)  # 22 lines in 225 mm
LINE_PITCH = "579"  # the same in twips
# What a sign of 16 pt is narrowed by, in twentieths of a point, to let 28 stand in 156 mm. Not by the grid of signs:
# LibreOffice gives a sign two cells of a grid that is narrower than the sign.
NARROWER = -5
SIGN = Pt(16)
WIDE_MM = 60  # a column from this width on holds sentences, not figures
RED = RGBColor(0xC0, 0x00, 0x00)
MADE_AT = dt.datetime(2000, 1, 1)  # the same release gives the same bytes
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
DEFAULTS = (
    f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:sz w:val="32"/><w:szCs w:val="32"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
)
CELL_MARGINS = (
    f'<w:tblCellMar {nsdecls("w")}><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
)
STYLES = (
    # style, type, pt, outline: what a screen reader and the navigation pane go by
    ("Title", SONG, 22, CENTER, 0),
    ("Heading 1", HEI, 16, LEFT, 2),
    ("Heading 2", KAI, 16, LEFT, 2),
)


class Paper:
    """A document being written; text is always text, whatever signs it holds."""

    def __init__(self, title: str, author: str) -> None:
        self.document: Any = Document()
        self._page()
        self._styles()
        self._fonts()
        core = self.document.core_properties
        core.title, core.author, core.last_modified_by, core.comments = title, author, author, ""
        core.created = core.modified = MADE_AT
        core.language = "zh-CN"

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.left_margin = Mm(37), Mm(28)
        section.right_margin, section.bottom_margin = Mm(26), Mm(35)
        section.header_distance, section.footer_distance = Mm(15), Mm(23)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), LINE_PITCH)
        self.document.settings.odd_and_even_pages_header_footer = True
        _page_number(section.footer, RIGHT)
        _page_number(section.even_page_footer, LEFT)

    def _styles(self) -> None:
        # The template's defaults speak English and leave space below every paragraph.
        defaults = self.document.styles.element.find(qn("w:docDefaults"))
        defaults.getparent().replace(defaults, parse_xml(DEFAULTS))
        normal = self.document.styles["Normal"]
        _set_font(normal, FANG, 16)
        narrow = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{NARROWER}"/>')
        normal.element.rPr.insert_element_before(narrow, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
        tight(normal.paragraph_format, LEFT)
        for name, font, size, align, indent in STYLES:
            style = self.document.styles[name]
            _set_font(style, font, size)
            style.font.bold, style.font.color.rgb = False, RGBColor(0, 0, 0)
            tight(style.paragraph_format, align)
            style.paragraph_format.first_line_indent = SIGN * indent
            style.paragraph_format.keep_with_next = True
            for border in style.element.pPr.findall(qn("w:pBdr")):
                style.element.pPr.remove(border)

    def _fonts(self) -> None:
        """The types of the document with their other names, for machines that lack one."""
        table = next(p for p in self.document.part.package.iter_parts() if p.partname.endswith("fontTable.xml"))
        fonts = "".join(f'<w:font w:name="{n}"><w:altName w:val="{o}"/></w:font>' for n, o in OTHER_NAMES.items())
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        table._blob = f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()

    def line(self, text: str = "", *, style: str | None = None, align: int | None = None, indent: int = 0) -> Any:
        """One paragraph; `indent` signs before its first line."""
        made = self.document.add_paragraph(text, style=style)
        if align is not None:
            made.alignment = align
        if indent:
            made.paragraph_format.first_line_indent = SIGN * indent
        return made

    def text(self, text: str) -> Any:
        """A paragraph of running text, two signs in."""
        return self.line(text, indent=2)

    def heading(self, text: str, level: int = 1) -> Any:
        """A heading of the first (黑体) or second (楷体) level."""
        return self.line(text, style=f"Heading {level}")

    def title(self, text: str) -> None:
        """The title, centred, in 2号小标宋."""
        self.line(text, style="Title").paragraph_format.line_spacing = Pt(35)

    def rule(self, paragraph: Any, side: str, eighths: int = 8, color: str = "000000") -> None:
        """A line as wide as the text, above or below a paragraph."""
        xml = (
            f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="1" w:color="{color}"/></w:pBdr>'
        )
        paragraph._p.get_or_add_pPr().insert_element_before(parse_xml(xml), *AFTER_BORDER)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table of texts in 5号, its head repeated on every page; widths in mm, the first column starts a row."""
        made = self.document.add_table(rows=0, cols=len(head), style="Table Grid")
        made.autofit = False
        margins = parse_xml(CELL_MARGINS)
        made._tbl.tblPr.insert_element_before(margins, "w:tblLook")
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Mm(width)
        for number, texts in enumerate([head, *rows]):
            row = made.add_row()
            keep_whole(row, repeat=number == 0)
            for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
                cell.width = Mm(width)
                _fill(
                    cell,
                    text,
                    HEI if number == 0 else FANG,
                    LEFT if number and (place == 0 or width > WIDE_MM) else CENTER,
                )

    def mark(self, text: str) -> None:
        """Words above the text of every page, centred, in red."""
        section = self.document.sections[0]
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            tight(header.paragraphs[0].paragraph_format, CENTER, Pt(16))
            set_run(header.paragraphs[0].add_run(text), HEI, 14, RED)

    def new_page(self) -> None:
        """Go on on a fresh page."""
        self.document.add_page_break()

    def save(self) -> bytes:
        """The bytes of the document: entries in fixed order with fixed times."""
        out, made = io.BytesIO(), io.BytesIO()
        self.document.save(made)
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w") as target:
            # The list of types comes first, as office programs expect it.
            for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                entry = zipfile.ZipInfo(name, ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, source.read(name))
        return out.getvalue()


AFTER_BORDER = tuple(
    f"w:{name}"
    for name in (
        *("shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"),
        *("autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "rPr"),
    )
)


def set_run(run: Any, font: str, size: float, color: RGBColor | None = None) -> Any:
    """Give a run its type, size in pt and colour."""
    _set_font(run, font, size)
    if color is not None:
        run.font.color.rgb = color
    return run


def _set_font(owner: Any, font: str, size: float) -> None:
    """East Asian and Latin type of a style or run; theme types would win over them, so they go."""
    owner.font.size, owner.font.name = Pt(size), LATIN
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [key for key in fonts.attrib if "Theme" in key or key.endswith("theme")]:
        del fonts.attrib[name]
    for kind, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{kind}"), value)


def tight(form: Any, align: int, line: Length = LINE) -> None:
    """No space around a paragraph, lines of one fixed height."""
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.alignment, form.widow_control = align, False


def _page_number(footer: Any, align: int) -> None:
    """— 1 — in 4号 half-width Song, one sign in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    tight(paragraph.paragraph_format, align, Pt(16))
    inner = paragraph.paragraph_format
    inner.right_indent, inner.left_indent = (Pt(14), None) if align == RIGHT else (None, Pt(14))
    for part in ("— ", "begin", " PAGE ", "end", " —"):
        run = set_run(paragraph.add_run(), PLAIN, 14)
        if part in ("begin", "end"):
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{part}"/>'))
        elif part == " PAGE ":
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{part}</w:instrText>'))
        else:
            run.text = part


def keep_whole(row: Any, *, repeat: bool = False) -> None:
    """A row never breaks over two pages; the head stands on each."""
    kinds = ["w:cantSplit", "w:tblHeader"] if repeat else ["w:cantSplit"]
    for kind in kinds:
        row._tr.get_or_add_trPr().append(OxmlElement(kind))


def _fill(cell: Any, text: str, font: str, align: int) -> None:
    paragraph = cell.paragraphs[0]
    tight(paragraph.paragraph_format, align, Pt(18))
    set_run(paragraph.add_run(text), font, 10.5)
    cell.vertical_alignment = 1
