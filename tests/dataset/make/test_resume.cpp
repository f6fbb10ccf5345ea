#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/output_file.h"
#include "dataset/make/generate.h"
#include "dataset/store/spool.h"
#include "dataset/store/writer.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
namespace fs = std::filesystem;
using dataset::Outcome;
using dataset::Recipe;

namespace {

// The recipe as it is when the user presses Ctrl-C in the middle of piece `stop`.
Recipe interrupted_at(Recipe recipe, std::int64_t stop) {
  recipe.make = [recipe, stop](std::int64_t first, std::int64_t count, std::int64_t piece) {
    if (first / recipe.samples_per_block * recipe.film.count + piece >= stop)
      throw base::Interrupted("interrupted");
    return recipe.make(first, count, piece);
  };
  return recipe;
}

// The same recipe, which counts the pieces that it makes.
Recipe counted(Recipe recipe, std::atomic<int>& made) {
  recipe.make = [&made, make = recipe.make](std::int64_t first, std::int64_t count,
                                            std::int64_t piece) {
    ++made;
    return make(first, count, piece);
  };
  return recipe;
}

void leave_unfinished(const Recipe& recipe, std::int64_t pieces, const fs::path& path) {
  REQUIRE_THROWS_AS(dataset::generate(interrupted_at(recipe, pieces), path, {.jobs = 2}),
                    base::Interrupted);
  REQUIRE_FALSE(fs::exists(path));
  REQUIRE(fs::exists(dataset::partial_path(path)));
}

std::string whole_bytes(const Recipe& recipe, const test::TempFolder& folder) {
  test::generate(recipe, folder / "whole.h5");
  return test::read_bytes(folder / "whole.h5");
}

// Springs whose chunks are large enough to lie in the file alone, not in its log.
Recipe long_springs() { return test::small_springs({{"steps", "150"}}); }

// what an attempt that should fail says
template <class E>
std::string refusal(const Recipe& recipe, const fs::path& path,
                    const dataset::GenerateOptions& options = {}) {
  return test::message_of<E>([&] { dataset::generate(recipe, path, options); });
}

const dataset::GenerateOptions resume{.jobs = 2, .resume = true};

}  // namespace

TEST_CASE("an interruption at any piece, resumed, gives the bytes of an unbroken run",
          "[dataset][resume]") {
  const test::TempFolder folder;
  // frames of 500 px come in pieces of sixteen
  const auto large_film = test::recipe_of(
      "spring", {{"n", "2"}, {"steps", "18"}, {"frames", "500"}, {"channels", "1"}});
  REQUIRE(large_film.pieces() == 4);
  for (const auto& recipe :
       {test::small_springs(), long_springs(), test::small_episodes(), large_film}) {
    const std::string expected = whole_bytes(recipe, folder);
    for (std::int64_t piece = 0; piece < recipe.pieces(); ++piece) {
      leave_unfinished(recipe, piece, folder / "a.h5");
      CHECK(dataset::generate(recipe, folder / "a.h5", resume) == Outcome::resumed);
      CHECK(test::read_bytes(folder / "a.h5") == expected);
      CHECK_FALSE(fs::exists(dataset::partial_path(folder / "a.h5")));
      fs::remove(folder / "a.h5");
    }
    fs::remove(folder / "whole.h5");
  }
}

TEST_CASE("resuming makes only the blocks that are missing", "[dataset][resume]") {
  const test::TempFolder folder;
  leave_unfinished(test::small_springs(), 3, folder / "a.h5");
  std::atomic<int> made = 0;
  dataset::generate(counted(test::small_springs(), made), folder / "a.h5", resume);
  CHECK(made == 2);
}

TEST_CASE("resuming where nothing was begun generates", "[dataset][resume]") {
  const test::TempFolder folder;
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5", resume) == Outcome::generated);
}

TEST_CASE("resuming what is complete changes nothing", "[dataset][resume]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const std::string bytes = test::read_bytes(folder / "a.h5");
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5", resume) ==
        Outcome::already_complete);
  CHECK(test::read_bytes(folder / "a.h5") == bytes);
}

TEST_CASE("resuming another configuration is refused with the keys that differ",
          "[dataset][resume]") {
  const test::TempFolder folder;
  leave_unfinished(test::small_springs(), 2, folder / "a.h5");
  const auto message =
      refusal<base::UsageError>(test::small_springs({{"seed", "7"}}), folder / "a.h5", resume);
  CHECK_THAT(message, Catch::Contains("a.h5.partial' was begun with another configuration (seed: 0 "
                                      "there, 7 here)"));
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5", resume) == Outcome::resumed);
}

