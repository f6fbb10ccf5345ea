#include "bench/tables/video/video_rows.h"

#include <chrono>

#include "bench/video/video_training.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

using Outcome = RowOutcome<MadeVideo>;

// L* is of clips of 26 frames.
PredictFrames with_scaled_target(const VideoProblem& problem, const learn::Params& theta,
                                 const learn::VideoTailoring& tailoring) {
  return [&problem, theta, tailoring](const learn::VideoQuery& query) {
    learn::VideoTailoring by = tailoring;
    by.step.target *= static_cast<double>(query.steps) / predicted_frames;
    return tailored(problem.model, theta, by, {})(query);
  };
}

VideoRow copy_last_row() {
  return {{"copy-last", "the last frame that is seen"},
          [](const VideoProblem&, std::span<const MadeVideo>, const ReportStep&) -> Outcome {
            return {.made = MadeVideo{.predict = [](const learn::VideoQuery& query) {
                      return learn::Tensors(static_cast<std::size_t>(query.steps),
                                            query.history.back());
                    }}};
          }};
}

VideoRow mean_image_row() {
  return {
      {"mean-image", "the mean of the train frames"},
      [](const VideoProblem& problem, std::span<const MadeVideo>, const ReportStep&) -> Outcome {
        return {.made = MadeVideo{.predict = still(mean_frame(problem.clips))}};
      }};
}

Outcome trained_row(const VideoProblem& problem, const TrainedVideo& trained) {
  return {.made =
              MadeVideo{untailored(problem.model, trained.theta), trained.theta, trained.seconds}};
}

VideoRow base_row() {
  return {{"svg", "the predictor, free-running"},
          [](const VideoProblem& problem, std::span<const MadeVideo>, const ReportStep& report) {
            return trained_row(problem, train_base(problem, report));
          }};
}

VideoRow more_steps_row(const std::string& name, const std::string& description, int times) {
  return {{name, description, {"svg"}},
          [times](const VideoProblem& problem, std::span<const MadeVideo> needed,
                  const ReportStep& report) {
            return trained_row(
                problem, train_on(problem, needed[0].theta, learn::prediction_loss(problem.model),
                                  times * problem.preset.extra_steps, {}, report));
          }};
}

VideoRow work_row() {
  return {{"work", "g: energy minus work, learned from the train episodes"},
          [](const VideoProblem& problem, std::span<const MadeVideo>,
             const ReportStep& report) -> Outcome {
            const auto begin = std::chrono::steady_clock::now();
            const learn::WorkQuantity g = work_quantity(problem);
            const learn::PretrainedWork learned = train_work(problem, g, report);
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
            return {
                .made = MadeVideo{.theta = learned.phi, .seconds = seconds.count()},
                .measured = {
                    .records = {{.metric = "conserved_ratio", .value = learned.ratio},
                                {.metric = "starts", .value = static_cast<double>(learned.starts)},
                                {.metric = "pearson",
                                 .value = energy_agreement(problem, g, learned.phi)}}}};
          }};
}

// One Polyak step on energy minus work, before each prediction.
learn::VideoTailoring one_step(const VideoProblem& problem, const MadeVideo& work,
                               bool is_self_forced) {
  return {.quantity = frozen(work_quantity(problem), work.theta),
          .step = {.rule = learn::StepRule::polyak, .share = problem.inner_share, .by_query = true},
          .is_self_forced = is_self_forced};
}

// The control with that step at test time alone: what training through it is to beat.
VideoRow one_step_row() {
  return {{"svg-one-step",
           "the control; at test time the inner step of noether-work",
           {"svg-more-steps", "work"}},
          [](const VideoProblem& problem, std::span<const MadeVideo> needed,
             const ReportStep&) -> Outcome {
            const learn::Params& theta = needed[0].theta;
            const auto by = one_step(problem, needed[1], false);
            const PredictFrames predict = tailored(problem.model, theta, by, {});
            return {.made = MadeVideo{predict, theta, 0}};
          }};
}

