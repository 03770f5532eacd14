"""What a name means in a body: a tensor, a number, a layer, a block, a shared module."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.arguments import is_function
from netwright.bind.scope import Defaults, call_value, top, unknown, visible
from netwright.condition import Cond
from netwright.evaluate import Environment, evaluate
from netwright.program import Definition
from netwright.source import Span
from netwright.values import (
    POISON,
    Fault,
    Partial,
    Poison,
    Poisoned,
    Ref,
    Scope,
    kind_of,
    known,
)


class SharedModule:
    """A `shared` module: one set of weights, applied wherever it is named."""

    __slots__ = ("at", "bound", "callee", "instance", "node", "number", "path", "weights")

    def __init__(
        self, node: syntax.Shared, path: Any, callee: Partial | None = None, bound: Any = None
    ) -> None:
        self.node = node
        self.path = path
        self.callee = callee
        self.bound = bound
        self.instance: Any = None
        self.weights: Any = None
        self.at = self.number = 0  # of steps, and of shared modules, before it was declared


class BodyNames(Environment):
    """The names in sight in a body, the current tensor, and the defaults that hold."""

    def __init__(self, definition: Definition, values: dict[str, Any], defaults: Defaults) -> None:
        self.definition = definition
        self.budget = definition.home.program.budget
        self.wrong = definition.home.program.wrong
        self.scope = Scope()
        self.scope.names.update(values)
        self.current: Any = None
        self.input: Any = None
        self.defaults = defaults
        self.damaged = False  # a line had a mistake: what it would have bound is missing

    def lookup(self, name: str, span: Span) -> Any:
        if name == "_":
            return known(self.here(span))
        if name == "in":
            return known(self.block_input(span))
        found = self.scope.find(name)
        if found is not None or self._is_none(name):
            return known(found)
        value = self.outside(name)
        if value is None and not self.is_none_outside(name):
            raise self.missing(name, span)
        return value

    def outside(self, name: str) -> Any:
        """The value of a name at the top of the file, or of a layer."""
        return top(self.definition.home, name)

    def is_none_outside(self, name: str) -> bool:
        """Whether a constant of the file is `none`."""
        return name in self.definition.home.names

    def missing(self, name: str, span: Span) -> Exception:
        """The mistake of a name that is nowhere; none where an earlier one may be its cause."""
        if self.damaged:
            return Poisoned()
        return unknown(name, span, [*self.scope.every(), *visible(self.definition.home)])

    def _is_none(self, name: str) -> bool:
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    @staticmethod
    def _known(value: Any) -> Any:
        return known(value)

    def here(self, span: Span) -> Any:
        """The current tensor."""
        if self.current is not None:
            return self.current
        node = self.definition.node
        body = node.body.statements if isinstance(node, syntax.Net) else ()
        inputs = [f"`{line.name.name}`" for line in body if isinstance(line, syntax.Input)]
        if len(inputs) > 1:
            first = inputs[0].strip("`")
            raise Fault(
                "no-tensor",
                span,
                f"there are several inputs: which is meant, {' or '.join(inputs)}?",
                help=f"start the line with one of them: `{first} -> …`",
            )
        raise Fault(
            "no-tensor",
            span,
            "there is no tensor yet",
            help="an `input` must come first" if isinstance(node, syntax.Net) else "",
        )

    def block_input(self, span: Span) -> Any:
        """The tensor that the block was given."""
        if self.input is None:
            if not isinstance(self.definition.node, syntax.Net):
                return self.here(span)
            raise Fault(
                "in-outside-block", span, "`in` is the input of a block; a net's inputs have names"
            )
        return self.input

    def call(self, call: syntax.Call) -> Any:
        return call_value(call, self)

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> Environment:
        return Inner(self, dict(zip((name.name for name in names), value, strict=True)))

    def spend(self, span: Span) -> None:
        self.budget.spend(span)

    def undecided(
        self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        raise AssertionError("a run on numbers decides every condition")

    # Steps

    def callee(self, use: syntax.Use) -> Any:
        """What a step means: a tensor, a shared module, or a layer or block with arguments."""
        called = use.args is not None or use.branches is not None
        if isinstance(use.callee, syntax.Name) and use.callee.name not in ("_", "in"):
            value = self._named(use, use.callee.name, called=called)
        else:
            value = evaluate(use.callee, self)
        if isinstance(value, Partial | SharedModule):
            return value
        if called and not isinstance(value, Poison):
            raise Fault(
                "not-callable",
                use.callee.span,
                f"`{use.callee.span.text}` cannot be called: it is {kind_of(value)}",
                help=_parameter_hint(use, self.definition),
            )
        if is_tensor(value):
            return known(value)
        raise Fault(
            "not-a-tensor",
            use.span,
            f"a line starts from a tensor or a layer, found {kind_of(value)}",
        )

    def _named(self, use: syntax.Use, name: str, *, called: bool) -> Any:
        found = self.scope.find(name)
        if isinstance(found, Partial | SharedModule):
            return found
        if found is POISON and not called:
            return found
        outer = self.outside(name)
        if found is None and not self._is_none(name):
            if outer is None and not self.is_none_outside(name):
                raise self._unknown_callee(use, name)
            return outer
        if not isinstance(outer, Partial):
            return found
        if is_tensor(found) and not called:
            raise ambiguous(name, use.span)
        return outer

    def _unknown_callee(self, use: syntax.Use, name: str) -> Exception:
        if self.damaged:
            return Poisoned()
        known = [*self.scope.every(), *visible(self.definition.home)]
        return unknown_step(use, name, known)

    def makes(self, use: syntax.Use) -> bool:
        """Whether a step makes a module: a layer or block that is no join or second reader."""
        target = self._target(use)
        if target is None:
            return False
        if isinstance(target, Definition):
            return True
        return not is_function(target, use)

    def _target(self, use: syntax.Use) -> Any:
        """The layer or block that a step calls; none where it is something else."""
        callee = use.callee
        if isinstance(callee, syntax.Name):
            found = self.scope.find(callee.name)
            if isinstance(found, Partial):
                return found.target
            called = use.args is not None or use.branches is not None
            if callee.name in ("_", "in") or (is_tensor(found) and not called):
                return None
            if isinstance(found, SharedModule):
                return None
        elif use.args is None and not isinstance(callee, syntax.Attribute):
            return None
        try:
            if isinstance(callee, syntax.Name):
                value = self._foreseen(callee.name) or self.outside(callee.name)
            else:
                value = evaluate(callee, self)
        except (Fault, Poisoned):
            return None
        return value.target if isinstance(value, Partial) else None

    def _foreseen(self, name: str) -> Any:
        """The layer or block that a `let` further down binds to a name."""
        value = self.definition.lets.get(name)
        if value is None or self.scope.find(name) is not None:
            return None
        return self._layer_of(value)

    def _layer_of(self, expr: syntax.Expr) -> Any:
        """The layer or block that an expression names, with its arguments or without."""
        while isinstance(expr, syntax.Group | syntax.Conditional):
            expr = expr.inner if isinstance(expr, syntax.Group) else expr.then
        callee = expr.callee if isinstance(expr, syntax.Call) else expr
        value = self.outside(callee.name) if isinstance(callee, syntax.Name) else None
        return value if isinstance(value, Partial) else None


class Inner(Environment):
    """A body's names and a few more, for comprehensions."""

    def __init__(self, outer: Environment, names: dict[str, Any]) -> None:
        self.outer = outer
        self.names = names

    def lookup(self, name: str, span: Span) -> Any:
        return self.names[name] if name in self.names else self.outer.lookup(name, span)

    def outside(self, name: str) -> Any:
        return self.outer.outside(name)

    def call(self, call: syntax.Call) -> Any:
        return call_value(call, self)

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> Environment:
        return Inner(self, dict(zip((name.name for name in names), value, strict=True)))

    def spend(self, span: Span) -> None:
        self.outer.spend(span)

    def compare(self, left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
        return self.outer.compare(left, op, right, span)

    def undecided(
        self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        return self.outer.undecided(condition, then, otherwise)


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor, a group with one at its end, or a list of them."""
    if isinstance(value, Ref | Poison):
        return True
    if isinstance(value, Scope):
        return is_tensor(value.value)
    return type(value) is tuple and bool(value) and all(map(is_tensor, value))


def ambiguous(name: str, span: Span) -> Fault:
    """The mistake of a bare name that means two things."""
    return Fault(
        "ambiguous-name",
        span,
        f"`{name}` is a tensor and a layer",
        help=f"`{name}()` is the layer; for the tensor choose another label",
    )


def unknown_step(use: syntax.Use, name: str, known: list[str]) -> Fault:
    """The mistake of a step that is nothing known."""
    fault = unknown(name, use.callee.span, known)
    called = use.args is not None or use.branches is not None
    return Fault(
        "unknown-layer" if called else "unknown-name",
        use.callee.span,
        f"no layer{' or block' if called else ', block or tensor'} is called `{name}`",
        help=fault.diagnostic.help,
    )


def _parameter_hint(use: syntax.Use, definition: Definition) -> str:
    """How a parameter that is called has to be declared."""
    name = use.callee.name if isinstance(use.callee, syntax.Name) else ""
    untyped = (param.name.name for param in definition.params if param.annotation is None)
    return f"a parameter that takes a block is declared `{name}: block`" if name in untyped else ""
