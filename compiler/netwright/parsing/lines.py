"""Makes lines: what stands between braces, one method for each action that the grammar names."""

from typing import Any

from netwright import syntax
from netwright.parsing import literals
from netwright.parsing.docs import Docs
from netwright.parsing.expressions import Expressions, Part
from netwright.parsing.faults import Faults
from netwright.source import Span
from netwright.syntax import Arg, Body, Expr, Label, Name, Step


class Broken:
    """Stands where a line could not be read."""


BROKEN = Broken()

Callee = syntax.Name | syntax.Template | syntax.Attribute | syntax.Index


class Lines(Expressions):
    """Makes the lines of one source."""

    def __init__(self, faults: Faults, part: Part, docs: Docs) -> None:
        super().__init__(faults, part)
        self.docs = docs

    def broken(self, at: Span, *parts: Any) -> Broken:
        """A line that could not be read."""
        return BROKEN

    def body(self, at: Span, *statements: Any) -> Body:
        """``{ … }``; broken lines are left out."""
        return Body(tuple(s for s in statements if s is not BROKEN), at)

    def line(self, at: Span, label: Label | None, *steps: Step) -> syntax.Line:
        """``label: step -> step``."""
        return syntax.Line(label, steps, self.docs.take(at.start), at)

    def label(self, at: Span, word: Span) -> Label:
        """``conv1:``."""
        return Label((word.text,), False, word)

    def label_template(self, at: Span, word: Span) -> Label:
        """``up{i}:``."""
        return Label(literals.indexed(word, self.part), False, word)

    def label_quoted(self, at: Span, word: Span) -> Label:
        """``"block{i}-{j}":``."""
        return Label(literals.interpolated(word, self.faults, self.part), True, word)

    def label_number(self, at: Span, word: Span) -> Label:
        """``_:``."""
        return Label((), False, word)

    def use(
        self,
        at: Span,
        callee: Callee,
        args: tuple[Arg, ...] | None,
        branches: syntax.Branches | None,
    ) -> syntax.Use:
        """``conv(8)``, ``relu``, ``add [ … ]``."""
        return syntax.Use(callee, args, branches, at)

    def branches(self, at: Span, *items: Any) -> syntax.Branches:
        """``[ a, b ]``; broken ones are left out."""
        return syntax.Branches(tuple(item for item in items if item is not BROKEN), at)

    def braces(self, at: Span, body: Body) -> syntax.Braces:
        """``{ … }`` as a step."""
        return syntax.Braces(body, at)

    def loop(self, at: Span, targets: tuple[Name, ...], iterable: Expr, body: Body) -> syntax.For:
        """``for i in xs { … }``."""
        return syntax.For(targets, iterable, body, at)

    def repetition(self, at: Span, count: Expr, body: Body) -> syntax.Repeat:
        """``repeat n { … }``."""
        return syntax.Repeat(count, body, at)

    def choice(self, at: Span, condition: Expr, then: Body, otherwise: Body | None) -> syntax.If:
        """``if c { … } else { … }``."""
        return syntax.If(condition, then, otherwise, at)

    def else_if(self, at: Span, choice: syntax.If) -> Body:
        """``if`` behind ``else``, as a body of one line."""
        return Body((syntax.Line(None, (choice,), "", at),), at)

    def splice(self, at: Span, use: syntax.Use) -> syntax.Splice:
        """``splice cell(8)``."""
        self.docs.take(at.start)
        return syntax.Splice(use, at)

    def shared(self, at: Span, name: Name, use: syntax.Use) -> syntax.Shared:
        """``shared tower = twin(8)``."""
        return syntax.Shared(name, use, self.docs.take(at.start), at)

    def target(self, at: Span, callee: Callee, args: tuple[Arg, ...] | None) -> syntax.Use:
        """``twin(8)``, behind ``shared`` or ``splice``."""
        return syntax.Use(callee, args, None, at)

    def let(self, at: Span, targets: tuple[Name, ...], *values: Expr) -> syntax.Let:
        """``let a, b = x, y``."""
        return syntax.Let(targets, values, self.docs.take(at.start), at)

    def set(self, at: Span, *items: syntax.Default) -> syntax.Set:
        """``set conv(bias=false)``."""
        self.docs.take(at.start)
        return syntax.Set(items, at)

    def default(self, at: Span, callee: Name, args: tuple[Arg, ...]) -> syntax.Default:
        """``conv(bias=false)``."""
        return syntax.Default(callee, args, at)

    def require(self, at: Span, condition: Expr, message: Expr | None) -> syntax.Require:
        """``require H % 2 == 0, "message"``."""
        self.docs.take(at.start)
        return syntax.Require(condition, message, at)

    def expect(
        self, at: Span, condition: Expr, low: Expr | None, high: Expr | None
    ) -> syntax.Expect:
        """``expect params == 634``, ``expect macs in a .. b``."""
        self.docs.take(at.start)
        return syntax.Expect(condition, low, high, at)

    def input(
        self, at: Span, name: Name, sizes: tuple[syntax.Size, ...], integers: Expr | None
    ) -> syntax.Input:
        """``input image[3, H=224, W=224]``."""
        return syntax.Input(name, sizes, integers, self.docs.take(at.start), at)

    def output(
        self,
        at: Span,
        name: Name,
        sizes: tuple[syntax.Size, ...] | None,
        training: bool | None,
        *steps: Step,
    ) -> syntax.Output:
        """``output aux[10] when training: x -> head``."""
        doc = self.docs.take(at.start)
        return syntax.Output(name, sizes, bool(training), steps, doc, at)

    def losses(self, at: Span, targets: Name, body: Body) -> syntax.Losses:
        """``losses(targets) { … }``."""
        return syntax.Losses(targets, body, self.docs.take(at.start), at)

    def when(self, at: Span) -> bool:
        """``when training``."""
        return True

    def sizes(self, at: Span, *sizes: syntax.Size) -> tuple[syntax.Size, ...]:
        """``[3, H=224]``."""
        return sizes

    def size(self, at: Span, value: Expr) -> syntax.Size:
        """``3``."""
        return syntax.Size(None, value, at)

    def size_named(self, at: Span, word: Span, value: Expr) -> syntax.Size:
        """``H=224``."""
        return syntax.Size(word.text, value, at)
