"""Cells of a notebook, in a kernel of their own: each is a run, and the scope goes on from cell to cell."""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
from conftest import spans_in
from nbclient import NotebookClient

CELLS = (
    "import asyncio, spanwire\nspanwire.init(transport={transport!r})\nspanwire.set_conversation_id('notebook')",
    "with spanwire.invoke_agent('sync'):\n    spanwire.chat('m1').end()",
    "async with spanwire.invoke_agent('async'):\n    await asyncio.sleep(0)\n    spanwire.chat('m2').end()",
    "with spanwire.invoke_agent('fails'):\n    raise LookupError('lost')",
    "assert spanwire.current_span() is None\nopened = spanwire.invoke_agent('over cells').__enter__()",
    "spanwire.chat('m3').end()",
    "opened.__exit__(None, None, None)\nassert spanwire.current_span() is None\nprint(spanwire.flush(5))",
)


def test_cells_of_a_notebook(tmp_path: Path) -> None:
    envelopes = tmp_path / "envelopes"
    cells = [nbformat.v4.new_code_cell(cell.format(transport=f"file:{envelopes}")) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    asyncio.run(NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).async_execute())
    failed = [output["ename"] for cell in cells for output in cell.outputs if output.output_type == "error"]
    assert failed == ["LookupError"]
    assert cells[-1].outputs[0]["text"] == "True\n"
    spans = {span["name"]: span for span in spans_in(envelopes)}
    for agent, chat in (("sync", "m1"), ("async", "m2"), ("over cells", "m3")):
        assert spans[f"chat {chat}"]["parent_span_id"] == spans[f"invoke_agent {agent}"]["span_id"]
        assert spans[f"chat {chat}"]["attributes"]["gen_ai.conversation.id"] == "notebook"
    assert spans["invoke_agent fails"]["status"] == "error"
