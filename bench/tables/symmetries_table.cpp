// The table `symmetries`: how weights are shared, learned from tasks (Zhou, Knowles and Finn, ICLR
// 2021).

#include <fmt/format.h>

#include <filesystem>

#include "bench/symmetries/filter_sharing.h"
#include "bench/symmetries/meta_training.h"
#include "bench/symmetries/sharing_figure.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Tensor;

constexpr std::int64_t examples = 20;
constexpr int most_taken = 6;  // inner steps at test time

struct SymmetryProblem {
  Tensor mixing = {};
  FilterTasks train = {}, test = {};
  std::int64_t steps = 2000, rank = 1;
  int inner_steps = 3;
  std::uint64_t seed = 0;
};
using SymmetryRow = Row<SymmetryProblem, MetaModel>;

SymmetryRow row(const std::string& name, const std::string& description, Sharing sharing) {
  return {{name, description},
          [sharing](const SymmetryProblem& problem, std::span<const MetaModel>,
                    const ReportStep& report) -> RowOutcome<MetaModel> {
            // as published: three numbers for one filter, six and thirty for two and five
            const std::int64_t width = problem.rank < 5 ? 3 * problem.rank : 6 * problem.rank;
            return {.made = meta_trained({sharing, width, problem.inner_steps}, problem.train,
                                         problem.steps, problem.seed, report)};
          }};
}

const std::vector<SymmetryRow>& rows() {
  static const std::vector<SymmetryRow> all{
      row("maml-full", "every weight is learned anew in each task", Sharing::full),
      row("maml-local", "the same of a locally connected layer: three taps a site", Sharing::local),
      row("maml-convolution", "the same of a convolution: three numbers", Sharing::convolution),
      row("msr", "how weights are shared is learned over all tasks", Sharing::learned)};
  return all;
}

SymmetryProblem make_problem(const RunContext& run) {
  run.report("generating");
  SymmetryProblem problem{.steps = static_cast<std::int64_t>(run.at.at("steps")),
                          .rank = static_cast<std::int64_t>(run.at.at("rank")),
                          .inner_steps = static_cast<int>(run.at.at("inner_steps")),
                          .seed = run.seed};
  const std::int64_t train = run.settings.quick ? 500 : 8000, test = run.settings.quick ? 50 : 300;
  problem.mixing = site_mixing(problem.rank, run.seed);
  problem.train = filter_tasks(problem.mixing, run.seed, 0, train, examples);
  problem.test = filter_tasks(problem.mixing, run.seed, 10000, test, examples);
  return problem;
}

RunResult judge(const SymmetryProblem& problem, const MetaModel& model) {
  RunResult result;
  const auto add = [&](const std::string& metric, double value) {
    result.records.push_back({.metric = metric, .value = value});
  };
  const auto errors = query_errors(model.layer, model.params, problem.test);
  add("query_mse", mean(cast(errors, learn::DType::f64)).item());
  if (model.layer.sharing == Sharing::learned) {
    const auto quality = sharing_quality(model.params["U"], problem.mixing);
    add("band", quality.band);
    add("span", quality.span);
  }
  MetaLayer taken = model.layer;
  for (taken.inner_steps = 0; taken.inner_steps <= most_taken; ++taken.inner_steps) {
    const auto after = query_errors(taken, model.params, problem.test);
    result.curves.push_back({.at = {{"taken", static_cast<double>(taken.inner_steps)}},
                             .metric = "mse_after",
                             .value = mean(cast(after, learn::DType::f64)).item()});
  }
  add("rate", model.params["rate"].item());
  add("seconds", model.seconds);
  return result;
}

