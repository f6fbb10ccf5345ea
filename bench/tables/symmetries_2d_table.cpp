// The table `symmetries-2d`: how weights are shared by turns and flips of pictures, learned from
// tasks (Zhou, Knowles and Finn, ICLR 2021).

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "bench/symmetries/columns.h"
#include "bench/symmetries/meta_training.h"
#include "bench/symmetries/sharing_figure.h"
#include "bench/symmetries/turned_tasks.h"
#include "bench/table/rows.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

constexpr std::int64_t examples = 10;

struct TurnProblem {
  FilterTasks train = {}, test = {};
  std::int64_t steps = 2000, order = 4;
  int inner_steps = 3;
  std::uint64_t seed = 0;
};
using TurnRow = Row<TurnProblem, MetaModel>;

// A rate of 0 stands for half the number of channels: with inputs of variance 1, the mean squared
// error over all channels then falls by a step of Newton.
TurnRow row(const std::string& name, const std::string& description, Sharing sharing, double rate) {
  return {
      {name, description},
      [sharing, rate](const TurnProblem& problem, std::span<const MetaModel>,
                      const ReportStep& report) -> RowOutcome<MetaModel> {
        const MetaLayer layer{.sharing = sharing,
                              .width = patch_size,
                              .inner_steps = problem.inner_steps,
                              .support = patch_sites,
                              .outputs = problem.order,
                              .inputs = patch_size,
                              .rate = rate > 0 ? rate : static_cast<double>(problem.order) / 2};
        return {.made = meta_trained(layer, problem.train, problem.steps, problem.seed, report)};
      }};
}

const std::vector<TurnRow>& rows() {
  static const std::vector<TurnRow> all{
      row("maml-convolution", "a 3 x 3 filter for each channel, learned anew in each task",
          Sharing::full, 0.1),
      row("maml-convolution-fast", "the same, its rate beginning at a step of Newton",
          Sharing::full, 0),
      row("msr-convolution", "its weights are a Kronecker product, channels x cells, times v",
          Sharing::kronecker, 0.1),
      row("msr", "how weights are shared is learned over all tasks; nine numbers in each",
          Sharing::learned, 0.1)};
  return all;
}

TurnProblem make_problem(const RunContext& run) {
  run.report("generating");
  TurnProblem problem{.steps = static_cast<std::int64_t>(run.at.at("steps")),
                      .order = static_cast<std::int64_t>(run.at.at("order")),
                      .inner_steps = static_cast<int>(run.at.at("inner_steps")),
                      .seed = run.seed};
  const std::int64_t train = run.settings.quick ? 200 : 2000, test = run.settings.quick ? 50 : 300;
  problem.train = turned_tasks(problem.order, run.seed, 0, train, examples);
  problem.test = turned_tasks(problem.order, run.seed, 10000, test, examples);
  return problem;
}

RunResult judge(const TurnProblem& problem, const MetaModel& model) {
  const auto errors = query_errors(model.layer, model.params, problem.test);
  RunResult result{
      .records = {{.metric = "query_mse", .value = mean(cast(errors, learn::DType::f64)).item()}}};
  if (model.layer.sharing == Sharing::learned) {
    const double span = held_share(model.params["U"], turned_columns(problem.order));
    result.records.push_back({.metric = "span", .value = span});
  }
  result.records.push_back({.metric = "rate", .value = model.params["rate"].item()});
  result.records.push_back({.metric = "seconds", .value = model.seconds});
  return result;
}

// Filters W [channels, 9] as little pictures, four in a line, with a cell between them.
Tensor side_by_side(const Tensor& W) {
  constexpr std::int64_t in_line = 4, cells = 3, pitch = cells + 1;
  const std::int64_t lines = W.shape()[0] / in_line, width = in_line * pitch - 1;
  const auto values = W.to_vector();
  return Tensor::build<double>({lines * pitch - 1, width}, [&](std::span<double> out) {
    std::ranges::fill(out, 0);
    for (std::int64_t at = 0; at < std::ssize(values); ++at) {
      const std::int64_t channel = at / patch_size, cell = at % patch_size;
      const std::int64_t line = channel / in_line * pitch + cell / cells,
                         column = channel % in_line * pitch + cell % cells;
      out[static_cast<std::size_t>(line * width + column)] = values[static_cast<std::size_t>(at)];
    }
  });
}

