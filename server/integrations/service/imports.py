"""Why: a file is looked at, then written, a few rows at a time; where it stands is written in the unit of its rows.

So a crash goes on behind the last row that is written, and none is written twice. Whoever works on it holds it by its
life (docs/decisions/0006); a slice of somebody who lost it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.faults import GOT, spoken
from server.core.refusal import Fault, Refusal
from server.core.words import Language
from server.db.work import Work
from server.integrations.drafts import Draft, Options, RowFault, Understood
from server.integrations.kinds import KINDS
from server.integrations.lifecycle import IMPORT
from server.integrations.reading import Layout
from server.integrations.schemas.imports import (
    ColumnSeen,
    Counts,
    FaultList,
    FaultsMode,
    FaultView,
    ImportList,
    ImportView,
    Noted,
    SkippedList,
    SkippedView,
)
from server.integrations.service.ways import WAYS
from server.integrations.store import imports as store
from server.integrations.told import FAULTS, NOTES, OUTCOMES, SKIPPED, say

MOST_FAULTS: Final = 10_000
"""So many faults of a file are listed; the others are counted."""
PREVIEW: Final = 5
FAULTS_KEPT: Final = timedelta(days=30)
"""So long after its end an import's faults can be read."""
SHOWN_FAULTS: Final = 5
"""So many faults of one record stand in the report."""
AT_ONCE: Final = 100
"""Faults that are forgotten in one command."""
PATIENCE: Final = timedelta(seconds=60)
"""So long whoever works on an import may give no sign."""


class Brought(NamedTuple):
    """A file that is whole and has a header that can be used."""

    id: UUID
    kind: str
    warehouse: int
    file_name: str
    size: int
    layout: Layout
    columns: Sequence[tuple[str, str | None]]
    start_at_once: bool
    skip_faults: bool
    channel: str | None = None
    understood: Understood = Understood()


def begin(work: Work, new: Brought) -> None:
    """Keeps a file that was brought in; it is checked beside."""
    store.add(
        work.conn,
        {
            "id": new.id, "kind": new.kind, "for_warehouse": new.warehouse, "state": IMPORT.initial,
            "file_name": new.file_name, "size": new.size, "layout": new.layout, "columns": list(new.columns),
            "channel": new.channel, "understood": new.understood, "start_at_once": new.start_at_once,
            "skip_faults": new.skip_faults, "counts": Counts(), "results": Counts(), "preview": [],
            "created_at": work.now, "created_by": work.actor.person,
        },
    )  # fmt: skip


def claim(work: Work, import_id: UUID, life: int, dead: Collection[int]) -> bool:
    """Takes an import that nobody works on; whether it is this process's now."""
    run = store.by_id(work.conn, import_id)
    if run is None or run.state not in store.LIVE:
        return False
    if not is_free(run.holder, run.held_until, life, dead, work.now):
        return False
    store.hold(work.conn, import_id, life, work.now + PATIENCE)
    return True


def is_free(holder: int | None, until: datetime | None, life: int, dead: Collection[int], now: datetime) -> bool:
    """Whether this process may work on it."""
    return holder is None or holder == life or holder in dead or until is None or until < now


def _mine(work: Work, import_id: UUID, state: str, life: int, at: int) -> store.Run | None:
    """The import, if it still is where its worker left it."""
    run = store.by_id(work.conn, import_id)
    if run is None or run.state != state or run.holder != life or run.position != at:
        return None
    return run


# --- looking -------------------------------------------------------------------------------------------------------


class Portion(NamedTuple):
    """A part of a file that was looked at: up to the row `at`."""

    at: int
    bytes_read: int
    counts: Counts
    faults: list[RowFault]
    skipped: list[RowFault]
    preview: list[list[str]]
    ended: bool


def keep_looked(work: Work, import_id: UUID, life: int, after: int, portion: Portion) -> bool:
    """Keeps what a portion came to; whether there is more to look at. The last one makes it checked, or starts it."""
    run = _mine(work, import_id, "checking", life, after)
    if run is None:
        return False
    _tell(work, import_id, "check", run.counts.faults, portion.faults)
    _tell(work, import_id, "check_skipped", run.counts.skipped, portion.skipped)
    counts = run.counts + portion.counts
    before, by = store.begun(work.conn, import_id)
    preview = [*before, *portion.preview][:PREVIEW]
    store.set_checked(
        work.conn, import_id, at=portion.at, read=portion.bytes_read, counts=counts, preview=preview,
        until=work.now + PATIENCE,
    )  # fmt: skip
    if not portion.ended:
        return True
    store.mark(work.conn, import_id, IMPORT.advance(run.state, "check"))
    if run.start_at_once and (run.skip_faults or not counts.faulty):
        _begin(work, run, IMPORT.advance("checked", "start"), skip=run.skip_faults, by=by)
    return False


