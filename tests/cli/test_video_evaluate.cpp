#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/table/record.h"
#include "bench/video/image_metrics.h"
#include "bench/video/video_report.h"
#include "learn/autodiff/ops.h"
#include "tests/cli/film_studio.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using test::check_failure;
using test::FilmStudio;
using test::run;
using test::Words;

namespace {

constexpr int usage = 2, data = 3;

// Two models of the studio, the second tailored to energy minus work.
struct Screening : FilmStudio {
  Screening() {
    make("v.h5", {"--steps", "30", "--learning-rate", "1e-2"});
    make("w.h5", {"--from", at("v.h5"), "--conserve", "work", "--set", "work_steps=30", "--steps",
                  "2", "--set", "inner_share=1"});
  }
  Words evaluate(const std::string& name, const Words& more = {}) const {
    Words words{"evaluate", at(name), at("episodes.h5")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  nlohmann::json json(const std::string& name, Words more = {}) const {
    more.push_back("--json");
    const auto result = run(evaluate(name, more));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
  }
};

std::vector<std::string> rows_of(const nlohmann::json& json) {
  std::vector<std::string> names;
  for (const auto& row : json.at("rows")) names.push_back(row.at("row"));
  return names;
}

}  // namespace

TEST_CASE("a video predictor is judged beside the last frame and the mean image", "[cli][video]") {
  const Screening studio;
  const auto json = studio.json("v.h5");
  CHECK(rows_of(json) == Words{"copy-last", "mean-image", "video"});
  CHECK(json.at("frames") == std::vector<int>{1, 5, 8});
  // what the last frame scores, by another route
  const auto clips = bench::load_video_task(studio.at("episodes.h5"), {.frames = 12});
  const auto frames = clip_batch(clips, clips.test, 12).frames;
  const auto& last = json.at("rows").at(0);
  for (std::size_t t = 0; t < 8; ++t) {
    double error = 0;
    const auto each = bench::mean_squared_error(frames[3], frames[4 + t]);
    for (const double value : each) error += value / static_cast<double>(each.size());
    // means summed in another order, and printed
    CHECK(last.at("curves").at("mse").at(t).get<double>() == Approx(error).epsilon(1e-12));
    CHECK(last.at("curves").at("psnr").at(t).get<double>() ==
          Approx(-10 * std::log10(error)).epsilon(1e-12));
  }
  CHECK(last.at("mse") > 0.01);
  CHECK(json.at("rows").at(2).at("mse") < last.at("mse"));
  CHECK_THAT(
      run(studio.evaluate("v.h5")).out,
      Catch::Contains("on the 6 test episodes of pixel-pendulum: 8 frames predicted after 4") &&
          Catch::Contains("PSNR of that (dB)") && Catch::Contains("\n  mean-image"));
}

TEST_CASE("a meta-tailored video predictor is judged with and without tailoring", "[cli][video]") {
  const Screening studio;
  const auto json = studio.json("w.h5", {"--jobs", "1"});
  CHECK(rows_of(json) == Words{"copy-last", "mean-image", "untailored", "tailored"});
  CHECK(json.at("rows").at(2).at("mse") != json.at("rows").at(3).at("mse"));
  CHECK(studio.json("w.h5", {"--jobs", "3"}) == json);
  CHECK_THAT(run(studio.evaluate("w.h5")).out, Catch::Contains("tailored / untailored, MSE: ") &&
                                                   Catch::Contains("over 6 paired episodes"));
}

TEST_CASE("a video predictor is tailored at test time by what another has learned",
          "[cli][video]") {
  const Screening studio;
  const Words more{"--conserve", "work", "--work-from", studio.at("w.h5")};
  const auto usual = studio.json("v.h5", more);
  CHECK(rows_of(usual) == Words{"copy-last", "mean-image", "video", "tailored"});
  CHECK_THAT(usual.at("conserved").get<std::string>(),
             Catch::StartsWith("energy minus work (polyak, share 0.2, K = 10, L* = "));
  CHECK(usual.at("rows").at(3).at("mse") != usual.at("rows").at(2).at("mse"));
  // no clip is off that far
  auto lenient = more;
  lenient.insert(lenient.end(), {"--set", "inner_target=1e9"});
  const auto left_alone = studio.json("v.h5", lenient);
  CHECK(left_alone.at("rows").at(3).at("mse") == left_alone.at("rows").at(2).at("mse"));
  // as it was trained, said by hand
  const auto own = studio.json("w.h5");
  const auto said = studio.json("w.h5", {"--conserve", "work", "--inner-steps", "1", "--set",
                                         "inner_share=1", "--set", "inner_target=0"});
  CHECK(said.at("rows") == own.at("rows"));
}

TEST_CASE("an evaluation of video leaves records, curves and a picture", "[cli][video]") {
  const Screening studio;
  REQUIRE(run(studio.evaluate("v.h5", {"-o", studio.at("film"), "--horizon", "6"})).exit_code == 0);
  CHECK(test::names_in(studio.at("film")) ==
        Words{"evaluation.json", "evaluation.png", "film.webp", "records.csv"});
  const auto records = bench::read_csv(studio.at("film/records.csv"));
  CHECK(bench::select(records, {.row = "video", .metric = "episode_mse"}).size() == 6);
  for (const std::string metric : {"frame_ssim", "frame_ssim_uniform"}) {
    CAPTURE(metric);
    CHECK(bench::select(records, {.row = "video", .at = {{"frame", 6}}, .metric = metric}).size() ==
          1);
  }
  const auto png = test::read_bytes(studio.at("film/evaluation.png"));
  const auto picture = render::decode_png(std::as_bytes(std::span(png)));
  // three episodes of truth and prediction in tiles of 64 px, above the curves
  CHECK(picture.width_px == 900);
  CHECK(picture.height_px == 84 + 3 * (40 + 2 * 68) + 330);
}

TEST_CASE("film strips hold the truth above predictions, which begin with what was seen",
          "[cli][video]") {
  const Screening studio;
  const auto checkpoint = bench::load_checkpoint(studio.at("w.h5"));
  const auto clips = bench::load_video_task(studio.at("episodes.h5"), {.frames = 12});
  const auto evaluation = evaluate_film(film_rows(checkpoint, clips, own_tailoring(checkpoint)),
                                        clips, 4, std::nullopt, 1);
  REQUIRE(evaluation.strips.size() == 3);
  const auto& strip = evaluation.strips[1];
  CHECK(strip.title == "Episode " + std::to_string(clips.test[1]));
  REQUIRE(strip.films.size() == 3);
  const auto truth = clip_batch(clips, std::span(&clips.test[1], 1), 12).frames;
  for (std::size_t row = 0; row < 3; ++row) {
    REQUIRE(strip.films[row].frames.size() == 12);
    for (std::size_t t = 0; t < 12; ++t) {
      const bool is_true = strip.films[row].frames[t].to_vector() == truth[t].to_vector();
      CHECK(is_true == (row == 0 || t < 4));
    }
  }
}

TEST_CASE("what cannot be judged of a video predictor is refused in one sentence", "[cli][video]") {
  const Screening studio;
  const auto refused = [&](const Words& more, int code, const std::string& sentence) {
    check_failure(studio.evaluate("v.h5", more), code, sentence);
  };
  refused({"--horizon", "9"}, data, "its episodes have 12 frames, a clip takes 13");
  refused({"--horizon", "3,6"}, usage, "horizon: '3,6' is not a whole number");
  refused({"--setting", "inductive"}, usage, "--setting belongs to models of states");
  refused({"--lpips", studio.at("episodes.h5")}, data, "holds no weights of LPIPS");
  refused({"--conserve", "energy"}, usage, "a video predictor conserves 'work'");
  refused({"--conserve", "work"}, usage, "v.h5' has learned no energy minus work: --work-from");
  refused({"--work-from", studio.at("w.h5")}, usage, "--work-from needs --conserve work");
  refused({"--set", "inner_share=0.1"}, usage, "inner_share needs --conserve work");
  studio.film("test.h5", {{"train_share", "0"}, {"valid_share", "0"}});
  Words words{"evaluate", studio.at("v.h5"), studio.at("test.h5")};
  CHECK_THAT(run(words).out, Catch::Contains("no mean-image: the file has no train split"));
  words.insert(words.end(), {"--conserve", "work", "--work-from", studio.at("w.h5")});
  check_failure(words, data, "test.h5' has no train split to choose the target");
  test::generate(test::small_springs(), studio.at("spring.h5"));
  check_failure({"evaluate", studio.at("v.h5"), studio.at("spring.h5")}, data,
                "spring.h5' holds trajectories");
  studio.film("train.h5", {{"train_share", "1"}, {"valid_share", "0"}});
  check_failure({"evaluate", studio.at("v.h5"), studio.at("train.h5")}, data,
                "train.h5' has no test split to predict");
  studio.film("large.h5", {{"render_size", "64"}});
  check_failure({"evaluate", studio.at("v.h5"), studio.at("large.h5")}, data,
                "v.h5' predicts frames of 16 x 16 px, but of '");
}
