// The table `pixel-pendulum-steps`: how many inner steps, by which rule. The Noether loss falls
// with each; the error of the prediction does not.

#include <fmt/format.h>

#include <algorithm>

#include "base/workers.h"
#include "bench/tables/video/video_rows.h"
#include "bench/video/image_metrics.h"
#include "bench/video/video_training.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

constexpr std::int64_t most_episodes = 40, at_a_time = 10;
const std::string axis = "inner_steps";

struct Variant {
  std::string name;
  std::string description;
  learn::InnerStep step;
  bool has_target = false;
};

learn::InnerStep with_rate(learn::StepRule rule, double rate) {
  return {.rule = rule, .rate = learn::Tensor::scalar(rate, learn::DType::f32), .by_query = true};
}

std::vector<Variant> variants() {
  const learn::InnerStep polyak{.rule = learn::StepRule::polyak, .share = 0.2, .by_query = true};
  return {{"sgd-1e-5", "plain gradient steps", with_rate(learn::StepRule::sgd, 1e-5)},
          {"sgd-1e-4", "plain gradient steps", with_rate(learn::StepRule::sgd, 1e-4)},
          {"adam-1e-3", "steps of Adam", with_rate(learn::StepRule::adam, 1e-3)},
          {"adam-1e-2", "steps of Adam", with_rate(learn::StepRule::adam, 1e-2)},
          {"polyak", "a fifth of Polyak's step", polyak},
          {"polyak-target", "the same until the loss is at L*", polyak, true}};
}

// The Noether loss and the error of clips after 0, 1, ... steps, where `counts` asks for them.
struct Sweep {
  std::vector<double> inner, outer;  // sums over clips
};

void measure(const VideoProblem& problem, const learn::Params& theta,
             const learn::VideoTailoring& by, const learn::Clips& clips, const learn::Params& own,
             Sweep& sweep) {
  const learn::VideoQuery query = query_of(problem.model, clips);
  const auto residuals = video_residuals(problem.model, theta, own, by, {}, query);
  sweep.inner.push_back(sum(square(residuals)).item());
  const auto frames = problem.model.predict(theta, own, query.history, query.actions, query.steps);
  double total = 0;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    const auto errors = mean_squared_error(frames[t], clips.frames[t + query.history.size()]);
    for (const double error : errors) total += error / static_cast<double>(frames.size());
  }
  sweep.outer.push_back(total);
}

Sweep sweep_of(const VideoProblem& problem, const learn::Params& theta,
               const learn::VideoTailoring& by, const learn::Clips& clips,
               const std::vector<double>& counts, const std::function<void(int)>& on_step) {
  const learn::VideoQuery query = query_of(problem.model, clips);
  const auto residuals = [&](const learn::Params& own) {
    return video_residuals(problem.model, theta, own, by, {}, query);
  };
  const auto n = clips.actions.shape()[0];
  learn::InnerState state = first_inner_state(problem.model.own(n, clips.actions.dtype()), by.step);
  Sweep sweep;
  const int most = static_cast<int>(*std::ranges::max_element(counts));
  for (int k = 0; k <= most; ++k) {
    on_step(k);
    if (std::ranges::find(counts, k) != counts.end())
      measure(problem, theta, by, clips, state.first, sweep);
    if (k < most) state = next_inner_state(residuals, state, by.step, k);
  }
  return sweep;
}

RunResult records_of(const std::vector<Sweep>& sweeps, std::int64_t episodes,
                     std::vector<double> counts) {
  std::ranges::sort(counts);
  RunResult result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    double inner = 0, outer = 0;
    for (const Sweep& sweep : sweeps) {
      inner += sweep.inner[i];
      outer += sweep.outer[i];
    }
    const auto n = static_cast<double>(episodes);
    for (auto* records : {&result.records, &result.curves}) {
      records->push_back({.at = {{axis, counts[i]}}, .metric = "mse", .value = outer / n});
      records->push_back({.at = {{axis, counts[i]}}, .metric = "inner_loss", .value = inner / n});
    }
  }
  return result;
}

VideoRow sweep_row(const Variant& variant, const std::vector<double>& counts) {
  return {{variant.name, variant.description, {"svg-more-steps", "work"}},
          [variant, counts](const VideoProblem& problem, std::span<const MadeVideo> needed,
                            const ReportStep& report) -> RowOutcome<MadeVideo> {
            const learn::Params& theta = needed[0].theta;
            learn::VideoTailoring by{.quantity = frozen(work_quantity(problem), needed[1].theta),
                                     .step = variant.step};
            if (variant.has_target) by.step.target = usual_noether_loss(problem, theta, by);
            const VideoTask& clips = problem.clips;
            const std::int64_t episodes = std::min(most_episodes, std::ssize(clips.test)),
                               batches = (episodes + at_a_time - 1) / at_a_time;
            std::vector<Sweep> sweeps(static_cast<std::size_t>(batches));
            base::Workers workers(problem.jobs);
            workers.run(batches, [&](std::int64_t batch) {
              const std::int64_t first = batch * at_a_time,
                                 count = std::min(at_a_time, episodes - first);
              const std::span chosen(clips.test.data() + first, static_cast<std::size_t>(count));
              sweeps[static_cast<std::size_t>(batch)] = sweep_of(
                  problem, theta, by, clip_batch(clips, chosen, clips.frames), counts, [&](int k) {
                    if (batch == 0) report(fmt::format("inner step {}", k));
                  });
            });
            return {.made = MadeVideo{}, .measured = records_of(sweeps, episodes, counts)};
          }};
}

std::vector<VideoRow> rows(const std::vector<double>& counts) {
  std::vector<VideoRow> all;
  for (const VideoRow& row : video_rows()) {
    const std::string& name = row.spec.name;
    if (name == "svg" || name == "svg-more-steps" || name == "work") all.push_back(row);
  }
  for (const Variant& variant : variants()) all.push_back(sweep_row(variant, counts));
  return all;
}

}  // namespace

Experiment video_steps_table() {
  TableSpec spec{
      .name = "pixel-pendulum-steps",
      .title = "Pixel pendulum: how many inner steps, by which rule",
      .axes = {train_episodes_axis({400}),
               {.name = axis,
                .description = "steps of tailoring",
                .max = 1e5,
                .values = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500},
                .quick_values = {0, 1, 2, 5}}},
      .rows = specs_of(rows({})),
      .metrics = {{.name = "mse",
                   .title = "MSE",
                   .meaning = "the mean square error over pixels and 26 predicted frames of 40 "
                              "test episodes.",
                   .section = "Error"},
                  {.name = "inner_loss",
                   .title = "Noether loss",
                   .meaning = "the loss that the inner steps lower, a mean over the same clips.",
                   .section = "Noether loss"},
                  {.name = "seconds", .title = "training", .unit = "s", .is_time = true}},
      .panels = {{"inner_loss", "Noether loss"}, {"mse", "MSE", false}},
      .settings = video_settings(),
      .method = {video_data_method, video_training_method,
                 "The weights of `svg-more-steps` are tailored at test time by the Noether loss of "
                 "table\n`pixel-pendulum`, with g of row `work`. A row is named by its rule and "
                 "rate."},
      .seed_decides = "the data, the initial weights and the minibatches",
      .seeds = 3,
      .quick_seeds = 1};
  return {.spec = spec, .run = [](const RunContext& run) {
            return run_rows(rows(run.settings.axes.at(axis)), video_problem(run), run,
                            [](const VideoProblem&, const MadeVideo& made) -> RunResult {
                              return {.records = {{.metric = "seconds", .value = made.seconds}}};
                            });
          }};
}

}  // namespace noether::bench
