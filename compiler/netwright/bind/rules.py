"""What a run must say of each kind of line; `bind.walk` says the rest."""

from contextlib import AbstractContextManager
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound
from netwright.bind.names import BodyNames, SharedModule
from netwright.ops.base import Op
from netwright.source import Span
from netwright.values import Fault, Partial, Scope


class Rules(BodyNames):
    """The meaning of lines, as far as numbers and symbols differ in it."""

    def report(self, fault: Fault) -> None:
        """Take a mistake."""
        raise NotImplementedError

    def spoilt(self, statement: syntax.Statement) -> None:
        """Take note of a line that a mistake spoils which was reported before."""

    def labels(self) -> dict[str, Any]:
        """The labels of the body that is being run, and their places."""
        raise NotImplementedError

    def first_label(self, name: str) -> Any:
        """The related place of a label that is taken."""
        raise NotImplementedError

    def group(
        self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]
    ) -> AbstractContextManager[Scope]:
        """Open the module of a labelled chain, and its scope, while its steps run."""
        raise NotImplementedError

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        """A layer at work: its output."""
        raise NotImplementedError

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        """A block at work on the current tensor."""
        raise NotImplementedError

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        """A shared module at work: its output."""
        raise NotImplementedError

    def share(self, statement: syntax.Shared) -> SharedModule:
        """A new shared module."""
        raise NotImplementedError

    def loop(self, node: syntax.For) -> None:
        """Run a loop."""
        raise NotImplementedError

    def repeat(self, node: syntax.Repeat) -> None:
        """Run a body several times."""
        raise NotImplementedError

    def choose(self, node: syntax.If) -> None:
        """Run the arm of a condition."""
        raise NotImplementedError

    def turns_as_branches(self, node: "syntax.For | syntax.Repeat", start: Any) -> list[Any]:
        """The ends of the turns of a loop in brackets, each a branch of its own."""
        raise NotImplementedError

    def require(self, statement: syntax.Require) -> None:
        """Refuse arguments that the block does not allow."""

    def expect(self, statement: syntax.Expect) -> None:
        """Nothing: an expectation is checked when the net is whole."""

    def declare_input(self, statement: syntax.Input) -> None:
        """An input of the net."""
        raise NotImplementedError

    def output(self, statement: syntax.Output) -> None:
        """An output by name."""
        raise NotImplementedError

    def losses(self, statement: syntax.Losses) -> None:
        """What a net is trained by."""
        raise NotImplementedError

    def splice(self, statement: syntax.Splice) -> None:
        """A block's members in the body around."""
        raise NotImplementedError
