"""Blocks that no line calls are refused for what is wrong whatever they are given, and no more."""

from effort import cases
from hypothesis import given

from netwright import syntax
from netwright.bind.binder import Binder
from netwright.bind.uncalled import Samples
from netwright.diagnostics import Report
from netwright.files import DiskFiles
from netwright.parse import parse
from netwright.pipeline import check
from netwright.source import Source
from netwright.testing import specs


@cases(60)
@given(specs())
def test_a_block_that_some_line_calls_is_right_without_it(text: str) -> None:
    report = Report()
    result = check(parse(Source("spec.net", text), report), DiskFiles(), report)
    samples = Samples(Binder(result.program, Report()))
    for definition in result.program.main.definitions:
        if isinstance(definition.node, syntax.Block | syntax.Net):
            assert not samples.certain(definition), definition.name


def test_a_mistake_says_what_was_tried() -> None:
    report = Report()
    text = "block late(width) { add [ conv(width, 1), conv(width + 1, 1) ] }\n"
    check(parse(Source("spec.net", text), report), DiskFiles(), report)
    (found,) = report.diagnostics
    assert found.code == "shape-mismatch"
    assert found.trace[-1].message.startswith("in `late(width=64)`, which no line calls, on [")


def test_a_tensor_that_a_block_asks_for_may_be_boxes() -> None:
    report = Report()
    text = "block head(map: tensor, regions: tensor) { roi_pool(7) [ map, regions ] }\n"
    check(parse(Source("spec.net", text), report), DiskFiles(), report)
    assert not report.diagnostics
    check(
        parse(Source("spec.net", text.replace("roi_pool(7)", "add")), report), DiskFiles(), report
    )
    assert not report.diagnostics  # both may be like the input
