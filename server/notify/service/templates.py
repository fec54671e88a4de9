"""Why: the shop writes its own words; what it saves can always be filled in, and what was said before is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.cards import looks_like_a_card
from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.notify import rendering
from server.notify.defaults import DEFAULTS, Words
from server.notify.fields import known_to
from server.notify.rules import BUILT_IN, CHANNELS, FALLBACK, MILESTONES
from server.notify.schemas import (
    Draft,
    FieldRow,
    MilestoneRow,
    Milestones,
    Preview,
    PutTemplate,
    Said,
    Template,
    TemplateList,
    TemplateView,
    Way,
)
from server.notify.service import facts
from server.notify.store import messages
from server.notify.store import templates as store
from server.orders.service import lookup
from server.orders.store import decisions
from server.shipping import brand

Key = tuple[str, str, str]
"""Milestone, channel, language."""
LONGEST_SMS: Final = 480
"""Characters of a template: some four parts of a text message, and names become longer."""


class Written(NamedTuple):
    """A message in words, by which version of which language's template."""

    subject: str
    text: str
    html: str
    language: str
    version: int


# --- looking -------------------------------------------------------------------------------------------------------


def current(conn: sa.Connection, key: Key) -> Template | None:
    """How it is said now; None for a language that nobody has written it in."""
    found = store.last(conn, *key)
    if found is not None or key not in DEFAULTS:
        return found
    return _delivered(key)


def _delivered(key: Key) -> Template:
    words = DEFAULTS[key]
    return Template(*key, 0, words.subject, words.body, "", None)


def view(conn: sa.Connection, key: Key) -> TemplateView:
    """A template for whoever writes it; one of a new language begins with the English words."""
    milestone, channel, language = key
    found = current(conn, key)
    if found is None:
        words = DEFAULTS[milestone, channel, FALLBACK]
        found = Template(milestone, channel, language, 0, words.subject, words.body, "", None)
    of = MILESTONES[milestone]
    fields = [
        FieldRow(field.name, field.kind, Said(field.en, field.de), field.example)
        for field in known_to(milestone).values()
    ]
    return TemplateView(found, Said(of.en, of.de), Said(of.when, of.wann), fields)


def versions(conn: sa.Connection, key: Key, before: int, most: int) -> TemplateList:
    """How it was said, the newest first; the delivered words are the last."""
    found = store.before(conn, key, before, most + 1)
    if len(found) <= most and before > 0 and key in DEFAULTS:
        found.append(_delivered(key))
    return TemplateList(found[:most], found[most - 1].version if len(found) > most else None)


def milestones(conn: sa.Connection, ways: list[Way]) -> Milestones:
    """What customers may be told of, whether they are, and what was written by people."""
    written, switched = store.written(conn), store.switches(conn)
    rows = []
    for name, of in MILESTONES.items():
        mine = {(channel, language) for milestone, channel, language in written if milestone == name}
        rows.append(MilestoneRow(
            name, Said(of.en, of.de), Said(of.when, of.wann), switched.get(name, of.on),
            sorted({*BUILT_IN, *(language for _, language in mine)}),
            sorted(f"{channel}/{language}" for channel, language in mine),
        ))  # fmt: skip
    waiting = messages.parked(conn)
    return Milestones(rows, [Way(way.channel, way.is_set_up, way.where, waiting.get(way.channel, 0)) for way in ways])


def is_on(conn: sa.Connection) -> frozenset[str]:
    """The milestones that customers are told of."""
    switched = store.switches(conn)
    return frozenset(name for name, of in MILESTONES.items() if switched.get(name, of.on))


# --- writing -------------------------------------------------------------------------------------------------------


