// Films of systems that nothing drives.

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "dataset/exchange/validate.h"
#include "dataset/make/kind.h"
#include "dataset/make/rollout.h"
#include "dataset/store/schema.h"
#include "render/films/scene.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether {
namespace {

using test::made;

using dataset::DatasetFile;
using dataset::Overrides;

std::string refusal(const std::string& name, const Overrides& overrides) {
  return test::message_of<base::UsageError>([&] { dataset::make_config(name, overrides); });
}

// A film with everything in it that is drawn.
Overrides lively(const std::string& n) {
  return {{"n", n},           {"frames", "16"},        {"steps", "6"},
          {"m1", "U(0.5,2)"}, {"colors", "drawn"},     {"background", "drawn"},
          {"tails", "2"},     {"camera_shift", "0.1"}, {"frame_noise", "4"}};
}

std::vector<std::uint8_t> pixels_of(const DatasetFile& file) {
  return file.read<std::uint8_t>(dataset::pixels_array);
}

}  // namespace

TEST_CASE("films of every system with a scene are whole, and say how they were made",
          "[dataset][film]") {
  const test::TempFolder folder;
  std::size_t filmed = 0;
  for (const auto& spec : dataset::all_datasets()) {
    if (render::known_scene(spec.name) == nullptr) continue;
    INFO(spec.name);
    const auto path = folder / (spec.name + ".h5");
    test::generate(test::recipe_of(spec.name, {{"n", "2"}, {"steps", "4"}, {"frames", "8"}}), path);
    const auto checks = dataset::validate(path, {.replay = -1});
    CHECK(dataset::violation_count(checks) == 0);
    CHECK(checks.back().what == "2 of 2 samples made anew");
    const DatasetFile file(path);
    CHECK(file.schema() == dataset::episodes_schema);
    CHECK(file.text("schema_version") == "1.1.0");
    CHECK(file.h5().describe(dataset::pixels_array).shape == dataset::Shape{2, 4, 8, 8, 3});
    CHECK_FALSE(file.has_actions());
    CHECK(dataset::kind_of(file).animation(file, 1).size() == 4);
    CHECK(dataset::kind_of(file).image(file, 0).width_px > 0);
    ++filmed;
  }
  CHECK(filmed >= 17);
}

TEST_CASE("a film has the states that its trajectories have without it", "[dataset][film]") {
  const std::pair<const char*, const char*> arrays[] = {
      {"trajectories/state", "episodes/state"},
      {"trajectories/observation", "episodes/observations/state"},
      {"trajectories/dstate_dt", "episodes/dstate_dt"},
      {"trajectories/initial_state", "episodes/initial_state"},
      {"trajectories/invariants/energy", "episodes/invariants/energy"}};
  // a pack of sixteen pendulums, one and a half of them; and bodies with drawn masses
  for (const std::string name : {"pendulum", "planets"}) {
    INFO(name);
    const Overrides plain{{"n", "24"}, {"steps", "5"}};
    Overrides filmed = plain;
    filmed["frames"] = "8";
    const DatasetFile states = made(name, plain), film = made(name, filmed);
    for (const auto& [there, here] : arrays)
      CHECK(states.read<double>(there) == film.read<double>(here));
    CHECK(states.read<std::int64_t>("splits/train") == film.read<std::int64_t>("splits/train"));
  }
}

TEST_CASE("the first films are the same for any number of them", "[dataset][film]") {
  const DatasetFile few = made("n-body-3", lively("3")), many = made("n-body-3", lively("7"));
  CHECK(pixels_of(few) == many.rows<std::uint8_t>(dataset::pixels_array, 0, 3));
  CHECK(few.read<double>("parameters/m1") == many.rows<double>("parameters/m1", 0, 3));
  CHECK(many.rows<std::uint8_t>(dataset::pixels_array, 0, 1) !=
        many.rows<std::uint8_t>(dataset::pixels_array, 1, 1));
}

TEST_CASE("the bytes of a film depend neither on jobs nor on where it was broken off",
          "[dataset][film]") {
  const test::TempFolder folder;
  const auto recipe = test::recipe_of("n-body-3", lively("6"));
  for (const int jobs : {1, 2})
    dataset::generate(recipe, folder / std::to_string(jobs), {.jobs = jobs});
  CHECK(test::read_bytes(folder / "1") == test::read_bytes(folder / "2"));
  CHECK(dataset::violation_count(dataset::validate(folder / "1", {})) == 0);
}

TEST_CASE("colors and the camera do not change the motion", "[dataset][film]") {
  const DatasetFile lively_film = made("n-body-3", lively("2"));
  Overrides plain = lively("2");
  for (const char* key : {"colors", "background", "tails", "camera_shift", "frame_noise"})
    plain.erase(key);
  const DatasetFile plain_film = made("n-body-3", plain);
  CHECK(lively_film.read<double>("episodes/state") == plain_film.read<double>("episodes/state"));
  CHECK(pixels_of(lively_film) != pixels_of(plain_film));
}