TEST_CASE("resuming a complete file of another configuration is refused", "[dataset][resume]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const std::string bytes = test::read_bytes(folder / "a.h5");
  const auto other = test::small_springs({{"seed", "7"}});
  CHECK_THAT(refusal<base::UsageError>(other, folder / "a.h5", resume),
             Catch::Contains("is complete, but of another configuration"));
  CHECK(test::read_bytes(folder / "a.h5") == bytes);
}

TEST_CASE("a file that exists is kept unless it may be overwritten", "[dataset][resume]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.h5", "notes");
  CHECK_THAT(refusal<base::DataError>(test::small_springs(), folder / "a.h5"),
             Catch::EndsWith("a.h5' exists: --overwrite replaces it"));
  CHECK(test::read_bytes(folder / "a.h5") == "notes");
  dataset::generate(test::small_springs(), folder / "a.h5", {.overwrite = true});
  CHECK(test::read_bytes(folder / "a.h5") == whole_bytes(test::small_springs(), folder));
}

TEST_CASE("what a run left that was killed while it continued another does not matter",
          "[dataset][resume]") {
  const test::TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  for (const bool resumes : {true, false}) {
    leave_unfinished(long_springs(), 2, folder / "a.h5");
    test::write_bytes(folder / "a.h5.resuming", "half of a file");
    test::write_bytes(folder / "a.h5.partial.new", "half of a log");
    dataset::generate(long_springs(), folder / "a.h5", {.overwrite = !resumes, .resume = resumes});
    CHECK(test::read_bytes(folder / "a.h5") == expected);
    CHECK(test::names_in(folder.path()) == test::Names{"a.h5", "whole.h5"});
    fs::remove(folder / "a.h5");
  }
}

TEST_CASE("what an unfinished run left is kept unless a flag says what to do with it",
          "[dataset][resume]") {
  const test::TempFolder folder;
  leave_unfinished(test::small_springs(), 2, folder / "a.h5");
  const std::string left = test::read_bytes(dataset::partial_path(folder / "a.h5"));
  CHECK_THAT(refusal<base::DataError>(test::small_springs(), folder / "a.h5"),
             Catch::Contains("a.h5.partial' was left by an unfinished run"));
  CHECK(test::read_bytes(dataset::partial_path(folder / "a.h5")) == left);
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5", {.overwrite = true}) ==
        Outcome::generated);
}

TEST_CASE("an empty partial file, left before anything was begun, is no obstacle",
          "[dataset][resume]") {
  const test::TempFolder folder;
  for (const auto& options : {resume, dataset::GenerateOptions{}}) {
    test::write_bytes(folder / "a.h5.partial", "");
    CHECK(dataset::generate(test::small_springs(), folder / "a.h5", options) == Outcome::generated);
    fs::remove(folder / "a.h5");
  }
}

TEST_CASE("the log of another build is refused", "[dataset][resume]") {
  const test::TempFolder folder;
  const Recipe recipe = test::small_springs();
  {
    dataset::Spool old =
        dataset::Spool::create(folder / "a.h5.partial", recipe.config_toml + "# build {}\n");
    old.append(dataset::Bytes(100));
  }
  CHECK_THAT(refusal<base::UsageError>(recipe, folder / "a.h5", resume),
             Catch::Contains("was begun by another build of this program: use --overwrite"));
}

TEST_CASE("a partial file that is no log is refused", "[dataset][resume]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.h5.partial", "notes");
  CHECK_THAT(refusal<base::DataError>(test::small_springs(), folder / "a.h5", resume),
             Catch::EndsWith("is not the partial file of a generate command"));
}

TEST_CASE("blocks that the file has lost are made again", "[dataset][resume]") {
  const test::TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  // all, some, or a byte of a block that is in the middle
  for (const char* how : {"removed", "cut", "changed"}) {
    INFO(how);
    leave_unfinished(long_springs(), 4, folder / "a.h5");
    const fs::path file = base::assembly_path(folder / "a.h5");
    const std::string bytes = test::read_bytes(file);
    fs::remove(file);
    if (how == std::string("cut")) test::write_bytes(file, bytes.substr(0, bytes.size() / 2));
    if (how == std::string("changed"))
      test::write_bytes(file, test::flipped(bytes, bytes.size() / 2));
    std::atomic<int> made = 0;
    CHECK(dataset::generate(counted(long_springs(), made), folder / "a.h5", resume) ==
          Outcome::resumed);
    CHECK(made > 1);  // where no block is lost, it is the fifth alone
    CHECK(test::read_bytes(folder / "a.h5") == expected);
    fs::remove(folder / "a.h5");
  }
}

