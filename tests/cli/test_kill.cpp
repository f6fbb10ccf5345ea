#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "tests/support/run_command.h"
#include "tests/support/temp_folder.h"

namespace noether::test {
namespace {

using Clock = std::chrono::steady_clock;

// Runs `generate` on and on with --resume, killing it each time at a random moment, until `kills`
// have hit a running process; a run that comes to its end before is checked and begun anew.
void kill_and_resume(const std::vector<std::string>& command, const std::filesystem::path& file,
                     const std::string& expected, double whole_seconds, int kills) {
  base::RandomStream random(1, base::Purpose::noise, 0);
  for (int hits = 0; hits < kills;) {
    Command process(command);
    // a fifth of an unbroken run at most, so that several kills fall into the life of one file
    std::this_thread::sleep_for(
        std::chrono::duration<double>(random.uniform(0, whole_seconds / 5)));
    process.send(SIGKILL);
    const auto result = process.wait();
    if (result.signal == SIGKILL) {
      ++hits;
      continue;
    }
    REQUIRE(result.exit_code == 0);
    CHECK(read_bytes(file) == expected);
    std::filesystem::remove(file);
  }
}

void check_dataset(const std::vector<std::string>& dataset) {
  const TempFolder folder;
  auto unbroken = dataset;
  unbroken.insert(unbroken.end(), {"--jobs", "1", "-o", (folder / "unbroken.h5").string()});
  const auto begin = Clock::now();
  REQUIRE(run(unbroken).exit_code == 0);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();

  auto broken = dataset;
  broken.insert(broken.end(), {"--jobs", "2", "--resume", "-o", (folder / "broken.h5").string()});
  const std::string expected = read_bytes(folder / "unbroken.h5");
  kill_and_resume(broken, folder / "broken.h5", expected, seconds, 20);
  REQUIRE(run(broken).exit_code == 0);
  CHECK(read_bytes(folder / "broken.h5") == expected);
  CHECK_FALSE(std::filesystem::exists(folder / "broken.h5.partial"));
}

}  // namespace

TEST_CASE("a state dataset killed at twenty random moments and resumed has the same bytes",
          "[cli][slow]") {
  check_dataset({"generate", "two-body", "--n", "4000"});
}

TEST_CASE("a video dataset killed at twenty random moments and resumed has the same bytes",
          "[cli][slow]") {
  check_dataset({"generate", "pixel-pendulum", "--n", "60"});
}

TEST_CASE("a filmed set killed at twenty random moments and resumed has the same bytes",
          "[cli][slow]") {
  check_dataset({"generate", "n-body-8", "--n", "60", "--frames", "32", "--set", "m2=U(0.001,0.01)",
                 "--set", "colors=drawn", "--set", "background=drawn", "--set", "camera_shift=0.1",
                 "--set", "frame_noise=3"});
}

}  // namespace noether::test
