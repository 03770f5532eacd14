"""Specs as Hypothesis writes them: right by construction, with odd spaces, breaks and comments."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["conv", "width", "block", "input", "max", "x1", "_a", "net", "in_", "set"])
FREE = st.sampled_from(["relu", "unit", "a", "tower", "net", "block", "when", "x1"])
SPACE = st.sampled_from(["", " ", "  ", "\t"])
GAP = st.sampled_from([" ", "  ", "\t "])
COMMENT = st.sampled_from(["", "", "", "  # why", " #"])
ATOMS = st.one_of(
    st.sampled_from(["1", "64", "1_000", "0.5", "1e-5", "4.1G", "3x3", "0x3", "_", "in.channels"]),
    st.sampled_from(["true", "none", '"a {w} b"', "up{i}", "a.b{i + 1}", "xs[0]", "xs[1:]", "f()"]),
    NAMES,
)


def joined(parts: st.SearchStrategy[str], least: int = 0, most: int = 3) -> st.SearchStrategy[str]:
    """Parts with commas between them, in a bracket where lines may be broken."""
    broken = st.sampled_from([", ", ",", " , ", ",\n", ", # one more\n    ", ",\n\n"])
    return st.tuples(broken, st.lists(parts, min_size=least, max_size=most)).map(
        lambda found: found[0].join(found[1])
    )


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of others."""
    signs = st.sampled_from(["+", "-", "*", "//", "%", "**", "==", "<=", ">"])
    words = st.sampled_from([" and ", " or "])
    return st.one_of(
        st.tuples(inner, SPACE, signs, SPACE, inner).map("".join),
        st.tuples(st.just("("), inner, words, inner, st.just(")")).map("".join),
        st.tuples(st.sampled_from(["-", "- ", "(not "]), inner).map(
            lambda found: "".join(found) + ")" * found[0].startswith("(")
        ),
        st.tuples(st.just("("), inner, st.just(" if "), inner, st.just(" else 1)")).map("".join),
        st.tuples(st.just("["), joined(inner), st.just("]")).map("".join),
        st.tuples(st.just("[i for i in "), ATOMS, st.just(" if "), ATOMS, st.just("]")).map(
            "".join
        ),
        calls(inner),
    )


def calls(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Calls with arguments by place and by name."""
    named = st.tuples(FREE, SPACE, st.just("="), SPACE, values).map("".join)
    args = joined(st.one_of(values, named))
    return st.tuples(FREE, st.just("("), SPACE, args, SPACE, st.just(")")).map("".join)


VALUES = st.recursive(ATOMS, combined, max_leaves=4)
USES = st.one_of(FREE, st.just("_"), st.just("maps[3]"), st.just("a.b"), calls(VALUES))
LABELS = st.sampled_from(["", "", "label: ", "up{i+1}:", '"a{i}-b" : ', "_: "])


def chains(steps: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Steps with arrows between them, on one line or several."""
    arrows = st.sampled_from([" -> ", "->", " ->\n", "\n-> ", " -> # on\n", "\n\n  ->"])
    found = st.tuples(arrows, st.lists(steps, min_size=1, max_size=3))
    return st.tuples(LABELS, found.map(lambda pair: pair[0].join(pair[1]))).map("".join)


def bodies(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lines in braces, or one of them on the line of the braces."""
    line = st.tuples(SPACE, lines, COMMENT, st.sampled_from(["\n", "\n\n", "\n\n\n"]))
    tall = st.lists(line.map("".join), max_size=3).map(lambda found: "{\n" + "".join(found) + "}")
    return st.one_of(tall, lines.map(lambda line: f"{{{line}}}"), st.sampled_from(["{}", "{ \n }"]))


def compound(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lines made of others: loops, choices, joins."""
    body = bodies(lines)
    ends = st.sampled_from([", ", "\n", ",\n", "\n# between\n"])
    items = st.tuples(ends, st.lists(chains(USES), min_size=1, max_size=3))
    branches = items.map(lambda pair: f"add [ {pair[0].join(pair[1])} ]")
    return st.one_of(
        st.tuples(st.just("for i, n in "), VALUES, GAP, body).map("".join),
        st.tuples(st.just("repeat "), VALUES, GAP, body).map("".join),
        st.tuples(st.just("if "), VALUES, GAP, body).map("".join),
        st.tuples(st.just("if "), VALUES, GAP, body, SPACE, st.just("else "), body).map("".join),
        chains(st.one_of(USES, branches)),
        st.tuples(st.just("label: "), body).map("".join),
    )


SIMPLE = st.one_of(
    chains(USES),
    st.tuples(st.just("let a"), SPACE, st.just("="), SPACE, VALUES).map("".join),
    st.tuples(st.just("set conv("), SPACE, st.just("bias=false), f()")).map("".join),
    st.tuples(st.just("require "), VALUES, st.just(', "height {H}"')).map("".join),
    st.sampled_from(["input x[3,H = 2]: int( 3 )", "output y[10]", "shared t = unit(8)"]),
    st.tuples(st.just("output y when training: "), chains(USES).map(lambda c: f"x -> {c}"))
    .filter(lambda found: ":" not in found[1])
    .map("".join),
    st.tuples(st.just("expect params in 1 .. "), VALUES).map("".join),
    st.tuples(st.just("\n## A doc.\n"), chains(USES)).map("".join),
)
LINES = st.recursive(SIMPLE, compound, max_leaves=4)
PARAMS = joined(st.sampled_from(["a", "b: list", "c = 3", "d: kernel=3x3", "e=1 if a else 2"]))
DECLARATIONS = st.one_of(
    st.sampled_from(["use a.b (c, d)", "use a . b as e", 'use "a/b" (c)', "let x, y = 1, [2]"]),
    st.tuples(st.just("def f(x, y=1) ="), VALUES).map("".join),
    st.tuples(st.just("block b("), PARAMS, st.just(")"), GAP, bodies(LINES)).map("".join),
    st.tuples(st.just("block b :[C]->[2*C]"), GAP, bodies(LINES)).map("".join),
    st.tuples(st.just("net N"), GAP, bodies(LINES)).map("".join),
    st.tuples(st.just("net M="), calls(VALUES), GAP, bodies(st.just("expect params==1"))).map(
        "".join
    ),
    st.tuples(st.just("extern e(a) : [C] -> [a] {\nmacs="), VALUES, st.just("\n}")).map("".join),
)
SPECS = st.tuples(
    st.sampled_from(["", "## A file.\n##\n## Its doc.\n\n", "# a note\n", "\n\n"]),
    st.lists(
        st.tuples(st.sampled_from(["", "## Said before.\n", "# note\n"]), DECLARATIONS).map(
            "".join
        ),
        min_size=1,
        max_size=3,
    ).map("\n\n".join),
    st.sampled_from(["", "\n", "\n# end", "  \n\n\n"]),
).map("".join)
