#include "learn/train/segments.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const Field linear_field = [](const Params& params, const Tensor& x) {
  return matmul(x, params["A"], false, true);
};
// dq/dt = 2 p, dp/dt = -2 q
const Params truth{{"A", Tensor::from({0, 2, -2, 0}, {2, 2})}};
const TrainingStep first{.step = 0, .steps = 100, .seed = 3};

// Two springs, each at times of its own: 9 points and 6, .02 to .1 apart.
ObservedMotion springs(double noise = 0) {
  ObservedMotion motion;
  std::vector<double> x;
  for (const auto& [size, points] : {std::pair(1.0, 9), std::pair(0.6, 6)}) {
    motion.times.emplace_back();
    double t = 0.1 * size;
    for (int n = 0; n < points; ++n) {
      motion.times.back().push_back(t);
      const double off = noise * std::sin(40 * t);
      x.insert(x.end(), {size * std::sin(2 * t) + off, size * std::cos(2 * t) - off});
      t += 0.02 + 0.08 * std::abs(std::sin(1.7 * n));
    }
  }
  motion.x = Tensor::from<double>(x, {std::ssize(x) / 2, 2});
  return motion;
}

double value_of(const Objective& objective, const Params& params) {
  return objective.value(params, first).item();
}

}  // namespace

TEST_CASE("segments begin wherever enough of a trajectory is left", "[learn][segments]") {
  const ObservedMotion motion = springs();
  CHECK(segment_starts(motion, 5) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 9, 10});
  CHECK(segment_starts(motion, 9) == std::vector<std::int64_t>{0});
  CHECK(test::message_of<base::DataError>([&] { segment_starts(motion, 10); }) ==
        "no trajectory has a segment of 10 points: the longest without a gap has 9");
  // a gap between points 3 and 4 of the first
  ObservedMotion broken = motion;
  for (std::size_t n = 4; n < 9; ++n) broken.times[0][n] += 2;
  CHECK(segment_starts(broken, 5) == std::vector<std::int64_t>{4, 9, 10});
  CHECK_THROWS_AS(usual_step({Tensor::from({1, 2}, {2, 1}), {{0}, {0}}}), base::DataError);
}

TEST_CASE("differences are those of neighbours of one trajectory", "[learn][segments]") {
  const ObservedMotion motion{Tensor::from({0, 1, 3, 10, 30}, {5, 1}), {{0, 1, 2}, {0, 4}}};
  CHECK(differences(motion).to_vector() == std::vector<double>{1, 2, 5});
  CHECK(usual_step(motion) == 1);
}

// Runge-Kutta is off by (2 dt)^5 / 120 a step: 3e-6 where steps are longest, up to 8 of them. A
// field that is off by 1 % is off by 1e-2 * 2 * .3 after half a segment.
TEST_CASE("the true field has no error at any times, and a wrong one has", "[learn][segments]") {
  const Objective objective = segment_objective(linear_field, springs(), {.batch = 0});
  CHECK(std::sqrt(value_of(objective, truth)) < 1e-5);
  CHECK(std::sqrt(value_of(objective, map(truth, [](const Tensor& A) { return 1.01 * A; }))) >
        1e-3);
}

TEST_CASE("the gradient of segments is that of their value", "[learn][segments]") {
  const ObservedMotion motion = springs(0.05);
  const Objective objective =
      segment_objective(linear_field, motion, {.points = 4, .batch = 0, .spread = {0.5, 2}});
  const Params off{{"A", Tensor::from({0.1, 1.5, -2.2, 0.3}, {2, 2})},
                   {starts_weight, test::irregular(motion.x.shape(), -0.1, 0.1)}};
  const auto [value, gradient] = objective.value_and_gradient(off, first);
  CHECK(value.item() == Approx(value_of(objective, off)).epsilon(1e-14));
  const Params along =
      map(off, [](const Tensor& w) { return test::irregular(w.shape(), -1, 1, 2); });
  const double expected =
      test::slope([&](double s) { return value_of(objective, add_scaled(off, s, along)); });
  CHECK(dot(gradient, along).item() == Approx(expected).epsilon(1e-9));
  CHECK(std::abs(expected) > 0.01);
}

TEST_CASE("a batch of segments is the same for any number of threads", "[learn][segments]") {
  const ObservedMotion motion = springs();
  ObservedMotion many;
  Tensors xs;
  for (int i = 0; i < 10; ++i) {
    xs.push_back(motion.x);
    many.times.insert(many.times.end(), motion.times.begin(), motion.times.end());
  }
  many.x = concat(xs, 0);
  const auto gradient = [&](int jobs) {
    const Objective objective =
        segment_objective(linear_field, many, {.points = 3, .batch = 70, .jobs = jobs});
    return objective.value_and_gradient(map(truth, [](const Tensor& A) { return 1.1 * A; }), first)
        .grad["A"]
        .to_vector();
  };
  CHECK(gradient(1) == gradient(3));
}

TEST_CASE("a field is learned from states alone", "[learn][segments]") {
  const auto learned = [](const ObservedMotion& motion, bool moves_starts) {
    Params start{{"A", Tensor::from({0, 1, -1, 0}, {2, 2})}};
    if (moves_starts) start.add(starts_weight, zeros_like(motion.x));
    const Objective objective = segment_objective(linear_field, motion, {.batch = 0});
    const Params made = minimize(
        {}, [&](const Params& p) { return objective.value(p, first); }, start);
    return test::difference(made["A"], truth["A"]);
  };
  // 1e-5 of Runge-Kutta a segment, which is .2 long
  CHECK(learned(springs(), false) < 1e-4);
  // noise moves A less where the starts may move too
  CHECK(learned(springs(0.02), true) < learned(springs(0.02), false));
}

}  // namespace noether::learn
