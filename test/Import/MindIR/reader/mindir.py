# SPDX-License-Identifier: Apache-2.0
"""A writer of MindIR files without protobuf: messages are dicts, fields are
numbered here as the format numbers them."""
import ctypes
import ctypes.util
import struct

# message -> field -> (number, kind); kinds: v varint, f float, d double, b bytes
# or text, else the name of a message.
FIELDS = {
    "Model": dict(ir_version=(1, "b"), producer_name=(2, "b"), model_version=(5, "b"), graph=(7, "Graph"),
                  functions=(8, "Graph"), preprocessor=(9, "b"), little_endian=(10, "v"),
                  primitives=(12, "Primitive"), mind_ir_version=(13, "v")),
    "Graph": dict(node=(1, "Node"), name=(2, "b"), parameter=(3, "Tensor"), input=(5, "ValueInfo"),
                  output=(6, "ValueInfo"), map_parameter=(10, "b")),
    "Node": dict(input=(1, "b"), output=(2, "b"), name=(3, "b"), op_type=(4, "b"), attribute=(5, "Attribute"),
                 domain=(7, "b")),
    "ValueInfo": dict(name=(1, "b"), tensor=(2, "Tensor"), denotation=(4, "b"), attr_info=(5, "Attribute")),
    "Attribute": dict(name=(1, "b"), f=(2, "f"), i=(3, "v"), d=(4, "d"), s=(5, "b"), floats=(8, "f"),
                      doubles=(9, "d"), ints=(10, "v"), strings=(11, "b"), tensors=(12, "Tensor"),
                      ref_attr_name=(15, "b"), type=(16, "v"), values=(17, "Attribute"), seq_info=(18, "SeqInfo"),
                      type_val=(18, "v"), functor=(19, "Functor")),
    "SeqInfo": dict(is_dyn_len=(1, "v"), tuple_elem_item=(2, "Attribute"), is_dyn_len_rc1=(18, "v")),
    "Functor": dict(type=(1, "v"), name=(2, "b"), values=(3, "Attribute")),
    "Tensor": dict(dims=(1, "v"), data_type=(2, "v"), name=(7, "b"), raw_data=(9, "b"), external_data=(12, "External"),
                   ref_key=(13, "b"), compression_type=(16, "v"), quant_params=(17, "b")),
    "External": dict(location=(1, "b"), offset=(2, "v"), length=(3, "v")),
    "Primitive": dict(name=(1, "b"), op_type=(2, "b"), attribute=(3, "Attribute"), prim_type=(5, "v")),
}

F32, U8, I8, I32, I64, STR, BOOL, F16, F64, U32, U64, C64, BF16 = 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16

TYPES = {name: number for number, name in enumerate(
    "UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64 COMPLEX128 "
    "BFLOAT16 TENSOR GRAPH TENSORS TUPLE LIST DICT UMONAD IOMONAD NONE PRIMITIVECLOSURE FUNCGRAPHCLOSURE "
    "PARTIALCLOSURE UNIONFUNCCLOSURE CSR_TENSOR COO_TENSOR ROW_TENSOR CLASS_TYPE NAME_SPACE SYMBOL TYPE_NULL "
    "MAP_TENSOR FUNCTOR SCALAR SCALAR_GRAPH_HOLDER".split())}


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def encode(message, fields):
    """The wire bytes of `fields`; lists are repeated fields."""
    out = b""
    for name, values in fields.items():
        number, kind = FIELDS[message][name]
        for value in values if isinstance(values, list) else [values]:
            if kind == "v":
                out += varint(number << 3) + varint(int(value))
            elif kind in "fd":
                out += varint(number << 3 | (5 if kind == "f" else 1)) + struct.pack("<" + kind, value)
            else:
                data = value if isinstance(value, bytes) else value.encode() if kind == "b" else encode(kind, value)
                out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def tensor(dtype, dims, data=None, **fields):
    """A tensor type, or with `data` a tensor."""
    if data is not None:
        fields["raw_data"] = data
    return dict(dims=list(dims), data_type=dtype, **fields)


def attr(name, type, **fields):
    return dict(name=name, type=TYPES[type], **fields)


def old(name, form, type="UNDEFINED", **fields):
    """An attribute of 1.1 to 1.6."""
    return dict(name=name, ref_attr_name=form, type=TYPES[type], **fields)


def value(name, v):
    """A Python value in the encoding of 1.7 and later."""
    if v is None:
        return attr(name, "NONE")
    if isinstance(v, (tuple, list)):
        return attr(name, "TUPLE" if isinstance(v, tuple) else "LIST", values=[element(x) for x in v])
    if isinstance(v, dict):
        if "data_type" in v:
            return attr(name, "TENSORS", tensors=[v])
        return attr(name, "DICT", values=[dict(name=k, values=[value("", x)]) for k, x in v.items()])
    kind, field, _ = scalar(v)
    return attr(name, kind, **{field: v})


