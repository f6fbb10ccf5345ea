#include <sys/mount.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <thread>

#include "tests/cli/failure.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using test::check_failure;

namespace {

constexpr int data = 3;
constexpr int interrupted = 130;

using Words = std::vector<std::string>;

// about 2.6 MB of trajectories in ten blocks, within a second
Words trajectories(const std::string& output, const Words& more = {}) {
  Words words{"generate", "spring", "--n", "1000", "--set",
              "steps=60", "--jobs", "1",   "-o",   output};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words episodes(const std::string& output, const Words& more = {}) {
  Words words{"generate", "pixel-pendulum", "--n", "12", "--jobs", "1", "-o", output};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// The size at which no more may be written is somewhere in the file; then space is back and the run
// is resumed.
template <class Command>
void check_full_and_resumed(Command command, const test::TempFolder& folder) {
  const std::string whole = folder / "whole.h5";
  const std::string output = folder / "a.h5";
  REQUIRE(test::run(command(whole, {})).exit_code == 0);
  const std::string expected = test::read_bytes(whole);
  // before the first byte, between blocks, and behind them
  for (const double share : {0.0, 0.3, 0.7, 0.97}) {
    const auto limit = static_cast<std::uint64_t>(share * static_cast<double>(expected.size()));
    INFO("no file may exceed " << limit << " bytes");
    check_failure(command(output, {}), data, "File too large", {.most_file_bytes = limit + 100});
    CHECK_FALSE(std::filesystem::exists(output));
    CHECK(test::run(command(output, {"--resume"})).exit_code == 0);
    CHECK(test::read_bytes(output) == expected);
    std::filesystem::remove(output);
  }
}

// A file system of one MiB, where the system lets us have one.
class TinyDisk {
 public:
  explicit TinyDisk(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  ~TinyDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;

  bool is_mounted() const { return mounted_; }
  bool grow() const { return mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0; }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

// Ctrl-C as soon as there is something to resume.
test::CommandResult interrupt(const Words& words, const std::string& output) {
  test::Command command(words);
  for (int i = 0; i < 2000 && !std::filesystem::exists(output + ".partial"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  command.send(SIGINT);
  return command.wait();
}

}  // namespace

TEST_CASE("no space for trajectories is an error of data; resumed, it is the unbroken file",
          "[cli][faults]") {
  const test::TempFolder folder;
  check_full_and_resumed(trajectories, folder);
}

TEST_CASE("no space for episodes is an error of data; resumed, it is the unbroken file",
          "[cli][faults][slow]") {
  const test::TempFolder folder;
  check_full_and_resumed(episodes, folder);
}

TEST_CASE("no space for the very first bytes leaves nothing", "[cli][faults]") {
  const test::TempFolder folder;
  check_failure(trajectories(folder / "a.h5"), data, "File too large", {.most_file_bytes = 300});
  CHECK(test::names_in(folder.path()).empty());
}

TEST_CASE("a full disk is an error of data; with more space it is resumed", "[cli][faults]") {
  const test::TempFolder folder;
  const TinyDisk disk(folder / "disk");
  if (!disk.is_mounted()) {
    std::puts("skipped: no file system may be mounted here");
    return;
  }
  const std::string output = folder / "disk/a.h5";
  check_failure(trajectories(output), data, "No space left on device");
  CHECK(test::names_in(folder / "disk") == test::Names{"a.h5.partial", "a.h5.unfinished"});
  REQUIRE(disk.grow());
  CHECK(test::run(trajectories(output, {"--resume"})).exit_code == 0);
  REQUIRE(test::run(trajectories(folder / "whole.h5")).exit_code == 0);
  CHECK(test::read_bytes(output) == test::read_bytes(folder / "whole.h5"));
}

TEST_CASE("no space for the data of a table leaves nothing of them", "[cli][faults]") {
  const test::TempFolder folder;
  std::filesystem::create_directory(folder / "temporary");
  const std::string variable = "TMPDIR=" + (folder / "temporary").string();
  // 4,000 bytes hold the beginning of a spool, and no more
  check_failure({variable, NOETHER_BINARY, "table", "damped-pendulum", "--quick", "--seeds", "1",
                 "--rows", "vanilla", "-o", folder / "t"},
                data, "File too large", {.most_file_bytes = 4000, .program = "env"});
  CHECK(test::names_in(folder / "temporary").empty());
}

TEST_CASE("no space for a picture leaves none", "[cli][faults]") {
  const test::TempFolder folder;
  const std::string file = folder / "a.h5";
  REQUIRE(test::run({"generate", "spring", "-o", file}).exit_code == 0);
  check_failure({"render", file, "-o", folder / "a.png"}, data, "a.png", {.most_file_bytes = 1000});
  CHECK(test::names_in(folder.path()) == test::Names{"a.h5"});
}

TEST_CASE("Ctrl-C ends with 130 and says how to go on; resumed, it is the unbroken file",
          "[cli][faults]") {
  const test::TempFolder folder;
  const std::string output = folder / "a.h5";
  const auto result = interrupt(episodes(output), output);
  CHECK(result.exit_code == interrupted);
  CHECK(result.out.empty());
  CHECK(test::is_one_sentence(result.err));
  CHECK_THAT(result.err, Catch::Contains("the same command with --resume continues '" + output));
  CHECK(test::names_in(folder.path()) == test::Names{"a.h5.partial", "a.h5.unfinished"});
  check_failure(episodes(output), data, "was left by an unfinished run");
  check_failure(episodes(output, {"--resume", "--seed", "3"}), 2,
                "was begun with another configuration (seed: 0 there, 3 here)");
  CHECK(test::run(episodes(output, {"--resume"})).exit_code == 0);
  REQUIRE(test::run(episodes(folder / "whole.h5")).exit_code == 0);
  CHECK(test::read_bytes(output) == test::read_bytes(folder / "whole.h5"));
}

TEST_CASE("two runs to the same output do not write into each other", "[cli][faults]") {
  const test::TempFolder folder;
  const std::string output = folder / "a.h5";
  // seconds, so that it is still writing when the others come
  test::Command first({"generate", "pixel-pendulum", "--n", "150", "--jobs", "1", "-o", output});
  for (int i = 0; i < 2000 && !std::filesystem::exists(output + ".partial"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  check_failure(episodes(output, {"--resume"}), data, "is being written by another process");
  check_failure(episodes(output, {"--overwrite"}), data, "is being written by another process");
  CHECK(first.wait().exit_code == 0);
  CHECK(test::names_in(folder.path()) == test::Names{"a.h5"});
}
