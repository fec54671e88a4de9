"""A rule's condition: what is caught when it is saved, and that nothing that passes can break the house."""

from __future__ import annotations

import re
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.policies import rules, saying
from server.policies.checking import FUNCTIONS, check
from server.policies.expressions import Broken, compiled, context
from server.policies.facts import ListOf, example, paths, tree
from server.policies.rules import KINDS, Both, Hold, Rule, Tag, Told
from server.policies.troubles import TROUBLES, Wrong

ALL = tuple(tree().fields)
FACTS = context(msgspec.to_builtins(example()))

WRONG = (
    ("", "empty", 1, 1),
    ("  \n ", "empty", 1, 1),
    ("x" * 1001, "too_long", 1, 1),
    ("(" * 21 + "true" + ")" * 21, "too_deep", 1, 22),
    ("!" * 25 + "true", "too_deep", 1, 22),
    ("1" + "+1" * 400 + " > 0", "too_deep", 1, 803),
    ("[1].exists(a, [1].exists(b, [1].exists(c, a == b && b == c)))", "too_many_loops", 1, 33),
    ("items.exists(a, items.exists(b, a.sku == b.sku))", "too_much_work", 1, 7),
    ("items.exists(i, i.sku.matches('^a'))", "too_much_work", 1, 7),
    ("order.total_minor > 3 € 2", "strange_character", 1, 23),
    ("order.channel == 'web", "text_open", 1, 18),
    ("order.channel == 'we\\q'", "escape_unknown", 1, 21),
    ("order.total_minor > 9223372036854775808", "number_wrong", 1, 21),
    ("order.total_minor > 007", "number_wrong", 1, 21),
    ("order.total_minor > 1e999", "number_wrong", 1, 21),
    ("order.total_minor = 3", "one_equals", 1, 19),
    ("order.hazmat and stock.short", "word_for_sign", 1, 14),
    ("not order.hazmat", "word_for_sign", 1, 1),
    ("order.total_minor > )", "unexpected", 1, 21),
    ("order.total_minor >", "unexpected_end", 1, 20),
    ("order.hazmat && (", "unexpected_end", 1, 18),
    ("\n  orders.total > 3", "name_unknown", 2, 3),
    ("order.totel_minor > 3", "name_unknown", 1, 7),
    ("order.total_minor.x > 3", "no_facts_of", 1, 19),
    ("items.sku == 'a'", "list_has_no", 1, 7),
    ("lower(order.channel) == 'a'", "function_unknown", 1, 1),
    ("items.filter(i, true).size() > 1", "function_unknown", 1, 7),
    ("size() > 1", "arguments", 1, 1),
    ("order.channel.startsWith() ", "arguments", 1, 15),
    ("items.exists(i)", "arguments", 1, 7),
    ("items.exists(order, true)", "name_taken", 1, 14),
    ("items.exists(1, true)", "loop_name", 1, 14),
    ("order.channel.matches('(')", "regex_wrong", 1, 23),
    ("order.channel.matches('a{50}{50}')", "regex_wrong", 1, 23),
    ("order.channel.matches('\\\\w{9}')", "regex_wrong", 1, 23),
    ("order.channel.matches(order.currency)", "regex_literal", 1, 29),
    ("order.channel.matches('(?=a)')", "refused", 1, 1),
    ("order.total_minor > 'a'", "types_differ", 1, 19),
    ("order == order", "types_differ", 1, 7),
    ("order.channel == 1", "types_differ", 1, 15),
    ("1 in ['a']", "types_differ", 1, 3),
    ("order.channel + 1 == 'a'", "no_sum", 1, 15),
    ("1 + 1.5 > 2", "no_sum", 1, 3),
    ("!order.channel", "wanted_type", 1, 8),
    ("order.total_minor && true", "wanted_type", 1, 7),
    ("order[0] == 1", "wanted_type", 1, 6),
    ("[1, 'a'].size() > 1", "elements_differ", 1, 5),
    ("(true ? 1 : 'a') == 1", "branches_differ", 1, 7),
    ("order.total_minor", "no_condition", 1, 7),
    ("order.total_minor + 1", "no_condition", 1, 19),
    ("'yes'", "no_condition", 1, 1),
)


@pytest.mark.parametrize(("text", "code", "line", "column"), WRONG, ids=lambda each: str(each)[:40])
def test_a_wrong_condition_is_named_at_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(Wrong) as caught:
        compiled(text, ALL)
    trouble = caught.value.trouble
    assert (trouble.code, trouble.line, trouble.column) == (code, line, column)
    assert not re.search("{[a-z]", trouble.en + trouble.de), "every parameter is put in"


@pytest.mark.parametrize(
    ("text", "de"),
    [
        ("order.hazmat && (", "Die Bedingung endet zu früh, gebraucht wird ein Fakt, ein Wert oder (."),
        ("order.hazmat true", "true kann hier nicht stehen, gebraucht wird ein Zeichen wie && oder ==."),
        ("items.", "Die Bedingung endet zu früh, gebraucht wird ein Name."),
        ("(order.hazmat", "Die Bedingung endet zu früh, gebraucht wird )."),
    ],
)
def test_what_is_wanted_is_said_in_german_too(text: str, de: str) -> None:
    with pytest.raises(Wrong) as caught:
        compiled(text, ALL)
    assert caught.value.trouble.de == de


def test_every_trouble_is_shown_once_and_said_in_both_languages() -> None:
    assert {code for _, code, _, _ in WRONG} | {"not_known_yet"} == TROUBLES.keys()
    assert all(en.strip() and de.strip() and en != de for en, de in TROUBLES.values())


