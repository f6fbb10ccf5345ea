#include "dataset/make/trajectories/trajectory_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <span>

#include "base/error.h"
#include "dataset/make/episodes/film_settings.h"
#include "dataset/make/provenance.h"
#include "dataset/make/trajectories/trajectory_constants.h"
#include "dataset/store/schema.h"
#include "sim/sampling.h"

namespace noether::dataset {
namespace {

constexpr std::int64_t block_bytes = 256 << 10;  // of states: small enough to share among threads
constexpr std::int64_t most_chunk_bytes = 1 << 20;

std::int64_t state_bytes(const TrajectoryPlan& plan) {
  return static_cast<std::int64_t>(plan.times.size() * plan.system->dimension() * sizeof(double));
}

std::int64_t rounded_up(std::int64_t n, std::int64_t unit) { return (n + unit - 1) / unit * unit; }

// Whole packs, and blocks of one size as nearly as can be: the last chunk is padded.
std::int64_t rows_per_block(const TrajectoryPlan& plan) {
  const std::int64_t pack = sim::pack_size(*plan.system, plan.integration.method);
  const std::int64_t most =
      std::max<std::int64_t>(block_bytes / state_bytes(plan) / pack, 1) * pack;
  const std::int64_t blocks = std::max<std::int64_t>(rounded_up(plan.samples, most) / most, 1);
  return std::max(rounded_up(rounded_up(plan.samples, blocks) / blocks, pack), pack);
}

// A block is a chunk of all arrays that count times, unless trajectories are long.
std::int64_t rows_per_chunk(const TrajectoryPlan& plan) {
  const std::int64_t rows = rows_per_block(plan);
  return rows * state_bytes(plan) <= most_chunk_bytes ? rows : 0;
}

std::vector<double> setting_values(const Config& config,
                                   const std::vector<sim::Constant>& constants) {
  std::vector<double> values;
  for (const auto& constant : constants) values.push_back(config.number(constant.name));
  return values;
}

std::vector<base::Uniform> ranges_of(const Config& config,
                                     const std::vector<sim::Constant>& constants) {
  std::vector<base::Uniform> ranges;
  for (const auto& constant : constants) ranges.push_back(config.range(constant.name));
  return ranges;
}

// one unit where all coordinates share it, else one each
AttributeValue units_of(const std::vector<sim::Coordinate>& coordinates,
                        std::string sim::Coordinate::*unit) {
  std::vector<std::string> units;
  for (const auto& coordinate : coordinates) units.push_back(coordinate.*unit);
  const std::set<std::string> distinct(units.begin(), units.end());
  if (distinct.size() == 1) return units.front();
  return units;
}

Array state_like(const TrajectoryPlan& plan, const std::string& name, AttributeValue units,
                 std::string description) {
  const auto samples = plan.samples;
  const auto times = static_cast<std::int64_t>(plan.times.size());
  const auto dimension = static_cast<std::int64_t>(plan.system->dimension());
  return {.path = "trajectories/" + name,
          .shape = {samples, times, dimension},
          .attributes = {{"units", std::move(units)}, {"description", std::move(description)}},
          .axes = {"trajectory", "time", "coordinate"},
          .streamed = true,
          .rows_per_chunk = rows_per_chunk(plan)};
}

// What the law may be broken by under this plan, or nothing where no bound is known: a fixed step
// knows no tolerance.
std::optional<double> invariant_tolerance(const TrajectoryPlan& plan,
                                          const sim::Invariant& invariant) {
  const sim::Integration defaults;
  const auto& integrators = sim::all_integrators();
  const auto method =
      std::ranges::find(integrators, plan.integration.method, &sim::IntegratorInfo::name);
  if (method == integrators.end() || !method->adaptive) return std::nullopt;
  const double looser =
      std::max({1.0, plan.integration.rtol / defaults.rtol, plan.integration.atol / defaults.atol});
  const double longer =
      std::max(1.0, std::abs(plan.times.back() - plan.times.front()) / plan.system->t_end);
  return invariant.tolerance * looser * longer;
}

std::string formula_of(const TrajectoryPlan& plan, const sim::Invariant& invariant) {
  return !invariant.default_formula.empty() && are_defaults(plan) ? invariant.default_formula
                                                                  : invariant.formula;
}

std::vector<Array> invariant_arrays(const TrajectoryPlan& plan) {
  std::vector<Array> arrays;
  for (const auto& invariant : plan.system->invariants) {
    const bool conserved = sim::law_of(invariant, has_friction(plan)) == sim::Law::conserved;
    arrays.push_back({.path = "trajectories/invariants/" + invariant.name,
                      .shape = {plan.samples, static_cast<std::int64_t>(plan.times.size())},
                      .attributes = {{"units", invariant.unit},
                                     {"description", formula_of(plan, invariant)},
                                     {"law", std::string(conserved ? "conserved" : "dissipated")}},
                      .axes = {"trajectory", "time"},
                      .streamed = true,
                      .rows_per_chunk = rows_per_chunk(plan)});
    if (const auto tolerance = invariant_tolerance(plan, invariant)) {
      arrays.back().attributes.push_back({"tolerance", *tolerance});
    }
  }
  return arrays;
}

// seed and constants: one number a trajectory
std::vector<Array> per_trajectory_arrays(const TrajectoryPlan& plan) {
  const auto count = static_cast<std::size_t>(plan.samples);
  std::vector<Array> arrays{
      {.path = "trajectories/seed",
       .type = ElementType::u8,
       .shape = {plan.samples},
       .attributes = {{"units", std::string("1")},
                      {"description",
                       std::string(
                           "trajectory i draws from the streams keyed by (seed[i], purpose, i)")}},
       .axes = {"trajectory"},
       .content = to_bytes<std::uint64_t>(std::vector<std::uint64_t>(count, plan.seed))}};
  std::ranges::move(constant_arrays(plan), std::back_inserter(arrays));
  return arrays;
}

std::vector<Attribute> attributes_of(const TrajectoryPlan& plan) {
  const auto& system = *plan.system;
  auto attributes = origin_attributes({.schema = std::string(trajectories_schema),
                                       .dataset_name = plan.statement.dataset_name,
                                       .system = system.name,
                                       .command_line = plan.statement.command_line,
                                       .seed = plan.seed});
  std::vector<std::string> names;
  for (const auto& coordinate : system.coordinates) names.push_back(coordinate.name);
  const std::vector<Attribute> own{{"coordinate_names", names},
                                   {"hamiltonian", system.hamiltonian},
                                   {"equations", system.equations},
                                   {"citation", system.citation},
                                   {"integrator", plan.integration.method},
                                   {"rtol", plan.integration.rtol},
                                   {"atol", plan.integration.atol},
                                   {"max_step", plan.integration.max_step},
                                   {"n_trajectories", plan.samples},
                                   {"n_steps", static_cast<std::int64_t>(plan.times.size())}};
  attributes.insert(attributes.end(), own.begin(), own.end());
  std::ranges::move(constant_attributes(plan), std::back_inserter(attributes));
  return attributes;
}

Layout layout_of(const TrajectoryPlan& plan) {
  const auto& coordinates = plan.system->coordinates;
  const auto unit = units_of(coordinates, &sim::Coordinate::unit);
  Layout layout{.attributes = attributes_of(plan), .arrays = {}};
  auto& arrays = layout.arrays;
  arrays.push_back(time_array(plan.times, plan.system->time_unit, plan.system->time_name));
  arrays.push_back(state_like(plan, "state", unit, "noise-free state at dimensions/time"));
  arrays.push_back(state_like(plan, "observation", unit, "state + noise_std N(0, 1)"));
  arrays.back().attributes.push_back({"noise_std", plan.noise_std});
  arrays.push_back(state_like(plan, "dstate_dt", units_of(coordinates, &sim::Coordinate::rate_unit),
                              "vector field at state"));
  arrays.push_back(
      {.path = "trajectories/initial_state",
       .shape = {plan.samples, static_cast<std::int64_t>(coordinates.size())},
       .attributes = {{"units", unit}, {"description", std::string("state at the first time")}},
       .axes = {"trajectory", "coordinate"},
       .streamed = true});
  for (const auto& more : {invariant_arrays(plan), per_trajectory_arrays(plan),
                           split_arrays(plan.samples, plan.train_share, plan.valid_share),
                           provenance_arrays(plan.statement.config_toml)}) {
    arrays.insert(arrays.end(), more.begin(), more.end());
  }
  return layout;
}

// Starts (count, D) with their constants; sampled ones run on to a whole pack, so that the first k
// trajectories are the same for any n.
struct Starts {
  std::vector<double> constants, states;
};

void check_finite_starts(std::span<const double> states, std::int64_t first,
                         std::int64_t dimension) {
  const auto bad = std::ranges::find_if_not(states, [](double x) { return std::isfinite(x); });
  if (bad == states.end()) return;
  throw base::NumericalError(
      fmt::format("start {} is not finite", first + (bad - states.begin()) / dimension));
}

Starts starts(const TrajectoryPlan& plan, std::int64_t first, std::int64_t count) {
  const auto dimension = static_cast<std::int64_t>(plan.system->dimension());
  if (plan.initial_states) {
    const auto begin = plan.initial_states->begin() + first * dimension;
    check_finite_starts(std::span(begin, begin + count * dimension), first, dimension);
    return {constants_at(plan, first, count), {begin, begin + count * dimension}};
  }
  const std::int64_t pack = sim::pack_size(*plan.system, plan.integration.method);
  const std::int64_t whole = (count + pack - 1) / pack * pack;
  const auto constants = constants_at(plan, first, whole);
  const auto& system = *plan.system;
  const auto states =
      system.nearest == nullptr
          ? sim::sample_initial_states(system, plan.sampling, constants, plan.seed, first, whole)
          : sim::sample_apart(system, plan.sampling, constants, plan.seed, first, whole, plan.times,
                              plan.integration);
  return {constants, states};
}

Columns make_columns(const TrajectoryPlan& plan, std::int64_t first, std::int64_t count) {
  const auto& system = *plan.system;
  const std::size_t dimension = system.dimension();
  const std::size_t points = static_cast<std::size_t>(count) * plan.times.size();
  auto [constants, initial] = starts(plan, first, count);
  auto state = sim::integrate_many(system, constants, initial, plan.times, plan.integration);
  state.resize(points * dimension);  // without those that only completed the pack
  initial.resize(static_cast<std::size_t>(count) * dimension);

  std::vector<double> observation;
  observation.reserve(state.size());
  const std::size_t row = plan.times.size() * dimension;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto noisy =
        sim::observe(std::span(state).subspan(static_cast<std::size_t>(i) * row, row),
                     plan.noise_std, plan.seed, first + i);
    observation.insert(observation.end(), noisy.begin(), noisy.end());
  }
  std::vector<double> rate(state.size());
  std::vector<std::vector<double>> invariants(system.invariants.size(),
                                              std::vector<double>(points));
  for (std::size_t n = 0; n < points; ++n) {
    const auto at = std::span<const double>(state).subspan(n * dimension, dimension);
    const auto own = sim::constants_of(system, constants, n / plan.times.size());
    system.derivative(at, own, std::span(rate).subspan(n * dimension, dimension));
    for (std::size_t k = 0; k < invariants.size(); ++k) {
      invariants[k][n] = system.invariants[k].value(at, own);
    }
  }
  Columns columns;
  for (const auto* values : {&state, &observation, &rate, &initial})
    columns.push_back(to_bytes<double>(*values));
  for (const auto& values : invariants) columns.push_back(to_bytes<double>(values));
  return columns;
}

}  // namespace

