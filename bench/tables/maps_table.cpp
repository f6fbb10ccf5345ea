// The table `maps`: a discrete Noether principle. Maps that are trained to carry points, one after
// the other, conserve what their symmetry asks for.

#include <fmt/format.h>

#include <algorithm>

#include "bench/maps/maps_figure.h"
#include "bench/maps/matrix_charge.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

struct MapProblem {
  std::uint64_t seed = 0;
  int adam_steps = 2500, lbfgs_steps = 1500;
};

// What a row gave: what is drawn of it, and what was measured.
struct MapProcess {
  DrawnProcess drawn = {};
  RunResult measured = {};
};
using MapRow = Row<MapProblem, MapProcess>;

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

void add(RunResult& result, const std::string& metric, double value) {
  result.records.push_back({.metric = metric, .value = value});
}

void add_curves(RunResult& result, const Charges& charges) {
  add_curve(result, "momentum_change", momentum_change(charges, charges.all));
  add_curve(result, "angular_change", angular_change(charges, charges.all));
}

void add_matrix_charge(RunResult& result, const MatrixCharge& before, const MatrixCharge& after) {
  add(result, "matrix_identity", std::max(before.identity, after.identity));
  add(result, "imbalance", after.imbalance);
  add(result, "balance_gain", before.imbalance / after.imbalance);
}

MapProcess judged(const MapScene& scene, const learn::Params& start, const learn::Params& trained) {
  const Charges first = charges_of(scene, start), last = charges_of(scene, trained);
  const Drifts before = drifts_of(first), after = drifts_of(last);
  RunResult result;
  add(result, "loss", map_loss(scene, trained).item());
  add(result, "momentum_drift", after.momentum);
  add(result, "momentum_gain", before.momentum / after.momentum);
  add(result, "angular_drift", after.angular);
  add(result, "angular_gain", before.angular / after.angular);
  add(result, "cluster_drift", after.cluster);
  if (first.momentum_identity)
    add(result, "momentum_identity", std::max(*first.momentum_identity, *last.momentum_identity));
  add(result, "angular_identity", std::max(*first.angular_identity, *last.angular_identity));
  add(result, "slope", largest_slope(scene, trained));
  if (scene.kind == MapKind::linear) {
    add_matrix_charge(result, matrix_charge_of(scene, start, first),
                      matrix_charge_of(scene, trained, last));
  }
  add_curves(result, last);
  return {.drawn = drawn(scene, last), .measured = result};
}

MapProcess judged(const PhysicalMotion& motion) {
  const Drifts drifts = drifts_of(motion.charges);
  RunResult result;
  add(result, "momentum_drift", drifts.momentum);
  add(result, "angular_drift", drifts.angular);
  // of one body that is alone there is no sum
  if (motion.charges.of_cluster.size() > 1) add(result, "cluster_drift", drifts.cluster);
  add_curves(result, motion.charges);
  return {.drawn = drawn(motion), .measured = result};
}

MapRow scene_row(const std::string& name) {
  return {{name, map_scene(name, 0).description},
          [name](const MapProblem& problem, std::span<const MapProcess>,
                 const ReportStep& report) -> RowOutcome<MapProcess> {
            const MapScene scene = map_scene(name, problem.seed);
            report("training");
            const learn::Params start = initial_maps(scene, problem.seed);
            return {.made = judged(
                        scene, start,
                        trained_maps(scene, start, problem.adam_steps, problem.lbfgs_steps))};
          }};
}

MapRow physics_row(PhysicalMotion (*motion_of)(std::uint64_t seed)) {
  const PhysicalMotion any = motion_of(0);
  return {{any.name, any.description},
          [motion_of](const MapProblem& problem, std::span<const MapProcess>, const ReportStep&)
              -> RowOutcome<MapProcess> { return {.made = judged(motion_of(problem.seed))}; }};
}

std::vector<MapRow> rows() {
  std::vector<MapRow> all;
  for (const std::string& name : map_scene_names()) all.push_back(scene_row(name));
  all.push_back(physics_row(two_bodies));
  all.push_back(physics_row(light_in_lens));
  return all;
}

