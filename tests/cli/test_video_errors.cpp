#include <catch2/catch.hpp>
#include <limits>

#include "tests/cli/film_studio.h"
#include "tests/support/dataset_copy.h"

using namespace noether;
using test::check_failure;
using test::FilmStudio;
using test::Words;

namespace {

constexpr int usage = 2, data = 3;

}  // namespace

TEST_CASE("the data decide whether states or frames are learned", "[cli][video]") {
  const FilmStudio studio;
  studio.check_refused({"--model", "mlp"}, usage,
                       "episodes.h5' holds episodes, and --model mlp learns from trajectories");
  test::generate(test::small_springs(), studio.at("spring.h5"));
  check_failure({"train", studio.at("spring.h5"), "-o", studio.at("m.h5"), "--model", "video"},
                usage, "spring.h5' holds trajectories, and --model video learns from episodes");
  studio.check_refused({"--widths", "5"}, usage, "train: unknown setting 'widths'");
  check_failure({"train", studio.at("spring.h5"), "-o", studio.at("m.h5"), "--preset", "ci"}, usage,
                "train: unknown setting 'preset'");
}

TEST_CASE("what is no film for a video predictor is refused in one sentence", "[cli][video]") {
  const FilmStudio studio;
  studio.check_refused({"--set", "horizon=9"}, data,
                       "episodes.h5': its episodes have 12 frames, a clip takes 13");
  studio.check_refused({"--set", "crop=3"}, data, "both must be multiples of 3");
  studio.check_refused({"--set", "average=4"}, data,
                       "takes frames of 8, 16, 32, ..., 1024 pixels a side, not 4");
  const auto refuse = [&](const auto& change, const std::string& sentence) {
    test::rewrite(studio.at("episodes.h5"), studio.at("bad.h5"), change);
    check_failure({"train", studio.at("bad.h5"), "-o", studio.at("new.h5"), "--set", "horizon=8"},
                  data, sentence);
  };
  refuse(
      [](dataset::Layout& layout) {
        auto& pixels = test::array_of(layout, "episodes/observations/pixels");
        pixels.shape.back() = 1;
        pixels.content.resize(pixels.content.size() / 3);
      },
      "'episodes/observations/pixels' has shape");
  refuse(
      [](dataset::Layout& layout) {
        std::erase_if(layout.arrays, [](const auto& a) { return a.path == "episodes/actions"; });
      },
      "the array 'episodes/actions' is missing");
  refuse(
      [](dataset::Layout& layout) {
        test::set_element(test::array_of(layout, "episodes/actions"), 5,
                          std::numeric_limits<float>::quiet_NaN());
      },
      "'episodes/actions' holds a number that is not finite in episode 0 at time index 5");
  studio.film("test.h5", {{"train_share", "0"}, {"valid_share", "0"}});
  check_failure({"train", studio.at("test.h5"), "-o", studio.at("new.h5"), "--set", "horizon=8"},
                data, "test.h5' has no train split to learn from");
}

TEST_CASE("a video predictor that does not fit is refused", "[cli][video]") {
  const FilmStudio studio;
  studio.make("v.h5");
  studio.film("large.h5", {{"render_size", "64"}});
  const Words from{"--from", studio.at("v.h5")};
  check_failure(
      {"train", studio.at("large.h5"), "-o", studio.at("new.h5"), "--from", studio.at("v.h5")},
      data, "v.h5' predicts frames of 16 x 16 px, but of '");
  studio.check_refused({"--from", studio.at("v.h5"), "--set", "code=5"}, usage,
                       "v.h5' has code = 4, not 5: leave it out");
  test::generate(test::small_springs(), studio.at("spring.h5"));
  check_failure(
      {"train", studio.at("spring.h5"), "-o", studio.at("m.h5"), "--from", studio.at("v.h5")}, data,
      "predicts frames, not states");
  REQUIRE(test::run({"train", studio.at("spring.h5"), "-o", studio.at("m.h5"), "--steps", "2"})
              .exit_code == 0);
  studio.check_refused({"--from", studio.at("m.h5")}, data, "predicts states, not frames");
}

TEST_CASE("what a video predictor cannot conserve is refused", "[cli][video]") {
  const FilmStudio studio;
  studio.check_refused({"--conserve", "work"}, usage, "--conserve work needs --from");
  studio.make("v.h5");
  studio.check_refused({"--from", studio.at("v.h5"), "--conserve", "energy"}, usage,
                       "--conserve 'energy': a video predictor conserves 'work'");
  studio.check_refused({"--set", "inner_share=0.2"}, usage, "inner_share needs --conserve work");
  studio.film("no_valid.h5", {{"valid_share", "0"}});
  check_failure({"train", studio.at("no_valid.h5"), "-o", studio.at("new.h5"), "--from",
                 studio.at("v.h5"), "--conserve", "work"},
                data, "no_valid.h5' has no valid split");
}
