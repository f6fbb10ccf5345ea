// The table `maps`: a discrete Noether principle. Maps that are trained to carry points, one after
// the other, conserve what their symmetry asks for.

#include <fmt/format.h>

#include <algorithm>

#include "bench/maps/charges.h"
#include "bench/maps/maps_figure.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

struct MapProblem {
  std::uint64_t seed = 0;
  int adam_steps = 2500, lbfgs_steps = 1500;
};

struct MapProcess {
  MapScene scene = {};
  learn::Params start = {}, trained = {};
};
using MapRow = Row<MapProblem, MapProcess>;

MapRow scene_row(const std::string& name) {
  return {{name, map_scene(name, 0).description},
          [name](const MapProblem& problem, std::span<const MapProcess>,
                 const ReportStep& report) -> RowOutcome<MapProcess> {
            MapProcess made{.scene = map_scene(name, problem.seed)};
            report("training");
            made.start = initial_maps(made.scene, problem.seed);
            made.trained =
                trained_maps(made.scene, made.start, problem.adam_steps, problem.lbfgs_steps);
            return {.made = made};
          }};
}

std::vector<MapRow> rows() {
  std::vector<MapRow> all;
  for (const std::string& name : map_scene_names()) all.push_back(scene_row(name));
  return all;
}

double largest_slope(const MapScene& scene, const learn::Params& maps) {
  double largest = 0;
  const auto slopes = learn::grad([&](const learn::Params& p) { return map_loss(scene, p); }, maps);
  for (const auto& [name, slope] : slopes)
    for (const double value : slope.to_vector()) largest = std::max(largest, std::abs(value));
  return largest;
}

struct Drifts {
  double momentum, angular, cluster;
};

Drifts drifts_of(const Charges& charges) {
  Drifts drifts{std::ranges::max(momentum_change(charges, charges.all)),
                std::ranges::max(angular_change(charges, charges.all)), 0};
  for (const ChargeCurves& one : charges.of_cluster)
    drifts.cluster = std::max(drifts.cluster, std::ranges::max(momentum_change(charges, one)));
  return drifts;
}

// At layer 0 nothing has changed yet.
void add_curve(RunResult& result, const std::string& metric, const std::vector<double>& changes) {
  for (std::size_t l = 1; l < changes.size(); ++l) {
    result.curves.push_back(
        {.at = {{"layer", static_cast<double>(l)}}, .metric = metric, .value = changes[l]});
  }
}

RunResult judge(const MapProcess& process) {
  const Charges first = charges_of(process.scene, process.start);
  const Charges last = charges_of(process.scene, process.trained);
  const Drifts before = drifts_of(first), after = drifts_of(last);
  RunResult result;
  const auto add = [&](const std::string& metric, double value) {
    result.records.push_back({.metric = metric, .value = value});
  };
  add("loss", map_loss(process.scene, process.trained).item());
  add("momentum_drift", after.momentum);
  add("momentum_gain", before.momentum / after.momentum);
  add("angular_drift", after.angular);
  add("angular_gain", before.angular / after.angular);
  add("cluster_drift", after.cluster);
  add("momentum_identity", std::max(first.momentum_identity, last.momentum_identity));
  add("angular_identity", std::max(first.angular_identity, last.angular_identity));
  add("slope", largest_slope(process.scene, process.trained));
  add_curve(result, "momentum_change", momentum_change(last, last.all));
  add_curve(result, "angular_change", angular_change(last, last.all));
  return result;
}

RunResult run_maps(const RunContext& run) {
  MapProblem problem{.seed = run.seed};
  if (run.settings.quick) problem.adam_steps = problem.lbfgs_steps = 100;
  std::vector<std::pair<MapScene, Charges>> drawn;
  const RunResult result =
      run_rows(rows(), problem, run, [&](const MapProblem&, const MapProcess& process) {
        drawn.emplace_back(process.scene, charges_of(process.scene, process.trained));
        return judge(process);
      });
  if (!run.picture.empty() && !drawn.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(maps_figure(drawn, fmt::format("seed {}", run.seed)), run.picture);
    constexpr double maps_a_second = 8;
    for (const auto& [scene, charges] : drawn) {
      const std::string name = run.picture.stem().string() + "-" + scene.name + ".webp";
      render::write_webp(maps_animation(scene, charges), maps_a_second,
                         run.picture.parent_path() / name);
    }
  }
  return result;
}

constexpr const char* process_method =
    R"(Fifty maps f(x) = x + v exp(-|x - c|^2 / 2 s^2), s = .5, each with its own c and v, carry clusters of 30 points
(normal, .12) to their places, one map after the other. The loss is the mean squared distance from there, plus .01 times
the sum of |v|^2. 2,500 steps of Adam, its rate falling from 2e-2 along half a cosine, are followed by 1,500 of L-BFGS.
All in float64. The seed is that of the points and of the first maps.)";

constexpr const char* charge_method =
    R"(With a_l = dL/dx_l, L the mean squared distance, P = sum a and J = sum x x a change by dL/dc and
c x dL/dc + v x dL/dv at map l, whatever the parameters: bumps that are moved or turned are bumps again. So they are
conserved by maps that are trained to the end. `anisotropic` has bumps that are not round: its identity of J does not
hold, that of P does. `no-penalty` can bring the loss to zero: all charges go to zero with it, and their relative drift says nothing.)";

}  // namespace

Experiment maps_table() {
  TableSpec spec{
      .name = "maps",
      .title = "A process of fifty maps: what trained maps conserve from one to the next",
      .axes = {{.name = "layer", .description = "maps applied", .max = 50, .values = {50}}},
      .rows = specs_of(rows()),
      .metrics =
          {{.name = "loss", .title = "loss"},
           {.name = "momentum_drift",
            .title = "P drift",
            .meaning = "the largest change of P from the first layer, over the largest sum of |a| "
                       "of a layer; of trained maps."},
           {.name = "momentum_gain",
            .title = "P gain",
            .better = Better::higher,
            .meaning = "P drift of the first maps over that of the trained ones."},
           {.name = "angular_drift",
            .title = "J drift",
            .meaning = "the same of J, over the largest sum of |x| |a|."},
           {.name = "angular_gain", .title = "J gain", .better = Better::higher},
           {.name = "cluster_drift",
            .title = "cluster drift",
            .meaning = "the P drift of the cluster whose own P changes most."},
           {.name = "momentum_identity",
            .title = "P identity",
            .meaning = "the largest difference of both sides, over the same sum; of the first and "
                       "the trained maps."},
           {.name = "angular_identity", .title = "J identity"},
           {.name = "slope", .title = "slope", .meaning = "the largest |dL/dc| or |dL/dv| left."}},
      .panels = {{"momentum_change", "change of P"}, {"angular_change", "change of J"}},
      .method = {process_method, charge_method},
      .seed_decides = "the points and the first maps",
      .float_type = "float64",
      .seeds = 3,
      .quick_seeds = 1};
  return {.spec = spec, .run = run_maps};
}

}  // namespace noether::bench
