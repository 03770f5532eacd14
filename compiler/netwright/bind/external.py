"""`extern`: layers that the language does not have, checked by the shape rule that they declare."""

from typing import Any, ClassVar

from netwright import syntax
from netwright.bind.call import Bound
from netwright.bind.scope import FileNames
from netwright.evaluate import Environment, evaluate
from netwright.ops.base import Op, Role, Weight
from netwright.program import Definition
from netwright.source import Span
from netwright.tensor import IMAGE_AXES, Size, Tensor
from netwright.values import Fault, Ref

ENTRIES = ("weights", "buffers", "macs", "torch", "keras")


class External(Op):
    """A layer of another library: its rules are the expressions of its declaration."""

    name: ClassVar[str] = "extern"
    role: ClassVar[Role] = Role.SHAPE
    paper: ClassVar[str] = ""
    params: ClassVar[dict[str, Any]] = {}

    def __init__(self, definition: Definition, values: dict[str, Any]) -> None:
        self.definition = definition
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, External) and (self.definition, self.values) == (other.definition, other.values)

    def __hash__(self) -> int:
        return hash((self.definition, tuple(self.values.items())))

    @property
    def node(self) -> syntax.Extern:
        """The declaration."""
        assert isinstance(self.definition.node, syntax.Extern)
        return self.definition.node

    def entry(self, name: str) -> syntax.Expr | None:
        """The expression of an entry of the declaration."""
        return next((value for key, value in self.node.entries if key.name == name), None)

    def names(self, x: Tensor) -> Environment:
        """The parameters and the sizes of the input."""
        contract = self.node.contract
        assert contract is not None
        if len(contract.inputs) != x.rank:
            raise Fault("rank-mismatch", contract.span, f"`{self.definition.name}` takes {len(contract.inputs)} sizes, found {x}")
        sizes = dict(zip((name.name for name in contract.inputs), x.sizes, strict=True))
        return FileNames(self.definition.home, {**self.values, **sizes})

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        assert self.node.contract is not None
        sizes = tuple(evaluate(size, self.names(x)) for size in self.node.contract.outputs)
        return Tensor(sizes, x.axes if len(sizes) == x.rank else IMAGE_AXES[len(sizes)])

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        found: list[Weight] = []
        for entry, trains in (("weights", True), ("buffers", False)):
            expr = self.entry(entry)
            for row in evaluate(expr, self.names(inputs[0])) if expr is not None else ():
                if type(row) is not tuple or not row or not isinstance(row[0], str):
                    assert expr is not None
                    raise Fault("type-mismatch", expr.span, f'`{entry}` is a list of ["name", sizes…]')
                found.append(Weight(row[0], tuple(row[1:]), trains=trains))
        return tuple(found)

    def macs(self, *inputs: Tensor) -> Size:
        expr = self.entry("macs")
        value: Size = evaluate(expr, self.names(inputs[0])) if expr is not None else 0
        return value


def bind_external(definition: Definition, bound: Bound, value: Any, span: Span) -> External:
    """The layer of a call."""
    if not isinstance(value, Ref):
        raise Fault("list-into-block", span, f"`{definition.name}` takes one tensor")
    return External(definition, bound.values)
