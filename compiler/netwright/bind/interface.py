"""What a net takes and gives: inputs with sizes, outputs by name."""

from typing import Any

from netwright import syntax
from netwright.diagnostics import Related
from netwright.evaluate import evaluate
from netwright.instance import Named
from netwright.members import Form, form
from netwright.spelling import closest
from netwright.sym import variable
from netwright.tensor import IMAGE_AXES, LENGTH, Dynamic, Size, Tensor, form as formula, number, show_sizes
from netwright.values import Fault, Ref, Scope, kind_of

from netwright.bind.walk import plain


def size_of(size: syntax.Size, env: Any, what: str) -> Size:
    """One declared size."""
    value = evaluate(size.value, env)
    if isinstance(value, bool) or not isinstance(value, int | Dynamic):
        raise Fault("type-mismatch", size.span, f"a size of `{what}` is a whole number, found {kind_of(value)}")
    if number(value) < 1:
        raise Fault("out-of-bounds", size.span, f"a size of `{what}` must be at least 1, found {value}")
    return Dynamic(variable(size.name), number(value)) if size.name else value


def input_tensor(statement: syntax.Input, env: Any) -> Tensor:
    """The tensor that an input declares; three sizes are an image, integers a sequence."""
    sizes = tuple(size_of(size, env, statement.name.name) for size in statement.sizes)
    if len(sizes) > 4:
        raise Fault("rank-mismatch", statement.span, f"an input has at most 4 sizes, found {len(sizes)}")
    if statement.integers is None:
        return Tensor(sizes, IMAGE_AXES[len(sizes)])
    integers = evaluate(statement.integers, env)
    if isinstance(integers, bool) or not isinstance(integers, int) or integers < 1:
        raise Fault("type-mismatch", statement.integers.span, f"`int` takes how many integers there are, found {kind_of(integers)}")
    axes = (LENGTH,) if len(sizes) == 1 else IMAGE_AXES[len(sizes)]
    return Tensor(sizes, axes, integers)


def declare_output(run: Any, statement: syntax.Output) -> None:
    """An output: a chain of its own, a label, or a name for the current tensor."""
    name = statement.name.name
    net = isinstance(run.definition.node, syntax.Net)
    if statement.when_training and not net:
        raise Fault("training-outside-net", statement.span, "`when training` stands in nets only")
    if any(output.name == name for output in run.outputs):
        raise Fault("duplicate-label", statement.name.span, f"there is an output `{name}` already")
    ref = _output_value(run, statement, name)
    if statement.sizes is not None:
        declared = tuple(size_of(size, run, name) for size in statement.sizes)
        if [formula(size) for size in declared] != [formula(size) for size in ref.tensor.sizes]:
            raise Fault(
                "output-mismatch",
                statement.span,
                f"the output `{name}` is declared {show_sizes(declared)}, found {ref.tensor}",
                related=(Related(ref.span, f"{ref.tensor} comes from here"),) if ref.span else (),
            )
    run.outputs.append(Named(name, ref.id, ref.tensor, statement.when_training, statement.name.span))


def _output_value(run: Any, statement: syntax.Output, name: str) -> Ref:
    if statement.steps:
        return _chain(run, statement, name)
    found = run.scope.find(name)
    if found is None:
        labels = [key for key, value in run.scope.names.items() if isinstance(value, Ref | Scope)]
        meant = closest(name, labels)
        if meant is not None and len(name) > 3 and abs(len(meant) - len(name)) < 2 and meant[0] == name[0]:
            raise Fault("unknown-label", statement.name.span, f"no label is called `{name}`", help=f"did you mean `{meant}`?")
        found = run.here(statement.span)
    value = plain(run._known(found))
    if not isinstance(value, Ref):
        raise Fault("not-a-tensor", statement.span, f"an output is a tensor, found {kind_of(value)}")
    return value


def _chain(run: Any, statement: syntax.Output, name: str) -> Ref:
    label = syntax.Label((name,), False, statement.name.span)
    current, side = run.current, run.side
    run.side = run.side or statement.when_training
    try:
        kind = form(statement.steps, run.makes)
        if kind is Form.GROUP:
            with run.group(label, name, statement.steps) as scope:
                run.chain(statement.steps)
            scope.value = run.current
        else:
            run.pending = (label, name) if kind is Form.MODULE else None
            run.chain(statement.steps)
            run.pending = None
        value = plain(run._known(run.current))
    finally:
        run.current, run.side, run.pending = current, side, None
    run.define(name, value, statement.name.span)
    if not isinstance(value, Ref):
        raise Fault("not-a-tensor", statement.span, f"an output is a tensor, found {kind_of(value)}")
    return value
