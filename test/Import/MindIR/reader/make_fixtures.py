# SPDX-License-Identifier: Apache-2.0
"""Writes the models of Inputs/: each shows one thing that the reader does or
refuses. Run it after changing it; it needs Python and OpenSSL's libcrypto."""
import os
import struct

from mindir import *

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
KEY = b"0123456789ABCDEF"


def save(name, content):
    path = os.path.join(INPUTS, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(content)


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


def simple(**fields):
    """One ReLU, as 2.7 writes it."""
    g = Graph("1_net")
    x = g.input("x")
    y = g.node("y:1", "REF::ReLU:1", [x], [shape(tensor(F32, [2]))], domain="Default/relu-ReLU/ReLU-op0")
    g.output(y)
    return model(g, primitives=[primitive("ReLU:1", prim_type=1)], **fields)


def old_form():
    """1.1 to 1.6: attributes on the node, ref_attr_name, a last node whose name
    is not its output's."""
    g = Graph("7_construct")
    x = g.input("x", dims=(1, 4))
    w = g.weight("fc.weight", (2, 4), ref_key=None)
    del g.fields["parameter"][0]["ref_key"]
    u = g.constant("[ValueNode]1", old("value", "Monad:UMonad"))
    axis = g.constant("axis", old("value", "scalar:value0", "INT64", i=-1))
    load = g.node("2:1", "Load", [w, u], [old("", "shape:shape1,", tensors=[tensor(F32, [2, 4], name="shape1")])])
    mm = g.node("3:2", "MatMul", [x, load], [
        old("", "shape:shape1,", tensors=[tensor(F32, [1, 2], name="shape1")]),
        old("transpose_a", "scalar:value0", "BOOL", i=0), old("transpose_x1", "scalar:value0", "BOOL", i=0),
        old("transpose_b", "scalar:value0", "BOOL", i=1), old("transpose_x2", "scalar:value0", "BOOL", i=1),
        old("input_names", "scalar:List[value1,value2,],", "STRING", strings=["x1", "x2"])])
    split = g.node("4:3", "Split", [mm], [
        old("", "shape:Tuple[shape1,shape2,],", tensors=[tensor(F32, [1, 1]), tensor(F32, [1, 1])]),
        old("axis", "scalar:value0", "INT64", i=1), old("output_num", "scalar:value0", "INT32", i=2)])
    first = g.node("5:4", "TupleGetItem", [split, axis], [old("", "shape:shape1,", tensors=[tensor(U64, [1])])])
    state = g.node("6:5", "UpdateState", [u, load], [old("", "shape:UMonadType,")])
    everything = g.node("7:6", "Everything", [first], [
        old("nested", "scalar:Tuple[value1,List[value2,value3,],Tuple[],],", "INT64", ints=[1, 2, 3]),
        old("mixed", "scalar:Tuple[value1,value2,value3,],", "INT64", ints=[1], floats=[0.5], strings=["s"]),
        old("flags", "scalar:Tuple[value1,value2,],", "BOOL", ints=[1, 0]),
        old("f", "scalar:value0", "FLOAT", f=1.5), old("d", "scalar:value0", "DOUBLE", d=0.25),
        old("s", "scalar:value0", "STRING", s="NCHW"), old("nothing", "none"),
        old("t", "tensor:value0", tensors=[tensor(F32, [2], floats(1, 2), name="value0")]),
        old("ts", "tensor:Tuple[value1,value2,],", tensors=[tensor(I8, [1], b"\xff"), tensor(U8, [1], b"\xff")]),
        old("dtype", "type:value0", tensors=[tensor(F16, [], name="value0")]),
        old("ttype", "type:tensor0", tensors=[tensor(I32, [], name="tensor0")]),
        old("shape", "scalar:Tuple[value1,],", "INT64", ints=[9])])
    y = g.node("8:7", "Depend", [everything, state], [old("", "shape:shape1,", tensors=[tensor(F32, [1, 1])])],
               output=["7_construct:8"], domain="Default/Depend-op7")
    g.output("7_construct:8", dims=(1, 1))
    save("old_form.mindir", old_model(g, "1.6.1", preprocessor="text, as 1.5 has it"))


def several_outputs():
    g = Graph("net")
    x = g.input("x")
    a, b = g.node("a:1", "ReLU", [x]), g.node("b:2", "Tanh", [x])
    g.output(a).output(b)
    save("several_outputs.mindir", old_model(g, "1.3.0"))


def primitives():
    """1.7 and later: shared primitives, typed results, attributes as inputs."""
    g = Graph("1_net")
    x = g.input("x", dims=(-1, 3, 8, 8))
    w = g.weight("conv.weight", (4, 3, 3, 3))
    conv = g.node("y:1", "REF::Conv2D:4", [x, w], [shape(tensor(F32, [-1, 4, 8, 8]))])
    two = g.constant("two", 2)
    mul = g.node("y:2", "REF::S-Prim-Muls:5", [conv, two], [shape(tensor(F32, [-2]))])
    parts = g.node("y:3", "REF::Split:6", [mul], [shape(tensor(F32, [1]), tensor(F32, [1]))])
    size = g.node("y:4", "REF::Size:7", [mul],
                  [attr("shape", "SCALAR", tensors=[tensor(I64, [0])])])
    cast = g.node("y:5", "REF::S_Prim_BroadcastTo:8", [mul, size])
    out = g.node("y:6", "REF::MakeTuple:9", [parts, cast])
    g.output(out, tensor=[], denotation="Tuple", attr_info=attr("", "TUPLE", values=[
        attr("", "TUPLE", values=[dict(type=TYPES["TENSORS"], tensors=[tensor(F32, [1])])]),
        attr("", "SCALAR", tensors=[tensor(I64, [0])]), attr("", "STRING"), attr("", "NONE")]))
    conv2d = [value("kernel_size", (3, 3)), value("pad_mode", "same"), value("group", 1), value("groups", 1),
              value("bias", 0.5), value("flag", True), value("none", None), value("nested", ((1, 2), (3,))),
              value("list", [1.5, 2.5]), value("dtype", tensor(F32, [], name="value0")),
              value("lut", tensor(I32, [2], struct.pack("<2i", 7, 8), name="value0")),
              value("offset_a", 0), value("side_effect_mem", True), value("input_names", ("x", "w")),
              attr("d", "DOUBLE", d=0.125), attr("plural", "INT64", ints=[5]), value("options", {"k": 1, "l": (2,)}),
              attr("functor", "FUNCTOR", functor=dict(type=1, name="ShapeCalc", values=[element(3)]))]
    save("primitives.mindir", model(g, primitives=[
        primitive("Conv2D:4", attributes=conv2d, prim_type=1),
        primitive("S-Prim-Muls:5", "S-Prim-Muls", prim_type=2), primitive("Split:6"), primitive("Size:7"),
        primitive("S_Prim_BroadcastTo:8", "S_Prim_BroadcastTo", [value("shape", (2, 2))]),
        primitive("MakeTuple:9"), primitive("Unused:10")]))


def inputs():
    g = Graph("net")
    scalars = [attr("", "SCALAR", tensors=[tensor(t, [0])]) for t in (I64, F32)]
    tensors = dict(type=TYPES["TENSORS"], tensors=[tensor(F16, [2])])
    names = [g.input("t", U8, (3,)), g.input("rankless", F32, (-2,)),
             g.input("n", tensor=[], denotation="Int", attr_info=scalars[0]),
             g.input("denoted", tensor=[], denotation="Bool"),
             g.input("tuple", tensor=[], denotation="Tuple",
                     attr_info=attr("", "TUPLE", values=[tensors, attr("", "LIST", values=[scalars[1]])])),
             g.input("rc1", tensor=[], attr_info=attr("", "LIST", seq_info=dict(is_dyn_len_rc1=True))),
             g.input("seq", tensor=[],
                     attr_info=attr("", "LIST", seq_info=dict(is_dyn_len=True, tuple_elem_item=tensors))),
             g.input("of_1_5", tensor=[], attr_info=attr("", "LIST", values=[tensors], type_val=3)),
             g.input("u", tensor=[], denotation="UMonadType", attr_info=attr("", "UMONAD")),
             g.input("s", tensor=[], attr_info=attr("", "STRING")),
             g.input("f", tensor=[], attr_info=attr("", "FUNCGRAPHCLOSURE", s="gone")),
             g.input("unknown", tensor=[])]
    g.output(names[0], U8, (3,))
    save("inputs.mindir", model(g))


def constants():
    g = Graph("net")
    entries = dict(
        i=7, b=True, f=0.5, s="text", none=None, t=(1, (2.5, "x"), ()), l=[True], d={"key": 3},
        u=attr("value", "UMONAD"), io=attr("value", "IOMONAD"), f64=attr("value", "DOUBLE", d=0.1),
        big=attr("value", "UINT64", i=-1), dtype=tensor(BF16, []), ttype=tensor(BOOL, [], name="tensor0"),
        scalar_tensor=tensor(I64, [], struct.pack("<q", -5)), bools=tensor(BOOL, [3], b"\1\0\1"),
        empty=tensor(F32, [0, 4]), bf16=tensor(BF16, [1], b"\x80\x3f"), f16=tensor(F16, [1], b"\0\x3c"),
        complex=tensor(C64, [1], floats(1, -2)), doubles=tensor(17, [1], struct.pack("<d", 3.0)),
        in_tuple=(tensor(U32, [1], b"\xff\xff\xff\xff"),),
        large=tensor(F32, [1025], floats(*range(1025))))
    names = [g.constant(name, entry) for name, entry in entries.items()]
    g.output(g.node("y:1", "REF::MakeTuple:1", names + [names[0]]), tensor=[])
    save("constants.mindir", model(g, primitives=[primitive("MakeTuple:1")]))


def closures():
    """2.2 and older: branches and loop bodies read values of enclosing graphs."""
    main, header, body, after = Graph("main_net"), Graph("↵loop"), Graph("↻loop"), Graph("↓loop")
    x, w = main.input("x"), main.weight("w")
    # A constant of one function used in another, nodes out of order, and a
    # value of main that only the loop body needs.
    three = header.constant("three", 3)
    main.output(main.node("out:1", "REF::↵loop", [three, x]))
    scale = main.node("scale:9", "REF::Neg:1", ["main_net:late:10"])
    main.node("late:10", "REF::Abs:2", [w])
    i, y = header.input("i", I64, ()), header.input("y")
    cond = header.node("c:1", "REF::Less:3", [i, three], [shape(tensor(BOOL, []))])
    switch = header.node("s:2", "REF::Switch:4", [cond, "↻loop", "↓loop"])
    header.output(header.node("r:3", "REF::" + switch, []))
    step = body.node("y:1", "REF::Mul:5", [y, scale], [shape(tensor(F32, [2]))])
    body.output(body.node("r:2", "REF::↵loop", [three, step], [shape(tensor(F32, [2]))]))
    after.output(after.node("y:1", "REF::Map:6", ["ScalarAdd:7", y, w]))
    save("closures.mindir", model(main, [header, body, after], [
        primitive(p) for p in "Neg:1 Abs:2 Less:3 Switch:4 Mul:5 Map:6".split()] +
        [primitive("ScalarAdd:7", "S-Prim-ScalarAdd")], version="2.2.0", mind_ir_version=1))


def partials():
    """2.7 and later: everything is passed through Partial; a function called
    "main"; a function as result."""
    g, f, h = Graph("net"), Graph("main"), Graph("pick")
    x = g.input("x")
    f.output(f.input("фx"))
    h.output("main", tensor=[], attr_info=attr("", "FUNCGRAPHCLOSURE", s="main"))
    zero = g.constant("zero", 0)
    p = g.node("p:1", "REF::Partial:1", ["main", x])
    t = g.node("t:2", "REF::MakeTuple:2", [p, "main"])
    s = g.node("s:3", "REF::switch_layer:3", [zero, t])
    g.node("unused:4", "REF::pick", [])
    g.output(g.node("y:5", "REF::" + s, [], [shape(tensor(F32, [2]))]))
    save("partials.mindir", model(g, [f, h], [primitive(p) for p in "Partial:1 MakeTuple:2 switch_layer:3".split()],
                                  version="2.10.0", ir_version="1.1"))


def front_end():
    g = Graph("get_bprop.1")
    x = g.input("x", tensor=[])
    cls = g.constant("cls", attr("value", "CLASS_TYPE", s="mindspore.ops.ReduceSum"))
    made = g.node("a:1", "REF::ClassType::mindspore.ops.Cast", [])
    g.output(g.node("y:2", "REF::MetaFuncGraph::unpack_call", [cls, made, "MetaFuncGraph::add", x],
                    domain="Default/unpack_call-op1"), tensor=[])
    save("front_end.mindir", model(g))


def split():
    """Weights beside the model: since 1.6, and in 1.2 to 1.5."""
    header = b"\1" + bytes(63)
    blobs = [floats(1, 2), floats(3, 4, 5)]
    g = Graph("net")
    x = g.input("x")
    data, weights = header, []
    for name, blob in zip("ab", blobs):
        weights.append(g.weight(name, (len(blob) // 4,), external_data=dict(
            location="split_variables/data_0", offset=len(data), length=len(blob))))
        data += blob + bytes(-len(blob) % 64)
    g.output(g.node("y:1", "REF::Op:1", [x] + weights))
    plain = model(g, primitives=[primitive("Op:1")])
    save("split_graph.mindir", plain)
    save("split_variables/data_0", data)
    encrypted = plain.replace(b"split_variables/", b"crypt_variables/")
    save("crypt_graph.mindir", encrypt(encrypted, "gcm", KEY))
    save("crypt_variables/data_0", encrypt(header, "gcm", KEY) + encrypt(data[64:], "gcm", KEY, block=64))

    g = Graph("net")
    x = g.input("x")
    weights = [g.weight(name, (len(blob) // 4,), raw_data=b"") for name, blob in zip("ab", blobs)]
    for parameter, name, blob in zip(g.fields["parameter"], "ab", blobs):
        del parameter["raw_data"]
        save("old_split_variables/data_" + name, encode("Graph", dict(parameter=[
            tensor(F32, [len(blob) // 4], blob, name="net:" + name)])))
    g.output(g.node("y:1", "Op", [x] + weights))
    save("old_split_graph.mindir", old_model(g, "1.3.0"))
    save("old_split_lost.mindir", old_model(g, "1.3.0"))


def encrypted():
    plain = simple()
    save("aes_gcm.mindir", encrypt(plain, "gcm", KEY, block=100))
    save("aes_gcm_no_tag.mindir", encrypt(plain, "gcm", KEY, tag=False))
    save("aes_cbc_1_6.mindir", encrypt(plain, "cbc", KEY, magic=MAGIC["gcm"]))
    save("aes_cbc.mindir", encrypt(plain, "cbc", KEY + KEY[:8]))
    save("sm4_cbc.mindir", encrypt(plain, "sm4", KEY, block=64))
    damaged = bytearray(encrypt(plain, "gcm", KEY))
    damaged[-1] ^= 1
    save("aes_damaged.mindir", bytes(damaged))
    save("aes_truncated.mindir", encrypt(plain, "gcm", KEY)[:-1])


def foreign():
    """What is not MindIR."""
    save("bad/empty.mindir", b"")
    save("bad/lfs.mindir", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    save("bad/onnx.mindir", b"\x08\x08\x12\x07pytorch\x3a\x02\x0a\x00\x42\x02\x10\x0d")
    save("bad/om.mindir", b"IMOD" + bytes(64))
    save("bad/ms.mindir", b"\x20\0\0\0MSL2" + bytes(64))
    save("bad/air.mindir", b"\x3a\x06\x0a\x04net1")
    save("bad/checkpoint.mindir", b"\x0a\x0c\x0a\x01w\x12\x07\x12\x01f\x1a\x02\0\0")
    save("bad/truncated.mindir", simple()[:100])
    save("bad/no_producer.mindir", simple(producer_name=None))
    save("bad/version.mindir", simple(mind_ir_version=4, model_version="3.0.0"))
    save("bad/big_endian.mindir", simple(little_endian=False))


def bad(name, build, **fields):
    """Saves a one-node model that `build` has changed."""
    g = Graph("net")
    x = g.input("x")
    build(g, x)
    if not g.fields["output"]:
        g.output(x)
    save("bad/" + name + ".mindir", model(g, **fields))


def refused_weights():
    bad("compressed", lambda g, x: g.weight("w", compression_type=3))
    bad("quantised", lambda g, x: g.weight("w", quant_params=b"\x0a\x01q"))
    bad("strings", lambda g, x: g.weight("w", dtype=STR))
    bad("complex", lambda g, x: g.weight("w", dtype=C64, raw_data=bytes(16)))
    bad("short", lambda g, x: g.weight("w", (3,), raw_data=bytes(8)))
    bad("same_key", lambda g, x: (g.weight("w"), g.weight("v", ref_key="w")))
    external = lambda **f: lambda g, x: g.weight("w", external_data=dict(f))
    bad("parent", external(location="../secret", offset=0, length=8))
    bad("absolute", external(location="/etc/passwd", offset=0, length=8))
    bad("missing", external(location="gone_variables/data_0", offset=0, length=8))
    save("bad/some_variables/data_0", b"\1" + bytes(71))
    save("bad/some_variables/big_endian", b"\0" + bytes(71))
    bad("beyond", external(location="some_variables/data_0", offset=68, length=8))
    bad("negative", external(location="some_variables/data_0", offset=-8, length=8))
    bad("wrong_length", external(location="some_variables/data_0", offset=64, length=4))
    bad("big_endian_data", external(location="some_variables/big_endian", offset=64, length=8))
    bad("huge", lambda g, x: g.weight("w", (1 << 31, 1 << 31), raw_data=b""))
    bad("huge_input", lambda g, x: g.input("big", dims=[1 << 40] * 2))
    bad("negative_extent", lambda g, x: g.input("odd", dims=[-3]))
    bad("rank", lambda g, x: g.input("odd", dims=[1] * 65))
    bad("dtype", lambda g, x: g.input("odd", dtype=99))


def refused_graphs():
    bad("map_parameter", lambda g, x: g.fields.update(map_parameter=[b""]))
    bad("csr", lambda g, x: g.input("a", tensor=[], attr_info=attr("", "CSR_TENSOR")))
    bad("coo", lambda g, x: g.node("y:1", "REF::P:1", [x], [attr("shape", "COO_TENSOR")], domain="Default/coo"),
        primitives=[primitive("P:1")])
    bad("custom_ascend", lambda g, x: g.node("y:1", "REF::CustomAscend:1", [x]),
        primitives=[primitive("CustomAscend:1")])
    bad("dangling", lambda g, x: (g.node("a:1", "REF::Gone:1", [x, "lost"], domain="Default/a-op1"),
                                  g.node("b:2", "ReLU", ["lost too"]), g.output("nowhere")))
    bad("no_operator", lambda g, x: g.node("a:1", "", [x]))
    bad("no_output", lambda g, x: g.fields.update(output=[{}]))
    bad("cycle", lambda g, x: (g.node("a:1", "ReLU", ["net:b:2"], domain="Default/a-op1"),
                               g.node("b:2", "Tanh", ["net:a:1"])))
    bad("twice", lambda g, x: (g.node("a:1", "ReLU", [x]), g.node("a:1", "Tanh", [x], domain="Default/second")))
    bad("outputs", lambda g, x: g.node("a:1", "Split", [x], output=["p", "q"]))
    bad("attribute", lambda g, x: g.node("a:1", "Op", [x], [attr("h", "SCALAR_GRAPH_HOLDER")]))
    bad("old_attribute", lambda g, x: (g.node("a:1", "Op", [x], [old("k", "scalar:Tuple[value1,value2,],",
                                                                    "INT64", ints=[1])]),
                                       g.node("b:2", "Op", [x], [old("l", "scalar:Tuple[value1", "INT64")])))
    deep = lambda depth: "Tuple[" * depth + "]" * depth
    bad("old_depth", lambda g, x: g.node("a:1", "Op", [x], [old("k", "scalar:" + deep(1000), "INT64")]))
    nested = {}
    for _ in range(200):
        nested = dict(type=TYPES["TUPLE"], values=[nested])
    bad("depth", lambda g, x: g.node("a:1", "Op", [x], [dict(nested, name="k")]))
    bad("constant", lambda g, x: g.fields["node"].append(dict(output=["c"], name="c", op_type="Constant")))
    bad("constant_shape", lambda g, x: g.constant("c", tensor(F32, [-1], floats(1))))
    inner, other = Graph("inner"), Graph("other")
    hidden = inner.node("h:1", "ReLU", [inner.input("a")])
    inner.output(hidden)
    other.output(other.node("o:1", "Neg", [hidden]))
    g = Graph("net")
    x = g.input("x")
    g.node("c:1", "REF::inner", [x])
    g.output(g.node("d:2", "REF::other", []))
    save("bad/escape.mindir", model(g, [inner, other]))
    save("bad/functions.mindir", model(g, [inner, inner]))
    # Two functions that call each other and need each other's results.
    a, b = Graph("a"), Graph("b")
    a.output(a.node("r:1", "REF::b", ["b:r:1"]))
    b.output(b.node("r:1", "REF::a", ["a:r:1"]))
    g = Graph("net")
    g.input("x")
    g.output(g.node("y:1", "REF::a", []))
    save("bad/tangled.mindir", model(g, [a, b]))


for build in (old_form, several_outputs, primitives, inputs, constants, closures, partials, front_end, split,
              encrypted, foreign, refused_weights, refused_graphs):
    build()