def lists_skipped(counts: Counts) -> bool:
    """Whether there is room for more skipped rows in the list."""
    return counts.skipped < MOST_FAULTS


def _tell(work: Work, import_id: UUID, phase: str, before: int, more: Sequence[RowFault]) -> None:
    """Lists rows of a phase behind the `before` that were counted, as long as there is room."""
    kept = min(before, MOST_FAULTS)
    store.add_faults(work.conn, import_id, phase, kept, more[: MOST_FAULTS - kept])


# --- starting, breaking off ----------------------------------------------------------------------------------------


def start(work: Work, import_id: UUID, faults: FaultsMode) -> None:
    """Begins to write. Refuses `import_faulty` where there are faults that nobody wants to skip."""
    run = _known(work.conn, import_id)
    state = IMPORT.advance(run.state, "start")
    if run.counts.faulty and faults != "skip":
        raise Refusal("import_faulty", count=run.counts.faulty)
    _begin(work, run, state, skip=faults == "skip", by=work.actor.person)


def _begin(work: Work, run: store.Run, state: str, *, skip: bool, by: UUID | None) -> None:
    store.start(work.conn, run.id, state, skip=skip, at=work.now, by=by)


def cancel(work: Work, import_id: UUID) -> None:
    """Breaks it off; what is written stays. Refuses `move_not_allowed` once it has ended."""
    run = _known(work.conn, import_id)
    store.end(work.conn, import_id, IMPORT.advance(run.state, "cancel"), work.now)


def fail(work: Work, import_id: UUID, why: str) -> None:
    """It cannot go on; an import that has ended meanwhile stays as it is."""
    run = _known(work.conn, import_id)
    if IMPORT.can(run.state, "fail"):
        store.end(work.conn, import_id, IMPORT.advance(run.state, "fail"), work.now, why)


def _known(conn: sa.Connection, import_id: UUID) -> store.Run:
    run = store.by_id(conn, import_id)
    if run is None:
        raise _no_import(import_id)
    return run


def _no_import(import_id: UUID) -> Refusal:
    return Refusal("import_unknown", Fault("import", "There is no such import.", "an import", str(import_id)))


# --- writing -------------------------------------------------------------------------------------------------------


def write_slice(
    work: Work, import_id: UUID, life: int, after: int, drafts: Sequence[Draft], bytes_read: int
) -> int | None:
    """Writes drafts behind the row `after`; how many of them, or None where it is no longer this worker's.

    Each is looked at again; what cannot be taken is told and left out. Stops early where the floor waits.
    """
    run = _mine(work, import_id, "running", life, after)
    if run is None:
        return None
    kind, ways, options = KINDS[run.kind], WAYS[run.kind], options_of(run)
    ways.prepare(work, options)
    sound = [draft for draft in drafts if draft.record is not None]
    found = dict(zip((draft.first for draft in sound), ways.look(work.conn, kind, sound, options), strict=True))
    results, faults, skipped, done = Counts(), list[RowFault](), list[RowFault](), 0
    outcomes: list[store.Outcome] = []
    right = [draft for draft in sound if not found[draft.first].faults and found[draft.first].verdict != "skipped"]
    named = ways.together(work, right, options) if ways.together else []
    written = dict(zip((draft.first for draft in right if named), named, strict=True))
    for draft in drafts:
        looked = found.get(draft.first)
        wrong = draft.faults if looked is None else looked.faults
        came_to = looked.verdict if looked is not None and not wrong else "faulty"
        made = written.get(draft.first, "")
        if came_to in ("made", "changed") and ways.together is None:
            made = ways.write(work, draft, options)
        faults.extend(wrong)
        outcomes.append(_outcome(draft, came_to, made, wrong))
        if came_to == "skipped":
            skipped.append(RowFault(draft.first, "", "skipped"))
        results += counted(draft, came_to, len(wrong), held=looked is not None and looked.held)
        done += 1
        if work.crowded and not named:
            break
    _tell(work, run.id, "run_skipped", run.results.skipped, skipped)
    store.add_outcomes(work.conn, run.id, outcomes)
    _go_on(work, run, drafts[done - 1].last, bytes_read, results, faults)
    return done


