"""Whatever is wrong with a field is said in both languages, and the catalogue holds nothing that nobody says."""

from __future__ import annotations

import ast
import pickle
import re
import string
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeGuard, get_args
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from server.auth.permissions import PERMISSIONS
from server.core import faults
from server.core.faults import GERMAN, GOT, KINDS, spoken
from server.core.refusal import Fault, FaultShown, Refusal, Stored, in_both
from server.core.words import Language
from server.orders import intake
from server.web import body

SERVER: Final = Path(faults.__file__).parents[1]
MODULES: Final = {
    str(path.relative_to(SERVER)): ast.parse(path.read_text())
    for path in sorted(SERVER.rglob("*.py"))
    if path != Path(faults.__file__)
}
PLACES: Final = ("field", "message", "wanted", "got", "params", "de")
ELSEWHERE: Final = {
    ("auth/gate.py", "PERMISSIONS[permission].sentence"),  # asked below
    ("web/body.py", "message"),  # asked below
    ("web/body.py", "text"),  # of a decoder: what there are no words for
    ("web/problems.py", "error.detail"),  # of the framework: its own English
}
"""Messages that are no sentence of the code."""
VALUES: Final = {
    "", "+4930231250", "1", "2026-11-24T16:00:00Z", "A07-03-B", "C-01 …", "ISO 3166-1", "ISO 4217", "JSON", "NUL",
    "T-0001 …", "ana@example.com", "application/json", "channel:NAME, customer:E-MAIL", "identity", "partial",
    "text/csv", "{{ }}",
}  # fmt: skip
"""What may be wanted or got and is the same in every language."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Written(NamedTuple):
    """A fault as it stands in the code: its call, the function around it and the module."""

    path: str
    call: ast.Call
    function: Function | None

    def given(self, name: str) -> list[ast.expr]:
        """What may be given for a field of it, followed to where it is written."""
        node = dict(zip(PLACES, self.call.args, strict=False)).get(name)
        node = node or next((each.value for each in self.call.keywords if each.arg == name), None)
        return [] if node is None else list(self._followed(node, frozenset()))

    def texts(self) -> Iterator[str]:
        """The sentences of the catalogue in it."""
        for name in ("message", "wanted", "got"):
            yield from (str(node.value) for node in self.given(name) if _is_text(node) and node.value in GERMAN)

    def filled(self) -> set[str]:
        """The names of its parameters."""
        return {name for node in self.given("params") for name in self._keys(node)}

    def _keys(self, node: ast.expr) -> Iterator[str]:
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant):
                yield str(key.value)
            for inner in self._followed(value, frozenset()) if key is None else ():
                yield from self._keys(inner)

    def _followed(self, node: ast.expr, seen: frozenset[str]) -> Iterator[ast.expr]:
        found = [*self._behind(node)] if ast.unparse(node) not in seen else []
        if not found:
            yield node
        for each in found:
            yield from self._followed(each, seen | {ast.unparse(node)})

    def _behind(self, node: ast.expr) -> Iterable[ast.expr]:
        match node:
            case ast.IfExp():
                return (node.body, node.orelse)
            case ast.BoolOp():
                return node.values
            case ast.Name(id=name):
                inside = self.function and (*_set(name, ast.walk(self.function)), *self._called_with(name))
                return inside or _set(name, MODULES[self.path].body)
            case ast.Call(func=ast.Name(id=name)):
                return _returned(name, MODULES[self.path])
            case _:
                return ()

    def _called_with(self, name: str) -> Iterator[ast.expr]:
        """What the function around it is called with for this parameter, in its module."""
        assert self.function is not None
        names = [each.arg for each in self.function.args.args]
        for call in ast.walk(MODULES[self.path]) if name in names else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) == self.function.name:
                yield from call.args[names.index(name) : names.index(name) + 1]


def _set(name: str, nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
                | ast.NamedExpr(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                yield value


def _returned(name: str, module: ast.Module) -> Iterator[ast.expr]:
    for function in module.body:
        if isinstance(function, Function) and function.name == name:
            given = (node.value for node in ast.walk(function) if isinstance(node, ast.Return))
            yield from (each for each in given if each is not None and ast.unparse(each) != "None")


def _written() -> Iterator[Written]:
    for path, module in MODULES.items():
        yield from _in(path, module, None)


def _in(path: str, node: ast.AST, function: Function | None) -> Iterator[Written]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "Fault":
            yield Written(path, inner, function)
        yield from _in(path, inner, inner if isinstance(inner, Function) else function)


WRITTEN: Final = list(_written())


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _has_words(node: ast.expr) -> bool:
    """Whether a text that is put together has words of its own."""
    parts = node.values if isinstance(node, ast.JoinedStr) else ()
    return any(isinstance(part, ast.Constant) and re.search(r"[^\W\d]", str(part.value)) for part in parts)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("fault", WRITTEN, ids=lambda fault: f"{fault.path}:{fault.call.lineno}")
def test_a_fault_is_written_in_sentences_that_have_their_german(fault: Written) -> None:
    for name in ("wanted", "got") if fault.given("de") else ("message", "wanted", "got"):
        for node in fault.given(name):
            assert not _has_words(node), f"{ast.unparse(node)}: name the places and give `params`"
            if _is_text(node):
                assert node.value in (GOT if name == "got" else GERMAN) or (name != "message" and node.value in VALUES)
            elif name == "message":
                assert (fault.path, ast.unparse(node)) in ELSEWHERE


@pytest.mark.parametrize("fault", WRITTEN, ids=lambda fault: f"{fault.path}:{fault.call.lineno}")
def test_a_fault_gives_what_its_sentences_have_places_for(fault: Written) -> None:
    if fault.path != "web/body.py":  # there they are matched from a decoder's sentence: asked below
        assert {place for text in fault.texts() for place in _places(text)} - {"wanted"} == fault.filled()


def test_what_somebody_would_have_to_be_allowed_has_its_german() -> None:
    assert {row.sentence for row in PERMISSIONS.values()} <= GERMAN.keys()


def test_what_an_order_must_say_has_its_german() -> None:
    tables = (intake._ORDER_TEXTS, intake._CUSTOMER_TEXTS, intake._ADDRESS_TEXTS)
    assert {wanted for table in tables for *_, wanted in table} <= GERMAN.keys()


def test_why_news_of_a_gateway_is_not_taken_has_its_german() -> None:
    said = {
        node.args[0].value
        for module in MODULES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotProved" and _is_text(node.args[0])
    }
    assert said
    assert said <= GERMAN.keys()


def test_what_was_got_is_in_the_catalogue() -> None:
    assert GERMAN.keys() >= GOT


def test_the_app_knows_how_it_is_said_that_nothing_was_sent() -> None:
    app = (SERVER.parent / "pwa" / "src" / "core" / "problem.ts").read_text()
    assert all(f'"{spoken("nothing", {}, language)}"' in app for language in get_args(Language))


def test_nothing_stands_in_the_catalogue_that_nobody_says() -> None:
    written = {node.value for module in MODULES.values() for node in ast.walk(module) if isinstance(node, ast.Constant)}
    assert GERMAN.keys() <= written


@pytest.mark.parametrize("english", GERMAN)
def test_a_sentence_has_the_same_places_in_both_languages(english: str) -> None:
    assert _places(GERMAN[english]) == _places(english)
    assert GERMAN[english] != english or not re.search(r"[^\W\d]", re.sub(r"\{\w+\}", "", english))


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """A body with a value of each kind."""

    whole: Annotated[int, Meta(ge=1, le=9)] = 1
    perhaps: int | None = None
    name: Annotated[str, Meta(min_length=2, max_length=3, pattern="^[a-z]+$")] = "ab"
    words: Annotated[list[str], Meta(min_length=1, max_length=2)] | None = None
    pair: tuple[int, int] = (1, 2)
    one: Literal["a", "b"] = "a"
    id: UUID | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    day: date | None = None
    file: bytes = b""
    inner: dict[str, int] = {}


@pytest.mark.parametrize(
    ("sent", "english", "german"),
    [
        ('{"whole": "x"}', 'Wanted a whole number. / "x"',
         'Gebraucht wird: eine ganze Zahl. / "x"'),
        ('{"whole": 0}', 'Wanted a whole number, at least 1. / 0',
         'Gebraucht wird: eine ganze Zahl, mindestens 1. / 0'),
        ('{"whole": 10}', 'Wanted a whole number, at most 9. / 10',
         'Gebraucht wird: eine ganze Zahl, höchstens 9. / 10'),
        ('{"perhaps": {}}', 'Wanted a whole number or nothing. / an object',
         'Gebraucht wird: eine ganze Zahl oder nichts. / ein Objekt'),
        ('{"name": "a"}', 'Wanted a text, length at least 2. / "a"',
         'Gebraucht wird: ein Text, Länge mindestens 2. / "a"'),
        ('{"name": "abcd"}', 'Wanted a text, length at most 3. / "abcd"',
         'Gebraucht wird: ein Text, Länge höchstens 3. / "abcd"'),
        ('{"name": "AB"}', 'Wanted a text of the form ^[a-z]+$. / "AB"',
         'Gebraucht wird: ein Text der Form ^[a-z]+$. / "AB"'),
        ('{"words": []}', 'Wanted a list, length at least 1. / a list of 0',
         'Gebraucht wird: eine Liste, Länge mindestens 1. / eine Liste mit 0'),
        ('{"pair": [1]}', 'Wanted a list, length 2. / a list of 1',
         'Gebraucht wird: eine Liste, Länge 2. / eine Liste mit 1'),
        ('{"one": "c"}', 'There is no such choice. / "c"',
         'Das steht nicht zur Wahl. / "c"'),
        ('{"id": "c"}', 'This is no id. / "c"',
         'Das ist keine Kennung. / "c"'),
        ('{"at": "c"}', 'This is no moment. / "c"',
         'Das ist kein Zeitpunkt. / "c"'),
        ('{"at": "2026-11-24T16:00:00"}', 'Wanted a moment with its zone. / "2026-11-24T16:00:00"',
         'Gebraucht wird: ein Zeitpunkt mit Zeitzone. / "2026-11-24T16:00:00"'),
        ('{"day": "c"}', 'This is no day. / "c"',
         'Das ist kein Datum. / "c"'),
        ('{"file": "?"}', 'This is no file in base64. / "?"',
         'Das ist keine Datei in Base64. / "?"'),
        ('{"inner": []}', 'Wanted an object. / a list of 0',
         'Gebraucht wird: ein Objekt. / eine Liste mit 0'),
        ('{"other": 1}', 'There is no such field. / other',
         'Dieses Feld gibt es nicht. / other'),
    ],
)  # fmt: skip
def test_what_no_body_may_be_is_said_in_both_languages(sent: str, english: str, german: str) -> None:
    with pytest.raises(Refusal) as refused:
        body.decode(sent.encode(), Sent)
    (fault,) = refused.value.faults
    told = [fault.told("en"), fault.told("de")]
    assert [f"{each.message} / {each.got}" for each in told] == [english, german]


def test_a_decoders_kinds_and_bounds_have_their_german() -> None:
    assert {wanted for _, wanted in body._BOUNDS} <= GERMAN.keys()
    assert {message for _, message, _ in body._INVALID} <= GERMAN.keys()
    assert all(each.en.strip() and each.de.strip() for each in KINDS.values())


# --- how it is said ------------------------------------------------------------------------------------------------

SAID: Final = Fault("text", "A note is shorter.", "at most {most} characters", "{count} characters",
                    {"most": 500, "count": 512})  # fmt: skip


def test_a_fault_is_said_in_the_language_of_who_reads_it() -> None:
    assert SAID.told("en") == FaultShown("text", "A note is shorter.", "at most 500 characters", "512 characters")
    assert SAID.told("de") == FaultShown("text", "Die Notiz ist zu lang.", "höchstens 500 Zeichen", "512 Zeichen")


def test_what_was_wanted_stands_in_a_message_in_the_same_language() -> None:
    fault = Fault("currency", "Wanted {wanted}.", "an ISO 4217 code", "XXX")
    assert fault.told("de").message == "Gebraucht wird: ein Code nach ISO 4217."


def test_what_somebody_wrote_is_shown_as_it_is_braces_and_all() -> None:
    for wrote in ("{most} {", "a text", "an order"):
        assert Fault("sku", "There is no such item.", "a value", wrote, {"most": "1"}).told("de").got == wrote
    said = Fault("name", "A picture may not hold <{name}>.", params={"name": "{name.__class__}"}).told("en")
    assert said.message == "A picture may not hold <{name.__class__}>."


def test_a_parameter_that_nobody_gave_shows_as_its_name() -> None:
    assert spoken("at most {most}", {}, "de") == "höchstens {most}"


def test_words_that_were_written_in_both_languages_are_said_as_they_are() -> None:
    fault = Fault("", "Ask first.", got="rule {1}", de="Erst fragen.")
    assert (fault.told("en").message, fault.told("de").message) == ("Ask first.", "Erst fragen.")


def test_a_page_that_everybody_reads_alike_has_a_fault_in_both_languages() -> None:
    assert in_both([SAID]) == [
        {"field": "text", "message": "A note is shorter.", "de": "Die Notiz ist zu lang.",
         "wanted": "at most 500 characters", "got": "512 characters"}
    ]  # fmt: skip


def test_a_refusal_is_said_in_the_readers_language_when_it_is_answered_again() -> None:
    refusal = Refusal("invalid", SAID, count=1)
    kept = msgspec.json.decode(msgspec.json.encode(refusal.stored()), type=Stored)
    for again in (Refusal.of(kept), pickle.loads(pickle.dumps(refusal))):
        assert again.faults == (SAID,)
        assert again.faults[0].told("de").wanted == "höchstens 500 Zeichen"
    assert str(refusal) == "invalid: A note is shorter.: count=1"


def test_a_refusal_that_was_kept_with_its_words_is_shown_with_them() -> None:
    old = b'{"code":"invalid","faults":[{"field":"a","message":"not a tote\'s barcode","wanted":"1 to 7"}]}'
    (fault,) = Refusal.of(msgspec.json.decode(old, type=Stored)).faults
    assert fault.told("de") == FaultShown("a", "not a tote's barcode", "1 to 7")