render::Image picture_of(const TurnProblem& problem, const MetaModel& model) {
  constexpr int large = 12;
  const Tensor U = cast(model.params["U"], learn::DType::f64),
               truth = turned_columns(problem.order);
  const FilterTasks one{slice(problem.test.x, 0, 0, 1), slice(problem.test.y, 0, 0, 1)};
  const Tensor v = cast(adapted(model.layer, model.params, one), learn::DType::f64);
  const Tensor psi = cast(slice(problem.test.filters, 0, 0, 1), learn::DType::f64);
  const auto filters = [&](const Tensor& columns, const Tensor& numbers) {
    return side_by_side(
        reshape(matmul(numbers, columns, false, true), {problem.order, patch_size}));
  };
  const Params start = initial_weights(model.layer, problem.seed, learn::DType::f64);
  return sharing_figure({{"sharing, at first", projector(start["U"]), true},
                         {"learned", projector(U), true},
                         {"true", projector(truth), true},
                         {"filters of a new task, learned", filters(U, v), true, large},
                         {"true", filters(truth, psi), true, large}},
                        fmt::format("order {}, {} inner steps, seed {}", problem.order,
                                    problem.inner_steps, problem.seed));
}

RunResult run_turns(const RunContext& run) {
  const TurnProblem problem = make_problem(run);
  return run_rows(rows(), problem, run, [&](const TurnProblem&, const MetaModel& model) {
    if (!run.picture.empty() && model.layer.sharing == Sharing::learned) {
      std::filesystem::create_directories(run.picture.parent_path());
      render::write_png(picture_of(problem, model), run.picture);
    }
    return judge(problem, model);
  });
}

constexpr const char* turn_method =
    R"(A task maps a picture of 8 x 8 pixels, N(0, 1), to 4 or 8 pictures of 6 x 6: filtered by one 3 x 3 filter, drawn for each
task, in all its turns by 90 degrees (order 4), and mirrored as well (order 8). This is exact on the grid; Zhou, Knowles and Finn
(ICLR 2021) have 45 degrees, by interpolation. 2,000 tasks of 10 pictures to train on, 300 to test on, without noise.)";

constexpr const char* turned_layer_method =
    R"(A task is learned from one picture by a few steps of gradient descent on the mean squared error over pixels and channels,
and judged by the 9 others. The start, the rate (.1 at first) and what is shared are learned by Adam (1e-3, 32 tasks a step, gradients
clipped at 10) through these steps, exactly. `msr-convolution` has vec W = (A x C) v, A over channels and C over the nine cells, from
the identity, as published. `msr` has vec W = U v with nine numbers v.)";

}  // namespace

Experiment symmetries_2d_table() {
  TableSpec spec{
      .name = "symmetries-2d",
      .title = "How turned filters share weights, learned from tasks",
      .axes = {{.name = "order",
                .description = "of the group: 4 for turns, 8 with flips",
                .min = 4,
                .max = 8,
                .values = {4, 8},
                .quick_values = {4},
                .is_swept = true,
                .is_whole = true},
               {.name = "inner_steps",
                .description = "steps of gradient descent in a task",
                .min = 1,
                .max = 100,
                .values = {1, 3},
                .quick_values = {3},
                .is_swept = true,
                .is_whole = true},
               {.name = "steps",
                .description = "steps of meta-training",
                .min = 1,
                .max = 1e6,
                .values = {2000},
                .quick_values = {50},
                .is_swept = true,
                .is_whole = true}},
      .rows = specs_of(rows()),
      .metrics = {{.name = "query_mse",
                   .title = "query MSE",
                   .is_compared = true,
                   .meaning = "the mean squared error of the 9 other pictures, over 300 new tasks; "
                              "outputs have a variance of 9."},
                  {.name = "span",
                   .title = "span",
                   .better = Better::higher,
                   .meaning = "the share of the span of all true tasks that the span of U holds."},
                  {.name = "rate", .title = "rate", .meaning = "of the inner steps, as learned."},
                  {.name = "seconds", .title = "training, s", .is_time = true}},
      .method = {turn_method, turned_layer_method},
      .seed_decides = "the tasks and the first weights",
      .seeds = 3,
      .quick_seeds = 1};
  spec.comparisons =
      compare_all(spec.rows, std::vector<std::string>{"maml-convolution", "maml-convolution-fast"});
  return {.spec = spec, .run = run_turns};
}

}  // namespace noether::bench
