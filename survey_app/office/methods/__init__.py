"""Ready method files, each with a plan to change: what an office begins from."""

from datetime import date, timedelta
from pathlib import Path

from survey_app.domain.errors import N_, FileTaken
from survey_app.files import write_atomically

FOLDER = Path(__file__).parent
TEMPLATES = {
    "standard": N_("七个方面加总体评价，群众、企业、两代表一委员评"),
    "enterprise": N_("再加规范收费、政策落实、涉企检查，只由企业评"),
    "three": N_("群众答不答应、满不满意、认不认可"),
}
_NAMES = {"standard": "群众评议", "enterprise": "企业评议", "three": "群众三问评议"}
METHOD, PLAN = "method.toml", "plan.toml"
_PLAN = """# 评议计划。改好代号、名称和日期，再运行 pingyi round create plan.toml
format = 1
code = "{code}"
name = "{name}"
opens_on = {opens_on}
closes_on = {closes_on}
method = "method.toml"

# 不写 [[unit]] 时，评全部已公布、类别在办法里的单位。
# [[unit]]
# slug = "budongchan"
"""


def method_text(name: str) -> bytes:
    """The method file of this template."""
    return (FOLDER / f"{name}.toml").read_bytes()


def plan_text(name: str, today: date) -> str:
    """A plan that fits it: opens in two weeks, for two months."""
    half, word = (1, "上") if today.month <= 6 else (2, "下")
    return _PLAN.format(
        code=f"{today.year}-h{half}-{name}",
        name=f"{today.year}年{word}半年{_NAMES[name]}",
        opens_on=today + timedelta(days=14),
        closes_on=today + timedelta(days=74),
    )


def write_template(name: str, folder: Path, today: date) -> tuple[Path, Path]:
    """Write plan and method into `folder`, both or neither. Raises FileTaken; nothing is overwritten."""
    plan, method = folder / PLAN, folder / METHOD
    for file in (plan, method):
        if file.exists():
            raise FileTaken(file=file.name)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(method, method_text(name))
    write_atomically(plan, plan_text(name, today).encode())
    return plan, method
