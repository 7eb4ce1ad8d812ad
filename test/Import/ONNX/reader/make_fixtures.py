# SPDX-License-Identifier: Apache-2.0
"""Writes the models of Inputs/: each shows one thing that the reader does or
refuses. Run it with Python's `onnx` package after changing it:

    python make_fixtures.py
"""
import os
import struct

import numpy as np
from onnx import AttributeProto, ModelProto, TensorProto, helper
from onnx.helper import (
    make_attribute,
    make_function,
    make_graph,
    make_node,
    make_opsetid,
    make_tensor,
    make_tensor_value_info,
)

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
F32, I64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def value(name, shape=(2,), dtype=F32):
    return make_tensor_value_info(name, dtype, shape)


def save(name, content):
    with open(os.path.join(INPUTS, name), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.SerializeToString())


def model(name, nodes, inputs, outputs, initializers=(), opset=13, ir=8, value_info=(), **kwargs):
    """Saves the model of one graph and returns it."""
    graph = make_graph(nodes, "g", inputs, outputs, list(initializers), value_info=list(value_info))
    kwargs.setdefault("opset_imports", [make_opsetid("", opset)])
    proto = helper.make_model(graph, producer_name="fixtures", ir_version=ir, **kwargs)
    save(name + ".onnx", proto)
    return proto


def tensors():
    """Every way to store a tensor."""
    constants = [
        make_tensor("float_data", F32, [2], [1.0, 2.0]),
        make_tensor("raw", F32, [2], np.float32([3, 4]).tobytes(), raw=True),
        make_tensor("splat", I64, [2, 2], [7, 7, 7, 7]),
        make_tensor("empty", F32, [0, 3], []),
        make_tensor("scalar", TensorProto.DOUBLE, [], [0.5]),
        make_tensor("f16", TensorProto.FLOAT16, [2], np.float16([1.5, -2.0])),
        make_tensor("bf16", TensorProto.BFLOAT16, [2], [1.0, 3.0]),
        make_tensor("i8", TensorProto.INT8, [3], [-1, 0, 127]),
        make_tensor("u8", TensorProto.UINT8, [2], [255, 1]),
        make_tensor("i16", TensorProto.INT16, [2], [-300, 300]),
        make_tensor("u16", TensorProto.UINT16, [2], [65535, 1]),
        make_tensor("i32", TensorProto.INT32, [2], [-5, 5]),
        make_tensor("u32", TensorProto.UINT32, [2], [4294967295, 1]),
        make_tensor("u64", TensorProto.UINT64, [2], [18446744073709551615, 1]),
        make_tensor("bool", BOOL, [3], [True, False, True]),
        make_tensor("bool_raw", BOOL, [3], b"\x02\x00\x01", raw=True),
        make_tensor("i4", TensorProto.INT4, [3], [-8, 7, 1]),
        make_tensor("u4", TensorProto.UINT4, [3], [15, 0, 1]),
        make_tensor("f8", TensorProto.FLOAT8E4M3FN, [2], b"\x38\x40", raw=True),
        make_tensor("f8_typed", TensorProto.FLOAT8E5M2, [2], [1.0, 2.0]),
        make_tensor("string", TensorProto.STRING, [1], [b"text"]),
        make_tensor("complex", TensorProto.COMPLEX64, [1], [1 + 2j]),
        make_tensor("int2", TensorProto.INT2, [4], [1, -1, 0, 1]),
    ]
    nodes = [make_node("Constant", [], [t.name], name=t.name, value=t) for t in constants]
    model("tensors", nodes, [], [value("raw")], opset=25)


