#include "learn/noether/work_quantity.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/noether/clips.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

constexpr std::int64_t frames = 14, pixels = 12;

// A driven oscillator, q'' = -q + a, filmed on a line of pixels as a bright spot.
struct Film {
  std::vector<double> brightness, actions, energies;
};

Film film(std::uint64_t index) {
  base::RandomStream random(0, base::Purpose::initial_state, index);
  double q = random.uniform(-1.5, 1.5), v = random.uniform(-1.5, 1.5), a = 0;
  Film made;
  constexpr double dt = 0.3;
  for (std::int64_t t = 0; t < frames; ++t) {
    for (std::int64_t i = 0; i < pixels; ++i) {
      const double off = q - (-3 + 6 * static_cast<double>(i) / (pixels - 1));
      made.brightness.push_back(std::exp(-0.7 * off * off));
    }
    if (t + 1 == frames) break;
    a = std::clamp(0.8 * a + 0.7 * random.normal(), -2., 2.);
    const double before = q;
    v += dt * (a - q);
    q += dt * v;
    made.actions.push_back(a);
    // in the middle of the pair
    made.energies.push_back((v * v + before * q) / 2);
  }
  return made;
}

// Films first, first + 1, ...; also their true energies [n, T - 1].
std::pair<Clips, Tensor> films(std::int64_t first, std::int64_t n) {
  Film all;
  for (std::int64_t i = 0; i < n; ++i) {
    const Film one = film(static_cast<std::uint64_t>(first + i));
    const auto append = [](auto& to, const auto& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    append(all.brightness, one.brightness);
    append(all.actions, one.actions);
    append(all.energies, one.energies);
  }
  return {{test::frames_of(Tensor::from<double>(all.brightness, {n, frames, 1, 1, pixels})),
           Tensor::from<double>(all.actions, {n, frames - 1, 1})},
          Tensor::from<double>(all.energies, {n, frames - 1})};
}

double correlation(const Tensor& a, const Tensor& b) {
  const Tensor x = a - mean(a), y = b - mean(b);
  return (mean(x * y) / sqrt(mean(square(x)) * mean(square(y)))).item();
}

}  // namespace

TEST_CASE("energy minus work adds up as the rule of the trapezoid says", "[learn][noether]") {
  const WorkQuantity g{.pixels = 5, .features = 3, .hidden = 4};
  const Params phi = g.init(2, DType::f64);
  const Clips clips{test::frames_of(test::irregular({2, 5, 1, 1, 5}, 0, 1)),
                    test::irregular({2, 4, 1}, -1, 1, 1)};
  // the speeds, from the difference that unit actions make
  const auto conserved = [&](const Tensor& actions) {
    return g.parts(phi, {clips.frames, actions}).conserved.to_vector();
  };
  const auto e = g.parts(phi, clips).energy.to_vector(), c = conserved(clips.actions);
  const auto a = clips.actions.to_vector();
  for (std::size_t film = 0; film < 2; ++film) {
    double work = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      if (j > 0) {
        std::vector<double> one(8, 0);
        one[film * 4 + j] = 1;
        const auto with = conserved(Tensor::from<double>(one, {2, 4, 1}));
        work += a[film * 4 + j] * (e[film * 4 + j] - with[film * 4 + j]);
      }
      // sums of four terms of order 1
      CHECK(c[film * 4 + j] == Approx(e[film * 4 + j] - work).margin(1e-14));
    }
  }
  WorkQuantity without = g;
  without.counts_work = false;
  CHECK(without.parts(phi, clips).conserved.to_vector() == e);
}

TEST_CASE("energy minus work is differentiable to second order, film by film", "[learn][noether]") {
  const WorkQuantity g{.pixels = 5, .features = 3, .hidden = 4};
  const Params phi = g.init(2, DType::f64);
  const Clips clips{test::frames_of(test::irregular({2, 5, 1, 1, 5}, 0, 1)),
                    test::irregular({2, 4, 1}, -1, 1, 1)};
  CHECK_NOTHROW(require_gradients(
      [&](const std::pair<Params, Tensors>& at) {
        return mean(
            square(clip_residuals(Form::anchored, g(at.first, {at.second, clips.actions}), 3)));
      },
      std::pair(phi, clips.frames), {.order = 2, .step = 5e-5}));
  CHECK_NOTHROW(require_gradients([&](const Params& at) { return work_loss(g.parts(at, clips)); },
                                  phi, {.order = 2, .step = 5e-5}));
  for (std::int64_t i = 0; i < 2; ++i) {
    CHECK(g(phi, test::only(clips, i)).to_vector() ==
          slice(g(phi, clips), 0, i, i + 1).to_vector());
  }
  // 16 x 16 pixels, as in the table
  CHECK(count(WorkQuantity{.pixels = 256}.init(0, DType::f32)) == 2434);
}

TEST_CASE("energy minus work is learned from films and actions; energy alone is not",
          "[learn][noether]") {
  const Clips all = films(0, 500).first;
  const auto source = [&](std::span<const std::int64_t> which, std::int64_t times) {
    const auto rows = std::make_shared<const std::vector<std::int64_t>>(which.begin(), which.end());
    Clips clips{{}, gather(all.actions, rows)};
    for (std::int64_t t = 0; t < times; ++t)
      clips.frames.push_back(gather(all.frames[static_cast<std::size_t>(t)], rows));
    return clips;
  };
  const auto [validation, truth] = films(1000, 64);
  const auto learned = [&](bool counts_work) {
    const WorkQuantity g{.pixels = pixels, .counts_work = counts_work};
    const PretrainedWork made =
        pretrained_work(g, {.starts = 1}, 0, source, 500, validation);
    const Tensor energy = g.parts(made.phi, validation).energy;
    // scaled to variance 1
    CHECK(mean(square(energy - mean(energy))).item() == Approx(1).epsilon(1e-12));
    return std::pair(made.ratio, std::abs(correlation(energy, truth)));
  };
  const auto [ratio, agreement] = learned(true);
  const auto [ratio_without, agreement_without] = learned(false);
  // .0005 and .42, .92 and .83
  CHECK(ratio < 3e-3);
  CHECK(ratio < ratio_without / 10);
  CHECK(agreement > 0.85);
  CHECK(agreement > agreement_without);
}

}  // namespace noether::learn
