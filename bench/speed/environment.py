# SPDX-License-Identifier: Apache-2.0
"""What is measured with: Python environments, programs around the peers, versions.

Needs nothing but Python itself: bench/run imports it before numpy is there.
"""
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "bench" / "peers"
PACKAGES = ("numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1", "openvino==2026.4.1")
MINDSPORE_PACKAGES = ("mindspore==2.10.0",)
ISA = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8",
       "asimd", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme")


def cache_folder():
    return Path(os.environ.get("MSC_BENCH_CACHE") or ROOT / ".cache" / "bench")


def make_environment(name, packages):
    """The interpreter of an environment with `packages`, made when it is not there."""
    folder, want = cache_folder() / name, " ".join(packages)
    stamp, python = folder / "msc-installed", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != want:
        print(f"bench/run: installing {want} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], check=True)
        stamp.write_text(want)
    return str(python)


def option(arguments, name):
    """The value of --name=VALUE or --name VALUE in `arguments`, or None."""
    for i, argument in enumerate(arguments):
        if argument.startswith(f"--{name}="):
            return argument.split("=", 1)[1]
        if argument == f"--{name}" and i + 1 < len(arguments):
            return arguments[i + 1]
    return None


def python_for(arguments):
    """The interpreter that bench/run continues in; printing what was measured
    before needs none in particular."""
    if {"-h", "--help"} & set(arguments) or any(a.split("=", 1)[0] == "--render" for a in arguments):
        return sys.executable
    return option(arguments, "python") or make_environment("venv", PACKAGES)


def site_packages():
    return Path(next(path for path in sys.path if (Path(path) / "onnxruntime" / "capi").is_dir()))


def first_match(folder, pattern):
    found = sorted(folder.glob(pattern))
    if not found:
        raise RuntimeError(f"no {pattern} in {folder}")
    return found[0]


def build_peers():
    """Compiles the programs; returns {"onnxruntime", "openvino", "reference": path}
    and puts the library of ONNX Runtime into the environment for them."""
    compiler = next(filter(None, map(shutil.which, ("c++", "g++", "clang++-19", "clang++"))), None)
    if not compiler:
        raise RuntimeError("a C++ compiler is needed for the programs around the peers")
    packages = site_packages()
    libraries = packages / "openvino" / "libs"
    os.environ["MSC_BENCH_ONNXRUNTIME"] = str(first_match(packages / "onnxruntime" / "capi", "libonnxruntime.so.*"))
    flags = ["-O2", "-std=c++17", "-pthread"]
    openvino = ["-isystem", packages / "openvino" / "include", first_match(libraries, "libopenvino_c.so*"),
                f"-Wl,-rpath,{libraries}", f"-Wl,-rpath-link,{libraries}"]
    programs = {"reference": ("Reference.cpp", []), "onnxruntime": ("OnnxRuntime.cpp", ["-ldl"]),
                "openvino": ("OpenVino.cpp", openvino)}
    sources = b"".join(path.read_bytes() for path in sorted(PEERS.iterdir()) if path.is_file())
    digest = hashlib.sha256(sources + str(packages).encode() + compiler.encode()).hexdigest()[:16]
    folder = cache_folder() / f"peers-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (source, extra) in programs.items():
        if not (folder / name).exists():
            command = [compiler, *flags, PEERS / source, "-o", folder / f"{name}.part", *extra]
            subprocess.run([str(part) for part in command], check=True)
            (folder / f"{name}.part").rename(folder / name)
    return {name: str(folder / name) for name in programs}


def version_of(python, package):
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, text=True).stdout.strip() or "unknown"


def cpu_lines():
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def machine():
    """Name, cores and instruction sets of this machine."""
    fields = {}
    for line in cpu_lines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    flags = set((fields.get("flags") or fields.get("Features") or "").split())
    caches = [describe_cache(path) for path in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"))]
    return {"cpu": fields.get("model name") or platform.machine(), "architecture": platform.machine(),
            "cores": len(os.sched_getaffinity(0)), "isa": [name for name in ISA if name in flags],
            "caches": [text for text in caches if text]}


def describe_cache(folder):
    try:
        level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
    except OSError:
        return ""
    if kind == "Instruction":
        return ""
    kilobytes = int(re.match(r"\d+", size).group())
    return f"L{level} {kilobytes // 1024} MB" if kilobytes >= 1024 else f"L{level} {kilobytes} KB"
