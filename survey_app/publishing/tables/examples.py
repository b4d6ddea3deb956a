"""The one example row of each sheet of the template. Its mark tells the reader to pass over it."""

from survey_app.publishing.tables.columns import SLUG, UNIT, Column, Sheet
from survey_app.publishing.tables.drafts import EXAMPLE
from survey_app.publishing.tables.rows import Cells

_UNIT, _CODE, _TITLE = f"{EXAMPLE}清河区不动产登记中心", "000QH0710001000", "二手房过户"
_CELLS: dict[str, Cells] = {
    "单位": {
        "title": _UNIT, "class": "窗口服务", "parent": "清河区自然资源局", "credit_code": "00000000MB0001011X",
        "summary": "办理房屋和土地的登记、抵押、查询。", "duties": "登记房屋和土地的买卖、赠与、继承\n登记和注销抵押权",
        "address": "清河区政和路18号政务服务大厅一楼东侧", "transit": "公交3路、11路到政和路站",
        "hours": "周一至周五9:00–17:00", "closed": "周六、周日和法定节假日不办公。", "phone": "0000-8110101",
        "complaint_phone": "0000-8110109", "head": "程立群（主任）", "updated_on": "2026-11-18",
    },
    "单位·窗口": {"number": "1号", "business": "房屋买卖、赠与过户", "person": "周静", "staff_no": "017"},
    "办事指南": {
        "title": _TITLE, "official_title": "国有建设用地使用权及房屋所有权转移登记（买卖）", "code": _CODE,
        "type": "行政确认", "item_kind": "承诺件", "audience": "个人、企业", "theme": "住房",
        "synonyms": "房屋过户\n房产证改名字", "scope": "买卖双方本人，或持公证委托书的代理人。",
        "basis": "《不动产登记暂行条例》第十四条", "conditions": "房屋已经登记，没有查封\n双方已签买卖合同",
        "legal_limit_days": "30", "promised_limit_days": "5", "fee.amount": "80元",
        "fee.note": "住宅每件。非住宅每件550元。", "fee.basis": "发改价格规〔2016〕2559号",
        "place": "政务服务大厅一楼1号窗口", "hours": "周一至周五9:00–17:00", "visits": "1",
        "visits_note": "证书可邮寄，邮费自理。", "online": "进度在区政务服务网查。", "result": "不动产权证书",
        "delivery": "窗口领取或邮寄", "phone": "0000-8110101", "complaint_phone": "0000-8110109",
        "first_contact": "周静（工号017）", "version_on": "2026-11-01", "review_by": "2027-04-30",
    },
    "办事指南·材料": {"name": "双方身份证", "copies": "各1份", "form": "原件核验，复印件留存", "source": "申请人自备"},
    "办事指南·步骤": {"name": "窗口收件", "text": "带齐材料到1号窗口，当面核对并收件。", "time": "约20分钟"},
    "办事指南·问答": {"q": "一定要两个人都来吗？", "a": "不来的一方可以委托，带公证过的委托书。"},
    "服务承诺": {
        "title": "二手房过户5个工作日出证", "what": "材料齐全的二手房过户，5个工作日内发证。",
        "measure": "从窗口出具受理单当天的次日起，数到发出领证通知那天。", "limit.value": "5", "limit.unit": "工作日",
        "procedure": _TITLE, "remedy": "主任当面说明原因并道歉，证书当天免费邮寄。", "phone": "0000-8110109",
        "valid_from": "2026-01-01", "valid_to": "2026-12-31",
    },
    "公开事项": {
        "number": "12", "level1": "不动产登记", "title": "收费标准", "content": "登记收费项目、标准和减免",
        "basis": "《政府信息公开条例》第二十条", "time_limit": "形成之日起20个工作日内", "channels": "政府网站",
        "audience": "全社会", "method": "主动", "levels": "县", "cadence": "长期公开", "last_on": "2026-11-01",
    },
}  # fmt: skip


def example(sheet: Sheet) -> Cells:
    """The example of one sheet; a sheet without one gets the mark alone."""
    own = _CELLS.get(sheet.name, {})
    cells = {UNIT: _UNIT, "@code": _CODE if sheet.kind == "procedure" else "12", "@title": _TITLE, **own}
    known = {column.key for column in sheet.columns}
    shown = {key: text for key, text in cells.items() if key in known and key != SLUG}
    return {**{column.key: "" for column in sheet.columns if _is_empty(column, shown)}, **shown}


def _is_empty(column: Column, shown: Cells) -> bool:
    return column.key not in shown