def weights():
    """Constants that are weights, and such as are not."""
    constants = [
        make_tensor("few", F32, [64], [1.0] * 64),
        make_tensor("many", F32, [5, 13], [2.0] * 65),
        make_tensor("indices", I64, [65], [3] * 65),
    ]
    nodes = [make_node("Constant", [], [t.name], name=t.name, value=t) for t in constants]
    body = make_node("Constant", [], ["inner"], value=make_tensor("t", F32, [65], [4.0] * 65))
    nodes.append(make_node("F", [], ["called"], domain="local"))
    function = make_function("local", "F", [], ["inner"], [body], [make_opsetid("", 13)])
    model("weights", nodes, [], [value("many", (5, 13)), value("called", (65,))], functions=[function],
          opset_imports=[make_opsetid("", 13), make_opsetid("local", 1)])


def attributes():
    """Every kind of attribute; the last as files before IR version 2 state it."""
    node = make_node("Op", ["x"], ["y"], name="node", i=-3, f=0.5, s="text", ints=[1, 2], floats=[0.5, -1.0],
                     strings=["a", "b"], domain="custom", overload="o")
    node.attribute.append(make_attribute("type", helper.make_tensor_type_proto(F32, [2, None])))
    untyped = node.attribute.add()
    untyped.name, untyped.i = "untyped", 4
    empty = node.attribute.add()
    empty.name, empty.type = "no_ints", AttributeProto.INTS
    model("attributes", [node], [value("x")], [value("y")],
          opset_imports=[make_opsetid("", 13), make_opsetid("custom", 3)])


def values():
    """Types of inputs, of values in between and of outputs."""
    sequence = helper.make_sequence_type_proto(helper.make_tensor_type_proto(F32, [2]))
    optional = helper.make_optional_type_proto(helper.make_tensor_type_proto(F32, [2]))
    mapping = helper.make_map_type_proto(I64, helper.make_tensor_type_proto(F32, [2]))
    untyped = helper.ValueInfoProto(name="untyped")
    inputs = [
        value("static", (1, 3)),
        value("symbolic", ("N", 3, None, -1)),
        value("scalar", ()),
        value("unranked", None, TensorProto.FLOAT16),
        untyped,
        value("bytes", (2,), TensorProto.UINT8),
        value("nibbles", (2,), TensorProto.INT4),
        value("text", (2,), TensorProto.STRING),
        value("complex", (2,), TensorProto.COMPLEX128),
        value("pairs", (2,), TensorProto.INT2),
        value("exponents", (2,), TensorProto.FLOAT8E8M0),
        helper.make_value_info("sequence", sequence),
        helper.make_value_info("optional", optional),
        helper.make_value_info("mapping", mapping),
    ]
    nodes = [
        make_node("Relu", ["static"], ["typed"], name="typed"),
        make_node("Relu", ["typed"], ["unknown"], name="unknown"),
        make_node("Relu", ["unknown"], ["y"], name="last"),
    ]
    outputs = [value("y", ("N", 3)), value("static", (1, 3)), helper.make_value_info("sequence", sequence)]
    model("values", nodes, inputs, outputs, value_info=[value("typed", (1, "K"))])


def optionals():
    """Absent operands and results."""
    nodes = [
        make_node("Clip", ["x", "", "max"], ["c"], name="clip"),
        make_node("LSTM", ["c"], ["", "h", ""], name="lstm"),
    ]
    model("optionals", nodes, [value("x"), value("max", ())], [value("h")])


def initializers():
    """Parameters in every encoding that is not just taken over; before IR version
    4 all are listed as inputs."""
    weights = [
        make_tensor("f32", F32, [2], [1.0, 2.0]),
        make_tensor("raw", F32, [2], np.float32([1, 2]).tobytes(), raw=True),
        make_tensor("f16", TensorProto.FLOAT16, [2], np.float16([1, 2])),
        make_tensor("u32", TensorProto.UINT32, [1], [258]),
        make_tensor("i8", TensorProto.INT8, [2], [-1, 1]),
        make_tensor("bool", BOOL, [3], b"\x00\x02\x01", raw=True),
        make_tensor("none", I64, [0], []),
        make_tensor("i4", TensorProto.INT4, [3], [-8, 7, 1]),
    ]
    nodes = [make_node("Op", ["x"] + [w.name for w in weights], ["y"], name="op")]
    inputs = [value("f32"), value("x"), value("raw")]
    model("initializers", nodes, inputs, [value("y"), value("raw")], weights, ir=3)


