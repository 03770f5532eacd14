"""The run on numbers: lines become steps of an instance, loops turn, conditions are decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.arithmetic import is_whole, plain_number
from netwright.bind.call import bind_block
from netwright.bind.fold import Folding
from netwright.bind.interface import declare_output, input_tensor, is_image, redeclared
from netwright.bind.losses import Lent, declare_losses
from netwright.bind.names import SharedModule
from netwright.bind.shared import declare, use_shared
from netwright.bind.working import Caller, Working, title
from netwright.condition import Cond
from netwright.diagnostics import Related
from netwright.evaluate import evaluate, items_of, truth, unpack
from netwright.record import replace
from netwright.source import Span
from netwright.tensor import Dynamic
from netwright.values import POISON, Exhausted, Fault, Partial, Ref, Scope, kind_of, plain

OF_VALUES = frozenset(
    {
        "division-by-zero",
        "dynamic-argument",
        "index-out-of-range",
        "missing-argument",
        "out-of-bounds",
        "surplus-argument",
        "type-mismatch",
        "unknown-argument",
        "unknown-name",
    }
)
"""Mistakes that one wrong value makes in every line that uses it: told once in a body."""

SPLICED = 10  # lines of work that a spliced block stands for, beside its own


class Run(Working):
    """A body bound to numbers; `netwright.bind.binder` makes one for each instance."""

    lent: tuple[Lent, ...] = ()  # shared modules that `losses` used first

    # Diagnostics

    def report(self, fault: Fault) -> None:
        self.instance.failed = True
        found = fault.diagnostic
        self.refuse(found, (plain(self.current),) if fault.inputs is None else fault.inputs)
        key = (self.definition, found.code, found.message)
        first = self.binder.told.setdefault(key, found.span)
        if first == found.span or found.code not in OF_VALUES:
            self.binder.report.add(self.traced(fault).diagnostic)

    def spoilt(self, statement: syntax.Statement) -> None:
        if not self.refused and isinstance(plain(self.current), Ref):
            self.refuse_in(statement.span)

    def refuse_in(self, span: Span) -> None:
        """Keep the first mistake in some lines; where they have none, the first of the spec."""
        found = self.binder.report.diagnostics
        here = (each for each in found if each.span.within(span))
        first = next(here, None) or next(iter(found), None)
        if first is not None:
            self.refuse(first, (plain(self.current),))

    def traced(self, fault: "Fault | Exhausted") -> "Fault | Exhausted":
        """The mistake with the calls that led to it."""
        if not fault.diagnostic.trace:
            fault.diagnostic = replace(fault.diagnostic, trace=tuple(self.trace()))
        return fault

    def trace(self) -> Iterator[Related]:
        """The calls that led here, innermost first, each with the loops that it stands in."""
        around = self.where()
        spans = [span for _, span in self.turns if span is not None]
        if around and spans:
            yield Related(spans[-1], around)
        caller = self.caller
        while caller is not None:
            run, span, name = caller
            around = run.where()
            yield Related(span, f"in {name}, {around}" if around else f"in {name}")
            caller = run.caller

    # Shared modules

    def share(self, statement: syntax.Shared) -> SharedModule:
        return declare(self, statement)

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        return use_shared(self, module, value, span)

    # Loops and conditions

    def compare(self, left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
        self.decide(left, op, right)
        return super().compare(left, op, right, span)

    def decide(self, left: Any, op: str, right: Any) -> None:
        """Note a comparison of which one side is known only when the net runs."""
        if isinstance(left, Dynamic) or isinstance(right, Dynamic):
            self.binder.decided.append((left, op, right))

    def loop(self, node: syntax.For) -> None:
        items = items_of(evaluate(node.iterable, self), node.iterable)
        self.turn(node, items, node.targets, node.body)

    def repeat(self, node: syntax.Repeat) -> None:
        self.turn(node, self.times(node), (), node.body)

    def times(self, node: syntax.Repeat) -> range:
        """The turns of a `repeat`."""
        wanted = evaluate(node.count, self)
        count = plain_number(wanted)
        self.decide(wanted, "==", count)
        if not is_whole(count):
            raise Fault(
                "type-mismatch",
                node.count.span,
                f"`repeat` takes a whole number, found {kind_of(count)}",
            )
        if count < 0:
            raise Fault(
                "out-of-bounds",
                node.count.span,
                f"`repeat` takes a number of at least 0, found {count}",
            )
        return range(count)

    def turn(
        self,
        node: "syntax.For | syntax.Repeat",
        items: Any,
        targets: tuple[syntax.Name, ...],
        body: syntax.Body,
    ) -> None:
        """All turns; from the first that changes nothing but the tensor's values on, one stands."""
        folds = not any(target.name in self.binder.reads(body) for target in targets)
        total = len(items)
        with self.looping(targets):
            for turn, item in enumerate(items):
                self.start_turn(node, targets, item, f"repeat {turn + 1} of {total}")
                folding = Folding(self) if folds else None
                self.body(body)
                if self.current is POISON:
                    break
                if folding is not None and total - turn > 1 and folding.stable():
                    folding.fold(total - turn, node.span)
                    break

    @contextmanager
    def looping(self, targets: tuple[syntax.Name, ...]) -> Iterator[None]:
        """The state of a loop: its variables end with it."""
        names = [target.name for target in targets]
        hidden = {name: self.scope.names[name] for name in names if name in self.scope.names}
        scope, depth = self.scope, len(self.turns)
        self.in_loop += 1
        self.turns.append(("", None))
        try:
            yield
        finally:
            self.in_loop -= 1
            del self.turns[depth:]
            for name in names:
                scope.names.pop(name, None)
            scope.names.update(hidden)

    def start_turn(
        self, node: syntax.Step, targets: tuple[syntax.Name, ...], item: Any, said: str
    ) -> None:
        """Bind the variables of a loop for one turn."""
        self.budget.spend(node.span)
        self.turns[-1] = (said, node.span)
        if targets:
            values = unpack(item, targets, node.span)
            for target, value in zip(targets, values, strict=True):
                self.scope.names[target.name] = value

    def turns_as_branches(self, node: "syntax.For | syntax.Repeat", start: Any) -> list[Any]:
        found: list[Any] = []
        targets: tuple[syntax.Name, ...] = ()
        if isinstance(node, syntax.For):
            items: Any = items_of(evaluate(node.iterable, self), node.iterable)
            targets = node.targets
        else:
            items = self.times(node)
        with self.looping(targets):
            for turn, item in enumerate(items):
                self.start_turn(node, targets, item, f"repeat {turn + 1} of {len(items)}")
                self.current = start
                braces = syntax.Braces(node.body, node.span)
                with self.branch_container((braces,)):
                    self.body(node.body)
                value = plain(self.here(node.span))
                found += value if type(value) is tuple else [value]
        return found

    def choose(self, node: syntax.If) -> None:
        if truth(evaluate(node.condition, self), node.condition):
            self.body(node.then)
        elif node.otherwise is not None:
            self.body(node.otherwise)

    def require(self, statement: syntax.Require) -> None:
        if truth(evaluate(statement.condition, self), statement.condition):
            return
        said = f"`{statement.condition.span.text}` does not hold"
        if statement.message is not None:
            said = str(evaluate(statement.message, self))
        raise Fault("require-failed", statement.span, said, related=self.called_at())

    def called_at(self) -> tuple[Related, ...]:
        """The call that this body stands for, as a related place."""
        return (Related(self.caller[1], f"in {self.caller[2]}"),) if self.caller else ()

    # Nets

    def declare_input(self, statement: syntax.Input) -> None:
        if not isinstance(self.definition.node, syntax.Net):
            raise Fault(
                "input-outside-net",
                statement.span,
                "`input` stands in nets only: a block takes what it is given",
            )
        tensor = redeclared(input_tensor(statement, self), self.binder.declared)
        ref = self.new(tensor, statement.name.span)
        self.define(statement.name.name, ref, statement.name.span)
        self.image = self.image or (ref if is_image(ref.tensor) else None)
        lines = self.definition.node.body.statements
        if sum(isinstance(line, syntax.Input) for line in lines) == 1:
            self.current = ref

    def output(self, statement: syntax.Output) -> None:
        declare_output(self, statement)

    def losses(self, statement: syntax.Losses) -> None:
        declare_losses(self, statement)

    def splice(self, statement: syntax.Splice) -> None:
        callee = self.callee(statement.use)
        node = callee.target.node if _is_block(callee) else None
        if not isinstance(node, syntax.Block):
            raise Fault("not-a-block", statement.use.span, "`splice` takes a block")
        use = statement.use
        self.budget.spend(use.span, SPLICED)
        definition = callee.target
        bound = bind_block(
            definition, dict(callee.args), use.args or (), use.span, self, self.defaults
        )
        outer = (self.definition, self.scope, self.input, self.defaults, self.caller)
        self.input = plain(self.here(statement.span))
        with self.binder.entered(definition, bound.values, use.span):
            self.definition, self.scope = definition, Scope()
            self.defaults = self.binder.defaults(definition)
            self.caller = (_Before(self, outer[-1]), use.span, title(bound))
            self.scope.names.update(bound.values)
            try:
                self.binder.take_contract(self, node)
                self.body(node.body)
                if not self.binder.check_contract(self, node, plain(self.current)):
                    self.current = POISON
            finally:
                self.definition, self.scope, self.input, self.defaults, self.caller = outer


class _Before:
    """A body as it was before a block was spliced into it: what the trace needs of it."""

    def __init__(self, run: Run, caller: Caller | None) -> None:
        self.caller: Caller | None = caller
        self.around = run.where()

    def where(self) -> str:
        """The loops and labels around the line."""
        return self.around


def _is_block(callee: Any) -> bool:
    return isinstance(callee, Partial) and hasattr(callee.target, "node")


__all__ = ["Run", "title"]
