"""The syntax tree: what was written, with its places, and nothing that must be looked up."""

from netwright.record import field, record
from netwright.source import Source, Span

# Expressions


@record
class Number:
    """``64``, ``25_557_032``, ``0.5``, ``4.1G``; ``text`` is how it was written."""

    value: int | float
    text: str
    span: Span = field(compare=False)


@record
class Constant:
    """``true``, ``false`` or ``none``."""

    value: bool | None
    span: Span = field(compare=False)


@record
class Text:
    """A string; every second part is an expression in ``{ }``."""

    parts: "tuple[str | Expr, ...]"
    span: Span = field(compare=False)


@record
class KernelSize:
    """``3x3``, ``1x7``, ``3x3x3``."""

    sizes: tuple[int, ...]
    span: Span = field(compare=False)


@record
class Name:
    """A name, ``_`` (the current tensor) or ``in`` (the input of the block)."""

    name: str
    span: Span = field(compare=False)


@record
class Template:
    """A name with expressions inside, ``up{i}``: parts are texts and expressions."""

    parts: "tuple[str | Expr, ...]"
    span: Span = field(compare=False)


@record
class Attribute:
    """``base.name``; after a dot a name may be a template too (``backbone.layer{i}``)."""

    base: "Expr"
    name: "str | Template"
    span: Span = field(compare=False)


@record
class Index:
    """``base[index]``."""

    base: "Expr"
    index: "Expr"
    span: Span = field(compare=False)


@record
class Slice:
    """``base[start:stop]``, either side may be missing."""

    base: "Expr"
    start: "Expr | None"
    stop: "Expr | None"
    span: Span = field(compare=False)


@record
class Arg:
    """An argument, by place (no name) or by name; ``name_span`` is the name's own place."""

    name: str | None
    value: "Expr"
    span: Span = field(compare=False)
    name_span: Span | None = field(default=None, compare=False)


@record
class Call:
    """``callee(args)`` in an expression: a function, or a layer or block partially applied."""

    callee: "Name | Attribute"
    args: tuple[Arg, ...]
    span: Span = field(compare=False)


@record
class Unary:
    """``-x`` or ``not x``; ``op`` is ``-`` or ``not``."""

    op: str
    operand: "Expr"
    span: Span = field(compare=False)


@record
class Binary:
    """Arithmetic: ``+ - * / // % **``; or ``and``, ``or``. ``op_span`` is the operator's place."""

    op: str
    left: "Expr"
    right: "Expr"
    span: Span = field(compare=False)
    op_span: Span | None = field(default=None, compare=False)


@record
class Compare:
    """``a < b <= c``: one operand more than there are operators (``== != < <= > >=``)."""

    operands: "tuple[Expr, ...]"
    ops: tuple[str, ...]
    span: Span = field(compare=False)


@record
class Conditional:
    """``then if condition else otherwise``."""

    condition: "Expr"
    then: "Expr"
    otherwise: "Expr"
    span: Span = field(compare=False)


@record
class ListOf:
    """``[a, b, c]``."""

    items: "tuple[Expr, ...]"
    span: Span = field(compare=False)


@record
class Group:
    """``(expr)``: kept, so that the text comes back as it was written."""

    inner: "Expr"
    span: Span = field(compare=False)


@record
class Comprehension:
    """``[element for targets in iterable if condition]``; without brackets as a sole argument."""

    element: "Expr"
    targets: tuple[Name, ...]
    iterable: "Expr"
    condition: "Expr | None"
    brackets: bool
    span: Span = field(compare=False)


Expr = (
    Number
    | Constant
    | Text
    | KernelSize
    | Name
    | Template
    | Attribute
    | Index
    | Slice
    | Call
    | Unary
    | Binary
    | Compare
    | Conditional
    | ListOf
    | Group
    | Comprehension
)

# Lines


@record
class Label:
    """``conv1:``, ``up{i}:``, ``"block{i}-{j}":``; ``_:`` has no parts and takes a number."""

    parts: "tuple[str | Expr, ...]"
    quoted: bool
    span: Span = field(compare=False)


@record
class Branches:
    """``[ … ]`` behind a join: each item a branch."""

    items: "tuple[Line, ...]"
    span: Span = field(compare=False)


@record
class Use:
    """One step of a chain: a layer, a block, a shared module, or a reference to a tensor.

    ``args`` is none where no parentheses were written: then it may be a reference.
    """

    callee: "Name | Template | Attribute | Index"
    args: tuple[Arg, ...] | None
    branches: Branches | None
    span: Span = field(compare=False)


@record
class Braces:
    """``{ … }`` as a step."""

    body: "Body"
    span: Span = field(compare=False)


@record
class For:
    """``for targets in iterable { … }``."""

    targets: tuple[Name, ...]
    iterable: Expr
    body: "Body"
    span: Span = field(compare=False)


@record
class Repeat:
    """``repeat count { … }``."""

    count: Expr
    body: "Body"
    span: Span = field(compare=False)


