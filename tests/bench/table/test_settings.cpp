#include "bench/table/settings.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"

namespace noether::bench {
namespace {

std::string refusal(const dataset::Overrides& overrides) {
  return test::message_of<base::UsageError>([&] { make_settings(fake_spec(), overrides); });
}

}  // namespace

TEST_CASE("the settings of a table are its lists, its switches and its own", "[bench][settings]") {
  const auto settings = make_settings(fake_spec(), {});
  CHECK(settings.seeds.size() == 8);
  CHECK(settings.axes.at("noise") == std::vector<double>{0, 0.1});
  CHECK(settings.axes.at("horizon") == std::vector<double>{3, 10});
  CHECK_FALSE(settings.quick);
  CHECK(settings.config.number("weight_decay") == 1e-4);
  CHECK(settings.wants("control"));
  const auto other = make_settings(
      fake_spec(), {{"rows", "vanilla"}, {"scratch", "yes"}, {"horizon", "1"}, {"noise", "0.5,"}});
  CHECK_FALSE(other.wants("control"));
  CHECK(other.is_on("scratch"));
  CHECK(other.axes.at("horizon") == std::vector<double>{1});
}

TEST_CASE("a quick table has other defaults, which can be overridden", "[bench][settings]") {
  TableSpec spec = fake_spec();
  spec.axes[1].quick_values = {1};
  const auto quick = make_settings(spec, {{"quick", "yes"}});
  CHECK(quick.seeds.size() == 2);
  CHECK(quick.axes.at("horizon") == std::vector<double>{1});
  CHECK(quick.axes.at("noise") == std::vector<double>{0, 0.1});
  CHECK(make_settings(spec, {{"quick", "yes"}, {"horizon", "3"}}).axes.at("horizon")[0] == 3);
}

TEST_CASE("one number is a count of seeds, a list is the seeds", "[bench][settings]") {
  const auto seeds = [](const std::string& text) {
    return make_settings(fake_spec(), {{"seeds", text}}).seeds;
  };
  CHECK(seeds("3") == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(seeds("3,") == std::vector<std::uint64_t>{3});
  CHECK(seeds("5,2") == std::vector<std::uint64_t>{5, 2});
}

TEST_CASE("settings written out make the same settings", "[bench][settings]") {
  const auto settings = fake_settings({{"seeds", "7,"}, {"noise", "1e-05,0.3"}, {"quick", "yes"}});
  const auto again = make_settings(fake_spec(), settings.to_overrides());
  CHECK(again.config.to_toml() == settings.config.to_toml());
  CHECK(again.seeds == settings.seeds);
  CHECK(again.axes == settings.axes);
  // however a list was typed
  CHECK(fake_settings({{"seeds", "2"}}).to_overrides() ==
        fake_settings({{"seeds", "0,1"}, {"noise", "0.0,0.10"}}).to_overrides());
}

TEST_CASE("settings that make no sense are refused", "[bench][settings]") {
  CHECK(refusal({{"seeds", "0"}}) == "seeds: 0 is not from 1 to 10000");
  CHECK(refusal({{"seeds", "1,1"}}) == "seeds: one is given twice");
  CHECK(refusal({{"seeds", ","}}) == "seeds: '' is not a whole number of at least 0");
  CHECK(refusal({{"noise", "-0.1"}}) == "noise = -0.1: must lie in [0, 10]");
  CHECK(refusal({{"noise", "nan"}}) == "noise = nan: must lie in [0, 10]");
  CHECK(refusal({{"noise", ""}}) == "noise: there are none");
  CHECK(refusal({{"horizon", "500"}}) == "horizon = 500: must lie in [0, 100] s");
  CHECK(refusal({{"weight_decay", "2"}}) == "weight_decay = 2: must lie in [0, 1]");
  CHECK_THAT(refusal({{"rows", "vanila"}}),
             Catch::Contains("unknown row 'vanila'; did you mean 'vanilla'?"));
  CHECK_THAT(refusal({{"nois", "0"}}),
             Catch::Contains("fake: unknown setting 'nois'; did you mean 'noise'?"));
}

TEST_CASE("an axis of whole numbers takes no others", "[bench][settings]") {
  TableSpec spec = fake_spec();
  spec.axes.push_back({.name = "steps", .max = 1000, .values = {50}, .is_whole = true});
  CHECK(make_settings(spec, {{"steps", "2,30"}}).axes.at("steps") == std::vector<double>{2, 30});
  CHECK_THROWS_WITH(make_settings(spec, {{"steps", "2,30.5"}}),
                    "steps = 30.5: must be a whole number");
}

TEST_CASE("a row that is not made by default is asked for by name, or with all",
          "[bench][settings]") {
  using Names = std::vector<std::string>;
  TableSpec spec = fake_spec();
  spec.rows[1].by_default = false;
  const auto rows = [&](const std::string& text) {
    return make_settings(spec, {{"rows", text}}).rows;
  };
  CHECK(rows("") == Names{"vanilla", "tailored"});
  CHECK(rows("control") == Names{"control"});
  CHECK(rows("all") == Names{"vanilla", "control", "tailored"});
  // what is kept of the settings makes the same rows again
  const auto kept = make_settings(spec, {{"rows", "all"}}).to_overrides();
  CHECK(make_settings(spec, kept).rows == rows("all"));
  CHECK(make_settings(spec, make_settings(spec, {}).to_overrides()).rows == rows(""));
  const auto described = settings_of(spec, false);
  CHECK(std::ranges::find(described, "rows", &dataset::SettingSpec::key)->description ==
        "those to make, separated by commas, or 'all'; all but control unless given");
}

TEST_CASE("places are all combinations of the swept axes alone", "[bench][settings]") {
  TableSpec spec = fake_spec();
  spec.axes.push_back({.name = "train_size", .max = 1000, .values = {50, 100}, .is_swept = true});
  const auto places = swept_places(spec, make_settings(spec, {}));
  REQUIRE(places.size() == 4);
  CHECK(places[1] == Coordinates{{"noise", 0}, {"train_size", 100}});
  CHECK(places[2] == Coordinates{{"noise", 0.1}, {"train_size", 50}});
  spec.axes.clear();
  CHECK(swept_places(spec, make_settings(spec, {})) == std::vector<Coordinates>{{}});
}

}  // namespace noether::bench
