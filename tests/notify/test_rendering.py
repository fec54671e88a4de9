"""A template names facts and can do nothing else; whatever they are, they stay text."""

from __future__ import annotations

import pytest

from server.notify import rendering
from server.notify.defaults import DEFAULTS
from server.notify.fields import FIELDS, known_to
from server.notify.rules import BUILT_IN, CHANNELS, MILESTONES
from server.notify.service import facts, templates

VALUES = {
    "customer.name": "Ana <b>&", "order.number": "10001", "order.lines": ["2 × Honey", "1 × <Tea>"],
    "order.waiting": [], "order.link": "https://shop.example.com/track/x", "shop.contact": "",
    "shop.name": "Hafen",
}  # fmt: skip


def wrong(template: str, milestone: str = "confirmed") -> list[str]:
    return [fault.told("en").message for fault in rendering.faults("body", template, known_to(milestone))]


@pytest.mark.parametrize("name", [
    "order.nr", "", "order", "order.number.__class__", "order.number!r", "order.number:>10", "0", " order.number",
    "order[number]", "Order.Number",
])  # fmt: skip
def test_only_names_of_the_table_are_names(name: str) -> None:
    assert wrong(f"Hello\n  {{{name}}}") == [f"2:3 {{{name}}} is no name."]
    assert rendering.plain(f"x {{{name}}} y", VALUES) == "\n", "a line of nothing but unknown names says nothing"


def test_a_name_of_another_moment_and_a_lonely_brace_are_told_with_their_place() -> None:
    assert wrong("{refund.amount}") == ["1:1 {refund.amount} is not known at this moment of an order."]
    assert wrong("{refund.amount}", "refunded") == []
    assert wrong("a } b\n{order.number") == [
        "1:3 A brace stands alone; two of them mean one.", "2:1 A brace stands alone; two of them mean one.",
    ]  # fmt: skip
    assert wrong("{{ {order.number} }}") == []
    assert rendering.plain("{{ {order.number} }}", VALUES) == "{ 10001 }\n"


def test_a_line_whose_names_are_all_empty_is_left_out() -> None:
    text = "Hello\n\nWaiting for:\n{order.waiting}\nQuestions? {shop.contact}\n{shop.contact} {order.number}"
    assert rendering.plain(text, VALUES) == "Hello\n\nWaiting for:\n 10001\n"


def test_several_stand_below_each_other_alone_and_in_a_row_within_a_sentence() -> None:
    assert rendering.plain("{order.lines}", VALUES) == "- 2 × Honey\n- 1 × <Tea>\n"
    assert rendering.plain("Of {order.lines}.", VALUES) == "Of 2 × Honey, 1 × <Tea>.\n"


def test_a_subject_is_one_line_whatever_a_customer_is_called() -> None:
    values = {"customer.name": "Ana\r\nBcc: everybody@example.com", "order.lines": ["a", "b"]}
    assert rendering.one_line("Order of {customer.name}", values) == "Order of Ana Bcc: everybody@example.com"
    assert rendering.one_line("{order.lines}", values) == "a, b"


def test_in_html_everything_is_escaped_but_lists_and_links_are_such() -> None:
    html = rendering.rich(
        "Hello <i>{customer.name}</i>\nagain\n\n{order.lines}\nSee {order.link}", VALUES, language="en", title="A & B",
        colour="#1f62d9",
    )  # fmt: skip
    assert "<p>Hello &lt;i&gt;Ana &lt;b&gt;&amp;&lt;/i&gt;<br>again</p>" in html
    assert "<ul><li>2 × Honey</li><li>1 × &lt;Tea&gt;</li></ul>" in html
    link = VALUES["order.link"]
    assert f'<p>See <a href="{link}">{link}</a></p>' in html
    assert "<title>A &amp; B</title>" in html


def test_what_is_delivered_is_whole_right_and_says_something() -> None:
    keys = {(each, channel, language) for each in MILESTONES for channel in CHANNELS for language in BUILT_IN}
    assert DEFAULTS.keys() == keys
    for key, words in DEFAULTS.items():
        assert [*templates.faults(key, words)] == [], key
        said = rendering.plain(words.body, facts.examples())
        assert len(said) > 30, key
        assert "{" not in said + rendering.one_line(words.subject, facts.examples()), key


def test_every_name_has_an_example_in_a_fact() -> None:
    assert facts.examples().keys() == FIELDS.keys()
