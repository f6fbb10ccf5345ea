#include <catch2/catch.hpp>
#include <csignal>

#include "bench/model/checkpoint.h"
#include "bench/video/video_training.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/joint_weights.h"
#include "tests/cli/film_studio.h"
#include "tests/cli/killed.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using test::check_failure;
using test::FilmStudio;
using test::read_bytes;
using test::run;
using test::Words;

namespace {

constexpr int data = 3;

}  // namespace

TEST_CASE("on episodes a video predictor is trained, which every other command knows",
          "[cli][video]") {
  const FilmStudio studio;
  const auto result = run(studio.train("v.h5"));
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("MSE, validation") &&
                             Catch::Contains("video 16x16x1, 2-4, code 4, LSTM 8, 20 steps"));
  CHECK_THAT(result.err,
             Catch::Contains("step 20 of 20: loss") && Catch::Contains("of the mean image's"));
  const auto model = bench::load_checkpoint(studio.at("v.h5"));
  CHECK(model.state.loss < model.state.first_loss);
  CHECK(model.video->frames == 12);
  CHECK(model.training.final_share == 0.02);
  CHECK_THAT(run({"validate", studio.at("v.h5")}).out, Catch::Contains("step 20 of 20"));
  CHECK(run({"inspect", studio.at("v.h5")}).exit_code == 0);
  CHECK_THAT(run({"list", "video"}).out, Catch::Contains("lstm_layers"));
}

TEST_CASE("models trained by hand are those of the table, bit for bit", "[cli][video]") {
  const FilmStudio studio;
  studio.film("long.h5", {{"steps", "29"}, {"n", "20"}});
  const auto train = [&](const std::string& name, Words more) {
    more.insert(more.begin(), {"train", studio.at("long.h5"), "-o", studio.at(name)});
    const auto result = run(more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return bench::load_checkpoint(studio.at(name));
  };
  const auto base = train("v.h5", {"--set", "features=2", "--steps", "6", "--batch", "6"});
  const auto meta = train("w.h5", {"--from", studio.at("v.h5"), "--conserve", "work", "--set",
                                   "work_steps=20", "--steps", "2", "--batch", "6"});

  bench::VideoPreset preset = bench::find_video_preset("small");
  preset.model = video_model(base).options();
  preset.steps = 6;
  preset.extra_steps = 2;
  preset.batch = preset.extra_batch = 6;
  preset.work.steps = 20;
  preset.work.warmup_steps = 20;
  const bench::VideoProblem problem{.preset = preset,
                                    .model = video_model(base),
                                    .clips = bench::load_video_task(studio.at("long.h5")),
                                    .fast = {},
                                    .far = {}};
  const bench::ReportStep quiet = [](std::string_view) {};
  const auto same = [](const learn::Params& a, const learn::Params& b) {
    return ravel(a.tensors()).to_vector() == ravel(b.tensors()).to_vector();
  };
  const auto svg = train_base(problem, quiet);
  CHECK(same(base.state.params, svg.theta));
  const auto [theta, phi] = learn::split(meta.state.params);
  const learn::WorkQuantity g = work_quantity(problem);
  CHECK(same(phi, train_work(problem, g, quiet).phi));
  const learn::VideoTailoring by{
      .quantity = frozen(g, phi),
      .step = {.rule = learn::StepRule::polyak, .share = 0.3, .by_query = true}};
  const auto noether =
      train_on(problem, svg.theta, tailored_prediction_loss(problem.model, by), 2, {}, quiet);
  CHECK(same(theta, noether.theta));
  CHECK_FALSE(same(theta, svg.theta));
}

TEST_CASE("the configuration in a video predictor's file makes it again", "[cli][video]") {
  const FilmStudio studio;
  studio.make("v.h5", {"--seed", "3"});
  test::write_bytes(studio.at("v.toml"), bench::load_checkpoint(studio.at("v.h5")).config_toml);
  REQUIRE(run({"train", studio.at("episodes.h5"), "-o", studio.at("again.h5"), "--config",
               studio.at("v.toml")})
              .exit_code == 0);
  CHECK(read_bytes(studio.at("again.h5")) == read_bytes(studio.at("v.h5")));
}

TEST_CASE("a video predictor has the same bytes whatever the number of threads", "[cli][video]") {
  const FilmStudio studio;
  studio.make("one.h5");
  studio.make("two.h5", {"--jobs", "2"});
  studio.make("other.h5", {"--seed", "1"});
  CHECK(read_bytes(studio.at("one.h5")) == read_bytes(studio.at("two.h5")));
  CHECK(read_bytes(studio.at("one.h5")) != read_bytes(studio.at("other.h5")));
}

TEST_CASE("a video training that is killed and resumed ends with the same bytes", "[cli][video]") {
  const FilmStudio studio;
  const Words more{"--steps", "200", "--checkpoint-every", "10"};
  studio.make("whole.h5", more);
  test::kill_thrice_and_resume(studio.train("broken.h5", more), studio.at("broken.h5"));
  CHECK(read_bytes(studio.at("broken.h5")) == read_bytes(studio.at("whole.h5")));
}

TEST_CASE("a meta-training on film that is killed and resumed ends with the same bytes",
          "[cli][video]") {
  const FilmStudio studio;
  studio.make("base.h5");
  const auto meta = [&](const std::string& name) {
    return Words{"train",
                 studio.at("episodes.h5"),
                 "-o",
                 studio.at(name),
                 "--from",
                 studio.at("base.h5"),
                 "--conserve",
                 "work",
                 "--set",
                 "work_steps=20",
                 "--steps",
                 "60",
                 "--batch",
                 "6",
                 "--checkpoint-every",
                 "5"};
  };
  REQUIRE(run(meta("whole.h5")).exit_code == 0);
  test::kill_thrice_and_resume(meta("broken.h5"), studio.at("broken.h5"));
  CHECK(read_bytes(studio.at("broken.h5")) == read_bytes(studio.at("whole.h5")));
}

TEST_CASE("a video training that is interrupted says how to continue it", "[cli][video]") {
  const FilmStudio studio;
  const Words more{"--steps", "200", "--checkpoint-every", "10"};
  test::Command command(studio.train("v.h5", more));
  test::wait_for(studio.at("v.h5.partial"));
  command.send(SIGINT);
  const auto result = command.wait();
  CHECK(result.exit_code == 130);
  CHECK_THAT(result.err, Catch::Contains("--resume continues"));
  check_failure(studio.train("v.h5", more), data,
                "v.h5.partial' was left by an unfinished run: --resume continues it");
}