def external_tensor(name, shape=(2,), **entries):
    tensor = TensorProto(name=name, data_type=F32, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, text in entries.items():
        tensor.external_data.add(key=key, value=str(text))
    return tensor


def external():
    """Weights in a file beside the model, and every way to state them wrongly."""
    save("external.bin", struct.pack("<4f", 1, 2, 3, 4))

    def save_model(name, *weights):
        nodes = [make_node("Op", [w.name for w in weights], ["y"], name="op")]
        nodes.append(make_node("Constant", [], ["c"], value=external_tensor("c", location="external.bin", offset=4)))
        model(name, nodes, [], [value("y")], weights)

    save_model("external", external_tensor("a", location="external.bin"),
               external_tensor("b", location="external.bin", offset=8, length=8))
    save_model(
        "invalid-external",
        external_tensor("up", location="../../x"),
        external_tensor("absolute", location="/etc/passwd"),
        external_tensor("missing", location="missing.bin"),
        external_tensor("nowhere"),
        external_tensor("beyond", location="external.bin", offset=12),
        external_tensor("wrap", location="external.bin", offset=2**64 - 4),
        external_tensor("short", location="external.bin", length=4),
        external_tensor("number", location="external.bin", offset="4k"),
        external_tensor("huge", (2**31, 2**31), location="external.bin"),
    )


def subgraphs():
    """Regions: captured values, arguments, initializers whose name is taken."""
    weight = make_tensor("w", F32, [2], [1.0, 2.0])
    own = make_tensor("w", F32, [2], [3.0, 4.0])
    then_branch = make_graph([make_node("Add", ["x", "w"], ["t"])], "t", [], [value("t")], [own])
    body = make_graph([make_node("Add", ["s", "x"], ["s_out"], name="add"),
                       make_node("Identity", ["cond"], ["cond_out"])], "b",
                      [value("i", (), I64), value("cond", (), BOOL), value("s")],
                      [value("cond_out", (), BOOL), value("s_out")])
    loop = make_node("Loop", ["n", "", "x"], ["l"], name="loop", body=body)
    else_branch = make_graph([loop], "e", [], [value("l")])
    nodes = [make_node("If", ["c"], ["y"], name="if", then_branch=then_branch, else_branch=else_branch),
             make_node("Add", ["y", "w"], ["z"])]
    model("subgraphs", nodes, [value("c", (), BOOL), value("x"), value("n", (), I64)], [value("z")], [weight])


def functions():
    """Model-local functions: attributes with and without default, a reference to
    one, an overload, a call from one to another with its own operator sets."""
    opsets = [make_opsetid("", 18), make_opsetid("local", 1)]
    leaky = make_node("LeakyRelu", ["a"], ["b"], name="leaky")
    reference = leaky.attribute.add()
    reference.name, reference.ref_attr_name, reference.type = "alpha", "slope", AttributeProto.FLOAT
    inner = make_function("local", "Inner", ["a"], ["b"], [leaky], [make_opsetid("", 16)],
                          attributes=["slope"], attribute_protos=[make_attribute("bias", 0.5)])
    outer = make_function("local", "Outer", ["a", "b"], ["c", "a"],
                          [make_node("Inner", ["a"], ["d"], domain="local", slope=0.1),
                           make_node("Add", ["d", "b"], ["c"])], opsets)
    overload = make_function("local", "Outer", ["a"], ["a"], [], opsets, overload="one")
    nodes = [make_node("Outer", ["x", "x"], ["y"], name="two", domain="local"),
             make_node("Outer", ["x"], ["z"], name="one", domain="local", overload="one")]
    model("functions", nodes, [value("x")], [value("y"), value("z")],
          functions=[outer, inner, overload], opset_imports=opsets, ir=10)


def order():
    """Nodes in an order that cannot be executed, also through a sub-graph."""
    branch = make_graph([make_node("Neg", ["b"], ["n"], name="neg")], "t", [], [value("n")])
    nodes = [
        make_node("If", ["cond"], ["y"], name="if", then_branch=branch, else_branch=branch),
        make_node("Relu", ["a"], ["b"], name="second"),
        make_node("Relu", ["x"], ["a"], name="first"),
    ]
    model("unsorted", nodes, [value("cond", (), BOOL), value("x")], [value("y")])
    nodes = [
        make_node("Relu", ["x"], ["free"], name="free"),
        make_node("Add", ["free", "c"], ["a"], name="one"),
        make_node("Relu", ["a"], ["b"], name="two"),
        make_node("Relu", ["b"], ["c"], name="three"),
        make_node("Relu", ["c"], ["y"], name="behind"),
    ]
    model("invalid-cycle", nodes, [value("x")], [value("y")])


def invalid_names():
    nodes = [
        make_node("Add", ["x", "nowhere"], ["a"], name="undefined"),
        make_node("Relu", ["x"], ["a"], name="again"),
        make_node("Relu", ["x"], ["x"], name="input"),
        make_node("Relu", ["x"], ["b"], name="domain", domain="unknown.domain"),
        make_node("Relu", ["x"], ["c"], name="same_domain", domain="unknown.domain"),
        make_node("", ["x"], ["d"], name="op"),
        make_node("Relu", ["x"], ["e"], name="line\nbreak" + "x" * 8),
        make_node("Relu", ["gone\n" + "y" * 300], ["f"], name="long"),
    ]
    weights = [make_tensor("w", F32, [1], [1.0]), make_tensor("w", F32, [1], [1.0]), make_tensor("", F32, [1], [1.0])]
    model("invalid-names", nodes, [value("x"), value("x")], [value("y")], weights)


def invalid_attributes():
    node = make_node("Op", ["x"], ["y"], name="node")

    def add(name, **fields):
        attribute = node.attribute.add(name=name)
        for key, content in fields.items():
            setattr(attribute, key, content)
        return attribute

    add("twice", i=1, type=AttributeProto.INT)
    add("twice", i=2, type=AttributeProto.INT)
    add("", i=1, type=AttributeProto.INT)
    add("nothing")
    add("unknown").MergeFromString(b"\xa0\x01\x63")  # type = 99
    add("sparse", type=AttributeProto.SPARSE_TENSOR)
    add("graphs", type=AttributeProto.GRAPHS)
    add("tensors", type=AttributeProto.TENSORS)
    add("reference", ref_attr_name="outer", type=AttributeProto.INT)
    model("invalid-attributes", [node], [value("x")], [value("y")])


def invalid_tensors():
    def tensor(name, dims, dtype=F32, **fields):
        return TensorProto(name=name, dims=dims, data_type=dtype, **fields)

    segment = tensor("segment", [2])
    segment.segment.begin = 0
    weights = [
        tensor("short", [2, 3], raw_data=b"\0" * 20),
        tensor("typed", [2], float_data=[1.0]),
        tensor("narrow", [3], TensorProto.INT8, int32_data=[1]),
        tensor("wide", [3], TensorProto.UINT32, uint64_data=[1]),
        tensor("negative", [-1]),
        tensor("overflow", [2**40, 2**40]),
        tensor("huge", [2**50]),
        tensor("rank", [1] * 65),
        tensor("strings", [1], TensorProto.STRING, string_data=[b"a"]),
        tensor("nothing", [1], 0),
        tensor("future", [1], 77),
        tensor("nibbles", [2**25], TensorProto.INT4),
        segment,
    ]
    proto = model("invalid-tensors", [], [value("x", (2**40, "N", 2**40))], [value("x")], weights)
    sparse = proto.graph.sparse_initializer.add()
    sparse.values.name = "sparse"
    save("invalid-tensors.onnx", proto)


def invalid_functions():
    opsets = [make_opsetid("", 18), make_opsetid("local", 1)]

    def function(name, callee, **kwargs):
        return make_function("local", name, ["a"], ["b"], [make_node(callee, ["a"], ["b"], domain="local")], opsets,
                             **kwargs)

    graph_default = make_attribute("g", make_graph([], "g", [], []))
    model("invalid-functions", [], [value("x")], [value("x")], opset_imports=opsets, ir=10, functions=[
        function("Self", "Self"), function("Ping", "Pong"), function("Pong", "Ping"), function("Caller", "Ping"),
        function("Leaf", "Other"), function("Leaf", "Other"), function("", "Leaf"),
        function("Twice", "Leaf", attributes=["a", "a"]),
        function("Graph", "Leaf", attribute_protos=[graph_default])])


def invalid_models():
    """What is wrong with the model as a whole."""
    good = model("relu", [make_node("Relu", ["x"], ["y"], name="relu")], [value("x")], [value("y")])
    for name, opsets in (("newer", [("", 29)]), ("zero", [("", 0)]), ("none", []),
                         ("contradiction", [("", 13), ("ai.onnx", 14)])):
        proto = ModelProto()
        proto.CopyFrom(good)
        del proto.opset_import[:]
        proto.opset_import.extend([make_opsetid(*opset) for opset in opsets])
        save("invalid-opset-" + name + ".onnx", proto)
    proto = ModelProto()
    proto.CopyFrom(good)
    proto.ir_version = 2
    del proto.opset_import[:]
    save("opset-implicit.onnx", proto)
    proto.ClearField("graph")
    save("invalid-no-graph.onnx", proto)
    # 40 sub-graphs in each other: node.attribute.g as bytes.
    nested = b""
    for _ in range(40):
        for tag in (0x32, 0x2A, 0x0A):
            nested = bytes([tag]) + varint(len(nested)) + nested
    save("invalid-nesting.onnx", b"\x08\x08\x3a" + varint(len(nested)) + nested)
    # A number of more than ten bytes, where a field would begin.
    save("invalid-varint.onnx", b"\x08\x08" + b"\x80" * 12 + b"\x01")
    # As many errors as nodes.
    model("invalid-many", [make_node("A", ["u"], ["y%d" % i]) for i in range(120)], [], [])


def varint(number):
    result = b""
    while number > 127:
        result += bytes([number & 127 | 128])
        number >>= 7
    return result + bytes([number])


def other_files():
    """What is mistaken for a model."""
    save("lfs-pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n")
    save("mindir-head", b"\x0a\x050.1.1\x12\x09MindSpore")
    save("checkpoint-head", b"\x0a\x14\x0a\x06weight\x12\x0a\x08\x02\x12\x07Float32")
    save("air-head", b"\x0a\x05model\x3a\x02\x0a\x00")
    save("om-head", b"IMOD\x00\x01")
    save("zip-head", b"PK\x03\x04\x14\x00")
    save("safetensors-head", b"\x10\x00\x00\x00\x00\x00\x00\x00{\"w\":{}}")
    save("tensor.pb", make_tensor("t", F32, [1], [1.0]))
    save("encrypted-head", b"\xd8\x5e\x3a\x7f\x10\x00\x00\x00")
    save("pickle-head", b"\x80\x02}q\x00")
    save("zeros", b"\0" * 16)
    save("empty", b"")
    save("text", b"hello\n")
    save("unknown", b"\xff\xfe\x00\x01")


def main():
    os.makedirs(INPUTS, exist_ok=True)
    for make in (tensors, weights, attributes, values, optionals, initializers, external, subgraphs, functions, order,
                 invalid_names, invalid_attributes, invalid_tensors, invalid_functions, invalid_models, other_files):
        make()


if __name__ == "__main__":
    main()
