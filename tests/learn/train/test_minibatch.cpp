#include "learn/train/minibatch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/models/vanilla.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;

const Mlp mlp{{2, 8, 2}};

Tensor states(DType dtype = DType::f64) { return cast(test::irregular({10, 2}, -1, 1), dtype); }
Tensor targets(DType dtype = DType::f64) { return cast(test::irregular({10, 2}, -1, 1, 3), dtype); }
Params weights(DType dtype = DType::f64) { return initial_weights(mlp, 1, dtype); }

std::vector<std::vector<std::int64_t>> epoch_of(std::uint64_t seed, std::int64_t first_step) {
  Minibatches batches(10, 4);
  std::vector<std::vector<std::int64_t>> all;
  for (std::int64_t step = first_step; step < first_step + 3; ++step)
    all.push_back(batches.rows({step, 100, seed}));
  return all;
}

}  // namespace

TEST_CASE("an epoch takes every row once, the last batch being what is left", "[learn][train]") {
  std::set<std::vector<std::vector<std::int64_t>>> orders;
  for (const std::int64_t epoch : {0, 1, 2}) {
    const auto batches = epoch_of(5, 3 * epoch);
    std::set<std::int64_t> rows;
    for (const auto& batch : batches) rows.insert(batch.begin(), batch.end());
    CHECK(rows.size() == 10);
    CHECK(*rows.rbegin() == 9);
    CHECK(batches[0].size() == 4);
    CHECK(batches[2].size() == 2);
    orders.insert(batches);
  }
  orders.insert(epoch_of(6, 0));
  CHECK(orders.size() == 4);
}

TEST_CASE("a batch is a function of its step and the seed alone", "[learn][train]") {
  Minibatches walked(10, 4);
  std::vector<std::vector<std::int64_t>> forwards;
  for (std::int64_t step = 0; step < 20; ++step) forwards.push_back(walked.rows({step, 20, 5}));
  for (std::int64_t step = 19; step >= 0; --step) {
    CHECK(walked.rows({step, 20, 5}) == forwards[static_cast<std::size_t>(step)]);
    CHECK(Minibatches(10, 4).rows({step, 7, 5}) == forwards[static_cast<std::size_t>(step)]);
  }
  CHECK_THROWS_AS(Minibatches(0, 4), base::UsageError);
  CHECK_THROWS_AS(Minibatches(10, 0), base::UsageError);
}

TEST_CASE("every place of the order is taken by every row alike", "[learn][train]") {
  // how often row r comes first in 3000 epochs of 3 rows: 1000 times, give or take five standard
  // deviations of sqrt(3000 * 2 / 9) = 26
  std::vector<int> first(3);
  for (std::uint64_t seed = 0; seed < 3000; ++seed)
    ++first[static_cast<std::size_t>(Minibatches(3, 1).rows({0, 1, seed})[0])];
  for (const int count : first) CHECK(std::abs(count - 1000) < 130);
}

TEST_CASE("the gradient of a batch is that of the loss on its rows", "[learn][train]") {
  const Field field = mlp_field(mlp);
  const Objective objective = field_objective(field, states(), targets(), {.batch = 4});
  for (const std::int64_t step : {0, 2, 7}) {
    const TrainingStep at{step, 10, 3};
    const auto rows =
        std::make_shared<const std::vector<std::int64_t>>(Minibatches(10, 4).rows(at));
    const auto expected = value_and_grad(
        [&](const Params& params) {
          return field_loss(field, params, gather(states(), rows), gather(targets(), rows));
        },
        weights());
    const auto made = objective.value_and_gradient(weights(), at);
    // sums of some terms of order one in another order
    CHECK(difference(made.value, expected.value) < 1e-14);
    CHECK(difference(made.grad, expected.grad) < 1e-14);
    CHECK(test::size_of(expected.grad) > 1e-2);
  }
}

TEST_CASE("the value alone is the loss on all rows, batch or not", "[learn][train]") {
  // more rows than one piece of 375
  const Tensor x = test::irregular({1000, 2}, -1, 1), y = test::irregular({1000, 2}, -1, 1, 3);
  const Field field = mlp_field(mlp);
  const double expected = field_loss(field, weights(), x, y).item();
  for (const std::int64_t batch : {0, 7}) {
    const Objective objective = field_objective(field, x, y, {.batch = batch});
    // a thousand squares of order one, in another order
    CHECK(objective.value(weights(), {3, 10, 0}).item() == Approx(expected).epsilon(1e-13));
  }
  const auto whole = field_objective(field, x, y).value_and_gradient(weights(), {3, 10, 0});
  CHECK(whole.value.item() == Approx(expected).epsilon(1e-13));
}

TEST_CASE("batches of several pieces have the same bits on any number of threads",
          "[learn][train]") {
  // the last batch of an epoch, 200 rows, is one piece
  const Tensor x = test::irregular({1000, 2}, -1, 1), y = test::irregular({1000, 2}, -1, 1, 3);
  const auto gradient = [&](int jobs, std::int64_t step) {
    const auto objective = field_objective(mlp_field(mlp), x, y, {.batch = 800, .jobs = jobs});
    const auto made = objective.value_and_gradient(weights(), {step, 10, 3});
    return ravel(made.grad.tensors()).to_vector();
  };
  for (const std::int64_t step : {0, 1}) {
    const auto alone = gradient(1, step);
    CHECK(gradient(2, step) == alone);
    CHECK(gradient(3, step) == alone);
  }
  CHECK(gradient(1, 0) != gradient(1, 1));
}

TEST_CASE("training on batches that is continued has the bits of training without a stop",
          "[learn][train]") {
  const auto objective = [] {
    return field_objective(mlp_field(mlp), states(DType::f32), targets(DType::f32), {.batch = 3});
  };
  const Training training{.steps = 25, .adam = {.learning_rate = 1e-2}, .seed = 11};
  const auto bits = [](const TrainingState& state) {
    return ravel(state.params.tensors()).to_vector();
  };
  std::vector<TrainingState> states;
  const Hook keep{1, [&](const TrainingState& state) { states.push_back(state); }};
  const auto start = initial_training_state(weights(DType::f32));
  const auto whole = bits(train(training, start, objective(), {keep}));
  for (const std::size_t i : {0, 3, 4, 17, 23})
    CHECK(bits(train(training, states.at(i), objective())) == whole);
  Training other = training;
  other.seed = 12;
  CHECK(bits(train(other, start, objective())) != whole);
}

}  // namespace noether::learn
