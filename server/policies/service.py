"""Why: who decides by rules asks here for those that are live; a draft is written, checked and takes their place.

Compiled sets are kept by their row and when it was written; a unit of work reads four short columns and finds the
rest in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from server.auth.permissions import ROLES
from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work
from server.policies import rules, saying, store
from server.policies.checking import FUNCTIONS
from server.policies.defaults import DEFAULTS
from server.policies.facts import Field, ListOf, Record, paths
from server.policies.lifecycle import RULE_SET
from server.policies.rules import KINDS, MOMENTS, REASONS, Kind, LiveSet, Rule, Said, SetFault, ready
from server.policies.saying import POLICY_WORDS, ROLE_WORDS
from server.policies.schemas import (
    FactList,
    FactRow,
    GoLive,
    KindList,
    KindRow,
    KindView,
    Looked,
    NewDraft,
    Procedure,
    RuleSet,
    Step,
    VersionList,
)
from server.policies.store import Connection

MOST_KEPT: Final = 200
"""Compiled sets in memory: old versions go when there are more."""

_compiled: dict[tuple[UUID, datetime], LiveSet] = {}


# --- for whoever decides -------------------------------------------------------------------------------------------


def live(conn: Connection) -> Mapping[str, LiveSet]:
    """The rule sets that decide now, compiled, by kind in the order in which they are decided."""
    found = {kind: (of, at, version) for of, at, kind, version in store.live(conn)}
    return {
        name: _live(conn, *found[name], kind) if name in found else _delivered(name) for name, kind in KINDS.items()
    }


def _live(conn: Connection, of: UUID, at: datetime, version: int, kind: Kind) -> LiveSet:
    known = _compiled.get((of, at))
    if known is None:
        if len(_compiled) >= MOST_KEPT:
            _compiled.clear()
        known = _compiled[of, at] = ready(kind, version, store.by_id(conn, of).rules)
    return known


class Unready(NamedTuple):
    """A live set that this process has not compiled yet."""

    of: UUID
    at: datetime
    version: int
    set: RuleSet


def unready(conn: Connection) -> list[Unready]:
    """The live sets that are new to this process: whoever has time compiles them before a unit of work needs them."""
    return [
        Unready(of, at, version, store.by_id(conn, of))
        for of, at, _, version in store.live(conn)
        if (of, at) not in _compiled
    ]


def prepare(found: Sequence[Unready] = ()) -> None:
    """Compiles these sets and those that are delivered, where nobody waits for a lock; the first time takes longest."""
    for kind in KINDS:
        _delivered(kind)
    for each in found:
        _compiled[each.of, each.at] = ready(KINDS[each.set.kind], each.version, each.set.rules)


@cache
def _delivered(kind: str) -> LiveSet:
    return ready(KINDS[kind], 0, DEFAULTS[kind])


def tried(kind: str, rules_: list[Rule]) -> LiveSet:
    """Rules that are not live, ready to be tried; refuses `rules_wrong`."""
    _refuse_faults(KINDS[kind], rules_)
    return ready(KINDS[kind], 0, rules_)


def _refuse_faults(kind: Kind, rules_: list[Rule]) -> None:
    if wrong := rules.faults(kind, rules_):
        faults = [Fault(each.field, _placed(each, each.en), de=_placed(each, each.de)) for each in wrong]
        raise Refusal("rules_wrong", *faults, count=len(faults))


def _placed(fault: SetFault, said: str) -> str:
    return f"{fault.line}:{fault.column} {said}" if fault.line else said


# --- looking -------------------------------------------------------------------------------------------------------


def kinds(conn: Connection) -> KindList:
    """Every kind with what is live of it."""
    alive, drafts = store.in_state(conn, "live"), store.in_state(conn, "draft")
    rows = []
    for name, kind in KINDS.items():
        now = alive.get(name) or delivered(name)
        rows.append(
            KindRow(name, Said(*kind.words), Said(*kind.decides), now.version, len(now.rules), now.live_at, now.live_by,
                    name in drafts)
        )  # fmt: skip
    return KindList(rows)


def delivered(kind: str) -> RuleSet:
    """Version 0: what decides where nothing was configured."""
    return RuleSet(kind=kind, version=0, state="live", rules=list(DEFAULTS[kind]))


def _now(conn: Connection, kind: str) -> RuleSet:
    found = store.of_kind(conn, kind, "live")
    return delivered(kind) if found is None else found.set


def view(conn: Connection, kind: str) -> KindView:
    """One kind, for whoever reads or writes its rules."""
    what, draft = KINDS[kind], store.of_kind(conn, kind, "draft")
    return KindView(
        name=kind, words=Said(*what.words), decides=Said(*what.decides),
        moments=[Said(*MOMENTS[each]) for each in what.moments], actions=list(what.actions), first=what.first,
        choices={each: Said(*POLICY_WORDS[each]) for each in what.choices},
        reasons={code: Said(each.en, each.de) for code, each in REASONS.items() if code != rules.BROKEN},
        owners={role: Said(*ROLE_WORDS[role]) for role in ROLES},
        live=_now(conn, kind), draft=None if draft is None else draft.set,
    )  # fmt: skip


def versions(conn: Connection, kind: str, before: int, limit: int) -> VersionList:
    """What is or was live, the newest first; the delivered one is the last."""
    found = store.versions(conn, kind, before, limit + 1)
    if len(found) <= limit and before > 0:
        retired = bool(found) or store.of_kind(conn, kind, "live") is not None
        found.append(msgspec.structs.replace(delivered(kind), state="retired" if retired else "live"))
    return VersionList(found[:limit], str(found[limit - 1].version) if len(found) > limit else None)


def version(conn: Connection, kind: str, number: int) -> RuleSet:
    """A version as it was; refuses `not_found`."""
    found = delivered(kind) if number == 0 else store.version(conn, kind, number)
    if found is None:
        raise Refusal("not_found")
    return found


def procedure(conn: Connection, kind: str) -> Procedure:
    """How it is done here, in words, from what is live now."""
    what, now = KINDS[kind], _now(conn, kind)
    return Procedure(
        kind=kind, words=Said(*what.words), decides=Said(*what.decides),
        moments=[Said(*MOMENTS[each]) for each in what.moments], first=what.first,
        steps=[_step(what, rule) for rule in now.rules], otherwise=Said(*what.otherwise), version=now.version,
        live_at=now.live_at, live_by=now.live_by, note=now.note,
    )  # fmt: skip


def _step(kind: Kind, rule: Rule) -> Step:
    when = Said(saying.condition(kind, rule.when, "en"), saying.condition(kind, rule.when, "de"))
    return Step(rule.name, when, saying.does(rule.then), rule.when)


def facts(kind: str) -> FactList:
    """What the rules of a kind may speak of."""
    roots = KINDS[kind].facts
    rows = [_fact(path, field) for path, field in paths() if path.partition(".")[0].removesuffix("[]") in roots]
    return FactList(rows, list(FUNCTIONS))


def _fact(path: str, field: Field) -> FactRow:
    kind = field.type if isinstance(field.type, str) else _name(field.type)
    return FactRow(path, kind, Said(*field.words), Said(*field.what), field.example, field.personal)


def _name(kind: ListOf | Record) -> str:
    return kind.name if isinstance(kind, Record) else "list"


# --- writing -------------------------------------------------------------------------------------------------------


def look(kind: str, rules_: list[Rule]) -> Looked:
    """What is wrong with rules that are being written, and how they would read."""
    what = KINDS[kind]
    wrong = rules.faults(what, rules_)
    broken = {each.field.partition(".")[0] for each in wrong}
    steps = [
        _step(what, rule)
        if f"rules[{at}]" not in broken
        else Step(rule.name, Said("…", "…"), Said("…", "…"), rule.when)
        for at, rule in enumerate(rules_)
    ]
    return Looked(wrong, steps)


def save(work: Work, kind: str, new: NewDraft) -> RuleSet:
    """Keeps a draft, the only one of its kind. Stream 0.

    Refuses `rules_wrong` with every fault, `changed_meanwhile` where the draft (or without one what is live) is no
    longer what was opened.
    """
    _refuse_faults(KINDS[kind], new.rules)
    found = store.of_kind(work.conn, kind, "draft")
    unchanged(new.edition, _now(work.conn, kind) if found is None else found.set)
    if found is None:
        store.add(
            work.conn,
            {
                "id": work.new_id(), "kind": kind, "version": store.last(work.conn, kind) + 1,
                "state": RULE_SET.initial, "rules": new.rules, "written_by": work.actor.name, "written_at": work.now,
            },
        )  # fmt: skip
    else:
        store.write(work.conn, found.id, new.rules, work.actor.name, work.now)
    return _draft(work, kind).set


def drop(work: Work, kind: str) -> None:
    """Throws the draft away; refuses `not_found`."""
    found = _draft(work, kind)
    store.move(work.conn, found.id, RULE_SET.advance(found.set.state, "drop"), found.set)


def go_live(work: Work, kind: str, new: GoLive) -> RuleSet:
    """The draft decides from now on, what was live is retired. Stream 0.

    Refuses `not_found` without a draft, `changed_meanwhile`, and `rules_wrong` where it no longer holds.
    """
    found = _draft(work, kind)
    unchanged(new.edition, found.set)
    _refuse_faults(KINDS[kind], found.set.rules)
    before = store.of_kind(work.conn, kind, "live")
    if before is not None:
        retired = msgspec.structs.replace(before.set, retired_at=work.now)
        store.move(work.conn, before.id, RULE_SET.advance(before.set.state, "retire"), retired)
    state = RULE_SET.advance(found.set.state, "go_live")
    alive = msgspec.structs.replace(found.set, note=new.note, live_by=work.actor.name, live_at=work.now)
    store.move(work.conn, found.id, state, alive)
    work.emit("rules.changed", stream=CORE, kind=kind, version=found.set.version)
    return store.by_id(work.conn, found.id)


def _draft(work: Work, kind: str) -> store.Kept:
    found = store.of_kind(work.conn, kind, "draft")
    if found is None:
        raise Refusal("not_found")
    return found
