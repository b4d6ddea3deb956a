"""index.md of a release: who scored what, in tiers, and the way to everything beside it.

Written from release.json alone, so publishing can write it anew without the ballots.
"""

from collections.abc import Mapping
from typing import Any

from ..columns import DATA_FILES, TABLE_ZH
from ..sentences import NOISE, ORDER, SILENT, apart, composition_words, integrity_words
from ..view import Model, shown_classes
from ..words import day, esc, thousands
from .classes import class_section
from .frame import PARTS, Release, page
from .parts import note, paragraph
from .versions import summary

DOCUMENTS = (("results.xlsx", "Excel工作簿"), ("notice.docx", "通报（Word）"), ("brief.docx", "简报（Word）"))
OFFLINE_PAGE = "verify/verify.html"
OFFLINE = (
    f'<p>不会用命令的，下载<a href="{OFFLINE_PAGE}" download>离线核对页</a>和上面的数据，断了网也能核对；'
    '会用的，下载<a href="verify/verify.py" download>核对程序</a>，它和算分的程序没有一行相同。</p>'
)
DATA = (
    *TABLE_ZH.items(),
    ("release.json", "全部结果"),
    ("privacy.json", "隐私检查报告"),
    ("method.toml", "评议办法"),
    ("round.toml", "轮次记录"),
    ("manifest.json", "文件清单"),
)


def front_page(release: Release, parts: list[str], files: frozenset[str]) -> bytes:
    """The page as UTF-8; `parts` are the pages beside it, `files` what can be downloaded."""
    model = release.model
    lines = [
        *_lead(release),
        *_documents(files),
        *(line for c in shown_classes(model) for line in class_section(model, c)),
        *_limits(model),
        *_trust(model, parts),
        *_parts(parts, release.objections),
        *_data(files),
        *_verify(release, files),
    ]
    return page(release, "index.md", _front_matter(release), lines)


def _front_matter(release: Release) -> dict[str, Any]:
    model = release.model
    facts = model["round"]
    counted = ("code", "zh", "units", "scored", "unscored")
    return {
        "kind": "round",
        "title": facts["name"],
        "code": facts["code"],
        "status": "published",
        "opens_on": facts["opens_on"],
        "closes_on": facts["closes_on"],
        "published_on": release.published_on,
        "method_sha256": model["method"]["sha256"],
        "release_digest": release.digest,
        "units": model["totals"]["units"],
        "ballots": model["totals"]["ballots"],
        "classes": [{key: c[key] for key in counted} for c in shown_classes(model)],
    }


def _lead(release: Release) -> list[str]:
    facts, totals = release.model["round"], release.model["totals"]
    return [
        f"<h1>{esc(facts['name'])}</h1>",
        f'<p class="p-lead">{day(facts["opens_on"])}至{day(facts["closes_on"])}</p>',
        f'<p><span class="p-tag p-tag--good">✓ 已公布</span>　{day(release.published_on)}{summary(release.model)}</p>',
        '<dl class="p-count">',
        f"<div><dt>单位</dt><dd>{thousands(totals['units'])}</dd></div>",
        f"<div><dt>有得分</dt><dd>{thousands(totals['scored'])}</dd></div>",
        f"<div><dt>有效票</dt><dd>{thousands(totals['ballots'])}</dd></div>",
        f'<div><dt>不公布的票</dt><dd>{thousands(totals["withheld"])}<small class="p-small">所在组不满'
        f"{release.model['method']['min_n']}张</small></dd></div>",
        "</dl>",
        paragraph(apart(release.model)),
        *(note(text) for text in composition_words(release.model)),
        *(note(f"{day(a['on'])}更正：{a['text']}") for a in facts["amendments"]),
        paragraph(
            f"只有同一类的单位可以比较。{ORDER}。得分要和误差范围、票数一起看。点单位的名字，看它的得分怎么来的。"
        ),
    ]


def _documents(files: frozenset[str]) -> list[str]:
    links = [
        f'<a class="p-btn p-btn--line" href="{name}" download>下载{zh}</a>' for name, zh in DOCUMENTS if name in files
    ]
    return [f'<div class="p-acts">{"".join(links)}</div>']


def _limits(model: Model) -> list[str]:
    known = [u["unrated_pct"] for u in model["scores"] if u["unrated_pct"] is not None]
    silent = "各单位的未评价率写在票数下面，未评价的不算满意，也不算不满意" if known else SILENT
    return [f'<p class="p-quiet">{NOISE}。{silent}。</p>']


def _trust(model: Model, parts: list[str]) -> list[str]:
    words = integrity_words(model)
    if "integrity" not in parts or not words:
        return []
    listed = "".join(f"<li>{esc(text)}</li>" for text in words)
    return [
        '<h2 id="trust">评议过程可信吗</h2>',
        f"<ul>{listed}</ul>",
        '<p><a href="integrity/">完整的核查附件</a></p>',
    ]


def _parts(parts: list[str], objections: str) -> list[str]:
    links = [f'<li><a href="{part}/">{PARTS[part]}</a></li>' for part in parts]
    if objections:
        links.append(f'<li><a href="../../{objections}/">异议、裁定和核查</a></li>')
    return ['<h2 id="parts">还可以看</h2>', f"<ul>{''.join(links)}</ul>"] if links else []


def _data(files: frozenset[str]) -> list[str]:
    links = "　".join(f'<a href="{name}" download>{zh}</a>' for name, zh in DATA if name in files)
    return ['<h2 id="data">数据下载</h2>', f"<p>{links}</p>"]


def _verify(release: Release, files: frozenset[str]) -> list[str]:
    code = esc(release.model["round"]["code"])
    return [
        '<h2 id="verify">怎么自己核对</h2>',
        "<p>得分、满意率、误差范围和档次都可以从原始计数、评议主体得分、评议办法和轮次记录四个文件重算。</p>",
        OFFLINE if OFFLINE_PAGE in files else "",
        "<p>审计人员有冻结数据，可以整个重算一遍：</p>",
        f'<pre class="p-pre"><code>python -m analysis check {code}</code></pre>',
        "<p>通报里的数和这里的是否一样，可以这样核对：</p>",
        f'<pre class="p-pre"><code>python -m analysis check {code} --notice 通报.docx</code></pre>',
        *_digests(release),
        "<p>发布版指纹包括全部数据文件，在下载的文件夹里这样算：</p>",
        f'<pre class="p-pre"><code>{_sum_command(files)}</code></pre>',
    ]


def _digests(release: Release) -> list[str]:
    facts: Mapping[str, str] = {
        "评议办法文件指纹": release.model["method"]["sha256"],
        "发布版指纹": release.digest,
    }
    listed = "".join(
        f'<div><dt>{name}</dt><dd class="p-break">{esc(value)}</dd></div>' for name, value in facts.items()
    )
    return [f'<dl class="p-facts">{listed}</dl>']


def _sum_command(files: frozenset[str]) -> str:
    """The shell command that gives the release digest."""
    return f"LC_ALL=C sha256sum {' '.join(name for name in DATA_FILES if name in files)} | sha256sum"