TEST_CASE("grey frames have one channel", "[dataset][film]") {
  const DatasetFile grey =
      made("spring", {{"n", "1"}, {"steps", "3"}, {"frames", "8"}, {"channels", "1"}});
  CHECK(grey.h5().describe(dataset::pixels_array).shape == dataset::Shape{1, 3, 8, 8, 1});
  CHECK(grey.h5().text_attribute(dataset::pixels_array, "channel_order") == "grey");
  const auto strip = dataset::kind_of(grey).image(grey, 0);
  CHECK(strip.width_px > 0);
}

TEST_CASE("the table of a film has its states and invariants, and no pixels", "[dataset][film]") {
  const DatasetFile film = made("spring", {{"n", "2"}, {"steps", "3"}, {"frames", "8"}});
  const auto table = dataset::kind_of(film).csv(film);
  CHECK(table.file == "episodes.csv");
  CHECK(table.contents == "all but the pixels");
  std::vector<std::string> names;
  for (const auto& columns : table.columns)
    names.insert(names.end(), columns.names.begin(), columns.names.end());
  CHECK(names == std::vector<std::string>{"q", "p", "q_obs", "p_obs", "dq_dt", "dp_dt", "energy"});
}

TEST_CASE("a file without a film does not speak of films", "[dataset][film]") {
  const DatasetFile plain = made("spring", {{"n", "2"}, {"steps", "3"}, {"frames", "0"}});
  CHECK(plain.schema() == dataset::trajectories_schema);
  CHECK(plain.h5().read_text("provenance/config").front().find("frames") == std::string::npos);
  const DatasetFile film = made("spring", {{"n", "2"}, {"steps", "3"}, {"frames", "8"}});
  CHECK(film.h5().read_text("provenance/config").front().find("frames = 8\n") != std::string::npos);
  CHECK(film.text("command_line") ==
        "noether generate spring --n 2 --steps 3 --seed 0 --set frames=8");
}

TEST_CASE("a rollout can be filmed, and is replayed from its own starts", "[dataset][film]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "in.h5", {{"initial_state", {2, 2}, test::Doubles{1, 0, 0, 0.5}},
                                         {"time", {3}, test::Doubles{0, 0.5, 0.7}}});
  const auto recipe = dataset::rollout_recipe("spring", folder / "in.h5", {{"frames", "8"}});
  test::generate(recipe, folder / "film.h5");
  const auto checks = dataset::validate(folder / "film.h5", {.replay = -1});
  CHECK(dataset::violation_count(checks) == 0);
  const DatasetFile file(folder / "film.h5");
  CHECK(file.read<double>("episodes/initial_state") == std::vector<double>{1, 0, 0, 0.5});
  CHECK(file.number("dt") == 0.35);
}

TEST_CASE("the starts of a rollout may be those of a film or of trajectories",
          "[dataset][film][rollout]") {
  const test::TempFolder folder;
  for (const char* frames : {"0", "8"}) {
    const auto given = test::recipe_of(
        "spring", {{"n", "2"}, {"steps", "3"}, {"frames", frames}, {"k", "U(1,3)"}});
    dataset::generate(given, folder / "in.h5", {.jobs = 1, .overwrite = true});
    const auto rolled =
        dataset::generate_in_memory(dataset::rollout_recipe("spring", folder / "in.h5", {}), "out");
    const DatasetFile starts(folder / "in.h5");
    for (const std::string array : {"/state", "/initial_state"}) {
      CHECK(rolled.read<double>("trajectories" + array) ==
            starts.read<double>(starts.group() + array));
    }
  }
}

TEST_CASE("films that cannot be are refused with one sentence", "[dataset][film]") {
  CHECK(refusal("lorenz", {{"frames", "64"}}) ==
        "frames: lorenz has no scene; these have one: spring, pendulum, damped-pendulum, "
        "double-pendulum, two-body, three-body, planets, n-body-N, kepler, henon-heiles, duffing, "
        "oscillator-2d, spring-ring, rigid-body, charged-particle and lennard-jones-N");
  CHECK(refusal("pixel-pendulum", {{"frames", "64"}}) ==
        "frames: pixel-pendulum is always filmed; render_size is the size of its frames");
  CHECK(refusal("spring", {{"render_size", "64"}}) ==
        "render_size: spring is filmed by frames, the size of its frames");
  CHECK(refusal("light-ray", {{"render_size", "64"}})
            .starts_with("render_size: light-ray has no scene; these have one: spring, "));
  CHECK(refusal("spring", {{"frames", "7"}}) == "frames = 7: must be 0 or lie in [8, 500] px");
  CHECK(refusal("spring", {{"frames", "501"}}) == "frames = 501: must lie in [0, 500]");
  CHECK(refusal("spring", {{"colors", "drawn"}}) == "colors = drawn: means nothing without frames");
  CHECK(
      refusal("spring", {{"frames", "8"}, {"channels", "2"}}).starts_with("unknown channels '2'"));
  CHECK(refusal("spring", {{"frames", "8"}, {"occluder", "1.5"}}) ==
        "occluder = 1.5: must lie in [0, 1]");
  CHECK(refusal("spring", {{"frames", "8"}, {"n", "1000001"}}) ==
        "n = 1000001: at most 1e+06 films can be made");
  CHECK(refusal("pendulum", {{"frames", "500"}, {"steps", "9000000"}}) ==
        "steps = 9000000: the states of 2.1 GiB that are made at a time are more than 256.0 MiB");
}

}  // namespace noether
