#include "base/version.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

namespace noether::base {

TEST_CASE("the build says what made it", "[base][version]") {
  const BuildInfo build = build_info();
  CHECK_THAT(build.version, Catch::Matches(R"([0-9]+\.[0-9]+\.[0-9]+)"));
  CHECK_FALSE(build.git_describe.empty());
  CHECK_THAT(build.compiler, Catch::Matches(R"([A-Za-z]+ [0-9]+\..*)"));
  CHECK_THAT(build.flags, Catch::Contains("-ffp-contract=off"));
}

TEST_CASE("the build names its sanitizers", "[base][version]") {
  const std::string sanitizers = build_info().sanitizers;
#if defined(__SANITIZE_ADDRESS__)
  CHECK_THAT(sanitizers, Catch::Contains("address"));
#elif defined(__SANITIZE_THREAD__)
  CHECK(sanitizers == "thread");
#else
  CHECK(sanitizers.empty());
#endif
}

// What the flags promise: reproducing recorded transitions bit for bit rests on it.
TEST_CASE("a product is rounded before it is added", "[base][version]") {
  volatile double x = 1 + 0x1p-30;
  volatile double minus_rounded_square = -(1 + 0x1p-29);
  // exactly x^2 = 1 + 2^-29 + 2^-60, whose last term only a fused operation keeps
  CHECK(x * x + minus_rounded_square == 0);
  CHECK(std::fma(x, x, minus_rounded_square) == 0x1p-60);
}

}  // namespace noether::base
