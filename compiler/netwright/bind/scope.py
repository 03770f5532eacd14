"""Names at the top of a file as values, and the defaults that `set` gives to a stretch of text."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from netwright import syntax
from netwright.arguments import block_signature, match
from netwright.builtins import BUILTINS
from netwright.condition import Cond
from netwright.evaluate import Environment, evaluate, unpack
from netwright.ops import find as ops
from netwright.ops.base import Op
from netwright.program import Definition, Lost, Module
from netwright.source import Span
from netwright.spelling import nearest
from netwright.values import Exhausted, Fault, Partial, Poisoned, Scope, kind_of

Defaults = tuple[tuple[str, dict[str, tuple[syntax.Expr, Environment]]], ...]


class FileNames(Environment):
    """What expressions at the top of a file see, with some names more.

    ``caller`` is where a function or a block is called: it says what symbols leave open.
    """

    def __init__(
        self,
        module: Module,
        extra: dict[str, Any] | None = None,
        *,
        caller: Environment | None = None,
    ) -> None:
        self.module = module
        self.extra = {} if extra is None else extra
        self.caller = caller

    def lookup(self, name: str, span: Span) -> Any:
        if name in self.extra:
            return self.extra[name]
        if name in ("_", "in"):
            raise Fault("no-tensor", span, f"`{name}` is a tensor of a body: there is none here")
        found = top(self.module, name)
        if found is not None or name in self.module.names:
            return found
        raise unknown(name, span, [*self.extra, *visible(self.module)])

    def outside(self, name: str) -> Any:
        return top(self.module, name)

    def call(self, call: syntax.Call) -> Any:
        return call_value(call, self)

    def bind(self, names: tuple[syntax.Name, ...], value: Any) -> "FileNames":
        pairs = zip((name.name for name in names), value, strict=True)
        return FileNames(self.module, {**self.extra, **dict(pairs)}, caller=self.caller)

    def spend(self, span: Span) -> None:
        self.module.program.budget.spend(span)

    def compare(self, left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
        if self.caller is not None:
            return self.caller.compare(left, op, right, span)
        return super().compare(left, op, right, span)

    def undecided(
        self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        assert self.caller is not None, "a file's constants are numbers"
        return self.caller.undecided(condition, then, otherwise)


def top(module: Module, name: str) -> Any:
    """The value of a name at the top of a file, or of a layer; none where there is none."""
    found = module.names.get(name)
    if found is None:
        return layer(name)
    if isinstance(found, syntax.Let):
        return constant(module.lets.get(name, module), name, found)
    if isinstance(found, Definition):
        if isinstance(found.node, syntax.Net | syntax.Variant) and name in ops.HOMES:
            return layer(name)  # a net cannot stand in a body, so it hides nothing
        if found in module.program.broken:
            raise Poisoned
        return Partial(found)
    if isinstance(found, Lost):
        raise Poisoned
    scope = Scope()
    scope.names = _Names(found)
    return scope


@cache
def layer(name: str) -> Partial | None:
    """A layer of the language as a value, or none."""
    op = ops.find(name)
    return Partial(op) if op is not None else None


class _Names(dict[str, Any]):
    """The names of an imported file, each worked out when it is asked for."""

    def __init__(self, module: Module) -> None:
        super().__init__(dict.fromkeys(module.names))
        self.module = module

    def __getitem__(self, name: str) -> Any:
        return top(self.module, name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name that the file has."""
        return top(self.module, name) if name in self else default


_WORKING = object()


def constant(module: Module, name: str, let: syntax.Let) -> Any:
    """The value of a constant of a file, worked out once."""
    if id(let) in module.program.wrong:
        raise Poisoned
    if name in module.constants:
        if module.constants[name] is _WORKING:
            raise Fault("circular-let", let.span, f"`{name}` is defined by itself")
        return module.constants[name]
    for target in let.targets:
        module.constants[target.name] = _WORKING
    try:
        values = let_values(let, FileNames(module))
    except (Fault, Poisoned, Exhausted, RecursionError) as error:
        module.program.wrong.add(id(let))
        for target in let.targets:
            module.constants.pop(target.name, None)
        if isinstance(error, RecursionError):
            message = "constants use each other too deep"
            raise Exhausted("nested-too-deep", let.span, message) from None
        raise
    for target, value in zip(let.targets, values, strict=True):
        module.constants[target.name] = value
    return module.constants[name]


