import json

from hypothesis import given
from hypothesis import strategies as st

from tasks.evidence.notebook import read_notebook

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "metadata", "language_info", "kernelspec", "source", "outputs", "data", "text", "cell_type"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def notebook(*cells, **metadata):
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4}, indent=1)


def code(source, count=1, outputs=()):
    return {"cell_type": "code", "source": source, "execution_count": count, "outputs": list(outputs)}


def test_code_cells_become_one_text_with_magics_blanked():
    read = read_notebook(notebook(code(["%matplotlib inline\n", "!pip install x\n", "a = 1"]), code("if a:\n    !ls\n    b = 2")))
    assert read.code.split("\n") == ["# %matplotlib inline", "# !pip install x", "a = 1", "if a:", "    pass  # !ls", "    b = 2"]
    assert [line for line, _ in read.shell_lines] == ["%matplotlib inline", "!pip install x", "!ls"]


def test_a_line_of_the_text_maps_to_its_cell_and_its_line_in_the_file():
    text = notebook({"cell_type": "markdown", "source": ["# Title"]}, code(["x = 1\n", "y = 2"]))
    read = read_notebook(text)
    line = read.code.split("\n").index("y = 2") + 1
    assert read.cell_of(line) == 1
    assert '"y = 2"' in text.split("\n")[read.physical_line(line) - 1]


def test_a_whole_cell_of_another_language_is_no_python():
    read = read_notebook(notebook(code("%%bash\nls -l\necho done")))
    assert all(line.startswith("#") for line in read.code.split("\n"))


def test_saved_outputs_and_errors_are_told():
    outputs = [{"output_type": "stream", "text": ["acc 0.9\n"]}, {"output_type": "error", "ename": "KeyError"}]
    (cell,) = read_notebook(notebook(code("fit()", 3, outputs))).cells
    assert (cell.execution_count, cell.has_output, cell.has_error) == (3, True, True)
    assert "acc 0.9" in cell.output


def test_version_three_keeps_its_cells_in_worksheets():
    text = json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "prompt_number": 7, "outputs": []}]}]})
    (cell,) = read_notebook(text).cells
    assert (cell.source, cell.execution_count) == ("x = 1", 7)


def test_another_kernel_is_named_and_its_code_not_read_as_python():
    read = read_notebook(notebook(code("x <- 1"), kernelspec={"language": "R"}))
    assert (read.language, read.code) == ("r", "")


def test_broken_json_is_an_error_and_no_cells():
    read = read_notebook('{"cells": [')
    assert read.error
    assert read.cells == []


@given(ANY_JSON)
def test_no_json_raises(value):
    read_notebook(json.dumps(value))
