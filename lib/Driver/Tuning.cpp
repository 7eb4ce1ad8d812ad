// SPDX-License-Identifier: Apache-2.0
//
/// \file Measures candidates of kernels: each is compiled, linked and loaded by
/// itself, and all run on the same random data, taking turns.
#include "lib/Driver/Tuning.h"

#include "lib/Driver/KernelRunner.h"
#include "lib/Driver/Linker.h"
#include "mlir/IR/Threading.h"
#include "llvm/Support/Format.h"
#include <chrono>
#include <cstring>
#include <limits>

using namespace mlir;

namespace msc {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

/// A candidate takes the place of the estimate's when it is so much faster.
static constexpr double clearlyFaster = 0.97;
/// One that takes so much longer than the fastest is not measured any further.
static constexpr double hopeless = 1.25;
/// How often each contender has its turn, and before any may be given up.
static constexpr unsigned turns = 24, firstTurns = 4;
/// A turn is as many launches as take this long, one at least.
static constexpr double turnNanoseconds = 100e3;

llvm::Error checkTunable(const Compilation &c) {
  const target::Machine &machine = c.target->machine();
  if (c.options.tuneSeconds == 0u || machine.isThisOne())
    return llvm::Error::success();
  return llvm::createStringError(
      "--tune measures on this machine, which is not " + machine.cpu() + ", " +
      machine.triple());
}

/// Whether measuring \p kernel is of use.
static bool canBeTuned(const KernelCode &kernel) {
  return !kernel.code.candidates.empty() && kernel.launches > 0;
}

namespace {
/// What a kernel is launched on: random operands, room for results and
/// workspaces.
class KernelData {
public:
  explicit KernelData(const KernelCode &kernel);
  /// Whether there was memory enough.
  bool isComplete() const {
    return llvm::all_of(pointers, [](void *p) { return p; });
  }
  /// Launches the \p count stages of \p model from \p first on.
  void launch(const LoadedModel &model, size_t first, size_t count) {
    mscrt_kernel_args args = {pointers.data(), &error, nullptr};
    for (size_t stage = first; stage < first + count; ++stage)
      model.runStage(uint32_t(stage), args);
  }
  /// The shortest of a few.
  double shortestLaunch(const LoadedModel &model, size_t first, size_t count);
  bool hasFailed() const { return error != 0; }

private:
  /// Zeros; null when out of memory.
  char *add(uint64_t bytes);
  void addRandom(RankedTensorType type, std::mt19937_64 &random);

  std::vector<AlignedBuffer> buffers;
  std::vector<void *> pointers;
  int32_t error = 0;
};

/// One way to compute a kernel, loaded.
struct Contender {
  ProgramCode program; ///< nothing but the kernel
  std::unique_ptr<LoadedModel> model;
  double nanoseconds = std::numeric_limits<double>::infinity();

  KernelCode &kernel() { return *program.kernels.front(); }
};

class Tuner {
public:
  Tuner(Compilation &c, ProgramCode &program)
      : c(c), program(program),
        end(Clock::now() + std::chrono::seconds(*c.options.tuneSeconds)) {}

  LogicalResult run();

private:
  FailureOr<std::vector<KernelCode *>> hottestFirst();
  LogicalResult tune(KernelCode &kernel);
  LogicalResult chooseStage(const KernelCode &kernel, size_t stage,
                            KernelData &data, target::KernelChoices &best);
  FailureOr<std::vector<Contender>>
  load(const KernelCode &kernel, ArrayRef<target::KernelChoices> choices);
  llvm::Expected<std::unique_ptr<LoadedModel>> loadAlone(ProgramCode &alone);

