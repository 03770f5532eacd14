"""Which lines make modules and what those are called: the rules that give weights their names.

A body in which no member has a label is *numbered*; otherwise it is *named*. Both the run on
numbers and the one on symbols ask here, so that the emitted names are the checked ones.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from netwright import syntax

Makes = Callable[[syntax.Use], bool]


class Form(Enum):
    """What a label on a line stands for."""

    TENSOR = "no module: only a name for the tensor"
    MODULE = "the one module that the line makes"
    GROUP = "a module that holds those of the line"


def chain_members(steps: Iterable[syntax.Step], makes: Makes) -> Iterator[syntax.Step]:
    """Steps of a chain that are, or hold, modules; what stands in brackets counts one by one."""
    for step in steps:
        if isinstance(step, syntax.Use):
            if step.branches is not None:
                for item in step.branches.items:
                    yield from chain_members(item.steps, makes)
                if makes(step):
                    yield step
            elif makes(step):
                yield step
        elif any(True for _ in body_members(inner_bodies(step), makes)):
            yield step


def body_members(bodies: Iterable[syntax.Body], makes: Makes) -> Iterator[object]:
    """All that makes a module in bodies that splice into the one around."""
    for body in bodies:
        for statement in body.statements:
            match statement:
                case syntax.Line():
                    yield from chain_members(statement.steps, makes)
                case syntax.Output() if statement.steps:
                    yield from chain_members(statement.steps, makes)
                case syntax.Splice() | syntax.Shared():
                    yield statement


def inner_bodies(step: syntax.Step) -> tuple[syntax.Body, ...]:
    """The bodies of a step in braces."""
    match step:
        case syntax.Braces() | syntax.For() | syntax.Repeat():
            return (step.body,)
        case syntax.If():
            return (step.then, step.otherwise) if step.otherwise else (step.then,)
    return ()


def form(steps: tuple[syntax.Step, ...], makes: Makes) -> Form:
    """What a label on this chain names."""
    members = list(chain_members(steps, makes))
    if not members:
        return Form.TENSOR
    in_brackets = any(
        isinstance(step, syntax.Use)
        and step.branches is not None
        and any(True for item in step.branches.items for _ in chain_members(item.steps, makes))
        for step in steps
    )
    if len(members) == 1 and isinstance(members[0], syntax.Use) and not in_brackets:
        return Form.MODULE
    return Form.GROUP


def is_numbered(body: syntax.Body, makes: Makes) -> bool:
    """Whether no member of a body has a label."""
    return not any(_labels(body, makes))


def is_numbered_chain(steps: Iterable[syntax.Step], makes: Makes) -> bool:
    """The same for a labelled chain, which holds its steps like a body."""
    return not any(label for step in steps for label in _step_labels(step, makes))


def _labels(body: syntax.Body, makes: Makes) -> Iterator[bool]:
    for statement in body.statements:
        match statement:
            case syntax.Line():
                yield from _line_labels(statement, makes)
            case syntax.Shared():
                yield True
            case syntax.Output() if statement.steps:
                yield True


def _line_labels(line: syntax.Line, makes: Makes) -> Iterator[bool]:
    if line.label is not None and line.label.parts:
        yield form(line.steps, makes) is not Form.TENSOR
    elif line.label is None:
        for step in line.steps:
            yield from _step_labels(step, makes)


def _step_labels(step: syntax.Step, makes: Makes) -> Iterator[bool]:
    if isinstance(step, syntax.Use):
        for item in step.branches.items if step.branches else ():
            yield from _line_labels(item, makes)
    else:
        for body in inner_bodies(step):
            yield from _labels(body, makes)


class Container:
    """Hands out the names of the members of one module, in order."""

    __slots__ = ("bracket", "index", "numbered", "prefix", "shared", "taken")

    def __init__(self, prefix: str, *, numbered: bool, labels: Iterable[str] = ()) -> None:
        self.prefix = prefix
        self.numbered = numbered
        self.index = 0
        self.taken: dict[str, object] = dict.fromkeys(labels)
        self.shared: dict[object, str] = {}
        self.bracket = False  # a label on a bracket: long branches are modules of their own

    def number(self) -> str:
        """The path of the next member of a numbered body."""
        self.index += 1
        return f"{self.prefix}{self.index - 1}"

    def kind(self, kind: str, equal: object = None) -> str:
        """The path of an unlabelled member of a named body.

        One without weights is shared with its ``equal``; others take the next free name.
        """
        if equal is not None and equal in self.shared:
            return self.shared[equal]
        name, count = kind, 1
        while name in self.taken:
            count += 1
            name = f"{kind}_{count}"
        self.taken[name] = True
        path = f"{self.prefix}{name}"
        if equal is not None:
            self.shared[equal] = path
        return path
