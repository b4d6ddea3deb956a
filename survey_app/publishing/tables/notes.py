"""The sheet 填写说明: how to fill the tables, and what each column wants."""

from collections.abc import Callable, Iterator

from survey_app.domain.errors import N_
from survey_app.publishing.tables.columns import Column, Sheet

Line = list[tuple[str, str]]
KINDS = {
    "lines": N_("每条一行"),
    "enum": N_("下拉选一项"),
    "enums": N_("可选几项"),
    "integer": N_("整数"),
    "number": N_("数字"),
    "flag": N_("是或否"),
    "day": N_("日期"),
    "unit": N_("单位全称"),
    "units": N_("单位全称"),
    "procedure": N_("事项名称"),
    "text": N_("文字"),
}
HOW = (
    N_("1. 一行办事指南就是网上的一页。材料、步骤这样的表，一行是一种材料、一个步骤，靠单位和编码与那一页对上。"),
    N_("2. 蓝色带星号的列必填，灰蓝色的列没有就空着，灰色的列系统自己用，不要改。"),
    N_("3. 点到一个格子，旁边会出现填写提示；有下拉箭头的从里面选。"),
    N_("4. 一格里要写几条的，每条一行，格内换行按Alt+Enter。"),
    N_("5. 编码、电话、日期都按文本填。从别处粘贴时请选“只保留文本”，免得变成科学记数或丢掉开头的0。"),
    N_("6. 黄底写着“（示例）”的一行只作样子，导入时不读，留着或删去都可以。"),
    N_("7. 不要合并单元格，不要写公式，不要改表的名字。列的先后可以动，不用的列可以删；删掉的列，网上原来的内容不变。"),
    N_("8. 把原来有字的格子清空，就是删去这一项。整行删掉，网上那一页不会变；要撤下一页，请到工作台办。"),
    N_("9. 不需要材料的，在材料表里写一行，“材料”一格写“无”，其余空着。"),
    N_("10. 导入前系统会先列出要新增、改动和不收的每一行，看过确认才会收下。不收的会写明哪一行哪一列、为什么。"),
)


def notes(wanted: list[Sheet], hint: Callable[[Column], str]) -> Iterator[Line]:
    """The rows of the sheet, as pairs of text and style."""
    yield [(N_("政务公开表格：填写说明"), "p-title")]
    for line in HOW:
        yield [(line, "p-line")]
    for sheet in wanted:
        yield [("", "p-plain")]
        yield [(N_("表“%(name)s”") % {"name": sheet.name}, "p-heading")]
        yield [(word, "p-may") for word in (N_("列"), N_("必填"), N_("写成"), N_("怎样填"))]
        for column in sheet.columns:
            must = N_("必填") if column.required else ""
            told = (column.title, must, KINDS.get(column.kind, ""), hint(column).removeprefix(N_("必填。")))
            yield [(text, "p-text") for text in told]
