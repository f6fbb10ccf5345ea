#include "dataset/make/config.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/text.h"
#include "dataset/make/catalogue.h"
#include "dataset/make/setting.h"
#include "tests/support/file_bytes.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Config;
using dataset::make_config;
using dataset::Overrides;
using dataset::parse_toml;

namespace {

std::string refusal(const std::string& name, const Overrides& overrides) {
  return test::message_of<base::UsageError>([&] { make_config(name, overrides); });
}

std::string toml_refusal(const std::string& text) {
  return test::message_of<base::UsageError>([&] { parse_toml(text, "c.toml"); });
}

// any value that the setting allows, as text
std::string random_value(const dataset::SettingSpec& setting) {
  if (!setting.choices.empty()) return *rc::gen::elementOf(setting.choices);
  if (std::holds_alternative<std::uint64_t>(setting.default_value))
    return std::to_string(*rc::gen::arbitrary<std::uint64_t>() / 2);
  if (std::holds_alternative<std::int64_t>(setting.default_value)) {
    return std::to_string(*rc::gen::inRange(static_cast<std::int64_t>(setting.min),
                                            static_cast<std::int64_t>(setting.max) + 1));
  }
  const double share = *rc::gen::inRange(0, 1 << 30) / static_cast<double>(1 << 30);
  return base::format_double(setting.min + share * (setting.max - setting.min));
}

}  // namespace

TEST_CASE("the TOML of a configuration reads back as the same configuration", "[dataset][config]") {
  CHECK(test::holds("round trip", 200, [] {
    const auto& spec = *rc::gen::elementOf(dataset::all_datasets());
    Overrides overrides;
    for (const auto& setting : spec.settings) {
      // what means nothing without another setting is set only with it
      const bool is_idle =
          !setting.only_with.empty() && setting.only_with != setting.key &&
          Config(spec.name, spec.settings, overrides).is_default(setting.only_with);
      if (!is_idle && *rc::gen::arbitrary<bool>()) overrides[setting.key] = random_value(setting);
    }
    const Config config(spec.name, spec.settings, overrides);
    const auto read = parse_toml(config.to_toml(), "test");
    RC_ASSERT(read.dataset == spec.name);
    RC_ASSERT(Config(spec.name, spec.settings, read.overrides).to_toml() == config.to_toml());
  }));
}

TEST_CASE("the defaults of every dataset make a configuration", "[dataset][config]") {
  for (const auto& spec : dataset::all_datasets()) {
    INFO(spec.name);
    CHECK_NOTHROW(make_config(spec.name, {}));
  }
}

