#include "bench/data/video_task.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using bench::ClipOptions;
using bench::load_video_task;
using dataset::Layout;

namespace {

// Ten episodes of 21 frames of 8 x 8; 8 are of train, 1 each of valid and test.
struct ClipsFixture {
  ClipsFixture() {
    test::generate(test::small_episodes({{"n", "10"}, {"policy", "wandering"}}), folder / "a.h5");
  }

  // what is said of the file as `change` leaves it
  template <class Change>
  std::string refusal(Change change, const ClipOptions& options = {.frames = 6}) const {
    test::rewrite(folder / "a.h5", folder / "b.h5", change);
    const auto message =
        test::message_of<base::DataError>([&] { load_video_task(folder / "b.h5", options); });
    const std::string start = "'" + (folder / "b.h5").string() + "'";
    return message.starts_with(start) ? message.substr(start.size()) : message;
  }

  test::TempFolder folder;
};

}  // namespace

TEST_CASE_METHOD(ClipsFixture, "clips are the first frames, actions and states of the episodes",
                 "[bench][clips]") {
  const auto clips = load_video_task(folder / "a.h5", {.frames = 6});
  const dataset::DatasetFile file(folder / "a.h5");
  CHECK(clips.source == (folder / "a.h5").string());
  CHECK(clips.content_sha256 == file.text("content_sha256"));
  CHECK(clips.dt == 0.05);
  CHECK((clips.episodes == 10 && clips.frames == 6 && clips.action_size == 1));
  CHECK((clips.channels == 1 && clips.height == 4 && clips.width == 4));
  CHECK(clips.pixels.size() == 10 * 6 * 16);
  CHECK(clips.train == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(clips.valid == std::vector<std::int64_t>{8});
  CHECK(clips.test == std::vector<std::int64_t>{9});
  const auto states = file.rows<double>("episodes/state", 3, 1);
  CHECK(std::equal(states.begin(), states.begin() + 12, clips.states.begin() + 3 * 12));
  const auto actions = file.rows<float>("episodes/actions", 3, 1);
  for (std::size_t t = 0; t < 5; ++t) CHECK(clips.actions[15 + t] == actions[t] / 2);
}

TEST_CASE_METHOD(ClipsFixture, "a batch holds the view of the frames, time by time",
                 "[bench][clips]") {
  const dataset::DatasetFile file(folder / "a.h5");
  const auto clips =
      load_video_task(file, {.frames = 5, .view = {.crop = 1, .channels = bench::Channels::rgb}});
  const std::vector<std::int64_t> chosen{7, 2, 7};
  const auto batch = bench::clip_batch(clips, chosen, clips.frames);
  REQUIRE(batch.frames.size() == 5);
  CHECK(batch.actions.shape() == learn::Shape{3, 4, 1});
  int coloured = 0;
  for (std::size_t t = 0; t < 5; ++t) {
    REQUIRE(batch.frames[t].shape() == learn::Shape{3, 3, 8, 8});
    const auto values = batch.frames[t].data<float>();
    for (std::size_t i = 0; i < 3; ++i) {
      const auto stored = file.rows<std::uint8_t>("episodes/observations/pixels", chosen[i], 1);
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t p = 0; p < 64; ++p) {
          const std::uint8_t byte = stored[(t * 64 + p) * 3 + c];
          CHECK(values[(i * 3 + c) * 64 + p] == static_cast<float>(byte) / 255.0F);
          coloured += byte == 255 ? 0 : 1;
        }
      }
    }
  }
  CHECK(coloured > 0);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto actions = file.rows<float>("episodes/actions", chosen[i], 1);
    for (std::size_t t = 0; t < 4; ++t)
      CHECK(batch.actions.data<float>()[4 * i + t] == actions[t] / 2);
  }
}

