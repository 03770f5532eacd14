"""Expressions to values, on numbers and on symbols alike: the pure subset of Python's."""

from collections.abc import Callable
from typing import Any, Protocol

from netwright import sym, syntax
from netwright.arithmetic import (
    LARGEST,
    bounded,
    bounded_text,
    compare_two,
    compute,
    is_number,
    is_whole,
    plain_number,
    shown,
    symbolic,
    within,
)
from netwright.condition import Cond, combine, negate
from netwright.limits import limits
from netwright.source import Span
from netwright.spelling import nearest
from netwright.sym import NotGeneral, Sym
from netwright.tensor import Dynamic
from netwright.values import Fault, Kernel, Partial, Poisoned, Ref, Scope, kind_of, known, plain


class Environment(Protocol):
    """Where names get their values: one body on its way through a run."""

    def lookup(self, name: str, span: Span) -> Any:
        """The value of a name; `Fault` where there is none."""

    def outside(self, name: str) -> Any:
        """The value of a name at the top of the file, or of a layer; none where there is none."""

    def template(self, expr: syntax.Template) -> Any:
        """The value of a name with expressions inside."""
        return self.lookup(text_of(expr.parts, self), expr.span)

    def call(self, call: syntax.Call) -> Any:
        """The value of a call that is no built-in function."""

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> "Environment":
        """The same with more names: for comprehensions and functions."""

    def spend(self, span: Span) -> None:
        """Count one turn of a loop or one call; `Exhausted` where there were too many."""

    def compare(self, left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
        """Whether ``left op right``."""
        return compare_two(left, op, right, span)

    def undecided(
        self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        """The value of a conditional whose condition depends on symbols."""


def evaluate(expr: syntax.Expr, env: Environment) -> Any:
    """The value of an expression; `Fault` at the place of a mistake."""
    return _RULES[type(expr)](expr, env)


def _number(expr: syntax.Number, env: Environment) -> Any:
    return expr.value if type(expr.value) is int else within(expr.value, expr.span)


def _text(expr: syntax.Text, env: Environment) -> str:
    return bounded_text(text_of(expr.parts, env), expr.span)


def text_of(parts: "tuple[str | syntax.Expr, ...]", env: Environment) -> str:
    """A template's text: its parts and the values of the expressions between them."""
    return "".join([part if isinstance(part, str) else _part(part, env) for part in parts])


def _part(expr: syntax.Expr, env: Environment) -> str:
    value = plain_number(evaluate(expr, env))
    if isinstance(value, bool) or not isinstance(value, int | str | float | Kernel):
        raise Fault(
            "type-mismatch",
            expr.span,
            f"a name is made of numbers and texts, found {kind_of(value)}",
        )
    return str(value)


def _name(expr: syntax.Name, env: Environment) -> Any:
    return env.lookup(expr.name, expr.span)


def _template(expr: syntax.Template, env: Environment) -> Any:
    return env.template(expr)


def _attribute(expr: syntax.Attribute, env: Environment) -> Any:
    base = evaluate(expr.base, env)
    name = expr.name if isinstance(expr.name, str) else text_of(expr.name.parts, env)
    if isinstance(base, Scope):
        if name in base.names:
            return known(base.names[name])
        if isinstance(known(base.value), Ref) and name in ATTRIBUTES:
            return attribute(base.value, name, expr.span)
        if isinstance(base.value, Scope):
            return attribute_of(base.value, name, expr.span)
        raise Fault(
            "unknown-name",
            expr.span,
            f"`{shown(expr.base.span)}` holds nothing called `{name}`",
            help=nearest(name, [*base.names, *(ATTRIBUTES if base.value is not None else ())]),
        )
    return attribute_of(base, name, expr.span)


ATTRIBUTES = ("channels", "height", "width", "depth", "length", "features")


def attribute_of(base: Any, name: str, span: Span) -> Any:
    """A named size of a tensor, or what stands under a name in a group."""
    if isinstance(base, Scope):
        if name in base.names:
            return known(base.names[name])
        return attribute_of(known(base.value), name, span)
    if not isinstance(base, Ref):
        raise Fault("type-mismatch", span, f"only a tensor has `.{name}`, found {kind_of(base)}")
    return attribute(base, name, span)


def attribute(ref: Ref, name: str, span: Span) -> Any:
    """A named size of a tensor."""
    if name not in ATTRIBUTES:
        raise Fault(
            "unknown-attribute", span, f"a tensor has no `{name}`", help=nearest(name, ATTRIBUTES)
        )
    axis = ref.tensor.axis(name)
    if axis is None:
        raise _no_axis(ref, name, span)
    return ref.tensor.sizes[axis]


def _no_axis(ref: Ref, name: str, span: Span) -> Fault:
    """The mistake of asking a tensor for a size that it does not have, or may have twice."""
    if name == "length" and ref.tensor.rank == 2:
        return Fault(
            "unknown-attribute",
            span,
            f"which size of {ref.tensor} is its `length` is not known",
            help="two sizes are a sequence [T, F], or channels and places [C, T]",
        )
    there = [known for known in ATTRIBUTES if ref.tensor.axis(known) is not None]
    return Fault(
        "unknown-attribute",
        span,
        f"the tensor {ref.tensor} has no axis `{name}`",
        help=f"its axes are {', '.join(f'`{axis}`' for axis in there)}" if there else "",
    )


def _index(expr: syntax.Index, env: Environment) -> Any:
    base, index = evaluate(expr.base, env), evaluate(expr.index, env)
    if isinstance(base, Sym | Cond) or (isinstance(index, Sym) and not isinstance(base, Ref)):
        return sym.apply("index", symbolic(base), index)
    if not isinstance(base, tuple | range):
        raise Fault("type-mismatch", expr.span, f"only a list has an index, found {kind_of(base)}")
    index = plain_number(index)
    if not is_whole(index):
        raise Fault(
            "type-mismatch", expr.index.span, f"an index is a whole number, found {kind_of(index)}"
        )
    if not -len(base) <= index < len(base):
        items = f"{len(base)} item{'s' * (len(base) != 1)}"
        raise Fault(
            "index-out-of-range",
            expr.span,
            f"index {index} is out of range: `{shown(expr.base.span)}` has {items}",
        )
    return known(base[index])


def _slice(expr: syntax.Slice, env: Environment) -> Any:
    base = evaluate(expr.base, env)
    ends = [evaluate(end, env) if end else None for end in (expr.start, expr.stop)]
    if isinstance(base, Sym) or any(isinstance(end, Sym) for end in ends):
        return sym.apply("slice", symbolic(base), *(0 if end is None else end for end in ends))
    if not isinstance(base, tuple | range | str):
        raise Fault("type-mismatch", expr.span, f"only a list has a slice, found {kind_of(base)}")
    for end, node in zip(ends, (expr.start, expr.stop), strict=True):
        if node is not None and not is_whole(plain_number(end)):
            raise Fault(
                "type-mismatch",
                node.span,
                f"the end of a slice is a whole number, found {kind_of(end)}",
            )
    return base[slice(*map(plain_number, ends))]


def _unary(expr: syntax.Unary, env: Environment) -> Any:
    value = evaluate(expr.operand, env)
    if expr.op == "not":
        return negate(truth(value, expr.operand))
    if not is_number(value):
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
    raise Fault(
        "type-mismatch",
        expr.span,
        f"a condition is true or false, found {kind_of(value)}",
        help=_asked(value, expr),
    )


def _asked(value: Any, expr: syntax.Expr) -> str:
    """What was probably meant by a value that is no condition."""
    text = shown(expr.span)
    if isinstance(value, tuple | range | str):
        return f"ask for its length: `len({text}) > 0`"
    return f"compare it: `{text} != 0`" if is_number(value) else ""


def _binary(expr: syntax.Binary, env: Environment) -> Any:
    if expr.op in ("and", "or"):
        left = truth(evaluate(expr.left, env), expr.left)
        if isinstance(left, bool) and left is (expr.op == "or"):
            return left
        return combine(expr.op, left, truth(evaluate(expr.right, env), expr.right))
    return compute(expr.op, evaluate(expr.left, env), evaluate(expr.right, env), expr.span)


def _compare(expr: syntax.Compare, env: Environment) -> Any:
    left = evaluate(expr.operands[0], env)
    results = []
    for op, operand in zip(expr.ops, expr.operands[1:], strict=True):
        right = evaluate(operand, env)
        results.append(env.compare(left, op, right, expr.span))
        left = right
    return combine("and", *results) if len(results) > 1 else results[0]


def _conditional(expr: syntax.Conditional, env: Environment) -> Any:
    condition = truth(evaluate(expr.condition, env), expr.condition)
    if isinstance(condition, bool):
        return evaluate(expr.then if condition else expr.otherwise, env)
    return env.undecided(
        condition, lambda: evaluate(expr.then, env), lambda: evaluate(expr.otherwise, env)
    )


def _list(expr: syntax.ListOf, env: Environment) -> Any:
    return bounded(tuple([evaluate(item, env) for item in expr.items]), expr.span)


def _comprehension(expr: syntax.Comprehension, env: Environment) -> Any:
    items = items_of(evaluate(expr.iterable, env), expr.iterable)
    found = []
    for item in items:
        env.spend(expr.span)
        inner = env.bind(expr.targets, unpack(item, expr.targets, expr.iterable.span))
        if expr.condition is not None:
            holds = truth(evaluate(expr.condition, inner), expr.condition)
            if not isinstance(holds, bool):
                raise NotGeneral(expr.condition.span)
            if not holds:
                continue
        found.append(evaluate(expr.element, inner))
        if len(found) > limits().items:
            break
    return bounded(tuple(found), expr.span)


def items_of(value: Any, expr: syntax.Expr) -> "tuple[Any, ...] | range":
    """The items that a loop runs over."""
    if isinstance(value, Sym):
        raise NotGeneral(expr.span)
    value = plain(value)
    if isinstance(value, range) or (isinstance(value, tuple) and not isinstance(value, Kernel)):
        return value
    text = shown(expr.span)
    raise Fault(
        "type-mismatch",
        expr.span,
        f"a loop runs over a list or a range, found {kind_of(value)}: `{text}`",
        help=f"`range({text})` counts up to it" if is_whole(value) else "",
    )


def _list_of(value: Any) -> Any:
    """The list at the end of a labelled line; any other value as it is."""
    return plain(value) if type(plain(value)) is tuple else value


def unpack(item: Any, targets: tuple[syntax.Name, ...], span: Span) -> tuple[Any, ...]:
    """One value a target."""
    if len(targets) == 1:
        return (item,)
    if type(item) is not tuple or len(item) != len(targets):
        found = f"{len(item)} values" if type(item) is tuple else kind_of(item)
        raise Fault("unpack-mismatch", span, f"{len(targets)} names for {found}")
    return item


def _call(expr: syntax.Call, env: Environment) -> Any:
    from netwright.builtins import BUILTINS, arguments

    name = expr.callee.name if isinstance(expr.callee, syntax.Name) else ""
    if name in BUILTINS:
        args = [_list_of(evaluate(arg.value, env)) for arg in arguments(name, expr)]
        return BUILTINS[name](args, expr)
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

__all__ = [
    "LARGEST",
    "Dynamic",
    "Environment",
    "NotGeneral",
    "Partial",
    "Poisoned",
    "evaluate",
    "truth",
]
