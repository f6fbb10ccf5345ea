// Systems against what is known of their motion by another route.

#include <boost/math/special_functions/jacobi_elliptic.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "sim/systems/gravity/n_body.h"
#include "tests/sim/solve.h"

namespace noether::sim {
namespace {

constexpr double pi = std::numbers::pi;

// The default system of that name from a start, with some constants of other values.
std::vector<double> motion(const std::string& name, const std::map<std::string, double>& values,
                           const std::vector<double>& start, std::span<const double> times) {
  const System& system = find_system(name);
  return integrate(system, test::constants_with(system, values), start, times,
                   test::default_integration(system));
}

// The states at `times`, `state(t)` each.
template <class State>
std::vector<double> closed_form(std::span<const double> times, State state) {
  std::vector<double> all;
  for (const double t : times) {
    for (const double x : state(t)) all.push_back(x);
  }
  return all;
}

std::vector<double> rates(const System& system, const std::vector<double>& state) {
  std::vector<double> rate(state.size());
  system.derivative(state, default_values(system.constants), rate);
  return rate;
}

}  // namespace

TEST_CASE("every system run back returns to its start", "[sim][systems]") {
  for (const System& system : all_systems()) {
    // short, because what shrinks forwards grows backwards: lorenz by 60
    const double end = std::min(0.3, system.t_end);
    const auto start = test::default_starts(system, 1);
    const auto constants = default_values(system.constants);
    const auto options = test::default_integration(system);
    const auto there = integrate(system, constants, start, std::vector{0.0, end}, options);
    const auto last = std::span(there).last(start.size());
    const auto back = integrate(system, constants, last, std::vector{end, 0.0}, options);
    INFO(system.name);
    REQUIRE(test::largest_difference(last, start) > 1e-3);
    CHECK(test::largest_difference(std::span(back).last(start.size()), start) < 1e-10);
  }
}

TEST_CASE("a planet follows Kepler's equation", "[sim][systems]") {
  const double mu = 2, a = 1.2, e = 0.5, rate = std::sqrt(mu / (a * a * a));
  const double speed = std::sqrt(mu / a * (1 + e) / (1 - e));
  const auto times = time_grid(0, 10, 41);
  const auto truth = closed_form(times, [&](double t) {
    double E = rate * t;
    for (int i = 0; i < 50; ++i) E -= (E - e * std::sin(E) - rate * t) / (1 - e * std::cos(E));
    const double b = std::sqrt(1 - e * e), turning = rate / (1 - e * std::cos(E));
    return std::vector{a * (std::cos(E) - e), a * b * std::sin(E), -a * turning * std::sin(E),
                       a * b * turning * std::cos(E)};
  });
  const auto states = motion("kepler", {{"mu", mu}}, {a * (1 - e), 0, 0, speed}, times);
  // as for two bodies, one decade more for the fast passages
  CHECK(test::largest_difference(states, truth) < 1e-11);
}

TEST_CASE("a spring in the plane moves by sines", "[sim][systems]") {
  const double k = 3, m = 0.7, w = std::sqrt(k / m);
  const auto times = time_grid(0, 10, 21);
  const auto truth = closed_form(times, [&](double t) {
    return std::vector{std::cos(w * t) + 0.3 * std::sin(w * t) / (m * w),
                       -0.5 * std::cos(w * t) + 0.8 * std::sin(w * t) / (m * w),
                       0.3 * std::cos(w * t) - m * w * std::sin(w * t),
                       0.8 * std::cos(w * t) + 0.5 * m * w * std::sin(w * t)};
  });
  const auto states = motion("oscillator-2d", {{"k", k}, {"m", m}}, {1, -0.5, 0.3, 0.8}, times);
  CHECK(test::largest_difference(states, truth) < 1e-12);
}

TEST_CASE("Duffing's oscillator follows Jacobi's cn", "[sim][systems]") {
  const double alpha = 1.5, beta = 2, A = 0.9, w = std::sqrt(alpha + beta * A * A);
  const double modulus = std::sqrt(beta / 2) * A / w;
  const auto times = time_grid(0, 10, 41);
  const auto truth = closed_form(times, [&](double t) {
    double cn = 0, dn = 0;
    const double sn = boost::math::jacobi_elliptic(modulus, w * t, &cn, &dn);
    return std::vector{A * cn, -A * w * sn * dn};
  });
  const auto states = motion("duffing", {{"alpha", alpha}, {"beta", beta}}, {A, 0}, times);
  CHECK(test::largest_difference(states, truth) < 1e-12);
}

TEST_CASE("a normal mode of the ring keeps its shape", "[sim][systems]") {
  const double k = 2, m = 0.5, w = 2 * std::sqrt(k / m) * std::sin(2 * pi / 5);  // mode 2
  const auto shape = [](std::size_t i) { return std::cos(4 * pi * static_cast<double>(i) / 5); };
  const auto times = time_grid(0, 10, 21);
  const auto truth = closed_form(times, [&](double t) {
    std::vector<double> state(10);
    for (std::size_t i = 0; i < 5; ++i) {
      state[i] = shape(i) * std::cos(w * t);
      state[5 + i] = -m * w * shape(i) * std::sin(w * t);
    }
    return state;
  });
  const std::vector<double> start(truth.begin(), truth.begin() + 10);
  CHECK(test::largest_difference(motion("spring-ring", {{"k", k}, {"m", m}}, start, times), truth) <
        1e-12);
}

TEST_CASE("a symmetric top precesses evenly", "[sim][systems]") {
  const double I1 = 1.3, I3 = 2, w3 = 1.1, rate = (I3 - I1) * w3 / I1;
  const auto times = time_grid(0, 20, 41);
  const auto truth = closed_form(times, [&](double t) {
    return std::vector{0.4 * std::cos(rate * t), 0.4 * std::sin(rate * t), w3};
  });
  const auto states =
      motion("rigid-body", {{"I1", I1}, {"I2", I1}, {"I3", I3}}, {0.4, 0, w3}, times);
  CHECK(test::largest_difference(states, truth) < 1e-12);
}

TEST_CASE("a charge goes round in a circle", "[sim][systems]") {
  const double m = 2, charge = -1.5, B = 3, w = charge * B / m;
  const auto times = time_grid(0, 10, 21);
  const auto truth = closed_form(times, [&](double t) {
    return std::vector{std::sin(w * t) / w, (std::cos(w * t) - 1) / w, std::cos(w * t),
                       -std::sin(w * t)};
  });
  const auto states =
      motion("charged-particle", {{"m", m}, {"charge", charge}, {"B", B}}, {0, 0, 1, 0}, times);
  CHECK(test::largest_difference(states, truth) < 1e-12);
}

TEST_CASE("few more prey than predators need swing with the period of Volterra", "[sim][systems]") {
  const double alpha = 2, gamma = 0.5, delta = 0.25, beta = 4, small = 1e-6;
  const double x = gamma / delta, y = alpha / beta, period = 2 * pi / std::sqrt(alpha * gamma);
  const auto states = motion("lotka-volterra",
                             {{"alpha", alpha}, {"beta", beta}, {"gamma", gamma}, {"delta", delta}},
                             {x + small, y}, std::vector{0.0, period / 2, period});
  // the square of the amplitude is 1e-12
  CHECK(states[2] - x == Approx(-small).margin(1e-11));
  CHECK(states[4] - x == Approx(small).margin(1e-11));
}

TEST_CASE("hesitant players match pennies with the period 2 pi / stake", "[sim][systems]") {
  const double stake = 3, small = 1e-5;
  const auto times = time_grid(0, 5, 21);
  const auto truth = closed_form(times, [&](double t) {
    return std::vector{small * std::cos(stake * t), -small * std::sin(stake * t)};
  });
  // the cube of the amplitude is 1e-15, and acts for some ten radians
  CHECK(test::largest_difference(motion("matching-pennies", {{"stake", stake}}, {small, 0}, times),
                                 truth) < 1e-13);
}

TEST_CASE("rock, paper and scissors follow the replicator equation", "[sim][systems]") {
  const std::vector<double> state{0.4, -1.2, 2.0, 0.3};
  const double A[3][3] = {{0, -1, 1}, {1, 0, -1}, {-1, 1, 0}};  // rock, paper, scissors
  const auto shares = [](double a, double b) {
    const double sum = std::exp(a) + std::exp(b) + 1;
    return std::vector{std::exp(a) / sum, std::exp(b) / sum, 1 / sum};
  };
  const auto x = shares(state[0], state[1]), y = shares(state[2], state[3]);
  const auto gain = [&](std::size_t i, const std::vector<double>& other) {
    return A[i][0] * other[0] + A[i][1] * other[1] + A[i][2] * other[2];
  };
  const auto rate = rates(find_system("rock-paper-scissors"), state);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(rate[i] == Approx(gain(i, y) - gain(2, y)));
    CHECK(rate[2 + i] == Approx(gain(i, x) - gain(2, x)));
  }
}

