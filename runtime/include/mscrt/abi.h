/* SPDX-License-Identifier: Apache-2.0
 *
 * \file The contract between compiled models and the runtime: what a model
 * exports, how its code is called, and which services it may use. Plain C, no
 * dependencies; shared by the compiler and the runtime, nothing else is.
 *
 * A model is a shared object that exports one symbol, `mscrt_model_v1`, of type
 * `mscrt_model`. It has no undefined symbols: everything it needs while running
 * arrives in `mscrt_services`. All offsets and sizes are in bytes. Every
 * pointer inside `mscrt_model` lives as long as the shared object is loaded.
 */
#ifndef MSCRT_ABI_H
#define MSCRT_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MSCRT_ABI_VERSION 4
#define MSCRT_MODEL_SYMBOL "mscrt_model_v1"
/** Alignment of every buffer in the arena, the state block and the weights. */
#define MSCRT_ALIGNMENT 64

/** Element types. Values 1..16 are those of ONNX TensorProto. */
typedef enum mscrt_dtype {
  MSCRT_INVALID = 0,
  MSCRT_F32 = 1,
  MSCRT_U8 = 2,
  MSCRT_I8 = 3,
  MSCRT_U16 = 4,
  MSCRT_I16 = 5,
  MSCRT_I32 = 6,
  MSCRT_I64 = 7,
  MSCRT_STRING = 8, /* never a buffer; named in diagnostics only */
  MSCRT_BOOL = 9,   /* one byte, 0 or 1 */
  MSCRT_F16 = 10,
  MSCRT_F64 = 11,
  MSCRT_U32 = 12,
  MSCRT_U64 = 13,
  MSCRT_BF16 = 16
} mscrt_dtype;

/** What the user of the model sees at one input or output. */
typedef enum mscrt_value_kind {
  MSCRT_KIND_TENSOR = 0,
  MSCRT_KIND_SCALAR = 1 /* a Python number: a tensor of rank 0 */
} mscrt_value_kind;

/** One input or output. Nested tuples are flattened; `path` keeps the nesting,
 * e.g. "1.0" for the first element of the second result ("" at top level). */
typedef struct mscrt_value_desc {
  const char *name;
  const char *path;
  uint32_t kind;  /* mscrt_value_kind */
  uint32_t dtype; /* mscrt_dtype */
  int32_t rank;
  const int64_t *shape;         /* rank extents; -1 where entries differ */
  const char *const *dim_names; /* rank names, NULL where unnamed; or NULL */
} mscrt_value_desc;

enum {
  /** The value was read while compiling; binding another one is an error. */
  MSCRT_PARAMETER_FROZEN = 1,
  /** The model assigns it: it seeds the state of each new context. */
  MSCRT_PARAMETER_STATE = 2
};

/** value_offset of a parameter whose unpacked data are not stored. */
#define MSCRT_NOT_STORED UINT64_MAX

/** One parameter as checkpoints name it, before packing. */
typedef struct mscrt_parameter_desc {
  const char *name;
  uint32_t dtype;
  int32_t rank;
  const int64_t *shape;
  uint64_t size;  /* of the unpacked data */
  uint32_t flags; /* MSCRT_PARAMETER_* */
  uint64_t hash;  /* of the data bound at compile time; XXH3, 64 bits */
  /* Frozen: where the packed weights hold the unpacked data, for the bind
   * function to read when a checkpoint lacks them. */
  uint64_t value_offset;
} mscrt_parameter_desc;

/** One state variable. A context's state block starts as a copy of
 * [weights + init_offset, + size) for each variable, placed at `offset`. */
typedef struct mscrt_state_desc {
  const char *name; /* of the parameter that seeds it */
  uint32_t dtype;
  int32_t rank;
  const int64_t *shape;
  uint64_t size;
  uint64_t offset;
  uint64_t init_offset;
} mscrt_state_desc;

/** What a kernel stage receives. `buffers` holds one pointer per operand,
 * result and workspace of the kernel, in that order. A stage that finds bad
 * data (an index out of range) stores a non-zero code in `*error` and may skip
 * the rest; code k is described by mscrt_model.messages[k - 1]. `scratch` is
 * the thread's own: mscrt_model.scratch_size bytes, aligned to MSCRT_ALIGNMENT,
 * whose contents a point leaves to nobody. Host programs do not set it. */
