#include "dataset/make/generate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "dataset/exchange/validate.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::DatasetFile;
using dataset::Outcome;
using dataset::Recipe;

namespace {

std::string bytes_with_jobs(const Recipe& recipe, int jobs, const std::filesystem::path& path) {
  dataset::generate(recipe, path, {.jobs = jobs, .overwrite = true});
  return test::read_bytes(path);
}

void check_same_for_any_jobs(const Recipe& recipe) {
  const test::TempFolder folder;
  const std::string one = bytes_with_jobs(recipe, 1, folder / "one.h5");
  REQUIRE(one.size() > 4096);
  CHECK(bytes_with_jobs(recipe, 2, folder / "two.h5") == one);
  CHECK(bytes_with_jobs(recipe, 5, folder / "five.h5") == one);
}

// rows [0, count) of an array
template <class T>
std::vector<T> first_rows(const std::filesystem::path& path, const std::string& array,
                          std::int64_t count) {
  return DatasetFile(path).rows<T>(array, 0, count);
}

bool same(const dataset::Attribute& a, const dataset::Attribute& b) {
  return a.name == b.name && a.value == b.value;
}

// the file at `path` and the dataset in memory, in all that they hold
void check_same_content(const std::filesystem::path& path, const DatasetFile& memory) {
  const dataset::Layout there = test::read_layout(path);
  const dataset::Layout here = test::read_layout(memory.h5());
  CHECK(std::ranges::equal(there.attributes, here.attributes, same));
  REQUIRE(there.arrays.size() == here.arrays.size());
  for (std::size_t k = 0; k < there.arrays.size(); ++k) {
    const auto& [stored, made] = std::pair(there.arrays[k], here.arrays[k]);
    INFO(stored.path);
    CHECK(stored.path == made.path);
    CHECK(stored.type == made.type);
    CHECK(stored.shape == made.shape);
    CHECK(stored.content == made.content);
    CHECK(stored.text == made.text);
    CHECK(std::ranges::equal(stored.attributes, made.attributes, same));
  }
}

}  // namespace

TEST_CASE("a dataset in memory is its file bit for bit, and writes nothing",
          "[dataset][generate]") {
  for (const Recipe& recipe : {test::small_springs(), test::small_episodes()}) {
    const test::TempFolder folder;
    const auto memory = dataset::generate_in_memory(recipe, folder / "memory.h5");
    CHECK(std::filesystem::is_empty(folder.path()));
    test::generate(recipe, folder / "file.h5");
    check_same_content(folder / "file.h5", memory);
    CHECK(memory.text("content_sha256") == DatasetFile(folder / "file.h5").text("content_sha256"));
    CHECK(memory.samples() == recipe.samples);
  }
}

TEST_CASE("datasets in memory may share a name", "[dataset][generate]") {
  const auto a = dataset::generate_in_memory(test::small_springs(), "memory");
  const auto b = dataset::generate_in_memory(test::small_springs({{"noise_std", "0.5"}}), "memory");
  CHECK(a.samples() == b.samples());
  CHECK(a.text("content_sha256") != b.text("content_sha256"));
}

TEST_CASE("the number of threads changes no byte of a trajectory file", "[dataset][generate]") {
  check_same_for_any_jobs(test::small_springs());
}

TEST_CASE("the number of threads changes no byte of a video file", "[dataset][generate]") {
  check_same_for_any_jobs(test::small_episodes());
}

TEST_CASE("a run in another second gives the same bytes", "[dataset][generate][slow]") {
  const test::TempFolder folder;
  const auto springs = bytes_with_jobs(test::small_springs(), 2, folder / "s.h5");
  const auto episodes = bytes_with_jobs(test::small_episodes(), 2, folder / "e.h5");
  // HDF5 keeps times in seconds
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  CHECK(bytes_with_jobs(test::small_springs(), 2, folder / "s.h5") == springs);
  CHECK(bytes_with_jobs(test::small_episodes(), 2, folder / "e.h5") == episodes);
}

TEST_CASE("another seed gives other trajectories", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "0.h5");
  test::generate(test::small_springs({{"seed", "1"}}), folder / "1.h5");
  CHECK(first_rows<double>(folder / "0.h5", "trajectories/state", 10) !=
        first_rows<double>(folder / "1.h5", "trajectories/state", 10));
}

TEST_CASE("the first trajectories are the same however many follow", "[dataset][generate]") {
  const test::TempFolder folder;
  // whatever the method packs together, and blocks as they really are
  for (const std::string system : {"spring", "pendulum", "two-body"}) {
    test::generate(test::recipe_of(system, {{"n", "3"}, {"steps", "5"}}), folder / (system + "3"));
    test::generate(test::recipe_of(system, {{"n", "11"}, {"steps", "5"}}),
                   folder / (system + "11"));
    for (const std::string array :
         {"state", "observation", "dstate_dt", "initial_state", "invariants/energy"}) {
      INFO(system << " " << array);
      const std::string path = "trajectories/" + array;
      CHECK(first_rows<double>(folder / (system + "3"), path, 3) ==
            first_rows<double>(folder / (system + "11"), path, 3));
    }
  }
}