def test_what_is_not_known_yet_when_a_kind_is_decided_is_no_fact_of_it() -> None:
    with pytest.raises(Wrong) as caught:
        compiled("stock.short", KINDS["routing"].facts, KINDS["routing"].words)
    assert caught.value.trouble.code == "not_known_yet"
    assert "Routing" in caught.value.trouble.en
    assert "Weg" in caught.value.trouble.de


def test_a_misspelt_fact_is_answered_with_what_was_meant() -> None:
    with pytest.raises(Wrong, match=r"Did you mean order\.total_minor\?"):
        compiled("order.total_minro > 3", ALL)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("order.total_minor > 100000 && order.channel in ['web', 'shop']", True),
        ("items.exists(i, i.hazmat.startsWith('UN') && i.minimum_age >= 18)", True),
        ("items.all(i, [1, 2, 3].exists(n, n == i.quantity))", True),
        ("items.map(i, i.sku).size() == 1 && '40-0182' in items.map(i, i.sku)", True),
        ("customer.email_domain.matches('^(gmail|hotmail)[.]com$')", False),
        ("(order.total_minor - order.shipping_minor) / order.lines >= 59900", True),
        ("order.hazmat ? false : double(order.units) > 2.5", True),
        ("-order.lines < 0 && !stock.short && int('3') == order.units", True),
        ("string(order.lines) + 'x' == \"2x\"", True),
        ("items[0].price_minor % 100 == 0", True),
    ],
)
def test_a_right_condition_is_worked_out(text: str, holds: bool) -> None:
    assert compiled(text, ALL).holds(FACTS) is holds


def test_a_condition_knows_which_facts_it_looks_at() -> None:
    found = check("items.exists(i, i.quantity > order.lines) || stock.short", ALL)
    assert found.facts == {"items[].quantity", "order.lines", "stock.short"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("order.total_minor / (customer.orders - 4) > 1", "divides by nought"),
        ("order.total_minor * 9223372036854775807 > 1", "too large"),
        ("items[7].quantity > 1", "not there"),
        ("int(order.channel) > 1", "invalid digit"),
    ],
)
def test_what_breaks_while_it_is_worked_out_is_broken_and_nothing_else(text: str, why: str) -> None:
    with pytest.raises(Broken, match=why):
        compiled(text, ALL).holds(FACTS)


def test_the_library_is_loaded_with_the_first_condition_and_not_with_the_house() -> None:
    code = "import sys, server.policies.api, server.policies.service; sys.exit('cel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- nothing that passes can break the house -----------------------------------------------------------------------

_VALUES = st.sampled_from(
    [
        "0",
        "1",
        "-1",
        "9223372036854775807",
        "1.5",
        "0.0",
        "''",
        "'web'",
        "'\\\\'",
        "true",
        "false",
        "[]",
        "[1, 2]",
        "['a']",
    ]
)
_FACT_PATHS = st.sampled_from(
    [path for path, _ in paths() if "[]" not in path]
    + ["items", "items[0]", "items[9].quantity", "items.map(i, i.quantity)"]
    + [f"i.{name}" for name in tree().fields["items"].type.of.fields]  # type: ignore[union-attr]
)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sign = st.sampled_from(["&&", "||", "==", "!=", "<", ">=", "+", "-", "*", "/", "%", "in"])
    loop = st.sampled_from(["exists", "all", "exists_one", "map"])
    call = st.sampled_from([*FUNCTIONS, "filter", "has"])
    return st.one_of(
        st.tuples(inner, sign, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, loop, inner).map(lambda t: f"items.{t[1]}(i, {t[2]})"),
        st.tuples(inner, call, inner).map(lambda t: f"{t[0]}.{t[1]}({t[2]})"),
        st.tuples(call, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} ? {t[1]} : {t[2]})"),
        inner.map(lambda text: f"!{text}"),
        inner.map(lambda text: f"-{text}"),
    )


CONDITIONS = st.one_of(
    st.recursive(st.one_of(_VALUES, _FACT_PATHS), _more, max_leaves=8),
    st.text(alphabet="orde.ni()[]'\"\\&|=!<>+-*/%?:, 019tu\n", max_size=30),
)


@settings(max_examples=400)
@given(CONDITIONS)
def test_no_condition_that_passes_the_check_can_break_a_capture(text: str) -> None:
    kind = KINDS["fraud"]
    rule = Rule(Both("Any"), text, Hold(reason="fraud_suspected", owner="desk", due_hours=1))
    wrong = rules.faults(kind, [rule])
    assert all(fault.en and fault.de for fault in wrong)
    live = rules.ready(kind, 1, [rule])
    verdict = rules.decide(live, Told(example()))
    for spoke in verdict.matched:
        assert bool(spoke.broken) == (spoke.then == rules.BROKEN_HOLD)
    if wrong:
        assert verdict.matched[0].broken, "what does not pass holds every order, should it ever be live"
    assert saying.condition(kind, text, "de") is not None
    msgspec.json.encode(verdict)


def test_every_fact_has_words_in_both_languages_and_an_example_of_its_type() -> None:
    of = {"bool": bool, "int": int, "double": float, "string": str}
    for path, field in paths():
        assert not isinstance(field.type, ListOf)
        assert type(field.example) is of[str(field.type)], path
        assert field.words[0] != field.words[1], path
        assert field.what[0].strip(), path
        assert field.what[1].strip(), path


def test_a_tag_is_a_short_word() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"do": "tag", "text": "No Blanks"}, rules.Action)
    assert msgspec.convert({"do": "tag", "text": "gift-wrap"}, rules.Action) == Tag(text="gift-wrap")