def pass_over(
    work: Work, import_id: UUID, life: int, after: int, draft: Draft, faults: Sequence[RowFault], bytes_read: int
) -> int | None:
    """Leaves out a draft that was refused while it was being written, and tells why."""
    run = _mine(work, import_id, "running", life, after)
    if run is None:
        return None
    store.add_outcomes(work.conn, run.id, [_outcome(draft, "faulty", "", faults)])
    _go_on(work, run, draft.last, bytes_read, counted(draft, "faulty", len(faults)), faults)
    return 1


def _outcome(draft: Draft, came_to: str, made: str, faults: Sequence[RowFault]) -> store.Outcome:
    return store.Outcome(draft.first, draft.last, came_to, draft.name, made, tuple(faults[:SHOWN_FAULTS]))


def _go_on(work: Work, run: store.Run, at: int, bytes_read: int, results: Counts, faults: Sequence[RowFault]) -> None:
    _tell(work, run.id, "run", run.results.faults, faults)
    store.set_written(
        work.conn, run.id, at=at, read=bytes_read, results=run.results + results, until=work.now + PATIENCE
    )


def forget(work: Work, import_id: UUID) -> bool:
    """Forgets some faults and outcomes of what ended long ago; whether there may be more: people wrote them."""
    faults = store.drop_faults(work.conn, import_id, AT_ONCE)
    return store.drop_outcomes(work.conn, import_id, AT_ONCE) or faults


def complete(work: Work, import_id: UUID, life: int, after: int) -> None:
    """All rows are written."""
    run = _mine(work, import_id, "running", life, after)
    if run is not None:
        store.end(work.conn, import_id, IMPORT.advance(run.state, "complete"), work.now)


def counted(draft: Draft, came_to: str, faults: int = 0, *, held: bool = False) -> Counts:
    """What one draft adds to the counts."""
    made = came_to == "made"
    return Counts(
        rows=draft.lines,
        records=1,
        made=int(made),
        changed=int(came_to == "changed"),
        skipped=int(came_to == "skipped"),
        faulty=int(came_to == "faulty"),
        lines=draft.lines if made else 0,
        held=int(made and held),
        faults=faults,
    )


def options_of(run: store.Run) -> Options:
    """What holds for the whole file."""
    return Options(tuple(column for _, column in run.columns), run.warehouse, run.understood)


# --- what the screens show -----------------------------------------------------------------------------------------


def view(conn: sa.Connection, import_id: UUID, kinds: Collection[str], language: Language) -> ImportView:
    """An import of one of these kinds; refuses `import_unknown`."""
    found = store.shown(conn, import_id)
    if found is None or found.run.kind not in kinds:
        raise _no_import(import_id)
    return _view(found, language)


def views(
    conn: sa.Connection,
    kinds: Collection[str],
    warehouse: int | None,
    before: UUID,
    limit: int,
    language: Language,
) -> ImportList:
    """A page of imports of one warehouse or of all, the newest first."""
    found = store.page(conn, kinds, warehouse, before, limit + 1)
    following = str(found[limit - 1].run.id) if len(found) > limit else None
    return ImportList([_view(each, language) for each in found[:limit]], following)


def fault_list(conn: sa.Connection, import_id: UUID, after: int, limit: int, language: Language) -> FaultList:
    """A page of an import's faults: of the check until it is written, then of the writing."""
    run = _known(conn, import_id)
    headers = {column: header for header, column in run.columns if column is not None}
    found = store.faults(conn, import_id, phase_of(run), after, limit + 1)
    items = [fault_view(run.kind, headers, number, each, language) for number, each in found[:limit]]
    return FaultList(items, str(found[limit - 1][0]) if len(found) > limit else None)


def skipped_list(conn: sa.Connection, import_id: UUID, after: int, limit: int, language: Language) -> SkippedList:
    """A page of the rows that are left out though nothing is wrong with them, like `fault_list`."""
    run = _known(conn, import_id)
    found = store.faults(conn, import_id, f"{phase_of(run)}_skipped", after, limit + 1)
    why = SKIPPED[run.kind].say(language)
    items = [SkippedView(number, each.row, why) for number, each in found[:limit]]
    return SkippedList(items, str(found[limit - 1][0]) if len(found) > limit else None)


