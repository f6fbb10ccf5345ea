// How a model is trained: schedules, clipping, batches, and what is refused.

#include <catch2/catch.hpp>

#include "bench/model/training_settings.h"
#include "dataset/store/h5.h"
#include "tests/cli/killed.h"
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
  shop.make("zero.h5", {"--warmup", "0", "--schedule", "constant", "--clip-norm", "0", "--batch",
                        "0", "--inner-steps", "1"});
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
  test::kill_thrice_and_resume(shop.train("broken.h5", more), shop.at("broken.h5"));
  CHECK(read_bytes(shop.at("broken.h5")) == read_bytes(shop.at("whole.h5")));
}

TEST_CASE("flags, --set and a TOML file make the same bytes of a model", "[cli][train]") {
  const Workshop shop;
  const auto made = [&](const std::string& name, const Words& more) {
    Words words{"train", shop.at("spring.h5"), "-o", shop.at(name)};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run(words);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return read_bytes(shop.at(name));
  };
  const std::string bytes =
      made("flags.h5", {"--widths", "8,8", "--steps", "30", "--denoise", "--batch", "16",
                        "--conserve", "q^2 + p^2", "--inner-steps", "2"});
  CHECK(bytes == made("set.h5", {"--set", "widths=8,8", "--set", "steps=30", "--set", "denoise=yes",
                                 "--set", "batch=16", "--set", "conserve=q^2 + p^2", "--set",
                                 "inner_steps=2", "--set", "layers=last"}));
  test::write_bytes(shop.at("t.toml"),
                    "widths = [8, 8]\nsteps = 30\ndenoise = \"yes\"\nbatch = 16\n"
                    "conserve = \"q^2 + p^2\"\ninner_steps = 2\n");
  const Words file{"--config", shop.at("t.toml")};
  CHECK(bytes == made("file.h5", file));
  // what the model says of itself
  test::write_bytes(
      shop.at("own.toml"),
      dataset::H5File::open(shop.at("flags.h5")).read_text("provenance/config").front());
  CHECK(bytes == made("own.h5", {"--config", shop.at("own.toml")}));

  // a flag is stronger than --set, and --set than the file
  const Words set{"--config", shop.at("t.toml"), "--set", "batch=8"};
  const Words flag{"--config", shop.at("t.toml"), "--set", "batch=8", "--batch", "16"};
  CHECK(made("stronger-set.h5", set) != bytes);
  CHECK(made("stronger-flag.h5", flag) == bytes);
}

TEST_CASE("a model says by which flags it was made, and they make it again", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5", {"--conserve", "q^2 + p^2", "--learning-rate", "3e-3", "--noise-free"});
  const auto file = dataset::H5File::open(shop.at("m.h5"));
  CHECK_THAT(
      file.text_attribute("", "command_line"),
      Catch::StartsWith("noether train DATA.h5 --widths 12,12 --steps 40 --learning-rate "
                        "0.003 --noise-free --conserve \"q^2 + p^2\" --layers last # data "));
  shop.make("again.h5", {"--learning-rate", "0.003", "--noise-free", "--conserve", "q^2 + p^2",
                         "--layers", "last"});
  CHECK(read_bytes(shop.at("again.h5")) == read_bytes(shop.at("m.h5")));
}

TEST_CASE("the help of train lists every setting with its default", "[cli][train]") {
  const auto help = run({"train", "--help"});
  CHECK(help.exit_code == 0);
  const auto settings = bench::settings_of_training();
  CHECK(settings.size() == 21);
  for (const auto& setting : settings) {
    CAPTURE(setting.key);
    const auto at = help.out.find("  " + dataset::flag_of(setting.key) + " ");
    REQUIRE(at != std::string::npos);
    if (dataset::is_switch(setting) || setting.key == "conserve") continue;
    const auto line = help.out.substr(at, help.out.find('\n', at) - at);
    CHECK_THAT(line, Catch::Contains("=" + dataset::to_text(setting.default_value)));
  }
}

TEST_CASE("a setting of train that does not exist is refused with the nearest name",
          "[cli][train]") {
  const Workshop shop;
  shop.check_refused({"--set", "learning_rat=1"}, usage,
                     "train: unknown setting 'learning_rat'; did you mean 'learning_rate'?");
  test::write_bytes(shop.at("t.toml"), "layerz = \"all\"\n");
  shop.check_refused({"--config", shop.at("t.toml")}, usage, "did you mean 'layers'?");
  shop.check_refused({"--set", "batch=-1"}, usage, ": batch = -1: must lie in [0, ");
  check_failure({"evaluate", "m.h5", "d.h5", "--set", "steps=3"}, usage,
                "evaluate: unknown setting 'steps'");
}

TEST_CASE("options that make no sense are refused", "[cli][train]") {
  const Workshop shop;
  for (const std::string widths : {"x", "20,,20", "2.5", "20 20"})
    shop.check_refused({"--widths=" + widths}, usage, "--widths: '");
  for (const std::string widths : {"0", "-3", "20,1000000"})
    shop.check_refused({"--widths=" + widths}, usage, "must lie in [1, 10000]");
  shop.check_refused({"--widths="}, usage, "--widths");
  shop.check_refused({"--model", "hn"}, usage, "unknown --model 'hn'; did you mean 'hnn'?");
  shop.check_refused({"--steps", "0"}, usage, "--steps = 0: must lie in [1, ");
  shop.check_refused({"--steps", "many"}, usage, "--steps: 'many' is not a whole number");
  shop.check_refused({"--checkpoint-every", "0"}, usage, "--checkpoint-every: '0' is not positive");
  shop.check_refused({"--learning-rate", "nan"}, usage, "--learning-rate = nan: must lie in");
  shop.check_refused({"--learning-rate", "0"}, usage, "--learning-rate = 0: must lie in [1e-300,");
  shop.check_refused({"--weight-decay=-1"}, usage, "--weight-decay = -1: must lie in [0, ");
  shop.check_refused({"--warmup", "41"}, usage, "--warmup: 41 must lie in [0, 40], the number of");
  shop.check_refused({"--warmup=-1"}, usage, "--warmup = -1: must lie in [0, ");
  shop.check_refused({"--clip-norm=-1"}, usage, "--clip-norm = -1: must lie in [0, ");
  shop.check_refused({"--batch=-1"}, usage, "--batch = -1: must lie in [0, ");
  shop.check_refused({"--schedule", "step"}, usage, "unknown --schedule 'step'");
  shop.check_refused({"--seed=-1"}, usage, "--seed: '-1' is not a whole number");
  shop.check_refused({"--precision", "float16"}, usage, "--precision");
  check_failure({"train"}, usage, "DATA is required");
  check_failure({"evaluate", "m.h5"}, usage, "evaluate takes MODEL and DATA");
}
