#include "bench/video/video_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bench/table/statistics.h"
#include "bench/video/rod_energy.h"
#include "learn/autodiff/ops.h"
#include "learn/train/trainer.h"

namespace noether::bench {

namespace {

learn::Hook reported(const learn::Training& training, const ReportStep& report) {
  return {1, [&report, steps = training.steps](const learn::TrainingState& state) {
            report(fmt::format("step {} of {}", state.step, steps));
          }};
}

TrainedVideo trained(const learn::Training& training, const learn::Params& start,
                     const learn::Objective& objective, const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  const auto state = learn::train(training, learn::initial_training_state(start), objective,
                                  {reported(training, report)});
  return {state.params,
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
}

learn::ClipObjectiveOptions objective_options(const VideoProblem& problem, std::int64_t batch) {
  return {.sequences = std::ssize(problem.clips.train),
          .batch = batch,
          .history = problem.preset.model.history,
          .jobs = problem.jobs};
}

}  // namespace

TrainedVideo train_base(const VideoProblem& problem, const ReportStep& report) {
  const learn::Training training{.steps = problem.preset.steps,
                                 .adam = {.learning_rate = 2e-3},
                                 .schedule = learn::Schedule::cosine,
                                 .final_share = 0.02,
                                 .warmup_steps = std::min<std::int64_t>(50, problem.preset.steps),
                                 .clip_norm = 0.2,
                                 .seed = problem.seed};
  const auto objective = learn::clip_objective(learn::prediction_loss(problem.model),
                                               source_of(problem.clips, problem.clips.train),
                                               objective_options(problem, problem.preset.batch));
  return trained(training, problem.model.init(problem.seed, learn::DType::f32), objective, report);
}

TrainedVideo train_on(const VideoProblem& problem, const learn::Params& joint,
                      const learn::ClipLoss& loss, std::int64_t updates,
                      const std::vector<learn::ParameterGroup>& groups, const ReportStep& report) {
  // minibatches other than those of the base model
  const learn::Training training{.steps = updates,
                                 .adam = {.learning_rate = 1e-4},
                                 .clip_norm = 0.05,
                                 .seed = problem.seed + (std::uint64_t{1} << 32),
                                 .groups = groups};
  auto options = objective_options(problem, problem.preset.extra_batch);
  options.curriculum = {{1, predicted_frames}};
  const auto source = source_of(problem.clips, problem.clips.train);
  return trained(training, joint, learn::clip_objective(loss, source, options), report);
}

learn::WorkQuantity work_quantity(const VideoProblem& problem) {
  const auto& model = problem.preset.model;
  return {.pixels = model.channels * model.size * model.size, .actions = model.actions};
}

learn::PretrainedWork train_work(const VideoProblem& problem, const learn::WorkQuantity& g,
                                 const ReportStep& report) {
  report("learning energy minus work");
  const auto source = source_of(problem.clips, problem.clips.train);
  return learn::pretrained_work(
      g, problem.preset.work, problem.seed, source, std::ssize(problem.clips.train),
      clip_batch(problem.clips, problem.clips.valid, problem.clips.frames));
}

double energy_agreement(const VideoProblem& problem, const learn::WorkQuantity& g,
                        const learn::Params& phi) {
  const VideoTask& clips = problem.clips;
  std::vector<double> energies;
  for (const std::int64_t episode : clips.test) {
    const double* state = clips.states.data() + episode * clips.frames * 2;
    for (std::int64_t t = 0; t + 1 < clips.frames; ++t, state += 2)
      energies.push_back(pair_energy(state[0], state[2], state[3]));
  }
  const auto batch = clip_batch(clips, clips.test, clips.frames);
  return std::abs(correlation(g.parts(phi, batch).energy.to_vector(), energies));
}

double usual_noether_loss(const VideoProblem& problem, const learn::Params& theta,
                          const learn::VideoTailoring& tailoring) {
  return usual_noether_loss(problem.model, problem.clips, theta, tailoring);
}

double usual_noether_loss(const learn::VideoPredictor& model, const VideoTask& clips,
                          const learn::Params& theta, const learn::VideoTailoring& tailoring) {
  const std::int64_t count = std::min<std::int64_t>(200, std::ssize(clips.train));
  const std::span some(clips.train.data(), static_cast<std::size_t>(count));
  const auto query = query_of(model, clip_batch(clips, some, clips.frames));
  const auto residuals =
      video_residuals(model, theta, model.own(count, learn::DType::f32), tailoring, {}, query);
  std::vector<double> losses = sum(square(residuals), 1).to_vector();
  std::ranges::sort(losses);
  return losses[losses.size() * 3 / 4];
}

}  // namespace noether::bench
