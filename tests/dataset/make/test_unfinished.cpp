// What lies beside a file that is not finished.

#include "tests/dataset/make/unfinished_run.h"

#include "dataset/store/spool.h"
#include "dataset/store/writer.h"

namespace noether::test {

TEST_CASE("what a run left that was killed while it continued another does not matter",
          "[dataset][resume]") {
  const TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  const auto stopped_again = interrupted_at(long_springs(), 3);
  for (const bool resumes : {true, false}) {
    for (const char* stale : {"a.h5.resuming", "a.h5.unfinished"}) {
      INFO(stale << (resumes ? ", resumed" : ", begun anew"));
      leave_unfinished(long_springs(), 2, folder / "a.h5");
      if (stale == std::string("a.h5.unfinished")) {
        // the log is that of a.h5.resuming then
        REQUIRE_THROWS_AS(dataset::generate(stopped_again, folder / "a.h5", resume),
                          base::Interrupted);
      }
      REQUIRE_FALSE(fs::exists(folder / stale));
      write_bytes(folder / stale, "half of a file");
      write_bytes(folder / "a.h5.partial.new", "half of a log");
      dataset::generate(long_springs(), folder / "a.h5",
                        {.overwrite = !resumes, .resume = resumes});
      CHECK(read_bytes(folder / "a.h5") == expected);
      CHECK(names_in(folder.path()) == Names{"a.h5", "whole.h5"});
      fs::remove(folder / "a.h5");
    }
  }
}

TEST_CASE("an unfinished file and its log may be renamed together", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(long_springs(), 4, folder / "a.h5");
  for (const char* end : {".partial", ".unfinished"})
    fs::rename((folder / "a.h5").string() + end, (folder / "b.h5").string() + end);
  std::atomic<int> made = 0;
  dataset::generate(counted(long_springs(), made), folder / "b.h5", resume);
  CHECK(made == 1);
  CHECK(read_bytes(folder / "b.h5") == whole_bytes(long_springs(), folder));
}

TEST_CASE("the copy of a log does not lead to the file of another run", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(long_springs(), 4, folder / "a.h5");
  fs::copy(folder / "a.h5.partial", folder / "b.h5.partial");
  dataset::generate(long_springs(), folder / "b.h5", resume);
  CHECK(fs::exists(folder / "a.h5.unfinished"));
  std::atomic<int> made = 0;
  dataset::generate(counted(long_springs(), made), folder / "a.h5", resume);
  CHECK(made == 1);
}

TEST_CASE("another command that writes the same file leaves what is unfinished",
          "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(long_springs(), 4, folder / "a.h5");
  dataset::write_dataset({.attributes = {}, .arrays = {}}, folder / "a.h5");
  std::atomic<int> made = 0;
  dataset::generate(counted(long_springs(), made), folder / "a.h5",
                    {.overwrite = true, .resume = true});
  CHECK(made == 1);
}

TEST_CASE("what another process writes is not begun anew", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(long_springs(), 2, folder / "a.h5");
  const auto held = dataset::Spool::resume(folder / "a.h5.partial");
  CHECK_THAT(refusal<base::DataError>(long_springs(), folder / "a.h5", {.overwrite = true}),
             Catch::EndsWith("a.h5.partial' is being written by another process"));
  CHECK(fs::exists(folder / "a.h5.unfinished"));
}

TEST_CASE("a folder under a name of ours is not removed", "[dataset][resume]") {
  const TempFolder folder;
  fs::create_directory(folder / "a.h5.resuming");
  dataset::generate(long_springs(), folder / "a.h5", {});
  CHECK(fs::is_directory(folder / "a.h5.resuming"));
}

TEST_CASE("an empty partial file, left before anything was begun, is no obstacle",
          "[dataset][resume]") {
  const TempFolder folder;
  for (const auto& options : {resume, dataset::GenerateOptions{}}) {
    write_bytes(folder / "a.h5.partial", "");
    CHECK(dataset::generate(small_springs(), folder / "a.h5", options) == Outcome::generated);
    fs::remove(folder / "a.h5");
  }
}

TEST_CASE("the log of another build is refused", "[dataset][resume]") {
  const TempFolder folder;
  const Recipe recipe = small_springs();
  {
    dataset::Spool old =
        dataset::Spool::create(folder / "a.h5.partial", recipe.config_toml + "# build {}\n");
    old.append(dataset::Bytes(100));
  }
  CHECK_THAT(refusal<base::UsageError>(recipe, folder / "a.h5", resume),
             Catch::Contains("was begun by another build of this program: use --overwrite"));
}

TEST_CASE("a partial file that is no log is refused", "[dataset][resume]") {
  const TempFolder folder;
  write_bytes(folder / "a.h5.partial", "notes");
  CHECK_THAT(refusal<base::DataError>(small_springs(), folder / "a.h5", resume),
             Catch::EndsWith("is not the partial file of a generate command"));
}

TEST_CASE("blocks that the file has lost are made again", "[dataset][resume]") {
  const TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  // all, some, or a byte of a block that is in the middle
  for (const char* how : {"removed", "cut", "changed"}) {
    INFO(how);
    leave_unfinished(long_springs(), 4, folder / "a.h5");
    const fs::path file = folder / "a.h5.unfinished";
    const std::string bytes = read_bytes(file);
    fs::remove(file);
    if (how == std::string("cut")) write_bytes(file, bytes.substr(0, bytes.size() / 2));
    if (how == std::string("changed")) write_bytes(file, flipped(bytes, bytes.size() / 2));
    std::atomic<int> made = 0;
    CHECK(dataset::generate(counted(long_springs(), made), folder / "a.h5", resume) ==
          Outcome::resumed);
    CHECK(made > 1);  // where no block is lost, it is the fifth alone
    CHECK(read_bytes(folder / "a.h5") == expected);
    fs::remove(folder / "a.h5");
  }
}

TEST_CASE("nothing is left beside a file that was interrupted again and again",
          "[dataset][resume]") {
  const TempFolder folder;
  const std::string expected = whole_bytes(long_springs(), folder);
  fs::remove(folder / "whole.h5");
  leave_unfinished(long_springs(), 1, folder / "a.h5");
  for (std::int64_t piece = 1; piece < 4; ++piece) {
    REQUIRE_THROWS_AS(
        dataset::generate(interrupted_at(long_springs(), piece), folder / "a.h5", resume),
        base::Interrupted);
    CHECK(names_in(folder.path()).size() == 2);  // one file and its log
  }
  dataset::generate(long_springs(), folder / "a.h5", resume);
  CHECK(read_bytes(folder / "a.h5") == expected);
  CHECK(names_in(folder.path()) == Names{"a.h5"});
}

TEST_CASE("an interruption while old blocks are read leaves them", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(long_springs(), 4, folder / "a.h5");
  auto stops = resume;
  stops.on_progress = [](const char* /*phase*/, std::int64_t done, std::int64_t /*total*/) {
    if (done == 2) throw base::Interrupted("interrupted");
  };
  const auto left = names_in(folder.path());
  REQUIRE_THROWS_AS(dataset::generate(long_springs(), folder / "a.h5", stops), base::Interrupted);
  CHECK(names_in(folder.path()) == left);
  CHECK(dataset::generate(long_springs(), folder / "a.h5", resume) == Outcome::resumed);
  CHECK(read_bytes(folder / "a.h5") == whole_bytes(long_springs(), folder));
}

TEST_CASE("a kill between renaming and cleaning up is completed by resuming", "[dataset][resume]") {
  const TempFolder folder;
  leave_unfinished(small_springs(), 4, folder / "a.h5");
  fs::copy(dataset::partial_path(folder / "a.h5"), folder / "kept");
  dataset::generate(small_springs(), folder / "a.h5", resume);
  fs::rename(folder / "kept", dataset::partial_path(folder / "a.h5"));
  CHECK(dataset::generate(small_springs(), folder / "a.h5", resume) == Outcome::already_complete);
  CHECK_FALSE(fs::exists(dataset::partial_path(folder / "a.h5")));
}

TEST_CASE("a link under a name of ours goes, and what it leads to stays", "[dataset][resume]") {
  const TempFolder folder;
  write_bytes(folder / "notes", "notes");
  for (const char* name : {"a.h5.unfinished", "a.h5.resuming", "a.h5.partial.new"}) {
    INFO(name);
    fs::create_symlink("notes", folder / name);
    leave_unfinished(long_springs(), 2, folder / "a.h5");
    if (name != std::string("a.h5.unfinished")) fs::create_symlink("notes", folder / name);
    dataset::generate(long_springs(), folder / "a.h5", resume);
    CHECK(read_bytes(folder / "notes") == "notes");
    CHECK(names_in(folder.path()) == Names{"a.h5", "notes"});
    fs::remove(folder / "a.h5");
  }
  fs::create_symlink("notes", folder / "a.h5.partial");
  CHECK_THROWS_AS(dataset::generate(long_springs(), folder / "a.h5", {.overwrite = true}),
                  base::DataError);
  CHECK(read_bytes(folder / "notes") == "notes");
}

}  // namespace noether::test