TEST_CASE("turning a start of Henon and Heiles by a third turns its orbit", "[sim][systems]") {
  const auto times = time_grid(0, 10, 21);
  const double c = -0.5, s = std::sqrt(0.75);
  const auto turned = [&](const std::vector<double>& all) {
    std::vector<double> result(all);
    for (std::size_t i = 0; i < all.size(); i += 2) {
      result[i] = c * all[i] - s * all[i + 1];
      result[i + 1] = s * all[i] + c * all[i + 1];
    }
    return result;
  };
  const std::vector<double> start{0.1, 0.2, 0.3, -0.1};
  const auto plain = motion("henon-heiles", {}, start, times);
  const auto other = motion("henon-heiles", {}, turned(start), times);
  REQUIRE(test::largest_difference(plain, other) > 0.1);
  CHECK(test::largest_difference(turned(plain), other) < 1e-12);
}

TEST_CASE("three equal bodies in Lagrange's triangle turn rigidly", "[sim][systems]") {
  const double w = std::pow(3.0, -0.25);  // w^2 = 3 / side^3, side^2 = 3
  const auto times = time_grid(0, 5, 11);
  const auto truth = closed_form(times, [&](double t) {
    std::vector<double> state(12);
    for (std::size_t i = 0; i < 3; ++i) {
      const double angle = w * t + 2 * pi * static_cast<double>(i) / 3;
      state[2 * i] = std::cos(angle);
      state[2 * i + 1] = std::sin(angle);
      state[6 + 2 * i] = -w * std::sin(angle);
      state[7 + 2 * i] = w * std::cos(angle);
    }
    return state;
  });
  const std::vector<double> start(truth.begin(), truth.begin() + 12);
  // the triangle of equal masses is unstable: rounding grows a hundredfold
  CHECK(test::largest_difference(motion("three-body", {}, start, times), truth) < 1e-11);
}

