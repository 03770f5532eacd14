"""A spec becomes the tree that the language says, with places and docs."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lark import Lark, Token, UnexpectedInput
from written import SPECS

from netwright import syntax
from netwright.diagnostics import Report, Severity
from netwright.parse import parse, parse_bytes
from netwright.parsing import make
from netwright.resources import HERE
from netwright.source import Source

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read(text: str) -> syntax.File:
    """The tree of a spec in which nothing is wrong."""
    report = Report()
    file = parse(Source("spec.net", text), report)
    assert not report.diagnostics, [found.message for found in report.diagnostics]
    return file


def wrong(text: str) -> list[str]:
    """The messages of a spec in which something is wrong."""
    report = Report()
    parse(Source("spec.net", text), report)
    return [f"{found.message}; {found.help}" for found in report.diagnostics]


def value(text: str) -> Any:
    """The tree of an expression."""
    let = read(f"let x = {text}").declarations[0]
    assert isinstance(let, syntax.Let)
    return let.values[0]


def lines(text: str) -> tuple[Any, ...]:
    """The trees of the lines of a net."""
    net = read(f"net A {{\n{text}\n}}").declarations[0]
    assert isinstance(net, syntax.Net)
    return net.body.statements


def shown(node: Any) -> str:
    """An expression with all its brackets, so that its structure can be compared."""
    match node:
        case syntax.Number() | syntax.Name() | syntax.KernelSize():
            return node.span.text
        case syntax.Unary():
            return f"({node.op} {shown(node.operand)})"
        case syntax.Binary():
            return f"({shown(node.left)} {node.op} {shown(node.right)})"
        case syntax.Compare():
            return f"<{' '.join(map(shown, node.operands))} {' '.join(node.ops)}>"
        case syntax.Conditional():
            parts = (node.then, node.condition, node.otherwise)
            return "({} if {} else {})".format(*map(shown, parts))
        case syntax.Attribute():
            return f"{shown(node.base)}.{node.name}"
        case syntax.Index():
            return f"{shown(node.base)}[{shown(node.index)}]"
        case syntax.Group():
            return shown(node.inner)
        case syntax.Call():
            return f"{shown(node.callee)}({', '.join(shown(arg.value) for arg in node.args)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("64", 64),
        ("25_557_032", 25_557_032),
        ("1_0", 10),
        ("0.5", 0.5),
        ("1e-5", 1e-5),
        ("4.1G", 4_100_000_000),
        ("2.5K", 2_500),
        ("1.2345K", 1234.5),
        ("3M", 3_000_000),
        ("2T", 2_000_000_000_000),
        ("1.0", 1.0),
    ],
)
def test_numbers_are_exact_and_whole_where_they_can_be(text: str, number: float) -> None:
    found = value(text)
    assert (found.value, type(found.value), found.text) == (number, type(number), text)


@pytest.mark.parametrize("text", ["1.", "4x", "0x", "1__0", "1_", "3k", "0b1", "3x3x", "1e"])
def test_text_that_only_starts_like_a_number_is_an_error(text: str) -> None:
    assert [message.split(";")[0] for message in wrong(f"let x = {text}")] == [
        f"`{text}` is no number"
    ]


def test_a_number_beyond_64_bits_is_an_error_however_long_it_is() -> None:
    assert value("9_223_372_036_854_775_807").value == 2**63 - 1
    for digits in ("9223372036854775808", "9" * 5000, "1e999", "3x" + "9" * 50, "10_000_000.0T"):
        assert "too large" in wrong(f"let x = {digits}")[0]


def test_a_kernel_is_a_size_and_no_hexadecimal_number() -> None:
    assert value("0x3").sizes == (0, 3)
    assert value("3x3x5").sizes == (3, 3, 5)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3 ** 2", "(1 + (2 * (3 ** 2)))"),
        ("-x ** 2", "(- (x ** 2))"),
        ("2 ** -x", "(2 ** (- x))"),
        ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
        ("8 - 4 - 2", "((8 - 4) - 2)"),
        ("a // b % c", "((a // b) % c)"),
        ("not a == b and c or d", "(((not <a b ==>) and c) or d)"),
        ("a < b <= c", "<a b c < <=>"),
        ("a if b else c if d else e", "(a if b else (c if d else e))"),
        ("in.channels // 2", "(in.channels // 2)"),
        ("xs[0].a(b)[1]", "xs[0].a(b)[1]"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("_", "_"),
    ],
)
def test_operators_bind_as_in_python(text: str, tree: str) -> None:
    assert shown(value(text)) == tree


def test_slices_have_sides_that_may_be_missing() -> None:
    sides = [(found.start, found.stop) for found in map(value, ("x[:]", "x[1:]", "x[:1]"))]
    assert [(bool(start), bool(stop)) for start, stop in sides] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_comprehensions_stand_in_brackets_or_alone_in_a_call() -> None:
    inside, alone = value("[i * j for i, j in xs if i]"), value("sum(i for i in xs)").args[0].value
    assert (inside.brackets, [name.name for name in inside.targets]) == (True, ["i", "j"])
    assert (alone.brackets, alone.condition) == (False, None)


def test_names_in_capitals_are_names() -> None:
    assert value("True") == syntax.Name("True", value("True").span)
    assert value("true").value is True


def test_texts_and_names_hold_expressions_with_their_own_places() -> None:
    text = value(r'"a {H + 1} \"b\" \{c\}"')
    assert (text.parts[0], shown(text.parts[1]), text.parts[2]) == ("a ", "(H + 1)", ' "b" {c}')
    assert text.parts[1].span.text == "H + 1"
    template = value("conv_{i // 2}a{j}")
    assert [part if isinstance(part, str) else shown(part) for part in template.parts] == [
        "conv_",
        "(i // 2)",
        "a",
        "j",
        "",
    ]


def test_labels_are_plain_indexed_quoted_or_a_number() -> None:
    plain, indexed, quoted, number = (line.label for line in lines('a: b\nup{i}: b\n"1": b\n_: b'))
    assert (plain.parts, plain.quoted) == (("a",), False)
    assert (indexed.parts[0], indexed.parts[2]) == ("up", "")
    assert (quoted.parts, quoted.quoted) == (("1",), True)
    assert number.parts == ()


def test_an_index_stands_right_behind_its_name_and_branches_do_not() -> None:
    index, branches, called = (line.steps[0] for line in lines("x[3]\nx [ a, b ]\nx(1)[ a ]"))
    assert isinstance(index.callee, syntax.Index)
    assert [len(found.branches.items) for found in (branches, called)] == [2, 1]


def test_calls_differ_from_names_by_their_parentheses() -> None:
    named, called = (step for step in lines("conv -> conv()")[0].steps)
    assert (named.args, called.args) == (None, ())


def test_a_step_may_be_a_path_an_index_or_the_input() -> None:
    steps = lines("_.scores -> backbone.layer{i}.x -> in -> units.conv(8)")[0].steps
    assert [step.span.text for step in steps] == [
        "_.scores",
        "backbone.layer{i}.x",
        "in",
        "units.conv(8)",
    ]


def test_words_are_reserved_only_where_their_lines_start() -> None:
    names = [
        "block",
        "net",
        "use",
        "def",
        "extern",
        "when",
        "training",
        "int",
        "as",
        "else",
        "and",
        "or",
    ]
    found = lines("\n".join(f"{name}: {name} -> {name}(max=1, input=2)" for name in names))
    assert [line.label.parts[0] for line in found] == names
    (line,) = lines("x: input -> let -> set(repeat_=1) -> output")
    assert len(line.steps) == 4


def test_newlines_end_lines_in_braces_and_branches_and_nowhere_else() -> None:
    text = "conv(\n8,\n\n3x3,\n) # c\n->\n# c\n relu\n\nadd [\na,\nb\n\nc, d\n]\nlet x = [\n1\n]"
    chain, join, let = lines(text)
    assert (len(chain.steps), len(join.steps[0].branches.items), len(let.values)) == (2, 4, 1)


def test_else_if_is_an_if_alone_in_the_other_body() -> None:
    choice = lines("if a { b } else if c { d } else { e }")[0].steps[0]
    (line,) = choice.otherwise.statements
    assert isinstance(line.steps[0], syntax.If)
    assert line.steps[0].otherwise is not None


def test_loops_and_choices_stand_in_chains_and_behind_labels() -> None:
    text = "a: for i in range(2) { b }\nx -> repeat 2 { b } -> { c } -> if d { e }"
    kinds = [[type(step).__name__ for step in line.steps] for line in lines(text)]
    assert kinds == [["For"], ["Use", "Repeat", "Braces", "If"]]


def test_every_kind_of_line_is_read() -> None:
    text = """
        splice cell(8)
        let a, b = _, conv(8)
        set conv(bias=false), batch_norm(eps=1e-5)
        require a == 1, "a is {a}"
        expect params == 1
        expect macs in 1K .. 2K
        input tokens[T=200, 3]: int(20_000)
        shared tower = twin(8)
        output aux[10] when training: a -> b
        output scores
    """
    found = lines(text)
    kinds = "Splice Let Set Require Expect Expect Input Shared Output Output"
    assert " ".join(type(line).__name__ for line in found) == kinds
    assert [(size.name, size.span.text) for size in found[6].sizes] == [("T", "T=200"), (None, "3")]
    assert (found[8].when_training, len(found[8].steps), found[9].sizes) == (True, 2, None)


def test_every_kind_of_declaration_is_read() -> None:
    text = """
        use a.b (c, d)
        use "a/b" as e
        def f(x, y=1) = x + y
        let n = 3
        set conv(bias=false)
        block b(unit: block, k: kernel = 3x3) : [C, H, W] -> [2 * C, H, W] { unit }
        block c { relu }
        extern e(a) : [C] -> [a] { macs = C
            torch = "x.Y" }
        net A(n=1) { relu }
        net B = A(n=2) { expect params == 0 }
        net C = A
    """
    use, quoted, _, _, _, block, bare, extern, _, variant, plain = read(text).declarations
    assert isinstance(use, syntax.Import) and isinstance(quoted, syntax.Import)
    assert (use.path, use.path_span.text, quoted.path, quoted.quoted) == (
        ("a", "b"),
        "a.b",
        ("a", "b"),
        True,
    )
    assert isinstance(block, syntax.Block) and isinstance(bare, syntax.Block)
    assert block.contract and [name.name for name in block.contract.inputs] == ["C", "H", "W"]
    assert [(p.annotation and p.annotation.name, bool(p.default)) for p in block.params] == [
        ("block", False),
        ("kernel", True),
    ]
    assert bare.params == ()
    assert isinstance(extern, syntax.Extern)
    assert [name.name for name, _ in extern.entries] == ["macs", "torch"]
    assert isinstance(variant, syntax.Variant) and isinstance(plain, syntax.Variant)
    assert (len(variant.args), plain.args, plain.body) == (1, (), None)


def test_docs_belong_to_the_file_the_declaration_or_the_line() -> None:
    file = read(
        "## A file.\n##\n## Its doc.\n\n## A net.\n## Two lines.\nnet A {\n  ## A line.\n  a\n}"
    )
    (net,) = file.declarations
    assert isinstance(net, syntax.Net)
    assert (file.doc, net.doc) == ("A file.\n\nIts doc.", "A net.\nTwo lines.")
    assert isinstance(net.body.statements[0], syntax.Line)
    assert net.body.statements[0].doc == "A line."


def test_a_doc_without_an_empty_line_behind_it_is_not_the_files() -> None:
    file = read("# note\n## A net.\n# note\nnet A { a }\n### rule ###\n")
    assert (file.doc, getattr(file.declarations[0], "doc", "")) == ("", "A net.")


def test_a_doc_that_describes_nothing_is_a_warning() -> None:
    report = Report()
    parse(Source("x", "## a\n\n## b\n\nnet A {\n  a\n  ## c\n}\nnet B { f(\n## d\n1) }"), report)
    found = [(each.code, each.severity, each.span.line) for each in report.diagnostics]
    assert found == [("detached-doc", Severity.WARNING, line) for line in (3, 7, 10)]


def test_spans_hold_the_text_of_their_nodes() -> None:
    block = read(
        "block b(w, s=1) : [C] -> [w] {\n  a: conv(w, 3x3) -> relu\n}  # end"
    ).declarations[0]
    assert isinstance(block, syntax.Block)
    line = block.body.statements[0]
    assert (block.span.text[:7], block.span.text[-1], line.span.text) == (
        "block b",
        "}",
        "a: conv(w, 3x3) -> relu",
    )
    assert [param.span.text for param in block.params] == ["w", "s=1"]
    assert (line.span.line, line.span.column) == (2, 3)


def test_byte_order_mark_tabs_and_crlf_are_white_space() -> None:
    plain = read("net A {\n    relu\n}\n")
    source, file = parse_bytes("x.net", "\ufeffnet A {\r\n\trelu\r\n}".encode(), Report())
    assert file.declarations == plain.declarations == read("\ufeffnet A {\n relu }").declarations
    assert not source.text.startswith("\ufeff")


@given(SPECS)
@RELAXED
def test_what_is_written_by_the_rules_is_read(text: str) -> None:
    report = Report()
    parse(Source("x", text), report)
    assert not report.failed, [(d.span.line, d.message) for d in report.diagnostics]


@given(SPECS)
@RELAXED
def test_lark_itself_reads_what_is_written_by_the_rules(text: str) -> None:
    LARK.parse(text)


@given(SPECS, st.integers(0, 400), st.sampled_from([")", "{", "->", ", ,", "= =", "3 3", "\n"]))
@RELAXED
def test_lark_itself_refuses_what_is_refused_for_its_structure(
    text: str, place: int, damage: str
) -> None:
    damaged = text[:place] + damage + text[place:]
    report = Report()
    parse(Source("x", damaged), report)
    try:
        LARK.parse(damaged)
    except UnexpectedInput:
        assert report.failed, damaged


class Newlines:
    """What the reader does with newlines, for Lark's own parser."""

    always_accept = ("_NL",)

    def process(self, stream: Any) -> Any:
        """Drop the newlines that end no line."""
        opened: list[str] = []
        last = ""
        for token in stream:
            if token.type == "_NL" and self.means_nothing(last, opened):
                continue
            if token.type in ("LPAR", "LBRACE", "_LIST", "_INDEX", "_BRANCHES"):
                opened.append(token.type)
            elif token.type in ("RPAR", "RBRACE", "RSQB") and opened:
                opened.pop()
            last = token.type
            yield Token.new_borrow_pos(token.type, token, token)

    @staticmethod
    def means_nothing(last: str, opened: list[str]) -> bool:
        """Whether a newline behind this token ends no line."""
        inner = opened[-1] if opened else "LBRACE"
        return (
            last in ("", "_NL", "LBRACE", "_BRANCHES", "_ARROW")
            or inner not in ("LBRACE", "_BRANCHES")
            or (last == "COMMA" and inner == "_BRANCHES")
        )


LARK = Lark((make.grammar()), parser="lalr", lexer="contextual", start="file", postlex=Newlines())


def test_the_shipped_tables_are_those_of_the_grammar() -> None:
    with open(f"{HERE}/parsing/net.tables", encoding="utf-8") as file:
        assert file.read() == make.tables(), "run `python -m netwright.parsing.make`"
