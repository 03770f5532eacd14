"""`extern`: layers that the language does not have, checked by the shape rule that they declare."""

from typing import Any, ClassVar

from netwright import syntax
from netwright.arithmetic import is_whole, plain_number
from netwright.bind.call import Bound
from netwright.bind.scope import FileNames
from netwright.evaluate import Environment, evaluate
from netwright.kinds import is_size
from netwright.ops.base import Misfit, Op, Role, Weight
from netwright.program import Definition
from netwright.source import Span
from netwright.sym import Sym
from netwright.tensor import IMAGE_AXES, OPEN, Size, Tensor
from netwright.values import Fault, Ref, kind_of, row

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
        self.__dict__["name"] = definition.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, External) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Definition, Any]:
        return self.definition, row(tuple(self.values.values()))

    @property
    def node(self) -> syntax.Extern:
        """The declaration."""
        assert isinstance(self.definition.node, syntax.Extern)
        return self.definition.node

    @property
    def contract(self) -> syntax.Contract:
        """The shape rule, which every declaration has."""
        assert self.node.contract is not None
        return self.node.contract

    def entry(self, name: str) -> syntax.Expr | None:
        """The expression of an entry of the declaration."""
        return next((value for key, value in self.node.entries if key.name == name), None)

    def names(self, x: Tensor) -> Environment:
        """The parameters and the sizes of the input."""
        sizes = dict(zip((name.name for name in self.contract.inputs), x.sizes, strict=True))
        return FileNames(self.definition.home, {**self.values, **sizes})

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        count = len(self.contract.inputs)
        if count != x.rank:
            raise Misfit(
                "rank-mismatch",
                f"`{self.name}` takes {count} size{'s' * (count != 1)}, found {x}",
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        names = self.names(x)
        sizes = []
        for expr in self.contract.outputs:
            size = evaluate(expr, names)
            if not is_size(size):
                raise Fault(
                    "type-mismatch",
                    expr.span,
                    f"a size is a whole number, found {kind_of(size)}",
                )
            sizes.append(size)
        rank = len(sizes)
        axes = x.axes if rank == x.rank else IMAGE_AXES.get(rank, (OPEN,) * rank)
        return Tensor(tuple(sizes), axes)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        found: list[Weight] = []
        names = self.names(inputs[0])
        for entry, trains in (("weights", True), ("buffers", False)):
            expr = self.entry(entry)
            rows = evaluate(expr, names) if expr is not None else ()
            if expr is not None and type(rows) is not tuple:
                raise _bad_rows(entry, expr)
            found += [_weight(entry, expr, row, trains=trains) for row in rows]
        return tuple(found)

    def macs(self, *inputs: Tensor) -> Size:
        expr = self.entry("macs")
        value: Size = evaluate(expr, self.names(inputs[0])) if expr is not None else 0
        if expr is not None and not is_size(value):
            raise Fault(
                "type-mismatch",
                expr.span,
                f"`macs` is a whole number, found {kind_of(value)}",
                help="`//` divides without a rest" if isinstance(value, float) else "",
            )
        return value


def _weight(entry: str, expr: Any, row: Any, *, trains: bool) -> Weight:
    """One row of `weights` or `buffers`."""
    if type(row) is not tuple or not row or not isinstance(row[0], str):
        raise _bad_rows(entry, expr)
    sizes = tuple(map(plain_number, row[1:]))
    for size in sizes:
        if not isinstance(size, Sym) and not (is_whole(size) and size >= 1):
            raise Fault(
                "type-mismatch",
                expr.span,
                f"a size of the weight `{row[0]}` is a whole number of at least 1, "
                f"found {kind_of(size)}",
            )
    return Weight(row[0], sizes, trains=trains)


def _bad_rows(entry: str, expr: syntax.Expr) -> Fault:
    return Fault("type-mismatch", expr.span, f'`{entry}` is a list of ["name", sizes…]')


def bind_external(definition: Definition, bound: Bound, value: Any, span: Span) -> External:
    """The layer of a call."""
    if not isinstance(value, Ref):
        raise Fault("list-into-block", span, f"`{definition.name}` takes one tensor")
    return External(definition, bound.values)
