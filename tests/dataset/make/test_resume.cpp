#include "tests/dataset/make/unfinished_run.h"

#include <cstring>
#include <limits>

namespace noether::test {

TEST_CASE("an interruption at any piece, resumed, gives the bytes of an unbroken run",
          "[dataset][resume]") {
  const TempFolder folder;
  // frames of 500 px come in pieces of sixteen
  const auto large_film =
      recipe_of("spring", {{"n", "2"}, {"steps", "18"}, {"frames", "500"}, {"channels", "1"}});
  REQUIRE(large_film.pieces() == 4);
  for (const auto& recipe : {small_springs(), long_springs(), small_episodes(), large_film}) {
    const std::string expected = whole_bytes(recipe, folder);
    for (std::int64_t piece = 0; piece < recipe.pieces(); ++piece) {
      leave_unfinished(recipe, piece, folder / "a.h5");
      CHECK(dataset::generate(recipe, folder / "a.h5", resume) == Outcome::resumed);
      CHECK(read_bytes(folder / "a.h5") == expected);
      CHECK_FALSE(fs::exists(dataset::partial_path(folder / "a.h5")));
      fs::remove(folder / "a.h5");
    }
    fs::remove(folder / "whole.h5");
  }
}

TEST_CASE("resuming makes only the blocks that are missing", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(small_springs(), 3, folder / "a.h5");
  std::atomic<int> made = 0;
  dataset::generate(counted(small_springs(), made), folder / "a.h5", resume);
  CHECK(made == 2);
}

TEST_CASE("resuming where nothing was begun generates", "[dataset][resume]") {
  const TempFolder folder;
  CHECK(dataset::generate(small_springs(), folder / "a.h5", resume) == Outcome::generated);
}

TEST_CASE("resuming what is complete changes nothing", "[dataset][resume]") {
  const TempFolder folder;
  generate(small_springs(), folder / "a.h5");
  const std::string bytes = read_bytes(folder / "a.h5");
  CHECK(dataset::generate(small_springs(), folder / "a.h5", resume) == Outcome::already_complete);
  CHECK(read_bytes(folder / "a.h5") == bytes);
}

TEST_CASE("resuming another configuration is refused with the keys that differ",
          "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(small_springs(), 2, folder / "a.h5");
  const auto message =
      refusal<base::UsageError>(small_springs({{"seed", "7"}}), folder / "a.h5", resume);
  CHECK_THAT(message, Catch::Contains("a.h5.partial' was begun with another configuration (seed: 0 "
                                      "there, 7 here)"));
  CHECK(dataset::generate(small_springs(), folder / "a.h5", resume) == Outcome::resumed);
}

TEST_CASE("resuming a complete file of another configuration is refused", "[dataset][resume]") {
  const TempFolder folder;
  generate(small_springs(), folder / "a.h5");
  const std::string bytes = read_bytes(folder / "a.h5");
  const auto other = small_springs({{"seed", "7"}});
  CHECK_THAT(refusal<base::UsageError>(other, folder / "a.h5", resume),
             Catch::Contains("is complete, but of another configuration"));
  CHECK(read_bytes(folder / "a.h5") == bytes);
}

TEST_CASE("a file that exists is kept unless it may be overwritten", "[dataset][resume]") {
  const TempFolder folder;
  write_bytes(folder / "a.h5", "notes");
  CHECK_THAT(refusal<base::DataError>(small_springs(), folder / "a.h5"),
             Catch::EndsWith("a.h5' exists: --overwrite replaces it"));
  CHECK(read_bytes(folder / "a.h5") == "notes");
  dataset::generate(small_springs(), folder / "a.h5", {.overwrite = true});
  CHECK(read_bytes(folder / "a.h5") == whole_bytes(small_springs(), folder));
}

TEST_CASE("what an unfinished run left is kept unless a flag says what to do with it",
          "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(small_springs(), 2, folder / "a.h5");
  const std::string left = read_bytes(dataset::partial_path(folder / "a.h5"));
  CHECK_THAT(refusal<base::DataError>(small_springs(), folder / "a.h5"),
             Catch::Contains("a.h5.partial' was left by an unfinished run"));
  CHECK(read_bytes(dataset::partial_path(folder / "a.h5")) == left);
  CHECK(dataset::generate(small_springs(), folder / "a.h5", {.overwrite = true}) ==
        Outcome::generated);
}

TEST_CASE("an interrupted run that was to replace a file is continued with both flags",
          "[dataset][resume]") {
  const TempFolder folder;
  generate(small_springs({{"seed", "9"}}), folder / "a.h5");
  const std::string expected = whole_bytes(small_springs(), folder);
  REQUIRE_THROWS_AS(
      dataset::generate(interrupted_at(small_springs(), 4), folder / "a.h5", {.overwrite = true}),
      base::Interrupted);
  CHECK(dataset::generate(small_springs(), folder / "a.h5", {.overwrite = true, .resume = true}) ==
        Outcome::resumed);
  CHECK(read_bytes(folder / "a.h5") == expected);
}

TEST_CASE("numbers that are not finite end the run instead of being written",
          "[dataset][generate]") {
  const TempFolder folder;
  Recipe recipe = small_springs();
  recipe.make = [make = recipe.make](std::int64_t first, std::int64_t count, std::int64_t piece) {
    auto columns = make(first, count, piece);
    const double infinity = std::numeric_limits<double>::infinity();
    std::memcpy(columns[1].data(), &infinity, sizeof infinity);
    return columns;
  };
  CHECK_THROWS_WITH(dataset::generate(recipe, folder / "a.h5", {.jobs = 1}),
                    "'trajectories/observation' is not finite in samples 0 to 1");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a numerical failure, which would come again, leaves nothing to resume",
          "[dataset][resume]") {
  const TempFolder folder;
  Recipe recipe = small_springs();
  recipe.make = [make = recipe.make](std::int64_t first, std::int64_t count, std::int64_t piece) {
    if (first == 6) throw base::NumericalError("trajectory 6: diverged");
    return make(first, count, piece);
  };
  CHECK(refusal<base::NumericalError>(recipe, folder / "a.h5") == "trajectory 6: diverged");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a folder that is missing or no folder is refused", "[dataset][resume]") {
  const TempFolder folder;
  write_bytes(folder / "file", "notes");
  const auto springs = small_springs();
  CHECK_THAT(refusal<base::DataError>(springs, folder / "none/a.h5"),
             Catch::EndsWith("none' does not exist"));
  CHECK_THAT(refusal<base::DataError>(springs, folder / "file/a.h5"),
             Catch::EndsWith("file' is not a folder"));
  CHECK_THAT(refusal<base::DataError>(springs, folder.path()), Catch::EndsWith("' is a folder"));
}

}  // namespace noether::test
