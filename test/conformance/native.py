# SPDX-License-Identifier: Apache-2.0
"""The compiler (libmsc.so) and the runtime (libmscrt.so) through their C APIs."""
import ctypes as c
import os

import numpy as np

# mscrt_dtype -> numpy; bfloat16 travels as its 16 bits.
DTYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16,
          6: np.int32, 7: np.int64, 9: np.bool_, 10: np.float16, 11: np.float64,
          12: np.uint32, 13: np.uint64, 16: np.uint16}
CODES = {np.dtype(t): k for k, t in DTYPES.items() if k != 16}


class _JitInput(c.Structure):
    _fields_ = [("name", c.c_char_p), ("dtype", c.c_uint32), ("rank", c.c_int32),
                ("shape", c.POINTER(c.c_int64)), ("data", c.c_void_p), ("size", c.c_uint64)]


class _JitRequest(c.Structure):
    _fields_ = [("size", c.c_uint32), ("model", c.c_char_p), ("flags", c.POINTER(c.c_char_p)),
                ("num_flags", c.c_uint32), ("inputs", c.POINTER(_JitInput)),
                ("num_inputs", c.c_uint32), ("output", c.c_char_p)]


class _Error(c.Structure):
    _fields_ = [("code", c.c_int), ("message", c.c_char * 512)]


class _Tensor(c.Structure):
    _fields_ = [("dtype", c.c_uint32), ("rank", c.c_int32), ("shape", c.POINTER(c.c_int64)),
                ("data", c.c_void_p), ("size", c.c_uint64)]


class _ValueDesc(c.Structure):
    _fields_ = [("name", c.c_char_p), ("path", c.c_char_p), ("kind", c.c_uint32),
                ("dtype", c.c_uint32), ("rank", c.c_int32), ("shape", c.POINTER(c.c_int64)),
                ("dim_names", c.c_void_p)]


class Failure(Exception):
    """A diagnostic of the compiler or the runtime."""


def _shape(shape):
    return (c.c_int64 * max(len(shape), 1))(*shape)


class Native:
    def __init__(self, build):
        self.msc = c.CDLL(os.path.join(build, "lib", "libmsc.so"))
        self.rt = c.CDLL(os.path.join(build, "lib", "libmscrt.so"))
        self.msc.msc_jit_compile.argtypes = [c.POINTER(_JitRequest), c.POINTER(c.c_void_p)]
        self.msc.msc_jit_free.argtypes = [c.c_void_p]
        for name in ("input", "output"):
            getattr(self.rt, "mscrt_model_" + name).restype = c.POINTER(_ValueDesc)
            getattr(self.rt, "mscrt_model_" + name).argtypes = [c.c_void_p, c.c_uint32]
            getattr(self.rt, "mscrt_model_num_%ss" % name).argtypes = [c.c_void_p]

    def compile(self, model, output, inputs=(), flags=()):
        """Compiles for the shapes (and, where needed, values) of `inputs`."""
        arrays = [np.ascontiguousarray(a).reshape(np.shape(a)) for a in inputs]
        list_ = (_JitInput * max(len(arrays), 1))()
        for slot, a in zip(list_, arrays):
            slot.dtype, slot.rank, slot.shape = CODES.get(a.dtype, 0), a.ndim, _shape(a.shape)
            slot.data, slot.size = a.ctypes.data, a.nbytes
        flags = [*flags, "--no-cache"]
        texts = (c.c_char_p * len(flags))(*[f.encode() for f in flags])
        request = _JitRequest(c.sizeof(_JitRequest), model.encode(), texts, len(flags), list_,
                              len(arrays), output.encode())
        messages = c.c_void_p()
        code = self.msc.msc_jit_compile(c.byref(request), c.byref(messages))
        text = c.string_at(messages).decode(errors="replace").strip()
        self.msc.msc_jit_free(messages)
        if code:
            raise Failure("compile: " + text)
        return text

    def load(self, path):
        return Model(self.rt, path)


class Model:
    def __init__(self, rt, path):
        self.rt, self.handle, self.context = rt, c.c_void_p(), c.c_void_p()
        error = _Error()
        if rt.mscrt_model_load(path.encode(), None, c.byref(self.handle), c.byref(error)):
            raise Failure("load: " + error.message.decode(errors="replace"))
        if rt.mscrt_context_create(self.handle, c.byref(self.context), c.byref(error)):
            raise Failure("context: " + error.message.decode(errors="replace"))
        self.inputs = [rt.mscrt_model_input(self.handle, i).contents
                       for i in range(rt.mscrt_model_num_inputs(self.handle))]
        self.outputs = [rt.mscrt_model_output(self.handle, i).contents
                        for i in range(rt.mscrt_model_num_outputs(self.handle))]

    def bind(self, checkpoint):
        error = _Error()
        paths = (c.c_char_p * 1)(checkpoint.encode())
        if self.rt.mscrt_model_bind_files(self.handle, paths, 1, None, 0, c.byref(error)):
            raise Failure("bind: " + error.message.decode(errors="replace"))
        self.rt.mscrt_context_destroy(self.context)
        self.context = c.c_void_p()
        if self.rt.mscrt_context_create(self.handle, c.byref(self.context), c.byref(error)):
            raise Failure("context: " + error.message.decode(errors="replace"))

    def run(self, inputs):
        """Outputs as arrays; bfloat16 as uint16."""
        keep, ins = [], (_Tensor * max(len(inputs), 1))()
        for i, (slot, value) in enumerate(zip(ins, inputs)):
            a = np.ascontiguousarray(value).reshape(np.shape(value))
            desc = self.inputs[i] if i < len(self.inputs) else None
            if desc and a.dtype == np.float64 and a.ndim == 0 and desc.dtype == 1:
                a = a.astype(np.float32)  # a Python number: any width
            dtype = CODES[a.dtype]
            if i < len(self.inputs) and self.inputs[i].dtype == 16 and a.dtype == np.uint16:
                dtype = 16
            shape = _shape(a.shape)
            slot.dtype, slot.rank, slot.shape = dtype, a.ndim, shape
            slot.data, slot.size = a.ctypes.data, a.nbytes
            keep += [a, shape]
        outs = (_Tensor * max(len(self.outputs), 1))()
        error = _Error()
        if self.rt.mscrt_context_run(self.context, ins, len(inputs), outs, len(self.outputs),
                                     c.byref(error)):
            raise Failure("run: " + error.message.decode(errors="replace"))
        return [self._array(slot) for slot in outs[:len(self.outputs)]]

    @staticmethod
    def _array(tensor):
        """A copy of an output that lies in the context's memory."""
        shape = [tensor.shape[d] for d in range(tensor.rank)]
        dtype = np.dtype(DTYPES[tensor.dtype])
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return np.frombuffer(c.string_at(tensor.data, size) if size else b"", dtype).reshape(shape).copy()

    def close(self):
        self.rt.mscrt_context_destroy(self.context)
        self.rt.mscrt_model_release(self.handle)
