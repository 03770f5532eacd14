"""`expect`: what a spec says of its own counts, against the counts."""

from typing import Any

from netwright import syntax
from netwright.bind.scope import FileNames
from netwright.evaluate import evaluate, truth
from netwright.instance import Instance
from netwright.program import Definition
from netwright.source import Span
from netwright.spelling import nearest
from netwright.values import Fault

KNOWN = ("params", "total_params", "macs", "depth", "receptive_field", "output_stride", "anchors")


def quantity(name: str, instance: Instance) -> Any:
    """What `expect` can speak of; worked out only when it is asked for."""
    if name in ("params", "total_params", "macs"):
        return getattr(instance.totals, name)
    from netwright import count

    return getattr(count, name)(instance)


class _Quantities(FileNames):
    """The quantities of a net, and the values of its parameters."""

    def __init__(self, definition: Definition, instance: Instance) -> None:
        super().__init__(definition.home, dict(instance.args))
        self.instance = instance

    def lookup(self, name: str, span: Span) -> Any:
        if name in KNOWN:
            return quantity(name, self.instance)
        try:
            return super().lookup(name, span)
        except Fault:
            raise Fault("unknown-quantity", span, f"`expect` knows no `{name}`", help=nearest(name, KNOWN)) from None


def check_expect(statement: syntax.Expect, instance: Instance, definition: Definition) -> None:
    """Refuse a net whose counts are not as it says."""
    names = _Quantities(definition, instance)
    value = evaluate(statement.condition, names)
    text = statement.condition.span.text
    if statement.low is not None and statement.high is not None:
        low, high = evaluate(statement.low, names), evaluate(statement.high, names)
        if not low <= value <= high:
            wanted = f"{statement.low.span.text} .. {statement.high.span.text}"
            raise Fault("expect-failed", statement.span, f"`{text}` is {value:,}, expected in {wanted}")
        return
    if truth(value, statement.condition):
        return
    found = ""
    if isinstance(statement.condition, syntax.Compare):
        left = evaluate(statement.condition.operands[0], names)
        right = evaluate(statement.condition.operands[-1], names)
        ops = statement.condition.ops
        expected = f"expected {right:,}" if ops == ("==",) else f"expected {' '.join(ops)} {right:,}"
        found = f": `{statement.condition.operands[0].span.text}` is {left:,}, {expected}"
    raise Fault("expect-failed", statement.span, f"`{text}` does not hold{found}")
