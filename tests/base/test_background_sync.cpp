#include "base/background_sync.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

using namespace noether;

namespace {

constexpr std::size_t enough = 64 << 20;

}  // namespace

TEST_CASE("a background sync ends at once, whether it has work or waits", "[base][sync]") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    base::BackgroundSync sync(fileno(file));
    for (int k = 0; k < i % 4; ++k) sync.wrote(k % 2 == 0 ? enough : 1);
  }
  std::fclose(file);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

TEST_CASE("a sync that fails is no failure of the work", "[base][sync]") {
  base::BackgroundSync sync(-1);
  for (int i = 0; i < 3; ++i) {
    sync.wrote(enough);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  SUCCEED();
}
