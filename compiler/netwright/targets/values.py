"""Arguments, defaults and other values of a spec in the words of Python."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.bind.names import is_tensor
from netwright.bind.scope import FileNames
from netwright.evaluate import evaluate
from netwright.lower import model
from netwright.lower.kinds import Parameter
from netwright.lower.model import Routine
from netwright.lower.text import NameOf, Text, python_value
from netwright.lower.wording import Speaker, kernel_text, python_name, word
from netwright.program import Definition
from netwright.targets.base import NetSpec
from netwright.targets.docs import Docs
from netwright.targets.signature import defaults_on_others
from netwright.targets.variables import every
from netwright.values import Fault, Kernel, Partial, Poisoned


class Values(Docs):
    """Values of parameters and calls."""

    def values_of(self, definition: Definition, name: str) -> list[Any]:
        """What a parameter is given anywhere in the program."""
        return [values[name] for values in self.used_values.get(definition, ()) if name in values]

    def passed_routine(self, definition: Definition, rank: int = 2) -> Routine:
        """The routine of a block that is passed, for inputs of a rank where there are several."""
        found = self.passed_routines(definition)
        exact = (r for r in found if r.inputs and r.inputs[0][2].rank == rank + 1)
        return next(exact, found[0])

    def passed_routines(self, definition: Definition) -> list[Routine]:
        """The routines of a block; none where no net that is written uses it."""
        return [routine for routine in self.lowerer.order if routine.definition is definition]

    def default_value(self, definition: Definition, param: syntax.Param) -> Any:
        """The value of a default that stands alone; `...` where it needs others."""
        if param.default is None:
            return ...
        try:
            return evaluate(param.default, FileNames(definition.home))
        except (Fault, Poisoned):
            return ...

    def set_value(self, definition: Definition, param: syntax.Param) -> Any:
        """What a parameter of a net was set to, which is its default here; `...` for others.

        One without a default gets it only together with all its like, which stand before it.
        """
        required = {other.name.name for other in definition.params if other.default is None}
        first = param.default is None and not required <= self.settings.keys()
        if first or not isinstance(definition.node, syntax.Net):
            return ...
        return self.settings.get(param.name.name, ...)

    def late_default(self, routine: Routine, param: syntax.Param) -> bool:
        """Whether a default uses other parameters or is a call, and so is computed in the body."""
        if self.set_value(routine.definition, param) is not ...:
            return False
        names = {other.name.name for other in routine.definition.params}
        if defaults_on_others(param, names):
            return True
        value = self.default_value(routine.definition, param)
        is_partial = isinstance(value, Partial)
        return is_partial and self.default_text(param, None, routine).startswith("partial(")

    def param_text(self, routine: Routine, param: syntax.Param) -> str:
        """A parameter with its type and default."""
        name, kind = python_name(param.name.name), self.kind_text(routine, param)
        if param.default is None and self.set_value(routine.definition, param) is ...:
            return f"{name}: {kind}"
        if self.late_default(routine, param):
            return f"{name}: {kind} | None = None"
        default = self.default_text(param, None, routine)
        may_be_none = default == "None" and not kind.endswith(("None", "Any"))
        return f"{name}: {kind}{' | None' if may_be_none else ''} = {default}"

    def default_text(self, param: syntax.Param, render: Any, routine: Routine | None = None) -> str:
        """The text of a default, in the signature of a routine."""
        name = param.name.name
        rank = called_rank(routine, python_name(name)) if routine is not None else None
        definition = self._owner(param)
        given = self.set_value(definition, param)
        if given is not ...:
            return self.fixed_literal(given, render, rank or self.rank_of(definition, name))
        assert param.default is not None
        value = self.default_value(definition, param)
        if isinstance(value, Partial | tuple) and not isinstance(value, Kernel):
            return self.fixed_literal(value, render, rank or self.rank_of(definition, name))
        if value is not ... and isinstance(value, Kernel):
            return kernel_text(value)
        names = {p.name.name for p in definition.params}
        try:
            return word(param.default, _FileSpeaker(self, definition, names)).plain
        except (Fault, Poisoned):
            return python_value(param.default.span.text)

    def _owner(self, param: syntax.Param) -> Definition:
        for routine in self.lowerer.order:
            if any(param is own for own in routine.definition.params):
                return routine.definition
        raise AssertionError(param.name.name)

    def rank_of(self, definition: Definition | None, name: str) -> int:
        """How many axes are behind the channels where a block uses what it is given."""
        for routine in self.lowerer.order if definition is not None else ():
            if routine.definition is definition:
                found = called_rank(routine, python_name(name))
                if found is not None:
                    return found
        return 2

    def literal(self, value: Any, render: Any, rank: int = 2) -> str:
        """A value as Python."""
        if isinstance(value, Partial):
            return self.reference(value, render, rank)
        if isinstance(value, Kernel):
            return kernel_text(value)
        if type(value) is tuple:
            return f"[{', '.join(self.literal(item, render) for item in value)}]"
        return python_value(value)

    def fixed_literal(self, value: Any, render: Any, rank: int) -> str:
        """A value as a default, which nothing may change: a list is a tuple, all the way down."""
        if type(value) is not tuple:
            return self.literal(value, render, rank)
        items = [self.fixed_literal(item, render, rank) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"

    def held_args(self, value: Partial, routine: Routine, render: Any, rank: int) -> list[str]:
        """The arguments of a block that is passed with some, in the order of its parameters."""
        given = dict(value.args)
        order = [p.name.name for p in routine.definition.params if p.name.name in given]
        ranks = {name: called_rank(routine, python_name(name)) or rank for name in order}
        return [
            f"{python_name(name)}={self.literal(given[name], render, ranks[name])}"
            for name in order
        ]

    def args(self, call: Any, render: Any, tensors: Iterable[str] = ()) -> list[str]:
        """The arguments of a call, split as the spec split them."""
        found = []
        placed = True
        bound = call.routine.bound if call.routine is not None else {}
        for name, argument in call.args.items():
            if name in bound or is_tensor(argument.value):
                placed = placed and argument.positional
                continue
            if name in tensors:
                placed = placed and argument.positional
                continue
            rank = self._rank(call, name)
            text = (
                self.reference(argument.value, render, rank)
                if isinstance(argument.value, Partial)
                else render(argument.text)
            )
            found.append(
                text
                if argument.positional and placed and self.positional(call, name)
                else f"{python_name(name)}={text}"
            )
        given = set(call.args)
        found += [
            f"{python_name(name)}={self.literal(a.value, render, self._rank(call, name))}"
            for name, a in call.taken
            if name not in given and name not in bound
        ]
        return sorted(found, key=lambda text: _keyword(text))

    def _rank(self, call: Any, name: str) -> int:
        found = called_rank(call.routine, python_name(name)) if call.routine is not None else None
        return 2 if found is None else found

    def positional(self, call: Any, name: str) -> bool:
        """Whether an argument that stood by place may stand so in the emitted call."""
        if call.routine is None:
            return True
        params = [
            p for p in call.routine.definition.params if p.name.name not in call.routine.bound
        ]
        required = [p.name.name for p in params if p.default is None]
        order = [*required, *(p.name.name for p in params if p.default is not None)]
        original = [p.name.name for p in params]
        place = original.index(name)
        return order[: place + 1] == original[: place + 1]

    def constructor_args(self, net: NetSpec) -> tuple[list[Any], list[str]]:
        """Locals and arguments of a variant's constructor."""
        local: list[Any] = []
        args: list[str] = []
        for name, arg, value in net.given:
            text = self.literal(value, None, self.rank_of(net.routine.definition, name))
            python = python_name(name)
            if (isinstance(value, Partial) and text.startswith("partial(")) or (
                type(value) is tuple and len(text) > 60
            ):
                local.append(f"{python} = {text}")
                text = python
            args.append(text if arg is not None and arg.name is None else f"{python}={text}")
        return local, args

    def factors(self, routine: Routine, layer: Any) -> list[str] | None:
        """The factors of a flattened input, where all are numbers."""
        found = routine.factors.get(layer.inputs[0]) if layer.op.name == "linear" else None
        if found is None or not all(isinstance(size, int) for size in found):
            return None
        sizes = [str(size) for size in found]
        return sizes if len(sizes) > 1 and any(size != "1" for size in sizes[1:]) else None