typedef struct mscrt_kernel_args {
  void *const *buffers;
  int32_t *error;
  void *scratch;
} mscrt_kernel_args;

/** Runs grid point (x, y, z). Points of one stage are independent. */
typedef void (*mscrt_stage_fn)(const mscrt_kernel_args *args, uint32_t x,
                               uint32_t y, uint32_t z);

/** A stage of a kernel: unit of launching and of profiling. */
typedef struct mscrt_stage_desc {
  mscrt_stage_fn fn;
  const char *name;     /* kernel and stage, e.g. "matmul_add_relu.0" */
  const char *source;   /* source nodes it stems from, separated by ", " */
  const char *schedule; /* e.g. "generic" */
  uint32_t grid[3];
  /* For people: */
  const char *note; /* why the schedule is the generic one, "tuned: " and what
                       was chosen by measuring, or "" */
  double flops;     /* floating-point operations of one launch */
  uint64_t bytes;   /* of buffers that one launch reads and writes */
} mscrt_stage_desc;

struct mscrt_call;

/** Services of the runtime. New members are appended, `size` tells which exist.
 */
typedef struct mscrt_services {
  uint32_t size; /* of this struct */
  /** Runs every point of `stage`'s grid, on one or more threads, and returns
   * when all are done. */
  void (*launch)(struct mscrt_call *call, uint32_t stage,
                 const mscrt_kernel_args *args);
} mscrt_services;

/** One call of an entry or of a bind function; owned by the caller. */
typedef struct mscrt_call {
  const mscrt_services *services;
  void *runtime; /* the runtime's own; never read by model code */
  /** Entry: the inputs. Bind function: the unpacked parameters, in the order
   * of mscrt_model.parameters; NULL for those that are neither bound nor
   * stored, which it must not read. */
  const void *const *inputs;
  /** Entry: the outputs. Bind function: unused. */
  void *const *outputs;
  char *weights; /* packed; written by the bind function only */
  char *state;
  char *arena;
  int32_t error; /* message code, see mscrt_kernel_args */
  /** Entry: per output, its extents, preset to the entry's output_shapes. An
   * entry whose output has a size that depends on data (non-zero) declares the
   * largest extents and stores the actual ones here; the elements then lie
   * densely at the start of the buffer. NULL for the bind function. */
  int64_t *const *output_shapes;
} mscrt_call;

/** Returns 0, or the message code that was left in call->error. */
typedef int32_t (*mscrt_entry_fn)(mscrt_call *call);

/** An input whose value was used while compiling: a run must pass these bytes.
 */
typedef struct mscrt_guard {
  uint32_t input;
  uint64_t size;
  const void *value;
} mscrt_guard;

/** Code for one combination of input shapes. */
typedef struct mscrt_entry {
  mscrt_entry_fn fn;
  const int64_t *const *input_shapes;  /* per input, static */
  const int64_t *const *output_shapes; /* per output; see mscrt_call */
  uint64_t arena_size;
  uint32_t num_guards;
  const mscrt_guard *guards;
} mscrt_entry;

typedef struct mscrt_model {
  uint32_t abi_version; /* MSCRT_ABI_VERSION */
  uint32_t size;        /* of this struct */
  const char *name;
  const char *target;       /* "cpu" */
  const char *triple;       /* e.g. "x86_64-pc-linux-gnu" */
  const char *cpu_features; /* comma separated, as LLVM spells them */
  const char *precision;    /* "default" ... */
  const char *build;        /* compiler version and options */
  uint32_t num_inputs, num_outputs, num_parameters, num_states;
  const mscrt_value_desc *inputs, *outputs;
  const mscrt_parameter_desc *parameters;
  const mscrt_state_desc *states;
  uint64_t state_size;
  uint32_t num_entries, num_stages, num_messages;
  const mscrt_entry *entries;
  const mscrt_stage_desc *stages;
  const char *const *messages;
  uint64_t weights_size; /* of the packed weights */
  uint64_t weights_hash; /* XXH3 of the packed weights file's content */
  const void *weights;   /* embedded weights, or NULL: a file beside */
  mscrt_entry_fn bind;   /* unpacked parameters -> packed weights */
  uint64_t bind_arena_size;
  uint64_t scratch_size; /* what stages need of it, at most */
} mscrt_model;

#ifdef __cplusplus
}
#endif

#endif /* MSCRT_ABI_H */
