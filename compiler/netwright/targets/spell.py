"""How a target spells a layer: one Jinja macro each, and the view of the layer that it prints."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from netwright import syntax
from netwright.bind.external import External
from netwright.lower import model
from netwright.lower.text import NameOf, Text, python_value
from netwright.sym import show
from netwright.values import Fault, Kernel, Partial


@cache
def environment(target: str) -> Any:
    """The Jinja environment of a target; templates are found in the checkout or the package."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from netwright.resources import data_folder as folder

    made = Environment(
        loader=FileSystemLoader(f"{folder('templates')}/{target}"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    made.globals["call"] = call
    made.globals["unless"] = unless
    made.globals["text"] = python_value
    return made


@cache
def macros(target: str) -> dict[str, Any]:
    """Every macro of a target's families, by name."""
    import os

    from netwright.resources import data_folder as folder

    found: dict[str, Any] = {}
    for file in sorted(os.listdir(f"{folder('templates')}/{target}")):
        if file.endswith(".jinja") and not file.startswith("_"):
            module = environment(target).get_template(file).module
            found |= {
                name: value
                for name, value in vars(module).items()
                if not name.startswith("_") and callable(value)
            }
    return found


def call(function: str, *args: object, **keywords: object) -> str:
    """``function(a, b, key=c)``; what is none is left out."""
    parts = [str(arg) for arg in args if arg is not None]
    parts += [f"{key}={value}" for key, value in keywords.items() if value is not None]
    return f"{function}({', '.join(parts)})"


def unless(text: str, default: str) -> str | None:
    """A text, left out where it is the default."""
    return None if text == default else text


def tuple_of(texts: Sequence[str]) -> str:
    """``(a, b)``."""
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def spell(target: str, name: str, view: "View") -> list[str]:
    """The lines that a macro prints for a layer."""
    printed = str(macros(target)[name](view))
    return [line.strip() for line in printed.splitlines() if line.strip()]


class View:
    """A layer as its macro sees it: ``x.stride`` is the text of an argument, or none where it is
    the default; ``x.value("stride")`` its value; ``x.of("stride")`` its text in any case."""

    def __init__(
        self,
        layer: model.Layer,
        render: Callable[[Text], str],
        inputs: list[str],
        output: str,
        member: str = "",
    ) -> None:
        self.layer = layer
        self.op = layer.op
        self.render = render
        self.inputs = inputs
        self.output = output
        self.member = member
        self.helpers: list[str] = []
        self.imports: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        return self.arg(name)

    def arg(self, name: str) -> str | None:
        """The text of an argument, or none where it is the default."""
        spec = self.op.params.get(name)
        if spec is None:
            raise AttributeError(f"{self.op.name} has no {name}")
        value = self.value(name)
        if spec.default is not ... and value == spec.default and type(value) is type(spec.default):
            return None
        return self.of(name)

    @property
    def name(self) -> str:
        """The name of the layer in the language."""
        return self.op.name

    def value(self, name: str) -> Any:
        """The value of an argument: a number, or a symbol."""
        if isinstance(self.op, External):
            return self.op.values[name]
        return self.op.argument(name)

    def of(self, name: str) -> str:
        """The text of an argument, whether it is the default or not."""
        argument = self.layer.args.get(name)
        if argument is not None and any(argument.text.parts):
            return self.render(argument.text)
        return self.literal(self.value(name))

    @staticmethod
    def elements(text: str) -> list[str] | None:
        """The texts of the elements of a list, or none where it is not written out."""
        import ast

        tree = ast.parse(text, mode="eval").body
        if not isinstance(tree, ast.List | ast.Tuple):
            return None
        return [ast.get_source_segment(text, element) or "" for element in tree.elts]

    def say(self, size: Any) -> str:
        """The text of a size that stands in no argument of its own."""
        if isinstance(size, int):
            return str(size)
        for place, tensor in enumerate(self.layer.tensors):
            if size in tensor.sizes:
                return self.size(tensor.sizes.index(size), place)
        if isinstance(size.word and size.word.text, Text):
            return self.render(size.word.text)
        return show(size, self._key)

    def _key(self, key: str) -> str:
        from netwright.evaluate import NotGeneral

        if not key.isidentifier():
            raise NotGeneral(self.layer.span)
        return self.render(Text.of(NameOf(key, key)))

    @staticmethod
    def literal(value: Any) -> str:
        """A value that was not written in the spec, as Python."""
        if isinstance(value, Kernel):
            return str(value[0]) if len(set(value)) == 1 else f"({', '.join(map(str, value))})"
        return python_value(value)

    def asked(self, name: str, then: str, otherwise: str) -> str:
        """One text or the other as a flag says, or the question where it depends."""
        value = self.value(name)
        if isinstance(value, bool):
            return then if value else otherwise
        flag = self.of(name)
        return f"{then} if {f'({flag})' if ' if ' in flag else flag} else {otherwise}"

    def known(self, name: str) -> bool:
        """Whether an argument is a plain number, text or list, and no symbol."""
        return _plain(self.value(name))

    @property
    def x(self) -> str:
        """The variable of the first input."""
        return self.inputs[0]

    @property
    def rank(self) -> int:
        """Number of axes behind the channels."""
        return self.layer.tensors[0].rank - 1

    @property
    def axes(self) -> int:
        """Number of axes without the batch."""
        return self.layer.tensors[0].rank

    @property
    def nd(self) -> str:
        """``1d``, ``2d`` or ``3d``."""
        return f"{self.rank}d"

    def size(self, axis: int, tensor: int = 0) -> str:
        """The text of a size of an input, counted from 0 without the batch."""
        from netwright.evaluate import NotGeneral

        text = self.layer.dims[tensor][axis]
        if text is None:
            raise NotGeneral(self.layer.span)
        return self.render(text)

    @property
    def channels(self) -> str:
        """The text of the input's channels."""
        return self.size(0)

    @property
    def features(self) -> str:
        """The text of the input's last size."""
        return self.size(-1)

    @property
    def out_channels(self) -> str:
        """The text of the output's channels."""
        text = (self.layer.words or {}).get("0")
        if text is None:
            return self.say(self.layer.result.sizes[0])
        return self.render(text)

    def sizes(self, tensor: int = 0) -> tuple[Any, ...]:
        """The sizes of an input as values."""
        return self.layer.tensors[tensor].sizes

    def out_size(self, axis: int) -> Any:
        """A size of the output as a value."""
        return self.layer.result.sizes[axis]

    def helper(self, name: str) -> str:
        """A function or class that the file must hold; its name."""
        self.helpers.append(name)
        return name

    def other(self, name: str) -> str:
        """The variable of a tensor argument such as ``like``."""
        return self.inputs[len(self.layer.inputs) + list(self.layer.extra).index(name)]

    def others(self, name: str) -> list[str]:
        """The variables of the tensors of an argument that may be a list of them."""
        keys = [key.partition("[")[0] for key in self.layer.extra]
        behind = self.inputs[len(self.layer.inputs) :]
        return [text for key, text in zip(keys, behind, strict=True) if key == name]

    @property
    def external(self) -> External:
        """The layer as an `extern`."""
        assert isinstance(self.op, External)
        return self.op

    def foreign_class(self, target: str) -> tuple[str, str]:
        """The module and the class that an `extern` stands for; `Fault` where it names none."""
        entry = self.external.entry(target)
        if not isinstance(entry, syntax.Text):
            raise Fault(
                "no-code",
                self.layer.span,
                f"`{self.op.name}` has no class for {target}",
                help=f'`{target} = "module.Class"` in its declaration names one',
            )
        module, _, name = "".join(map(str, entry.parts)).rpartition(".")
        return module, name

    def activation(self, name: str) -> Partial | None:
        """The value of an argument that is an activation."""
        value = self.value(name)
        return value if isinstance(value, Partial) else None


def _plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return isinstance(value, bool | int | float | str) or value is None