RunResult run_maps(const RunContext& run) {
  MapProblem problem{.seed = run.seed};
  if (run.settings.quick) problem.adam_steps = problem.lbfgs_steps = 100;
  std::vector<DrawnProcess> processes;
  RunResult result =
      run_rows(rows(), problem, run, [&](const MapProblem&, const MapProcess& process) {
        processes.push_back(process.drawn);
        return process.measured;
      });
  if (!run.picture.empty() && !processes.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(maps_figure(processes, fmt::format("seed {}", run.seed)), run.picture);
    constexpr double maps_a_second = 8;
    for (const DrawnProcess& process : processes) {
      const std::string name = run.picture.stem().string() + "-" + process.name + ".webp";
      render::write_webp(maps_animation(process), maps_a_second, run.picture.parent_path() / name);
    }
  }
  return result;
}

constexpr const char* process_method =
    R"(Fifty maps f(x) = x + v exp(-|x - c|^2 / 2 s^2), s = .5, each with its own c and v, carry clusters of 30 points
(normal, .12) to their places, one map after the other. The loss is the mean squared distance from there, plus .01 times
the sum of |v|^2. 2,500 steps of Adam, its rate falling from 2e-2 along half a cosine, are followed by 1,500 of L-BFGS.
All in float64. The seed is that of the points and of the first maps. `linear` has f(x) = W x, plus .001 times the sum of |W|^2, because
with .01 the loss is least where all W are zero, and a rate of 2e-3.)";

constexpr const char* physics_method =
    R"(`two-body` and `light-ray` are physics in the same form: 50 steps of time in place of the maps, and momenta in place of
a. Nothing is trained there, so they have no gain. Both are integrated to 1e-14. The bodies have masses of 1 and 1/2, and a
centre that moves. The ray has the momentum n t in a round lens, whose middle is the origin.)";

constexpr const char* charge_method =
    R"(With a_l = dL/dx_l, L the mean squared distance, P = sum a and J = sum x x a change by dL/dc and
c x dL/dc + v x dL/dv at map l, whatever the parameters: bumps that are moved or turned are bumps again. So they are
conserved by maps that are trained to the end. `anisotropic` has bumps that are not round: its identity of J does not
hold, that of P does. `no-penalty` can bring the loss to zero: all charges go to zero with it, and their relative drift says nothing.)";

}  // namespace

Experiment maps_table() {
  const std::string linear_section = "Linear layers";
  TableSpec spec{
      .name = "maps",
      .title = "A process of fifty maps: what trained maps conserve from one to the next",
      .axes = {{.name = "layer",
                .description = "maps applied, or steps of time",
                .max = 50,
                .values = {50}}},
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
            .meaning = "the P drift of the cluster, or body, whose own P changes most."},
           {.name = "momentum_identity",
            .title = "P identity",
            .meaning = "the largest difference of both sides, over the same sum; of the first and "
                       "the trained maps."},
           {.name = "angular_identity", .title = "J identity"},
           {.name = "slope",
            .title = "slope",
            .meaning = "the largest |dL/dc| or |dL/dv| (`linear`: |dL/dW|) left."},
           {.name = "matrix_identity",
            .title = "Q identity",
            .meaning = "of linear maps Q = sum of a x^T is W^T dL/dW before a layer, and dL/dW W^T "
                       "after it: the largest difference of both sides, over the largest |Q|; of "
                       "the first and the trained ones.",
            .section = linear_section},
           {.name = "imbalance",
            .title = "imbalance",
            .meaning = "the largest difference of W^T W of a layer and W W^T of the one before it, "
                       "over the largest |W W^T|; of trained layers.",
            .section = linear_section},
           {.name = "balance_gain",
            .title = "balance gain",
            .better = Better::higher,
            .meaning = "imbalance of the first layers over that of the trained ones.",
            .section = linear_section}},
      .panels = {{"momentum_change", "change of P"}, {"angular_change", "change of J"}},
      .method = {process_method, charge_method, physics_method},
      .seed_decides = "the points and the first maps",
      .float_type = "float64",
      .seeds = 3,
      .quick_seeds = 1};
  return {.spec = spec, .run = run_maps};
}

}  // namespace noether::bench
