#include "dataset/make/trajectories/trajectory_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "dataset/make/episodes/film_recipe.h"
#include "dataset/make/episodes/film_settings.h"
#include "dataset/make/given_array.h"
#include "dataset/make/setting.h"
#include "dataset/make/trajectories/trajectory_constants.h"
#include "dataset/make/trajectories/trajectory_recipe.h"
#include "dataset/make/view.h"
#include "dataset/store/schema.h"
#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/system.h"

namespace noether::dataset {
namespace {

// seeds and splits are held whole: tens of bytes a sample, below 1 GiB
constexpr double most_trajectories = 1e7;
constexpr double most_films = 1e6;  // as episodes
constexpr double longest_time = 1e6;

DatasetSpec dataset_of(const sim::System& system) {
  DatasetSpec spec{system.name,      system.title,    std::string(trajectories_schema),
                   system.equations, system.citation, {}};
  auto& settings = spec.settings;
  settings = size_settings({.n = 50,
                            .most_n = most_trajectories,
                            .sample = "trajectories",
                            .steps = system.steps,
                            .step = "stored points of a trajectory, both ends included"});
  settings.push_back(number_setting("t_start", 0, -longest_time, longest_time, system.time_unit,
                                    "first " + system.time_name));
  settings.push_back(number_setting("t_end", system.t_end, -longest_time, longest_time,
                                    system.time_unit, "last " + system.time_name));
  const auto ranges = sim::default_ranges(system);
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    const auto& c = system.constants[k];
    settings.push_back(range_setting(c.name, ranges[k], c.min, c.max, c.unit, c.description));
  }
  for (const auto& c : system.sampling)
    settings.push_back(number_setting(c.name, c.value, c.min, c.max, c.unit, c.description));
  settings.push_back(number_setting("noise_std", system.noise_std, 0, 1e3, "1",
                                    "standard deviation of the observation noise"));
  const sim::Integration defaults;
  settings.push_back(choice_setting("integrator", system.integrator,
                                    names_of(sim::all_integrators()), "integration method"));
  // below 1e-15 an adaptive step asks for digits that a double does not have
  settings.push_back(
      number_setting("rtol", defaults.rtol, 1e-15, 1, "1", "relative tolerance of a step"));
  settings.push_back(
      number_setting("atol", defaults.atol, 1e-15, 1, "1", "absolute tolerance of a step"));
  settings.push_back(number_setting("max_step", 0, 0, longest_time, system.time_unit,
                                    "largest step of a fixed-step method; 0: the sampling "
                                    "interval"));
  std::ranges::move(split_settings(0.5, 0), std::back_inserter(settings));
  std::ranges::move(film_settings(system.name), std::back_inserter(settings));
  return spec;
}

std::vector<DatasetSpec> datasets() {
  std::vector<DatasetSpec> specs;
  for (const auto& system : sim::all_systems()) specs.push_back(dataset_of(system));
  return specs;
}

std::vector<DatasetSpec> more_datasets() {
  std::vector<DatasetSpec> specs;
  for (const auto& system : sim::more_systems()) specs.push_back(dataset_of(system));
  return specs;
}

// dt may stand in place of t_end
Overrides settle(const DatasetSpec& spec, Overrides overrides) {
  check_can_be_filmed(spec.name, overrides);
  const auto dt = overrides.find("dt");
  if (dt == overrides.end()) return overrides;
  if (overrides.contains("t_end"))
    throw base::UsageError("dt and t_end state the same thing: give one of them");
  const double interval = base::parse_double(dt->second, "dt");
  if (!std::isfinite(interval) || interval <= 0) {
    throw base::UsageError(fmt::format("dt = {}: must be finite and greater than 0", dt->second));
  }
  overrides.erase(dt);
  const Config partial(spec.name, spec.settings, overrides);
  const double end =
      partial.number("t_start") + interval * static_cast<double>(partial.integer("steps") - 1);
  overrides["t_end"] = base::format_double(end);
  return overrides;
}

void check(const Config& config) {
  if (film_options(config) && static_cast<double>(config.integer("n")) > most_films)
    throw base::UsageError(
        fmt::format("n = {}: at most {:g} films can be made", config.integer("n"), most_films));
  if (config.number("t_end") <= config.number("t_start")) {
    throw base::UsageError(fmt::format("t_end = {}: must be after t_start = {}",
                                       base::format_double(config.number("t_end")),
                                       base::format_double(config.number("t_start"))));
  }
  for (const auto& constant : sim::find_system(config.name()).sampling) {
    const auto stem = constant.name.substr(0, constant.name.size() - 4);
    if (!constant.name.ends_with("_min")) continue;
    if (config.number(constant.name) > config.number(stem + "_max")) {
      throw base::UsageError(fmt::format("{} is greater than {}_max", constant.name, stem));
    }
  }
}

// one pack of trajectories; frames are made in pieces
double bytes_at_a_time(const Config& config) {
  const auto& system = sim::find_system(config.name());
  return static_cast<double>(config.integer("steps")) *
         static_cast<double>(system.dimension() * sizeof(double)) *
         sim::pack_size(system, config.text("integrator"));
}

Recipe recipe_of(const TrajectoryPlan& plan) {
  return plan.film ? film_recipe(plan) : trajectory_recipe(plan);
}

Recipe recipe(const Config& config) { return recipe_of(plan_trajectories(config)); }

// Where the input holds its starts: a dataset has them in its group. `time` is at the root of all.
std::string starts_in(const H5File& input) {
  for (const char* path : {"trajectories/initial_state", "episodes/initial_state"}) {
    if (input.contains(path)) return path;
  }
  return "initial_state";
}

GivenStarts read_input(const H5File& input, const DatasetSpec& spec) {
  const auto dimension = static_cast<std::int64_t>(sim::find_system(spec.name).dimension());
  const std::string path = starts_in(input);
  const Shape starts = expect_shape(input, path, fmt::format("(N, {})", dimension), 2, dimension);
  const Shape times = expect_shape(input, "time", "(T)", 1, -1);
  // a start that is not finite is a bad one among others, which rollout names
  GivenStarts given{.initial_state = read_array<double>(input, path),
                    .time = read_finite<double>(input, "time"),
                    .samples = starts[0],
                    .steps = times[0]};
  if (given.steps < 2 ||
      std::ranges::adjacent_find(given.time, std::greater_equal<>()) != given.time.end()) {
    throw base::DataError(fmt::format(
        "'{}': 'time' must hold at least two strictly increasing numbers", input.path().string()));
  }
  for (const auto& constant : sim::find_system(spec.name).constants) {
    const std::string array = "parameters/" + constant.name;
    if (!input.contains(array)) continue;
    expect_shape(input, array, "(N)", 1, given.samples);
    given.constants[constant.name] = read_finite<double>(input, array);
  }
  return given;
}

GivenStarts read_given(const DatasetFile& file) {
  GivenStarts given{.initial_state = file.read<double>(file.group() + "/initial_state"),
                    .time = file.read<double>("dimensions/time")};
  for (const auto& constant : sim::find_system(file.text("system")).constants) {
    const std::string path = "parameters/" + constant.name;
    if (file.h5().contains(path) &&
        file.h5().text_attribute(path, origin_attribute) == given_origin)
      given.constants[constant.name] = file.read<double>(path);
  }
  return given;
}

// observations are noise-free unless noise is asked for
Overrides settings(const GivenStarts& given, Overrides overrides) {
  overrides.try_emplace("noise_std", "0");
  overrides["t_start"] = base::format_double(given.time.front());
  overrides["t_end"] = base::format_double(given.time.back());
  return overrides;
}

Recipe rollout(const Config& config, const GivenStarts& given, const Statement& statement) {
  TrajectoryPlan plan = plan_trajectories(config);
  plan.statement = statement;
  plan.times = given.time;
  plan.initial_states = given.initial_state;
  plan.given_constants = given.constants;
  check_given_constants(plan);
  return recipe_of(plan);
}

render::Image image(const DatasetFile& file, std::int64_t /*sample*/) {
  return render::draw_trajectories(trajectory_figure(file));
}

}  // namespace

