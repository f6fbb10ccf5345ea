#include "learn/train/trainer.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/models/vanilla.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const Mlp small{.widths = {2, 8, 2}};

// x' = y, y' = -x at four points
Tensor circle_loss(const Params& params) {
  const Tensor x = Tensor::from({1, 0, 0, 1, -1, 0, 0.6, 0.8}, {4, 2}, DType::f32);
  const Tensor dx_dt = Tensor::from({0, -1, 1, 0, 0, 1, 0.8, -0.6}, {4, 2}, DType::f32);
  return field_loss(mlp_field(small), params, x, dx_dt);
}

TrainingState start() { return initial_training_state(initial_weights(small, 0, DType::f32)); }

// Every bit that the next step depends on.
std::vector<double> bits_of(const TrainingState& state) {
  std::vector<double> all{static_cast<double>(state.step), state.loss, state.first_loss,
                          static_cast<double>(state.optimizer.steps)};
  for (const Params* params :
       {&state.params, &state.optimizer.first_moment, &state.optimizer.second_moment}) {
    for (const auto& [name, value] : *params) {
      const auto values = value.to_vector();
      all.insert(all.end(), values.begin(), values.end());
    }
  }
  return all;
}

// f(theta) = theta^2 with the gradient given by hand.
ValueAndGrad<Params> square_by_hand(const Params& params) {
  return {square(params["theta"]), {{"theta", 2 * params["theta"]}}};
}

}  // namespace

TEST_CASE("training lowers the loss and says how far it came", "[learn][train]") {
  const TrainingState end =
      train({.steps = 200, .adam = {.learning_rate = 1e-2}}, start(), Loss(circle_loss));
  CHECK(end.step == 200);
  CHECK(end.first_loss == circle_loss(start().params).item());
  CHECK(end.loss < 0.05 * end.first_loss);
}

TEST_CASE("training continued from any state gives the bits of training without a stop",
          "[learn][train]") {
  for (const std::string& schedule : schedule_names()) {
    const Training training{.steps = 20,
                            .adam = {.learning_rate = 1e-2, .weight_decay = 1e-4},
                            .schedule = schedule_of(schedule),
                            .warmup_steps = 8,
                            .clip_norm = 0.1,
                            .groups = {{"W2", 0.5}}};
    std::vector<TrainingState> states;
    const Hook keep{1, [&](const TrainingState& state) { states.push_back(state); }};
    const auto whole = bits_of(train(training, start(), Loss(circle_loss), {keep}));
    REQUIRE(states.size() == 20);
    REQUIRE(bits_of(states[6]) != bits_of(states[7]));
    for (const std::size_t i : {0, 6, 18, 19})
      CHECK(bits_of(train(training, states[i], Loss(circle_loss))) == whole);
  }
}

