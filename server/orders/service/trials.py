"""Why: who changes a rule sees first what it would have done: the last orders are told as facts and decided anew.

Reading and deciding are apart: the first is a snapshot, the second takes a thread of its own. Neither writes anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from server.orders.projection import seen
from server.orders.schemas.trials import Trial, TrialHit
from server.orders.service import facts
from server.orders.store import decisions
from server.orders.store.decisions import Head
from server.policies import saying
from server.policies import service as policies
from server.policies.facts import Facts
from server.policies.rules import Hold, LiveSet, Matched, Refuse, Told, decide

MOST_SHOWN: Final = 100
"""Orders that a trial lists; all are counted."""


class Gathered(NamedTuple):
    """The last orders as facts, and what is live."""

    orders: list[tuple[Head, Facts]]
    live: LiveSet


def gather(conn: Connection, tried: LiveSet, most: int) -> Gathered:
    """The last orders with the facts that either rule set looks at."""
    live = policies.live(conn)[tried.kind.name]
    looked_at = tried.facts | live.facts
    kept = facts.kept(conn, decisions.newest(conn, most))
    return Gathered([(each.head, facts.of_kept(conn, each, looked_at)) for each in kept], live)


def judge(tried: LiveSet, gathered: Gathered) -> Trial:
    """What the rules would have done, beside what is live."""
    counts: Counter[str] = Counter()
    hits: list[TrialHit] = []
    spared = 0
    for head, told_facts in gathered.orders:
        told = Told(told_facts)
        spoke, now = decide(tried, told).matched, decide(gathered.live, told).matched
        spared += _stops(now) and not _stops(spoke)
        for does in {str(each.then.__struct_config__.tag) for each in spoke}:
            counts[does] += 1
        if spoke and len(hits) < MOST_SHOWN:
            hits.append(_hit(head, _heaviest(spoke), now))
    return Trial(len(gathered.orders), dict(counts), spared, hits)


def _stops(matched: Sequence[Matched]) -> bool:
    return any(isinstance(each.then, Hold | Refuse) for each in matched)


def _heaviest(matched: Sequence[Matched]) -> Matched:
    """The one that a list names: what refuses before what holds, before the rest."""
    return min(matched, key=lambda each: (not isinstance(each.then, Refuse), not isinstance(each.then, Hold)))


def _hit(head: Head, spoke: Matched, now: Sequence[Matched]) -> TrialHit:
    return TrialHit(
        order=head.number, captured_at=head.captured_at, total_minor=head.total_minor, currency=head.currency,
        rule=spoke.rule, do=str(spoke.then.__struct_config__.tag), then=saying.does(spoke.then),
        because=seen(spoke.because), broken=spoke.broken,
        already=any(type(each.then) is type(spoke.then) for each in now),
    )  # fmt: skip
