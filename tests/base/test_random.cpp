#include "base/random.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

namespace noether::base {
namespace {

using Words4 = std::array<std::uint32_t, 4>;
using Words2 = std::array<std::uint32_t, 2>;

// Philox 4x32-10 as the paper writes it, without the library: the second route.
Words4 plain_philox(Words4 counter, Words2 key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); };
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
    key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
  }
  return counter;
}

std::vector<double> normals(RandomStream stream, int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) value = stream.normal();
  return values;
}

// the mean of x^power
double moment(const std::vector<double>& values, int power) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value, power);
  return sum / static_cast<double>(values.size());
}

}  // namespace

// The vectors are those of kat_vectors in the Random123 distribution.
TEST_CASE("plain Philox gives the published vectors", "[base][random]") {
  CHECK(plain_philox({0, 0, 0, 0}, {0, 0}) ==
        Words4{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(plain_philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Words4{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(plain_philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words4{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("the stream of zeros begins with the published vector", "[base][random]") {
  RandomStream stream(0, Purpose::initial_state, 0);
  CHECK(stream.bits() == 0xe169c58d6627e8d5U);
  CHECK(stream.bits() == 0x9b00dbd8bc57ac4cU);
}

// Files are reproduced from this assignment, so it can never change.
TEST_CASE("a stream is Philox of key seed and counter block, purpose, index", "[base][random]") {
  const std::uint64_t seed = 0x0123456789abcdef;
  const std::uint64_t index = 0xfedcba9876543210;
  RandomStream stream(seed, Purpose::action, index);
  for (std::uint32_t block = 0; block < 5; ++block) {
    const Words4 word = plain_philox({block, 3, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567});
    CHECK(stream.bits() == (word[0] | std::uint64_t{word[1]} << 32U));
    CHECK(stream.bits() == (word[2] | std::uint64_t{word[3]} << 32U));
  }
}

TEST_CASE("streams of different seed, purpose or index share no number", "[base][random]") {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32U}) {
    for (std::uint32_t purpose = 0; purpose <= 5; ++purpose) {
      for (std::uint64_t index = 0; index < 100; ++index) {
        RandomStream stream(seed, static_cast<Purpose>(purpose), index);
        for (int i = 0; i < 4; ++i, ++drawn) seen.insert(stream.bits());
      }
    }
  }
  // chance alone would repeat one of 7200 numbers of 64 bits once in 10^12 such tests
  CHECK(drawn == 7200);
  CHECK(seen.size() == drawn);
}

TEST_CASE("neighbouring streams are not correlated", "[base][random]") {
  const int n = 100000;
  double sum = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    sum += RandomStream(7, Purpose::noise, i).normal() *
           RandomStream(7, Purpose::noise, i + 1).normal();
  }
  CHECK(sum != 0);
  // the products have mean 0 and variance 1: five standard deviations of their mean
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
}

TEST_CASE("a stream does not depend on what was drawn from others", "[base][random]") {
  RandomStream alone(42, Purpose::policy, 8);
  RandomStream among(42, Purpose::policy, 8);
  RandomStream other(42, Purpose::policy, 9);
  for (int i = 0; i < 9; ++i) {
    for (int j = 0; j < i; ++j) other.normal();
    CHECK(alone.normal() == among.normal());
  }
}

TEST_CASE("a stream from a later block on has the numbers that it has there", "[base][random]") {
  RandomStream whole(3, Purpose::noise, 5);
  for (int i = 0; i < 14; ++i) whole.bits();
  RandomStream rest(3, Purpose::noise, 5, 7);
  for (int i = 0; i < 5; ++i) CHECK(rest.normal() == whole.normal());
}

TEST_CASE("a copy of a stream continues as the stream does", "[base][random]") {
  RandomStream stream(1, Purpose::noise, 2);
  stream.normal();  // leaves a spare one of the pair, which the copy must hold too
  RandomStream copy = stream;
  for (int i = 0; i < 5; ++i) CHECK(copy.normal() == stream.normal());
}

TEST_CASE("uniform numbers are multiples of 2^-53 in [0, 1) and fill it evenly", "[base][random]") {
  const int n = 200000;
  RandomStream stream(3, Purpose::initial_state, 0);
  std::array<int, 10> count{};
  bool in_range = true;
  bool on_grid = true;
  for (int i = 0; i < n; ++i) {
    const double u = stream.uniform();
    in_range = in_range && u >= 0 && u < 1;
    on_grid = on_grid && u * 0x1p53 == std::floor(u * 0x1p53);
    if (in_range) ++count[static_cast<std::size_t>(10 * u)];
  }
  CHECK(in_range);
  CHECK(on_grid);
  // each tenth holds a binomial count: five of its standard deviations
  for (const int in_tenth : count) CHECK(std::abs(in_tenth - n * 0.1) < 5 * std::sqrt(n * 0.09));
}

TEST_CASE("uniform numbers of a range are the unit ones stretched to it", "[base][random]") {
  RandomStream unit(5, Purpose::splits, 1);
  RandomStream stretched(5, Purpose::splits, 1);
  for (int i = 0; i < 1000; ++i) {
    const double x = stretched.uniform(-2, 6);
    CHECK(x == -2 + 8 * unit.uniform());
    REQUIRE((x >= -2 && x < 6));
  }
}

TEST_CASE("normal numbers have the moments of the normal distribution", "[base][random]") {
  const int n = 400000;
  const auto values = normals(RandomStream(11, Purpose::noise, 0), n);
  // five standard errors each: the variance of x^k is E x^2k - (E x^k)^2, so 1, 2, 15 and 96
  CHECK(std::abs(moment(values, 1)) < 5 * std::sqrt(1.0 / n));
  CHECK(std::abs(moment(values, 2) - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(moment(values, 3)) < 5 * std::sqrt(15.0 / n));
  CHECK(std::abs(moment(values, 4) - 3) < 5 * std::sqrt(96.0 / n));
}

TEST_CASE("normal numbers have the tails of the normal distribution", "[base][random]") {
  const int n = 400000;
  const auto values = normals(RandomStream(12, Purpose::noise, 0), n);
  for (const double bound : {0.5, 1.0, 2.0, 3.0}) {
    int beyond = 0;
    for (const double value : values) beyond += value > bound ? 1 : 0;
    const double share = std::erfc(bound / std::sqrt(2.0)) / 2;
    // a binomial count: five of its standard deviations
    CHECK(std::abs(beyond - n * share) < 5 * std::sqrt(n * share * (1 - share)));
  }
}

TEST_CASE("the two normals of a pair are not correlated", "[base][random]") {
  const int n = 100000;
  RandomStream stream(13, Purpose::noise, 0);
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double first = stream.normal();
    sum += first * stream.normal();
  }
  CHECK(sum != 0);
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));  // five standard errors of products of variance 1
}

}  // namespace noether::base
