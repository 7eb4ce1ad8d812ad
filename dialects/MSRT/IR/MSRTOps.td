// SPDX-License-Identifier: Apache-2.0
//
// The host program: where buffers lie and which stages run, for any device.

#ifndef DIALECTS_MSRT_IR_MSRTOPS_TD
#define DIALECTS_MSRT_IR_MSRTOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MSRT_Dialect : Dialect {
  let name = "msrt";
  let cppNamespace = "::msc::msrt";
  let summary = "Buffers, launches and copies of the host program";
  let description = [{
    A host program is a function without arguments. Its buffers are places in
    memory that the runtime provides per call (see mscrt/abi.h); sizes and
    offsets are bytes and known. Control flow is scf on loaded conditions.
  }];
  let useDefaultTypePrinterParser = 1;
}

def MSRT_BufferType : TypeDef<MSRT_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "The address of a place in memory";
}

class MSRT_Op<string mnemonic, list<Trait> traits = []> :
    Op<MSRT_Dialect, mnemonic, traits>;

class MSRT_PlaceOp<string mnemonic, string what> : MSRT_Op<mnemonic, [Pure]> {
  let summary = "Names " # what;
  let description = [{
    ```mlir
    %b = msrt.}] # mnemonic # [{ 0
    ```
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs MSRT_BufferType:$result);
  let assemblyFormat = "$index attr-dict";
}

def MSRT_InputOp : MSRT_PlaceOp<"input", "the caller's input of that index">;
def MSRT_OutputOp : MSRT_PlaceOp<"output", "the caller's output of that index">;
def MSRT_WeightsOp : MSRT_PlaceOp<"weights", "the packed weights from a byte offset on">;
def MSRT_StateOp : MSRT_PlaceOp<"state", "the context's state from a byte offset on">;
def MSRT_AllocOp : MSRT_PlaceOp<"alloc", "the context's arena from a planned byte offset on">;

def MSRT_ConstantOp : MSRT_Op<"constant", [Pure]> {
  let summary = "Names a literal in the program's read-only data";
  let description = [{
    ```mlir
    %b = msrt.constant dense<[1, 2]> : tensor<2xi64>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs MSRT_BufferType:$result);
  let assemblyFormat = "attr-dict $value";
}

def MSRT_LaunchOp : MSRT_Op<"launch"> {
  let summary = "Runs the grid of one kernel stage";
  let description = [{
    `stage` indexes the module's stage table. The buffers are those of the
    kernel: operands, results, workspaces.

    ```mlir
    msrt.launch 3 (%a, %b)
    ```
  }];
  let arguments = (ins I64Attr:$stage, Variadic<MSRT_BufferType>:$buffers);
  let assemblyFormat = "$stage `(` $buffers `)` attr-dict";
}

def MSRT_CopyOp : MSRT_Op<"copy"> {
  let summary = "Copies bytes between buffers that do not overlap";
  let description = [{
    ```mlir
    msrt.copy %to, %from, 16
    ```
  }];
  let arguments = (ins MSRT_BufferType:$to, MSRT_BufferType:$from, I64Attr:$bytes);
  let assemblyFormat = "$to `,` $from `,` $bytes attr-dict";
}

def MSRT_LoadBoolOp : MSRT_Op<"load_bool"> {
  let summary = "Reads a condition";
  let description = [{
    ```mlir
    %c = msrt.load_bool %b
    ```
  }];
  let arguments = (ins MSRT_BufferType:$from);
  let results = (outs I1:$result);
  let assemblyFormat = "$from attr-dict";
}

def MSRT_StoreExtentOp : MSRT_Op<"store_extent"> {
  let summary = "Tells the caller an extent of an output";
  let description = [{
    Dimension `dimension` of output `output` has the extent that the i64 at the
    buffer says.

    ```mlir
    msrt.store_extent 0, 1, %b
    ```
  }];
  let arguments = (ins I64Attr:$output, I64Attr:$dimension, MSRT_BufferType:$from);
  let assemblyFormat = "$output `,` $dimension `,` $from attr-dict";
}

#endif // DIALECTS_MSRT_IR_MSRTOPS_TD