TEST_CASE("clips of a film that nothing drives have actions of 0, and are seen grey or in color",
          "[bench][clips]") {
  const test::TempFolder folder;
  test::generate(test::small_films(), folder / "color.h5");
  test::generate(test::small_films({{"channels", "1"}}), folder / "grey.h5");
  const auto seen = [&](const char* name, bench::Channels channels) {
    return load_video_task(folder / name, {.frames = 4, .view = {.crop = 1, .channels = channels}});
  };
  const auto grey = seen("color.h5", bench::Channels::grey);
  CHECK((grey.channels == 1 && grey.action_size == 1 && grey.system == "two-body"));
  CHECK(grey.actions == std::vector<float>(9, 0.0F));
  CHECK(grey.states.empty());
  CHECK(grey.pixels.size() == 3 * 4 * 64);
  CHECK(grey.pixels == seen("grey.h5", bench::Channels::grey).pixels);
  CHECK(std::ranges::count(grey.pixels, 255) < std::ssize(grey.pixels));
  CHECK(seen("color.h5", bench::Channels::rgb).pixels.size() == 3 * grey.pixels.size());
  const auto message =
      test::message_of<base::DataError>([&] { seen("grey.h5", bench::Channels::rod); });
  CHECK(
      message.ends_with("channels = rod sees the rod of the pixel pendulum; a film of two-body "
                        "takes channels = grey or rgb"));
}

TEST_CASE_METHOD(ClipsFixture, "a batch is averaged as its view says", "[bench][clips]") {
  const auto fine = load_video_task(folder / "a.h5", {.frames = 3});
  const auto coarse = load_video_task(folder / "a.h5", {.frames = 3, .view = {.average = 2}});
  CHECK((coarse.height == 2 && coarse.width == 2));
  const std::vector<std::int64_t> one{4};
  const auto large = bench::clip_batch(fine, one, fine.frames).frames[2].to_vector();
  const auto small = bench::clip_batch(coarse, one, coarse.frames).frames[2].to_vector();
  double sum = 0;
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t column = 0; column < 2; ++column) {
      const std::size_t at = 8 * row + 2 * column;
      const double mean = (large[at] + large[at + 1] + large[at + 4] + large[at + 5]) / 4;
      CHECK(small[2 * row + column] == Approx(mean).margin(1e-7));  // float32
      sum += mean;
    }
  }
  CHECK(sum > 0);
}

TEST_CASE_METHOD(ClipsFixture, "actions beyond the largest torque are clipped, as the motion does",
                 "[bench][clips]") {
  test::rewrite(folder / "a.h5", folder / "b.h5", [](Layout& layout) {
    test::set_element(test::array_of(layout, "episodes/actions"), 0, 7.0F);
    test::set_element(test::array_of(layout, "episodes/actions"), 1, -3.0F);
    test::set_element(test::array_of(layout, "episodes/actions"), 2, 0.5F);
  });
  const auto clips = load_video_task(folder / "b.h5", {.frames = 6});
  CHECK(clips.actions[0] == 1);
  CHECK(clips.actions[1] == -1);
  CHECK(clips.actions[2] == 0.25F);
}

