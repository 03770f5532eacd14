"""`expect`: what a spec says of its own counts, against the counts."""

from typing import Any

from netwright import syntax
from netwright.arithmetic import is_number, shown
from netwright.bind.scope import FileNames
from netwright.evaluate import evaluate, truth
from netwright.instance import Instance
from netwright.program import Definition
from netwright.source import Span
from netwright.spelling import nearest
from netwright.values import Fault, kind_of

KNOWN = ("params", "total_params", "macs", "depth", "receptive_field", "output_stride", "anchors")


def quantity(name: str, instance: Instance) -> Any:
    """What `expect` can speak of; worked out only when it is asked for."""
    if name in ("params", "total_params", "macs"):
        return getattr(instance.totals, name)
    from netwright import count

    return getattr(count, name)(instance)


class Quantities(FileNames):
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
            raise unknown_quantity(name, span, list(self.extra)) from None


def unknown_quantity(name: str, span: Span, others: list[str]) -> Fault:
    """The mistake of a name that `expect` does not know."""
    known = ", ".join(f"`{quantity}`" for quantity in KNOWN)
    help = nearest(name, [*KNOWN, *others]) or f"it knows {known}"
    return Fault("unknown-quantity", span, f"`expect` knows no `{name}`", help=help)


def check_expect(statement: syntax.Expect, instance: Instance, definition: Definition) -> None:
    """Refuse a net whose counts are not as it says."""
    names = Quantities(definition, instance)
    if statement.low is not None and statement.high is not None:
        _check_range(statement, statement.low, statement.high, names)
        return
    if truth(evaluate(statement.condition, names), statement.condition):
        return
    found = ""
    condition = statement.condition
    if isinstance(condition, syntax.Compare) and len(condition.ops) == 1:
        (op,) = condition.ops
        left, right = (_said(evaluate(operand, names)) for operand in condition.operands)
        expected = f"expected {right}" if op == "==" else f"expected {op} {right}"
        found = f": `{shown(condition.operands[0].span)}` is {left}, {expected}"
    raise Fault("expect-failed", statement.span, f"`{shown(condition.span)}` does not hold{found}")


def _check_range(
    statement: syntax.Expect, low: syntax.Expr, high: syntax.Expr, names: Quantities
) -> None:
    value, least, most = (_number(expr, names) for expr in (statement.condition, low, high))
    if least > most:
        raise Fault("empty-range", low.span.to(high.span), f"{_said(least)} is above {_said(most)}")
    if not least <= value <= most:
        text = shown(statement.condition.span)
        wanted = f"{low.span.text} .. {high.span.text}"
        raise Fault(
            "expect-failed", statement.span, f"`{text}` is {_said(value)}, expected in {wanted}"
        )


def _number(expr: syntax.Expr, names: Quantities) -> Any:
    value = evaluate(expr, names)
    if not is_number(value):
        raise Fault("type-mismatch", expr.span, f"`in` compares numbers, found {kind_of(value)}")
    return value


def _said(value: Any) -> str:
    return f"{value:,}" if is_number(value) else kind_of(value)
