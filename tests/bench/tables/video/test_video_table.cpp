#include <algorithm>
#include <catch2/catch.hpp>

#include "bench/table/run_table.h"
#include "bench/video/image_metrics.h"
#include "bench/video/video_evaluation.h"
#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

VideoPreset small_preset() {
  VideoPreset preset = find_video_preset("ci");
  preset.steps = 3;
  preset.extra_steps = 2;
  preset.judged = 6;
  return preset;
}

}  // namespace

TEST_CASE("the sets of a video table: fast starts are fast, far ones are long, none is shared",
          "[bench][video]") {
  const QuickRun run("pixel-pendulum");
  const VideoPreset preset = small_preset();
  const VideoProblem problem = make_video_problem(preset, 20, run.context());
  CHECK(problem.clips.train.size() == 20);
  CHECK(problem.clips.valid.size() == 6);
  for (const VideoTask* set : {&problem.clips, &problem.fast, &problem.far})
    CHECK(set->test.size() == 6);
  CHECK(problem.clips.frames == 30);
  CHECK(problem.far.frames == 64);
  const auto fastest = [](const VideoTask& set) {
    double most = 0;
    for (std::int64_t i = 0; i < set.episodes; ++i)
      most = std::max(most, std::abs(set.states[static_cast<std::size_t>(i * set.frames * 2 + 1)]));
    return most;
  };
  CHECK(fastest(problem.clips) <= 1);
  CHECK(fastest(problem.fast) > 1.5);
  CHECK(fastest(problem.fast) <= 4);
  CHECK(fastest(problem.far) <= 1);
  // angles at the start tell episodes apart
  std::vector<double> angles;
  for (const VideoTask* set : {&problem.clips, &problem.fast, &problem.far}) {
    for (std::int64_t i = 0; i < set->episodes; ++i)
      angles.push_back(set->states[static_cast<std::size_t>(i * set->frames * 2)]);
  }
  std::ranges::sort(angles);
  CHECK(std::ranges::adjacent_find(angles) == angles.end());
}

TEST_CASE("scores of frames are those of each episode and frame, for any number of jobs",
          "[bench][video]") {
  const QuickRun run("pixel-pendulum");
  const VideoPreset preset = small_preset();
  const VideoProblem problem = make_video_problem(preset, 4, run.context());
  const VideoTask& clips = problem.clips;
  const auto last_seen = [](const learn::VideoQuery& query) {
    return learn::Tensors(static_cast<std::size_t>(query.steps), query.history.back());
  };
  const FrameScores scores = frame_scores(clips, clips.test, 4, last_seen, 1);
  REQUIRE(scores.mse.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto frames = clip_batch(clips, std::span(clips.test).subspan(i, 1), 30).frames;
    REQUIRE(scores.mse[i].size() == 26);
    for (std::size_t t = 0; t < 26; ++t) {
      CHECK(scores.mse[i][t] == mean_squared_error(frames[3], frames[4 + t])[0]);
      CHECK(scores.ssim[i][t] == ssim(frames[3], frames[4 + t])[0]);
    }
  }
  const FrameScores other = frame_scores(clips, clips.test, 4, last_seen, 3);
  CHECK(scores.mse == other.mse);
  CHECK(scores.ssim == other.ssim);
}

TEST_CASE(
    "the quick video table: training lowers the loss, tailoring the inner loss; jobs change "
    "no bit",
    "[bench][video]") {
  const Experiment& table = find_table("pixel-pendulum");
  const auto run = [&](int jobs) {
    const auto settings = make_settings(
        table.spec, {{"quick", "yes"},
                     {"train_episodes", "12"},
                     {"base_steps", "12"},
                     {"rows", "mean-image,svg,svg-more-steps,noether,noether-work,svg-tailored"}});
    return run_table(table, {.settings = settings, .jobs = jobs}, {});
  };
  const TableResult one = run(1);
  const auto value = [&](const std::string& row, const std::string& metric) {
    const auto found = select(one.records, {.row = row, .metric = metric});
    REQUIRE(found.size() == 1);
    return found[0].value;
  };
  CHECK(value("svg-more-steps", "mse") < value("svg", "mse"));
  for (const std::string row : {"noether", "noether-work", "svg-tailored"}) {
    CAPTURE(row);
    if (row != "svg-tailored") CHECK(value(row, "mse") != value("svg-more-steps", "mse"));
    CHECK(value(row, "mse") < 2 * value("svg-more-steps", "mse"));
    CHECK(select(one.records, {.row = row, .metric = "episode_mse_fast"}).size() == 12);
  }
  const auto timeless = [&](const TableResult& result) {
    std::vector<Record> records = result.records;
    std::erase_if(records, [](const Record& r) { return r.metric == "seconds"; });
    return to_csv(records, axis_names(table.spec));
  };
  CHECK(timeless(run(2)) == timeless(one));
}

TEST_CASE("the sweep of inner steps begins at the control and lowers the Noether loss",
          "[bench][video]") {
  const Experiment& table = find_table("pixel-pendulum-steps");
  const auto settings = make_settings(
      table.spec,
      {{"quick", "yes"}, {"train_episodes", "12"}, {"rows", "sgd-1e-5,polyak,adam-1e-2"}});
  const TableResult made = run_table(table, {.settings = settings, .jobs = 1}, {});
  const auto at = [&](const std::string& row, const std::string& metric, double steps) {
    const auto found =
        select(made.records, {.row = row, .at = {{"inner_steps", steps}}, .metric = metric});
    REQUIRE(found.size() == 1);
    return found[0].value;
  };
  for (const std::string row : {"polyak", "adam-1e-2"}) {
    CAPTURE(row);
    for (const std::string metric : {"mse", "inner_loss"})
      CHECK(at(row, metric, 0) == at("sgd-1e-5", metric, 0));
    CHECK(at(row, "inner_loss", 5) < 0.99 * at(row, "inner_loss", 0));
    CHECK(at(row, "mse", 5) != at(row, "mse", 0));
  }
}

}  // namespace noether::bench
