// How a model is trained: schedules, clipping, batches, and what is refused.

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cli/workshop.h"

using namespace noether;
using test::check_failure;
using test::read_bytes;
using test::run;
using test::Words;
using test::Workshop;

namespace {

constexpr int usage = 2;

}  // namespace

TEST_CASE("options of training that are not used change no byte, and those used change weights",
          "[cli][train]") {
  const Workshop shop;
  shop.make("plain.h5");
  shop.make("zero.h5", {"--warmup", "0", "--schedule", "constant"});
  CHECK(read_bytes(shop.at("zero.h5")) == read_bytes(shop.at("plain.h5")));
  const auto table = [&](const std::string& name) {
    return run({"evaluate", shop.at(name), shop.at("spring.h5")}).out;
  };
  for (const auto& [option, value] : {std::pair{"--schedule", "cosine"},
                                      {"--warmup", "20"},
                                      {"--clip-norm", "0.01"},
                                      {"--batch", "16"}}) {
    CAPTURE(option);
    shop.make("other.h5", {option, value, "--overwrite"});
    CHECK(table("other.h5") != table("plain.h5"));
    const auto said = run({"inspect", shop.at("other.h5")}).out;
    CHECK_THAT(said, Catch::Contains(std::string(option) + " " + value));
  }
}

TEST_CASE("a training on batches that is killed and resumed ends with the same bytes",
          "[cli][train]") {
  const Workshop shop;
  const Words more{"--steps",    "2000",   "--checkpoint-every", "100", "--batch",     "16",
                   "--schedule", "cosine", "--warmup",           "50",  "--clip-norm", "0.5"};
  shop.make("whole.h5", more);
  auto words = shop.train("broken.h5", more);
  test::Command command(words);
  test::wait_for(shop.at("broken.h5.partial"));
  command.send(SIGKILL);
  CHECK(command.wait().signal == SIGKILL);
  words.push_back("--resume");
  REQUIRE(run(words).exit_code == 0);
  CHECK(read_bytes(shop.at("broken.h5")) == read_bytes(shop.at("whole.h5")));
}

TEST_CASE("options that make no sense are refused", "[cli][train]") {
  const Workshop shop;
  for (const std::string widths : {"x", "20,", "20,,20", "2.5", "20 20"})
    shop.check_refused({"--widths=" + widths}, usage, "--widths: '");
  for (const std::string widths : {"0", "-3", "20,1000000"})
    shop.check_refused({"--widths=" + widths}, usage, "must lie in [1, 10000]");
  shop.check_refused({"--widths="}, usage, "--widths");
  shop.check_refused({"--model", "hn"}, usage, "unknown model 'hn'; did you mean 'hnn'?");
  shop.check_refused({"--steps", "0"}, usage, "--steps: 0 must be at least 1");
  shop.check_refused({"--steps", "many"}, usage, "--steps: 'many' is not a whole number");
  shop.check_refused({"--checkpoint-every", "0"}, usage, "--checkpoint-every: 0 must be at least");
  shop.check_refused({"--learning-rate", "nan"}, usage, "--learning-rate: nan must be finite");
  shop.check_refused({"--weight-decay=-1"}, usage, "--weight-decay: -1 must be finite");
  shop.check_refused({"--warmup", "41"}, usage, "--warmup: 41 must lie in [0, 40], the number of");
  shop.check_refused({"--warmup=-1"}, usage, "--warmup: -1 must lie in [0, 40]");
  shop.check_refused({"--clip-norm", "0"}, usage, "--clip-norm: 0 must be finite and greater than");
  shop.check_refused({"--batch", "0"}, usage, "--batch: 0 must be at least 1");
  shop.check_refused({"--schedule", "step"}, usage, "--schedule");
  shop.check_refused({"--seed=-1"}, usage, "--seed: '-1' is not a whole number");
  shop.check_refused({"--precision", "float16"}, usage, "--precision");
  check_failure({"train"}, usage, "DATA is required");
  check_failure({"evaluate", "m.h5"}, usage, "DATA is required");
}