TEST_CASE("the first episodes are the same however many follow", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes({{"n", "2"}}), folder / "2.h5");
  test::generate(test::small_episodes({{"n", "4"}}), folder / "4.h5");
  CHECK(first_rows<double>(folder / "2.h5", "episodes/state", 2) ==
        first_rows<double>(folder / "4.h5", "episodes/state", 2));
  CHECK(first_rows<float>(folder / "2.h5", "episodes/actions", 2) ==
        first_rows<float>(folder / "4.h5", "episodes/actions", 2));
  CHECK(first_rows<std::uint8_t>(folder / "2.h5", "episodes/observations/pixels", 2) ==
        first_rows<std::uint8_t>(folder / "4.h5", "episodes/observations/pixels", 2));
}

TEST_CASE("a start speed changes the speeds of the starts, and the file states it",
          "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes(), folder / "slow.h5");
  test::generate(test::small_episodes({{"start_speed", "4"}, {"policy", "wandering"}}),
                 folder / "fast.h5");
  const DatasetFile fast(folder / "fast.h5");
  const auto slow_states = first_rows<double>(folder / "slow.h5", "episodes/state", 3);
  const auto fast_states = fast.rows<double>("episodes/state", 0, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(fast_states[42 * i] == slow_states[42 * i]);
    CHECK(fast_states[42 * i + 1] == 4 * slow_states[42 * i + 1]);
  }
  CHECK(fast.text("command_line") ==
        "noether generate pixel-pendulum --n 3 --steps 20 --seed 0 --set policy=wandering "
        "--set render_size=8 --set start_speed=4.0");
  CHECK(fast.h5().read_text("episodes/policy") == std::vector<std::string>(3, "wandering"));
  for (const auto& check : dataset::validate(folder / "fast.h5", {.replay = -1}))
    CHECK(check.violations.empty());
}

TEST_CASE("a video file from before there was a start speed is replayed", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes(), folder / "new.h5");
  test::rewrite(folder / "new.h5", folder / "old.h5", [](dataset::Layout& layout) {
    std::string& config = test::array_of(layout, "provenance/config").text.front();
    const std::string line = "start_speed = 1.0\n";
    const auto at = config.find(line);
    REQUIRE(at != std::string::npos);
    config.erase(at, line.size());
  });
  for (const auto& check : dataset::validate(folder / "old.h5", {.replay = -1})) {
    INFO(check.name);
    CHECK(check.violations.empty());
  }
}

TEST_CASE("what was generated is valid to the last block, for every dataset",
          "[dataset][generate]") {
  for (const auto& spec : dataset::all_datasets()) {
    const test::TempFolder folder;
    INFO(spec.name);
    dataset::Overrides overrides{{"n", "5"}, {"steps", "6"}};
    if (spec.schema == dataset::episodes_schema) overrides["render_size"] = "8";
    test::generate(test::recipe_of(spec.name, overrides), folder / "a.h5");
    for (const auto& check : dataset::validate(folder / "a.h5", {.replay = -1, .jobs = 2})) {
      INFO(check.name);
      CHECK(check.violations.empty());
    }
  }
}

TEST_CASE("splits hold each sample once, in the shares asked for", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_springs({{"train_share", "0.6"}, {"valid_share", "0.1"}}),
                 folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  CHECK(file.read<std::int64_t>("splits/train") == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
  CHECK(file.read<std::int64_t>("splits/valid") == std::vector<std::int64_t>{6});
  CHECK(file.read<std::int64_t>("splits/test") == std::vector<std::int64_t>{7, 8, 9});
}

TEST_CASE("of a video file only time and frames have a CLASS", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes(), folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  for (const auto& array : file.h5().array_paths()) {
    INFO(array);
    const std::string expected = array == "dimensions/time"               ? "DIMENSION_SCALE"
                                 : array.ends_with("observations/pixels") ? "IMAGE"
                                                                          : "";
    CHECK(file.h5().text_attribute(array, "CLASS") == expected);
  }
}

TEST_CASE("nothing but the file is left beside it", "[dataset][generate]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    names.push_back(entry.path().filename());
  CHECK(names == std::vector<std::string>{"a.h5"});
}

TEST_CASE("progress runs to the last block", "[dataset][generate]") {
  const test::TempFolder folder;
  std::vector<std::string> told;
  dataset::generate(test::small_springs(), folder / "a.h5",
                    {.jobs = 2, .on_progress = [&](const char* phase, auto done, auto total) {
                       told.push_back(std::string(phase) + " " + std::to_string(done) + "/" +
                                      std::to_string(total));
                     }});
  REQUIRE(told.size() == 5);
  CHECK(told.front() == "generating 1/5");
  CHECK(told.back() == "generating 5/5");
}

TEST_CASE("the estimate of bytes is near the size of the file", "[dataset][generate]") {
  const test::TempFolder folder;
  const auto recipe = test::recipe_of("spring", {{"n", "2000"}});
  test::generate(recipe, folder / "a.h5");
  const auto size = static_cast<double>(std::filesystem::file_size(folder / "a.h5"));
  // the file adds metadata, and partial chunks are stored whole
  CHECK(dataset::estimate(recipe, 1).bytes == Approx(size).epsilon(0.3));
}
