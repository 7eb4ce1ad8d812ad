// SPDX-License-Identifier: Apache-2.0
//
/// \file Measures OpenVINO through its C API: single precision, the hint for
/// latency, one stream.
#include "Peer.h"

#include "openvino/c/openvino.h"

namespace {

void check(ov_status_e status, const char *what) {
  if (status != OK)
    peer::die(std::string(what) + ": " + ov_get_last_err_msg());
}

ov_element_type_e elementTypeOf(const peer::ElementType &type) {
  static const std::pair<const char *, ov_element_type_e> table[] = {
      {"f32", F32}, {"u8", U8},   {"i8", I8},   {"u16", U16},
      {"i16", I16}, {"i32", I32}, {"i64", I64}, {"boolean", BOOLEAN},
      {"f16", F16}, {"f64", F64}, {"u32", U32}, {"u64", U64}};
  for (const auto &[name, code] : table)
    if (!strcmp(name, type.openvino))
      return code;
  peer::die("OpenVINO has no such element type");
}

const peer::ElementType *typeOf(ov_element_type_e code) {
  for (const peer::ElementType &type : peer::elementTypes())
    if (elementTypeOf(type) == code)
      return &type;
  peer::die("an output has elements of an unknown type");
}

class Session {
public:
  void load(const peer::Options &options);
  void setInputs(peer::Options &options);
  void run() { check(ov_infer_request_infer(request), "infer"); }
  std::vector<peer::Tensor> describeOutputs();
  void write(const peer::Options &options,
             const std::vector<peer::Tensor> &tensors);

private:
  void fixShapes(const peer::Options &options);

  ov_core_t *core = nullptr;
  ov_model_t *model = nullptr;
  ov_compiled_model_t *compiled = nullptr;
  ov_infer_request_t *request = nullptr;
};

void Session::fixShapes(const peer::Options &options) {
  std::vector<const char *> names;
  std::vector<ov_partial_shape_t> shapes(options.inputs.size());
  for (size_t i = 0; i < shapes.size(); ++i) {
    const peer::Tensor &tensor = options.inputs[i];
    names.push_back(tensor.name.c_str());
    check(ov_partial_shape_create_static(
              static_cast<int64_t>(tensor.shape.size()), tensor.shape.data(),
              &shapes[i]),
          "shape");
  }
  check(ov_model_reshape(model, names.data(), shapes.data(), shapes.size()),
        "reshape");
}

void Session::load(const peer::Options &options) {
  check(ov_core_create(&core), "core");
  check(ov_core_read_model(core, options.model.c_str(), nullptr, &model),
        "read");
  if (options.isStatic)
    fixShapes(options);
  std::string threads = std::to_string(options.threads);
  check(ov_core_compile_model(
            core, model, "CPU", 8, &compiled, "INFERENCE_PRECISION_HINT", "f32",
            "PERFORMANCE_HINT", "LATENCY", "INFERENCE_NUM_THREADS",
            threads.c_str(), "NUM_STREAMS", "1"),
        "compile");
  check(ov_compiled_model_create_infer_request(compiled, &request), "request");
}

void Session::setInputs(peer::Options &options) {
  for (peer::Tensor &tensor : options.inputs) {
    ov_shape_t shape = {};
    ov_tensor_t *value = nullptr;
    check(ov_shape_create(static_cast<int64_t>(tensor.shape.size()),
                          tensor.shape.data(), &shape),
          "shape");
    check(ov_tensor_create_from_host_ptr(elementTypeOf(*tensor.type), shape,
                                         tensor.bytes.data(), &value),
          "tensor");
    check(ov_infer_request_set_tensor(request, tensor.name.c_str(), value),
          "input");
  }
}

std::vector<peer::Tensor> Session::describeOutputs() {
  size_t count = 0;
  check(ov_compiled_model_outputs_size(compiled, &count), "outputs");
  std::vector<peer::Tensor> tensors(count);
  for (size_t i = 0; i < count; ++i) {
    ov_tensor_t *value = nullptr;
    ov_shape_t shape = {};
    ov_element_type_e type = DYNAMIC;
    check(ov_infer_request_get_output_tensor_by_index(request, i, &value),
          "output");
    check(ov_tensor_get_shape(value, &shape), "shape");
    check(ov_tensor_get_element_type(value, &type), "type");
    tensors[i].shape.assign(shape.dims, shape.dims + shape.rank);
    tensors[i].type = typeOf(type);
  }
  return tensors;
}

void Session::write(const peer::Options &options,
                    const std::vector<peer::Tensor> &tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    ov_tensor_t *value = nullptr;
    void *data = nullptr;
    check(ov_infer_request_get_output_tensor_by_index(request, i, &value),
          "output");
    check(ov_tensor_data(value, &data), "data");
    peer::writeOutput(options, i, tensors[i], data);
  }
}

} // namespace

int main(int count, char **arguments) { peer::main<Session>(count, arguments); }
