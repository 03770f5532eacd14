"""Where `use` looks for files, and where it does not."""

from pathlib import Path

import pytest
from marks import checked, errors

UNIT = "block unit(width) {\n    conv(width, 1x1)\n}\n"
NET = "net N {\n    input image[3, 8, 8]\n    unit(4)\n}\n"


def write(folder: Path, name: str, text: str) -> Path:
    """A file in a folder, which is made."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def codes(file: Path) -> list[str]:
    """The codes of what is wrong with a file."""
    return [found.code for found in errors(checked(file))]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the mark of a project's root, inside of another with a block."""
    write(tmp_path, "outside.net", UNIT)
    write(tmp_path / "root", "netwright.toml", "")
    return tmp_path / "root"


def test_a_file_is_looked_for_beside_and_above_up_to_the_root(project: Path) -> None:
    write(project, "shared/units.net", UNIT)
    spec = write(project, "nets/deep/a.net", f"use shared.units (unit)\n\n{NET}")
    assert codes(spec) == []


def test_the_nearest_file_is_taken(project: Path) -> None:
    write(project, "units.net", "block unit(other) {\n    relu\n}\n")
    write(project, "nets/units.net", UNIT)
    assert codes(write(project, "nets/a.net", f"use units (unit)\n\n{NET}")) == []


def test_nothing_above_the_root_is_there(project: Path) -> None:
    spec = write(project, "nets/a.net", f"use outside (unit)\n\n{NET}")
    assert codes(spec) == ["unknown-file"]


def test_without_a_root_only_the_own_folder_counts(tmp_path: Path) -> None:
    write(tmp_path, "units.net", UNIT)
    assert codes(write(tmp_path, "nets/a.net", f"use units (unit)\n\n{NET}")) == ["unknown-file"]
    assert codes(write(tmp_path, "a.net", f"use units (unit)\n\n{NET}")) == []


@pytest.mark.parametrize("path", ["../outside", "/outside", "nets/../../outside", "~/outside", "."])
def test_no_path_leads_outside(project: Path, path: str) -> None:
    spec = write(project, "nets/a.net", f'use "{path}" (unit)\n\n{NET}')
    assert codes(spec) == ["use-outside"]


def test_no_link_leads_outside(project: Path) -> None:
    (project / "link.net").symlink_to(project.parent / "outside.net")
    (project / "folder").symlink_to(project.parent, target_is_directory=True)
    assert codes(write(project, "a.net", f"use link (unit)\n\n{NET}")) == ["unknown-file"]
    assert codes(write(project, "b.net", f"use folder.outside (unit)\n\n{NET}")) == ["unknown-file"]


def test_a_shipped_spec_can_be_imported(tmp_path: Path) -> None:
    spec = write(tmp_path, "a.net", "use resnet (basic)\n\n" + NET.replace("unit", "basic"))
    assert codes(spec) == []


def test_a_file_that_imports_itself_is_a_circle(project: Path) -> None:
    assert codes(write(project, "a.net", "use a (unit)\n\nblock other { relu }\n")) == [
        "circular-use"
    ]


def test_a_file_is_read_once_under_all_its_names(project: Path) -> None:
    write(project, "units.net", UNIT)
    write(project, "more.net", "use units (unit)\n\nblock two(width) { unit(width) }\n")
    text = f'use units (unit)\nuse "units.net" as other\nuse more (two)\n\n{NET}'
    result = checked(write(project, "a.net", text))
    assert not errors(result)
    assert len(result.program.modules) == 3
