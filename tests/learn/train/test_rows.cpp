#include "learn/train/rows.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "learn/noether/tailored_field.h"
#include "learn/tensor/buffer.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

using test::difference;

const Mlp mlp{{2, 8, 8, 2}};

Field tailored() {
  return tailored_field(mlp, formula_quantity("p^2 - 2.4 cos(q)", {"q", "p"}), {},
                        {.weights = last_layer(mlp)});
}

Tensor states() { return test::irregular({10, 2}, -1.5, 1.5); }
Tensor targets() { return test::irregular({10, 2}, -1, 1, 3); }

// The buffers that each step of a training asks of the system, beginning with none to spare.
std::vector<std::int64_t> allocated_by_step(const Field& field, const Mlp& network,
                                            std::int64_t rows, int jobs = 1) {
  const Tensor x = cast(states(), DType::f32), y = cast(targets(), DType::f32);
  // nobody else holds on to the initial weights, so the first step gives their memory back
  TrainingState start = initial_training_state(initial_weights(network, 1, DType::f32));
  release_free_buffers();
  std::int64_t last = buffer_statistics().allocated;
  std::vector<std::int64_t> asked;
  const Hook count{1, [&](const TrainingState&) {
                     const std::int64_t now = buffer_statistics().allocated;
                     asked.push_back(now - last);
                     last = now;
                   }};
  train({.steps = 4}, std::move(start), field_loss_over_rows(field, x, y, {rows, jobs}), {count});
  return asked;
}

void check_second_step_allocates_nothing(const Field& field, const Mlp& network) {
  for (const std::int64_t rows : {10, 5, 3}) {
    CAPTURE(rows);
    const auto asked = allocated_by_step(field, network, rows);
    REQUIRE(asked.size() == 4);
    CHECK(asked[0] > 10);
    CHECK(asked[1] == 0);
    CHECK(asked[2] == 0);
    CHECK(asked[3] == 0);
  }
}

}  // namespace

TEST_CASE("a loss summed over pieces of rows is the loss of the whole batch", "[learn][train]") {
  const Params theta = initial_weights(mlp, 1, DType::f64);
  for (const Field& field : {mlp_field(mlp), tailored()}) {
    const auto whole = value_and_grad(
        [&](const Params& at) { return field_loss(field, at, states(), targets()); }, theta);
    CHECK(test::size_of(whole.grad) > 1e-2);
    for (const std::int64_t rows : {1, 3, 5, 7, 10, 25}) {
      CAPTURE(rows);
      const auto pieces = field_loss_over_rows(field, states(), targets(), {.rows = rows})(theta);
      // the same twenty terms, added in another order
      CHECK(difference(pieces.value, whole.value) < 1e-12);
      CHECK(difference(pieces.grad, whole.grad) < 1e-12);
    }
  }
}

TEST_CASE("weights of any form may be differentiated over pieces of rows", "[learn][train]") {
  using Both = std::pair<Params, Tensor>;
  const Both at(initial_weights(mlp, 1, DType::f64), Tensor::scalar(0.7));
  const auto loss = [](const Both& both, const Tensor& x, const Tensor& y) {
    return sum(square(both.second * mlp(both.first, x) - y));
  };
  const auto whole = value_and_grad(
      [&](const Both& both) { return scale(loss(both, states(), targets()), 0.5); }, at);
  const auto pieces = sum_over_rows<Both>(loss, states(), targets(), 0.5, {.rows = 4})(at);
  // the same twenty terms, added in another order
  CHECK(difference(pieces.value, whole.value) < 1e-12);
  CHECK(difference(pieces.grad, whole.grad) < 1e-12);
  CHECK(std::abs(pieces.grad.second.item()) > 1e-2);
}

TEST_CASE("the second step of vanilla training asks nothing of the system", "[learn][train]") {
  check_second_step_allocates_nothing(mlp_field(mlp), mlp);
}

TEST_CASE("the second step of Hamiltonian training asks nothing of the system", "[learn][train]") {
  const Mlp hamiltonian{{2, 8, 8, 1}};
  check_second_step_allocates_nothing(hamiltonian_field(hamiltonian), hamiltonian);
}

