"""Declarations, called or not: parameters, defaults, contracts, variants, externs, constants."""

import keyword
import re

from netwright import syntax
from netwright.arguments import assign, block_signature, block_value, is_literal
from netwright.bind.external import ENTRIES
from netwright.bind.scope import FileNames, constant
from netwright.diagnostics import Related
from netwright.evaluate import evaluate
from netwright.kinds import TYPES, type_of
from netwright.names.calls import Calls, literal
from netwright.names.expressions import Expressions
from netwright.names.judge import Judge
from netwright.names.known import (
    ANY,
    TENSOR,
    UNKNOWN_CALLABLE,
    VALUE,
    Known,
    Sort,
    bindings,
    is_plain,
    label_text,
)
from netwright.names.labels import parameter_reason
from netwright.names.lines import Lines, Quantities
from netwright.names.outputs import Outputs
from netwright.program import Definition, Module
from netwright.spelling import nearest
from netwright.values import Exhausted, Fault, Poisoned, listed

MOST_VARIANTS = 100

OTHER_TYPES = {
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "flag": "bool",
    "str": "text",
    "string": "text",
    "tuple": "list",
    "layer": "block",
    "module": "block",
    "size": "kernel",
}

_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


class Declarations:
    """The declarations of one file."""

    def __init__(self, module: Module, judge: Judge, outputs: Outputs) -> None:
        self.module = module
        self.judge = judge
        self.outputs = outputs
        self.file = Calls(module, judge, outputs)  # what stands at the top, outside of all bodies
        self.bodies: dict[Definition, Lines] = {}
        self.results: dict[Definition, Calls] = {}

    def signatures(self) -> None:
        """The parameters of all definitions, which their callers are judged by."""
        for definition in self.module.definitions:
            self.judge.owner = definition
            match definition.node:
                case syntax.Block() | syntax.Net():
                    self.bodies[definition] = self.signature(definition, definition.node)
                case syntax.Extern() | syntax.Function():
                    names = Calls(self.module, self.judge, self.outputs)
                    typed = isinstance(definition.node, syntax.Extern)
                    self.params(definition.node.params, names, typed=typed)
                    self.results[definition] = names
        self.judge.owner = None

    def all(self) -> None:
        """Every declaration, in the order of the file."""
        by_node = {id(d.node): d for d in self.module.definitions}
        for declaration in self.module.file.declarations:
            self.judge.owner = by_node.get(id(declaration))
            self.judge.line = None
            try:
                self.declaration(declaration, self.judge.owner)
            except RecursionError:
                self.too_deep(declaration)
        self.judge.owner = self.judge.line = None

    def declaration(self, declaration: syntax.Declaration, owner: Definition | None) -> None:
        """One declaration, and the definition that it makes."""
        match declaration:
            case syntax.Let():
                self.let(declaration)
            case syntax.Set():
                self.judge.line = declaration
                self.file.set(declaration)
            case syntax.Function() if owner is not None:
                self.results[owner].expr(declaration.result)
            case syntax.Block() | syntax.Net() if owner is not None:
                self.body(owner, declaration)
            case syntax.Variant() if owner is not None:
                self.variant(owner, declaration)
            case syntax.Extern() if owner is not None:
                self.extern(declaration, self.results[owner])

    def too_deep(self, declaration: syntax.Declaration) -> None:
        """What is nested beyond what can be read is not run."""
        self.judge.line = declaration if isinstance(declaration, syntax.Let) else None
        self.judge.fault(Fault("nested-too-deep", declaration.span, "this is nested too deep"))

    def let(self, node: syntax.Let) -> None:
        """A constant: its names, then its value."""
        self.judge.line = node
        for value in node.values:
            self.file.expr(value)
        if id(node) in self.judge.program.wrong:
            return
        try:
            constant(self.module, node.targets[0].name, node)
        except Fault as fault:
            self.judge.fault(fault)
        except Exhausted as exhausted:
            self.judge.exhausted(exhausted)
        except Poisoned:
            return

    # Parameters

    def params(self, params: tuple[syntax.Param, ...], names: Expressions, *, typed: bool) -> None:
        """Parameters in their order; a default may use those before it."""
        names.sight.later = {param.name.name: param.name.span for param in params}
        seen: dict[str, syntax.Param] = {}
        optional: syntax.Param | None = None
        for param in params:
            name = param.name.name
            reason = parameter_reason(name)
            if reason:
                message = f"a parameter cannot be called `{name}`: {reason}"
                self.judge.note("reserved-parameter", param.name.span, message)
            if name in seen:
                related = (Related(seen[name].name.span, "the first one is here"),)
                message = f"`{name}` is a parameter already"
                self.judge.fault(
                    Fault("duplicate-parameter", param.name.span, message, related=related)
                )
            seen.setdefault(name, param)
            if param.default is not None:
                optional = param
            elif optional is not None:
                self.required_behind(param, optional)
            self.param(param, names, typed=typed)
            names.sight.names[name] = known_of(param) if typed else ANY
            names.sight.later.pop(name, None)

    def required_behind(self, param: syntax.Param, optional: syntax.Param) -> None:
        """The mistake of a parameter without default behind one with."""
        message = (
            f"`{param.name.name}` has no default and stands behind "
            f"`{optional.name.name}`, which has one"
        )
        self.judge.note("required-behind-default", param.name.span, message)

    def param(self, param: syntax.Param, names: Expressions, *, typed: bool) -> None:
        """One parameter: its type, and its default."""
        annotation = param.annotation
        if annotation is not None and annotation.name not in TYPES:
            help = nearest(annotation.name, TYPES) or f"the types are {', '.join(TYPES)}"
            if annotation.name in OTHER_TYPES:
                help = f"did you mean `{OTHER_TYPES[annotation.name]}`?"
            message = f"no type is called `{annotation.name}`"
            self.judge.fault(Fault("unknown-type", annotation.span, message, help=help))
            return
        default = param.default
        if default is None:
            return
        if isinstance(names, Calls):
            names.word_or(default)
        if typed and is_literal(default) and self.judge.owner is not None:
            what = self.judge.owner.name
            try:
                value = evaluate(default, FileNames(self.module))
                block_value(what, param, value, default.span)
            except Fault as fault:
                self.judge.fault(fault)

    # Blocks and nets

    def signature(self, definition: Definition, node: "syntax.Block | syntax.Net") -> Lines:
        """The names that the body of a block or net starts with."""
        lines = Lines(self.module, self.judge, self.outputs)
        lines.definition = definition
        self.params(node.params, lines, typed=True)
        lines.taken = {param.name.name: "a parameter" for param in node.params}
        if isinstance(node, syntax.Block) and node.contract is not None:
            self.contract(node.contract, lines)
        return lines

    def body(self, definition: Definition, node: "syntax.Block | syntax.Net") -> None:
        """The lines of a block or net."""
        lines = self.bodies[definition]
        lines.sets = self.file.sets
        lines.in_body, lines.in_block = True, isinstance(node, syntax.Block)
        if self.judge.damaged(node):
            lines.blurred = True
            self.judge.program.broken.add(definition)
        for parts, span in bindings(node.body.statements):
            if is_plain(parts) and label_text(parts) not in lines.sight.names:
                lines.sight.later.setdefault(label_text(parts), span)
        lines.body(node.body)

    def contract(self, contract: syntax.Contract, names: Calls) -> None:
        """Sizes by name, and the expressions of what comes out."""
        for size in contract.inputs:
            names.sight.names.setdefault(size.name, VALUE)
        for expr in contract.outputs:
            names.expr(expr)

    # Variants

    def variant(self, definition: Definition, node: syntax.Variant) -> None:
        """A net with arguments: its net, the arguments, what it expects."""
        broken = self.judge.program.broken
        base = self.base(definition, node)
        for arg in node.args:
            self.file.word_or(arg.value)
        if base is None:
            broken.add(definition)
            return
        optional = dict.fromkeys(block_signature(base.params), False)
        found, faults = assign(node.base.name, optional, node.args, node.span)
        for fault in faults:
            self.judge.fault(fault)
        self.open_arguments(definition, base)
        params = {param.name.name: param for param in base.params}
        for name, arg in found.items():
            if is_literal(arg.value):
                self.literal(node.base.name, params[name], arg)
        names = Quantities(self.module, self.judge, self.outputs)
        names.sight.names.update({param.name.name: ANY for param in base.params})
        for statement in node.body.statements if node.body is not None else ():
            self.judge.line = statement
            if isinstance(statement, syntax.Expect):
                names.check(statement)

    def open_arguments(self, definition: Definition, base: Definition) -> None:
        """Refuse a variant that cannot be built and that no other one varies."""
        if definition in self.judge.varied:
            return
        given: set[str] = set()
        here, names = definition, list(block_signature(base.params))
        while isinstance(here.node, syntax.Variant):
            args = here.node.args
            given |= {arg.name for arg in args if arg.name is not None}
            given |= set(names[: sum(arg.name is None for arg in args)])
            found = here.home.names[here.node.base.name]
            assert isinstance(found, Definition)
            here = found
        required = block_signature(base.params)
        missing = [name for name in names if required[name] and name not in given]
        if missing and definition not in self.judge.program.broken:
            message = f"`{base.name}` needs {listed(missing)}"
            help = f"`{base.name}({', '.join(name for name in names if required[name])})`"
            span = definition.node.span
            self.judge.fault(Fault("missing-argument", span, message, help=help))

    def literal(self, what: str, param: syntax.Param, arg: syntax.Arg) -> None:
        """An argument of a variant that needs no run."""
        try:
            block_value(what, param, literal(arg, FileNames(self.module)), arg.span)
        except Fault as fault:
            self.judge.fault(fault)

    def base(self, definition: Definition, node: syntax.Variant) -> Definition | None:
        """The net that a variant varies, through other variants; none where there is none."""
        name = node.base
        found = self.module.names.get(name.name)
        nets = [
            key
            for key, value in self.module.names.items()
            if isinstance(value, Definition)
            and isinstance(value.node, syntax.Net | syntax.Variant)
            and value is not definition
        ]
        if found is None:
            message = f"no net is called `{name.name}`"
            if self.judge.first(name.name):
                help = nearest(name.name, nets)
                self.judge.fault(Fault("unknown-net", name.span, message, help=help))
            return None
        if not isinstance(found, Definition):
            return None
        if not isinstance(found.node, syntax.Net | syntax.Variant):
            message = f"`{name.name}` is no net: a variant is a net with other arguments"
            self.judge.fault(Fault("unknown-net", name.span, message))
            return None
        return self.chain(definition, name)

    def chain(self, definition: Definition, name: syntax.Name) -> Definition | None:
        """The net at the end of a row of variants; none where it is endless or too long."""
        row, here = {definition: None}, definition
        while isinstance(here.node, syntax.Variant):
            found = here.home.names.get(here.node.base.name)
            if not isinstance(found, Definition):
                return None
            if found in row:
                if found is definition and definition.name == min(d.name for d in row):
                    names = " -> ".join([*(d.name for d in row), found.name])
                    message = f"nets vary each other in a circle: {names}"
                    self.judge.fault(Fault("recursion", name.span, message))
                return None
            if len(row) > MOST_VARIANTS:
                message = f"nets vary each other more than {MOST_VARIANTS} deep"
                self.judge.fault(Fault("nested-too-deep", name.span, message))
                return None
            row[found] = None
            here = found
        return here

    # Externs

    def extern(self, node: syntax.Extern, names: Calls) -> None:
        """A layer of another library: it needs a shape rule, and entries of known kinds."""
        if node.contract is None:
            message = f"`{node.name.name}` has no shape rule: nothing below could be checked"
            help = f"`extern {node.name.name}(…) : [C, H, W] -> [C, H, W]`"
            self.judge.fault(Fault("extern-without-shape", node.name.span, message, help=help))
            return
        self.contract(node.contract, names)
        seen: set[str] = set()
        for key, value in node.entries:
            if key.name not in ENTRIES:
                message = f"an `extern` has no `{key.name}`"
                help = nearest(key.name, ENTRIES) or f"it has {', '.join(ENTRIES)}"
                self.judge.fault(Fault("unknown-entry", key.span, message, help=help))
                continue
            if key.name in seen:
                message = f"`{key.name}` is given twice"
                self.judge.fault(Fault("duplicate-argument", key.span, message))
            seen.add(key.name)
            if key.name in ("torch", "keras"):
                self.target(key, value)
            else:
                names.expr(value)

    def target(self, key: syntax.Name, value: syntax.Expr) -> None:
        """The class of a library, which must be a name and no code."""
        plain = isinstance(value, syntax.Text) and is_plain(value.parts)
        text = label_text(value.parts) if isinstance(value, syntax.Text) and plain else ""
        words = text.split(".")
        if not _CLASS.fullmatch(text) or any(map(keyword.iskeyword, words)):
            message = f'`{key.name}` is the path of a class, such as "timm.layers.WindowAttention"'
            self.judge.fault(Fault("extern-class", value.span, message))


def known_of(param: syntax.Param) -> Known:
    """What a parameter stands for in the body."""
    match type_of(param):
        case "block" | "norm" | "activation":
            return UNKNOWN_CALLABLE
        case "tensor":
            return TENSOR
        case "any" | "tensors" | "list":
            return ANY
        case kind:
            return VALUE if kind in TYPES else ANY


__all__ = ["Declarations", "Sort"]
