"""版记: to whom copies go, who printed it and when, at the foot of the last page."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from official_paper.paper import FANG, LEFT, RIGHT, Paper, keep_whole, set_run, tight

from .issue import Issue, blank, written

# The table floats to the bottom of the text area, so that the last line of the page is its last line.
PLACE = (
    f'<w:tblpPr {nsdecls("w")} w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="left" w:tblpYSpec="bottom"/>'
)
# Rules as wide as the text, in eighths of a point: 0.35 mm outside, 0.25 mm between.
RULES = (
    f'<w:tblBorders {nsdecls("w")}><w:top w:val="single" w:sz="8" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="8" w:color="000000"/>'
    '<w:insideH w:val="single" w:sz="6" w:color="000000"/></w:tblBorders>'
)


def print_record(paper: Paper, issue: Issue) -> None:
    """Two lines in 4号: copies; who printed it at the left, the day at the right, each one sign in."""
    table = paper.document.add_table(rows=2, cols=2)
    properties = table._tbl.tblPr
    properties.insert_element_before(parse_xml(PLACE), "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
    properties.insert_element_before(parse_xml(RULES), "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table.autofit = False
    for column, width in zip(table.columns, (90, 66), strict=True):
        column.width = Mm(width)
    day = written(issue.printed_on or issue.signed_on, "印发日期")
    copies = table.cell(0, 0).merge(table.cell(0, 1))
    _fill(copies, f"抄送：{issue.copies or blank('抄送机关')}。", LEFT)
    _fill(table.cell(1, 0), issue.printed_by or issue.issuer or blank("印发机关"), LEFT)
    _fill(table.cell(1, 1), f"{day}印发", RIGHT)
    for row in table.rows:
        keep_whole(row)
    tight(paper.line().paragraph_format, LEFT, Pt(1))


def _fill(cell: object, text: str, align: int) -> None:
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]  # python-docx has no types
    form = paragraph.paragraph_format
    tight(form, align, Pt(24))
    form.left_indent = form.right_indent = Pt(10)
    set_run(paragraph.add_run(text), FANG, 14)
