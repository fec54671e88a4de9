"""Why: a second renderer must see the same label, and a machine without one must be told so."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from printers import CannotDraw, profile_named
from printers.draw import draw, find_node, find_renderer
from printers.templates.shipping import Carton, carton_label


def test_the_carton_label_drawn_by_node_scans_too(carton: Carton) -> None:
    if find_node() is None or find_renderer() is None:
        pytest.skip("Needs Node and zpl-renderer-js (pwa/node_modules, or PICKWAVE_ZPL_RENDERER).")
    label = carton_label(profile_named("zd421-203"), carton)
    picture = Image.open(io.BytesIO(draw(label.zpl(), 101.5, label.page.height / 8))).convert("L")
    codes = {code.text for code in zxingcpp.read_barcodes(np.array(picture), text_mode=zxingcpp.TextMode.Plain)}
    assert codes == {carton.tracking, "00" + carton.sscc}


def test_a_machine_without_a_renderer_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PICKWAVE_ZPL_RENDERER", str(tmp_path / "none.js"))
    monkeypatch.setenv("PICKWAVE_NODE", "node")
    with pytest.raises(CannotDraw, match=r"zpl-renderer-js, which was not found"):
        draw(b"^XA^XZ", 100, 50)
    monkeypatch.delenv("PICKWAVE_NODE")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotDraw, match="no Node was found"):
        draw(b"^XA^XZ", 100, 50)


def test_a_renderer_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if find_node() is None:
        pytest.skip("Needs Node.")
    broken = tmp_path / "broken.cjs"
    broken.write_text("exports.ready = Promise.reject(new Error('no ink'));")
    monkeypatch.setenv("PICKWAVE_ZPL_RENDERER", str(broken))
    with pytest.raises(CannotDraw, match="no ink"):
        draw(b"^XA^XZ", 100, 50)
