"""One body on its way through a run: lines, labels, chains and joins.

`Walk` knows what lines mean; what a layer, a block, a loop or a condition *does* is said by the two
runs that derive from it, `bind.run` on numbers and `lower.trace` on symbols.
"""

from collections.abc import Iterator
from typing import Any

from netwright import syntax
from netwright.arguments import frame_params
from netwright.bind.call import Bound, bind_block, bind_op, no_block, refuse_arguments
from netwright.bind.names import BodyNames, SharedModule
from netwright.bind.rules import Rules
from netwright.bind.scope import Defaults, let_values, set_defaults
from netwright.evaluate import text_of
from netwright.members import Form, inner_bodies, is_numbered, is_numbered_chain, line_form
from netwright.names.labels import member_name
from netwright.ops.base import Op
from netwright.program import Definition
from netwright.source import Span
from netwright.values import POISON, Exhausted, Fault, Partial, Poisoned, Scope, known, plain

NO_IMAGE = "a net's first image is meant where none is given; a block takes one as a parameter"


class Walk(Rules):
    """The state of a body on its way through its lines."""

    def __init__(self, definition: Definition, values: dict[str, Any], defaults: Defaults) -> None:
        super().__init__(definition, values, defaults)
        self.pending: Any = None  # the label that the next module takes
        self.image: Any = None  # the first input of a net that is an image
        self.line_doc = ""
        self.kind = ""  # what the module of the step is called without a label

    def body(self, body: syntax.Body) -> None:
        """Run the lines of a body; `set` ends with it."""
        before = self.defaults
        for statement in body.statements:
            self.statement(statement)
        self.defaults = before

    def statement(self, statement: syntax.Statement) -> None:
        """Run one line; after a mistake the lines below go on without its tensor."""
        self.budget.spend(statement.span)
        if self.wrong and id(statement) in self.wrong:
            if isinstance(statement, syntax.Set):
                self.set(statement)
            self.spoilt(statement)
            if not isinstance(statement, syntax.Expect):
                self._poison(statement)
            return
        try:
            self._run(statement)
        except Fault as fault:
            self.report(fault)
            self._poison(statement)
        except Poisoned:
            self.spoilt(statement)
            self._poison(statement)
        except RecursionError:
            raise too_deep(statement.span) from None

    def _run(self, statement: syntax.Statement) -> None:
        match statement:
            case syntax.Line():
                self.line_doc = statement.doc
                self.line(statement)
            case syntax.Let():
                self.let(statement)
            case syntax.Set():
                self.set(statement)
            case syntax.Require():
                self.require(statement)
            case syntax.Expect():
                self.expect(statement)
            case syntax.Input():
                self.declare_input(statement)
            case syntax.Shared():
                self.define(statement.name.name, self.share(statement), statement.name.span)
            case syntax.Output():
                self.output(statement)
            case syntax.Losses():
                self.losses(statement)
            case syntax.Splice():
                self.splice(statement)

    def _poison(self, statement: syntax.Statement) -> None:
        """What a line with a mistake would have bound stands for nothing from here on."""
        self.pending = None
        self.damaged = True
        for name in bound_names(statement):
            self.scope.names.setdefault(name, POISON)
        match statement:
            case syntax.Line() | syntax.Splice() | syntax.Input() | syntax.Require():
                self.current = POISON
            case syntax.Let():
                for target in statement.targets:
                    self.scope.names[target.name] = POISON

    def let(self, statement: syntax.Let) -> None:
        """Bind numbers, lists, tensors; Python's way, all values first."""
        for target, value in zip(statement.targets, let_values(statement, self), strict=True):
            self.scope.names[target.name] = value

    def set(self, statement: syntax.Set) -> None:
        """New defaults for the lines below."""
        self.defaults = (*self.defaults, *set_defaults(statement, self))

    def define(self, name: str, value: Any, span: Span) -> None:
        """Bind a label; one that is taken here is a mistake, and means nothing from here on."""
        taken = self.labels()
        if name in taken:
            self.report(duplicate(name, span, self.first_label(name)))
            self.scope.names[name] = POISON
            return
        taken[name] = span
        self.scope.names[name] = value

    # Lines

    def line(self, line: syntax.Line) -> None:
        """A chain, and what its label names."""
        if line.label is None:
            self.chain(line.steps)
            return
        name = self.label_name(line.label)
        kind = line_form(line, self.makes)
        if kind is Form.GROUP:
            with self.group(line.label, name, line.steps) as inner:
                self.chain(line.steps)
            inner.value = self.current
            value: Any = inner
        else:
            if kind is Form.MODULE:
                self.pending = (line.label, name)
            self.chain(line.steps)
            self.pending = None
            value = self.current
        if name:
            self.define(name, self.labelled(value, name, line.label.span), line.label.span)

    def label_name(self, label: syntax.Label) -> str:
        """The text of a label."""
        return text_of(label.parts, self)

    def labelled(self, value: Any, name: str, span: Span) -> Any:
        """What a label stands for; the runs may note the name with the tensor."""
        return value

    def chain(self, steps: tuple[syntax.Step, ...]) -> None:
        """Run steps one after another."""
        for place, step in enumerate(steps):
            self.step(step, first=place == 0)

    def step(self, step: syntax.Step, *, first: bool) -> None:
        """Run one step of a chain."""
        match step:
            case syntax.Use():
                self.use(step, first=first)
            case syntax.Braces():
                self.body(step.body)
            case syntax.For():
                self.loop(step)
            case syntax.Repeat():
                self.repeat(step)
            case syntax.If():
                self.choose(step)

    def use(self, use: syntax.Use, *, first: bool) -> None:
        """A reference, a shared module, a layer or a block."""
        callee = self.callee(use)
        if isinstance(callee, SharedModule):
            refuse_arguments(f"`{use.callee.span.text}`", use.args or (), use.span)
            if use.branches is not None:
                raise no_join(use.callee.span.text, use.branches.span)
            self.current = self.apply(callee, known(self.here(use.span)), use.span)
        elif isinstance(callee, Partial):
            self.call_step(callee, use)
        else:
            if not first:
                raise Fault(
                    "reference-inside-chain",
                    use.span,
                    f"`{use.span.text}` is a tensor: a reference starts a chain "
                    "and never stands inside one",
                )
            self.current = callee

    def call_step(self, callee: Partial, use: syntax.Use) -> None:
        """A layer or a block at work: its arguments first, then its inputs."""
        target, taken = callee.target, dict(callee.args)
        args = use.args or ()
        if isinstance(target, Definition):
            if not isinstance(target.node, syntax.Block | syntax.Extern):
                raise no_block(target, use.callee.span)
            bound = bind_block(target, taken, args, use.span, self, self.defaults)
            if use.branches is not None:
                raise no_join(target.name, use.branches.span)
            self.kind = member_name(callee.kind)
            self.block_step(callee, bound, use)
            return
        bound = self.framed(target, self.bound_layer(target, taken, use), use)
        label, self.pending = self.pending, None
        inputs = self.inputs(target, use)
        self.pending = label
        if any(value is POISON for value in inputs):
            raise Poisoned
        self.kind = member_name(callee.kind)
        self.current = self.layer(target, bound, inputs, use)

    def bound_layer(self, op: type[Op], taken: dict[str, Any], use: syntax.Use) -> Bound:
        """A layer with its arguments."""
        return bind_op(op, taken, use.args or (), use.span, self, self.defaults)

    def framed(self, op: type[Op], bound: Bound, use: syntax.Use) -> Bound:
        """The same where a layer's frame, which was not given, is the net's image."""
        missing = [name for name in frame_params(op) if bound.values[name] is None]
        if not missing:
            return bound
        if self.image is None:
            what = f"`{op.name}` needs `{missing[0]}`, the image that its boxes lie in"
            raise Fault("missing-argument", use.span, what, help=NO_IMAGE)
        values = {**bound.values, **dict.fromkeys(missing, self.image)}
        return Bound(op, values, bound.given, bound.span)

    def inputs(self, op: type[Op], use: syntax.Use) -> list[Any]:
        """The tensors that a layer takes: its branches, or the current one."""
        least, most = op.inputs
        if use.branches is not None:
            if most is not None and most < 2:
                raise no_join(op.name, use.branches.span)
            values = self.branches(use.branches)
        elif most == 0:
            return []
        else:
            here = known(self.here(use.span))
            here = here if type(here) is tuple else plain(here)
            values = list(map(plain, here)) if type(here) is tuple else [here]
            _joinable(op, here, use.span)
        if len(values) < least or (most is not None and len(values) > most):
            raise Fault("input-count", use.span, _count(op, len(values)))
        return values

    def branches(self, node: syntax.Branches) -> list[Any]:
        """The tensors at the ends of branches that all start from the current one."""
        start = self.current
        found: list[Any] = []
        for item in node.items:
            self.current = start
            loops = item.steps[0] if len(item.steps) == 1 and item.label is None else None
            if isinstance(loops, syntax.For | syntax.Repeat):
                found += self.turns_as_branches(loops, start)
                continue
            self.branch(item)
            value = self.current
            if value is None:
                value = self.here(item.span)
            value = plain(value) if isinstance(value, Scope) else value
            found += map(plain, value) if type(value) is tuple else [value]
        self.current = start
        return found

    def branch(self, item: syntax.Line) -> None:
        """One branch: a line of its own."""
        self.statement(item)

    def numbered(self, body: syntax.Body) -> bool:
        """Whether the members of a body are numbered."""
        return is_numbered(body, self.makes, self.splices_labels)

    def numbered_chain(self, steps: tuple[syntax.Step, ...]) -> bool:
        """Whether the members of a labelled chain are numbered."""
        if len(steps) == 1 and isinstance(steps[0], syntax.Braces | syntax.For | syntax.Repeat):
            return self.numbered(steps[0].body)
        return is_numbered_chain(steps, self.makes, self.splices_labels)

    def splices_labels(self, use: syntax.Use) -> bool:
        """Whether a block that is spliced has labels."""
        try:
            callee = self.callee(use)
        except (Fault, Poisoned):
            return False
        if not isinstance(callee, Partial) or not isinstance(callee.target, Definition):
            return False
        node = callee.target.node
        if not isinstance(node, syntax.Block):
            return False
        given = {
            param.name.name: callee
            for param in node.params
            if param.annotation and param.annotation.name in ("block", "norm", "activation")
        }
        return not is_numbered(node.body, BodyNames(callee.target, given, ()).makes)


