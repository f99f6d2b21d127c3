"""A graph that grows node by node; every value is named by the builder."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

OPSET, ML_OPSET = 17, 3
ML = "ai.onnx.ml"


class NotExportable(Exception):
    """The model cannot be written as ONNX; the message goes on after `not exportable because`."""


class Graph:
    """Nodes, constants and inputs of a model in the making."""

    def __init__(self, deadline: float = float("inf")) -> None:
        self.deadline = deadline
        self.inputs: dict[str, str] = {}
        """Column by name: `double` or `string`."""
        self._nodes: list[Any] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._initializers: list[Any] = []
        self._names: dict[str, str] = {}

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Name of the one output of a new node. Raises NotExportable when the time is out."""
        from onnx import helper

        if time.time() > self.deadline:
            raise NotExportable("the time was out; `axiom export` can do it later")
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], name=output, domain=domain, **attributes))
        return output

    def name_output(self, value: str, name: str) -> str:
        """The value under a name of its own."""
        from onnx import helper

        self._nodes.append(helper.make_node("Identity", [value], [name], name=f"as {name}"))
        return name

    def constant(self, values: Any, dtype: Any = np.float64) -> str:
        """Name of a constant; equal ones are kept once."""
        from onnx import numpy_helper

        if dtype is str:
            texts = np.array([str(v) for v in values], dtype=object)
            name = f"texts_{len(self._initializers)}"
            self._initializers.append(numpy_helper.from_array(texts, name))
            return name
        array = np.ascontiguousarray(values, dtype=dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"constant_{len(self._initializers)}"
            self._initializers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def column(self, name: str, kind: str) -> str:
        """The input `(n, 1)` of a column, `double` or `string`, flattened to `(n,)`."""
        if self.inputs.setdefault(name, kind) != kind:
            raise NotExportable(f"`{name}` is read both as a number and as a level")
        if name not in self._names:
            self._names[name] = self.op("Reshape", name, self.constant([-1], np.int64))
        return self._names[name]

    def model(self, outputs: list[tuple[str, str, list[Any]]]) -> bytes:
        """The serialised model; outputs are `(name, double | string, shape)`. Raises ValueError when the graph is not valid."""
        import onnx
        from onnx import TensorProto, helper

        kinds = {"double": TensorProto.DOUBLE, "string": TensorProto.STRING}
        ins = [helper.make_tensor_value_info(name, kinds[kind], [None, 1]) for name, kind in self.inputs.items()]
        outs = [helper.make_tensor_value_info(name, kinds[kind], shape) for name, kind, shape in outputs]
        graph = helper.make_graph(self._nodes, "axiom", ins, outs, self._initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)], ir_version=8)
        model.producer_name = "axiom"
        content: bytes = model.SerializeToString()
        if len(content) < 2**30:
            onnx.checker.check_model(content)
        return content

    # Arithmetic in the words of numpy.

    def add(self, left: str, right: Any) -> str:
        return self.op("Add", left, self._value(right))

    def subtract(self, left: Any, right: Any) -> str:
        return self.op("Sub", self._value(left), self._value(right))

    def multiply(self, left: str, right: Any) -> str:
        return self.op("Mul", left, self._value(right))

    def divide(self, left: str, right: Any) -> str:
        return self.op("Div", left, self._value(right))

    def clip(self, value: str, low: Any, high: Any) -> str:
        return self.op("Min", self.op("Max", value, self._value(low)), self._value(high))

    def where_missing(self, value: str, instead: Any) -> str:
        return self.op("Where", self.op("IsNaN", value), self._value(instead), value)

    def where_zero(self, tested: str, instead: Any, value: str) -> str:
        return self.op("Where", self.op("Equal", tested, self.constant(0.0)), self._value(instead), value)

    def matrix(self, left: str, right: Any) -> str:
        return self.op("MatMul", left, self._value(right))

    def upright(self, value: str) -> str:
        """`(n,)` as `(n, 1)`."""
        return self.op("Reshape", value, self.constant([-1, 1], np.int64))

    def flat(self, value: str) -> str:
        """`(n, 1)` as `(n,)`."""
        return self.op("Reshape", value, self.constant([-1], np.int64))

    def double(self, value: str) -> str:
        return self.op("Cast", value, to=11)

    def beside(self, values: list[str]) -> str:
        """Matrices of as many rows, side by side."""
        return self.op("Concat", *values, axis=1) if len(values) > 1 else values[0]

    def pick_columns(self, value: str, positions: Any) -> str:
        return self.op("Gather", value, self.constant(positions, np.int64), axis=1)

    def pick_rows(self, table: Any, index: str) -> str:
        """Rows of a constant table by an index `(n,)`."""
        return self.op("Gather", self.constant(table), index, axis=0)

    def interpolate(self, value: str, at: Any, levels: Any) -> str:
        """`np.interp` of `(n,)` for each row of `levels` `(k, len(at))`; gives `(n, k)`."""
        at, levels = np.asarray(at, dtype=float), np.atleast_2d(np.asarray(levels, dtype=float))
        widths = np.diff(at)
        used = widths > 0
        if not used.any():
            return self.add(self.multiply(self.upright(value), np.zeros((1, len(levels)))), levels[:, -1])
        along = self.clip(self.subtract(self.upright(value), at[:-1][used]), 0.0, widths[used])
        return self.add(self.matrix(along, (np.diff(levels, axis=1)[:, used] / widths[used]).T), levels[:, 0])

    def _value(self, value: Any) -> str:
        return value if isinstance(value, str) else self.constant(value)
