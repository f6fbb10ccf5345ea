// The table `pixel-pendulum`: prediction of film with and without conservation.

#include <chrono>

#include "bench/table/rows.h"
#include "bench/video/video_evaluation.h"
#include "bench/video/video_training.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

// What a row made: a predictor, or (of row `work`) the weights of g.
struct Made {
  PredictFrames predict = {};
  learn::Params theta = {};
  double seconds = 0;
};
using VideoRow = Row<VideoProblem, Made>;
using Outcome = RowOutcome<Made>;

PredictFrames untailored(const VideoProblem& problem, const learn::Params& theta) {
  return [&problem, theta](const learn::VideoQuery& query) {
    const learn::Tensor& first = query.history.front();
    return problem.model.predict(theta, problem.model.own(first.shape()[0], first.dtype()),
                                 query.history, query.actions, query.steps);
  };
}

PredictFrames tailored(const VideoProblem& problem, const learn::Params& theta,
                       const learn::VideoTailoring& tailoring, const learn::Params& phi) {
  return [&problem, theta, tailoring, phi](const learn::VideoQuery& query) {
    learn::VideoTailoring by = tailoring;
    // L* is of clips of 26 frames
    by.step.target *= static_cast<double>(query.steps) / predicted_frames;
    const learn::Params own = tailored_own(problem.model, theta, by, phi, query);
    return problem.model.predict(theta, own, query.history, query.actions, query.steps);
  };
}

// phi as a constant
learn::ClipQuantity frozen(const learn::WorkQuantity& g, const learn::Params& phi) {
  return [g, phi](const learn::Params&, const learn::Clips& clips) { return g(phi, clips); };
}

VideoRow copy_last_row() {
  return {{"copy-last", "the last frame that is seen"},
          [](const VideoProblem&, std::span<const Made>, const ReportStep&) -> Outcome {
            return {.made = Made{.predict = [](const learn::VideoQuery& query) {
                      return learn::Tensors(static_cast<std::size_t>(query.steps),
                                            query.history.back());
                    }}};
          }};
}

VideoRow mean_image_row() {
  return {{"mean-image", "the mean of the train frames"},
          [](const VideoProblem& problem, std::span<const Made>, const ReportStep&) -> Outcome {
            const learn::Tensor image = mean_frame(problem.clips);
            return {.made = Made{.predict = [image](const learn::VideoQuery& query) {
                      const learn::Tensor frame = broadcast_to(image, query.history.back().shape());
                      return learn::Tensors(static_cast<std::size_t>(query.steps), frame);
                    }}};
          }};
}

Outcome trained_row(const VideoProblem& problem, const TrainedVideo& trained) {
  return {.made = Made{untailored(problem, trained.theta), trained.theta, trained.seconds}};
}

VideoRow base_row() {
  return {{"svg", "the predictor, free-running"},
          [](const VideoProblem& problem, std::span<const Made>, const ReportStep& report) {
            return trained_row(problem, train_base(problem, report));
          }};
}

VideoRow more_steps_row(const std::string& name, const std::string& description, int times) {
  return {
      {name, description, {"svg"}},
      [times](const VideoProblem& problem, std::span<const Made> needed, const ReportStep& report) {
        return trained_row(problem,
                           train_on(problem, needed[0].theta, learn::prediction_loss(problem.model),
                                    times * problem.preset.extra_steps, {}, report));
      }};
}

VideoRow work_row() {
  return {
      {"work", "g: energy minus work, learned from the train episodes"},
      [](const VideoProblem& problem, std::span<const Made>, const ReportStep& report) -> Outcome {
        const auto begin = std::chrono::steady_clock::now();
        const learn::WorkQuantity g = work_quantity(problem);
        const learn::PretrainedWork learned = train_work(problem, g, report);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        return {.made = Made{.theta = learned.phi, .seconds = seconds.count()},
                .measured = {
                    .records = {{.metric = "conserved_ratio", .value = learned.ratio},
                                {.metric = "starts", .value = static_cast<double>(learned.starts)},
                                {.metric = "pearson",
                                 .value = energy_agreement(problem, g, learned.phi)}}}};
      }};
}

// Trained on through one Polyak step on energy minus work.
VideoRow noether_work_row() {
  return {{"noether-work",
           "as many steps through one inner step on energy minus work",
           {"svg", "work"}},
          [](const VideoProblem& problem, std::span<const Made> needed,
             const ReportStep& report) -> Outcome {
            const learn::VideoTailoring by{
                .quantity = frozen(work_quantity(problem), needed[1].theta),
                .step = {.rule = learn::StepRule::polyak, .share = 0.1, .by_query = true}};
            const TrainedVideo trained =
                train_on(problem, needed[0].theta, tailored_prediction_loss(problem.model, by),
                         problem.preset.extra_steps, {}, report);
            return {.made = Made{tailored(problem, trained.theta, by, {}), trained.theta,
                                 trained.seconds}};
          }};
}

