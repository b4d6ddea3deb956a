"""versions.md: what changed from the version before, figure by figure, and why."""

import re
from collections.abc import Sequence

from ..columns import TABLE_ZH, TABLES
from ..view import Model, Row, names_of, words_of
from ..words import day, esc, thousands
from .frame import Release, part_page
from .parts import paragraph, section, table

MOST_ROWS = 500  # of a page; the file holds all of them
TEXTS = {"method.toml": "评议办法", "round.toml": "轮次记录"}
WHOLE = {"yes": "有", "no": "没有"}


def summary(model: Model) -> str:
    """The version and how much differs from the one before, as HTML; empty for a first version."""
    version = model.get("version", 1)
    if version < 2:
        return "　第1版" if "version" in model else ""
    n = len(model["differences"])
    return f'　第{version}版，与上一版不同的数有{thousands(n)}个：<a href="versions/">版本和更正</a>'


def versions_page(release: Release, files: frozenset[str]) -> bytes | None:
    """The page as UTF-8; None for a first version."""
    model = release.model
    if model.get("version", 1) < 2:
        return None
    rows = model["differences"]
    names = names_of(model) | words_of(model, "groups") | words_of(model, "dimensions") | words_of(model, "channels")
    version = model["version"]
    intro = f"现在是第{version}版，{day(release.published_on)}公布。下面列出每一个与第{version - 1}版不同的数。"
    lines = [
        paragraph(intro),
        *(paragraph(f"{day(a['on'])}更正：{a['text']}") for a in model["round"]["amendments"]),
        *(line for file in dict.fromkeys(row["file"] for row in rows) for line in _file(file, rows, names)),
        "" if rows else "<p>没有一个数不同，只是文件重新做过。</p>",
        '<p>全部不同的数：<a href="../differences.csv" download>与上一版的不同</a>。</p>',
        *_older(files),
        f'<p class="p-small p-quiet p-break">上一版的指纹：{esc(model["replaces"])}</p>',
    ]
    return part_page(release, "versions", lines)


def _older(files: frozenset[str]) -> list[str]:
    """The data of versions published before, which stay."""
    folders = sorted({name.split("/")[0] for name in files if re.match(r"v\d+/", name)}, key=lambda v: int(v[1:]))
    links = [
        f"<p>第{folder[1:]}版的数据还在："
        + "　".join(
            f'<a href="../{name}" download>{esc(TABLE_ZH[name.split("/")[1]])}</a>'
            for name in sorted(files)
            if name.startswith(f"{folder}/") and name.split("/")[1] in TABLE_ZH
        )
        + "</p>"
        for folder in folders
    ]
    return section("older", "以前各版", links)


def _file(file: str, rows: Sequence[Row], names: dict[str, str]) -> list[str]:
    found = [row for row in rows if row["file"] == file]
    shown = [_shown(file, row, names) for row in found[:MOST_ROWS]]
    title = TABLE_ZH.get(file, TEXTS.get(file, file))
    made = table(f"{title}（{thousands(len(found))}个）", ("哪一行", "哪一列", "上一版", "这一版"), shown)
    left = len(found) - len(shown)
    return section(
        f"file-{file.split('.')[0]}", title, [*made, f"<p>其余{thousands(left)}个见文件。</p>" if left else ""]
    )


def _shown(file: str, row: Row, names: dict[str, str]) -> tuple[str, ...]:
    """A difference in words; the row by the unit's name, then its other codes."""
    where = " ".join(names.get(code, code) for code in (row["row"] or "").split(" "))
    titles = {column.name: column.zh for column in TABLES.get(file, ())}
    if not row["column"] and file in TABLES:
        return esc(where), "整行", *(WHOLE[row[side]] for side in ("before", "after"))
    column = titles.get(row["column"] or "", "文件指纹")
    return (
        esc(where) or "整个文件",
        esc(column),
        *(f'<span class="p-break">{esc(row[side] or "（空）")}</span>' for side in ("before", "after")),
    )
