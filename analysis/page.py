"""index.md of a release: front matter for the site, then one block of HTML without Markdown.

Written from release.json alone, so publishing can write it anew without the ballots. No blank line and no
deep indent stands inside the block: Markdown would end it there.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import yaml

from .columns import DATA_FILES, LEVEL_ZH, TABLE_ZH
from .view import Model, axis_of, shown_classes, shown_units
from .words import bar, cell, day, esc, head, interval, points, ruler, share, thousands
from .worked import example

ROOT = "../../"  # the page's address is /results/<round>/
DOWNLOADS = (
    ("results.xlsx", "Excel工作簿"),
    *TABLE_ZH.items(),
    ("release.json", "全部结果"),
    ("method.toml", "评议办法"),
    ("round.toml", "轮次记录"),
    ("manifest.json", "文件清单"),
)


def render(model: Model, *, digest: str, published_on: str, unit_pages: frozenset[str]) -> bytes:
    """The page as UTF-8; `unit_pages` are the slugs of units that have a page to link to."""
    matter = yaml.safe_dump(_front_matter(model, digest, published_on), allow_unicode=True, sort_keys=False, width=1000)
    lines = [
        '<div class="p-page" data-pagefind-filter="kind:评议结果">',
        *_crumb(model),
        '<div class="p-main">',
        *_lead(model, published_on),
        *_downloads(),
        *(line for c in shown_classes(model) for line in _class(model, c, unit_pages)),
        *_limits(model),
        *example(model),
        *_method(model),
        *_chart(model),
        *_verify(model, digest),
        "</div></div>",
    ]
    return f"---\n{matter}---\n{chr(10).join(line for line in lines if line)}\n".encode()


def _front_matter(model: Model, digest: str, published_on: str) -> dict[str, Any]:
    facts = model["round"]
    counted = ("code", "zh", "units", "scored", "unscored")
    return {
        "kind": "round",
        "title": facts["name"],
        "code": facts["code"],
        "status": "published",
        "opens_on": facts["opens_on"],
        "closes_on": facts["closes_on"],
        "published_on": published_on,
        "method_sha256": model["method"]["sha256"],
        "release_digest": digest,
        "units": model["totals"]["units"],
        "ballots": model["totals"]["ballots"],
        "classes": [{key: c[key] for key in counted} for c in shown_classes(model)],
    }


def _crumb(model: Model) -> list[str]:
    return [
        '<nav class="p-crumb" aria-label="当前位置" data-pagefind-ignore><ol>',
        f'<li><a href="{ROOT}">首页</a></li><li><a href="../">评议结果</a></li>',
        f'<li aria-current="page">{esc(model["round"]["name"])}</li>',
        "</ol></nav>",
    ]


def _lead(model: Model, published_on: str) -> list[str]:
    facts, totals = model["round"], model["totals"]
    apart = _apart(model)
    return [
        f"<h1>{esc(facts['name'])}</h1>",
        f'<p class="p-lead">{day(facts["opens_on"])}至{day(facts["closes_on"])}</p>',
        f'<p><span class="p-tag p-tag--good">✓ 已公布</span>　{day(published_on)}</p>',
        '<dl class="p-count">',
        f"<div><dt>单位</dt><dd>{thousands(totals['units'])}</dd></div>",
        f"<div><dt>有得分</dt><dd>{thousands(totals['scored'])}</dd></div>",
        f"<div><dt>有效票</dt><dd>{thousands(totals['ballots'])}</dd></div>",
        f'<div><dt>不公布的票</dt><dd>{thousands(totals["withheld"])}<small class="p-small">所在组不满'
        f"{model['method']['min_n']}张</small></dd></div>",
        "</dl>",
        f"<p>{apart}</p>" if apart else "",
        *(f'<p class="p-note">{day(a["on"])}更正：{esc(a["text"])}</p>' for a in facts["amendments"]),
        "<p>同一类里的单位按代号排列，不是名次。得分要和误差范围、票数一起看。</p>",
    ]


def _apart(model: Model) -> str:
    """Ballots of channels that never count, in words; empty without any."""
    names = {c["code"]: c["zh"] for c in model["method"]["channels"] if not c["counted"]}
    sums = {code: sum(u["not_counted"]["channels"][code] for u in model["units"]) for code in names}
    return "".join(f"另有{esc(names[code])}{thousands(n)}张，不计入得分。" for code, n in sums.items() if n)


def _downloads() -> list[str]:
    links = "　".join(f'<a href="{name}" download>{zh}</a>' for name, zh in DOWNLOADS[1:])
    name, zh = DOWNLOADS[0]
    return [
        f'<div class="p-acts"><a class="p-btn p-btn--line" href="{name}" download>下载{zh}</a></div>',
        f"<p>{links}</p>",
    ]


def _class(model: Model, c: Mapping[str, Any], unit_pages: frozenset[str]) -> list[str]:
    units = shown_units(model, c["code"])
    scored = [unit for unit in units if unit["score"] is not None]
    review = [unit for unit in units if unit["status"] == "under_review"]
    short = [unit for unit in units if unit["score"] is None and unit not in review]
    axis = axis_of(model, units)
    columns = [("", "单位"), ("sc", "得分"), ("c", f'<span class="p-hide">图</span>{ruler(axis)}')]
    columns += [("n", "有效票"), ("ch", "满意率")]
    return [
        f'<h2 id="class-{esc(c["code"])}">{esc(c["zh"])}</h2>',
        f'<table class="p-table p-results" role="table"><caption>{_caption(model, c, axis.low)}</caption>',
        head(columns),
        '<tbody role="rowgroup">',
        *(_scored_row(unit, bar(axis, unit, c["mean"]), unit_pages) for unit in scored),
        "</tbody>",
        *_unscored_rows(model, "待核，暂不公布得分", review, unit_pages),
        *_unscored_rows(model, "样本不足，不计分", short, unit_pages),
        "</table>",
    ]


def _caption(model: Model, c: Mapping[str, Any], start: float) -> str:
    method = model["method"]
    best = max(Fraction(value) for value in method["scale"].values())
    words = (
        f"{c['units']}个单位，按代号排列。得分满分{points(best)}。点是得分，横线是{share(method['confidence'])}误差范围"
    )
    mean = "" if c["mean"] is None else f"，虚线是本类平均{c['mean']:.2f}"
    return words + mean + (f"。横轴从{start:g}分起。" if start else "。")


def _name(unit: Mapping[str, Any], unit_pages: frozenset[str]) -> str:
    name = esc(unit["zh"])
    return f'<a href="{ROOT}units/{unit["slug"]}/">{name}</a>' if unit["slug"] in unit_pages else name


def _scored_row(unit: Mapping[str, Any], drawn: str, unit_pages: frozenset[str]) -> str:
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{_name(unit, unit_pages)}{_partial(unit)}</th>'
        + cell(f'<b>{unit["score"]:.2f}</b><small class="p-nowrap">{interval(unit)}</small>', "sc")
        + cell(drawn, "c")
        + cell(thousands(unit["n"]) + _beside(unit), "n")
        + cell(f"满意{unit['satisfied_pct']:.1f}%", "ch")
        + "</tr>"
    )


def _partial(unit: Mapping[str, Any]) -> str:
    """The bounds of a score that rests on a part of the weight."""
    if unit["status"] != "renormalised":
        return ""
    low, high = unit["bounds"]
    text = f"计入权重{share(unit['counted_weight'])}；缺的部分全差到全好，得分在{low:.2f}–{high:.2f}之间"
    return f'<small class="p-thin">{text}</small>'


def _beside(unit: Mapping[str, Any]) -> str:
    """What the reader must know beside n: ballots withheld, people who did not rate."""
    withheld = f"<small>另有{thousands(unit['withheld'])}张不公布</small>" if unit["withheld"] else ""
    unrated = "" if unit["unrated_pct"] is None else f"<small>未评价{unit['unrated_pct']:.1f}%</small>"
    return withheld + unrated


def _unscored_rows(model: Model, words: str, units: list[dict[str, Any]], unit_pages: frozenset[str]) -> list[str]:
    if not units:
        return []
    title = f"{words}（{len(units)}个）<small>不是好，也不是不好</small>"
    return [
        '<tbody role="rowgroup"><tr class="p-tier" role="row"><th colspan="5" scope="rowgroup" role="rowheader">'
        f'<span class="s" aria-hidden="true">－</span>{title}</th></tr>',
        *(
            f'<tr role="row" class="p-results--none"><th scope="row" role="rowheader">{_name(unit, unit_pages)}</th>'
            f'<td colspan="4" role="cell">{_reason(model, unit)}</td></tr>'
            for unit in units
        ),
        "</tbody>",
    ]


def _reason(model: Model, unit: Mapping[str, Any]) -> str:
    method = model["method"]
    # Empty where the number itself would tell of one person.
    received = "" if unit["withheld"] is None else f"收到{thousands(unit['n'] + unit['withheld'])}张，"
    if unit["status"] == "no_ballots":
        return "没有收到有效票。"
    if unit["status"] == "under_review":
        return f"{received}其中有存疑的票，每组不到{method['min_n']}张，核实以前不公布得分。"
    if unit["status"] == "insufficient_n":
        return f"{received}没有一组满{method['min_n']}张，所以不公布。"
    return (
        f"{received}满{method['min_n']}张的部分占权重{share(unit['counted_weight'])}，"
        f"不到{share(method['min_weight'])}，所以不公布得分。"
    )


def _limits(model: Model) -> list[str]:
    known = [u["unrated_pct"] for u in model["scores"] if u["unrated_pct"] is not None]
    silent = (
        "各单位的未评价率写在票数下面，未评价的不算满意，也不算不满意。"
        if known
        else "没有评议的不算满意，也不算不满意。"
    )
    return [
        f'<p class="p-quiet">误差范围说的是“像这些评议人一样的人”之间的偶然差别，不代表没有评议的人怎么想。{silent}</p>'
    ]


def _method(model: Model) -> list[str]:
    """Scale and weights as published before the round opened."""
    method = model["method"]
    scale = "，".join(f"{zh}{points(method['scale'][str(level)])}分" for level, zh in LEVEL_ZH.items())
    satisfied = "、".join(LEVEL_ZH[level] for level in sorted(method["satisfied_levels"], reverse=True))
    return [
        '<h2 id="method">分值和权重</h2>',
        f"<p>{scale}。“不了解”和没有作答的不在除数里。满意率里的满意指{satisfied}。</p>",
        f"<p>每组每个方面满{method['min_n']}个回答才公布、才计入；计入的部分不到权重{share(method['min_weight'])}的单位不计分。</p>",
        *_weights("评议维度的权重", "评议维度", method["dimensions"]),
        *_class_weights(model),
    ]


def _weights(caption: str, label: str, items: list[dict[str, Any]]) -> list[str]:
    shown = [(i["zh"], share(i["weight"]) if Fraction(i["weight"]) else "只公布，不计分") for i in items]
    rows = "".join(f'<tr role="row"><th scope="row" role="rowheader">{esc(a)}</th>{cell(b)}</tr>' for a, b in shown)
    return [
        f'<table class="p-table p-table--fit" role="table"><caption>{esc(caption)}</caption>',
        head([("", label), ("", "权重")]),
        f"<tbody>{rows}</tbody></table>",
    ]


def _class_weights(model: Model) -> list[str]:
    """The group weights; apart for each class that has its own."""
    method = model["method"]
    general = {g["code"]: Fraction(g["weight"]) for g in method["groups"]}
    lines = _weights("评议主体的权重", "评议主体", method["groups"])
    for c in method["classes"]:
        own = {code: Fraction(weight) for code, weight in c["weights"].items()}
        if own != general and any(k["code"] == c["code"] for k in shown_classes(model)):
            items = [g | {"weight": str(own[g["code"]])} for g in method["groups"]]
            lines += _weights(f"{c['zh']}的评议主体权重", "评议主体", items)
    return lines


def _chart(model: Model) -> list[str]:
    alt = f"{model['round']['name']}各单位得分和误差范围，数字见上面各表"
    return [
        '<h2 id="chart">一张图</h2>',
        f'<p><img src="charts/scores.svg" alt="{esc(alt)}" class="p-chart" loading="lazy"></p>',
    ]


def _verify(model: Model, digest: str) -> list[str]:
    code = esc(model["round"]["code"])
    return [
        '<h2 id="verify">怎么自己核对</h2>',
        "<p>得分、满意率和误差范围都可以从原始计数、评议主体得分、评议办法和轮次记录四个文件重算。审计人员有冻结数据，可以整个重算一遍：</p>",
        f'<pre class="p-pre"><code>python -m analysis check {code}</code></pre>',
        '<dl class="p-facts">',
        f'<div><dt>评议办法文件指纹</dt><dd class="p-break">{esc(model["method"]["sha256"])}</dd></div>',
        f'<div><dt>发布版指纹</dt><dd class="p-break">{esc(digest)}</dd></div>',
        "</dl>",
        "<p>发布版指纹包括全部数据文件，在下载的文件夹里这样算：</p>",
        f'<pre class="p-pre"><code>{_sum_command()}</code></pre>',
    ]


def _sum_command() -> str:
    """The shell command that gives the release digest."""
    return f"LC_ALL=C sha256sum {' '.join(DATA_FILES)} | sha256sum"