TrajectoryPlan plan_trajectories(const Config& config) {
  const auto& system = sim::find_system(config.name());
  return {.system = &system,
          .constants = ranges_of(config, system.constants),
          .sampling = setting_values(config, system.sampling),
          .times = sim::time_grid(config.number("t_start"), config.number("t_end"),
                                  static_cast<int>(config.integer("steps"))),
          .integration = {.method = config.text("integrator"),
                          .rtol = config.number("rtol"),
                          .atol = config.number("atol"),
                          .max_step = config.number("max_step")},
          .noise_std = config.number("noise_std"),
          .seed = config.seed(),
          .samples = config.integer("n"),
          .train_share = config.number("train_share"),
          .valid_share = config.number("valid_share"),
          .statement = generated(config),
          .initial_states = {},
          .film = film_options(config),
          .scene = render::known_scene(system.name)};
}

Recipe trajectory_recipe(const TrajectoryPlan& plan) {
  return {.config_toml = plan.statement.config_toml,
          .layout = layout_of(plan),
          .samples = plan.samples,
          .samples_per_block = rows_per_block(plan),
          .make = [plan](std::int64_t first, std::int64_t count, std::int64_t /*piece*/) {
            return make_columns(plan, first, count);
          }};
}

}  // namespace noether::dataset
