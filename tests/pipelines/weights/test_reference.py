"""docs/SIGNALS.md: written from the code, never stale."""

from __future__ import annotations

from assets.shill.signals import REGISTRY
from pipelines.weights.reference import PAGE, ROOT, signals_reference


def test_the_page_says_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == signals_reference(), (
        "docs/SIGNALS.md is stale: python -m pipelines.weights.reference"
    )


def test_every_signal_names_kernels_that_exist():
    for signal in REGISTRY:
        assert signal.kernels, signal.name
        for kernel in signal.kernels:
            assert (ROOT / "graph" / f"{kernel}.py").is_file(), kernel
        assert signal.measures.endswith(".")


def test_the_page_has_a_section_for_every_signal_and_a_line_for_every_kernel():
    page = signals_reference()

    assert all(f"#### `{signal.name}`" in page for signal in REGISTRY)
    for path in (ROOT / "graph").glob("*/*.py"):
        room = path.parent.name
        assert path.stem == "__init__" or f"| [graph/{room}/{path.stem}.py]" in page
