"""One style sheet for the pages of the app, readable for browsers of 2019.

The four sheets are written with today's properties. Office computers and WeChat run Chromium 78 and its like, which
drop what they do not know: so logical pairs, `inset`, `min()` and `clamp()` are written out, and what cannot be
(gaps between flexible boxes, `:focus-visible`) gets a rule of its own that newer browsers pass over.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

SHEETS = (
    "site/overrides/assets/css/tokens.css",
    "site/overrides/assets/css/parts.css",
    "site/overrides/assets/css/site.css",
    "survey_app/static/app.css",
)
ICON = "site/overrides/assets/logo.svg"
OLD_ONLY = "@supports not (inset: 0)"  # Chromium 87; what it guards is older or as old
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_NESTED = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_DECLARATION = re.compile(rf"(?:[^;\"'(]|{_QUOTED}|{_NESTED})+")
_WORD = re.compile(rf"(?:[^\s(]|{_NESTED})+")
_PAIR = re.compile(r"(margin|padding|border)-(inline|block)(-width|-color|-style)?")
_FLOW = {
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
}
_SMALLEST = re.compile(r"\b(?:min|clamp)\(([^(),]*|[^(),]*\([^()]*\)),[^()]*(?:\([^()]*\)[^()]*)*\)")
Declaration = tuple[str, str]


def page_sheet(home: Path) -> bytes:
    """The sheet, made again when one of its parts changes."""
    files = tuple(home / name for name in SHEETS)
    return _made(files, tuple(file.stat().st_mtime_ns for file in files))


@lru_cache(maxsize=4)
def page_icon(home: Path) -> str:
    """The mark for the browser's tab, inside the page: one request less."""
    return "data:image/svg+xml," + quote((home / ICON).read_text("utf-8").strip(), safe="=:/")


@lru_cache(maxsize=4)
def _made(files: tuple[Path, ...], _stamp: tuple[int, ...]) -> bytes:
    return "\n".join(for_old_browsers(file.read_text("utf-8")) for file in files).encode()


def for_old_browsers(css: str) -> str:
    """The same sheet, each newer property behind or beside what says it in older ones."""
    return "\n".join(_rule(prelude, body) for prelude, body in _blocks(_COMMENT.sub("", css)))


def _rule(prelude: str, body: str) -> str:
    if prelude.startswith(("@media", "@supports")):
        return f"{prelude} {{\n{for_old_browsers(body)}\n}}"
    declared = [(name.strip(), value.strip()) for name, _, value in map(_split, _DECLARATION.findall(body)) if value]
    plain = f"{prelude} {{ {_text(d for one in declared for d in _written_out(one))} }}"
    return "\n".join([plain, *(f"{OLD_ONLY} {{ {rule} }}" for rule in _for_old_only(prelude, declared))])


def _written_out(declaration: Declaration) -> Iterator[Declaration]:
    """One declaration as older browsers read it; where both are needed the newer one stands last and wins."""
    name, value = declaration
    if pair := _PAIR.fullmatch(name):
        first, last = _two(value) if pair[1] != "border" or pair[3] else (value, value)
        yield f"{pair[1]}-{pair[2]}-start{pair[3] or ''}", first
        yield f"{pair[1]}-{pair[2]}-end{pair[3] or ''}", last
        return
    if name == "inset":
        yield from zip(("top", "right", "bottom", "left"), _four(value), strict=True)
        return
    if name == "overflow-wrap" and value == "anywhere":
        yield name, "break-word"
    if (older := _SMALLEST.sub(r"\1", value)) != value and not name.startswith("--"):
        yield name, older
    yield name, value


def _for_old_only(prelude: str, declared: list[Declaration]) -> Iterator[str]:
    """Whole rules that only browsers without `inset` obey."""
    said = dict(declared)
    if ":focus-visible" in prelude:
        yield f"{prelude.replace(':focus-visible', ':focus')} {{ {_text(declared)} }}"
    if places := [flow for one in declared for flow in _places(one)]:
        yield f"{prelude} {{ {_text(places)} }}"
    if "gap" in said and said.get("display", "").endswith("flex"):
        row, column = _two(said["gap"])
        wraps = "wrap" in said.get("flex-wrap", "") or said.get("flex-direction") == "column"
        margins = [("margin-inline-end", column), *([("margin-block-end", row)] if wraps else [])]
        children = ", ".join(f"{one.strip()} > :not(:last-child)" for one in prelude.split(","))
        yield f"{children} {{ {_text(margins)} }}"


def _places(declaration: Declaration) -> Iterator[Declaration]:
    name, value = declaration
    if name in _FLOW:
        yield _FLOW[name], value
    elif name in ("inset-inline", "inset-block"):
        yield from zip((_FLOW[f"{name}-start"], _FLOW[f"{name}-end"]), _two(value), strict=True)


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """(what stands before the brace, what stands inside) of every block at the outermost level."""
    start = depth = opened = 0
    for match in re.finditer(rf"{_QUOTED}|[{{}}]", css):
        if match[0] == "{":
            opened = match.start() if depth == 0 else opened
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                yield " ".join(css[start:opened].split()), css[opened + 1 : match.start()]
                start = match.end()


def _split(declaration: str) -> tuple[str, str, str]:
    return declaration.partition(":")


def _text(declarations: Iterator[Declaration] | list[Declaration]) -> str:
    return " ".join(f"{name}: {value};" for name, value in declarations)


def _two(value: str) -> tuple[str, str]:
    words = _WORD.findall(value)
    return words[0], words[-1]


def _four(value: str) -> tuple[str, ...]:
    words = _WORD.findall(value)
    return tuple(words[i] for i in {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(words)])
