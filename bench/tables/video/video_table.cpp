// The table `pixel-pendulum`: prediction of film with and without conservation.

#include <fmt/format.h>

#include "bench/model/video_setup.h"
#include "bench/tables/video/video_rows.h"
#include "bench/video/strip_figure.h"

namespace noether::bench {
namespace {

constexpr const char* conservation =
    R"(`work` learns g, energy minus work: of every two frames a network gives an energy e_j and a speed v_j,
and c_j = e_j - sum a_i (v_{i-1} + v_i) / 2, with a_i the torque, is to be one number along each film. It
sees true train clips alone, 900 steps of 32, and stays as it is. The Noether loss of a prediction is
the sum of (c_j - mean of c_0, c_1, c_2)^2 over the predicted pairs. What moves is gamma and beta of every
norm, for every sequence by itself. `noether-work` is trained on through one Polyak step of the share
`inner_share`; .3 was chosen among .1, .3 and .6 by the validation clips of seeds 10 and 11. `svg-one-step`
takes the weights of the control, and that step at test time alone. So does `svg-tailored`, with ten steps
of a fifth, each only while the loss is above L*: what three quarters of 200 untailored predictions of
train clips do not exceed, times 60 / 26 for `far`. `no-work` leaves the work out of c, `random-g` has a g
of random weights. `noether` is the form of Alet et al. (2021): g is a convolutional network of 64 outputs
that learns with the model at 20 times its rate, c_j is compared with c_{j-1}, and a step is .03 long.)";

// The first test episode of each set.
std::vector<FilmStrip> first_strips(const VideoProblem& problem) {
  std::vector<FilmStrip> strips;
  for (const auto& [name, clips] :
       {std::pair("In distribution", &problem.clips), {"Fast starts", &problem.fast}}) {
    const std::int64_t episode = clips->test.front();
    strips.push_back(true_strip(fmt::format("{}, {}", name, episode), *clips, episode,
                                problem.preset.model.history));
  }
  return strips;
}

// The rows; what each predicts is added to the strips too.
std::vector<VideoRow> filmed(std::vector<VideoRow> rows, std::vector<FilmStrip>& strips) {
  for (VideoRow& row : rows) {
    row.make = [&strips, row](const VideoProblem& problem, std::span<const MadeVideo> needed,
                              const ReportStep& report) {
      RowOutcome<MadeVideo> outcome = row.make(problem, needed, report);
      if (outcome.made && outcome.made->predict) {
        for (FilmStrip& strip : strips) add_film(strip, row.spec.name, outcome.made->predict);
      }
      return outcome;
    };
  }
  return rows;
}

RunResult judge(const VideoProblem& problem, const MadeVideo& made,
                std::span<const double> frames) {
  RunResult result;
  if (made.predict) result = video_records(problem, made.predict, frames);
  result.records.push_back({.metric = "seconds", .value = made.seconds});
  return result;
}

RunResult run_video(const RunContext& run) {
  VideoProblem problem = video_problem(run);
  problem.inner_share = run.settings.config.number("inner_share");
  std::vector<FilmStrip> strips = first_strips(problem);
  const RunResult result = run_rows(filmed(video_rows(), strips), problem, run,
                                    [&run](const VideoProblem& judged, const MadeVideo& made) {
                                      return judge(judged, made, run.settings.axes.at("frame"));
                                    });
  if (!run.picture.empty()) {
    std::filesystem::create_directories(run.picture.parent_path());
    render::write_png(
        strips_page("Pixel pendulum: the first test episodes",
                    fmt::format("{:g} train episodes, seed {}; numbers count the predicted frames",
                                run.at.at("train_episodes"), run.seed),
                    strips),
        run.picture);
  }
  return result;
}

}  // namespace

Experiment video_table() {
  TableSpec spec{.name = "pixel-pendulum",
                 .title = "Pixel pendulum: film predicted with and without conservation",
                 .axes = {train_episodes_axis({400, 6000}),
                          {.name = "frame",
                           .description = "of those predicted",
                           .min = 1,
                           .max = predicted_frames,
                           .values = {1, 5, 10, 15, 20, 26}}},
                 .rows = specs_of(video_rows()),
                 .metrics = video_metrics(),
                 .panels = video_panels(),
                 .scatters = video_scatters(),
                 .settings = video_settings(),
                 .method = {video_data_method, video_training_method, conservation},
                 .seed_decides = "the data, the initial weights and the minibatches",
                 .seeds = 3,
                 .quick_seeds = 1};
  spec.settings.push_back(dataset::number_setting(
      "inner_share", WorkTailoring{}.share, 1e-300, 1, "1",
      "of a Polyak step, through which noether-work is trained, and which svg-one-step takes"));
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"svg-more-steps"});
  for (Comparison& comparison : spec.comparisons) comparison.heading = "control";
  spec.rivals = {{"noether-work", "svg-one-step"},
                 {"noether-work", "svg-equal-compute"},
                 {"svg-tailored", "svg-equal-compute"}};
  return {.spec = spec, .run = run_video};
}

}  // namespace noether::bench
