#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"

namespace noether::base {
namespace {

using std::chrono::milliseconds;

void sleep(int milliseconds_count) {
  std::this_thread::sleep_for(milliseconds(milliseconds_count));
}

// the order-sensitive sum of one normal for each index, with samples of uneven length
double sum_of_samples(int jobs) {
  double sum = 0;
  ordered_pipeline(
      0, 300, jobs,
      [](std::int64_t i) {
        RandomStream stream(1, Purpose::noise, static_cast<std::uint64_t>(i));
        double sample = 0;
        for (std::int64_t k = 0; k <= i % 7 * 100; ++k) sample += stream.normal();
        return sample;
      },
      [&](std::int64_t, double sample) { sum += sample; });
  return sum;
}

}  // namespace

TEST_CASE("results are taken in the order of their index", "[base][parallel]") {
  std::vector<std::int64_t> taken;
  ordered_pipeline(
      5, 45, 4,
      [](std::int64_t i) {
        if (i % 3 == 0) sleep(1);  // let later ones overtake
        return 10 * i;
      },
      [&](std::int64_t i, std::int64_t result) {
        CHECK(result == 10 * i);
        taken.push_back(i);
      });
  REQUIRE(taken.size() == 40);
  CHECK(taken.front() == 5);
  CHECK(std::ranges::is_sorted(taken));
}

TEST_CASE("the number of threads does not change a bit of the result", "[base][parallel]") {
  const double alone = sum_of_samples(1);
  CHECK(alone != 0);
  CHECK(sum_of_samples(2) == alone);
  CHECK(sum_of_samples(8) == alone);
  CHECK(sum_of_samples(0) == alone);  // one for each processor
}

TEST_CASE("everything is taken on the calling thread", "[base][parallel]") {
  const auto caller = std::this_thread::get_id();
  int taken = 0;
  ordered_pipeline(
      0, 10, 3, [](std::int64_t) { return std::this_thread::get_id(); },
      [&](std::int64_t, std::thread::id maker) {
        CHECK(maker != caller);
        CHECK(std::this_thread::get_id() == caller);
        ++taken;
      });
  CHECK(taken == 10);
}

TEST_CASE("two jobs run at once", "[base][parallel]") {
  std::latch both(2);
  std::atomic<int> met = 0;
  parallel_for(2, 2, [&](std::int64_t) {
    both.count_down();
    // one after the other would wait here in vain
    for (int i = 0; i < 10000 && !both.try_wait(); ++i) sleep(1);
    if (both.try_wait()) ++met;
  });
  CHECK(met == 2);
}

TEST_CASE("no more than 2 jobs + 8 results wait to be taken", "[base][parallel]") {
  const int jobs = 3;
  std::atomic<std::int64_t> begun = 0;  // takes that have begun
  std::atomic<std::int64_t> most = 0;
  ordered_pipeline(
      0, 60, jobs,
      [&](std::int64_t i) {
        const std::int64_t ahead = i - begun;
        std::int64_t seen = most;
        while (ahead > seen && !most.compare_exchange_weak(seen, ahead)) {
        }
        return i;
      },
      [&](std::int64_t, std::int64_t) {
        ++begun;
        sleep(1);  // slower than making, so that the makers meet the bound
      });
  CHECK(most > jobs);
  CHECK(most <= 2 * jobs + 8);
}

TEST_CASE("an empty range calls nothing", "[base][parallel]") {
  const auto fail = [](std::int64_t) -> int { throw std::logic_error("called"); };
  CHECK_NOTHROW(ordered_pipeline(3, 3, 2, fail, [](std::int64_t, int) {}));
  CHECK_NOTHROW(ordered_pipeline(3, 1, 2, fail, [](std::int64_t, int) {}));
  CHECK_NOTHROW(parallel_for(0, 2, fail));
}

TEST_CASE("results that cannot be copied are moved through", "[base][parallel]") {
  std::int64_t sum = 0;
  ordered_pipeline(
      0, 10, 2, [](std::int64_t i) { return std::make_unique<std::int64_t>(i); },
      [&](std::int64_t, std::unique_ptr<std::int64_t> result) { sum += *result; });
  CHECK(sum == 45);
}

TEST_CASE("of several errors in making, that of the lowest index is thrown", "[base][parallel]") {
  for (const int jobs : {1, 4}) {
    std::vector<std::int64_t> taken;
    const auto run = [&] {
      ordered_pipeline(
          0, 1000, jobs,
          [](std::int64_t i) {
            if (i == 3) sleep(5);  // the later error comes first in time
            if (i == 3 || i == 5) throw std::runtime_error("at " + std::to_string(i));
            return i;
          },
          [&](std::int64_t i, std::int64_t) { taken.push_back(i); });
    };
    CHECK_THROWS_WITH(run(), "at 3");
    CHECK(taken == std::vector<std::int64_t>{0, 1, 2});
  }
}

TEST_CASE("an error in taking ends the work", "[base][parallel]") {
  std::atomic<std::int64_t> made = 0;
  std::int64_t taken = 0;
  const auto run = [&] {
    ordered_pipeline(
        0, 1000000, 2, [&](std::int64_t) { return ++made; },
        [&](std::int64_t i, std::int64_t) {
          if (i == 10) throw std::runtime_error("disk full");
          ++taken;
        });
  };
  CHECK_THROWS_WITH(run(), "disk full");
  CHECK(taken == 10);
  CHECK(made >= 11);
  CHECK(made <= 23);  // the 11 begun to be taken and at most 2 jobs + 8 beyond
}

TEST_CASE("parallel_for runs every index once", "[base][parallel]") {
  std::vector<std::atomic<int>> runs(500);
  parallel_for(500, 4, [&](std::int64_t i) { ++runs[static_cast<std::size_t>(i)]; });
  CHECK(std::ranges::all_of(runs, [](const std::atomic<int>& n) { return n == 1; }));
}

TEST_CASE("parallel_for throws what its work throws", "[base][parallel]") {
  const auto run = [](std::int64_t i) {
    if (i == 7) throw std::runtime_error("seven");
  };
  CHECK_THROWS_WITH(parallel_for(20, 3, run), "seven");
}

TEST_CASE("a number of jobs that is not positive means one for each processor",
          "[base][parallel]") {
  CHECK(thread_count(3) == 3);
  CHECK(thread_count(0) >= 1);
  CHECK(thread_count(-1) == thread_count(0));
}

}  // namespace noether::base
