#include "base/background_sync.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/error.h"

using namespace noether;

namespace {

constexpr std::size_t enough = 64 << 20;

}  // namespace

TEST_CASE("a background sync ends at once, whether it has work or waits", "[base][sync]") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    base::BackgroundSync sync(fileno(file), "f");
    for (int k = 0; k < i % 4; ++k) sync.wrote(k % 2 == 0 ? enough : 1);
  }
  std::fclose(file);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

TEST_CASE("a disk that did not take the bytes is told of, now or at the end", "[base][sync]") {
  // no descriptor: every sync fails
  base::BackgroundSync sync(-1, "f");
  const auto write_on = [&] {
    for (int i = 0; i < 10'000; ++i) {
      sync.wrote(enough);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  CHECK_THROWS_WITH(write_on(), "'f': cannot write: Bad file descriptor");
  CHECK_THROWS_AS(sync.finish(), base::DataError);
}

TEST_CASE("what a sync before the end found is told at the end", "[base][sync]") {
  base::BackgroundSync sync(-1, "f");
  sync.wrote(enough);
  std::this_thread::sleep_for(std::chrono::seconds(2));  // the thread may have to wait for its turn
  CHECK_THROWS_AS(sync.finish(), base::DataError);
  base::BackgroundSync idle(-1, "f");
  CHECK_NOTHROW(idle.finish());
}