def _joinable(op: type[Op], here: Any, span: Span) -> None:
    """Refuse one tensor where several are joined, and a list where one is taken."""
    if type(here) is tuple:
        if op.inputs[1] == 1:
            found = f"found a list of {len(here)}"
            raise Fault("list-into-layer", span, f"`{op.name}` takes one tensor, {found}")
    elif op.joins:
        from netwright.ops.join import Fold

        if not issubclass(op, Fold):
            raise missing_branches(op, span)


def missing_branches(op: type[Op], span: Span) -> Fault:
    """The mistake of a join that is given one tensor."""
    return Fault(
        "missing-branches",
        span,
        f"`{op.name}` joins tensors: its branches stand in `[ ]` behind it",
        help=f"`{op.name} [ _, … ]`",
    )


def _count(op: type[Op], found: int) -> str:
    least, most = op.inputs
    wanted = f"{least}" if least == most else f"{least} to {most}" if most else f"at least {least}"
    return f"`{op.name}` takes {wanted} tensors, found {found}"


def no_join(name: str, span: Span) -> Fault:
    """The mistake of branches behind what takes one tensor."""
    return Fault("not-a-join", span, f"`{name}` takes one tensor, not branches")


def duplicate(name: str, span: Span, related: Any) -> Fault:
    """The mistake of a label that is taken."""
    return Fault(
        "duplicate-label", span, f"`{name}` is a label of this body already", related=related
    )


def too_deep(span: Span) -> Exhausted:
    """The mistake of a line that is nested beyond what can be run."""
    return Exhausted("nested-too-deep", span, "the blocks and braces around this nest too deep")


def bound_names(statement: syntax.Statement) -> Iterator[str]:
    """The plain names that a line binds, those inside its loops and conditions too."""
    match statement:
        case syntax.Line():
            label = statement.label
            if label is not None and label.parts:
                if all(isinstance(part, str) for part in label.parts):
                    yield "".join(map(str, label.parts))
                return
            for step in statement.steps:
                for body in inner_bodies(step):
                    for inner in body.statements:
                        yield from bound_names(inner)
                if isinstance(step, syntax.Use) and step.branches is not None:
                    for item in step.branches.items:
                        yield from bound_names(item)
        case syntax.Let():
            for target in statement.targets:
                yield target.name
        case syntax.Shared() | syntax.Input():
            yield statement.name.name
        case syntax.Output() if statement.steps:
            yield statement.name.name


__all__ = ["POISON", "Form", "SharedModule", "Walk", "plain"]