def save(work: Work, key: Key, new: PutTemplate) -> Template:
    """A new version, by which messages are written from now on. Stream 0. Refuses `changed_meanwhile`, `invalid`."""
    before = current(work.conn, key)
    unchanged(new.edition, before)
    if wrong := tuple(faults(key, Words(new.subject, new.body))):
        raise Refusal("invalid", *wrong, count=len(wrong))
    milestone, channel, language = key
    version = 1 if before is None else before.version + 1
    saved = Template(milestone, channel, language, version, new.subject.strip(), new.body.strip(), work.actor.name,
                     work.now)  # fmt: skip
    store.add(work.conn, {
        "milestone": milestone, "channel": channel, "language": language, "version": version,
        "subject": saved.subject, "body": saved.body, "by": saved.by, "at": work.now,
    })  # fmt: skip
    return saved


def faults(key: Key, words: Words) -> Iterator[Fault]:
    """Everything that is wrong about a template, each with its place."""
    milestone, channel, _ = key
    known = known_to(milestone)
    is_mail = channel == "email"
    if is_mail and not words.subject.strip():
        yield Fault("subject", "A mail has a subject.", "1 to 300 characters", "nothing")
    if not is_mail and words.subject:
        yield Fault("subject", "A text message has no subject.", "nothing", words.subject[:60])
    if not words.body.strip():
        yield Fault("body", "A message says something.", "a text", "nothing")
    if not is_mail and len(words.body) > LONGEST_SMS:
        yield Fault("body", "A text message is short.", "at most {most} characters", "{count} characters",
                    {"most": LONGEST_SMS, "count": len(words.body)})  # fmt: skip
    for field, text in (("subject", words.subject), ("body", words.body)):
        if not all(char.isprintable() or (char == "\n" and field == "body") for char in text):
            yield Fault(field, "This text holds control characters.", "text", "control characters")
        elif looks_like_a_card(text):
            yield Fault(field, "A card number is never written down.", "a text without it", "a card number")
        yield from rendering.faults(field, text, known)


def switch(work: Work, milestone: str, on: bool) -> None:
    """Whether customers are told of it from now on. Stream 0."""
    store.switch(work.conn, milestone, on)


# --- in words ------------------------------------------------------------------------------------------------------


def write(conn: sa.Connection, message: messages.Facts, public_url: str) -> Written:
    """A message in its customer's language, or in English where nobody has written it in that."""
    key = (message.milestone, message.channel, message.language)
    found = current(conn, key) or current(conn, (message.milestone, message.channel, FALLBACK))
    if found is None:
        raise LookupError(f"there is no template for {key}")
    values = facts.of_order(conn, message.order, message.about, found.language, public_url)
    return _in_words(conn, found, values)


def _in_words(conn: sa.Connection, template: Template, values: rendering.Values) -> Written:
    shop = brand.shown(conn)
    html = ""
    if template.channel == "email":
        html = rendering.rich(template.body, values, language=template.language, title=shop.name, colour=shop.colour)
    subject = rendering.one_line(template.subject, values)
    return Written(subject, rendering.plain(template.body, values), html, template.language, template.version)


def preview(conn: sa.Connection, draft: Draft, public_url: str) -> Preview:
    """How words would look with a real order. Refuses `invalid`, `order_unknown`."""
    key = (draft.milestone, draft.channel, draft.language)
    if wrong := tuple(faults(key, Words(draft.subject, draft.body))):
        raise Refusal("invalid", *wrong, count=len(wrong))
    order_id = of_number(conn, draft.order)
    template = Template(*key, 0, draft.subject, draft.body, "", None)
    if order_id is None:
        seen = _in_words(conn, template, facts.examples())
        return Preview(seen.subject, seen.text, seen.html, None)
    seen = _in_words(conn, template, facts.of_order(conn, order_id, "", draft.language, public_url))
    return Preview(seen.subject, seen.text, seen.html, lookup.order_of(conn, order_id).number)


def of_number(conn: sa.Connection, number: int | None) -> UUID | None:
    """The order with this number, or the newest; None where there is none yet. Refuses `order_unknown`."""
    if number is not None:
        return lookup.id_of(conn, number)
    newest = decisions.newest(conn, 1)
    return newest[0].id if newest else None


def all_keys() -> list[Key]:
    """Every template that is delivered."""
    return [(milestone, channel, language) for milestone in MILESTONES for channel in CHANNELS for language in BUILT_IN]
