"""Whatever one command of a batch looks like, the others are read."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tasks import batches

DEVICE = UUID(int=7)
BROKEN = [
    b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"a":"\\ud800"}',
    b'{"a":"\xff"}',
    b'{"a":"] , [ \\" }","commands":[1,2]} , {"b": nonsense}',
]


def _body(*items: bytes, after: bytes = b"") -> bytes:
    head = f'{{"device":"{DEVICE}","epoch":"epoch-001", "commands" : ['.encode()
    return head + b",".join(items) + b"]" + after + b"}"


@pytest.mark.parametrize("broken", BROKEN[:3])
def test_a_command_that_no_decoder_takes_stands_between_the_others_as_it_came(broken: bytes) -> None:
    read = batches.read(_body(b'{"x":1}', broken, b'{"y":[2,{"z":"]"}]}'))
    assert [bytes(each) for each in read.commands] == [b'{"x":1}', broken, b'{"y":[2,{"z":"]"}]}']
    assert (read.device, read.epoch) == (DEVICE, "epoch-001")


def test_brackets_and_commas_inside_a_text_part_nothing() -> None:
    first, second = BROKEN[3].split(b" , ", 1)[0] + b" , " + BROKEN[3].split(b" , ")[1], b'{"b": nonsense}'
    read = batches.read(_body(first, second))
    assert [bytes(each) for each in read.commands] == [first, second]


@pytest.mark.parametrize("body", [b"", b"[", b"nonsense", _body(b'{"x":1}')[:-2], b'{"commands":[{"\xff"}]}'])
def test_what_is_no_batch_is_an_error(body: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        batches.read(body)


def test_more_than_a_hundred_are_too_many_however_they_look() -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        batches.read(_body(*[b'"\xff"'] * 101))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(_JSON, min_size=1, max_size=8))
def test_any_commands_are_parted_where_json_parts_them(items: list[Any]) -> None:
    body = _body(*(json.dumps(each).encode() for each in items), b'"\xff"')
    assert [json.loads(bytes(each)) for each in batches.read(body).commands[:-1]] == items


@given(st.dictionaries(st.sampled_from(["id", "seq", "kind", "body"]), _JSON, max_size=4))
def test_id_and_place_are_found_on_the_first_level_alone(command: dict[str, Any]) -> None:
    hidden = {"body": [{"id": str(DEVICE), "seq": 8}], **command}
    hidden.pop("id", None)
    assert batches.marks(json.dumps(hidden).encode()) is None
    shown = {**hidden, "id": str(DEVICE), "seq": 9}
    assert batches.marks(json.dumps(shown).encode()) == (DEVICE, 9)