// The paper's form: g of 64 outputs that learns with the model, a normalised step.
VideoRow noether_row() {
  return {{"noether",
           "as many steps through one inner step on a convolutional g, learned with the model",
           {"svg"}},
          [](const VideoProblem& problem, std::span<const Made> needed,
             const ReportStep& report) -> Outcome {
            const auto& model = problem.preset.model;
            const learn::ConvQuantity g{.channels = model.channels, .size = model.size};
            const learn::VideoTailoring by{
                .quantity = g,
                .form = learn::Form::previous,
                .step = {.rule = learn::StepRule::normalised,
                         .rate = learn::Tensor::scalar(0.03, learn::DType::f32),
                         .by_query = true}};
            const learn::Params start =
                join(needed[0].theta, g.init(problem.seed, learn::DType::f32));
            const TrainedVideo trained = train_on(
                problem, start, tailored_prediction_loss(problem.model, by),
                problem.preset.extra_steps, {{std::string(learn::phi_prefix), 20}}, report);
            const auto [theta, phi] = learn::split(trained.theta);
            return {.made = Made{tailored(problem, theta, by, phi), theta, trained.seconds}};
          }};
}

// The weights of the control, tailored at test time alone by `phi_of`, until a clip conserves as
// train clips usually do.
VideoRow tailored_row(
    const std::string& name, const std::string& description,
    const std::function<learn::ClipQuantity(const VideoProblem&, const Made& work)>& quantity) {
  return {
      {name, description, {"svg-more-steps", "work"}},
      [quantity](const VideoProblem& problem, std::span<const Made> needed,
                 const ReportStep& report) -> Outcome {
        report("choosing the target");
        learn::VideoTailoring by{
            .quantity = quantity(problem, needed[1]),
            .step = {.rule = learn::StepRule::polyak, .steps = 10, .share = 0.2, .by_query = true}};
        by.step.target = usual_noether_loss(problem, needed[0].theta, by);
        return {.made = Made{tailored(problem, needed[0].theta, by, {}), needed[0].theta, 0},
                .measured = {.records = {{.metric = "inner_target", .value = by.step.target}}}};
      }};
}

std::vector<VideoRow> make_rows() {
  return {
      copy_last_row(),
      mean_image_row(),
      base_row(),
      more_steps_row("svg-more-steps", "the control: svg and 300 steps more", 1),
      more_steps_row("svg-equal-compute",
                     "svg and 900 steps more: what 300 with an inner step cost", 3),
      work_row(),
      noether_row(),
      noether_work_row(),
      tailored_row("svg-tailored", "the control; at test time ten inner steps on energy minus work",
                   [](const VideoProblem& problem, const Made& work) {
                     return frozen(work_quantity(problem), work.theta);
                   }),
      tailored_row("no-work", "svg-tailored on the energy alone",
                   [](const VideoProblem& problem, const Made& work) {
                     learn::WorkQuantity g = work_quantity(problem);
                     g.counts_work = false;
                     return frozen(g, work.theta);
                   }),
      tailored_row("random-g", "svg-tailored on a g that has learned nothing",
                   [](const VideoProblem& problem, const Made&) {
                     const learn::WorkQuantity g = work_quantity(problem);
                     return frozen(g, g.init(problem.seed, learn::DType::f32));
                   })};
}

const std::vector<VideoRow>& rows() {
  static const std::vector<VideoRow> all = make_rows();
  return all;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const VideoPreset& preset : video_presets()) names.push_back(preset.name);
  return names;
}

RunResult run_video(const RunContext& run) {
  VideoPreset preset = find_video_preset(run.settings.config.text("preset"));
  if (run.settings.quick) {
    preset.steps = preset.work.steps = 60;
    preset.work.starts = 1;
    preset.extra_steps = 5;
    preset.batch = preset.extra_batch = 8;
    preset.judged = 12;
  }
  if (const auto steps = run.settings.config.integer("steps"); steps > 0) preset.steps = steps;
  const VideoProblem problem =
      make_video_problem(preset, static_cast<std::int64_t>(run.at.at("train_episodes")), run);
  const auto& frames = run.settings.axes.at("frame");
  return run_rows(rows(), problem, run, [&](const VideoProblem&, const Made& made) {
    RunResult result;
    if (made.predict) result = video_records(problem, made.predict, frames);
    result.records.push_back({.metric = "seconds", .value = made.seconds});
    return result;
  });
}

}  // namespace

Experiment video_table() {
  TableSpec spec{
      .name = "pixel-pendulum",
      .title = "Pixel pendulum: film predicted with and without conservation",
      .axes = {{.name = "train_episodes",
                .description = "episodes to train on",
                .min = 1,
                .max = 1e6,
                .values = {400, 6000},
                .quick_values = {40},
                .is_swept = true},
               {.name = "frame",
                .description = "of those predicted",
                .min = 1,
                .max = predicted_frames,
                .values = {1, 5, 10, 15, 20, 26}}},
      .rows = specs_of(rows()),
      .metrics = video_metrics(),
      .panels = video_panels(),
      .settings = {dataset::choice_setting("preset", "ci", preset_names(),
                                           "size of frames and model, and length of training"),
                   dataset::integer_setting("steps", 0, 0, 1e9,
                                            "of the base model; 0: as many as the preset says")},
      .seed_decides = "the data, the initial weights and the minibatches",
      .seeds = 3,
      .quick_seeds = 1};
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"svg-more-steps"});
  for (Comparison& comparison : spec.comparisons) comparison.heading = "control";
  spec.rivals = {{"noether-work", "svg-equal-compute"}, {"svg-tailored", "svg-equal-compute"}};
  return {.spec = spec, .run = run_video};
}

}  // namespace noether::bench
