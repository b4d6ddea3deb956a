"""Words that somebody typed, shown by a template in the reader's language."""

from flask import render_template_string


def test_a_typed_name_that_looks_like_markup_is_shown_as_it_was_typed(app):
    with app.test_request_context():
        shown = render_template_string("{{ say(name) }}{{ say(known) }}", name="<b>评议</b>", known="首页")

    assert shown == "&lt;b&gt;评议&lt;/b&gt;首页"
