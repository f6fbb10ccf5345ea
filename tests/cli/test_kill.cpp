#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::test {
namespace {

using Clock = std::chrono::steady_clock;

pid_t start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), NOETHER_BINARY);
  const pid_t child = fork();
  if (child != 0) return child;
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execv(NOETHER_BINARY, pointers.data());
  _exit(127);
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

bool succeeds(const std::vector<std::string>& arguments) {
  return status_of(start(arguments)) == 0;
}

// Runs `generate` on and on with --resume, killing it each time at a random moment, until `kills`
// have hit a running process; a run that comes to its end before is checked and begun anew.
void kill_and_resume(const std::vector<std::string>& command, const std::filesystem::path& file,
                     const std::string& expected, double whole_seconds, int kills) {
  base::RandomStream random(1, base::Purpose::noise, 0);
  for (int hits = 0; hits < kills;) {
    const pid_t child = start(command);
    // a fifth of an unbroken run at most, so that several kills fall into the life of one file
    std::this_thread::sleep_for(
        std::chrono::duration<double>(random.uniform(0, whole_seconds / 5)));
    kill(child, SIGKILL);
    const int status = status_of(child);
    if (WIFSIGNALED(status)) {
      ++hits;
      continue;
    }
    REQUIRE(status == 0);
    CHECK(read_bytes(file) == expected);
    std::filesystem::remove(file);
  }
}

void check_dataset(const std::vector<std::string>& dataset) {
  const TempFolder folder;
  auto unbroken = dataset;
  unbroken.insert(unbroken.end(), {"--jobs", "1", "-o", (folder / "unbroken.h5").string()});
  const auto begin = Clock::now();
  REQUIRE(succeeds(unbroken));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();

  auto broken = dataset;
  broken.insert(broken.end(), {"--jobs", "2", "--resume", "-o", (folder / "broken.h5").string()});
  const std::string expected = read_bytes(folder / "unbroken.h5");
  kill_and_resume(broken, folder / "broken.h5", expected, seconds, 20);
  REQUIRE(succeeds(broken));
  CHECK(read_bytes(folder / "broken.h5") == expected);
  CHECK_FALSE(std::filesystem::exists(folder / "broken.h5.partial"));
}

}  // namespace

TEST_CASE("a state dataset killed at twenty random moments and resumed has the same bytes",
          "[cli][slow]") {
  check_dataset({"generate", "two-body", "--n", "10000"});
}

TEST_CASE("a video dataset killed at twenty random moments and resumed has the same bytes",
          "[cli][slow]") {
  check_dataset({"generate", "pixel-pendulum", "--n", "150"});
}

}  // namespace noether::test
