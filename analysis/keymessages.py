"""Refusals of a key or a value in a TOML file, in Chinese and English."""

KEYS: dict[str, tuple[str, str]] = {
    "unknown_key": (
        "不认识这一项。可用的项：{allowed}",
        "unknown key. Known keys: {allowed}",
    ),
    "missing_key": (
        "缺少这一项。请补上",
        "this key is missing. Add it",
    ),
    "wrong_type": (
        "应当是{expected_zh}，现在是 {value}",
        "must be {expected_en}, found {value}",
    ),
    "float_weight": (
        '{value} 是小数，不精确。请写成带引号的分数，如 "3/10" 或 "0.3"',
        '{value} is a TOML float, which is not exact. Write a quoted fraction, such as "3/10" or "0.3"',
    ),
    "bad_fraction": (
        '{value} 不是分数。请写成 "3/10"、"0.3" 或 "1"，不能是负数',
        '{value} is not a fraction. Write "3/10", "0.3" or "1"; it cannot be negative',
    ),
    "bad_number": (
        '{value} 不是数。请写成整数或带引号的分数，如 100 或 "62.5"',
        '{value} is not a number. Write an integer or a quoted fraction, such as 100 or "62.5"',
    ),
    "weight_sum": (
        "权重之和是 {value}，应当正好是 1。请改正各项权重",
        "the weights add up to {value}; they must add up to exactly 1. Correct the weights",
    ),
    "bad_code": (
        "代码 {value} 不合要求：以字母开头，只用字母、数字和下划线，不能是 {reserved}",
        "code {value} is not allowed: start with a letter, use letters, digits and _ only, and none of {reserved}",
    ),
    "bad_slug": (
        "代号 {value} 不合要求：只用小写字母、数字和连字符",
        "slug {value} is not allowed: use lower-case letters, digits and hyphens only",
    ),
    "bad_name": (
        "名称不能为空，不能含换行、控制符或改变文字方向的符号",
        "a name cannot be empty or hold line breaks, control characters or direction overrides",
    ),
    "bad_digest": (
        "{value} 不是 64 位十六进制的 SHA-256",
        "{value} is not a SHA-256 of 64 hexadecimal digits",
    ),
    "bad_format": (
        "格式版本是 {value}，本程序只认 format = 1",
        "the format is {value}; this program knows format = 1 only",
    ),
    "bad_range": (
        "{value} 超出范围，应当在 {low} 到 {high} 之间",
        "{value} is out of range; it must be between {low} and {high}",
    ),
    "bad_choice": (
        "{value} 不在可选范围内：{allowed}",
        "{value} is not one of: {allowed}",
    ),
    "bad_date": (
        "{value} 不是日期。请写成 2026-11-03 这样",
        "{value} is not a date. Write it like 2026-11-03",
    ),
    "day_outside": (
        "{value} 不在这一轮的日期 {low} 到 {high} 之内。请改正这一行，或核对 round.toml 的日期",
        "{value} is outside the days of this round, {low} to {high}. Correct this row, or the dates in round.toml",
    ),
    "dates_order": (
        "截止日期 {value} 早于开始日期 {other}",
        "the closing date {value} is before the opening date {other}",
    ),
    "duplicate_code": (
        "代码 {value} 出现了两次。请改掉一个",
        "the code {value} appears twice. Change one of them",
    ),
    "duplicate_slug": (
        "两个单位用了同一个代号 {value}。请改掉一个",
        "two units have the same slug {value}. Change one of them",
    ),
    "scale_order": (
        "分值应当从等级5到等级1依次不增，且等级5高于等级1",
        "points must not rise from level 5 down to level 1, and level 5 must be above level 1",
    ),
}
