"""Expressions to values, on numbers and on symbols alike: the pure subset of Python's."""

import operator
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from netwright import sym, syntax
from netwright.condition import Cond, combine, compare, negate
from netwright.source import Span
from netwright.spelling import nearest
from netwright.sym import Sym
from netwright.tensor import Dynamic, number
from netwright.values import Fault, Kernel, Partial, Poisoned, Ref, Scope, kind_of

LARGEST = 2**63
LONGEST = 100_000


class Environment(Protocol):
    """Where names get their values: one body on its way through a run."""

    def lookup(self, name: str, span: Span) -> Any:
        """The value of a name; `Fault` where there is none."""

    def call(self, call: syntax.Call) -> Any:
        """The value of a call that is no built-in function."""

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> "Environment":
        """The same with more names: for comprehensions and functions."""

    def undecided(self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        """The value of a conditional whose condition depends on symbols."""


def evaluate(expr: syntax.Expr, env: Environment) -> Any:
    """The value of an expression; `Fault` at the place of a mistake."""
    return _RULES[type(expr)](expr, env)


def _number(expr: syntax.Number, env: Environment) -> Any:
    if isinstance(expr.value, int) and expr.value >= LARGEST:
        raise Fault("number-too-large", expr.span, f"{expr.text} is too large: whole numbers stay below 2**63")
    return expr.value


def _text(expr: syntax.Text, env: Environment) -> str:
    return text_of(expr.parts, env)


def text_of(parts: "tuple[str | syntax.Expr, ...]", env: Environment) -> str:
    """A template's text: its parts and the values of the expressions between them."""
    return "".join(part if isinstance(part, str) else _part(part, env) for part in parts)


def _part(expr: syntax.Expr, env: Environment) -> str:
    value = evaluate(expr, env)
    if isinstance(value, Dynamic):
        return str(value.size)
    if isinstance(value, bool) or not isinstance(value, int | str | float | Kernel):
        raise Fault("type-mismatch", expr.span, f"a name is made of numbers and texts, found {kind_of(value)}")
    return str(value)


def _name(expr: syntax.Name, env: Environment) -> Any:
    return env.lookup(expr.name, expr.span)


def _template(expr: syntax.Template, env: Environment) -> Any:
    return env.lookup(text_of(expr.parts, env), expr.span)


def _attribute(expr: syntax.Attribute, env: Environment) -> Any:
    base = evaluate(expr.base, env)
    name = expr.name if isinstance(expr.name, str) else text_of(expr.name.parts, env)
    if isinstance(base, Scope):
        if name in base.names:
            return base.names[name]
        if isinstance(base.value, Ref) and base.value.tensor.axis(name) is not None:
            base = base.value
        else:
            raise Fault("unknown-name", expr.span, f"`{name}` is not among the names inside", help=nearest(name, base.names))
    if isinstance(base, Ref):
        return attribute(base, name, expr.span)
    raise Fault("type-mismatch", expr.span, f"only a tensor has `.{name}`, found {kind_of(base)}")


ATTRIBUTES = ("channels", "height", "width", "depth", "length", "features")


def attribute(ref: Ref, name: str, span: Span) -> Any:
    """A named size of a tensor."""
    if name not in ATTRIBUTES:
        raise Fault("unknown-attribute", span, f"a tensor has no `{name}`", help=nearest(name, ATTRIBUTES))
    axis = ref.tensor.axis(name)
    if axis is None:
        raise Fault("unknown-attribute", span, f"the tensor {ref.tensor} has no axis `{name}`")
    return ref.tensor.sizes[axis]


def _index(expr: syntax.Index, env: Environment) -> Any:
    base, index = evaluate(expr.base, env), evaluate(expr.index, env)
    if isinstance(base, Sym | Cond) or (isinstance(index, Sym) and not isinstance(base, Ref)):
        return sym.apply("index", _symbolic(base), index)
    if not isinstance(base, tuple):
        raise Fault("type-mismatch", expr.span, f"only a list has an index, found {kind_of(base)}")
    if isinstance(index, bool) or not isinstance(index, int):
        raise Fault("type-mismatch", expr.index.span, f"an index is a whole number, found {kind_of(index)}")
    if not -len(base) <= index < len(base):
        raise Fault("index-out-of-range", expr.span, f"index {index} is out of range: the list has {len(base)} items")
    return base[index]


def _symbolic(value: Any) -> Any:
    return value if isinstance(value, int | Sym) else _Listed(value)


class _Listed:
    """A list inside a symbol, such as the one that an unknown index looks into."""

    __slots__ = ("values",)

    def __init__(self, values: Any) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Listed) and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.values)

    def __repr__(self) -> str:
        return repr(self.values)

    def substitute(self, values: Any) -> "_Listed":
        """Unchanged: a list of numbers."""
        return self

    def show(self, name: Callable[[str], str]) -> str:
        """Python text."""
        return repr(list(self.values)) if isinstance(self.values, tuple) else repr(self.values)


