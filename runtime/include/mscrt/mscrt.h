/* SPDX-License-Identifier: Apache-2.0
 *
 * \file The C API of the runtime: load a compiled model, bind weights, run it.
 *
 * Conventions. A function that can fail returns a mscrt_status and takes a
 * `mscrt_error *` last, which may be NULL; on failure it is filled and nothing
 * else is changed. Objects are released with the function that their creator
 * names; strings and tables that a function returns belong to the object they
 * were asked from. No function prints, aborts on bad input, or keeps a pointer
 * that it was given beyond the call unless it says so. Structs that begin with
 * `size` grow at the end: set `size` to sizeof of the struct you compiled with,
 * and the rest to zero.
 *
 * Threads. A model may be used by any number of threads at once. A context
 * serves one call at a time; a second one gets MSCRT_ERROR_BUSY.
 */
#ifndef MSCRT_MSCRT_H
#define MSCRT_MSCRT_H

#include "mscrt/abi.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MSCRT_API __attribute__((visibility("default")))
#else
#define MSCRT_API
#endif

/*===-- Errors and messages ---------------------------------------------===*/

typedef enum mscrt_status {
  MSCRT_OK = 0,
  /** A file cannot be opened, read, mapped or written. */
  MSCRT_ERROR_IO = 1,
  /** A file is damaged or is not of the kind that was asked for. */
  MSCRT_ERROR_FORMAT = 2,
  /** The artifact was built for another version of the runtime. */
  MSCRT_ERROR_VERSION = 3,
  /** The artifact needs another processor, or features this one lacks. */
  MSCRT_ERROR_CPU = 4,
  /** An argument is out of range, NULL or names something unknown. */
  MSCRT_ERROR_ARGUMENT = 5,
  /** A tensor's rank, an extent or its buffer's size does not fit. */
  MSCRT_ERROR_SHAPE = 6,
  /** A tensor has another element type than the model expects. */
  MSCRT_ERROR_DTYPE = 7,
  /** An input differs from the value that the model was compiled for. */
  MSCRT_ERROR_GUARD = 8,
  /** Parameters are missing, unexpected or may not be changed. */
  MSCRT_ERROR_BIND = 9,
  /** The context is in use by another call. */
  MSCRT_ERROR_BUSY = 10,
  /** The model itself reported an error while running, e.g. a bad index. */
  MSCRT_ERROR_MODEL = 11,
  /** Memory is exhausted. */
  MSCRT_ERROR_MEMORY = 12,
  /** What was asked for exists but is not supported. */
  MSCRT_ERROR_UNSUPPORTED = 13
} mscrt_status;

/** What went wrong; owned by the caller. `message` is one line of UTF-8 that
 * ends without a period, cut to fit, always terminated. */
typedef struct mscrt_error {
  mscrt_status code;
  char message[512];
} mscrt_error;

/** Name of a status for logs, e.g. "shape". Never NULL. */
MSCRT_API const char *mscrt_status_name(mscrt_status status);

/** Version of the runtime, e.g. "0.1.0". */
MSCRT_API const char *mscrt_version(void);

typedef enum mscrt_log_level {
  MSCRT_LOG_INFO = 0,
  MSCRT_LOG_WARNING = 1
} mscrt_log_level;

/** Receives messages; may be called from any thread that calls the API. */
typedef void (*mscrt_log_fn)(void *user, mscrt_log_level level,
                             const char *message);

/** Sets the process-wide receiver of messages; NULL (the default) drops them.
 * `user` must stay valid until another receiver is set. */
MSCRT_API void mscrt_set_log(mscrt_log_fn log, void *user);

/*===-- Tensors ---------------------------------------------------------===*/

/** Name as numpy spells it, e.g. "float32"; "invalid" when there is none. */
MSCRT_API const char *mscrt_dtype_name(uint32_t dtype);

/** Bytes of one element, 0 for what cannot be in a buffer. */
MSCRT_API size_t mscrt_dtype_size(uint32_t dtype);

/** A dense row-major tensor in memory that somebody else owns. */
typedef struct mscrt_tensor {
  uint32_t dtype; /* mscrt_dtype */
  int32_t rank;
  const int64_t *shape; /* rank extents; may be NULL when rank is 0 */
  void *data;           /* never written when the tensor is an input */
  uint64_t size;        /* of the buffer in bytes */
} mscrt_tensor;

/** A tensor as a checkpoint names it; everything belongs to the caller. */
typedef struct mscrt_named_tensor {
  const char *name;
  uint32_t dtype; /* mscrt_dtype */
  int32_t rank;
  const int64_t *shape; /* rank extents; may be NULL when rank is 0 */
  const void *data;     /* any alignment */
  uint64_t size;        /* of the data in bytes */
} mscrt_named_tensor;

/** Computes the bytes of a dense tensor. Fails (ARGUMENT) on a negative rank or
 * extent, a dtype without size, or when the product overflows 63 bits. */
MSCRT_API mscrt_status mscrt_tensor_bytes(uint32_t dtype, int32_t rank,
                                          const int64_t *shape, uint64_t *bytes,
                                          mscrt_error *error);

