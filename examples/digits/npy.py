# SPDX-License-Identifier: Apache-2.0
"""Reads and writes NumPy files without NumPy, for the demonstration: little-endian
float32 and int32 arrays in C order, .npy or inside an .npz."""
import array
import ast
import io
import struct
import zipfile
from pathlib import Path

CODES = {"<f4": "f", "<i4": "i"}


def read(data):
    """(shape, flat array) of the bytes of an .npy file."""
    stream = io.BytesIO(data)
    if stream.read(6) != b"\x93NUMPY":
        raise ValueError("not an .npy file")
    major = stream.read(2)[0]
    length = struct.unpack("<H", stream.read(2))[0] if major == 1 else struct.unpack("<I", stream.read(4))[0]
    header = ast.literal_eval(stream.read(length).decode("latin1"))
    if header["descr"] not in CODES or header["fortran_order"]:
        raise ValueError(f"unsupported .npy layout {header}")
    values = array.array(CODES[header["descr"]])
    values.frombytes(stream.read())
    return header["shape"], values


def read_file(path):
    return read(Path(path).read_bytes())


def read_npz(path):
    """{name: (shape, flat array)}."""
    with zipfile.ZipFile(path) as archive:
        return {name[:-len(".npy")]: read(archive.read(name)) for name in archive.namelist()}


def write(path, shape, values):
    """Writes a float32 array."""
    header = str({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)})
    padding = " " * (-(len(header) + 11) % 64)
    text = (header + padding + "\n").encode()
    with open(path, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text)
        f.write(array.array("f", values).tobytes())