TEST_CASE("nothing is left beside a file that was interrupted again and again",
          "[dataset][resume]") {
  const test::TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  fs::remove(folder / "whole.h5");
  leave_unfinished(long_springs(), 1, folder / "a.h5");
  for (std::int64_t piece = 1; piece < 4; ++piece) {
    REQUIRE_THROWS_AS(
        dataset::generate(interrupted_at(long_springs(), piece), folder / "a.h5", resume),
        base::Interrupted);
    CHECK(test::names_in(folder.path()).size() == 2);  // one file and its log
  }
  dataset::generate(long_springs(), folder / "a.h5", resume);
  CHECK(test::read_bytes(folder / "a.h5") == expected);
  CHECK(test::names_in(folder.path()) == test::Names{"a.h5"});
}

TEST_CASE("an interruption while old blocks are read leaves them", "[dataset][resume]") {
  const test::TempFolder folder;
  leave_unfinished(long_springs(), 4, folder / "a.h5");
  auto stops = resume;
  stops.on_progress = [](const char* /*phase*/, std::int64_t done, std::int64_t /*total*/) {
    if (done == 2) throw base::Interrupted("interrupted");
  };
  const auto left = test::names_in(folder.path());
  REQUIRE_THROWS_AS(dataset::generate(long_springs(), folder / "a.h5", stops), base::Interrupted);
  CHECK(test::names_in(folder.path()) == left);
  CHECK(dataset::generate(long_springs(), folder / "a.h5", resume) == Outcome::resumed);
  CHECK(test::read_bytes(folder / "a.h5") == whole_bytes(long_springs(), folder));
}

TEST_CASE("a kill between renaming and cleaning up is completed by resuming", "[dataset][resume]") {
  const test::TempFolder folder;
  leave_unfinished(test::small_springs(), 4, folder / "a.h5");
  fs::copy(dataset::partial_path(folder / "a.h5"), folder / "kept");
  dataset::generate(test::small_springs(), folder / "a.h5", resume);
  fs::rename(folder / "kept", dataset::partial_path(folder / "a.h5"));
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5", resume) ==
        Outcome::already_complete);
  CHECK_FALSE(fs::exists(dataset::partial_path(folder / "a.h5")));
}

TEST_CASE("an interrupted run that was to replace a file is continued with both flags",
          "[dataset][resume]") {
  const test::TempFolder folder;
  test::generate(test::small_springs({{"seed", "9"}}), folder / "a.h5");
  const std::string expected = whole_bytes(test::small_springs(), folder);
  REQUIRE_THROWS_AS(dataset::generate(interrupted_at(test::small_springs(), 4), folder / "a.h5",
                                      {.overwrite = true}),
                    base::Interrupted);
  CHECK(dataset::generate(test::small_springs(), folder / "a.h5",
                          {.overwrite = true, .resume = true}) == Outcome::resumed);
  CHECK(test::read_bytes(folder / "a.h5") == expected);
}

TEST_CASE("numbers that are not finite end the run instead of being written",
          "[dataset][generate]") {
  const test::TempFolder folder;
  Recipe recipe = test::small_springs();
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
  const test::TempFolder folder;
  Recipe recipe = test::small_springs();
  recipe.make = [make = recipe.make](std::int64_t first, std::int64_t count, std::int64_t piece) {
    if (first == 6) throw base::NumericalError("trajectory 6: diverged");
    return make(first, count, piece);
  };
  CHECK(refusal<base::NumericalError>(recipe, folder / "a.h5") == "trajectory 6: diverged");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a folder that is missing or no folder is refused", "[dataset][resume]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "file", "notes");
  const auto springs = test::small_springs();
  CHECK_THAT(refusal<base::DataError>(springs, folder / "none/a.h5"),
             Catch::EndsWith("none' does not exist"));
  CHECK_THAT(refusal<base::DataError>(springs, folder / "file/a.h5"),
             Catch::EndsWith("file' is not a folder"));
  CHECK_THAT(refusal<base::DataError>(springs, folder.path()), Catch::EndsWith("' is a folder"));
}