def _slice(expr: syntax.Slice, env: Environment) -> Any:
    base = evaluate(expr.base, env)
    ends = [evaluate(end, env) if end else None for end in (expr.start, expr.stop)]
    if isinstance(base, Sym) or any(isinstance(end, Sym) for end in ends):
        return sym.apply("slice", _symbolic(base), *(0 if end is None else end for end in ends))
    if not isinstance(base, tuple):
        raise Fault("type-mismatch", expr.span, f"only a list has a slice, found {kind_of(base)}")
    for end, node in zip(ends, (expr.start, expr.stop), strict=True):
        if end is not None and (isinstance(end, bool) or not isinstance(end, int)) and node:
            raise Fault("type-mismatch", node.span, f"the end of a slice is a whole number, found {kind_of(end)}")
    return base[slice(*ends)]


def _unary(expr: syntax.Unary, env: Environment) -> Any:
    value = evaluate(expr.operand, env)
    if expr.op == "not":
        return negate(truth(value, expr.operand))
    if isinstance(value, bool) or not isinstance(value, int | float | Sym | Dynamic):
        raise Fault("type-mismatch", expr.span, f"`-` takes a number, found {kind_of(value)}")
    return -value


def truth(value: Any, expr: syntax.Expr) -> "bool | Cond":
    """A value as a condition: only true, false and comparisons are."""
    if isinstance(value, bool | Cond):
        return value
    if isinstance(value, Sym):
        found = sym.keys(value)
        if len(value.terms) == 1 and len(found) == 1:
            return Cond("flag", (next(iter(found)),))
    raise Fault("type-mismatch", expr.span, f"a condition is true or false, found {kind_of(value)}", help=f"compare it: `{expr.span.text} != 0`" if isinstance(value, int) else "")


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


def _binary(expr: syntax.Binary, env: Environment) -> Any:
    if expr.op in ("and", "or"):
        left = truth(evaluate(expr.left, env), expr.left)
        if isinstance(left, bool) and left is (expr.op == "or"):
            return left
        return combine(expr.op, left, truth(evaluate(expr.right, env), expr.right))
    left, right = evaluate(expr.left, env), evaluate(expr.right, env)
    if expr.op == "+" and type(left) is type(right) is tuple:
        return _bounded(left + right, expr.span)
    if expr.op == "*" and tuple in (type(left), type(right)):
        items, times = (left, right) if type(left) is tuple else (right, left)
        if isinstance(times, int) and not isinstance(times, bool):
            if len(items) * times > LONGEST:
                raise Fault("list-too-long", expr.span, f"a list has at most {LONGEST:,} items, found {len(items) * times:,}")
            return items * times
    if expr.op == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int | float | Sym | Dynamic):
            raise Fault(
                "type-mismatch",
                expr.span,
                f"`{expr.op}` cannot take {kind_of(left)} and {kind_of(right)}: `{expr.span.text}`",
            )
    return arithmetic(expr.op, left, right, expr.span)


def arithmetic(op: str, left: Any, right: Any, span: Span) -> Any:
    """``left op right`` on numbers and symbols, within the bounds of the language."""
    plain_right = right.size if isinstance(right, Dynamic) else right
    if op in ("/", "//", "%") and isinstance(plain_right, int | float) and plain_right == 0:
        raise Fault("division-by-zero", span, f"division by zero: `{span.text}` divides by 0")
    if Sym in (type(left), type(right)) and (op == "/" or float in (type(left), type(right))):
        return _opaque(op, left, right)
    if Dynamic in (type(left), type(right)) and op in ("/", "**"):
        left, right = number(left), number(right)
    if op == "**" and isinstance(left, int) and isinstance(right, int):
        if right < 0:
            return float(left) ** right if left else _zero_power(span)
        if abs(left) > 1 and right * (abs(left).bit_length() - 1) >= 63:
            raise Fault("number-too-large", span, f"{left} ** {right} is too large: whole numbers stay below 2**63")
    try:
        result = ARITHMETIC[op](left, right)
    except OverflowError:
        raise Fault("number-too-large", span, f"`{span.text}` is too large") from None
    if isinstance(result, complex):
        raise Fault("type-mismatch", span, f"`{span.text}` is no real number")
    if isinstance(result, int) and abs(result) >= LARGEST:
        raise Fault("number-too-large", span, f"`{span.text}` is too large: whole numbers stay below 2**63")
    return result


def _zero_power(span: Span) -> Any:
    raise Fault("division-by-zero", span, "0 has no negative power")


def _opaque(op: str, left: Any, right: Any) -> Sym:
    return sym.apply(op, *(value if isinstance(value, Sym) else _Listed(value) for value in (left, right)))


def _bounded(items: tuple[Any, ...], span: Span) -> tuple[Any, ...]:
    if len(items) > LONGEST:
        raise Fault("list-too-long", span, f"a list has at most {LONGEST:,} items, found {len(items):,}")
    return items


ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}


