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


@rule("unused-label")
def unused_label(graph: Graph) -> Iterator[Finding]:
    """A label or a `let` that nothing reads, and that names no weights, module or output."""
    for instance in bodies(graph.instance):
        node = instance.definition.node
        read = Counter(names(node.body))
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
    given = any(not params.isdisjoint(names(use.callee)) for use in uses)
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
    if isinstance(node, syntax.Template):
        yield node.parts[0] if isinstance(node.parts[0], str) else ""
    elif isinstance(node, tuple):
        for item in node:
            yield from starts(item)
    else:
        for name in getattr(node, "__record_fields__", ()):
            yield from starts(node.__dict__[name])


def names(node: Any) -> Iterator[str]:
    """The names in a tree, as often as they stand there; a `let` says its own once."""
    if isinstance(node, syntax.Name):
        yield node.name
    elif isinstance(node, tuple):
        for item in node:
            yield from names(item)
    else:
        if isinstance(node, syntax.Attribute) and isinstance(node.name, str):
            yield node.name
        for name in getattr(node, "__record_fields__", ()):
            yield from names(node.__dict__[name])
