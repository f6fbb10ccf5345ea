#include "dataset/make/rollout.h"

#include <catch2/catch.hpp>

#include "dataset/exchange/validate.h"
#include "dataset/store/dataset_file.h"
#include "sim/integrator.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::DatasetFile;
using test::Doubles;

namespace {

const Doubles starts{0.5, 0.1, 1.0, -0.5, -0.3, 0.9};
const Doubles uneven_times{0, 0.1, 0.5, 2};

void write_starts(const std::filesystem::path& path) {
  test::write_foreign(path, {{"initial_state", {3, 2}, starts}, {"time", {4}, uneven_times}});
}

void rollout(const std::string& system, const std::filesystem::path& input,
             const std::filesystem::path& output, const dataset::Overrides& overrides = {}) {
  test::generate(dataset::rollout_recipe(system, input, overrides), output);
}

bool is_valid(const std::filesystem::path& path) {
  return dataset::violation_count(dataset::validate(path, {.replay = -1, .jobs = 1})) == 0;
}

// the starts and actions of a generated file, as a user would give them
void write_played(const DatasetFile& file, const std::filesystem::path& path) {
  const auto shape = file.h5().describe("episodes/state").shape;
  const auto states = file.read<double>("episodes/state");
  const auto row = static_cast<std::size_t>(shape[1] * 2);
  Doubles first;
  for (std::size_t e = 0; e < static_cast<std::size_t>(shape[0]); ++e)
    first.insert(first.end(), {states[e * row], states[e * row + 1]});
  const auto episodes = static_cast<hsize_t>(shape[0]);
  const auto steps = static_cast<hsize_t>(shape[1] - 1);
  test::write_foreign(path,
                      {{"initial_state", {episodes, 2}, first},
                       {"actions", {episodes, steps, 1}, file.read<float>("episodes/actions")}});
}

}  // namespace

TEST_CASE("a rollout starts where it is told and reports the times it was given",
          "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  rollout("pendulum", folder / "in.h5", folder / "out.h5");
  const DatasetFile file(folder / "out.h5");
  CHECK(file.read<double>("trajectories/initial_state") == starts);
  CHECK(file.read<double>("dimensions/time") == uneven_times);
  const auto state = file.read<double>("trajectories/state");
  for (std::size_t i = 0; i < 3; ++i) CHECK(state[i * 8] == starts[2 * i]);
}

TEST_CASE("a rollout is what the integrator gives from the same starts", "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  rollout("pendulum", folder / "in.h5", folder / "out.h5", {{"integrator", "rkf78"}});
  const auto& system = sim::find_system("pendulum");
  const auto expected =
      sim::integrate_many(system, sim::default_values(system.constants), starts, uneven_times, {});
  CHECK(DatasetFile(folder / "out.h5").read<double>("trajectories/state") == expected);
}

TEST_CASE("rolling out a dataset's own starts gives its trajectories", "[dataset][rollout]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "springs.h5");
  const DatasetFile made(folder / "springs.h5");
  test::write_foreign(folder / "in.h5",
                      {{"initial_state", {10, 2}, made.read<double>("trajectories/initial_state")},
                       {"time", {5}, made.read<double>("dimensions/time")}});
  rollout("spring", folder / "in.h5", folder / "out.h5");
  CHECK(DatasetFile(folder / "out.h5").read<double>("trajectories/state") ==
        made.read<double>("trajectories/state"));
}

TEST_CASE("a rollout is noise-free unless noise is asked for", "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  const auto has_noise = [&](const dataset::Overrides& overrides) {
    std::filesystem::remove(folder / "out.h5");
    rollout("spring", folder / "in.h5", folder / "out.h5", overrides);
    const DatasetFile file(folder / "out.h5");
    return file.read<double>("trajectories/observation") != file.read<double>("trajectories/state");
  };
  CHECK_FALSE(has_noise({}));
  CHECK(has_noise({{"noise_std", "0.1"}}));
}

TEST_CASE("constants of a rollout may be set", "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  const auto energy_lost = [&](const std::string& damping) {
    std::filesystem::remove(folder / "out.h5");
    rollout("damped-pendulum", folder / "in.h5", folder / "out.h5", {{"gamma", damping}});
    const auto energy =
        DatasetFile(folder / "out.h5").read<double>("trajectories/invariants/energy");
    return energy[0] - energy[3];
  };
  CHECK(energy_lost("0.5") > energy_lost("0.1"));
  CHECK(energy_lost("0.1") > 0);
}

TEST_CASE("a rollout validates, replay from its own starts included", "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  rollout("pendulum", folder / "in.h5", folder / "out.h5");
  CHECK(is_valid(folder / "out.h5"));
  // a start that is not the one of the trajectory is noticed
  test::rewrite(folder / "out.h5", folder / "changed.h5", [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "trajectories/initial_state"), 0, 0.25);
  });
  CHECK_FALSE(is_valid(folder / "changed.h5"));
}

TEST_CASE("a rollout whose starts were exchanged for others does not validate",
          "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  rollout("spring", folder / "in.h5", folder / "a.h5");
  test::write_foreign(folder / "in.h5", {{"initial_state", {3, 2}, Doubles{1, 2, 3, 4, 5, 6}},
                                         {"time", {4}, uneven_times}});
  rollout("spring", folder / "in.h5", folder / "b.h5");
  const auto config = DatasetFile(folder / "a.h5").h5().read_text("provenance/config");
  // all arrays agree with one another, but not with what the file says was given
  test::rewrite(folder / "b.h5", folder / "changed.h5", [&](dataset::Layout& layout) {
    test::array_of(layout, "provenance/config").text = config;
  });
  CHECK_FALSE(is_valid(folder / "changed.h5"));
}

TEST_CASE("playing an episode's own start and actions gives the episode, frames included",
          "[dataset][rollout]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes(), folder / "episodes.h5");
  const DatasetFile made(folder / "episodes.h5");
  write_played(made, folder / "in.h5");
  rollout("pixel-pendulum", folder / "in.h5", folder / "out.h5", {{"render_size", "8"}});
  const DatasetFile played(folder / "out.h5");
  CHECK(played.read<double>("episodes/state") == made.read<double>("episodes/state"));
  CHECK(played.read<double>("episodes/rewards") == made.read<double>("episodes/rewards"));
  CHECK(played.read<float>("episodes/observations/state") ==
        made.read<float>("episodes/observations/state"));
  CHECK(played.read<std::uint8_t>("episodes/observations/pixels") ==
        made.read<std::uint8_t>("episodes/observations/pixels"));
  CHECK(played.h5().read_text("episodes/policy") == std::vector<std::string>(3, "given"));
  CHECK(is_valid(folder / "out.h5"));
}

TEST_CASE("a rollout does not depend on where its input lies", "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "a.h5");
  write_starts(folder / "b.h5");
  rollout("spring", folder / "a.h5", folder / "out_a.h5");
  rollout("spring", folder / "b.h5", folder / "out_b.h5");
  CHECK(test::read_bytes(folder / "out_a.h5") == test::read_bytes(folder / "out_b.h5"));
}

TEST_CASE("a dataset that a rollout made can be resumed and is then complete",
          "[dataset][rollout]") {
  const test::TempFolder folder;
  write_starts(folder / "in.h5");
  rollout("spring", folder / "in.h5", folder / "out.h5");
  const auto recipe = dataset::rollout_recipe("spring", folder / "in.h5", {});
  CHECK(dataset::generate(recipe, folder / "out.h5", {.jobs = 1, .resume = true}) ==
        dataset::Outcome::already_complete);
}