def _compare(expr: syntax.Compare, env: Environment) -> Any:
    values = [evaluate(operand, env) for operand in expr.operands]
    results = [
        _compare_two(left, op, right, expr)
        for left, op, right in zip(values, expr.ops, values[1:], strict=False)
    ]
    return combine("and", *results) if len(results) > 1 else results[0]


def _compare_two(left: Any, op: str, right: Any, expr: syntax.Compare) -> "bool | Cond":
    symbols = (Sym, Cond)
    if isinstance(left, symbols) or isinstance(right, symbols):
        return compare(left, op, right)
    numbers = isinstance(left, int | float | Dynamic) and isinstance(right, int | float | Dynamic)
    if op in ("==", "!="):
        if isinstance(left, Ref) or isinstance(right, Ref):
            raise Fault("type-mismatch", expr.span, "tensors are not compared in a spec: compare their sizes")
        if isinstance(left, Dynamic) or isinstance(right, Dynamic):
            left, right = number(left), number(right)
        return ORDER[op](left, right)
    if not numbers and not (isinstance(left, tuple) and isinstance(right, tuple)):
        raise Fault("type-mismatch", expr.span, f"`{op}` cannot compare {kind_of(left)} and {kind_of(right)}")
    return ORDER[op](left, right)


def _conditional(expr: syntax.Conditional, env: Environment) -> Any:
    condition = truth(evaluate(expr.condition, env), expr.condition)
    if isinstance(condition, bool):
        return evaluate(expr.then if condition else expr.otherwise, env)
    return env.undecided(
        condition, lambda: evaluate(expr.then, env), lambda: evaluate(expr.otherwise, env)
    )


def _list(expr: syntax.ListOf, env: Environment) -> Any:
    return _bounded(tuple(evaluate(item, env) for item in expr.items), expr.span)


def _comprehension(expr: syntax.Comprehension, env: Environment) -> Any:
    items = items_of(evaluate(expr.iterable, env), expr.iterable)
    found = []
    for item in items:
        inner = env.bind(expr.targets, unpack(item, expr.targets, expr.iterable.span))
        if expr.condition is not None:
            holds = truth(evaluate(expr.condition, inner), expr.condition)
            if not isinstance(holds, bool):
                raise NotGeneral(expr.condition.span)
            if not holds:
                continue
        found.append(evaluate(expr.element, inner))
    return _bounded(tuple(found), expr.span)


class NotGeneral(Exception):
    """Something that symbols cannot say: the block is emitted once a distinct use."""

    def __init__(self, span: Span | None = None) -> None:
        super().__init__(span.text if span else "")
        self.span = span


def items_of(value: Any, expr: syntax.Expr) -> Iterable[Any]:
    """The items that a loop runs over."""
    if isinstance(value, Sym):
        raise NotGeneral(expr.span)
    if type(value) is tuple or isinstance(value, range):
        return value  # type: ignore[no-any-return]
    help = f"`range({expr.span.text})` counts up to it" if isinstance(value, int) else ""
    raise Fault("type-mismatch", expr.span, f"a loop runs over a list or a range, found {kind_of(value)}: `{expr.span.text}`", help=help)


def unpack(item: Any, targets: tuple[syntax.Name, ...], span: Span) -> tuple[Any, ...]:
    """One value a target."""
    if len(targets) == 1:
        return (item,)
    if type(item) is not tuple or len(item) != len(targets):
        found = f"{len(item)} values" if type(item) is tuple else kind_of(item)
        raise Fault("unpack-mismatch", span, f"{len(targets)} names for {found}")
    return item


def _call(expr: syntax.Call, env: Environment) -> Any:
    from netwright.builtins import BUILTINS

    if isinstance(expr.callee, syntax.Name) and expr.callee.name in BUILTINS:
        found = BUILTINS[expr.callee.name]
        for arg in expr.args:
            if arg.name is not None:
                raise Fault("unknown-argument", arg.span, f"`{expr.callee.name}` takes no argument by name, found `{arg.name}`")
        args = [evaluate(arg.value, env) for arg in expr.args]
        return found(args, expr)
    return env.call(expr)


_RULES: dict[type, Callable[[Any, Environment], Any]] = {
    syntax.Number: _number,
    syntax.Constant: lambda expr, env: expr.value,
    syntax.Text: _text,
    syntax.KernelSize: lambda expr, env: Kernel(expr.sizes),
    syntax.Name: _name,
    syntax.Template: _template,
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Slice: _slice,
    syntax.Call: _call,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Compare: _compare,
    syntax.Conditional: _conditional,
    syntax.ListOf: _list,
    syntax.Group: lambda expr, env: evaluate(expr.inner, env),
    syntax.Comprehension: _comprehension,
}

__all__ = ["Environment", "NotGeneral", "Partial", "Poisoned", "evaluate", "truth"]