TEST_CASE_METHOD(ClipsFixture, "reading tells how far it is", "[bench][clips]") {
  std::vector<std::int64_t> told;
  load_video_task(folder / "a.h5",
                  {.frames = 6, .on_progress = [&](std::int64_t done, std::int64_t n) {
                     CHECK(n == 10);
                     told.push_back(done);
                   }});
  CHECK(told == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE_METHOD(ClipsFixture, "frames that the view cannot cut are refused with their size",
                 "[bench][clips]") {
  const auto same = [](Layout&) {};
  CHECK(refusal(same).empty());
  CHECK(refusal(same, {.frames = 6, .view = {.average = 3}}) ==
        ": its frames are 8 x 8 px; to take the middle 1/2 of them, averaged over 3 x 3 px, both "
        "must be multiples of 12");
  CHECK_THROWS_AS(load_video_task(folder / "a.h5", {.frames = 6, .view = {.crop = 0}}),
                  base::UsageError);
  CHECK_THROWS_AS(load_video_task(folder / "a.h5", {.frames = 1}), base::UsageError);
}

TEST_CASE_METHOD(ClipsFixture, "grey frames and missing actions are refused", "[bench][clips]") {
  const auto grey = [](Layout& layout) {
    auto& pixels = test::array_of(layout, "episodes/observations/pixels");
    pixels.shape.back() = 1;
    pixels.content.resize(pixels.content.size() / 3);
  };
  CHECK_THAT(refusal(grey), Catch::StartsWith(": 'episodes/observations/pixels' has shape") &&
                                Catch::Contains("axis 4 does not agree with the 3"));
  const auto no_actions = [](Layout& layout) {
    std::erase_if(layout.arrays, [](const auto& a) { return a.path == "episodes/actions"; });
  };
  CHECK(refusal(no_actions) == ": the array 'episodes/actions' is missing");
  const auto no_limit = [](Layout& layout) {
    std::erase_if(layout.attributes, [](const auto& a) { return a.name == "max_torque"; });
  };
  CHECK(refusal(no_limit) == " has no attribute 'max_torque'");
  const auto no_torque = [](Layout& layout) { test::attribute_of(layout, "max_torque") = 0.0; };
  CHECK(refusal(no_torque) == ": the attribute 'max_torque' is 0; a positive number was expected");
}

TEST_CASE_METHOD(ClipsFixture, "a number that is not finite is refused, but beyond the clips",
                 "[bench][clips]") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const auto action = [&](std::size_t episode, std::size_t step) {
    return [=](Layout& layout) {
      test::set_element(test::array_of(layout, "episodes/actions"), 20 * episode + step, nan);
    };
  };
  CHECK(refusal(action(2, 4)) ==
        ": 'episodes/actions' holds a number that is not finite in episode 2 at time index 4");
  CHECK(refusal(action(2, 5)).empty());  // the action after the sixth frame
  const auto state = [](Layout& layout) {
    test::set_element(test::array_of(layout, "episodes/state"), 2 * (21 * 9 + 3) + 1, HUGE_VAL);
  };
  CHECK(refusal(state) ==
        ": 'episodes/state' holds a number that is not finite in episode 9 at time index 3");
}

TEST_CASE_METHOD(ClipsFixture, "episodes shorter than a clip are refused", "[bench][clips]") {
  CHECK(refusal([](Layout&) {}, {.frames = 21}).empty());
  CHECK(refusal([](Layout&) {}, {.frames = 22}) ==
        ": its episodes have 21 frames, a clip takes 22");
  const auto ended = [](Layout& layout) {
    test::set_element(test::array_of(layout, "episodes/length"), 5, std::int64_t{4});
  };
  CHECK(refusal(ended, {.frames = 5}).empty());
  CHECK(refusal(ended) == ": episode 5 has 5 frames, a clip takes 6");
}

TEST_CASE_METHOD(ClipsFixture, "splits must name episodes, and training needs some",
                 "[bench][clips]") {
  const auto beyond = [](Layout& layout) {
    test::set_element(test::array_of(layout, "splits/test"), 0, std::int64_t{10});
  };
  CHECK(refusal(beyond) == ": 'splits/test' holds the index 10, which must lie in [0, 10)");
  test::generate(test::small_episodes({{"train_share", "0"}}), folder / "test.h5");
  const auto clips = load_video_task(folder / "test.h5", {.frames = 6});
  CHECK(clips.test.size() == 3);
  CHECK(test::message_of<base::DataError>([&] {
          check_train_split(clips);
        }).ends_with("test.h5' has no train split to learn from"));
  CHECK_NOTHROW(check_train_split(load_video_task(folder / "a.h5", {.frames = 6})));
  const std::vector<std::int64_t> other{3};
  CHECK_THROWS_AS(bench::clip_batch(clips, other, clips.frames), base::UsageError);
}

TEST_CASE("trajectories are no clips", "[bench][clips]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  CHECK(test::message_of<base::DataError>([&] { load_video_task(folder / "a.h5"); })
            .ends_with("a.h5' holds trajectories, schema 'noether/trajectories'; "
                       "'noether/episodes' was expected"));
}