render::Image picture_of(const SymmetryProblem& problem, const MetaModel& model) {
  const Tensor U = cast(model.params["U"], learn::DType::f64);
  const learn::Shape matrix{filter_sites, filter_inputs};
  const Tensor energy = sqrt(reshape(sum(square(U), 1), matrix));
  const FilterTasks one{slice(problem.test.x, 0, 0, 1), slice(problem.test.y, 0, 0, 1)};
  const Tensor v = cast(adapted(model.layer, model.params, one), learn::DType::f64);
  return sharing_figure(
      {{"size of the rows of U", energy},
       {"likeness of sites, learned", site_likeness(U)},
       {"true", site_likeness(true_columns(problem.mixing))},
       {"weights of a new task, learned", reshape(matmul(v, U, false, true), matrix), true},
       {"true", true_weights(problem.test, 0), true}},
      fmt::format("rank {}, seed {}", problem.rank, problem.seed));
}

RunResult run_symmetries(const RunContext& run) {
  const SymmetryProblem problem = make_problem(run);
  return run_rows(rows(), problem, run, [&](const SymmetryProblem&, const MetaModel& model) {
    if (!run.picture.empty() && model.layer.sharing == Sharing::learned) {
      std::filesystem::create_directories(run.picture.parent_path());
      render::write_png(picture_of(problem, model), run.picture);
    }
    return judge(problem, model);
  });
}

Axis axis(const std::string& name, const std::string& description, double most,
          std::vector<double> values, std::vector<double> quick_values) {
  return {.name = name,
          .description = description,
          .min = 1,
          .max = most,
          .values = std::move(values),
          .quick_values = std::move(quick_values),
          .is_swept = true,
          .is_whole = true};
}

constexpr const char* task_method =
    R"(Data of Zhou, Knowles and Finn (ICLR 2021): a task is a linear map from 70 inputs to 68 sites, each a filter of
three taps. The filter of a site is a mixture of `rank` filters, drawn for each task; the shares of the mixture belong to
the site and are the same in all tasks. With rank 1 the task is a convolution. 8,000 tasks of 20 examples to train on,
300 to test on, without noise.)";

constexpr const char* layer_method =
    R"(A task is learned from one example by a few steps of gradient descent on the mean squared error, and judged by the 19
others. The start of the weights, the rate of these steps and, in `msr`, U are learned by Adam (1e-3, 32 tasks a step,
gradients clipped at 10) through these steps, exactly. `msr` has vec W = U v: U [4760, k] is shared by all tasks, v is
learned in each, with k = 3, 6 and 30 for rank 1, 2 and 5, as published.)";

}  // namespace

Experiment symmetries_table() {
  TableSpec spec{
      .name = "symmetries",
      .title = "How weights are shared, learned from tasks",
      .axes = {axis("rank", "filters that are mixed", 68, {1, 2, 5}, {1}),
               axis("inner_steps", "steps of gradient descent in a task", 100, {3}, {}),
               axis("steps", "steps of meta-training", 1e6, {2000}, {50}),
               {.name = "taken",
                .description = "inner steps at test time, along the curves",
                .max = most_taken,
                .values = {most_taken},
                .curve_title = "inner steps at test time"}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "query_mse",
                   .title = "query MSE",
                   .is_compared = true,
                   .meaning =
                       "the mean squared error of the 19 other examples, over 300 new tasks."},
                  {.name = "band",
                   .title = "band",
                   .better = Better::higher,
                   .meaning =
                       "the share of the squares of U that lies within the three taps of its "
                       "site."},
                  {.name = "span",
                   .title = "span",
                   .better = Better::higher,
                   .meaning = "the share of the span of all true tasks that the span of U holds."},
                  {.name = "rate", .title = "rate", .meaning = "of the inner steps, as learned."},
                  {.name = "seconds", .title = "training, s", .is_time = true}},
      .panels = {{"mse_after", "query MSE"}},
      .method = {task_method, layer_method},
      .seed_decides = "the tasks and the first weights",
      .seeds = 3,
      .quick_seeds = 1};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"maml-convolution"});
  return {.spec = spec, .run = run_symmetries};
}

}  // namespace noether::bench
