"""Specs have one form, which means what they meant and keeps what they said."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from written import SPECS

from netwright import syntax
from netwright.diagnostics import Report
from netwright.fmt import format
from netwright.parse import parse
from netwright.source import Source

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def tree(text: str) -> syntax.File:
    """The tree of a spec that can be read."""
    report = Report()
    file = parse(Source("spec.net", text), report)
    assert not report.failed, [found.message for found in report.diagnostics]
    return file


def comments(text: str) -> Counter[str]:
    """The comments of a spec that holds no `#` in a text."""
    return Counter(found.strip() for found in re.findall(r"#[^\n]*", text))


@given(SPECS)
@RELAXED
def test_formatting_keeps_the_tree_and_every_comment(text: str) -> None:
    before, formatted = tree(text), format(text)
    after = tree(formatted)
    assert (after.declarations, after.doc) == (before.declarations, before.doc)
    assert comments(formatted) == comments(text)


@given(SPECS)
@RELAXED
def test_formatting_twice_is_formatting_once(text: str) -> None:
    once = format(text)
    assert format(once) == once
    assert once.endswith("\n") and not once.startswith("\n") and "\n\n\n" not in once
    assert not re.search(r"[ \t]$", once, re.MULTILINE)


SPACES = """
use   a . b( c,d )
use a.b (c, d)

def f( x,y = 1 )=x+y*2-  -1
def f(x, y=1) = x + y * 2 - -1

let a,b=x [0:1],-b[ : ]
let a, b = x[0:1], -b[:]

let x=2 ** 3+x.y ** 2+f(x)**2+2**f(x)
let x = 2**3 + x.y**2 + f(x) ** 2 + 2 ** f(x)

let x = [ i*2 for i,j in( xs )if not i ]
let x = [i * 2 for i, j in (xs) if not i]

let x = in[0]+in . channels
let x = in[0] + in.channels

set conv( bias = false ),g( stride=2 if i>0 else 1 )
set conv(bias=false), g(stride = 2 if i > 0 else 1)

set g( a=f(1 if b else 2),pad = [ [0,1],[2 ,3] ],k=-1 )
set g(a=f(1 if b else 2), pad=[[0, 1], [2, 3]], k=-1)

block  down( width,k : kernel=3x3 ):[C,H]->[width,H//2] {relu}
block down(width, k: kernel=3x3) : [C, H] -> [width, H // 2] { relu }

extern e(a):[C]->[a]{macs=3*C}
extern e(a) : [C] -> [a] { macs = 3 * C }

net  A( u : block ){input x [3,H = 2]:int( 3 )}
net A(u: block) { input x[3, H=2]: int(3) }

net B=A( 3 ) {expect macs in 4.0G..4.2G}
net B = A(3) { expect macs in 4.0G .. 4.2G }

net C {  }
net C {}

net C { add [a,b, ]->maps[ 3 ]->concat (axis=1)[ _ ,c ] }
net C { add [ a, b ] -> maps[3] -> concat(axis=1) [ _, c ] }

net C { if a {b->c}else if( c ) { d }else { "x{ i }" :e } }
net C { if a { b -> c } else if (c) { d } else { "x{ i }": e } }

net C { output z[ 3 ]when   training:up{i}->b }
net C { output z[3] when training: up{i} -> b }
"""


@pytest.mark.parametrize("case", SPACES.strip().split("\n\n"))
def test_spaces_are_those_of_the_one_form(case: str) -> None:
    before, after = case.split("\n")
    assert format(before) == f"{after}\n"


LAYOUT = """
\ufeffnet A {\t  # opens


\tinput image[3]\r


    # about the layer
      conv(8,
  3x3
        )   # three lines

    add [ a, # first
    b

    # second
    c ]


}
---
net A {  # opens

    input image[3]

    # about the layer
    conv(8,
        3x3
    )  # three lines

    add [
        a  # first
        b

        # second
        c
    ]
}
===
net B = A(
[1, 2],
) { expect params == 1
expect macs == 2 }
net C { for i in xs { a
->b->
c } }
---
net B = A(
    [1, 2],
) {
    expect params == 1
    expect macs == 2
}
net C {
    for i in xs {
        a
            -> b ->
            c
    }
}
===
## The file.
##
## More.

## The net.
net A { a }
---
## The file.
##
## More.

## The net.
net A { a }
"""


@pytest.mark.parametrize("case", LAYOUT.split("===\n"))
def test_lines_are_indented_by_their_brackets_and_kept_apart(case: str) -> None:
    before, after = case.split("---\n")
    assert format(before.lstrip("\n")) == after


LONG = """
net ResNeXt50_32x4d = ResNet(bottleneck(groups=32, base=4), [3, 4, 6, 3]) \
{ expect params == 25_028_904 }
---
net ResNeXt50_32x4d = ResNet(bottleneck(groups=32, base=4), [3, 4, 6, 3]) {
    expect params == 25_028_904
}
===
block down(width, first_long_name=1, second_long_name=2, third_long_name=3) \
: [C, H, W] -> [width, H // 2, W] {
    relu
}
---
block down(
    width,
    first_long_name=1,
    second_long_name=2,
    third_long_name=3,
) : [C, H, W] -> [width, H // 2, W] {
    relu
}
===
net A {
    label: first_block_of_many(1) -> second_block_of_many(2) -> third_block_of_many(3) \
-> fourth_block(4)
    add [ first_block_of_many(1) -> second_block_of_many(2), \
third_block_of_many(3) -> fourth_block(4) ]
    conv(in.channels, first_long_name=12345678, second_long_name=12345678, \
third_long_name=123456789)  # why
}
---
net A {
    label: first_block_of_many(1) -> second_block_of_many(2) -> third_block_of_many(3) ->
        fourth_block(4)
    add [
        first_block_of_many(1) -> second_block_of_many(2)
        third_block_of_many(3) -> fourth_block(4)
    ]
    conv(
        in.channels,
        first_long_name=12345678,
        second_long_name=12345678,
        third_long_name=123456789,
    )  # why
}
===
let x = [first_long_name * second_long_name + third_long_name \
for first_long_name in second_long_name]
---
let x = [
    first_long_name * second_long_name + third_long_name for first_long_name in second_long_name
]
"""


@pytest.mark.parametrize("case", LONG.strip("\n").split("===\n"))
def test_long_lines_are_broken_at_their_outermost_bracket_or_arrow(case: str) -> None:
    before, after = (part.strip("\n") + "\n" for part in case.split("---\n"))
    assert max(map(len, before.split("\n"))) > 100
    assert format(before) == after


def test_a_line_that_cannot_be_broken_stays() -> None:
    text = f'net A {{\n    require x, "{"long " * 30}"\n}}\n'
    assert format(text) == text


def test_a_comment_does_not_make_a_line_too_long() -> None:
    text = f"net A {{\n    conv(8, 3x3)  # {'long ' * 20}end\n}}\n"
    assert format(text) == text


def test_a_spec_that_cannot_be_read_stays_as_it_is() -> None:
    text = "net A {\n conv( 8 8 )\n}"
    assert format(text) == text


def test_a_tree_is_formatted_by_its_source() -> None:
    assert format(tree("net  A { a }")) == "net A { a }\n"
