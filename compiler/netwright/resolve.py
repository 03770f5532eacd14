"""Names, without running anything: what is called must exist, and take what it is given."""

import keyword

from netwright import syntax
from netwright.builtins import BUILTINS
from netwright.diagnostics import Related, Report
from netwright.names.cycles import refuse_cycles
from netwright.names.declarations import Declarations
from netwright.names.functions import function_calls
from netwright.names.judge import Judge
from netwright.names.outputs import Outputs
from netwright.program import Definition, Module, Program

# Functions of Python that emitted code calls: the spec's, and those that carry it out.
CALLED = {
    *BUILTINS,
    "dict",
    "getattr",
    "isinstance",
    "iter",
    "next",
    "str",
    "super",
    "tuple",
    "type",
}


def resolve(program: Program, report: Report, broken: set[Definition]) -> None:
    """Report every name and argument that cannot be, in all definitions, called or not.

    Definitions that must not be run are put among the ``broken``.
    """
    judge = Judge(program, report)
    refuse_cycles(function_calls(program), judge)
    outputs = Outputs(program)
    files = [Declarations(module, judge, outputs) for module in program.modules.values()]
    for file in files:
        file.signatures()
    for file in files:
        file.all()
        _emitted_names(file.module, judge)
    refuse_cycles(judge.called, judge)
    broken |= program.broken


def _emitted_names(module: Module, judge: Judge) -> None:
    """Refuse nets, and blocks, that would have one name in the emitted file."""
    nets: dict[str, Definition] = {}
    blocks: dict[str, Definition] = {}
    for definition in module.definitions:
        name = definition.name
        if isinstance(definition.node, syntax.Net | syntax.Variant):
            first = nets.setdefault(name.lower(), definition)
            both = f"differ in case alone: both would be built by `{name.lower()}()`"
        elif isinstance(definition.node, syntax.Block):
            first = blocks.setdefault(class_name(name), definition)
            both = f"would both be the class `{class_name(name)}`"
        else:
            continue
        if first.name != name:
            judge.note(
                "same-name",
                definition.node.name.span,
                f"`{first.name}` and `{name}` {both}",
                related=(Related(first.node.name.span, "the other one is here"),),
            )
        if isinstance(definition.node, syntax.Net | syntax.Variant):
            _constructor(definition, judge)


def _constructor(definition: Definition, judge: Judge) -> None:
    """Refuse a net whose constructor would be a word of Python, or hide one of its functions."""
    name = definition.name.lower()
    what = "word" if keyword.iskeyword(name) else "function" if name in CALLED else ""
    if what:
        span = definition.node.name.span
        message = f"`{definition.name}` would be built by `{name}()`, a {what} of Python"
        judge.note("reserved-name", span, message)


def class_name(name: str) -> str:
    """The class that a block becomes: `conv_bn` is ``ConvBn``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
