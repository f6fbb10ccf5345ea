// The same training on other processors: the bytes of the model file are the same.

#include <catch2/catch.hpp>
#include <span>
#include <string>
#include <vector>

#include "tests/cli/workshop.h"

using namespace noether;
using test::read_bytes;
using test::Words;
using test::Workshop;

namespace {

// Every kind of product: large and thin ones of both networks, and those of meta-tailoring.
const std::vector<Words> trainings = {
    {"--model=mlp"}, {"--model=hnn"}, {"--conserve=q^2 + p^2"}, {"--conserve=network"}};

// `train` by way of another program: prefix noether train ...
std::string model_bytes(const Workshop& shop, Words prefix, Words training) {
  training.insert(training.end(), {"--widths=70,70", "--steps=3", "--overwrite"});
  const Words command = shop.train("m.h5", training);
  test::CommandOptions options;
  if (!prefix.empty()) {
    options.program = prefix.front();
    prefix.erase(prefix.begin());
    prefix.push_back(NOETHER_BINARY);
  }
  prefix.insert(prefix.end(), command.begin(), command.end());
  const auto result = test::run(prefix, options);
  CAPTURE(result.err);
  REQUIRE(result.exit_code == 0);
  return read_bytes(shop.at("m.h5"));
}

}  // namespace

TEST_CASE("a training has the same bytes with and without AVX-512", "[cli][digits]") {
  const Workshop shop;
  for (const Words& training : trainings) {
    CAPTURE(training);
    const auto here = model_bytes(shop, {}, training);
    CHECK(model_bytes(shop, {"env", "NOETHER_SIMD=avx2"}, training) == here);
    CHECK(model_bytes(shop, {"env", "NOETHER_SIMD=none"}, training) == here);
  }
}

// without the search for a quantity, which takes the emulator half a minute
TEST_CASE("a training has the same bytes on an emulated Haswell", "[cli][digits]") {
  // a sanitizer of an emulated process takes minutes and sees nothing new
  if (test::is_sanitized) return;
  const Workshop shop;
  for (const Words& training : std::span(trainings).first(3)) {
    CAPTURE(training);
    const auto here = model_bytes(shop, {}, training);
    CHECK(model_bytes(shop, {"qemu-x86_64", "-cpu", "Haswell"}, training) == here);
  }
}