def called_rank(routine: Routine, name: str) -> int | None:
    """The axes behind the channels where a routine uses a parameter; none where it does not."""
    for statement in every(routine.statements):
        if not isinstance(statement, model.Call):
            continue
        if statement.parameter == name:
            return routine.values[statement.inputs[0]].rank - 1
        for key, arg in statement.args.items() if statement.routine is not None else ():
            target = getattr(arg.value, "target", None)
            if isinstance(target, Parameter) and target.name == name:
                assert statement.routine is not None
                return called_rank(statement.routine, python_name(key))
    return None


class _FileSpeaker(Speaker):
    """Wording of expressions at the top of a file: parameters as they are."""

    def __init__(self, file: "Values", definition: Definition, names: set[str]) -> None:
        self.file = file
        self.definition = definition
        self.names = names

    def row(self, name: str) -> Any:
        if name in self.names:
            return Text.of(python_name(name))
        found = self.file.lowerer.top_level(self.definition.home, name)
        if isinstance(found, NameOf):
            self.file.use_top(found.key)
        return found

    def size(self, base: syntax.Expr, name: str) -> None:
        return None

    def inline(self, expr: syntax.Expr) -> Any:
        return evaluate(expr, FileNames(self.definition.home))


def _keyword(text: str) -> bool:
    head = text.partition("=")[0]
    return "=" in text and head.isidentifier() and not text.startswith(f"{head}==")