/** Converts `count` elements; rounds to nearest even towards narrower floats,
 * truncates and saturates from floats to integers (NaN gives 0), wraps between
 * integers, and makes 0 or 1 of anything for bool. Buffers may have any
 * alignment and must not overlap. Fails (ARGUMENT) on a dtype without size. */
MSCRT_API mscrt_status mscrt_convert(uint32_t to_dtype, void *to,
                                     uint32_t from_dtype, const void *from,
                                     uint64_t count, mscrt_error *error);

/*===-- Models ----------------------------------------------------------===*/

/** A model in memory: immutable code plus the current weight set. */
typedef struct mscrt_loaded_model mscrt_loaded_model;

enum {
  /** Compare the hash of the weights with the artifact's (reads them all). */
  MSCRT_LOAD_CHECK_WEIGHTS = 1
};

typedef struct mscrt_load_options {
  uint32_t size;
  /** Most threads for one run; 0 = all that the process may use. */
  uint32_t threads;
  uint32_t flags; /* MSCRT_LOAD_* */
  /** Weights file; NULL = embedded, or the artifact's path with its suffix
   * replaced by ".weights". */
  const char *weights_path;
} mscrt_load_options;

/** Loads an artifact. Checks its processor, ABI version and features before any
 * of its code runs, then maps the weights read-only. `options` may be NULL.
 * Release *model with mscrt_model_release. Errors: IO, FORMAT, VERSION, CPU,
 * MEMORY. An artifact is code: load only what you trust. */
MSCRT_API mscrt_status mscrt_model_load(const char *path,
                                        const mscrt_load_options *options,
                                        mscrt_loaded_model **model,
                                        mscrt_error *error);

/** Makes a model of code that is already in the process (a JIT). `desc` and
 * everything it points to must outlive the model. `weights` (weights_size
 * bytes, aligned to MSCRT_ALIGNMENT) likewise; NULL = desc->weights.
 * Otherwise as mscrt_model_load. */
MSCRT_API mscrt_status mscrt_model_wrap(const mscrt_model *desc,
                                        const void *weights,
                                        const mscrt_load_options *options,
                                        mscrt_loaded_model **model,
                                        mscrt_error *error);

/** Gives the model up; contexts of it stay usable. NULL is allowed. */
MSCRT_API void mscrt_model_release(mscrt_loaded_model *model);

/** The artifact's own tables: signature, parameters, states, entries. */
MSCRT_API const mscrt_model *mscrt_model_desc(const mscrt_loaded_model *model);

/** Number of inputs, outputs, parameters and states. */
MSCRT_API uint32_t mscrt_model_num_inputs(const mscrt_loaded_model *model);
MSCRT_API uint32_t mscrt_model_num_outputs(const mscrt_loaded_model *model);
MSCRT_API uint32_t mscrt_model_num_parameters(const mscrt_loaded_model *model);
MSCRT_API uint32_t mscrt_model_num_states(const mscrt_loaded_model *model);

/** Entry `index` of a table; NULL when out of range. */
MSCRT_API const mscrt_value_desc *
mscrt_model_input(const mscrt_loaded_model *model, uint32_t index);
MSCRT_API const mscrt_value_desc *
mscrt_model_output(const mscrt_loaded_model *model, uint32_t index);
MSCRT_API const mscrt_parameter_desc *
mscrt_model_parameter(const mscrt_loaded_model *model, uint32_t index);
MSCRT_API const mscrt_state_desc *
mscrt_model_state(const mscrt_loaded_model *model, uint32_t index);

/** Limits the threads of later runs; 0 = all that the process may use. */
MSCRT_API void mscrt_model_set_threads(mscrt_loaded_model *model,
                                       uint32_t threads);

/** Processors that this process may use: affinity mask and cgroup quota. */
MSCRT_API uint32_t mscrt_available_threads(void);

/** Finds the entry that runs inputs of these dtypes, shapes and values; its
 * output shapes are mscrt_model_desc(model)->entries[*entry].output_shapes.
 * Errors: ARGUMENT (number of inputs), SHAPE, DTYPE, GUARD; each names the
 * input, the dimension and both values. */
MSCRT_API mscrt_status mscrt_model_select(const mscrt_loaded_model *model,
                                          const mscrt_tensor *inputs,
                                          uint32_t num_inputs, uint32_t *entry,
                                          mscrt_error *error);

enum {
  /** Tensors that the model has no parameter for are ignored. */
  MSCRT_BIND_IGNORE_UNEXPECTED = 1,
  /** A float tensor of another float dtype is converted. */
  MSCRT_BIND_CONVERT = 2
};

typedef struct mscrt_bind_options {
  uint32_t size;
  uint32_t flags; /* MSCRT_BIND_* */
} mscrt_bind_options;

/** Packs other parameter values into a new weight set, which later runs and new
 * contexts use; runs in flight keep the old one. Existing contexts keep their
 * state until it is reset. Every parameter that is not frozen must be given: an
 * artifact does not store unpacked values. A frozen one may be given when its
 * value is the one compiled in. Shape [1] and rank 0 are interchangeable.
 * `options` may be NULL: nothing unexpected, no conversion. Errors: BIND (every
 * problem goes to the log, the first ones into the message), MODEL, MEMORY,
 * UNSUPPORTED (the artifact has no bind function). */
