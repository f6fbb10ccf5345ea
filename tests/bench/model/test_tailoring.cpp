#include "bench/model/tailoring.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "bench/data/denoise.h"
#include "bench/model/tailored_rows.h"
#include "bench/model/training_run.h"
#include "learn/noether/joint_weights.h"
#include "learn/train/minibatch.h"
#include "tests/bench/tables/small_models.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using learn::Params;
using learn::Tensor;

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector(), y = b.to_vector();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

// Springs on which a model learns for a while with a tailoring.
struct Tailored {
  test::TempFolder folder;
  bench::Task task;
  Tailored() {
    test::generate_springs(folder / "a.h5", {{"steps", "30"}});
    task = bench::load_task(folder / "a.h5", {.horizons = {1}});
  }
  bench::Checkpoint start(const std::string& conserve) const {
    auto checkpoint = test::small_checkpoint(task);
    checkpoint.tailoring = bench::make_tailoring(conserve, task);
    return checkpoint;
  }
};

}  // namespace

TEST_CASE("weights that were joined come apart again", "[bench][tailoring]") {
  const learn::Mlp mlp{{2, 4, 2}}, network{{2, 3, 1}};
  const Params theta = learn::initial_weights(mlp, 1, learn::DType::f64),
               phi = learn::initial_weights(network, 2, learn::DType::f64);
  const Params joint = learn::join(theta, phi);
  CHECK(joint.size() == theta.size() + phi.size());
  const auto [model, quantity] = learn::split(joint);
  REQUIRE(quantity.size() == phi.size());
  for (const auto& [name, value] : theta) CHECK(largest_difference(model[name], value) == 0);
  for (const auto& [name, value] : phi) CHECK(largest_difference(quantity[name], value) == 0);
  CHECK(learn::split(theta).phi.size() == 0);
}

TEST_CASE("the energy to conserve is that of the file, if it is a conserved formula",
          "[bench][tailoring]") {
  bench::Task task{.source = "a.h5", .coordinates = {"q", "p"}};
  const auto energy = [&] { return bench::make_tailoring("energy", task); };
  CHECK_THROWS_WITH(energy(), "'a.h5' holds no energy");
  task.followed = {.name = "energy", .formula = "q^2 + p^2"};
  CHECK(energy().formula == "q^2 + p^2");
  task.followed.is_conserved = false;
  CHECK_THROWS_WITH(energy(), "the energy in 'a.h5' is not conserved");
  task.followed = {.name = "energy"};
  CHECK_THROWS_WITH(energy(), Catch::StartsWith("the energy in 'a.h5' is not described"));
  CHECK_THROWS_AS(energy(), base::UsageError);
}

TEST_CASE("a model file gives back what it was tailored to", "[bench][tailoring]") {
  const Tailored tailored;
  auto start = tailored.start("network");
  start.tailoring->rule = learn::StepRule::sgd;
  start.tailoring->rate = 1e-3;
  start.tailoring->steps = 2;
  start.tailoring->all_layers = true;
  const auto path = tailored.folder / "m.h5";
  const auto made = bench::run_training(start, tailored.task, path, {});
  const auto read = bench::load_checkpoint(path);
  REQUIRE(read.tailoring);
  CHECK(read.tailoring->conserve == "network");
  CHECK(read.tailoring->rule == learn::StepRule::sgd);
  CHECK(read.tailoring->rate == 1e-3);
  CHECK(read.tailoring->steps == 2);
  CHECK(read.tailoring->all_layers);
  CHECK(read.tailoring->network.widths == std::vector<std::int64_t>{2, 32, 1});
  const Tensor x = tailored.task.x;
  CHECK(largest_difference(trained_field(read)(read.state.params, x),
                           trained_field(made)(made.state.params, x)) == 0);
}

TEST_CASE("joint training moves the model and its quantity", "[bench][tailoring]") {
  const Tailored tailored;
  const auto train = [&](std::int64_t steps) {
    auto start = tailored.start("network");
    start.training.steps = steps;
    const auto path = tailored.folder / (std::to_string(steps) + ".h5");
    return learn::split(
        bench::run_training(start, tailored.task, path, {.joint_quantity = true}).state.params);
  };
  const auto early = train(1), late = train(30);
  CHECK(largest_difference(late.theta["W1"], early.theta["W1"]) > 1e-3);
  CHECK(largest_difference(late.phi["W1"], early.phi["W1"]) > 1e-4);
}

TEST_CASE("a frozen quantity stays as it was pre-trained, to the bit", "[bench][tailoring]") {
  const Tailored tailored;
  const auto& task = tailored.task;
  auto start = tailored.start("network");
  // decay and clipping would reach weights that were only given no gradient
  start.training.adam.weight_decay = 0.1;
  start.training.clip_norm = 0.01;
  const auto train = [&](bool frozen) {
    return learn::split(bench::run_training(start, task, tailored.folder / "m.h5",
                                            {.overwrite = true, .joint_quantity = !frozen})
                            .state.params);
  };
  const auto frozen = train(true), joint = train(false);
  const Params phi =
      cast(bench::pretrained_on(task, start.tailoring->network, {}, start.seed), learn::DType::f32);
  for (const auto& [name, value] : phi) {
    CHECK(largest_difference(frozen.phi[name], value) == 0);
    CHECK(largest_difference(joint.phi[name], value) > 1e-4);
  }
  // the model learns as if g were a formula
  auto training = start.training;
  training.seed = start.seed;
  const auto field = tailored_field(*field_model(start).network(),
                                    learn::network_quantity(start.tailoring->network), phi,
                                    {.weights = field_model(start).own()});
  const auto by_hand =
      learn::train(training, start.state, learn::field_objective(field, task.x, task.dx_dt));
  for (const auto& [name, value] : frozen.theta)
    CHECK(largest_difference(by_hand.params[name], value) == 0);
}

TEST_CASE("a transductive model conserves more at the test starts, as one set of weights",
          "[bench][tailoring]") {
  const Tailored tailored;
  const auto plain = test::small_checkpoint(tailored.task);
  const auto rows = candidates(plain, tailored.start("energy").tailoring,
                               learn::Setting::transductive, tailored.task);
  REQUIRE(rows.size() == 2);
  const auto g = learn::formula_quantity("q^2 + p^2", {"q", "p"});
  const Tensor x = cast(tailored.task.starts, learn::DType::f32);
  const auto change = [&](const bench::Candidate& row) {
    return mean(square(rate_of_change(g, {}, x, row.field(row.params, x)))).item();
  };
  CHECK(change(rows[0]) > 0);
  CHECK(change(rows[1]) < change(rows[0]));
}

TEST_CASE("a task is denoised as its trajectories are", "[bench][tailoring]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"steps", "30"}, {"noise_std", "0.1"}});
  const auto load = [&](bool denoise) {
    return bench::load_task(folder / "a.h5", {.denoise = denoise, .dtype = learn::DType::f64});
  };
  const auto noisy = load(false), clean = load(true);
  CHECK(largest_difference(
            clean.x, bench::denoised(noisy.x, noisy.dx_dt, noisy.trajectories, noisy.dt)) == 0);
  CHECK(largest_difference(clean.x, noisy.x) > 0.1);
  CHECK(clean.noise_std == 0.1);
  // 0.1^2 is not quite 0.01
  CHECK(clean.offset_variance == Approx(0.01 / 30).epsilon(1e-15));
  CHECK(noisy.offset_variance == 0);
}
