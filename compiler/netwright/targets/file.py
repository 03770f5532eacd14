"""What the files of all targets share: names, order, docstrings, constants and constructors."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.bind.scope import FileNames
from netwright.evaluate import NotGeneral, evaluate
from netwright.instance import Instance
from netwright.layout import docstring
from netwright.lower.lowerer import Lowerer
from netwright.lower import model
from netwright.lower.model import Routine
from netwright.lower.text import Text, python_value
from netwright.lower.wording import Speaker, kernel_text, python_name, word
from netwright.program import Definition
from netwright.record import record
from netwright.targets.code import Block, logical, text_of
from netwright.targets.helpers import helper_source
from netwright.sym import Sym, keys, show
from netwright.targets.variables import every
from netwright.tensor import Tensor
from netwright.values import Fault, Kernel, Partial, Poisoned


@record
class NetSpec:
    """A constructor to write: a net or variant that can be called without arguments."""

    name: str
    function: str
    doc: str
    definition: Definition
    routine: Routine
    given: tuple[tuple[str, syntax.Arg | None, Any], ...]
    open: tuple[syntax.Param, ...]
    instance: Instance


class Refused(Exception):
    """A routine that a target cannot write in general."""

    def __init__(self, routine: Routine, span: Any) -> None:
        super().__init__(f"{routine.name}: {span.text if span else 'not general'}")
        self.routine = routine
        self.span = span


class SourceFile:
    """Collects what one emitted file needs; each target says how its parts look."""

    target = ""
    channels_first = True
    any_size = True  # whether a net's class takes other image sizes than the declared one

    def __init__(self, lowerer: Lowerer, source: str, values: dict[Definition, list[dict[str, Any]]], settings: dict[str, Any]) -> None:
        self.lowerer = lowerer
        self.source = source
        self.used_values = values
        self.settings = settings
        self.names: dict[int, str] = {}
        self.written: dict[int, Any] = {}
        self.helpers: dict[str, None] = {}
        self.tops: dict[str, None] = {}
        self.public: list[str] = []
        self.taken: set[str] = set()

    # Parts that targets write

    def camel(self, routine: Routine) -> str:
        """The emitted name of a routine."""
        raise NotImplementedError

    def write_routine(self, routine: Routine) -> list[Any]:
        """The code of a routine."""
        raise NotImplementedError

    def constructor(self, net: NetSpec) -> list[Any]:
        """The code of a constructor."""
        raise NotImplementedError

    def imports(self, lines: Iterable[str]) -> list[str]:
        """The imports that the code uses."""
        raise NotImplementedError

    def preamble(self) -> list[Any]:
        """Initialisers and partials in front of the helpers."""
        return []

    # The file

    def write(self, doc: str, routines: list[Routine], nets: list[NetSpec]) -> str:
        """The whole file."""
        self.choose_names(routines, nets)
        sections = [self.general(routine) for routine in routines]
        self.public += [self.names[id(routine)] for routine in routines]
        for net in nets:
            if self.has_constructor(net):
                self.public.append(net.function)
                sections.append(self.constructor(net))
        head = [*self.preamble(), *self.top_level()]
        helpers = [helper_source(self.target, name) for name in self.helper_order()]
        code = [line for section in (*([head] if head else []), *sections) for line in logical(section)]
        code += [line for text in helpers for line in text.splitlines()]
        parts = [
            "\n".join(docstring(self.file_doc(doc), 0)),
            "\n".join(self.imports(code)),
            "\n".join(text_of([self.all_line()])),
        ]
        text = "\n\n".join(part for part in parts if part) + "\n"
        if head:
            text += "\n" + "\n".join(text_of(head)) + "\n"
        bodies = [*helpers, *("\n".join(text_of(section)) for section in sections)]
        return text + "".join(f"\n\n{body.strip(chr(10))}\n" for body in bodies)

    def general(self, routine: Routine) -> list[Any]:
        """The code of a routine; `Refused` where it cannot hold for all arguments."""
        try:
            return self.write_routine(routine)
        except NotGeneral as stop:
            raise Refused(routine, stop.span) from stop

    def has_constructor(self, net: NetSpec) -> bool:
        """Whether a net gets a function of its own beside its routine."""
        return True

    def file_doc(self, doc: str) -> str:
        """The file's ``##`` and how it was made."""
        spec = self.source.rpartition("/")[2]
        said = f"Generated from {spec} by `netwright build {spec} --target {self.target}`."
        return f"{doc}\n\n{said}" if doc else said

    def all_line(self) -> str:
        """``__all__``, in isort's order."""
        names = sorted(dict.fromkeys(self.public), key=isort_key)
        return f"__all__ = [{', '.join(python_value(name) for name in names)}]"

    def choose_names(self, routines: list[Routine], nets: list[NetSpec]) -> None:
        """A name for each routine; blocks give way to nets, constructors, imports and helpers."""
        taken = {net.function for net in nets} | RESERVED[self.target]
        for routine in routines:
            if routine.is_net:
                self.names[id(routine)] = self.camel(routine)
                taken.add(self.camel(routine))
        for routine in routines:
            if not routine.is_net:
                name = self.camel(routine)
                if name in taken:
                    name = self.clear(name)
                if name in taken:
                    stem = routine.definition.home.source.path.rpartition("/")[2].removesuffix(".net")
                    name = self.in_front(stem, name)
                while name in taken:
                    name += "_"
                taken.add(name)
                self.names[id(routine)] = name

    def clear(self, name: str) -> str:
        """A block's name, out of the way of another."""
        return f"{name}Block" if name[:1].isupper() else f"{name}_block"

    def in_front(self, stem: str, name: str) -> str:
        """A block's name with its file's in front."""
        return f"{stem.title().replace('_', '')}{name}" if name[:1].isupper() else f"{stem}_{name}"

    # Top level

    def use_top(self, key: str) -> None:
        """Note a constant or function of the spec that the code speaks of."""
        self.tops[key.removeprefix("file:")] = None

    def use_helpers(self, names: Iterable[str]) -> None:
        """Note helpers that the code calls."""
        for name in names:
            self.helpers[name] = None

    def helper_order(self) -> list[str]:
        """Helpers in the order of their first use, those that they call in front."""
        return list(self.helpers)

    def top_level(self) -> list[Any]:
        """Constants and functions of the spec."""
        constants: list[Any] = []
        functions: list[Any] = []
        done: set[str] = set()
        while set(self.tops) - done:
            for name in list(self.tops):
                if name in done:
                    continue
                done.add(name)
                if name in self.lowerer.functions:
                    functions += self.function(self.lowerer.functions[name])
                else:
                    constants.append(f"{python_name(name).upper()} = {python_value(self.lowerer.constants[name])}")
        return [*constants, *functions]

    def function(self, definition: Definition) -> list[Any]:
        """A `def` of the spec as a function."""
        node = definition.node
        assert isinstance(node, syntax.Function)
        speaker = _FileSpeaker(self, definition, {param.name.name for param in node.params})
        params = [
            python_name(p.name.name) + (f"={word(p.default, speaker).plain}" if p.default is not None else "") for p in node.params
        ]
        typed = [f"{p.partition('=')[0]}: Any{' = ' + p.partition('=')[2] if '=' in p else ''}" for p in params]
        doc = [self.doc(self.paragraphs(node.doc), 1)] if node.doc else []
        return ["", "", Block(f"def {python_name(definition.name)}({', '.join(typed)}) -> Any:", [*doc, f"return {word(node.result, speaker).plain}"])]

    # Docstrings

    def doc(self, paragraphs: Iterable[str], indent: int) -> str:
        """A docstring, laid out."""
        return "\x00" + "\n".join(docstring("\n\n".join(p for p in paragraphs if p), indent))

    def paragraphs(self, doc: str) -> list[str]:
        """The paragraphs of a ``##`` comment."""
        return [part.strip() for part in doc.split("\n\n") if part.strip()]

    def class_docstring(self, written: Any, indent: int) -> str:
        """The docstring of a class or function."""
        return self.doc(self.docstring_lines(written), indent)

    def docstring_lines(self, written: Any) -> list[str]:
        """Paragraphs of a class's docstring."""
        raise NotImplementedError

    def uses(self, routine: Routine) -> list[str]:
        """What a routine is for, where it is not general."""
        if not routine.bound:
            return []
        args = ", ".join(f"{name} = {self.literal(value, None)}" for name, value in routine.bound.items())
        return [f"For {args} only: its shapes do not follow from its arguments."]

    def shape_line(self, routine: Routine) -> str:
        """``(in_channels, H, W) -> (width, H', W')``."""
        inputs = ", ".join(self._input(routine, name, tensor) for name, _, tensor in routine.inputs)
        if routine.ragged:
            return f"{inputs} -> a shape that its arguments decide"
        if routine.tensor is None:
            return f"{inputs} -> several tensors"
        said = [self._size(routine, place) for place in range(routine.tensor.rank)]
        line = f"{inputs} -> ({_row(self.turn(said, routine.tensor))})"
        if routine.sizes and self.channels_first:
            names = " and ".join(f"`{name}`" for name in routine.sizes)
            line += f", where {names} values leave the convolutions"
        return line

    def turn(self, sizes: list[str], tensor: Tensor) -> list[str]:
        """Sizes in the order of the target's axes."""
        channels = tensor.axes[:1] == ("channels",) and len(sizes) > 1
        return [*sizes[1:], sizes[0]] if channels and not self.channels_first else sizes

    def _input(self, routine: Routine, name: str, tensor: Tensor) -> str:
        if not routine.is_net:
            return f"({_row(self.turn([_letter(key) for key in _keys_of(name, tensor)], tensor))})"
        sizes = [self._said(routine, size) or str(size) for size in tensor.sizes]
        if self.any_size and any_size(routine):
            sizes = [*sizes[:1], *(AXIS_LETTERS.get(axis, size) for axis, size in zip(tensor.axes[1:], sizes[1:], strict=True))]
        return f"({_row(self.turn(sizes, tensor))})"

    def _said(self, routine: Routine, size: Any) -> str:
        """The normal form of a size, in letters; empty where it has names of no one's."""
        if not isinstance(size, Sym):
            return str(size)
        names = routine.names
        if not all(map(names.valid, keys(size))):
            return ""
        return show(size, lambda key: _letter(names.name_of[key]))

    def _size(self, routine: Routine, place: int) -> str:
        assert routine.tensor is not None
        axis = routine.tensor.axes[place] if place < len(routine.tensor.axes) else ""
        letter = AXIS_LETTERS.get(axis, "N")
        said = self._said(routine, routine.tensor.sizes[place])
        if self.any_size and routine.is_net and axis in AXIS_LETTERS and any_size(routine):
            return f"{letter}'"
        if not said or len(said) > 40 or "out_channels" in said:
            return f"{letter}'" if letter != "N" else "channels" if place == 0 else "N"
        return said

    # Values

    def values_of(self, definition: Definition, name: str) -> list[Any]:
        """What a parameter is given anywhere in the program."""
        return [values[name] for values in self.used_values.get(definition, ()) if name in values]

    def passed_routine(self, definition: Definition) -> Routine:
        """The routine of a block that is passed."""
        found = [routine for routine in self.lowerer.order if routine.definition is definition]
        return found[0]

    def default_value(self, definition: Definition, param: syntax.Param) -> Any:
        """The value of a default that stands alone; `...` where it needs others."""
        if param.default is None:
            return ...
        try:
            return evaluate(param.default, FileNames(definition.home))
        except (Fault, Poisoned):
            return ...

    def default_text(self, param: syntax.Param, render: Any) -> str:
        """The text of a default."""
        assert param.default is not None
        if param.name.name in self.settings:
            return self.literal(self.settings[param.name.name], render)
        definition = self._owner(param)
        value = self.default_value(definition, param)
        if isinstance(value, Partial):
            return self.reference(value, render)
        if type(value) is tuple:
            return tuple_text(value)
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

    def reference(self, value: Partial, render: Any) -> str:
        """A layer or block as a value."""
        raise NotImplementedError

    def literal(self, value: Any, render: Any) -> str:
        """A value as Python."""
        if isinstance(value, Partial):
            return self.reference(value, render)
        if isinstance(value, Kernel):
            return kernel_text(value)
        if type(value) is tuple:
            return f"[{', '.join(self.literal(item, render) for item in value)}]"
        return python_value(value)

    def args(self, call: Any, render: Any, tensors: Iterable[str] = ()) -> list[str]:
        """The arguments of a call, split as the spec split them."""
        found = []
        placed = True
        bound = call.routine.bound if call.routine is not None else {}
        for name, argument in call.args.items():
            if name in bound:
                placed = placed and argument.positional
                continue
            if name in tensors:
                placed = placed and argument.positional
                continue
            text = self.reference(argument.value, render) if isinstance(argument.value, Partial) else render(argument.text)
            found.append(text if argument.positional and placed and self.positional(call, name) else f"{python_name(name)}={text}")
        given = {name for name in call.args}
        found += [f"{python_name(name)}={self.literal(a.value, render)}" for name, a in call.taken if name not in given and name not in bound]
        return sorted(found, key=lambda text: _keyword(text))

    def positional(self, call: Any, name: str) -> bool:
        """Whether an argument that stood by place may stand so in the emitted call."""
        if call.routine is None:
            return True
        params = [p for p in call.routine.definition.params if p.name.name not in call.routine.bound]
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
            text = self.literal(value, None)
            python = python_name(name)
            if isinstance(value, Partial) and text.startswith("partial("):
                local.append(f"{python} = {text}")
                text = python
            elif type(value) is tuple and len(text) > 60:
                local.append(f"{python} = {text}")
                text = python
            args.append(text if arg is not None and arg.name is None else f"{python}={text}")
        return local, args

    def param_text_for(self, net: NetSpec, param: syntax.Param) -> str:
        """A parameter of a constructor."""
        raise NotImplementedError

    def constructor_doc(self, net: NetSpec) -> str:
        """``ResNet50: 25,557,032 parameters, 4.09 GMACs at 3 x 224 x 224.``"""
        totals = net.instance.totals
        params = f"{totals.params:,} {self.params_word}"
        return f"{net.name}: {params}, {gmacs(totals.macs)} at {self.at(net.instance)}{self.remark(net)}."

    def remark(self, net: NetSpec) -> str:
        """What else must be said of the counts."""
        return ""

    params_word = "parameters"

    def at(self, instance: Instance) -> str:
        """The input that MACs are counted for, in words."""
        shapes = []
        for _, tensor in instance.inputs:
            sizes = self.turn([str(getattr(size, "size", size)) for size in tensor.sizes], tensor)
            shapes.append(f"{sizes[0]} tokens" if tensor.integers is not None and len(sizes) == 1 else " x ".join(sizes))
        if len(shapes) == 1:
            return shapes[0]
        words = {2: "two", 3: "three", 4: "four"}
        return f"{words.get(len(shapes), str(len(shapes)))} of {shapes[0]}" if len(set(shapes)) == 1 else " and ".join(shapes)

    def factors(self, routine: Routine, layer: Any) -> list[str] | None:
        """The factors of a flattened input, where all are numbers."""
        found = routine.factors.get(layer.inputs[0]) if layer.op.name == "linear" else None
        if found is None or not all(isinstance(size, int) for size in found):
            return None
        sizes = [str(size) for size in found]
        return sizes if len(sizes) > 1 and any(size != "1" for size in sizes[1:]) else None


