#include "bench/discovery/discovery.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "bench/discovery/searched_data.h"
#include "learn/discovery/formulas/level_fit.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;
using symbolic::Census;
using symbolic::Language;
using symbolic::Trajectories;
using symbolic::Unit;

constexpr int most_nodes = 20;        // whatever the memory
constexpr int default_nodes = 7;      // as published
constexpr double small_search = 2e5;  // valid formulas: half a minute
constexpr std::int64_t least_points = 16;
constexpr double surely_conserved = 1e-3;  // an rms sine, where derivatives are estimated

// "q=rad,p=1/s" over what the file says.
std::vector<std::optional<Unit>> units_of(const Task& task, const std::string& asked) {
  std::vector<std::optional<Unit>> units;
  for (const std::string& text : task.units) {
    units.push_back(base::with_context(fmt::format("'{}'", task.source),
                                       [&] { return symbolic::parse_unit(text); }));
  }
  for (std::string word : base::split_commas(asked)) {
    word.erase(0, word.find_first_not_of(' '));
    const std::size_t sign = word.find('=');
    if (sign == std::string::npos) {
      throw base::UsageError(fmt::format("--units: '{}' is not of the form coordinate=unit", word));
    }
    const auto name = std::ranges::find(task.coordinates, word.substr(0, sign));
    if (name == task.coordinates.end()) {
      throw base::UsageError(
          base::unknown_name("coordinate", word.substr(0, sign), task.coordinates));
    }
    units.at(static_cast<std::size_t>(name - task.coordinates.begin())) =
        base::with_context("--units", [&] { return symbolic::parse_unit(word.substr(sign + 1)); });
  }
  return units;
}

double memory_bytes() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// The language of formulas up to the nodes asked for, or up to as many as keep the search small.
Language language_of(const std::vector<std::optional<Unit>>& units, int max_nodes) {
  Language language{.inputs = units, .max_nodes = max_nodes};
  if (max_nodes < 0 || max_nodes > most_nodes) {
    throw base::UsageError(
        fmt::format("--max-nodes: {} is not from 1 to {}", max_nodes, most_nodes));
  }
  if (max_nodes > 0) {
    const Census census = symbolic::count_formulas(language);
    if (census.bytes <= memory_bytes() / 2) return language;
    throw base::UsageError(fmt::format(
        "--max-nodes {}: {:.3g} formulas would take about {}, more than half of the memory, {}",
        max_nodes, static_cast<double>(census.valid), base::format_bytes(census.bytes),
        base::format_bytes(memory_bytes())));
  }
  for (language.max_nodes = default_nodes; language.max_nodes > 1; --language.max_nodes) {
    if (static_cast<double>(count_formulas(language).valid) <= small_search) break;
  }
  return language;
}

void check_data(const Task& task, const Trajectories& data) {
  if (data.points() < least_points) {
    throw base::DataError(
        fmt::format("'{}': its train split has {} points; to tell a law from chance takes {}",
                    task.source, data.points(), least_points));
  }
  for (std::size_t k = 0; k < data.dx_dt.size(); ++k) {
    const bool moves = std::ranges::any_of(data.dx_dt[k], [](double v) { return v != 0; });
    if (moves) continue;
    throw base::DataError(
        fmt::format("'{}': the coordinate '{}' never changes by its derivatives, but its values "
                    "differ along a trajectory; where that is noise, --noise-free searches states",
                    task.source, task.coordinates[k]));
  }
}

// Where derivatives are estimated, what their error may make of a law that is conserved; but no
// more than separates laws from false formulas.
std::optional<double> tolerance_of(const Task& task) {
  constexpr double least = 1e-4;
  if (task.derivative_error == 0) return std::nullopt;
  return std::clamp(3 * task.derivative_error, least, surely_conserved);
}

symbolic::NullSpaceOptions null_space_of(const std::optional<double>& tolerance) {
  symbolic::NullSpaceOptions options;
  options.tolerance = tolerance.value_or(options.tolerance);
  options.offset_tolerance = tolerance.value_or(options.offset_tolerance);
  return options;
}

// The observations of the trajectories of a task that was smoothed.
symbolic::Observed observed_of(const Task& task, const Trajectories& data) {
  symbolic::Observed observed{data, std::vector<double>(data.x.size())};
  const auto seen = task.observed.data<double>();
  const std::size_t d = data.x.size();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    observed.noise[i % d] += std::pow(seen[i] - data.x[i % d][i / d], 2);
    observed.states.x[i % d][i / d] = seen[i];
  }
  for (double& noise : observed.noise)
    noise = std::sqrt(noise / static_cast<double>(data.points()));
  return observed;
}

