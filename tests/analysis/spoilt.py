"""Good folders with one thing wrong each, and what is to be said about it."""

from collections.abc import Callable
from pathlib import Path

from .conftest import ballots

GOOD = ballots({("hall", "citizen", "5", "4"): 12})
Spoil = Callable[[Path], object]


def put(name: str, content: str | bytes) -> Spoil:
    """Replace a file of the snapshot."""
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda snapshot: (snapshot / name).write_bytes(raw)


def edit(name: str, old: str, new: str) -> Spoil:
    """Replace a text in a file of the snapshot, which must be there."""

    def change(snapshot: Path) -> None:
        text = (snapshot / name).read_text(encoding="utf-8")
        assert old in text
        (snapshot / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def remove(name: str) -> Spoil:
    """Take a file away."""
    return lambda snapshot: (snapshot / name).unlink()


KEPT = "unit,procedure,commitment,kept,period\n"
RULE = """[[rule]]
id = "x"
basis = "y"
dimension = "attitude"
left = { count = ["level_1"] }
over = { count = ["level_1", "level_5"] }
op = ">="
value = "1/3"
"""


def spoil_rule(old: str, new: str) -> Spoil:
    """A method with one rule, in which a text is replaced."""
    assert old in RULE
    return edit("method.toml", "[scale]", RULE.replace(old, new, 1) + "[scale]")


HEADER = "unit,group,channel,period,attitude,openness"
ROW = "hall,citizen,web,2026-05-04,5,4"

CASES: dict[str, tuple[Spoil, str, str, int | None, str]] = {
    # name: (spoil, code, file, line, field)
    "a missing method": (remove("method.toml"), "missing_file", "method.toml", None, ""),
    "a missing round": (remove("round.toml"), "missing_file", "round.toml", None, ""),
    "missing ballots": (remove("ballots.csv"), "missing_file", "ballots.csv", None, ""),
    "two ballot files": (put("ballots.parquet", b""), "two_ballot_files", "snapshot", None, ""),
    "a missing column": (
        put("ballots.csv", HEADER.replace(",openness", "") + "\n"),
        "missing_column",
        "ballots.csv",
        1,
        "openness",
    ),
    "an extra column": (put("ballots.csv", HEADER + ",phone\n"), "extra_column", "ballots.csv", 1, "phone"),
    "a misspelt column": (
        put("ballots.csv", HEADER.replace("openness", "opennes") + "\n"),
        "missing_column",
        "ballots.csv",
        1,
        "openness",
    ),
    "a column twice": (put("ballots.csv", HEADER + ",attitude\n"), "duplicate_column", "ballots.csv", 1, "attitude"),
    "an empty file": (put("ballots.csv", ""), "missing_column", "ballots.csv", 1, "unit"),
    "an empty round": (put("ballots.csv", HEADER + "\n"), "empty_round", "ballots.csv", None, ""),
    "level 7": (
        put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen,web,2026-05-04,7,4\n"),
        "bad_level",
        "ballots.csv",
        3,
        "attitude",
    ),
    "level 6": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-05-04,6,4\n"),
        "bad_level",
        "ballots.csv",
        2,
        "attitude",
    ),
    "a level with a space": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-05-04,5, 4\n"),
        "bad_level",
        "ballots.csv",
        2,
        "openness",
    ),
    "an unknown unit": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n\nhull,citizen,web,2026-05-04,5,4\n"),
        "unknown_unit",
        "ballots.csv",
        4,
        "unit",
    ),
    "an unknown group": (
        put("ballots.csv", f"{HEADER}\nhall,people,web,2026-05-04,5,4\n"),
        "unknown_group",
        "ballots.csv",
        2,
        "group",
    ),
    "an unknown channel": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,fax,2026-05-04,5,4\n"),
        "unknown_channel",
        "ballots.csv",
        2,
        "channel",
    ),
    "an unknown flag": (
        put("ballots.csv", f"{HEADER},flags\n{ROW},burst\n"),
        "unknown_flag",
        "ballots.csv",
        2,
        "flags",
    ),
    "a day that is none": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-02-30,5,4\n"),
        "bad_date",
        "ballots.csv",
        2,
        "period",
    ),
    "a row without answers": (
        put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen,web,2026-05-04,,\n"),
        "empty_row",
        "ballots.csv",
        3,
        "",
    ),
    "a short row": (put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen\n"), "row_width", "ballots.csv", 3, ""),
    "ballots not in UTF-8": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n".encode() + "政务,citizen\n".encode("gb18030")),
        "not_utf8",
        "ballots.csv",
        3,
        "",
    ),
    "a method not in UTF-8": (
        put("method.toml", b"format = 1\n# " + "办法".encode("gb18030")),
        "not_utf8",
        "method.toml",
        2,
        "",
    ),
    "broken TOML": (put("method.toml", "format = 1\nmin_n = \n"), "broken_toml", "method.toml", 2, ""),
    "weights that do not sum to 1": (
        edit("method.toml", 'weight = "1/2"', 'weight = "1/3"'),
        "weight_sum",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a float where a fraction is due": (
        edit("method.toml", 'weight = "1/2"', "weight = 0.5"),
        "float_weight",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a weight in words": (
        edit("method.toml", 'weight = "1/2"', 'weight = "half"'),
        "bad_fraction",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a negative weight": (
        edit("method.toml", 'weight = "1/2"', 'weight = "-1/2"'),
        "bad_fraction",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "an unknown key": (edit("method.toml", "min_n = 10", "minn = 10"), "unknown_key", "method.toml", 2, "minn"),
    "an unknown key of a unit": (
        edit("round.toml", 'slug = "hall"', 'slug = "hall"\nphone = "12345"'),
        "unknown_key",
        "round.toml",
        None,
        "unit.phone",
    ),
    "format 2": (edit("method.toml", "format = 1", "format = 2"), "bad_format", "method.toml", 1, "format"),
    "a bad slug": (edit("round.toml", '"hall"', '"Hall 1"'), "bad_slug", "round.toml", None, "unit.slug"),
    "a name over two lines": (edit("round.toml", "单位hall", "单位\\nhall"), "bad_name", "round.toml", None, "unit.zh"),
    "an unknown class": (edit("round.toml", '"window"', '"shop"'), "unknown_class", "round.toml", None, "unit.class"),
    "closing before opening": (
        edit("round.toml", "2026-06-30", "2026-03-30"),
        "dates_order",
        "round.toml",
        None,
        "closes_on",
    ),
    "a changed method": (
        edit("round.toml", "format = 1", f'format = 1\nmethod_sha256 = "{"0" * 64}"'),
        "method_changed",
        "round.toml",
        2,
        "method_sha256",
    ),
    "a rule without a basis": (spoil_rule('basis = "y"\n', ""), "missing_key", "method.toml", 4, "rule.basis"),
    "a rule whose limit is a float": (spoil_rule('"1/3"', "0.33"), "float_weight", "method.toml", 11, "rule.value"),
    "a rule that says neither >= nor >": (spoil_rule('">="', '"=>"'), "bad_choice", "method.toml", 10, "rule.op"),
    "a rule over several dimensions": (
        spoil_rule('dimension = "attitude"\n', ""),
        "missing_key",
        "method.toml",
        4,
        "rule.dimension",
    ),
    "a rule that counts what is no column": (
        spoil_rule('["level_1"]', '["poor"]'),
        "bad_choice",
        "method.toml",
        8,
        "rule.left",
    ),
    "a rule with an unknown key": (
        spoil_rule('op = ">="', 'op = ">="\nwhy = "y"'),
        "unknown_key",
        "method.toml",
        11,
        "rule.why",
    ),
    "a day before the round": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n{ROW.replace('2026-05-04', '2026-04-05')}\n"),
        "day_outside",
        "ballots.csv",
        3,
        "period",
    ),
    "a commitment of no unit": (
        put("kept.csv", f"{KEPT}mars,a,b,kept,2026-05-04\n"),
        "unknown_unit",
        "kept.csv",
        2,
        "unit",
    ),
    "a commitment half kept": (
        put("kept.csv", f"{KEPT}hall,a,b,kept,2026-05-04\nhall,a,b,half,2026-05-04\n"),
        "bad_choice",
        "kept.csv",
        3,
        "kept",
    ),
    "a commitment without a name": (
        put("kept.csv", f"{KEPT}hall,a,,kept,2026-05-04\n"),
        "bad_slug",
        "kept.csv",
        2,
        "commitment",
    ),
    "a commitment on no day": (
        put("kept.csv", f"{KEPT}hall,a,b,kept,2026-02-30\n"),
        "bad_date",
        "kept.csv",
        2,
        "period",
    ),
    "a scale that falls upwards": (
        edit("method.toml", "4 = 75", "4 = 101"),
        "scale_order",
        "method.toml",
        None,
        "scale",
    ),
    "min_n of 1": (edit("method.toml", "min_n = 10", "min_n = 1"), "bad_range", "method.toml", 2, "min_n"),
    "a broken manifest": (put("manifest.json", "{"), "broken_json", "manifest.json", 1, ""),
    "a file outside the manifest": (
        put("manifest.json", '{"format": 1, "files": []}'),
        "manifest_lists",
        "ballots.csv",
        None,
        "",
    ),
}
