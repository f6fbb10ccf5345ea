#include "sim/systems/games.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

// log((2 + exp(x) + exp(-x)) / 4), which does not overflow
double log_sum(double x) {
  return 2 * (std::abs(x) / 2 + std::log1p(std::exp(-std::abs(x))) - std::numbers::ln2);
}

void pennies(std::span<const double> state, std::span<const double> constants,
             std::span<double> rate) {
  rate[0] = 2 * constants[0] * std::tanh(state[1] / 2);
  rate[1] = -2 * constants[0] * std::tanh(state[0] / 2);
}

double pennies_quantity(std::span<const double> state, std::span<const double> constants) {
  return 2 * constants[0] * (log_sum(state[0]) + log_sum(state[1]));
}

// The shares of three moves.
std::array<double, 3> shares(double q1, double q2) {
  const double most = std::max({q1, q2, 0.0});
  std::array<double, 3> x{std::exp(q1 - most), std::exp(q2 - most), std::exp(-most)};
  const double sum = x[0] + x[1] + x[2];
  for (double& share : x) share /= sum;
  return x;
}

// Rock loses to paper, paper to scissors, scissors to rock.
void rock(std::span<const double> state, std::span<const double> constants,
          std::span<double> rate) {
  for (const std::size_t player : {std::size_t{0}, std::size_t{2}}) {
    const auto other = shares(state[2 - player], state[3 - player]);
    const std::array<double, 3> gain{other[2] - other[1], other[0] - other[2], other[1] - other[0]};
    rate[player] = constants[0] * (gain[0] - gain[2]);
    rate[player + 1] = constants[0] * (gain[1] - gain[2]);
  }
}

// -sum log of the shares of a player, less its least value
double rock_part(double q1, double q2) {
  const double most = std::max({q1, q2, 0.0});
  const double log_of_sum =
      most + std::log(std::exp(q1 - most) + std::exp(q2 - most) + std::exp(-most));
  return 3 * (log_of_sum - std::log(3.0)) - q1 - q2;
}

double rock_quantity(std::span<const double> state, std::span<const double> /*constants*/) {
  return rock_part(state[0], state[1]) + rock_part(state[2], state[3]);
}

template <std::size_t dimension>
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, dimension, sampling[0], sampling[1]);
}

constexpr const char* pennies_hamiltonian =
    "2 stake log((2 + exp(q) + exp(-q)) (2 + exp(p) + exp(-p)) / 16)";
constexpr const char* rock_hamiltonian =
    "3 log((1 + exp(q1) + exp(q2)) (1 + exp(p1) + exp(p2)) / 9) - q1 - q2 - p1 - p2";
const Constant& stake() {
  static const Constant constant{"stake", 1, 1e-3, 1e3, "1/s", "what a game is worth"};
  return constant;
}

}  // namespace

System matching_pennies() {
  return {.name = "matching-pennies",
          .title = "two players who learn to match pennies",
          .equations = "q' = 2 stake tanh(p / 2), p' = -2 stake tanh(q / 2)",
          .hamiltonian = pennies_hamiltonian,
          .citation =
              "Bailey, Piliouras, Multi-agent learning in network zero-sum games is a "
              "Hamiltonian system, AAMAS 2019",
          .coordinates = plain_coordinates({"q", "p"}),
          .constants = {stake()},
          .sampling = radial_sampling(0.5, 3),
          .invariants = {conserved("energy", pennies_hamiltonian, 1e-12, pennies_quantity)},
          .steps = 101,
          .t_end = 10,
          .noise_std = 0.05,
          .separable = true,
          .derivative = pennies,
          .sample_initial_state = start<2>};
}

System rock_paper_scissors() {
  return {.name = "rock-paper-scissors",
          .title = "two players who learn rock, paper and scissors",
          .equations = "q1' = stake (1 - 3 y2), q2' = stake (3 y1 - 1), and so p' of the shares x",
          .hamiltonian = rock_hamiltonian,
          .citation =
              "Sato, Akiyama, Farmer, Chaos in learning a simple two-person game, PNAS "
              "99:4748, 2002",
          .coordinates = plain_coordinates({"q1", "q2", "p1", "p2"}),
          .constants = {stake()},
          .sampling = radial_sampling(0.5, 3),
          .invariants = {conserved("energy", rock_hamiltonian, 1e-12, rock_quantity)},
          .steps = 101,
          .t_end = 20,
          .noise_std = 0.05,
          .derivative = rock,
          .sample_initial_state = start<4>};
}

}  // namespace noether::sim
