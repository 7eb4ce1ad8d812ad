#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the checkpoint fuzzer, corpus/checkpoint: one tiny file
per format and feature. Needs nothing but Python; always writes the same bytes."""
import io
import json
import pathlib
import struct
import zipfile
import zlib


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def entry(tag, dims, dtype, content):
    tensor = b"".join(b"\x08" + varint(d) for d in dims)
    tensor += field(2, dtype.encode()) + field(3, content)
    return field(1, field(1, tag.encode()) + field(2, tensor))


def floats(*values):
    return struct.pack(f"<{len(values)}f", *values)


def mindspore():
    net = entry("net.fc.weight", [2, 1], "Float32", floats(1, 2))
    net += entry("net.fc.bias", [2], "Float16", b"\0\x3c\0\xc0")
    state = entry("moments.net.fc.bias", [1], "Float64", struct.pack("<d", 1))
    state += entry("learning_rate", [0], "Float32", floats(0.5))
    state += entry("epoch", [0], "Int32", struct.pack("<i", 3))
    other = entry("note", [0], "str", "hi".encode("utf-32-le"))
    other += entry("q", [4], "Int4", b"\x21\x43")
    other += field(1, field(1, b"table") + field(3, field(1, b"")))
    slices = b"".join(entry("w.0", [3], "BFloat16", c) for c in (b"\x80\x3f", b"\0\0\0\x40"))
    summed = net + b"crc_num" + zlib.crc32(net).to_bytes(10, "big")
    return {"plain.ckpt": net, "state.ckpt": net + state, "other.ckpt": net + other,
            "slices.ckpt": slices, "crc.ckpt": summed,
            "strategy": b"\x08\x01\x12\x05\x0a\x03abc", "encrypted": b"\xd8\x5e\x3a\x7f" + bytes(28)}


def safetensors():
    def file(header, data):
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + data

    header = {"__metadata__": {"format": "ms", "q": "Int4"},
              "net.w": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
              "é\n": {"dtype": "BF16", "shape": [], "data_offsets": [8, 10]},
              "q": {"dtype": "I8", "shape": [1], "data_offsets": [10, 11]},
              "f8": {"dtype": "F8_E4M3", "shape": [1], "data_offsets": [11, 12]}}
    summed = {"__metadata__": {"crc_num": str(zlib.crc32(b"a12"))},
              "a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}
    index = {"metadata": {"total_size": 2.5e3, "list": [None, True]},
             "weight_map": {"a": "part0.safetensors"}}
    return {"types.safetensors": file(header, b"0123456789ab"),
            "crc.safetensors": file(summed, b"12"), "index.json": json.dumps(index).encode()}


def npy(dtype, shape, content, order=False):
    header = str({"descr": dtype, "fortran_order": order, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 16) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def numpy():
    arrays = {"net.a.npy": npy("<f4", (2, 2), floats(1, 2, 3, 4), True),
              "b.npy": npy(">i2", (3,), b"abcdef"), "c.npy": npy("<f8", (), bytes(8)),
              "s.npy": npy("<U1", (), b"abcd"), "notes.txt": b"text"}
    files = {"fortran.npy": arrays["net.a.npy"]}
    for name, method in (("stored.npz", zipfile.ZIP_STORED), ("deflated.npz", zipfile.ZIP_DEFLATED)):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for member, content in arrays.items():
                info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
                info.compress_type = method
                with archive.open(info, "w", force_zip64=True) as out:
                    out.write(content)
        files[name] = buffer.getvalue()
    return files


def main():
    folder = pathlib.Path(__file__).parent / "corpus" / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**mindspore(), **safetensors(), **numpy()}.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