def report(
    conn: sa.Connection, import_id: UUID, after: int, most: int, language: Language
) -> tuple[list[list[str]], int]:
    """A part of an import's report behind the row `after`: what each record came to; and its last row, 0 at the end.

    Of what was broken off the last line says from which row on nothing was done.
    """
    run = _known(conn, import_id)
    found = store.outcomes(conn, import_id, after, most)
    rows = [
        [str(each.row), str(each.last), each.name, OUTCOMES[each.came_to].say(language), each.made,
         "; ".join(_in_words(run.kind, fault, language) for fault in each.faults)]
        for each in found
    ]  # fmt: skip
    if len(found) == most:
        return rows, found[-1].row
    if run.state in ("cancelled", "failed", "running") and phase_of(run) == "run":
        rows.append([str(run.position + 1), "", "", OUTCOMES["undone"].say(language), "", ""])
    return rows, 0


def _in_words(kind: str, fault: RowFault, language: Language) -> str:
    said = fault_view(kind, {}, 0, fault, language)
    return f"{fault.column}: {said.message} ({said.got})" if said.got else f"{fault.column}: {said.message}"


def phase_of(run: store.Run) -> str:
    """Whose faults are told: the writing's, once it has begun."""
    return "run" if run.results.records or run.state in ("running", "done") else "check"


def fault_view(kind: str, headers: Mapping[str, str], number: int, fault: RowFault, language: Language) -> FaultView:
    """A fault in words, at the column as the file calls it."""
    column = KINDS[kind].column(fault.column)
    wanted = spoken(fault.wanted, fault.params, language) or ("" if column is None else column.wanted.say(language))
    message = FAULTS[fault.code].say(language)
    got = spoken(fault.got, fault.params, language) if fault.got in GOT else fault.got
    return FaultView(number, fault.row, headers.get(fault.column, fault.column), fault.code, message, wanted, got)


def _view(found: store.Shown, language: Language) -> ImportView:
    run = found.run
    share = found.bytes_read / run.size if run.size else 1.0
    if run.state == "running" and run.counts.records:
        share = run.results.records / run.counts.records
    return ImportView(
        id=run.id,
        kind=run.kind,
        warehouse=run.warehouse,
        state=run.state,
        file_name=found.file_name,
        size=run.size,
        encoding=run.layout.encoding,
        separator=run.layout.separator,
        columns=[ColumnSeen(header, column) for header, column in run.columns],
        notes=[Noted(code, say(NOTES, code, language, **params)) for code, params in _notes(run)],
        preview=found.preview,
        checked=run.counts,
        written=run.results,
        progress=min(1.0, share) if run.state in store.LIVE else 1.0,
        allowed=[each for each in IMPORT.allowed(run.state) if each in ("start", "cancel")],
        skip_faults=run.skip_faults,
        why=say(FAULTS, found.why, language) if found.why else "",
        created_at=found.created_at,
        created_by=found.created_by,
        started_at=found.started_at,
        started_by=found.started_by,
        ended_at=found.ended_at,
    )


def _notes(run: store.Run) -> list[tuple[str, dict[str, Any]]]:
    """What is to be known of a file besides its faults."""
    columns = {column for _, column in run.columns}
    ignored = [header for header, column in run.columns if column is None and header]
    counts = run.results if phase_of(run) == "run" else run.counts
    said: list[tuple[bool, str, dict[str, Any]]] = [
        (run.layout.assumed, "assumed", {}),
        (bool(ignored), "ignored", {"columns": ", ".join(ignored)}),
        (run.state != "checking" and not run.counts.records, "no_rows", {}),
        (bool(counts.skipped), "holds" if run.kind == "stock" else "already", {"count": counts.skipped}),
        (bool(counts.held), "held", {"count": counts.held}),
        (run.kind == "bins" and "x_mm" not in columns, "floor", {}),
        (counts.faults > MOST_FAULTS, "more_faults", {"count": MOST_FAULTS}),
        (counts.skipped > MOST_FAULTS, "more_skipped", {"count": MOST_FAULTS}),
    ]
    return [(code, params) for holds, code, params in said if holds]
