"""The arguments of calls: each must have a parameter, and a literal must be what that takes."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.arguments import (
    assign,
    block_signature,
    block_value,
    is_literal,
    is_word,
    op_signature,
    spread,
    unknown_initialiser,
    value_for,
)
from netwright.bind.call import no_block
from netwright.bind.paths import KERAS
from netwright.bind.scope import FileNames
from netwright.kinds import convert, unknown_word, words_of
from netwright.names.expressions import Expressions
from netwright.names.known import ANY, Known, Sort
from netwright.ops import find as ops
from netwright.ops.base import TENSOR_KINDS, Kind, Param
from netwright.program import Definition
from netwright.source import Span
from netwright.spelling import nearest
from netwright.values import Exhausted, Fault, Partial, Poisoned

KERAS_NAMES = ("auto", "path", "reversed")


class Calls(Expressions):
    """Expressions and their calls; ``sets`` are the arguments that a `set` gives from here on."""

    sets: tuple[tuple[str, str], ...] = ()

    def applied(self, known: Known, args: tuple[syntax.Arg, ...], span: Span) -> Known:
        target = known.target
        broken = self.judge.program.broken
        if known.sort is not Sort.CALLABLE or target is None or target in broken:
            self.loose(args)
            return ANY
        if isinstance(target, Definition) and isinstance(target.node, syntax.Function):
            signature = block_signature(target.params)
            self.assigned(target, signature, args, span, lambda name: False)
            return ANY
        if isinstance(target, Definition) and isinstance(target.node, syntax.Net | syntax.Variant):
            self.judge.fault(no_block(target, span))
            self.loose(args)
            return ANY
        optional = dict.fromkeys(signature_of(target), False)
        found = self.assigned(target, optional, args, span, lambda name: False)
        return Known(Sort.CALLABLE, target, known.given | frozenset(found))

    def work(self, known: Known, args: tuple[syntax.Arg, ...], span: Span) -> None:
        """A layer or block at work: all that it needs must be given."""
        target = known.target
        if target is None or target in self.judge.program.broken:
            self.loose(args)
            return
        node = target.node if isinstance(target, Definition) else None
        if node is not None and not isinstance(node, syntax.Block | syntax.Extern):
            self.judge.fault(no_block(target, span))
            self.loose(args)
            return
        callee = str(target.name)
        self.assigned(
            target,
            signature_of(target),
            args,
            span,
            lambda name: name in known.given or (callee, name) in self.sets,
        )

    def assigned(
        self,
        target: Any,
        signature: dict[str, bool],
        args: tuple[syntax.Arg, ...],
        span: Span,
        given: Callable[[str], bool],
    ) -> dict[str, syntax.Arg]:
        """The arguments by parameter, each checked."""
        if not isinstance(target, Definition):
            args = spread(target, args)
        found, faults = assign(target.name, signature, args, span, given=given)
        for fault in telling(faults):
            self.call_fault(target, fault)
        if faults:
            self.loose(args)
            return found
        if isinstance(target, Definition):
            self.judge.calls(target, span)
        for name, arg in found.items():
            self.argument(target, name, arg)
        return found

    def call_fault(self, target: Any, fault: Fault) -> None:
        """Report a call; a parameter that a block lacks, and nothing is near to, once."""
        found = fault.diagnostic
        if found.code == "unknown-argument" and "did you mean" not in found.help:
            name = found.span.text
            if isinstance(target, Definition) and not self.judge.lacks(target, name):
                self.judge.skip()
                return
        self.judge.fault(fault)

    def loose(self, args: tuple[syntax.Arg, ...]) -> None:
        """Arguments of what only a run can tell: their names, and that each is given once."""
        seen: dict[str, syntax.Arg] = {}
        for arg in args:
            if not is_initialiser(arg.value):
                self.word_or(arg.value)
            if arg.name is not None and arg.name in seen and self.judge.line is not None:
                self.judge.fault(
                    Fault("duplicate-argument", arg.span, f"`{arg.name}` is given twice")
                )
            elif arg.name is not None:
                seen[arg.name] = arg

    def word_or(self, expr: syntax.Expr) -> Known:
        """An expression that may be a word of a layer, such as `same`."""
        match expr:
            case syntax.Name() if expr.name in ops.words():
                return self.anywhere(expr.name) or ANY
            case syntax.Group():
                return self.word_or(expr.inner)
            case syntax.Conditional():
                self.expr(expr.condition)
                self.word_or(expr.then)
                self.word_or(expr.otherwise)
                return ANY
        return self.expr(expr)

    def argument(self, target: Any, name: str, arg: syntax.Arg) -> None:
        """The value of an argument, as far as its text tells it."""
        if not isinstance(target, Definition):
            self.value(target.name, name, target.params[name], arg.value)
            return
        known = self.word_or(arg.value)
        param = next(param for param in target.params if param.name.name == name)
        if isinstance(target.node, syntax.Function):
            return
        if is_literal(arg.value):
            self.trial(lambda env: block_value(target.name, param, literal(arg, env), arg.span))
        elif known.sort is Sort.CALLABLE and known.target is not None:
            value = Partial(known.target)
            self.trial(lambda env: block_value(target.name, param, value, arg.span))

    def value(self, what: str, name: str, spec: Param, expr: syntax.Expr) -> None:
        """An argument under the rules of a layer's parameter, which may take words."""
        match expr:
            case syntax.Name() if is_word(spec, expr.name):
                return
            case syntax.Group():
                self.value(what, name, spec, expr.inner)
                return
            case syntax.Conditional():
                self.expr(expr.condition)
                self.value(what, name, spec, expr.then)
                self.value(what, name, spec, expr.otherwise)
                return
        if spec.kind is Kind.INITIALISER and self.initialiser(expr):
            return
        if isinstance(expr, syntax.Name) and self.anywhere(expr.name) is None:
            words = words_of(spec)
            if spec.words or nearest(expr.name, words):
                self.judge.fault(unknown_word(what, name, spec, expr, words))
                return
        known = self.expr(expr)
        if is_literal(expr):
            self.trial(lambda env: value_for(what, name, spec, expr, env))
        elif known.sort is Sort.CALLABLE and known.target is not None:
            value = Partial(known.target)
            self.trial(lambda env: convert(what, name, spec, value, expr.span))
        elif known.sort is Sort.TENSOR and spec.kind not in TENSOR_KINDS:
            message = f"`{name}` of `{what}` takes {spec.kind.value}, found a tensor"
            self.judge.fault(Fault("type-mismatch", expr.span, message))

    def initialiser(self, expr: syntax.Expr) -> bool:
        """Check an initialiser; whether the expression is one."""
        from netwright.ops import init

        callee = expr.callee if isinstance(expr, syntax.Call) else expr
        if not isinstance(callee, syntax.Name):
            return False
        specs = init.SIGNATURES.get(callee.name)
        if specs is None:
            if isinstance(expr, syntax.Call):
                self.judge.fault(unknown_initialiser(callee))
                return True
            if self.anywhere(callee.name) is not None:
                return False
            self.judge.fault(unknown_initialiser(callee))
            return True
        args = expr.args if isinstance(expr, syntax.Call) else ()
        signature = {key: spec.default is ... for key, spec in specs.items()}
        found, faults = assign(callee.name, signature, args, expr.span)
        for fault in faults:
            self.judge.fault(fault)
        for key, arg in found.items():
            self.value(callee.name, key, specs[key], arg.value)
        return True

    def trial(self, work: Callable[[FileNames], Any]) -> None:
        """Work out what needs no run; a mistake in it is the line's."""
        try:
            work(FileNames(self.module))
        except Fault as fault:
            self.judge.fault(fault)
        except (Poisoned, Exhausted):
            return

    # Defaults

    def set(self, statement: syntax.Set) -> None:
        """New defaults: of layers and blocks that exist, for arguments by name."""
        for item in statement.items:
            if item.callee.name == KERAS:
                self.set_keras(item)
                continue
            known = self.outside(item.callee.name)
            if self.sight.find(item.callee.name) is not None or known is None:
                self.unknown_set(item.callee)
                self.loose(item.args)
            elif known.sort is Sort.CALLABLE and known.target is not None:
                self.set_item(item, known.target)
            elif known.sort is not Sort.ANY and known.target is None:
                self.unknown_set(item.callee)

    def set_item(self, item: syntax.Default, target: Any) -> None:
        """The defaults for one layer or block."""
        if isinstance(target, Definition) and not isinstance(
            target.node, syntax.Block | syntax.Extern
        ):
            self.unknown_set(item.callee)
            return
        names = tuple(signature_of(target))
        for arg, name in zip((a for a in item.args if a.name is None), names, strict=False):
            self.judge.fault(
                Fault(
                    "set-by-place",
                    arg.span,
                    "`set` takes arguments by name",
                    help=f"`{name}={arg.span.text}`",
                )
            )
        named = tuple(arg for arg in item.args if arg.name is not None)
        optional = dict.fromkeys(names, False)
        found = self.assigned(target, optional, named, item.span, lambda name: False)
        self.sets = (*self.sets, *((str(target.name), name) for name in found))

    def set_keras(self, item: syntax.Default) -> None:
        """`set keras(names=auto)`: how layers are named in Keras."""
        for arg in item.args:
            value = arg.value.name if isinstance(arg.value, syntax.Name) else ""
            if arg.name != "names" or value not in KERAS_NAMES:
                ways = " or ".join(f"`names={way}`" for way in KERAS_NAMES)
                message = f"`keras` takes {ways}, found `{arg.span.text}`"
                self.judge.fault(Fault("unknown-argument", arg.span, message))

    def unknown_set(self, callee: syntax.Name) -> None:
        """The mistake of a `set` for what is no layer or block."""
        blocks = [
            name
            for name, found in self.module.names.items()
            if isinstance(found, Definition) and isinstance(found.node, syntax.Block)
        ]
        self.judge.fault(
            Fault(
                "unknown-layer",
                callee.span,
                f"`set` speaks of layers and blocks: none is called `{callee.name}`",
                help=nearest(callee.name, [*blocks, *ops.NAMES]),
            )
        )


def is_initialiser(expr: syntax.Expr) -> bool:
    """Whether an expression is an initialiser by its name."""
    from netwright.ops import init

    callee = expr.callee if isinstance(expr, syntax.Call) else expr
    return isinstance(callee, syntax.Name) and callee.name in init.SIGNATURES


def telling(faults: list[Fault]) -> list[Fault]:
    """Of the mistakes of one call, those that do not follow from another.

    A slip of the pen has a name that it is near to; several arguments that are near to nothing
    belong to another layer, as do too many of them.
    """
    surplus = [fault for fault in faults if fault.diagnostic.code == "surplus-argument"]
    if surplus:
        return surplus
    slips = [fault for fault in faults if "did you mean" in fault.diagnostic.help]
    return slips or faults[:1]


def signature_of(target: Any) -> dict[str, bool]:
    """The parameters of a layer or definition, and which must be given."""
    if isinstance(target, Definition):
        return block_signature(target.params)
    return op_signature(target)


def literal(arg: syntax.Arg, env: FileNames) -> Any:
    """The value of an argument without names."""
    from netwright.evaluate import evaluate

    return evaluate(arg.value, env)