TEST_CASE("the second step of meta-tailored training asks nothing of the system",
          "[learn][train]") {
  check_second_step_allocates_nothing(tailored(), mlp);
}

TEST_CASE("a loss without rows is refused", "[learn][train]") {
  const Tensor none = Tensor::full({0, 2}, 0, DType::f64);
  CHECK_THROWS_AS(field_loss_over_rows(mlp_field(mlp), none, none), base::ShapeError);
  CHECK_THROWS_AS(field_loss_over_rows(mlp_field(mlp), states(), targets(), {.rows = 0}),
                  base::ShapeError);
}

TEST_CASE("a gradient has the same bits for any number of threads", "[learn][train]") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor x = cast(states(), dtype), y = cast(targets(), dtype);
    const Params theta = initial_weights(mlp, 1, dtype);
    for (const Field& field : {mlp_field(mlp), tailored()}) {
      // pieces of 3, 3, 3 and 1 rows
      const auto alone = field_loss_over_rows(field, x, y, {.rows = 3})(theta);
      CHECK(test::size_of(alone.grad) > 1e-2);
      for (const int jobs : {2, 3, 7}) {
        CAPTURE(jobs);
        const auto loss = field_loss_over_rows(field, x, y, {.rows = 3, .jobs = jobs});
        for (int repeat = 0; repeat < 20; ++repeat) {
          const auto together = loss(theta);
          CHECK(together.value.item() == alone.value.item());
          CHECK(ravel(together.grad.tensors()).to_vector() ==
                ravel(alone.grad.tensors()).to_vector());
        }
      }
    }
  }
}

TEST_CASE("the second step on several threads asks nothing of the system", "[learn][train]") {
  const auto asked = allocated_by_step(mlp_field(mlp), mlp, 3, 2);
  REQUIRE(asked.size() == 4);
  CHECK(asked[0] > 10);
  CHECK(asked[1] == 0);
  CHECK(asked[3] == 0);
}

TEST_CASE("what a piece throws is thrown by the loss, of several threads too", "[learn][train]") {
  const double last = states().to_vector().back();
  const Field broken = [last](const Params&, const Tensor& x) -> Tensor {
    if (x.to_vector().back() == last) throw base::NumericalError("the last piece");
    return x;
  };
  const Params theta = initial_weights(mlp, 1, DType::f64);
  for (const int jobs : {1, 2, 3}) {
    const auto loss = field_loss_over_rows(broken, states(), targets(), {.rows = 3, .jobs = jobs});
    CHECK_THROWS_AS(loss(theta), base::NumericalError);
  }
}

TEST_CASE("pieces are few, even in size and even in number", "[learn][train]") {
  const auto cuts = [](std::int64_t n) { return cuts_of(Tensor::full({n, 2}, 0.0), {}); };
  using Cuts = std::vector<std::int64_t>;
  CHECK(cuts(1) == Cuts{0, 1});
  CHECK(cuts(375) == Cuts{0, 375});
  CHECK(cuts(376) == Cuts{0, 188, 376});
  CHECK(cuts(750) == Cuts{0, 375, 750});
  CHECK(cuts(1125) == Cuts{0, 281, 562, 843, 1125});
  // single rows cannot be cut
  CHECK(cuts_of(Tensor::full({3, 2}, 0.0), {.rows = 1}) == Cuts{0, 1, 2, 3});
}

TEST_CASE("threads within a derivative are refused", "[learn][train]") {
  const Params theta = initial_weights(mlp, 1, DType::f64);
  const auto outer = [](int jobs) {
    const auto loss =
        field_loss_over_rows(mlp_field(mlp), states(), targets(), {.rows = 3, .jobs = jobs});
    return [loss](const Params& at) { return loss(at).value; };
  };
  CHECK(test::size_of(grad(outer(1), theta)) > 1e-2);
  CHECK_THROWS_AS(grad(outer(2), theta), std::logic_error);
}

}  // namespace noether::learn
