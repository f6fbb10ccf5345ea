#pragma once

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/cli/workshop.h"

namespace noether::test {

// Starts a training three times, from the second on with --resume, and kills each run once there is
// something to resume; then lets it end.
inline void kill_thrice_and_resume(Words words, const std::string& output) {
  const std::string partial = output + ".partial";
  for (int i = 0; i < 3; ++i) {
    Command command(words);
    wait_for(partial);
    // a second and a third run are killed at any moment of writing
    std::this_thread::sleep_for(std::chrono::milliseconds(7 * i));
    command.send(SIGKILL);
    CHECK(command.wait().signal == SIGKILL);
    CHECK_FALSE(std::filesystem::exists(output));
    if (i == 0) words.push_back("--resume");
  }
  REQUIRE(run(words).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(partial));
}

}  // namespace noether::test
