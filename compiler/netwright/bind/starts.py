"""Whether a block reads its input, or all of its lines start from the tensors that it is given.

Read off the lines, so that a run on numbers and one on symbols give it the same inputs; where a
line leaves it open the input is given.
"""

from typing import Any

from netwright import syntax
from netwright.kinds import type_of
from netwright.program import Definition
from netwright.tree import names

VIEWS = ("enumerate", "reversed", "zip")
TENSOR_KINDS = ("tensor", "tensors")


def takes_input(definition: Definition) -> bool:
    """Whether a block may read the tensor in front of it."""
    node = definition.node
    if not isinstance(node, syntax.Block) or node.contract is not None:
        return True
    tensors = {param.name.name for param in definition.params if type_of(param) in TENSOR_KINDS}
    return not tensors or "in" in names(node.body) or _Lines(tensors).body(node.body)


class _Lines:
    """The lines of a body, up to the first that starts anew."""

    def __init__(self, tensors: set[str]) -> None:
        self.tensors = tensors

    def body(self, body: syntax.Body) -> bool:
        """Whether some line reads what was there before, or none gives anything else."""
        for statement in body.statements:
            match statement:
                case syntax.Line():
                    return self.chain(statement.steps)
                case syntax.Let() if "_" not in names(statement.values):
                    if all(map(self.holds, statement.values)):
                        self.tensors |= {target.name for target in statement.targets}
                case syntax.Set() | syntax.Require() | syntax.Shared():
                    if "_" in names(statement):
                        return True
                case _:
                    return True
        return True

    def chain(self, steps: tuple[syntax.Step, ...]) -> bool:
        """Whether the first step of a chain reads what is in front of it."""
        match steps[0]:
            case syntax.Use(callee, args, branches):
                if branches is not None:
                    return "_" in names(args or ()) or any(map(self.branch, branches.items))
                return args is not None or not self.holds(callee)
            case syntax.Braces(body):
                return self.body(body)
            case syntax.For(targets, iterable, body) if self.holds(iterable):
                self.tensors |= {target.name for target in targets}
                return self.body(body)
        return True  # a loop may have no turn, and only one arm may read it

    def branch(self, line: syntax.Line) -> bool:
        """The same for a branch; a loop gives one for each turn."""
        step = line.steps[0]
        if isinstance(step, syntax.For) and len(line.steps) == 1 and not self.holds(step.iterable):
            return self.body(step.body)
        return self.chain(line.steps)

    def holds(self, value: Any) -> bool:
        """Whether an expression is tensors that were given, or a part of them."""
        match value:
            case syntax.Name(name):
                return name in self.tensors
            case syntax.Index(base) | syntax.Slice(base):
                return self.holds(base)
            case syntax.Call(syntax.Name(name), args) if name in VIEWS:
                return any(self.holds(arg.value) for arg in args)
            case syntax.ListOf(items):
                return bool(items) and all(map(self.holds, items))
        return False
