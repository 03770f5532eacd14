"""One PyTorch file: imports, helpers, blocks, nets, constructors, in the order of the spec."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.kinds import Parameter
from netwright.lower.model import Routine
from netwright.lower.passed import calls
from netwright.lower.text import NameOf, Text
from netwright.lower.wording import python_name, word
from netwright.program import Definition
from netwright.targets.code import Block
from netwright.targets.file import Refused, SourceFile
from netwright.targets.initial import (
    initialised,
    torch_classes,
)
from netwright.targets.lists import gives_list
from netwright.targets.signature import param_type
from netwright.targets.torch.passed import passed
from netwright.targets.torch.routine import TorchClass
from netwright.targets.torch.starting import Starts
from netwright.targets.torch.types import type_of
from netwright.values import Partial


class TorchFile(SourceFile):
    """Collects what one file needs, and writes it."""

    target = "torch"
    channels_first = True
    started: Starts | None = None

    def class_name(self, routine: Routine) -> str:
        """The name of a routine's class."""
        return self.names[id(routine)]

    def camel(self, routine: Routine) -> str:
        """``conv_bn`` → ``ConvBn``; nets keep their names."""
        if routine.is_net:
            return routine.name + routine.suffix
        name = "".join(part[:1].upper() + part[1:] for part in routine.name.split("_"))
        return name + routine.suffix

    def write_routine(self, routine: Routine) -> list[Any]:
        written = TorchClass(self, routine)
        code = written.write()
        self.written[id(routine)] = written
        return [*self.outputs_tuple(written), *code]

    def refuse_passed(self) -> None:
        for routine, call, block in calls(self.lowerer, self.used_values):
            for passed_routine in self.passed_routines(block.target):
                written = self.written.get(id(passed_routine))
                if written is not None and len(written.size_names(written.wanted)) > 1:
                    raise Refused(routine, call.span)

    def outputs_tuple(self, written: TorchClass) -> list[Any]:
        """The `NamedTuple` of a routine with several outputs."""
        if gives_list(written.routine) or not (written.sides or written.outputs.several):
            return []
        values = written.routine.values
        main = [(written.outputs.main[0], written.routine.result), *written.outputs.others]
        fields = [f"{python_name(field)}: {type_of(values[value])}" for field, value in main]
        mixed = len({output.conditions for output in written.sides}) > 1
        sides = [
            f"{output.side.name}: Tensor{' | None' if mixed and output.conditions else ''}"
            for output in written.sides
        ]
        if not written.outputs.several:
            when = " in training" if written.outputs.trained else " with all its outputs"
            return self.named_tuple(written, "Outputs", when, [*fields, *sides])
        code = self.named_tuple(written, "Outputs", "", fields)
        if sides:
            code += self.named_tuple(written, "TrainingOutputs", " in training", [*fields, *sides])
        return code

    def named_tuple(
        self, written: TorchClass, kind: str, when: str, fields: list[str]
    ) -> list[Any]:
        """One `NamedTuple`."""
        name = f"{written.names}{kind}"
        self.public.append(name)
        doc = f'"""What `{written.names}` returns{when}."""'
        return [Block(f"class {name}(NamedTuple):", [doc, "", *fields]), "", ""]

    def return_type(self, written: TorchClass) -> str:
        """What the forward of a class gives."""
        if gives_list(written.routine):
            return "list[Tensor]"
        losses = "" if written.routine.truth is None else " | dict[str, Tensor]"
        if written.outputs.several:
            trained = f" | {written.names}TrainingOutputs" if written.sides else ""
            return f"{written.names}Outputs{trained}{losses}"
        found = type_of(written.routine.values[written.routine.result]) + losses
        return f"{found} | {written.names}Outputs" if written.sides else found

    # Calls

    def construct(self, call: model.Call, render: Any) -> str:
        """``Bottleneck(channels, width, stride=stride)``."""
        if call.routine is None:
            assert call.parameter is not None
            first = next(iter(call.sizes.values()), None)
            args = (
                [render(first)]
                if first is not None and self.parameter_kind(call) != "activation"
                else []
            )
            self.use_parameter(call)
            callee = render(Text.of(NameOf(call.parameter_key, call.parameter)))
            return f"{callee}({', '.join([*args, *self.args(call, render)])})"
        written = self.written[id(call.routine)]
        sizes = []
        for name in written.size_names(written.wanted):
            listed = written.size_list(name)
            texts = [call.sizes.get(key) for key in (listed[1] if listed else [name])]
            said = [render(text) for text in texts if text is not None]
            if len(said) < len(texts):
                raise NotGeneral(call.span)
            sizes.append(listing(said) if listed else said[0])
        tensors = {key for name in call.tensors for key in [name]}
        args = self.args(call, render, tensors)
        return f"{written.names}({', '.join([*sizes, *args])})"

    def parameter_kind(self, call: model.Call) -> str:
        """Whether a parameter holds a block, a norm or an activation."""
        return call.parameter_kind

    def use_parameter(self, call: model.Call) -> None:
        """Nothing to import: the parameter is a variable."""

    def reference(self, value: Partial, render: Any, rank: int = 2) -> str:
        """A layer or block as a value: its class, or a `functools.partial` of it."""
        if isinstance(value.target, Parameter):
            return value.target.name
        if isinstance(value.target, Definition):
            routine = self.passed_routine(value.target, rank)
            name = self.names[id(routine)]
            args = self.held_args(value, routine, render, rank)
            return f"partial({', '.join([name, *args])})" if args else name
        text, helpers = passed(value, rank)
        self.use_helpers(helpers)
        return text

    # Signatures

    def kind_text(self, routine: Routine, param: syntax.Param) -> str:
        from netwright.arguments import type_of

        values = self.values_of(routine.definition, param.name.name)
        kind = type_of(param)
        blocks = [v for v in values if isinstance(v, Partial)]
        if kind in ("norm", "activation"):
            return "Callable[[int], nn.Module]" if kind == "norm" else "Callable[[], nn.Module]"
        if kind == "block" or blocks:
            names = dict.fromkeys(
                self.names[id(routine)]
                for v in blocks
                if isinstance(v.target, Definition)
                for routine in self.passed_routines(v.target)[:1]
            )
            union = " | ".join(names) or "Any"
            known = {self.names[key] for key in self.written}
            ahead = not known.issuperset(names)  # a class that stands further down, or this one
            return f'Callable[..., "{union}"]' if ahead else f"Callable[..., {union}]"
        return param_type(param, values, self.default_value(routine.definition, param))

    def docstring_lines(self, written: TorchClass) -> list[str]:
        """Paragraphs of a class: the block's ``##``, and its shapes."""
        return [
            *self.paragraphs(written.routine.node.doc),
            *self.uses(written.routine),
            self.shape_line(written.routine),
            *self.stays(written.routine),
        ]

    def all_layers(self, routine: Routine) -> Iterable[model.Layer]:
        """Layers of a net and of the blocks it calls or is given."""
        seen: set[int] = set()
        found = initialised(routine, seen)
        for other in self.lowerer.order:
            if other.passed:
                found += initialised(other, seen)
        return found

    def starts(self, written: Any) -> Starts:
        """Which layers start apart from the rest of their kind, in the nets of this file."""
        if self.started is None:
            self.started = Starts(self, written)
        return self.started

    def kinds_of(self, written: Any, layer: model.Layer) -> list[str]:
        """The classes that hold the weights of a layer's module; none of one that cannot be
        written, whose own routine is refused in its turn."""
        try:
            text: str = written.module(layer, lambda text: text.plain, chained=False)
        except NotGeneral:
            return []
        return torch_classes(text)

    def constructor(self, net: Any) -> list[Any]:
        """``def resnet50(classes: int = 1000) -> ResNet``."""
        routine = net.routine
        params = [self.param_text(net.routine, param) for param in net.open]
        name, kind = net.function, self.class_name(routine)
        local, args = self.constructor_args(net)
        args += [f"{python_name(p.name.name)}={python_name(p.name.name)}" for p in net.open]
        doc = self.doc(self.constructor_lines(net), 1)
        body = [doc, *local, f"return {kind}({', '.join(args)})"]
        return [Block(f"def {name}({', '.join(params)}) -> {kind}:", body)]

    def imports(self, lines: Iterable[str]) -> list[str]:
        """The imports that the code uses, in isort's order."""
        from netwright.targets.imports import torch_imports

        return torch_imports(lines, self.foreign)


def listing(items: list[str]) -> str:
    """A list of numbers, shorter where they are one many times."""
    alike = len(items) > 1 and len(set(items)) == 1
    return f"[{items[0]}] * {len(items)}" if alike else f"[{', '.join(items)}]"


__all__ = ["Text", "TorchFile", "word"]