@record
class If:
    """``if condition { … } else { … }``; ``else if`` is an `If` alone in ``otherwise``."""

    condition: Expr
    then: "Body"
    otherwise: "Body | None"
    span: Span = field(compare=False)


Step = Use | Braces | For | Repeat | If


@record
class Line:
    """A chain of steps joined by ``->``, with the label and the doc comment of the line."""

    label: Label | None
    steps: tuple[Step, ...]
    doc: str
    span: Span = field(compare=False)


@record
class Splice:
    """``splice cell(…)``: the block's members, put into the body around it."""

    use: Use
    span: Span = field(compare=False)


@record
class Let:
    """``let a, b = x, y``: numbers, lists, tensors, partial applications."""

    targets: tuple[Name, ...]
    values: tuple[Expr, ...]
    doc: str
    span: Span = field(compare=False)


@record
class Default:
    """One item of a `set`: a layer or block and its new defaults."""

    callee: Name
    args: tuple[Arg, ...]
    span: Span = field(compare=False)


@record
class Set:
    """``set conv(bias=false), batch_norm(eps=0.001)``."""

    items: tuple[Default, ...]
    span: Span = field(compare=False)


@record
class Require:
    """``require condition, "message"``."""

    condition: Expr
    message: Expr | None
    span: Span = field(compare=False)


@record
class Expect:
    """``expect condition``, or ``expect value in low .. high``: ``condition`` is the value."""

    condition: Expr
    low: Expr | None
    high: Expr | None
    span: Span = field(compare=False)


@record
class Size:
    """A size of an input or output: a number, or ``name=number`` for one that is dynamic."""

    name: str | None
    value: Expr
    span: Span = field(compare=False)


@record
class Input:
    """``input image[3, 224, 224]``, ``input tokens[T=200]: int(vocabulary)``."""

    name: Name
    sizes: tuple[Size, ...]
    integers: Expr | None
    doc: str
    span: Span = field(compare=False)


@record
class Shared:
    """``shared tower = twin(4096)``."""

    name: Name
    use: Use
    doc: str
    span: Span = field(compare=False)


@record
class Output:
    """``output name[sizes] when training: chain``; all but the name may be missing."""

    name: Name
    sizes: tuple[Size, ...] | None
    when_training: bool
    steps: tuple[Step, ...]
    doc: str
    span: Span = field(compare=False)


@record
class Losses:
    """``losses(targets) { … }``: what a net is trained by, of what its images show."""

    targets: Name
    body: "Body"
    doc: str
    span: Span = field(compare=False)


Statement = Line | Splice | Let | Set | Require | Expect | Input | Shared | Output | Losses


@record
class Body:
    """What stands between braces, in order."""

    statements: tuple[Statement, ...]
    span: Span = field(compare=False)


# Declarations


@record
class Param:
    """``name: annotation = default``."""

    name: Name
    annotation: Name | None
    default: Expr | None
    span: Span = field(compare=False)


@record
class Contract:
    """``[C, H, W] -> [width, H // 2, W // 2]``; inputs are names that the sizes are bound to."""

    inputs: tuple[Name, ...]
    outputs: tuple[Expr, ...]
    span: Span = field(compare=False)


@record
class Import:
    """``use a.b (c, d)``, ``use a.b as e``, ``use "a/b" (c)``: ``path`` holds the parts."""

    path: tuple[str, ...]
    quoted: bool
    names: tuple[Name, ...]
    alias: Name | None
    span: Span = field(compare=False)
    path_span: Span = field(compare=False)


@record
class Function:
    """``def name(params) = expression``."""

    name: Name
    params: tuple[Param, ...]
    result: Expr
    doc: str
    span: Span = field(compare=False)


@record
class Block:
    """``block name(params) : contract { … }``."""

    name: Name
    params: tuple[Param, ...]
    contract: Contract | None
    body: Body
    doc: str
    span: Span = field(compare=False)


@record
class Net:
    """``net name(params) { … }``."""

    name: Name
    params: tuple[Param, ...]
    body: Body
    doc: str
    span: Span = field(compare=False)


@record
class Variant:
    """``net name = base(args) { expect … }``; the body holds `expect`s only."""

    name: Name
    base: Name
    args: tuple[Arg, ...]
    body: Body | None
    doc: str
    span: Span = field(compare=False)


@record
class Extern:
    """``extern name(params) : contract { key = value … }``."""

    name: Name
    params: tuple[Param, ...]
    contract: Contract | None
    entries: tuple[tuple[Name, Expr], ...]
    doc: str
    span: Span = field(compare=False)


Declaration = Import | Function | Let | Set | Block | Net | Variant | Extern


@record
class File:
    """A spec as it was written; ``doc`` is the first paragraph of its ``##`` lines.

    ``lost`` are the names of declarations that could not be read: using them is no further error.
    """

    source: Source
    doc: str
    declarations: tuple[Declaration, ...]
    lost: tuple[str, ...] = field(default=(), compare=False)