class _FileSpeaker(Speaker):
    """Wording of expressions at the top of a file: parameters as they are."""

    def __init__(self, file: SourceFile, definition: Definition, names: set[str]) -> None:
        self.file = file
        self.definition = definition
        self.names = names

    def row(self, name: str) -> Any:
        if name in self.names:
            return Text.of(python_name(name))
        found = self.file.lowerer.top_level(self.definition.home, name)
        if found is not None:
            self.file.use_top(found.key)
        return found

    def size(self, base: syntax.Expr, name: str) -> None:
        return None

    def inline(self, expr: syntax.Expr) -> Any:
        return evaluate(expr, FileNames(self.definition.home))


AXIS_LETTERS = {"height": "H", "width": "W", "depth": "D", "length": "T"}


def any_size(routine: Routine) -> bool:
    """Whether a net takes images of any size: nothing in it holds or asks for one."""
    fixed = {"flatten", "reshape", "local_conv", "parameter", "layer_norm"}
    for statement in every(routine.statements):
        if isinstance(statement, model.Layer) and statement.op.name in fixed:
            sizes = statement.tensors[0].sizes if statement.tensors else ()
            if statement.op.name != "flatten" or any(size != 1 for size in sizes[1:]):
                return False
        if isinstance(statement, model.Call) and (statement.routine is None or statement.routine.sizes):
            if statement.routine is not None:
                return False
        if isinstance(statement, model.Call) and statement.routine is not None and not any_size(statement.routine):
            return False
    return all(not isinstance(size, Sym) for _, _, tensor in routine.inputs for size in tensor.sizes[1:]) or not routine.is_net


