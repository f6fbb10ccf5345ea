#include "bench/model/training_run.h"

#include <catch2/catch.hpp>

#include "bench/model/tailored_rows.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/small_models.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using learn::Tensor;

namespace {

constexpr auto f64 = learn::DType::f64;

// A spring's task and the same in other units, x' = 1e3 + 1e-4 q and 1e5 p.
struct Springs {
  test::TempFolder folder;
  bench::Task plain, other;
  Tensor factor = Tensor::from({1e-4, 1e5}, {1, 2});
  Tensor offset = Tensor::from({1e3, 0}, {1, 2});

  Springs() {
    test::generate_springs(folder / "a.h5", {{"steps", "30"}});
    plain = bench::load_task(folder / "a.h5", {.dtype = f64});
    other = plain;
    other.x = plain.x * factor + offset;
    other.dx_dt = plain.dx_dt * factor;
  }

  bench::Checkpoint trained(const bench::Task& task, const std::string& name,
                            const bench::TrainingRunOptions& options = {}) const {
    bench::Checkpoint start = test::small_checkpoint(task);
    start.state = learn::initial_training_state(start.model->init(7, f64));
    return run_training(start, task, folder / name, options,
                        learn::standardisation_of(task.x, task.dx_dt));
  }
};

}  // namespace

TEST_CASE("a standardised training learns the same field in any units", "[bench][training]") {
  const Springs springs;
  const auto plain = springs.trained(springs.plain, "plain.h5");
  const auto other = springs.trained(springs.other, "other.h5");
  // 1e3 with a spread of 1e-4 costs seven digits, and thirty steps of Adam some more
  CHECK(other.state.loss == Approx(plain.state.loss).epsilon(1e-6));
  const Tensor expected =
      trained_field(plain)(plain.state.params, springs.plain.x) * springs.factor;
  const Tensor given = trained_field(other)(other.state.params, springs.other.x);
  CHECK(test::difference(given / springs.factor, expected / springs.factor) < 1e-5);
}

TEST_CASE("a standardised training that was interrupted ends with the bytes of an unbroken one",
          "[bench][training]") {
  const Springs springs;
  springs.trained(springs.plain, "whole.h5");
  struct Stop {};
  bench::TrainingRunOptions stopping{.checkpoint_every = 10};
  stopping.on_step = [](const learn::TrainingState& state) {
    if (state.step == 15) throw Stop();
  };
  CHECK_THROWS_AS(springs.trained(springs.plain, "broken.h5", stopping), Stop);
  springs.trained(springs.plain, "broken.h5", {.resume = true});
  CHECK(test::read_bytes(springs.folder / "broken.h5") ==
        test::read_bytes(springs.folder / "whole.h5"));
}

TEST_CASE("a model of trajectories is given no derivative", "[bench][training]") {
  const Springs springs;
  const auto weights = [&](const bench::Task& task) {
    bench::Checkpoint start = test::small_checkpoint(task);
    start.model = learn::find_model("node").make({2, {6, 5}});
    start.batch = 20;
    start.state = learn::initial_training_state(start.model->init(7, f64));
    const auto made = run_training(start, task, springs.folder / "node.h5", {.overwrite = true});
    CHECK(made.state.loss < 0.8 * made.state.first_loss);
    return ravel(made.state.params.tensors()).to_vector();
  };
  bench::Task without = springs.plain;
  without.dx_dt = learn::zeros_like(without.dx_dt);
  CHECK(weights(without) == weights(springs.plain));
}
