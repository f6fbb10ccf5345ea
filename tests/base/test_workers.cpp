#include "base/workers.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

namespace noether::base {

TEST_CASE("workers do every piece once, each on a thread of its own choice", "[base][workers]") {
  for (const int threads : {1, 2, 3, 5}) {
    Workers workers(threads);
    REQUIRE(workers.threads() == threads);
    // many rounds: a round that begins before the last one ended would lose pieces
    for (int round = 0; round < 200; ++round) {
      const int n = round % 8;
      std::vector<int> times(static_cast<std::size_t>(n));
      std::vector<std::thread::id> by(static_cast<std::size_t>(n));
      workers.run(n, [&](std::int64_t i) {
        ++times[static_cast<std::size_t>(i)];
        by[static_cast<std::size_t>(i)] = std::this_thread::get_id();
      });
      CHECK(times == std::vector<int>(static_cast<std::size_t>(n), 1));
      CHECK(std::set(by.begin(), by.end()).size() ==
            static_cast<std::size_t>(std::min(n, threads)));
      if (n > 0) CHECK(by[0] == std::this_thread::get_id());
      if (n > threads) CHECK(by[static_cast<std::size_t>(threads)] == by[0]);
    }
  }
}

TEST_CASE("workers throw the exception of the lowest piece, and go on afterwards",
          "[base][workers]") {
  Workers workers(3);
  const auto fail = [](std::int64_t i) {
    if (i >= 4) throw std::runtime_error(std::to_string(i));
  };
  for (int round = 0; round < 20; ++round) CHECK_THROWS_WITH(workers.run(20, fail), "4");
  std::vector<int> done(10);
  workers.run(10, [&](std::int64_t i) { ++done[static_cast<std::size_t>(i)]; });
  CHECK(std::accumulate(done.begin(), done.end(), 0) == 10);
}

}  // namespace noether::base