// What is reported of laws found in smoothed states has its parameters from the observations.
void put_on_levels(const Task& task, const Trajectories& data,
                   const symbolic::SearchOptions& options, std::vector<symbolic::Law>& laws) {
  if (!task.observed.defined()) return;
  const symbolic::Observed observed = observed_of(task, data);
  const auto reported = std::min<std::int64_t>(options.reported, std::ssize(laws));
  base::parallel_for(reported, options.jobs, [&](std::int64_t i) {
    symbolic::Law& law = laws[static_cast<std::size_t>(i)];
    law = on_levels(std::move(law), observed, options.resamples, options.seed);
  });
}

}  // namespace

std::vector<symbolic::Law> laws_of(const Task& task, const Trajectories& data) {
  const Language language = language_of(units_of(task, ""), 0);
  // the same for all seeds of a table, but too quick to be kept
  const auto candidates = symbolic::enumerate(language);
  return symbolic::search(data, candidates.laws,
                          {.jobs = 1, .tolerance = tolerance_of(task), .resamples = 0})
      .classes;
}

symbolic::IndependentLaws independent_laws_of(const Task& task, const Trajectories& data) {
  return symbolic::independent_laws(data, units_of(task, ""), null_space_of(tolerance_of(task)));
}

Discovery discover(const Task& asked, const DiscoveryOptions& options,
                   const DiscoveryProgress& progress) {
  Task given = asked;
  const std::vector<std::string> still = without_still(given);
  Trajectories data = trajectories_of(given);
  check_data(given, data);
  const Task task = with_parameters(given, data);
  const auto units = units_of(task, options.units);
  const Language language = language_of(units, options.max_nodes);
  const auto tell = [&](std::string_view what) {
    return [&progress, what](std::int64_t done, std::int64_t total) {
      if (progress) progress(done, total, what);
    };
  };
  Discovery d{task, data, language, {}, {}, {}, options.formulas_alone, still};
  const std::optional<double> tolerance =
      options.tolerance ? options.tolerance : tolerance_of(task);
  d.candidates = symbolic::enumerate(language, [&](int nodes, std::int64_t) {
    if (progress) progress(nodes, language.max_nodes + 1, "writing formulas");
  });
  const symbolic::SearchOptions searching{
      .jobs = options.jobs, .tolerance = tolerance, .resamples = options.resamples};
  d.found = symbolic::search(data, d.candidates.laws, searching, tell("fitting formulas"));
  put_on_levels(task, data, searching, d.found.classes);
  if (options.formulas_alone) return d;
  symbolic::NullSpaceOptions null_space = null_space_of(tolerance);
  null_space.on_step = [&progress] {
    if (progress) progress(0, 1, "fitting independent laws");
  };
  d.independent = symbolic::independent_laws(data, units, null_space);
  return d;
}

std::string readable(const symbolic::Expression& formula,
                     const std::vector<std::string>& coordinates) {
  return symbolic::print(
      symbolic::fold<symbolic::Expression>(
          formula,
          [](const symbolic::Node& n, std::span<const symbolic::Expression> a) {
            const symbolic::Node one{.op = symbolic::Op::number, .value = 1};
            if (n.op == symbolic::Op::multiply && a[0].nodes()[0] == one && a[0].size() == 1)
              return a[1];
            symbolic::Node rounded = n;
            if (n.op == symbolic::Op::number)
              rounded.value = std::stod(fmt::format("{:.5g}", n.value));
            return symbolic::apply(rounded, a);
          }),
      coordinates);
}

std::string verdict(const Discovery& d) {
  const auto conserved = std::ranges::count_if(
      d.found.classes, [](const symbolic::Law& law) { return law.conserved && !law.one_value; });
  const auto independent = std::ssize(d.independent.laws);
  const auto constants = std::ssize(d.independent.constants);
  if (independent == 1) return "1 conserved law";
  if (independent > 1) return fmt::format("{} independent conserved laws", independent);
  if (conserved > 0)
    return fmt::format("{} conserved formula{}", conserved, conserved == 1 ? "" : "s");
  if (constants > 0) {
    return fmt::format("no law found but {} function{} with one value everywhere", constants,
                       constants == 1 ? "" : "s");
  }
  // denoised states of more coordinates than two: see null_space.h
  if (d.data.offset_variance > 0 && d.data.dimension() > 2)
    return "no law found; noise may hide one";
  if (d.task.derivative_error > surely_conserved) {
    return fmt::format(
        "no law found; derivatives that are off by {:.1g} of their size may hide one",
        d.task.derivative_error);
  }
  const std::string searched =
      fmt::format("no law among these {} formulas and the combinations of {} functions",
                  d.candidates.laws.size(), d.independent.features);
  if (d.found.classes.empty()) return searched;
  return fmt::format("{}; {} comes nearest: kept, not conserved", searched,
                     symbolic::print(d.found.classes.front().formula, d.task.coordinates));
}

}  // namespace noether::bench
