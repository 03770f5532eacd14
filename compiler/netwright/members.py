"""Which lines make modules and what those are called: the rules that give weights their names.

A body in which no member has a label is *numbered*; otherwise it is *named*. Both the run on
numbers and the one on symbols ask here, so that the emitted names are the checked ones.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from netwright import syntax

Makes = Callable[[syntax.Use], bool]
Inside = Callable[[syntax.Use], bool]


def no_labels(use: syntax.Use) -> bool:
    """No block that is spliced has labels."""
    return False


class Form(Enum):
    """What a label on a line stands for."""

    TENSOR = "no module: only a name for the tensor"
    MODULE = "the one module that the line makes"
    GROUP = "a module that holds those of the line"


def chain_members(steps: Iterable[syntax.Step], makes: Makes) -> Iterator[object]:
    """Steps that are, or hold, modules; what stands in brackets and braces counts one by one."""
    for step in steps:
        if isinstance(step, syntax.Use):
            if step.branches is not None:
                for item in step.branches.items:
                    yield from chain_members(item.steps, makes)
                if makes(step):
                    yield step
            elif makes(step):
                yield step
        elif isinstance(step, syntax.Braces):
            yield from body_members((step.body,), makes)
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


def lets(body: syntax.Body) -> Iterator[syntax.Let]:
    """Every `let` of a body, those in its braces, loops and conditions too."""
    for statement in body.statements:
        if isinstance(statement, syntax.Let):
            yield statement
        elif isinstance(statement, syntax.Line):
            for step in statement.steps:
                for inner in inner_bodies(step):
                    yield from lets(inner)


def form(steps: tuple[syntax.Step, ...], makes: Makes) -> Form:
    """What a label on this chain names."""
    if len(steps) == 1 and isinstance(steps[0], syntax.Use) and steps[0].branches is None:
        return Form.MODULE if makes(steps[0]) else Form.TENSOR
    members = list(chain_members(steps, makes))
    if not members:
        return Form.TENSOR
    in_brackets = any(
        isinstance(step, syntax.Use)
        and step.branches is not None
        and any(True for item in step.branches.items for _ in chain_members(item.steps, makes))
        for step in steps
    )
    straight = all(isinstance(step, syntax.Use) for step in steps)
    if len(members) == 1 and straight and not in_brackets:
        return Form.MODULE
    return Form.GROUP


def line_form(line: syntax.Line, makes: Makes) -> Form:
    """What the label of a line stands for; `_:` is a module around even one."""
    found = form(line.steps, makes)
    unnamed = line.label is not None and not line.label.parts
    return Form.GROUP if unnamed and found is Form.MODULE else found


def is_long(steps: Iterable[syntax.Step], makes: Makes) -> bool:
    """Whether a branch makes more than one module, or a number that a loop decides."""
    members = list(chain_members(steps, makes))
    return len(members) > 1 or any(isinstance(m, syntax.For | syntax.Repeat) for m in members)


def is_numbered(body: syntax.Body, makes: Makes, inside: Inside = no_labels) -> bool:
    """Whether no member of a body has a label; ``inside`` tells it of a block that is spliced."""
    return not any(_labels(body, makes, inside))


def is_numbered_chain(
    steps: Iterable[syntax.Step], makes: Makes, inside: Inside = no_labels
) -> bool:
    """The same for a labelled chain, which holds its steps like a body."""
    return not any(label for step in steps for label in _step_labels(step, makes, inside))


def _labels(body: syntax.Body, makes: Makes, inside: Inside) -> Iterator[bool]:
    for statement in body.statements:
        match statement:
            case syntax.Line():
                yield from _line_labels(statement, makes, inside)
            case syntax.Shared():
                yield True
            case syntax.Output() if statement.steps:
                yield True
            case syntax.Splice():
                yield inside(statement.use)


def _line_labels(line: syntax.Line, makes: Makes, inside: Inside) -> Iterator[bool]:
    if line.label is not None and line.label.parts:
        yield form(line.steps, makes) is not Form.TENSOR
    elif line.label is None:
        for step in line.steps:
            yield from _step_labels(step, makes, inside)


def _step_labels(step: syntax.Step, makes: Makes, inside: Inside) -> Iterator[bool]:
    if isinstance(step, syntax.Use):
        for item in step.branches.items if step.branches else ():
            yield from _line_labels(item, makes, inside)
    else:
        for body in inner_bodies(step):
            yield from _labels(body, makes, inside)


def static_labels(body: syntax.Body) -> list[str]:
    """Labels of a body that are plain names, which unlabelled members keep clear of."""
    found: list[str] = []
    for statement in body.statements:
        if isinstance(statement, syntax.Line):
            found += _static_line(statement)
        elif isinstance(statement, syntax.Shared | syntax.Output):
            found.append(statement.name.name)
    return found


def _static_line(line: syntax.Line) -> list[str]:
    if line.label is not None:
        plain = all(isinstance(part, str) for part in line.label.parts)
        return ["".join(map(str, line.label.parts))] if plain else []
    return chain_labels(line.steps)


def chain_labels(steps: Iterable[syntax.Step]) -> list[str]:
    """The plain labels of what stands in the braces and brackets of a chain."""
    found: list[str] = []
    for step in steps:
        for body in inner_bodies(step):
            found += static_labels(body)
        if isinstance(step, syntax.Use) and step.branches is not None:
            for item in step.branches.items:
                found += _static_line(item)
    return found


KIND = "kind"


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

    def label(self, name: str) -> str:
        """The path of a labelled member; none where an unlabelled one has its name already."""
        return "" if self.taken.get(name) is KIND else f"{self.prefix}{name}"

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
        self.taken[name] = KIND
        path = f"{self.prefix}{name}"
        if equal is not None:
            self.shared[equal] = path
        return path