def let_values(let: syntax.Let, env: Environment) -> tuple[Any, ...]:
    """The values of a `let`, one a target."""
    values = tuple([evaluate(value, env) for value in let.values])
    if len(values) == 1 and len(let.targets) > 1:
        return unpack(values[0], let.targets, let.span)
    if len(values) != len(let.targets):
        names = f"{len(let.targets)} name{'s' * (len(let.targets) != 1)}"
        raise Fault("unpack-mismatch", let.span, f"{names} for {len(values)} values")
    return values


def visible(module: Module) -> Iterator[str]:
    """Every name that may stand in an expression or a line of this file, for suggestions."""
    yield from module.names
    yield from ops.NAMES
    yield from BUILTINS


def unknown(name: str, span: Span, known: list[str]) -> Fault:
    """The mistake of a name that is nowhere."""
    words = {"True": "true", "False": "false", "None": "none", "self": "in"}
    meant = nearest(name, [*known, *words.values()])
    help = f"did you mean `{words[name]}`?" if name in words else meant
    return Fault("unknown-name", span, f"nothing here is called `{name}`", help=help)


def call_value(call: syntax.Call, env: Environment) -> Any:
    """A call in an expression: a function's result, or a layer or block with arguments."""
    callee = called(call, env)
    if not isinstance(callee, Partial):
        raise Fault(
            "not-callable",
            call.callee.span,
            f"`{call.callee.span.text}` cannot be called: it is {kind_of(callee)}",
        )
    target = callee.target
    if isinstance(target, Definition) and isinstance(target.node, syntax.Function):
        return _function(target, target.node, call, env)
    from netwright.bind.call import partial

    return partial(callee, call.args, call.span, env)


def called(call: syntax.Call, env: Environment) -> Any:
    """What a call in an expression calls: never a tensor or a number of that name."""
    if not isinstance(call.callee, syntax.Name):
        return evaluate(call.callee, env)
    try:
        found = env.lookup(call.callee.name, call.callee.span)
    except Poisoned:
        found = None
    if isinstance(found, Partial):
        return found
    outer = env.outside(call.callee.name)
    return outer if isinstance(outer, Partial) else found


def _function(
    definition: Definition, node: syntax.Function, call: syntax.Call, env: Environment
) -> Any:
    env.spend(call.span)
    args = match(definition.name, block_signature(node.params), call.args, call.span)
    scope: dict[str, Any] = {}
    home = FileNames(definition.home, scope, caller=env)
    for param in node.params:
        name = param.name.name
        if name in args:
            scope[name] = evaluate(args[name].value, env)
        else:
            assert param.default is not None
            scope[name] = evaluate(param.default, home)
    return evaluate(node.result, home)


def file_defaults(definition: Definition) -> Defaults:
    """What the `set`s of a file above a definition say."""
    found: list[tuple[str, dict[str, tuple[syntax.Expr, Environment]]]] = []
    home = FileNames(definition.home)
    for node in definition.home.sets:
        if node.span.start < definition.node.span.start:
            found += set_defaults(node, home)
    return tuple(found)


def set_defaults(node: syntax.Set, env: Environment) -> Defaults:
    """The defaults of one `set`, to be evaluated where it stands."""
    return tuple(
        (item.callee.name, {arg.name: (arg.value, env) for arg in item.args if arg.name})
        for item in node.items
    )


def default_for(
    defaults: Defaults, callee: str, argument: str
) -> tuple[syntax.Expr, Environment] | None:
    """The nearest `set` that speaks of an argument."""
    for name, args in reversed(defaults):
        if name == callee and argument in args:
            return args[argument]
    return None


__all__ = [
    "Defaults",
    "FileNames",
    "Op",
    "call_value",
    "default_for",
    "file_defaults",
    "let_values",
    "set_defaults",
    "top",
    "unknown",
    "visible",
]
