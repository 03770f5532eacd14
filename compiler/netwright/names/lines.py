"""The lines of a body: what each names, whether it may stand there, and whether labels are free."""

from collections.abc import Mapping

from netwright import syntax
from netwright.bind.expect import KNOWN, unknown_quantity
from netwright.bind.interface import nearly
from netwright.bind.walk import duplicate, no_join
from netwright.diagnostics import Related
from netwright.members import Form, form
from netwright.names.calls import Calls
from netwright.names.known import (
    ANY,
    TENSOR,
    Arms,
    Known,
    Parts,
    Sight,
    Sort,
    bindings,
    is_plain,
    label_text,
)
from netwright.names.labels import label_reason, reserved_label
from netwright.names.steps import Steps
from netwright.program import Definition
from netwright.source import Span
from netwright.values import Fault


class Lines(Steps):
    """One definition's body, line by line."""

    arms: Arms = ()
    depth = 0
    trained: Span | None = None  # the `losses` of a net
    inner: Sight | None = None  # the names of its lines
    taken: Mapping[str, str]  # names of parameters and inputs, and what they are

    def body(self, body: syntax.Body) -> None:
        """The lines of a body; a `set` ends with it."""
        sets = self.sets
        self.depth += 1
        for statement in body.statements:
            self.statement(statement)
        self.depth -= 1
        self.sets = sets

    def statement(self, statement: syntax.Statement) -> None:
        """One line, which is marked if it has a mistake."""
        outer, self.judge.line = self.judge.line, statement
        match statement:
            case syntax.Line():
                self.line(statement)
            case syntax.Let():
                self.let(statement)
            case syntax.Set():
                self.set(statement)
            case syntax.Require():
                self.expr(statement.condition)
                if statement.message is not None:
                    self.expr(statement.message)
            case syntax.Expect():
                self.expect(statement)
            case syntax.Input():
                self.input(statement)
            case syntax.Shared():
                self.shared(statement)
            case syntax.Output():
                self.output(statement)
            case syntax.Losses():
                self.losses(statement)
            case syntax.Splice():
                self.splice(statement)
        self.judge.line = outer

    # Labels

    def open(self, statements: tuple[syntax.Statement, ...], parent: Sight | None) -> Sight:
        """A scope, with the names that its lines will bind."""
        sight = Sight(parent)
        for parts, span in bindings(statements):
            if is_plain(parts):
                sight.later.setdefault(label_text(parts), span)
        return sight

    def bind(self, name: str, known: Known) -> None:
        """Bind a name from here on."""
        self.sight.names[name] = known
        self.sight.later.pop(name, None)

    def label(self, parts: Parts, known: Known, span: Span, kind: Form) -> None:
        """Bind a label, which must be free and, of a module, possible."""
        if not is_plain(parts):
            self.template_label(parts, span)
            self.sight.patterns.append((parts, known))
            return
        name = label_text(parts)
        reason = label_reason(name) if kind is not Form.TENSOR or not name else ""
        if reason:
            self.judge.report.add(reserved_label(name, reason, span).diagnostic)
        self.bind(name, known if self.free(name, span) else ANY)

    def template_label(self, parts: Parts, span: Span) -> None:
        """Refuse what no value could make a good label of."""
        for part in parts:
            if isinstance(part, str) and ("." in part or "/" in part):
                reason = label_reason("." if "." in part else "/")
                fault = reserved_label(span.text.strip('"'), reason, span)
                self.judge.report.add(fault.diagnostic)
                return

    def free(self, name: str, span: Span) -> bool:
        """Whether a label is free; a mistake where another line or a parameter has it."""
        places = self.sight.labels.setdefault(name, [])
        for arms, first in places:
            if arms == self.arms:
                related = (Related(first, "the first one is here"),)
                self.judge.report.add(duplicate(name, span, related).diagnostic)
                return False
        places.append((self.arms, span))
        if (self.sight.parent is None or self.sight is self.inner) and name in self.taken:
            what = self.taken[name]
            self.judge.note(
                "label-shadows",
                span,
                f"`{name}` is {what} already: a label needs a name of its own",
            )
            return False
        return True

    # Lines

    def line(self, line: syntax.Line) -> None:
        """A chain, and what its label names."""
        if line.label is None:
            self.chain(line.steps)
            return
        self.parts(line.label.parts)
        self.labelled(line.label.parts, line.steps, line.label.span)

    def labelled(self, parts: Parts, steps: tuple[syntax.Step, ...], span: Span) -> None:
        """A chain under a label: a scope where it makes a module of several."""
        kind = form(steps, self.makes)
        known = TENSOR
        if kind is Form.GROUP:
            outer = self.sight
            inner = syntax.Line(None, steps, "", span)
            self.sight = self.open((inner,), outer)
            self.chain(steps)
            known = Known(Sort.TENSOR, inner=self.sight)
            self.sight = outer
        else:
            self.chain(steps)
        if parts:
            self.label(parts, known, span, kind)

    def chain(self, steps: tuple[syntax.Step, ...]) -> None:
        """The steps of a chain; only the first may be a reference."""
        for place, step in enumerate(steps):
            match step:
                case syntax.Use():
                    self.use(step, place)
                case syntax.Braces():
                    self.body(step.body)
                case syntax.For():
                    self.loop(step)
                case syntax.Repeat():
                    self.expr(step.count)
                    self.turns(step.body)
                case syntax.If():
                    self.choice(step)

    def loop(self, node: syntax.For) -> None:
        """A loop, whose variables end with it."""
        self.expr(node.iterable)
        names = self.sight.names
        hidden = {target.name: names.get(target.name) for target in node.targets}
        for target in node.targets:
            self.bind(target.name, ANY)
        self.turns(node.body)
        for name, known in hidden.items():
            names.pop(name, None)
            if known is not None:
                names[name] = known

    def turns(self, body: syntax.Body) -> None:
        """The body of a loop: an earlier turn may have bound what stands further down."""
        bound = [parts for parts, _ in bindings(body.statements)]
        plain = frozenset(label_text(parts) for parts in bound if is_plain(parts))
        self.loops.append((plain, tuple(parts for parts in bound if not is_plain(parts))))
        self.body(body)
        self.loops.pop()

    def choice(self, node: syntax.If) -> None:
        """Both arms of a condition; a label may stand in each."""
        self.expr(node.condition)
        arms = self.arms
        self.arms = (*arms, id(node), 1)
        self.body(node.then)
        if node.otherwise is not None:
            self.arms = (*arms, id(node), 0)
            self.body(node.otherwise)
        self.arms = arms

    def use(self, use: syntax.Use, place: int) -> None:
        """A step: what it means, its arguments and its branches."""
        known = self.meaning(use)
        match known.sort:
            case Sort.CALLABLE if self.joins(known, use):
                self.work(known, use.args or (), use.span)
            case Sort.SHARED:
                self.refuse_args(use)
                if use.branches is not None:
                    self.judge.fault(no_join(use.callee.span.text, use.branches.span))
            case Sort.TENSOR if use.args is None and use.branches is None:
                if place:
                    self.judge.fault(inside_chain(use))
            case _:
                self.loose(use.args or ())
        if use.branches is not None:
            for item in use.branches.items:
                self.statement(item)

    # Other lines

    def let(self, statement: syntax.Let) -> None:
        """Names for values."""
        found = [self.expr(value) for value in statement.values]
        names, values = len(statement.targets), len(found)
        if names != values and values > 1:
            plural = f"{names} name{'s' * (names != 1)}"
            message = f"{plural} for {values} values"
            self.judge.fault(Fault("unpack-mismatch", statement.span, message))
        for place, target in enumerate(statement.targets):
            sure = names == values and id(statement) not in self.judge.program.wrong
            self.bind(target.name, found[place] if sure else ANY)

    def shared(self, statement: syntax.Shared) -> None:
        """A module that is used several times."""
        use = statement.use
        known = self.meaning(use)
        if known.sort is Sort.CALLABLE:
            target = known.target
            self.work(known, use.args or (), use.span)
            if target is not None and not isinstance(target, Definition) and target.joins:
                message = f"`{target.name}` is no module to be shared"
                self.judge.fault(Fault("not-callable", use.span, message))
        else:
            self.loose(use.args or ())
            if known.sort in (Sort.TENSOR, Sort.SHARED):
                message = "`shared` takes a layer or a block with its arguments"
                self.judge.fault(Fault("not-callable", use.span, message))
        name = statement.name
        self.label((name.name,), Known(Sort.SHARED), name.span, Form.MODULE)

    def splice(self, statement: syntax.Splice) -> None:
        """A block whose lines stand here."""
        known = self.meaning(statement.use)
        if known.sort is Sort.CALLABLE:
            target = known.target
            block = isinstance(target, Definition) and isinstance(target.node, syntax.Block)
            if target is not None and not block:
                message = f"`splice` takes a block: `{target.name}` is none"
                self.judge.fault(Fault("not-a-block", statement.use.span, message))
            self.work(known, statement.use.args or (), statement.use.span)
        elif known.sort is not Sort.ANY:
            self.judge.fault(Fault("not-a-block", statement.use.span, "`splice` takes a block"))

    def is_net(self) -> bool:
        """Whether this is the body of a net."""
        return isinstance(self.definition.node, syntax.Net)

    def input(self, statement: syntax.Input) -> None:
        """An input, which stands at the top of a net."""
        if not self.is_net():
            message = "`input` stands in nets only: a block takes what it is given"
            help = "a second tensor is a parameter: `x: tensor`"
            self.judge.fault(Fault("input-outside-net", statement.span, message, help=help))
        elif self.depth > 1:
            message = "`input` stands at the top of a net, not inside braces"
            self.judge.fault(Fault("misplaced-input", statement.span, message))
        for size in statement.sizes:
            self.expr(size.value)
        if statement.integers is not None:
            self.expr(statement.integers)
        name = statement.name
        self.bind(name.name, TENSOR if self.free(name.name, name.span) else ANY)
        if self.depth == 1:
            self.taken = {**self.taken, name.name: "an input"}

    def output(self, statement: syntax.Output) -> None:
        """An output by name."""
        if statement.when_training and not self.is_net():
            message = "`when training` stands in nets only"
            self.judge.fault(Fault("training-outside-net", statement.span, message))
        for size in statement.sizes or ():
            self.expr(size.value)
        name = statement.name
        if statement.steps:
            self.labelled((name.name,), statement.steps, name.span)
            return
        if name.name in self.sight.names or self.in_loop(name.name):
            return
        if self.sight.comes_later(name.name) is not None:
            self.missing(name.name, name.span)
            return
        labels = [key for key, known in self.sight.names.items() if known.sort is Sort.TENSOR]
        meant = nearly(name.name, labels)
        if meant is not None and not any(known is ANY for known in self.sight.names.values()):
            message, help = f"no label is called `{name.name}`", f"did you mean `{meant}`?"
            self.judge.fault(Fault("unknown-label", name.span, message, help=help))

    def losses(self, statement: syntax.Losses) -> None:
        """What a net is trained by: at its top, or that of a block that it splices, once."""
        name, at_top = statement.targets, self.depth == 1
        if not at_top:
            message = "`losses` stands at the top of a net, or of a block that a net splices"
            self.judge.fault(Fault("misplaced-losses", statement.span, message))
        elif self.trained is not None:
            related = (Related(self.trained, "the first one is here"),)
            message = "a net has one `losses`"
            self.judge.fault(Fault("duplicate-losses", statement.span, message, related=related))
        first = at_top and self.trained is None
        self.trained = statement.span if first else self.trained
        known = TENSOR if not first or self.free(name.name, name.span) else ANY
        outer, self.sight = self.sight, self.open(statement.body.statements, self.sight)
        self.inner, inner = self.sight, self.inner
        self.bind(name.name, known)
        self.refuse_in_losses(statement.body)
        self.body(statement.body)
        self.sight, self.inner = outer, inner

    def refuse_in_losses(self, body: syntax.Body) -> None:
        """Refuse what makes a part of the net among the lines of `losses`."""
        for line in body.statements:
            if isinstance(line, syntax.Output | syntax.Shared):
                kind = "output" if isinstance(line, syntax.Output) else "shared"
                message = f"`{kind}` stands in the net: what `losses` gives are lines with a label"
                self.judge.fault(Fault("misplaced-losses", line.span, message))

    def expect(self, statement: syntax.Expect) -> None:
        """An expectation, which stands at the top of a net."""
        if not self.is_net():
            message = "`expect` stands in nets only: a block has no counts of its own"
            self.judge.fault(Fault("expect-outside-net", statement.span, message))
            return
        if self.depth > 1:
            message = "`expect` stands at the top of a net, not inside braces"
            self.judge.fault(Fault("misplaced-expect", statement.span, message))
            return
        required = [p.name.name for p in self.definition.params if p.default is None]
        if required:
            message = f"`expect` needs a net that can be built: `{required[0]}` has no default"
            help = "expect it of a variant: `net Small = …(…) { expect … }`"
            self.judge.fault(Fault("expect-unbound", statement.span, message, help=help))
            return
        names = Quantities(self.module, self.judge, self.outputs)
        names.sight.names.update({param.name.name: ANY for param in self.definition.params})
        names.check(statement)


class Quantities(Calls):
    """What an `expect` may speak of: counts, and the net's parameters."""

    def check(self, statement: syntax.Expect) -> None:
        """The names of an expectation."""
        for expr in (statement.condition, statement.low, statement.high):
            if expr is not None:
                self.expr(expr)

    def name(self, expr: syntax.Name) -> Known:
        found = self.sight.find(expr.name) or self.outside(expr.name)
        if expr.name in KNOWN or (found is not None and found.sort is not Sort.CALLABLE):
            return ANY
        others = [*self.sight.every(), *self.module.names]
        self.judge.fault(unknown_quantity(expr.name, expr.span, others))
        return ANY


def inside_chain(use: syntax.Use) -> Fault:
    """The mistake of a reference that is not the first step."""
    return Fault(
        "reference-inside-chain",
        use.span,
        f"`{use.span.text}` is a tensor: a reference starts a chain and never stands inside one",
    )
