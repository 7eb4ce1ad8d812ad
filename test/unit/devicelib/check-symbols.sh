#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check-symbols.sh CLANG LLVM_NM FOLDER ARCH: the device library's bitcode and
# the code a baseline CPU gets from it must define all that they use, and the
# library itself nothing but msc_* functions.
set -eu
clang=$1 nm=$2 folder=$3 arch=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$1" >&2; exit 1; }

undefined=$("$nm" --undefined-only "$folder/device-$arch.bc")
[ -z "$undefined" ] || fail "undefined in the bitcode: $undefined"
other=$("$nm" --defined-only --extern-only --format=just-symbols \
  "$folder/device-$arch.bc" | grep -v '^msc_' || true)
[ -z "$other" ] || fail "not msc_*: $other"

for name in device builtins; do
  "$clang" -target "$arch-unknown-linux-gnu" -O2 -fPIC -Wno-override-module \
    -c "$folder/$name-$arch.bc" -o "$work/$name.o"
  "$nm" --undefined-only --format=just-symbols "$work/$name.o"
done >"$work/undefined"
"$nm" --defined-only --format=just-symbols "$work/builtins.o" >"$work/defined"
missing=$(grep -vxFf "$work/defined" "$work/undefined" || true)
[ -z "$missing" ] || fail "code generation calls: $missing"