// Trained on through that step.
VideoRow noether_work_row(const std::string& name, const std::string& description,
                          bool is_self_forced) {
  return {{name, description, {"svg", "work"}},
          [is_self_forced](const VideoProblem& problem, std::span<const MadeVideo> needed,
                           const ReportStep& report) -> Outcome {
            const auto by = one_step(problem, needed[1], is_self_forced);
            const TrainedVideo trained =
                train_on(problem, needed[0].theta, tailored_prediction_loss(problem.model, by),
                         problem.preset.extra_steps, {}, report);
            return {.made = MadeVideo{tailored(problem.model, trained.theta, by, {}), trained.theta,
                                      trained.seconds}};
          }};
}

// The paper's form: g of 64 outputs that learns with the model, a normalised step.
VideoRow noether_row() {
  return {
      {"noether",
       "as many steps through one inner step on a convolutional g, learned with the model",
       {"svg"}},
      [](const VideoProblem& problem, std::span<const MadeVideo> needed,
         const ReportStep& report) -> Outcome {
        const auto& model = problem.preset.model;
        const learn::ConvQuantity g{.channels = model.channels, .size = model.size};
        const learn::VideoTailoring by{
            .quantity = g,
            .form = learn::Form::previous,
            .step = {.rule = learn::StepRule::normalised,
                     .rate = learn::Tensor::scalar(0.03, learn::DType::f32),
                     .by_query = true}};
        const learn::Params start = join(needed[0].theta, g.init(problem.seed, learn::DType::f32));
        const TrainedVideo trained =
            train_on(problem, start, tailored_prediction_loss(problem.model, by),
                     problem.preset.extra_steps, {{std::string(learn::phi_prefix), 20}}, report);
        const auto [theta, phi] = learn::split(trained.theta);
        return {.made = MadeVideo{tailored(problem.model, theta, by, phi), theta, trained.seconds}};
      }};
}

// The weights of the control, tailored at test time alone, until a clip conserves as
// train clips usually do.
VideoRow tailored_row(const std::string& name, const std::string& description,
                      const std::function<learn::ClipQuantity(const VideoProblem&,
                                                              const MadeVideo& work)>& quantity) {
  return {
      {name, description, {"svg-more-steps", "work"}},
      [quantity](const VideoProblem& problem, std::span<const MadeVideo> needed,
                 const ReportStep& report) -> Outcome {
        report("choosing the target");
        learn::VideoTailoring by{
            .quantity = quantity(problem, needed[1]),
            .step = {.rule = learn::StepRule::polyak, .steps = 10, .share = 0.2, .by_query = true}};
        const learn::Params& theta = needed[0].theta;
        by.step.target = usual_noether_loss(problem, theta, by);
        const PredictFrames predict = with_scaled_target(problem, theta, by);
        return {.made = MadeVideo{predict, theta, 0},
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
                     "svg and 900 steps more: some 80 % of what 300 with an inner step cost", 3),
      work_row(),
      noether_row(),
      one_step_row(),
      noether_work_row("noether-work", "as many steps through one inner step on energy minus work",
                       false),
      noether_work_row("noether-work-self-forced",
                       "noether-work, its inner gradient not through the pixels that are fed back",
                       true),
      tailored_row("svg-tailored", "the control; at test time ten inner steps on energy minus work",
                   [](const VideoProblem& problem, const MadeVideo& work) {
                     return frozen(work_quantity(problem), work.theta);
                   }),
      tailored_row("no-work", "svg-tailored on the energy alone",
                   [](const VideoProblem& problem, const MadeVideo& work) {
                     learn::WorkQuantity g = work_quantity(problem);
                     g.counts_work = false;
                     return frozen(g, work.theta);
                   }),
      tailored_row("random-g", "svg-tailored on a g that has learned nothing",
                   [](const VideoProblem& problem, const MadeVideo&) {
                     const learn::WorkQuantity g = work_quantity(problem);
                     return frozen(g, g.init(problem.seed, learn::DType::f32));
                   })};
}

}  // namespace

const std::vector<VideoRow>& video_rows() {
  static const std::vector<VideoRow> all = make_rows();
  return all;
}

}  // namespace noether::bench
