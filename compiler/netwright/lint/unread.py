"""Names that nothing reads."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from netwright import syntax
from netwright.bind.names import BodyNames
from netwright.instance import Instance
from netwright.lint.graph import Graph
from netwright.lint.names import bodies
from netwright.lint.rule import Finding, rule
from netwright.members import Form, inner_bodies, line_form
from netwright.tree import names, nodes


@rule("unused-label")
def unused_label(graph: Graph) -> Iterator[Finding]:
    """A label or a `let` that nothing reads, and that names no weights, module or output."""
    for instance in bodies(graph.instance):
        node = instance.definition.node
        read = Counter(read_in(node.body))
        open_names = tuple(starts(node.body))
        for statement in statements(node.body):
            match statement:
                case syntax.Let():
                    if not any(read[target.name] > 1 for target in statement.targets):
                        first = statement.targets[0]
                        yield _finding(first, first.name)
                case syntax.Line() if statement.label is not None:
                    name = _plain(statement.label)
                    unread = name and not read[name] and not name.startswith(open_names)
                    if unread and _is_tensor(statement, instance):
                        yield _finding(statement.label, name)


def _finding(name: syntax.Name | syntax.Label, called: str) -> Finding:
    return Finding(
        name.span,
        f"nothing reads `{called}`, and no weights are called by it",
        "take it out, or read it where another name stands",
    )


def _plain(label: syntax.Label) -> str:
    """The label, unless it is made of expressions."""
    parts = label.parts
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else ""


def _is_tensor(line: syntax.Line, instance: Instance) -> bool:
    """Whether a label names a tensor alone, and no layer in a framework."""
    makes = BodyNames(instance.definition, dict(instance.args), ()).makes
    params = {param.name.name for param in instance.definition.params}
    uses = [step for step in line.steps if isinstance(step, syntax.Use)]
    joins = any(use.branches is not None for use in uses)
    given = any(not params.isdisjoint(read_in(use.callee)) for use in uses)
    return not joins and not given and line_form(line, makes) is Form.TENSOR


def statements(body: syntax.Body) -> Iterator[syntax.Statement]:
    """The lines of a body, and those in its braces and brackets."""
    for statement in body.statements:
        yield statement
        if isinstance(statement, syntax.Line):
            yield from _inner(statement)


def _inner(line: syntax.Line) -> Iterator[syntax.Statement]:
    for step in line.steps:
        for body in inner_bodies(step):
            yield from statements(body)
        if isinstance(step, syntax.Use) and step.branches is not None:
            for item in step.branches.items:
                yield item
                yield from _inner(item)


def starts(node: Any) -> Iterator[str]:
    """What the names in a tree start with that are made of expressions."""
    for found in nodes(node):
        if isinstance(found, syntax.Template):
            yield found.parts[0] if isinstance(found.parts[0], str) else ""


def read_in(node: Any) -> Iterator[str]:
    """The names in a tree, attributes too, as often as they stand there."""
    yield from names(node)
    for found in nodes(node):
        if isinstance(found, syntax.Attribute) and isinstance(found.name, str):
            yield found.name
