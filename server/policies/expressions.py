"""Why: a condition is worked out by the CEL library, in microseconds, and nothing of it can take the house with it.

The library is loaded when the first condition is compiled: a start does not wait for it. What goes wrong while a
condition is worked out is `Broken`, never another error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from server.policies.checking import Checked, check
from server.policies.grammar import Call, Literal, parts
from server.policies.troubles import At, Wrong

if TYPE_CHECKING:
    import cel

_REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (ZeroDivisionError, "it divides by nought"),
    (OverflowError, "a number becomes too large"),
    (LookupError, "it asks for what is not there"),
)


class Broken(Exception):
    """A condition could not be worked out: why, in a few words."""


class Condition:
    """A condition that was checked and compiled; worked out as often as needed."""

    __slots__ = ("_program", "checked", "text")

    def __init__(self, text: str, checked: Checked, program: cel.Program) -> None:
        self.text = text
        self.checked = checked
        self._program = program

    def holds(self, context: cel.Context) -> bool:
        """Whether it is so; raises Broken."""
        try:
            found = self._program.execute(context)
        except (ArithmeticError, LookupError, TypeError, ValueError, RuntimeError) as error:
            raise Broken(next((why for kind, why in _REASONS if isinstance(error, kind)), str(error)[:200])) from error
        if not isinstance(found, bool):
            raise Broken(f"it gave {type(found).__name__} instead of true or false")
        return found


def compiled(text: str, known: Iterable[str], kind: tuple[str, str] = ("this", "dies")) -> Condition:
    """Checks and compiles a condition; raises Wrong with its place."""
    import cel

    checked = check(text, known, kind)
    try:
        program = cel.compile(text)
        for pattern in _patterns(checked):
            cel.evaluate(f"''.matches({pattern})")
    except (ValueError, RuntimeError) as error:
        raise Wrong("refused", At(1, 1), got=str(error).splitlines()[0][:200]) from error
    return Condition(text, checked, program)


def context(facts: Mapping[str, Any]) -> cel.Context:
    """The facts of one order, ready for many conditions."""
    import cel

    return cel.Context(dict(facts))


def _patterns(checked: Checked) -> list[str]:
    return [
        _quoted(str(node.args[0].value))
        for node in parts(checked.tree)
        if isinstance(node, Call) and node.name == "matches" and isinstance(node.args[0], Literal)
    ]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"