RESERVED = {
    "torch": {"Any", "Callable", "NamedTuple", "Sequence", "Tensor", "partial", "nn", "torch", "F"},
    "keras": {"Any", "Callable", "KerasTensor", "Sequence", "keras", "layers", "ops", "partial"},
}


def gmacs(macs: int) -> str:
    """MACs in words, with three digits: ``4.09 GMACs``."""
    value = macs / 1e9
    digits = 0 if value >= 99.5 else 1 if value >= 9.95 else 2 if value >= 0.995 else 3 if value >= 0.0995 else 4
    if value and value < 0.001:
        return f"{macs:,} MACs"
    return f"{value:.{digits}f} GMACs"


def isort_key(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Constants, then classes, then the rest; numbers inside by value."""
    import re

    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.findall(r"\d+|\D+", name)
    return kind, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


def tuple_text(value: tuple[Any, ...]) -> str:
    """A list as a default: a tuple, all the way down."""
    items = [tuple_text(item) if type(item) is tuple else python_value(item) for item in value]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _keyword(text: str) -> bool:
    head = text.partition("=")[0]
    return "=" in text and head.isidentifier() and not text.startswith(f"{head}==")


def _row(sizes: list[str]) -> str:
    return f"{sizes[0]}," if len(sizes) == 1 else ", ".join(sizes)


def _letter(name: str) -> str:
    letters = {"in_height": "H", "in_width": "W", "in_depth": "D", "in_length": "T", "height": "H'", "columns": "W'"}
    if name in letters:
        return letters[name]
    for axis, letter in (("_height", "H"), ("_width", "W"), ("_length", "T"), ("_depth", "D")):
        if name.endswith(axis):
            return letter
    return name


def _keys_of(name: str, tensor: Tensor) -> list[str]:
    from netwright.lower.flow import input_keys

    return input_keys(name, tensor)
