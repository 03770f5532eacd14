"""The named outputs of all blocks of a program: what `_.scores` can mean, whoever made `_`."""

from collections.abc import Iterable, Iterator

from netwright import syntax
from netwright.members import inner_bodies
from netwright.program import Program


class Outputs:
    """Names of `output` lines, wherever they stand."""

    def __init__(self, program: Program) -> None:
        self.names: set[str] = set()
        for module in program.modules.values():
            for definition in module.definitions:
                if isinstance(definition.node, syntax.Block):
                    self.names |= set(_outputs(definition.node.body.statements))


def _outputs(statements: Iterable[syntax.Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, syntax.Output):
            yield statement.name.name
        elif isinstance(statement, syntax.Line):
            for step in statement.steps:
                for body in inner_bodies(step):
                    yield from _outputs(body.statements)
