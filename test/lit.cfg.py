# SPDX-License-Identifier: Apache-2.0
"""How lit runs the text tests: formats, tools on the path, features.

Substitutions besides lit's own: %source and %build (the folders), %shared (the conformance data, feature
`shared`), %examples (the examples folder), %python (an interpreter; with
numpy, onnx and onnxruntime where the feature `onnx` is there).
"""
import os
import platform
import shutil
import subprocess

import lit.formats
from lit.llvm import llvm_config
from lit.llvm.subst import ToolSubst

config.name = "msc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt", "lint", "unit", "fuzz"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.msc_build_root, "test")

source_root = config.msc_source_root
examples = os.path.join(source_root, "examples")
shared = os.environ.get("MSC_SHARED") or os.path.join(source_root, "..", "shared")
venv_python = os.path.join(source_root, ".venv", "bin", "python")
python = venv_python if os.path.exists(venv_python) else config.python_executable


def imports(module):
    """Whether %python can import `module`."""
    return subprocess.run([python, "-c", "import " + module], capture_output=True).returncode == 0


def cpu_flags():
    """The host CPU's features as Linux names them."""
    try:
        with open("/proc/cpuinfo") as f:
            lines = [line for line in f if line.startswith(("flags", "Features"))]
    except OSError:
        return set()
    return set(lines[0].split(":", 1)[1].split()) if lines else set()


config.available_features.add(platform.machine())
if all(os.path.exists(os.path.join(config.msc_tools_dir, name)) for name in ("msc-compile", "msc-run")):
    config.available_features.add("compiler")
if os.path.isdir(shared):
    config.available_features.add("shared")
if imports("numpy"):
    config.available_features.add("numpy")
if imports("onnx") and imports("onnxruntime"):
    config.available_features.add("onnx")
if config.msc_sanitizer:
    config.available_features.add("asan" if "address" in config.msc_sanitizer else "tsan")
if shutil.which("qemu-aarch64-static") and shutil.which("aarch64-linux-gnu-g++"):
    config.available_features.add("aarch64-emulator")
config.available_features |= cpu_flags() & {"avx2", "avx512f", "amx_bf16"}

# Sanitizers must turn every finding into a failing test. LLVM's headers poison
# what their allocators hold back, which the packages' LLVM does not know of.
if config.msc_sanitizer:
    config.environment["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_odr_violation=0:allow_user_poisoning=0"
# Projects of tests use what msc is built with: make, cc and c++ need not exist.
config.environment["CMAKE_GENERATOR"] = "Ninja"
config.environment["CC"] = config.msc_c_compiler
config.environment["CXX"] = config.msc_cxx_compiler
config.environment["MSC_CACHE_DIR"] = os.path.join(config.test_exec_root, "cache")

config.substitutions.append(("%build", config.msc_build_root))
config.substitutions.append(("%shared", shared))
config.substitutions.append(("%source", source_root))
config.substitutions.append(("%examples", examples))
config.substitutions.append(("%python", python))
foreign = "x86_64" if platform.machine() == "aarch64" else "aarch64"
config.substitutions.append(("%foreign", foreign + "-linux-gnu"))
tools = ["msc-opt", "msc-translate", "msc-compile", "msc-run", "msc-tblgen", "msc-lsp-server"]
llvm_config.add_tool_substitutions(
    [ToolSubst(name, unresolved="ignore") for name in tools], [config.msc_tools_dir]
)
llvm_config.add_tool_substitutions(
    [ToolSubst(name) for name in ("FileCheck", "not", "split-file", "count", "llvm-readelf", "ld.lld")], [config.llvm_tools_dir]
)
llvm_config.with_environment("PATH", config.msc_tools_dir, append_path=True)