TEST_CASE("every number just outside its interval is refused with key and interval",
          "[dataset][config]") {
  int refused = 0;
  for (const auto& spec : dataset::all_datasets()) {
    for (const auto& setting : spec.settings) {
      if (setting.min == setting.max) continue;  // texts and the seed have none
      const bool whole = std::holds_alternative<std::int64_t>(setting.default_value);
      const double step = whole ? 1 : 1e-3 * (setting.max - setting.min);
      for (const double outside : {setting.min - step, setting.max + step}) {
        const std::string text = whole ? std::to_string(static_cast<std::int64_t>(outside))
                                       : base::format_double(outside);
        INFO(spec.name << ": " << setting.key << " = " << text);
        const auto message = refusal(spec.name, {{setting.key, text}});
        CHECK(message.starts_with(setting.key + " = " + text + ": must lie in ["));
        ++refused;
      }
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("NaN and infinity are refused for every number", "[dataset][config]") {
  for (const auto& spec : dataset::all_datasets()) {
    for (const auto& setting : spec.settings) {
      if (!std::holds_alternative<double>(setting.default_value)) continue;
      for (const char* text : {"nan", "inf", "-inf"})
        CHECK_THROWS_AS(make_config(spec.name, {{setting.key, text}}), base::UsageError);
    }
  }
}

TEST_CASE("a seed is refused where TOML could not hold it", "[dataset][config]") {
  CHECK(make_config("spring", {{"seed", "9223372036854775807"}}).seed() == 9223372036854775807U);
  CHECK(refusal("spring", {{"seed", "9223372036854775808"}}) ==
        "seed = 9223372036854775808: must lie in [0, 9223372036854775807]");
}

TEST_CASE("a value of another type is refused with what it should be", "[dataset][config]") {
  CHECK(refusal("spring", {{"n", "ten"}}) == "n: 'ten' is not a whole number");
  CHECK(refusal("spring", {{"n", "1.5"}}) == "n: '1.5' is not a whole number");
  CHECK(refusal("spring", {{"n", ""}}) == "n: '' is not a whole number");
  CHECK(refusal("spring", {{"seed", "-1"}}) == "seed: '-1' is not a whole number of at least 0");
  CHECK(refusal("spring", {{"t_end", "3 s"}}) == "t_end: '3 s' is not a number");
  CHECK_THAT(refusal("spring", {{"integrator", "euler"}}),
             Catch::StartsWith("unknown integrator 'euler'"));
}

TEST_CASE("an unknown key or dataset names the nearest and all known", "[dataset][config]") {
  CHECK_THAT(refusal("spring", {{"noise", "0.1"}}),
             Catch::StartsWith("spring: unknown setting 'noise'") && Catch::Contains("noise_std"));
  CHECK_THAT(refusal("spring", {{"stepz", "5"}}), Catch::Contains("did you mean 'steps'?"));
  CHECK_THAT(refusal("pendulm", {}),
             Catch::StartsWith("unknown dataset 'pendulm'; did you mean 'pendulum'?") &&
                 Catch::Contains("pixel-pendulum"));
}

TEST_CASE("dt may stand in place of t_end", "[dataset][config]") {
  const auto config = make_config("spring", {{"dt", "0.1"}, {"steps", "11"}, {"t_start", "2"}});
  // 2 + 0.1 * 10 in floating point
  CHECK(config.number("t_end") == 2 + 0.1 * 10);
  CHECK(refusal("spring", {{"dt", "0.1"}, {"t_end", "3"}}) ==
        "dt and t_end state the same thing: give one of them");
  for (const std::string dt : {"0", "-0.1", "nan", "inf"}) {
    CHECK(refusal("spring", {{"dt", dt}}) == "dt = " + dt + ": must be finite and greater than 0");
  }
}

TEST_CASE("settings that do not go together are refused", "[dataset][config]") {
  CHECK(refusal("spring", {{"t_start", "3"}, {"t_end", "3"}}) ==
        "t_end = 3.0: must be after t_start = 3.0");
  CHECK(refusal("spring", {{"t_start", "4"}, {"t_end", "3"}}) ==
        "t_end = 3.0: must be after t_start = 4.0");
  CHECK(refusal("spring", {{"train_share", "0.7"}, {"valid_share", "0.4"}}) ==
        "train_share and valid_share add up to more than 1");
  CHECK(refusal("spring", {{"radius_min", "2"}, {"radius_max", "1"}}) ==
        "radius_min is greater than radius_max");
  CHECK(refusal("pixel-pendulum", {{"start_speed", "9"}}) ==
        "start_speed = 9: must be at most max_speed, 8 rad/s");
  CHECK(refusal("pixel-pendulum", {{"max_speed", "0.5"}}).empty());
}

TEST_CASE("a command line names what is not the default, with n and seed always",
          "[dataset][config]") {
  const auto config = make_config("spring", {{"seed", "3"}, {"noise_std", "0.25"}, {"steps", "7"}});
  CHECK(config.command_line() ==
        "noether generate spring --n 50 --steps 7 --seed 3 --set noise_std=0.25");
  CHECK(make_config("spring", {}).command_line() == "noether generate spring --n 50 --seed 0");
}

TEST_CASE("a mistake in a TOML file is told with its line", "[dataset][config]") {
  CHECK_THAT(toml_refusal("n = 3\nsteps = = 4\n"), Catch::StartsWith("'c.toml', line 2: "));
  CHECK_THAT(toml_refusal("n = 3\nn = 4\n"), Catch::StartsWith("'c.toml', line 2: "));
  CHECK(toml_refusal("n = 3\nsteps = 4\nt_end = true\n") ==
        "'c.toml', line 3: 't_end' must be a number or a text");
  CHECK(toml_refusal("[spring]\nn = 3\n") ==
        "'c.toml', line 1: 'spring' must be a number or a text");
}

TEST_CASE("a list is typed with commas, and in TOML also in brackets", "[dataset][config]") {
  const std::vector<dataset::SettingSpec> specs{
      {"widths", dataset::Integers{200}, 1, 1000, "1", ""},
      {"times", dataset::Numbers{0.1}, 0, 1, "s", ""}};
  const Config config("net", specs, {{"widths", "20,3"}, {"times", "0.50,1"}});
  CHECK(config.integers("widths") == dataset::Integers{20, 3});
  CHECK(config.numbers("times") == dataset::Numbers{0.5, 1});
  CHECK(config.settings_toml() == "widths = \"20,3\"\ntimes = \"0.5,1\"\n");
  const auto read = parse_toml("widths = [20, 3]\ntimes = [0.5, 1]\n", "test").overrides;
  CHECK(Config("net", specs, read).to_toml() == config.to_toml());
  CHECK(Config("net", specs, {{"widths", "20,"}}).integers("widths") == dataset::Integers{20});
  const auto refused = [&](const std::string& key, const std::string& text) {
    return test::message_of<base::UsageError>([&] { Config("net", specs, {{key, text}}); });
  };
  CHECK(refused("widths", "20,0") == "widths = 0: must lie in [1, 1000]");
  CHECK(refused("times", "2") == "times = 2: must lie in [0, 1] s");
  CHECK(refused("widths", "20,,3") == "widths: '' is not a whole number");
  CHECK(refused("widths", "") == "widths: there are none");
}

TEST_CASE("flags say what is not the default, a text of several words in quotes",
          "[dataset][config]") {
  const std::vector<dataset::SettingSpec> specs{dataset::text_setting("conserve", "", ""),
                                                dataset::switch_setting("noise_free", ""),
                                                {"rate", 0.5, 0, 1, "1", ""}};
  CHECK(Config("train", specs, {{"rate", "0.50"}}).flags().empty());
  const Config config("train", specs, {{"conserve", "p q"}, {"noise_free", "yes"}, {"rate", "1"}});
  CHECK(config.flags() == " --conserve \"p q\" --noise-free --rate 1.0");
}

TEST_CASE("numbers in TOML keep every bit", "[dataset][config]") {
  CHECK(test::holds("doubles", 200, [] {
    const double value = *rc::gen::arbitrary<double>();
    const auto read = parse_toml("x = " + base::format_double(value), "test");
    RC_ASSERT(base::parse_double(read.overrides.at("x"), "x") == value);
  }));
}

TEST_CASE("differences of two configurations are told key by key", "[dataset][config]") {
  const auto there = make_config("spring", {{"n", "5"}}).to_toml();
  const auto here = make_config("spring", {{"n", "6"}, {"seed", "1"}}).to_toml();
  CHECK(dataset::config_differences(there, here) ==
        std::vector<std::string>{"n: 5 there, 6 here", "seed: 0 there, 1 here"});
  CHECK(dataset::config_differences(there, there).empty());
}

TEST_CASE("a TOML file that cannot be read is an error of data", "[dataset][config]") {
  const test::TempFolder folder;
  CHECK_THROWS_AS(dataset::read_toml_file(folder / "none.toml"), base::DataError);
  CHECK_THROWS_AS(dataset::read_toml_file(folder.path()), base::DataError);
}