MSCRT_API mscrt_status mscrt_model_bind(mscrt_loaded_model *model,
                                        const mscrt_named_tensor *tensors,
                                        uint64_t num_tensors,
                                        const mscrt_bind_options *options,
                                        mscrt_error *error);

/** Binds the checkpoint files (.ckpt, .safetensors, .npz) at `paths`; of equal
 * names the later file's counts. `renames` are "regex=replacement" rules for
 * the files' names, applied in order. Floats of another width are converted,
 * what the model has no parameter for is ignored; both are listed in the log,
 * in a report of one message per line. Otherwise as mscrt_model_bind. Further
 * error: BIND also for files that cannot be read. */
MSCRT_API mscrt_status mscrt_model_bind_files(
    mscrt_loaded_model *model, const char *const *paths, uint32_t num_paths,
    const char *const *renames, uint32_t num_renames, mscrt_error *error);

/*===-- Contexts --------------------------------------------------------===*/

/** What one run needs besides the model: arena, state, staging buffers. */
typedef struct mscrt_context mscrt_context;

/** Creates a context whose state starts from the model's current weights.
 * Destroy with mscrt_context_destroy; it keeps the model alive. */
MSCRT_API mscrt_status mscrt_context_create(const mscrt_loaded_model *model,
                                            mscrt_context **context,
                                            mscrt_error *error);

/** Must not be called while the context runs. NULL is allowed. */
MSCRT_API void mscrt_context_destroy(mscrt_context *context);

/** Runs the model on the inputs. Buffers aligned to MSCRT_ALIGNMENT are used in
 * place, others through a copy; inputs and outputs must not overlap.
 *
 * An output with data NULL is placed in a buffer of the context that is valid
 * until the next run or destroy. An output with data must have the dtype, a
 * size that holds the entry's shape and, unless its shape is NULL, that shape.
 * On success dtype, rank, shape, data and size of each output describe the
 * result; the shape belongs to the context, until its next run or destroy.
 *
 * Errors: those of mscrt_model_select, BUSY, MEMORY, MODEL. After MODEL the
 * outputs and the state variables that the model assigns are unspecified. */
MSCRT_API mscrt_status mscrt_context_run(
    mscrt_context *context, const mscrt_tensor *inputs, uint32_t num_inputs,
    mscrt_tensor *outputs, uint32_t num_outputs, mscrt_error *error);

/** Bytes of the context's arena. */
MSCRT_API uint64_t mscrt_context_arena_size(const mscrt_context *context);

/** Copies state variable `name` out of or into the context. `size` must be the
 * variable's (mscrt_state_desc). Errors: ARGUMENT, SHAPE, BUSY. */
MSCRT_API mscrt_status mscrt_context_get_state(mscrt_context *context,
                                               const char *name, void *data,
                                               uint64_t size,
                                               mscrt_error *error);
MSCRT_API mscrt_status mscrt_context_set_state(mscrt_context *context,
                                               const char *name,
                                               const void *data, uint64_t size,
                                               mscrt_error *error);

/** Sets state variable `name`, or all when NULL, to the model's current
 * weights. Errors: ARGUMENT, BUSY. */
MSCRT_API mscrt_status mscrt_context_reset_state(mscrt_context *context,
                                                 const char *name,
                                                 mscrt_error *error);

/** Starts (drops what was recorded before) or stops recording one slice per
 * stage and thread. Error: BUSY. */
MSCRT_API mscrt_status mscrt_context_set_profiling(mscrt_context *context,
                                                   int enabled,
                                                   mscrt_error *error);

/** mscrt_slice.stage of the slice that covers a whole run. */
#define MSCRT_WHOLE_RUN UINT32_MAX

/** What one thread did of one launch of a stage. Times are those of the
 * monotonic clock in nanoseconds. */
typedef struct mscrt_slice {
  uint32_t stage;  /* of mscrt_model.stages, or MSCRT_WHOLE_RUN */
  uint32_t thread; /* 0: who called the run */
  /* Counted from 0 since recording began; equal in the slices of one launch.
   * Of a whole run: the number of its first launch. */
  uint64_t launch;
  uint64_t begin, end;
} mscrt_slice;

/** Copies what was recorded, thread by thread, each in the order of time: the
 * first `capacity` slices. `*count` gets how many there are. Error: BUSY. */
MSCRT_API mscrt_status mscrt_context_get_profile(mscrt_context *context,
                                                 mscrt_slice *slices,
                                                 uint64_t capacity,
                                                 uint64_t *count,
                                                 mscrt_error *error);

/** Writes what was recorded as Chrome trace JSON (chrome://tracing, Perfetto).
 * Slices are named after the source nodes. Errors: IO, BUSY. */
MSCRT_API mscrt_status mscrt_context_write_profile(mscrt_context *context,
                                                   const char *path,
                                                   mscrt_error *error);

#ifdef __cplusplus
}
#endif

#endif /* MSCRT_MSCRT_H */