  Compilation &c;
  ProgramCode &program;
  Clock::time_point end;
};
} // namespace

KernelData::KernelData(const KernelCode &kernel) {
  ms::KernelOp op = kernel.kernel;
  std::mt19937_64 random(1);
  for (Type type : op.getInputs().getTypes())
    addRandom(cast<RankedTensorType>(type), random);
  for (Type type : op.getOutputs().getTypes())
    add(bufferBytes(type));
  for (uint64_t bytes : kernel.code.workspace)
    add(bytes);
}

char *KernelData::add(uint64_t bytes) {
  buffers.push_back(allocateAligned(bytes));
  char *data = buffers.back().get();
  if (data)
    std::memset(data, 0, bytes);
  pointers.push_back(data);
  return data;
}

/// Adds an operand: some random values, again and again.
void KernelData::addRandom(RankedTensorType type, std::mt19937_64 &random) {
  constexpr int64_t most = 1 << 16;
  reference::Tensor some(RankedTensorType::get(
      {std::min(type.getNumElements(), most)}, type.getElementType()));
  fillRandom(some, random, /*maxInteger=*/1);
  size_t bytes = bufferBytes(type);
  char *data = add(bytes);
  for (size_t at = 0; data && at < bytes; at += some.data.size())
    std::memcpy(data + at, some.data.data(),
                std::min(some.data.size(), bytes - at));
}

double KernelData::shortestLaunch(const LoadedModel &model, size_t first,
                                  size_t count) {
  double shortest = std::numeric_limits<double>::infinity();
  for (unsigned i = 0; i < firstTurns; ++i) {
    Clock::time_point start = Clock::now();
    launch(model, first, count);
    shortest = std::min(shortest, Nanoseconds(Clock::now() - start).count());
  }
  return shortest;
}

/// The chosen candidates of \p kernel in words; "" where there are none.
static std::string noteOf(const KernelCode &kernel) {
  SmallVector<StringRef> notes;
  for (const target::Stage &stage : kernel.code.stages) {
    StringRef note = stage.facts.note;
    if (note.consume_front(target::tunedNote))
      notes.push_back(note);
  }
  return llvm::join(notes, "; ");
}

static bool isClearlyFaster(const Contender &a, const Contender &b) {
  return a.nanoseconds < clearlyFaster * b.nanoseconds;
}

/// Lets the contenders take turns on \p data, and notes their shortest times.
static void compare(MutableArrayRef<Contender> contenders, KernelData &data) {
  auto time = [&](Contender &contender, unsigned launches) {
    size_t stages = contender.kernel().code.stages.size();
    Clock::time_point start = Clock::now();
    for (unsigned i = 0; i < launches; ++i)
      data.launch(*contender.model, 0, stages);
    double each = Nanoseconds(Clock::now() - start).count() / launches;
    contender.nanoseconds = std::min(contender.nanoseconds, each);
  };
  double fastest = std::numeric_limits<double>::infinity();
  for (Contender &contender : contenders) { // warms up
    time(contender, 1);
    contender.nanoseconds = std::numeric_limits<double>::infinity();
    time(contender, 1);
    fastest = std::min(fastest, contender.nanoseconds);
  }
  auto launches =
      unsigned(std::max(1.0, turnNanoseconds / std::max(1.0, fastest)));
  for (unsigned turn = 0; turn < turns; ++turn)
    for (Contender &contender : contenders) {
      if (turn >= firstTurns && contender.nanoseconds > hopeless * fastest)
        continue;
      time(contender, launches);
      fastest = std::min(fastest, contender.nanoseconds);
    }
}

llvm::Expected<std::unique_ptr<LoadedModel>>
Tuner::loadAlone(ProgramCode &alone) {
  Linker linker(c, alone);
  if (llvm::Error error = linker.prepare())
    return std::move(error);
  llvm::Expected<std::string> linked = linker.link(0, {});
  if (!linked)
    return linked.takeError();
  return LoadedModel::load(*linked);
}

/// Compiles \p kernel in several ways.
FailureOr<std::vector<Contender>>
Tuner::load(const KernelCode &kernel, ArrayRef<target::KernelChoices> choices) {
  std::vector<Contender> contenders(choices.size());
  for (auto [contender, chosen] : llvm::zip(contenders, choices)) {
    contender.program.target = program.target;
    contender.program.messages = program.messages;
    auto code = std::make_unique<KernelCode>();
    code->kernel = kernel.kernel;
    code->digest = kernel.digest;
    code->symbol = kernel.symbol;
    code->choices = chosen;
    contender.program.kernels.push_back(std::move(code));
  }
  if (failed(failableParallelForEach(
          &c.ctx, contenders, [&](Contender &contender) {
            return c.compileKernel(*program.target, contender.kernel());
          })))
    return failure();
  for (Contender &contender : contenders) {
    auto model = loadAlone(contender.program);
    if (!model)
      return reportError(c, model.takeError());
    contender.model = std::move(*model);
  }
  return std::move(contenders);
}

/// The kernels that have candidates and were not measured before, by the time
/// they take in a run of the model.
FailureOr<std::vector<KernelCode *>> Tuner::hottestFirst() {
  auto model = loadAlone(program);
  if (!model)
    return reportError(c, model.takeError());
  std::vector<std::pair<double, KernelCode *>> times; // negative: longest first
  size_t first = 0;
  for (const auto &kernel : program.kernels) {
    size_t count = kernel->code.stages.size();
    if (canBeTuned(*kernel) && !c.tuning->find(kernel->symbol)) {
      KernelData data(*kernel);
      if (data.isComplete())
        times.emplace_back(-double(kernel->launches) *
                               data.shortestLaunch(**model, first, count),
                           kernel.get());
    }
    first += count;
  }
  llvm::sort(times, llvm::less_first());
  std::vector<KernelCode *> kernels;
  for (auto &[time, kernel] : times)
    kernels.push_back(kernel);
  return kernels;
}

/// Lets \p best take another candidate for stage number \p stage of those that
/// have some, where that is faster.
LogicalResult Tuner::chooseStage(const KernelCode &kernel, size_t stage,
                                 KernelData &data,
                                 target::KernelChoices &best) {
  std::vector<target::KernelChoices> choices;
  for (unsigned k = 0; k < kernel.code.candidates[stage]; ++k) {
    choices.push_back(best);
    choices.back()[stage] = k;
  }
  auto contenders = load(kernel, choices);
  if (failed(contenders))
    return failure();
  compare(*contenders, data);
  auto fastest = std::min_element(
      contenders->begin(), contenders->end(),
      [](auto &a, auto &b) { return a.nanoseconds < b.nanoseconds; });
  if (isClearlyFaster(*fastest, contenders->front()))
    best = fastest->kernel().choices;
  return success();
}

/// Measures the candidates of stage after stage, the others as they are best,
/// and the result against the estimates: the fastest of many may be so by
/// chance.
LogicalResult Tuner::tune(KernelCode &kernel) {
  KernelData data(kernel);
  const target::KernelChoices own(kernel.code.candidates.size(), 0);
  target::KernelChoices best = own;
  for (size_t stage = 0; stage < own.size(); ++stage)
    if (failed(chooseStage(kernel, stage, data, best)))
      return failure();
  std::vector<target::KernelChoices> choices = {own};
  if (best != own)
    choices.push_back(best);
  auto finalists = load(kernel, choices);
  if (failed(finalists))
    return failure();
  compare(*finalists, data);
  Contender &estimated = finalists->front(), &chosen = finalists->back();
  TunedKernel tuned;
  tuned.estimated = tuned.chosen = int64_t(estimated.nanoseconds);
  // What stops at bad data says nothing about good data.
  if (isClearlyFaster(chosen, estimated) && !data.hasFailed()) {
    tuned.chosen = int64_t(chosen.nanoseconds);
    tuned.choices = kernel.choices = best;
    kernel.code = std::move(chosen.kernel().code);
    tuned.note = noteOf(kernel);
  }
  c.tuning->add(kernel.symbol, std::move(tuned));
  return success();
}

LogicalResult Tuner::run() {
  FailureOr<std::vector<KernelCode *>> kernels = hottestFirst();
  if (failed(kernels))
    return failure();
  for (auto [i, kernel] : llvm::enumerate(*kernels)) {
    if (i > 0 && Clock::now() >= end)
      break;
    c.progress.show("code: measuring kernel " + Twine(i + 1) + " of " +
                    Twine(kernels->size()));
    if (failed(tune(*kernel)))
      return failure();
  }
  return success();
}

LogicalResult tuneKernels(Compilation &c, ProgramCode &program) {
  return Tuner(c, program).run();
}

bool isTuned(const Compilation &c) {
  return c.options.tuneSeconds == 0u ||
         (!c.tuning->hasGrown() &&
          llvm::all_of(c.code.kernels, [&](const auto &kernel) {
            return !canBeTuned(*kernel) || c.tuning->find(kernel->symbol);
          }));
}

/// What was measured of \p kernel, for people.
static void describe(const KernelCode &kernel, const TunedKernel *tuned,
                     llvm::raw_ostream &os) {
  if (!tuned) {
    os << "not measured, candidates:";
    for (unsigned count : kernel.code.candidates)
      os << " " << count;
    return;
  }
  std::string note = noteOf(kernel);
  os << (note.empty() ? "as estimated" : note);
  if (tuned->chosen > 0)
    os << llvm::format(", %.1f us", double(tuned->chosen) / 1e3);
  if (!note.empty() && tuned->estimated > 0)
    os << llvm::format(", as estimated %.1f us",
                       double(tuned->estimated) / 1e3);
}

void explainTuning(const Compilation &c) {
  size_t all = 0, measured = 0, changed = 0;
  for (const auto &kernel : c.code.kernels) {
    if (!canBeTuned(*kernel))
      continue;
    const TunedKernel *tuned = c.tuning->find(kernel->symbol);
    ++all;
    measured += tuned != nullptr;
    changed += !noteOf(*kernel).empty();
    std::string nodes = sourceNodes(kernel->kernel.getLoc());
    c.os << "tuned: " << kernel->symbol << " ("
         << (nodes.empty() ? "no source nodes" : nodes) << "): ";
    describe(*kernel, tuned, c.os);
    c.os << "\n";
  }
  std::string path = c.tuning->path();
  c.os << "tuned: " << changed << " of " << all << " kernels, " << measured
       << " measured, "
       << (path.empty() ? "not kept without a cache" : "kept in " + path)
       << "\n";
}

} // namespace msc