TEST_CASE("hooks are called after every so many steps and after the last", "[learn][train]") {
  std::vector<std::int64_t> all, some;
  const std::vector<Hook> hooks{{1, [&](const TrainingState& s) { all.push_back(s.step); }},
                                {4, [&](const TrainingState& s) { some.push_back(s.step); }}};
  train({.steps = 10}, start(), Loss(circle_loss), hooks);
  CHECK(all == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(some == std::vector<std::int64_t>{4, 8, 10});
}

TEST_CASE("what a hook throws ends the training", "[learn][train]") {
  int steps = 0;
  const Hook stop{1, [&](const TrainingState&) {
                    if (++steps == 3) throw base::Interrupted("interrupted");
                  }};
  CHECK_THROWS_AS(train({.steps = 10}, start(), Loss(circle_loss), {stop}), base::Interrupted);
  CHECK(steps == 3);
}

TEST_CASE("a gradient from an engine of its own trains like that of the loss", "[learn][train]") {
  const Training training{.steps = 5, .adam = {.learning_rate = 0.1}};
  const auto state = initial_training_state({{"theta", Tensor::scalar(3)}});
  const auto by_hand = train(training, state, LossAndGradient(square_by_hand));
  const auto by_tape =
      train(training, state, Loss([](const Params& p) { return square(p["theta"]); }));
  CHECK(bits_of(by_hand) == bits_of(by_tape));
  CHECK(by_hand.params["theta"].item() < 3);
}

TEST_CASE("the linear schedule ends with steps of no length", "[learn][train]") {
  // with a gradient of one Adam moves by the learning rate: 0.1 (1 + 3/4 + 2/4 + 1/4)
  const Training training{.steps = 4, .adam = {.learning_rate = 0.1}, .schedule = Schedule::linear};
  const auto end = train(training, initial_training_state({{"theta", Tensor::scalar(0)}}),
                         Loss([](const Params& p) { return p["theta"]; }));
  // epsilon = 1e-8 against a gradient of one
  CHECK(end.params["theta"].item() == Approx(-0.25).epsilon(1e-7));
}

TEST_CASE("the cooldown falls over the last tenth of the steps alone", "[learn][train]") {
  // 18 steps of 0.1, then two of 0.1 and 0.05
  const Training training{
      .steps = 20, .adam = {.learning_rate = 0.1}, .schedule = Schedule::cooldown};
  const auto end = train(training, initial_training_state({{"theta", Tensor::scalar(0)}}),
                         Loss([](const Params& p) { return p["theta"]; }));
  CHECK(end.params["theta"].item() == Approx(-1.95).epsilon(1e-7));
}

TEST_CASE("the cosine falls slowly, then fast, then slowly", "[learn][train]") {
  const Training training{.steps = 4, .adam = {.learning_rate = 0.1}, .schedule = Schedule::cosine};
  for (const auto& [step, share] : {std::pair{0, 1.0},
                                    {1, (1 + std::sqrt(0.5)) / 2},
                                    {2, 0.5},
                                    {3, (1 - std::sqrt(0.5)) / 2}}) {
    // some roundings of the cosine
    CHECK(learning_rate(training, step) == Approx(0.1 * share).epsilon(1e-14));
  }
}

TEST_CASE("a falling schedule ends at the share of the rate that it is told", "[learn][train]") {
  Training training{
      .steps = 4, .adam = {.learning_rate = 0.5}, .schedule = Schedule::linear, .final_share = 0.5};
  // from 1 to 1/2 of 0.5 in four steps, of which each begins with the rate
  for (const auto& [step, rate] : {std::pair{0, 0.5}, {1, 0.4375}, {2, 0.375}, {3, 0.3125}}) {
    CHECK(learning_rate(training, step) == rate);
  }
  training.schedule = Schedule::cosine;
  CHECK(learning_rate(training, 4) == Approx(0.25).epsilon(1e-14));
  training.schedule = Schedule::constant;
  CHECK(learning_rate(training, 3) == 0.5);
}

TEST_CASE("the warm-up grows linearly to the rate, and the schedule takes the steps after it",
          "[learn][train]") {
  Training training{.steps = 10, .adam = {.learning_rate = 1}, .warmup_steps = 4};
  const auto rates = [&] {
    std::vector<double> all;
    for (int step = 0; step < 10; ++step) all.push_back(learning_rate(training, step));
    return all;
  };
  CHECK(rates() == std::vector<double>{0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1});
  training.schedule = Schedule::linear;
  CHECK(rates() ==
        std::vector<double>{0.25, 0.5, 0.75, 1, 1, 5. / 6, 4. / 6, 3. / 6, 2. / 6, 1. / 6});
  training.warmup_steps = 11;
  CHECK(test::message_of<base::UsageError>([&] { train(training, start(), Loss(circle_loss)); }) ==
        "a warm-up of 11 steps does not fit into 10 steps");
}

TEST_CASE("schedules are known by name", "[learn][train]") {
  REQUIRE(schedule_names().size() == 4);
  for (const std::string& name : schedule_names()) CHECK(to_string(schedule_of(name)) == name);
  CHECK(schedule_of("cooldown") == Schedule::cooldown);
  CHECK(test::message_of<base::UsageError>([] { schedule_of("step"); }) ==
        "no schedule is called 'step'; there are constant, linear, cosine and cooldown");
}

TEST_CASE("gradients longer than the clip are shortened to it, as one vector", "[learn][train]") {
  const TrainingState state =
      initial_training_state({{"a", Tensor::scalar(0)}, {"b", Tensor::scalar(0)}});
  const Loss slopes = [](const Params& p) { return 3 * p["a"] + 4 * p["b"]; };
  const auto moments = [&](double clip) {
    return train({.steps = 1, .clip_norm = clip}, state, slopes).optimizer.first_moment;
  };
  // m = 0.1 g after one step; |(3, 4)| = 5
  CHECK(moments(2)["a"].item() == Approx(0.1 * 3 * 2 / 5).epsilon(1e-14));
  CHECK(moments(2)["b"].item() == Approx(0.1 * 4 * 2 / 5).epsilon(1e-14));
  for (const std::string name : {"a", "b"}) {
    CHECK(moments(5)[name].item() == moments(0)[name].item());
    CHECK(moments(0)[name].item() != moments(2)[name].item());
  }
}

TEST_CASE("a group in a unit is trained as if Adam saw its weights in that unit",
          "[learn][train]") {
  const auto loss_of = [](double unit) {
    return Loss([unit](const Params& p) {
      const Tensor g = scale(p["phi.w"], unit);
      return square(p["w"] * g - 2.0) + square(g - p["w"]);
    });
  };
  const double unit = 0.3;
  Training training{.steps = 50, .adam = {.learning_rate = 0.05, .weight_decay = 0.1}};
  const auto in_units = train(
      training,
      initial_training_state({{"w", Tensor::scalar(0.4)}, {"phi.w", Tensor::scalar(0.7 / unit)}}),
      loss_of(unit));
  const auto start_plain =
      initial_training_state({{"w", Tensor::scalar(0.4)}, {"phi.w", Tensor::scalar(0.7)}});
  const auto without = train(training, start_plain, loss_of(1));
  training.groups = {{"phi.", unit}};
  const auto grouped = train(training, start_plain, loss_of(1));
  // fifty steps of a few roundings each, of values of order one
  CHECK(grouped.params["w"].item() == Approx(in_units.params["w"].item()).epsilon(1e-12));
  CHECK(grouped.params["phi.w"].item() ==
        Approx(unit * in_units.params["phi.w"].item()).epsilon(1e-12));
  CHECK(std::abs(grouped.params["phi.w"].item() - without.params["phi.w"].item()) > 0.01);
}

TEST_CASE("an objective is told its step, the number of steps and the seed", "[learn][train]") {
  std::vector<std::int64_t> steps;
  const Objective objective{[&](const Params& params, const TrainingStep& at) {
                              steps.push_back(at.step);
                              CHECK(at.steps == 5);
                              CHECK(at.seed == 9);
                              return square_by_hand(params);
                            },
                            [](const Params& params, const TrainingStep& at) {
                              CHECK(at.step == 5);
                              return square(params["theta"]);
                            }};
  const auto state = initial_training_state({{"theta", Tensor::scalar(3)}});
  train({.steps = 5, .seed = 9}, state, objective);
  CHECK(steps == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("the check after the last step takes no gradient where there is a value alone",
          "[learn][train]") {
  int gradients = 0, values = 0;
  Objective objective{[&](const Params& params, const TrainingStep&) {
                        ++gradients;
                        return square_by_hand(params);
                      },
                      [&](const Params& params, const TrainingStep&) {
                        ++values;
                        return square(params["theta"]);
                      }};
  const auto state = initial_training_state({{"theta", Tensor::scalar(3)}});
  train({.steps = 5}, state, objective);
  CHECK(gradients == 5);
  CHECK(values == 1);
  // and it is a check
  objective.value = [](const Params&, const TrainingStep&) { return Tensor::scalar(1e9); };
  CHECK_THROWS_AS(train({.steps = 5}, state, objective), base::NumericalError);
  objective.value = {};
  gradients = 0;
  train({.steps = 5}, state, objective);
  CHECK(gradients == 6);
}

TEST_CASE("a loss that is not finite ends the training with the step and the rate",
          "[learn][train]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  int calls = 0;
  const auto breaks = [&](const Params& params) -> ValueAndGrad<Params> {
    auto made = square_by_hand(params);
    if (++calls == 4) made.value = Tensor::scalar(nan);
    return made;
  };
  const auto state = initial_training_state({{"theta", Tensor::scalar(3)}});
  CHECK(test::message_of<base::NumericalError>([&] {
          train({.adam = {.learning_rate = 10}}, state, LossAndGradient(breaks));
        }) == "the loss is not finite at step 3 (learning rate 10); try a smaller learning rate");
}

TEST_CASE("a loss that grows a millionfold ends the training", "[learn][train]") {
  CHECK_THAT(test::message_of<base::NumericalError>(
                 [&] { train({.adam = {.learning_rate = 1e6}}, start(), Loss(circle_loss)); }),
             Catch::StartsWith("the loss grew from ") &&
                 Catch::Contains("by step 1 (learning rate 1e+06)"));
}

TEST_CASE("the last step may not diverge either, resumed after it or not", "[learn][train]") {
  for (const double rate : {1e6, 1e300}) {
    const Training training{.steps = 1, .adam = {.learning_rate = rate}};
    std::vector<TrainingState> states;
    const Hook keep{1, [&](const TrainingState& state) { states.push_back(state); }};
    CHECK_THROWS_AS(train(training, start(), Loss(circle_loss), {keep}), base::NumericalError);
    REQUIRE(states.size() == 1);
    CHECK_THROWS_AS(train(training, states[0], Loss(circle_loss)), base::NumericalError);
  }
}

}  // namespace noether::learn
