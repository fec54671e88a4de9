"""The generated files are what the generator writes."""

from __future__ import annotations

import pytest

from seed.data import DEMO
from seed.make import files


@pytest.mark.parametrize("name", sorted(files()))
def test_the_committed_file_is_what_the_generator_writes(name: str) -> None:
    assert (DEMO / name).read_bytes() == files()[name].encode("utf-8")


def test_every_csv_of_the_demo_is_generated() -> None:
    assert {path.name for path in DEMO.glob("*.csv")} == set(files())


def test_every_file_is_small_enough_to_be_read() -> None:
    assert max(path.stat().st_size for path in DEMO.iterdir()) < 200_000
