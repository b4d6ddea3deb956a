"""Pages of the app in a browser of 2019 (Chromium 78): nothing newer without something older beside it."""

import re

import pytest

from survey_app.config import HOME
from survey_app.web.sheet import for_old_browsers, page_sheet

# Chromium versions by caniuse.com and MDN's compatibility tables. What is merely prettier where it is known may be new.
NEWER_PROPERTIES = {
    "inset": 87, "inset-inline": 87, "inset-block": 87, "inset-inline-start": 87, "inset-block-start": 87,
    "inset-block-end": 87, "inset-inline-end": 87, "margin-inline": 87, "margin-block": 87, "padding-inline": 87,
    "padding-block": 87, "border-inline": 87, "border-block": 87, "border-block-width": 87, "border-inline-width": 87,
    "aspect-ratio": 88, "translate": 104, "rotate": 104, "scale": 104, "place-items": 59,
    "content-visibility": 85, "container-type": 105, "text-wrap": 114, "scrollbar-gutter": 94,
}  # fmt: skip
GUARDED = (
    "inset-inline-start",
    "inset-inline-end",
    "inset-block-start",
    "inset-block-end",
    "inset-inline",
    "inset-block",
)
NEWER_SELECTORS = (":has(", ":is(", ":where(", ":focus-visible", ":not(:not", "::backdrop", ":modal")
NEWER_SCRIPT = re.compile(
    r"\?\.[a-zA-Z(\[]|\?\?|\.replaceAll\(|\.at\(|structuredClone|\|\|=|&&=|\bimport\s|#[a-z]+\s*[=(]"
)
NEWER_MARKUP = re.compile(r"<dialog|popover|\binert\b|loading=|enterkeyhint|<search|type=\"module\"")


@pytest.fixture(scope="module")
def sheet():
    return page_sheet(HOME).decode()


def rules_of(css):
    """(selector, declarations) of every rule outside what old browsers alone obey."""
    plain = re.sub(r"@supports not \(inset: 0\) \{ [^{}]*\{[^{}]*\} \}", "", css)
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
    return [
        (s.strip(), [tuple(p.strip() for p in d.split(":", 1)) for d in body.split(";") if ":" in d])
        for s, body in found
    ]


def old_rules(css):
    return re.findall(r"@supports not \(inset: 0\) \{ ([^{}]*)\{([^{}]*)\} \}", css)


def test_no_property_newer_than_chromium_78_stands_without_an_older_one(sheet):
    old = " ".join(f"{selector}{{{body}}}" for selector, body in old_rules(sheet))
    alone = [
        (selector, name)
        for selector, declared in rules_of(sheet)
        for name, _value in declared
        if NEWER_PROPERTIES.get(name, 0) > 78 and not (name in GUARDED and selector in old)
    ]

    assert len(rules_of(sheet)) > 300
    assert alone == []


def test_no_function_newer_than_chromium_78_is_the_only_value_of_its_property(sheet):
    newer = re.compile(r"(?<![a-z-])(?:min|max|clamp)\(")
    alone = []
    for selector, declared in rules_of(sheet):
        for i, (name, value) in enumerate(declared):
            before = declared[i - 1] if i else ("", "")
            if newer.search(value) and not (before[0] == name and not newer.search(before[1])):
                alone.append((selector, name, value))

    assert alone == []


def test_flexible_boxes_have_margins_where_gaps_are_not_known(sheet):
    old = {selector for rule, _ in old_rules(sheet) for selector in re.split(r"\s*,\s*", rule.strip())}
    gaps = [
        one.strip()
        for selector, declared in rules_of(sheet)
        if "gap" in dict(declared) and dict(declared).get("display", "").endswith("flex")
        for one in selector.split(",")
    ]

    assert len(gaps) > 8
    assert [one for one in gaps if f"{one} > :not(:last-child)" not in old] == []


def test_a_selector_that_old_browsers_drop_takes_no_older_one_down_with_it(sheet):
    mixed = []
    for selector, _ in rules_of(sheet):
        newer = [one for one in selector.split(",") if any(new in one for new in NEWER_SELECTORS)]
        if newer and len(newer) != len(selector.split(",")):
            mixed.append(selector)

    assert mixed == []
    assert [s for s, _ in rules_of(sheet) if any(new in s for new in NEWER_SELECTORS if new != ":focus-visible")] == []


def test_the_ring_of_the_keyboard_is_there_without_focus_visible(sheet):
    old = [selector for selector, _ in old_rules(sheet)]

    assert sum(":focus" in selector for selector in old) >= 4
    assert not [s for s, declared in rules_of(sheet) if s.endswith(":focus") and ("outline", "none") in declared]


def test_scripts_and_templates_of_the_citizen_are_older_too():
    scripts = [HOME / "survey_app" / "static" / name for name in ("fill.js", "print.js", "puzzle.js")]
    templates = [
        *(HOME / "survey_app" / "citizen" / "templates").rglob("*.html"),
        *(HOME / "survey_app" / "templates").glob("*.html"),
    ]

    assert [s.name for s in scripts if NEWER_SCRIPT.search(re.sub(r"//.*", "", s.read_text("utf-8")))] == []
    assert len(templates) >= 8
    assert [t.name for t in templates if NEWER_MARKUP.search(t.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a { margin-inline: 1px calc(2px + 3px) }", "margin-inline-start: 1px; margin-inline-end: calc(2px + 3px);"),
        ("a { padding-block: 4px }", "padding-block-start: 4px; padding-block-end: 4px;"),
        ("a { border-block: 1px solid red }", "border-block-start: 1px solid red; border-block-end: 1px solid red;"),
        ("a { inset: 1px 2px 3px }", "top: 1px; right: 2px; bottom: 3px; left: 2px;"),
        ("a { width: clamp(1rem, 5vw, 2rem) }", "width: 1rem; width: clamp(1rem, 5vw, 2rem);"),
        ("a { width: minmax(min(100%, 15em), 1fr) }", "width: minmax(100%, 1fr); width: minmax(min(100%, 15em), 1fr);"),
        ("a::before { content: \"{;}\"; color: red }", 'content: "{;}"; color: red;'),
        ("a { background: url(data:x;base64,AA) }", "background: url(data:x;base64,AA);"),
    ],
)  # fmt: skip
def test_newer_properties_are_written_out(written, read):
    assert for_old_browsers(written) == f"{written.split(' {')[0]} {{ {read} }}"


def test_a_gap_becomes_margins_that_newer_browsers_pass_over():
    made = for_old_browsers("@media print { .a, .b { display: flex; flex-wrap: wrap; gap: 1px 2px } }")

    assert made.splitlines() == [
        "@media print {",
        ".a, .b { display: flex; flex-wrap: wrap; gap: 1px 2px; }",
        "@supports not (inset: 0) { .a > :not(:last-child), .b > :not(:last-child) "
        "{ margin-inline-end: 2px; margin-block-end: 1px; } }",
        "}",
    ]


def test_the_sheet_is_answered_once_and_then_only_asked_after(citizen):
    first = citizen.get("/static/pages.css")
    again = citizen.get("/static/pages.css", headers={"If-None-Match": first.headers["ETag"]})

    assert first.mimetype == "text/css"
    assert again.status_code == 304
