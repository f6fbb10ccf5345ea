#include "learn/tensor/buffer.h"

#include <catch2/catch.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

// The gradient of a small convolutional network.
Tensors step_of_training() {
  const Tensor x = test::irregular({2, 1, 8, 8}, -1, 1);
  const Tensors weights{test::irregular({3, 1, 3, 3}, -1, 1), test::irregular({2, 48}, -1, 1, 1),
                        test::irregular({2}, -1, 1, 2)};
  const auto loss = [&](const Tensors& w) {
    const Tensor features = tanh(conv2d(x, w[0], {.stride = 2, .padding = 1}));
    return sum(square(linear(reshape(features, {2, 48}), w[1], w[2])));
  };
  return grad(loss, weights);
}

}  // namespace

TEST_CASE("a second step of training asks nothing of the system", "[learn][buffer]") {
  release_free_buffers();
  const auto before = buffer_statistics().allocated;
  step_of_training();
  const auto after_one = buffer_statistics().allocated;
  step_of_training();
  CHECK(after_one > before);
  CHECK(buffer_statistics().allocated == after_one);
}

TEST_CASE("buffers are given back when no tensor holds them", "[learn][buffer]") {
  const auto before = buffer_statistics().live_bytes;
  {
    const Tensor x = Tensor::full({1000}, 1), shared = x;
    CHECK(buffer_statistics().live_bytes == before + 8000);
  }
  CHECK(buffer_statistics().live_bytes == before);
  step_of_training();
  CHECK(buffer_statistics().live_bytes == before);
}

TEST_CASE("the peak is the most that was held since it was reset", "[learn][buffer]") {
  reset_buffer_peak();
  const auto before = buffer_statistics().live_bytes;
  CHECK(buffer_statistics().peak_bytes == before);
  { const Tensor x = Tensor::full({1000}, 1), y = Tensor::full({1000}, 2); }
  { const Tensor z = Tensor::full({1000}, 3); }
  CHECK(buffer_statistics().peak_bytes == before + 16000);
}

TEST_CASE("a buffer that dies on another thread goes home", "[learn][buffer]") {
  release_free_buffers();
  const auto before = buffer_statistics();
  std::int64_t allocated_there = -1, live_there = -1;
  for (int round = 0; round < 3; ++round) {
    Tensor x = Tensor::full({1000}, 1);
    std::thread([&, there = std::move(x)]() mutable {
      { const Tensor dies_here = std::move(there); }
      // it is none of this thread's
      allocated_there = buffer_statistics().allocated;
      live_there = buffer_statistics().live_bytes;
    }).join();
    CHECK(buffer_statistics().allocated == before.allocated + 1);
    CHECK(buffer_statistics().live_bytes == before.live_bytes);
  }
  CHECK(allocated_there == 0);
  CHECK(live_there == 0);
}

TEST_CASE("a tensor outlives the thread that made it", "[learn][buffer]") {
  Tensor x;
  std::thread([&] { x = Tensor::full({1000}, 7); }).join();
  CHECK(x.to_vector() == std::vector<double>(1000, 7.0));
}

}  // namespace noether::learn