TEST_CASE("n-body is found for 2 to 32 bodies", "[sim][systems]") {
  CHECK(find_system("n-body-2").dimension() == 8);
  CHECK(find_system("n-body-32").dimension() == 128);
  CHECK_THROWS_WITH(find_system("n-body-1"), "n-body-1: from 2 to 32 bodies can be asked for");
  CHECK_THROWS_WITH(find_system("n-body-1000"),
                    "n-body-1000: from 2 to 32 bodies can be asked for");
}

TEST_CASE("bodies that collide from every start end in one sentence", "[sim][systems]") {
  const System& system = find_system("three-body");
  auto sampling = default_values(system.sampling);
  sampling.back() = 1;
  sampling[0] = sampling[1] = 0.3;  // the sides of the triangle are .52
  CHECK_THROWS_WITH(sample_apart(system, sampling, default_values(system.constants), 0, 4, 1,
                                 test::default_times(system), {}),
                    "three-body: trajectory 4: bodies collide from each of 100 starts");
}

TEST_CASE("atoms rest at 2^(1/6) sigma, and do not know in which box they are", "[sim][systems]") {
  const System& system = find_system("lennard-jones-4");
  const double distance = std::pow(2.0, 1.0 / 6);
  auto constants = test::constants_with(system, {{"box", 40.0}});
  // two pairs, far from one another
  std::vector<double> state(16), rate(16);
  state[2] = distance;
  state[5] = state[7] = 20;
  state[6] = 1.3;
  system.derivative(state, constants, rate);
  for (std::size_t k = 8; k < 12; ++k) CHECK(rate[k] == Approx(0).margin(1e-13));
  CHECK(rate[12] > 0.5);  // too far apart: they attract
  CHECK(rate[12] == -rate[14]);
  auto moved = state, moved_rate = rate;
  moved[2] += 80;
  moved[7] -= 40;
  system.derivative(moved, constants, moved_rate);
  CHECK(test::largest_difference(rate, moved_rate) < 1e-12);
}

TEST_CASE("van der Pol's oscillator comes to its cycle", "[sim][systems]") {
  // Andersen, Geer, "Power series expansions for the frequency and period of the limit cycle of the
  // van der Pol equation", SIAM J. Appl. Math. 42:678 (1982): 6.66328686 for mu = 1
  constexpr double period = 6.6632868593;
  const auto states = motion("van-der-pol", {}, {0.3, 0.1}, std::vector{0.0, 50.0, 50.0 + period});
  CHECK(std::hypot(states[2] - states[4], states[3] - states[5]) < 1e-8);
}

TEST_CASE("Lorenz's flow shrinks volumes evenly, and rests in three points", "[sim][systems]") {
  const System& system = find_system("lorenz");
  const double x = std::sqrt(8.0 / 3 * 27);
  for (const auto& rest : {std::vector{0.0, 0.0, 0.0}, {x, x, 27.0}, {-x, -x, 27.0}}) {
    for (const double rate : rates(system, rest)) CHECK(rate == Approx(0).margin(1e-12));
  }
  std::vector<double> state{3, -4, 20};
  double divergence = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    auto ahead = state, behind = state;
    ahead[k] += 0.5;  // the flow is of second degree: exact for any step
    behind[k] -= 0.5;
    divergence += rates(system, ahead)[k] - rates(system, behind)[k];
  }
  CHECK(divergence == Approx(-(10 + 1 + 8.0 / 3)));
}

}  // namespace noether::sim