CsvTable table_of_states(const DatasetFile& file) {
  const H5File& h5 = file.h5();
  const std::string group = file.group();
  const bool is_filmed = file.schema() == episodes_schema;
  const auto names = file.names("coordinate_names");
  const Shape shape = h5.describe(group + "/state").shape;
  if (static_cast<std::int64_t>(names.size()) != shape.at(2)) {
    throw base::DataError(fmt::format("'{}' names {} coordinates where the state has {}",
                                      h5.path().string(), names.size(), shape[2]));
  }
  CsvTable::Columns observation{group + (is_filmed ? "/observations/state" : "/observation"), {}};
  CsvTable::Columns rate{group + "/dstate_dt", {}};
  for (const auto& name : names) {
    observation.names.push_back(name + "_obs");
    rate.names.push_back("d" + name + "_dt");
  }
  CsvTable table{.file = group + ".csv",
                 .columns = {{group + "/state", names}, observation},
                 .once = {{group + "/seed", "", "seed"}},
                 .contents = is_filmed ? "all but the pixels" : "all arrays"};
  // estimates are no data: an import of the export makes them again
  const std::string known = h5.text_attribute("", "derivatives");
  if (known.empty() || known == "given") table.columns.push_back(rate);
  for (const auto& name : file.invariant_names())
    table.columns.push_back({group + "/invariants/" + name, {name}});
  for (const auto& path : h5.array_paths()) {
    if (path.starts_with("parameters/"))
      table.once.push_back({path, "parameters", path.substr(path.find('/') + 1)});
  }
  return table;
}

Kind trajectory_kind() {
  return {.schema = trajectories_schema,
          .sample = "trajectory",
          .making = Making{.datasets = datasets,
                           .more_datasets = more_datasets,
                           .settle = settle,
                           .check = check,
                           .bytes_at_a_time = bytes_at_a_time,
                           .recipe = recipe,
                           .decided = {"n", "steps", "t_start", "t_end", "dt"},
                           .read_input = read_input,
                           .read_given = read_given,
                           .settings = settings,
                           .rollout = rollout},
          .image = image,
          .csv = table_of_states};
}

Kind recording_kind() {
  return {.schema = trajectories_schema,
          .system = imported_system,
          .sample = "trajectory",
          .image = image,
          .csv = table_of_states};
}

}  // namespace noether::dataset