def scalar(v):
    if isinstance(v, bool):
        return "BOOL", "i", "ints"
    if isinstance(v, int):
        return "INT64", "i", "ints"
    if isinstance(v, float):
        return "FLOAT", "f", "floats"
    return "STRING", "s", "strings"


def element(v):
    """An element of a sequence: it uses the plural fields."""
    if v is None or isinstance(v, (tuple, list, dict)):
        return value("", v)
    kind, _, field = scalar(v)
    return dict(type=TYPES[kind], **{field: [v]})


def shape(*tensors):
    """The result type of a node: one tensor, or a tuple of them."""
    if len(tensors) == 1:
        return attr("shape", "TENSORS", tensors=[tensors[0]])
    return attr("shape", "TUPLE", values=[dict(type=TYPES["TENSORS"], tensors=[t]) for t in tensors])


class Graph:
    def __init__(self, name):
        self.name, self.fields = name, dict(node=[], name=name, parameter=[], input=[], output=[])

    def input(self, name, dtype=F32, dims=(2,), **fields):
        fields.setdefault("tensor", [tensor(dtype, dims)])
        self.fields["input"].append(dict(name=self.name + ":" + name, **fields))
        return self.name + ":" + name

    def weight(self, name, dims=(2,), dtype=F32, **fields):
        if not fields.keys() & {"raw_data", "external_data"}:
            count = 1
            for extent in dims:
                count *= extent
            fields["raw_data"] = struct.pack("<%df" % count, *range(1, count + 1))
        fields.setdefault("ref_key", name)
        self.fields["parameter"].append(tensor(dtype, dims, name=self.name + ":" + name, **fields))
        return self.name + ":" + name

    def constant(self, name, attribute):
        if not isinstance(attribute, dict) or "type" not in attribute:
            attribute = value("value", attribute)
        self.fields["node"].append(dict(output=[name], name=name, op_type="Constant", attribute=[attribute]))
        return name

    def node(self, name, op, inputs, attributes=(), domain=None, **fields):
        full = self.name + ":" + name
        node = dict(input=list(inputs), output=[full], name=full, op_type=op, attribute=list(attributes))
        node.update(fields)
        if domain:
            node["domain"] = domain
        self.fields["node"].append(node)
        return full

    def output(self, name, dtype=F32, dims=(2,), **fields):
        fields.setdefault("tensor", [tensor(dtype, dims)])
        self.fields["output"].append(dict(name=name, **fields))
        return self


def primitive(key, op=None, attributes=(), prim_type=None):
    fields = dict(name=key, op_type=op or key.split(":")[0], attribute=list(attributes))
    if prim_type:
        fields["prim_type"] = prim_type
    return fields


def model(graph, functions=(), primitives=(), version="2.7.0", **fields):
    """The bytes of a file; `fields` add to or replace those of ModelProto."""
    all_fields = dict(ir_version="0.1.1", producer_name="MindSpore", model_version=version, graph=graph.fields,
                      functions=[f.fields for f in functions], little_endian=True, primitives=list(primitives),
                      mind_ir_version=3)
    all_fields.update(fields)
    return encode("Model", {k: v for k, v in all_fields.items() if v is not None})


def old_model(graph, version, functions=(), **fields):
    """A file of 1.1 to 1.6."""
    return model(graph, functions, version=version, ir_version="0.1.0", little_endian=None, mind_ir_version=None,
                 **fields)


MAGIC = {"gcm": 0x7F3A5ED8, "cbc": 0x7F3A5ED9, "sm4": 0x7F3A5EDA}


def encrypt(plain, mode, key, tag=True, magic=None, block=1 << 26):
    """MindSpore's encryption container around `plain`, with OpenSSL."""
    crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
    for name in "EVP_CIPHER_CTX_new EVP_sm4_cbc EVP_get_cipherbyname".split():
        getattr(crypto, name).restype = ctypes.c_void_p
    name = "sm4-cbc" if mode == "sm4" else "aes-%d-%s" % (8 * len(key), mode)
    cipher = ctypes.c_void_p(crypto.EVP_get_cipherbyname(name.encode()))
    out = b""
    for start in range(0, len(plain), block):
        chunk, iv = plain[start:start + block], bytes(range(start % 7, start % 7 + 16))
        context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
        crypto.EVP_EncryptInit_ex(context, cipher, None, key, iv)
        buffer, n, m = ctypes.create_string_buffer(len(chunk) + 32), ctypes.c_int(), ctypes.c_int()
        crypto.EVP_EncryptUpdate(context, buffer, ctypes.byref(n), chunk, len(chunk))
        crypto.EVP_EncryptFinal_ex(context, ctypes.byref(buffer, n.value), ctypes.byref(m))
        data = buffer.raw[:n.value + m.value]
        out += struct.pack("<I", magic or MAGIC[mode])
        if mode == "gcm" and tag:
            crypto.EVP_CIPHER_CTX_ctrl(context, 0x10, 16, buffer)
            out += buffer.raw[:16]
        out += struct.pack("<II", 8 + 16 + len(data), 16) + iv + struct.pack("<I", len(data)) + data
        crypto.EVP_CIPHER_CTX_free(context)
    return out
