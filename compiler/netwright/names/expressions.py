"""The names in expressions: each must exist and be bound by then, and take what it is given."""

import re
from typing import TYPE_CHECKING

from netwright import syntax
from netwright.arithmetic import shown
from netwright.bind.scope import top, unknown, visible
from netwright.builtins import BUILTINS, arguments
from netwright.diagnostics import Related
from netwright.evaluate import ATTRIBUTES
from netwright.names.judge import Judge
from netwright.names.known import (
    ANY,
    TENSOR,
    VALUE,
    Known,
    Parts,
    Sight,
    Sort,
    bindings,
    ends,
    fits,
    is_plain,
    label_text,
)
from netwright.ops import find as ops
from netwright.program import Definition, Lost, Module
from netwright.source import Span
from netwright.spelling import nearest, slip
from netwright.values import Exhausted, Fault, Partial, Poisoned, listed

if TYPE_CHECKING:
    from netwright.names.outputs import Outputs


class Expressions:
    """Walks expressions under the names of one place: a body, a default, the top of a file."""

    def __init__(
        self, module: Module, judge: Judge, outputs: "Outputs", *, body: bool = False
    ) -> None:
        self.module = module
        self.judge = judge
        self.outputs = outputs
        self.sight = Sight()
        self.loops: list[tuple[frozenset[str], tuple[Parts, ...]]] = []
        self.in_body = body  # there is a current tensor
        self.in_block = False  # and an input of the block
        self.blurred = False  # a line could not be read: its name may be missing

    # Names

    def outside(self, name: str) -> Known | None:
        """What a name stands for at the top of the file, or among the layers."""
        found = self.module.names.get(name)
        net = isinstance(found, Definition) and isinstance(found.node, syntax.Net | syntax.Variant)
        if found is None or (net and name in ops.HOMES):
            op = ops.find(name)
            return Known(Sort.CALLABLE, op) if op is not None else None
        return self.named(found, name, self.module)

    def named(self, found: object, name: str, module: Module) -> Known:
        """What something at the top of a file is."""
        match found:
            case Definition():
                return Known(Sort.CALLABLE, None if found in self.judge.program.broken else found)
            case Module():
                return Known(Sort.FILE, found)
            case Lost():
                return ANY
        return self.constant(name, module)

    def constant(self, name: str, module: Module) -> Known:
        """What a constant of a file is."""
        try:
            value = top(module, name)
        except Fault as fault:
            self.judge.report.add(fault.diagnostic)
            return ANY
        except Exhausted as exhausted:
            self.judge.exhausted(exhausted)
            return ANY
        except Poisoned:
            return ANY
        if isinstance(value, Partial):
            return Known(Sort.CALLABLE, value.target, frozenset(dict(value.args)))
        return VALUE

    def in_loop(self, name: str) -> bool:
        """Whether an earlier turn of a loop may have bound a name."""
        return any(
            name in names or any(fits(name, parts) for parts in patterns)
            for names, patterns in self.loops
        )

    def name(self, expr: syntax.Name) -> Known:
        """What a name in an expression is; a mistake where it is nothing."""
        if expr.name in ("_", "in"):
            return self.tensor(expr)
        found = self.anywhere(expr.name)
        if found is None:
            self.missing(expr.name, expr.span)
        return found or ANY

    def anywhere(self, name: str) -> Known | None:
        """What a name stands for: bound here, at the top of the file, or by an index or a turn."""
        found = self.sight.find(name) or self.outside(name) or self.sight.indexed(name)
        return ANY if found is None and self.in_loop(name) else found

    def tensor(self, expr: syntax.Name) -> Known:
        """The current tensor, or the input of the block."""
        if not self.in_body:
            self.judge.fault(
                Fault(
                    "no-tensor",
                    expr.span,
                    f"`{expr.name}` is a tensor of a body: there is none here",
                )
            )
            return ANY
        if expr.name == "in" and not self.in_block:
            self.judge.fault(
                Fault(
                    "in-outside-block",
                    expr.span,
                    "`in` is the input of a block; a net's inputs have names",
                )
            )
            return ANY
        return TENSOR

    def missing(self, name: str, span: Span, *, called: bool = False) -> None:
        """Report a name that is nowhere, or only further down; the same one once."""
        later = self.sight.comes_later(name)
        if later is not None and not self.judge.first(name):
            self.judge.skip()
            return
        if later is not None:
            self.judge.fault(
                Fault(
                    "later-name",
                    span,
                    f"`{name}` is named only below, in line {later.line}",
                    help="a name can be used below the line that binds it",
                    related=(Related(later, f"`{name}` is named here"),),
                )
            )
            return
        fault = unknown(name, span, [*self.sight.every(), *visible(self.module)])
        self.unknown(name, fault, called=called)

    def unknown(self, name: str, fault: Fault, *, called: bool) -> None:
        """Report a name that is nowhere: each slip of the pen, but what nobody declares once."""
        meant = re.search(r"`(\w+)`", fault.diagnostic.help)
        if meant is None and self.blurred and not called:
            self.judge.skip()
            return
        first = self.judge.first(name, called)
        slipped = meant is not None and slip(name, meant[1]) and self.judge.reads(meant[1])
        if (slipped or first) and self.judge.unheard(self.judge.owner, name):
            self.judge.fault(fault)
        else:
            self.judge.skip()

    # Expressions

    def expr(self, expr: syntax.Expr) -> Known:
        """What an expression is, its names checked."""
        match expr:
            case syntax.Name():
                return self.name(expr)
            case syntax.Number() | syntax.Constant() | syntax.KernelSize():
                return VALUE
            case syntax.Group():
                return self.expr(expr.inner)
            case syntax.Attribute():
                return self.attribute(expr)
            case syntax.Template():
                return self.template(expr)
            case syntax.Call():
                return self.call(expr)
            case syntax.Comprehension():
                return self.comprehension(expr)
            case syntax.Conditional():
                self.expr(expr.condition)
                then, other = self.expr(expr.then), self.expr(expr.otherwise)
                return then if then == other else ANY
        found = [self.expr(inner) for inner in operands(expr)]
        if isinstance(expr, syntax.Index | syntax.ListOf):
            return ANY
        lists = isinstance(expr, syntax.Binary) and expr.op == "+"
        return ANY if lists and all(known.sort is Sort.ANY for known in found) else VALUE

    def parts(self, parts: Parts) -> None:
        """The expressions inside a name or a text."""
        for part in parts:
            if not isinstance(part, str):
                self.expr(part)

    def template(self, expr: syntax.Template) -> Known:
        """A name with expressions inside."""
        self.parts(expr.parts)
        found = self.sight.find_like(expr.parts)
        if found is not None:
            return ANY if found.sort is not Sort.TENSOR else found
        for names, patterns in self.loops:
            if patterns or any(fits(name, expr.parts) for name in names):
                return ANY
        if not self.blurred:
            first, last = ends(expr.parts)
            known = [
                f"{a}{{…}}{b}"
                for scope in self.sight.scopes()
                for a, b in (ends(parts) for parts, _ in scope.patterns)
            ]
            self.judge.fault(
                Fault(
                    "unknown-name",
                    expr.span,
                    f"nothing here is called `{expr.span.text}`",
                    help=nearest(f"{first}{{…}}{last}", known),
                )
            )
        return ANY

    def attribute(self, expr: syntax.Attribute) -> Known:
        """A size of a tensor, a name inside a labelled line, or one of an imported file."""
        base = self.expr(expr.base)
        if not isinstance(expr.name, str):
            self.parts(expr.name.parts)
            return ANY
        match base.sort:
            case Sort.FILE:
                return self.of_file(base.target, expr.name, expr)
            case Sort.TENSOR if base.inner is not None:
                return self.inside(base.inner, expr.name, expr)
            case Sort.TENSOR:
                return self.size(expr.name, expr)
        return ANY

    def of_file(self, module: Module, name: str, expr: syntax.Attribute) -> Known:
        """A name of an imported file."""
        found = module.names.get(name)
        if found is not None:
            return self.named(found, name, module)
        self.judge.fault(
            Fault(
                "unknown-name",
                expr.span,
                f"`{shown(expr.base.span)}` holds nothing called `{name}`",
                help=nearest(name, module.names) or _holding(module),
            )
        )
        return ANY

    def inside(self, inner: Sight, name: str, expr: syntax.Attribute) -> Known:
        """A name inside a labelled line, or a size of the tensor at its end."""
        found = inner.names.get(name)
        if found is not None:
            return found
        if any(fits(name, parts) for parts, _ in inner.patterns) or name in self.outputs.names:
            return ANY
        if name in ATTRIBUTES or self.blurred:
            return VALUE
        self.judge.fault(
            Fault(
                "unknown-name",
                expr.span,
                f"`{shown(expr.base.span)}` holds nothing called `{name}`",
                help=nearest(name, [*inner.names, *ATTRIBUTES]),
            )
        )
        return ANY

    def size(self, name: str, expr: syntax.Attribute) -> Known:
        """A size of a tensor, or an output of the block that made it."""
        inner = isinstance(expr.base, syntax.Name) and expr.base.name == "in"
        if name in self.outputs.names and not inner:
            return TENSOR
        if name in ATTRIBUTES:
            return VALUE
        help = nearest(name, ATTRIBUTES)
        if help or self.judge.first(f".{name}"):
            sizes = f"its sizes are {listed(ATTRIBUTES)}"
            message = f"a tensor has no `{name}`"
            self.judge.fault(Fault("unknown-attribute", expr.span, message, help=help or sizes))
        else:
            self.judge.skip()
        return ANY

    def comprehension(self, expr: syntax.Comprehension) -> Known:
        """A list with a loop inside; its variables end with it."""
        self.expr(expr.iterable)
        outer = self.sight
        self.sight = Sight(outer)
        for target in expr.targets:
            self.sight.names[target.name] = ANY
        if expr.condition is not None:
            self.expr(expr.condition)
        element = self.expr(expr.element)
        self.sight = outer
        return VALUE if element.sort is Sort.VALUE else ANY

    def call(self, expr: syntax.Call) -> Known:
        """A function, or a layer or block with some of its arguments."""
        callee = expr.callee
        if isinstance(callee, syntax.Name) and callee.name in BUILTINS:
            try:
                arguments(callee.name, expr)
            except Fault as fault:
                self.judge.fault(fault)
            for arg in expr.args:
                self.expr(arg.value)
            return ANY
        known = self.callee(callee)
        if known.sort in (Sort.VALUE, Sort.TENSOR):
            self.judge.fault(
                Fault(
                    "not-callable",
                    callee.span,
                    f"`{callee.span.text}` cannot be called: it is {known.sort.value}",
                )
            )
            known = ANY
        return self.applied(known, expr.args, expr.span)

    def callee(self, callee: "syntax.Name | syntax.Attribute") -> Known:
        """What is called: a layer of that name rather than a tensor or a number."""
        if not isinstance(callee, syntax.Name):
            return self.expr(callee)
        local = self.sight.find(callee.name)
        if local is not None and local.sort in (Sort.CALLABLE, Sort.ANY):
            return local
        outer = self.outside(callee.name)
        if outer is not None and outer.sort is Sort.CALLABLE:
            return outer
        return local or outer or self.name(callee)

    def applied(self, known: Known, args: tuple[syntax.Arg, ...], span: Span) -> Known:
        """What a call gives; `Calls` checks its arguments."""
        raise NotImplementedError


def _holding(module: Module) -> str:
    """What a file holds, where that is little."""
    names = list(module.names)
    return f"it holds {listed(names)}" if 0 < len(names) < 9 else ""


def operands(expr: syntax.Expr) -> tuple[syntax.Expr, ...]:
    """The expressions directly inside one that binds no names."""
    match expr:
        case syntax.Text():
            return tuple(part for part in expr.parts if not isinstance(part, str))
        case syntax.Index():
            return (expr.base, expr.index)
        case syntax.Slice():
            return tuple(part for part in (expr.base, expr.start, expr.stop) if part is not None)
        case syntax.Unary():
            return (expr.operand,)
        case syntax.Binary():
            return (expr.left, expr.right)
        case syntax.Compare():
            return expr.operands
        case syntax.ListOf():
            return expr.items
    return ()


__all__ = ["Expressions", "bindings", "is_plain", "label_text"]
