#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check-vectorised.sh LLVM_LINK LLVM_DIS BITCODE KERNELS: links the library
# into KERNELS (one loop per function), optimises for an AVX2 machine and
# expects the work of each loop in vectors and no call left.
set -eu
link=$1 bitcode=$3 kernels=$4
opt=$(dirname "$2")/$(basename "$2" | sed s/llvm-dis/opt/)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$link" --only-needed --internalize "$kernels" "$bitcode" -o "$work/linked.bc"
"$opt" -O3 -mcpu=x86-64-v3 -S "$work/linked.bc" -o "$work/out.ll"
status=0
for name in $(sed -n 's/^define void @loop_\([a-z0-9_]*\).*/\1/p' "$kernels"); do
  body=$(sed -n "/^define .*@loop_$name(/,/^}/p" "$work/out.ll")
  case $name in *_f64 | sin_f32 | pow_f32) type='<4 x double>' ;;
  *) type='<8 x float>' ;; esac
  if ! echo "$body" | grep -qF "$type" || echo "$body" | grep -q 'call .*@msc_'
  then
    echo "the loop over msc_$name is not vectorised to $type" >&2
    status=1
  fi
done
exit $status
