#include "dataset/exchange/validate.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/seal.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Layout;

namespace {

using Failed = std::vector<std::string>;

// the names of the checks that failed
Failed failed(const std::filesystem::path& path, std::int64_t replay = -1) {
  Failed names;
  for (const auto& check : dataset::validate(path, {.replay = replay, .jobs = 1})) {
    if (!check.violations.empty()) names.push_back(check.name);
  }
  return names;
}

std::vector<std::string> violations(const std::filesystem::path& path, const std::string& name) {
  for (const auto& check : dataset::validate(path, {.replay = -1, .jobs = 1})) {
    if (check.name == name) return check.violations;
  }
  return {};
}

class ValidateFixture {
 public:
  ValidateFixture() { test::generate(test::small_springs(), path("springs")); }

 protected:
  std::filesystem::path path(const std::string& name) const { return folder_ / (name + ".h5"); }
  template <class Change>
  std::filesystem::path changed(Change change) const {
    test::rewrite(path("springs"), path("changed"), change);
    return path("changed");
  }

 private:
  test::TempFolder folder_;
};

// where the numbers of the array stand in the file, unfiltered but for the checksum
std::size_t offset_of(const std::string& file, const std::vector<double>& values) {
  return file.find(
      std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)));
}

// `value`, its last number changed
dataset::AttributeValue changed_last(dataset::AttributeValue value) {
  if (auto* list = std::get_if<std::vector<double>>(&value)) list->back() += 1e-6;
  if (auto* number = std::get_if<double>(&value)) *number += 1e-6;
  return value;
}

}  // namespace

TEST_CASE_METHOD(ValidateFixture, "a file as generated passes every check", "[dataset][validate]") {
  const auto checks = dataset::validate(path("springs"), {.replay = -1});
  CHECK(dataset::violation_count(checks) == 0);
  Failed names;
  for (const auto& check : checks) names.push_back(check.name);
  CHECK(names == Failed{"seal", "form", "checksums", "finite", "splits", "invariants", "replay"});
  CHECK(checks.back().what == "10 of 10 samples made anew");
}

TEST_CASE_METHOD(ValidateFixture,
                 "a copy written anew passes too: the changes below are what fails",
                 "[dataset][validate]") {
  CHECK(failed(changed([](Layout&) {})).empty());
}

TEST_CASE_METHOD(ValidateFixture,
                 "a changed byte of the numbers breaks the seal, and HDF5 tells the array",
                 "[dataset][validate]") {
  const std::string bytes = test::read_bytes(path("springs"));
  const auto times = dataset::DatasetFile(path("springs")).read<double>("dimensions/time");
  const auto offset = offset_of(bytes, times);
  REQUIRE(offset != std::string::npos);
  test::write_bytes(path("changed"), test::flipped(bytes, offset + 9));
  const auto found = violations(path("changed"), "seal");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "the file is damaged: it has changed since it was written (its checksum differs)");
  CHECK_THAT(found[1], Catch::Contains("'dimensions/time'"));
}

TEST_CASE_METHOD(ValidateFixture, "a new seal does not hide a changed byte of the numbers",
                 "[dataset][validate]") {
  const std::string bytes = test::read_bytes(path("springs"));
  const auto times = dataset::DatasetFile(path("springs")).read<double>("dimensions/time");
  const auto offset = offset_of(bytes, times);
  REQUIRE(offset != std::string::npos);
  test::write_bytes(path("changed"), test::flipped(bytes, offset + 9));
  dataset::seal(path("changed"));
  CHECK(dataset::check_seal(path("changed")).state == dataset::SealState::intact);
  const auto found = violations(path("changed"), "checksums");
  REQUIRE_FALSE(found.empty());
  CHECK_THAT(found.front(), Catch::Contains("'dimensions/time'"));
}

TEST_CASE_METHOD(ValidateFixture, "a new seal does not hide a wrong checksum",
                 "[dataset][validate]") {
  std::string bytes = test::read_bytes(path("springs"));
  const dataset::DatasetFile file(path("springs"));
  const auto sha = file.h5().text_attribute("trajectories/state", "sha256");
  const auto offset = bytes.find(sha);
  REQUIRE(offset != std::string::npos);
  bytes[offset] = bytes[offset] == '0' ? '1' : '0';
  test::write_bytes(path("changed"), bytes);
  dataset::seal(path("changed"));
  // attribute texts lie in a heap without checksum of its own: only ours notices
  CHECK(failed(path("changed")) == Failed{"checksums"});
  CHECK(violations(path("changed"), "checksums").size() == 2);  // the array's and the file's
}

TEST_CASE_METHOD(ValidateFixture, "a mean or deviation that is not that of the numbers is named",
                 "[dataset][validate]") {
  const dataset::DatasetFile file(path("springs"));
  for (const std::string array : {"trajectories/state", "trajectories/invariants/energy"}) {
    for (const std::string wrong : {"mean", "std", "none"}) {
      INFO(array << " " << wrong);
      const auto copy = changed([&](Layout& layout) {
        for (const std::string name : {"mean", "std"}) {
          const auto stated = file.h5().attribute(array, name).value();
          test::array_of(layout, array)
              .attributes.push_back({name, name == wrong ? changed_last(stated) : stated});
        }
      });
      const auto found = violations(copy, "checksums");
      REQUIRE(found.size() == (wrong == "none" ? 0 : 1));
      if (found.empty()) continue;
      CHECK(found.front() ==
            fmt::format("'{}' does not have the attribute '{}' of its numbers", array, wrong));
    }
  }
}

TEST_CASE_METHOD(ValidateFixture, "a NaN is found with its place", "[dataset][validate]") {
  const auto file = changed([](Layout& layout) {
    test::set_element(test::array_of(layout, "trajectories/observation"), 13, double{NAN});
  });
  CHECK(violations(file, "finite") ==
        std::vector<std::string>{
            "'trajectories/observation' holds a non-finite number, element 13 from row 0 on"});
  CHECK_FALSE(violations(file, "replay").empty());
  CHECK(violations(file, "checksums").empty());
}

TEST_CASE_METHOD(ValidateFixture, "splits that overlap, leave out or invent samples are found",
                 "[dataset][validate]") {
  const auto with_first_test_index = [&](std::int64_t index) {
    return violations(changed([&](Layout& layout) {
                        test::set_element(test::array_of(layout, "splits/test"), 0, index);
                      }),
                      "splits");
  };
  // the test split is 5, 6, 7, 8, 9
  CHECK(with_first_test_index(0) ==
        std::vector<std::string>{"sample 0 is in two splits", "sample 5 is in no split"});
  CHECK(with_first_test_index(10) ==
        std::vector<std::string>{"'splits/test' holds 10, which is no sample of 10",
                                 "sample 5 is in no split"});
  CHECK(with_first_test_index(-1).size() == 2);
}

TEST_CASE_METHOD(ValidateFixture, "an invariant that drifts is found with its trajectory",
                 "[dataset][validate]") {
  const auto file = changed([](Layout& layout) {
    auto& energy = test::array_of(layout, "trajectories/invariants/energy");
    // trajectory 3, point 2
    test::set_element(energy, 3 * 5 + 2, 1e3);
  });
  const auto found = violations(file, "invariants");
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0],
             Catch::StartsWith("'energy' breaks its law by ") && Catch::Contains("trajectory 3;"));
}

TEST_CASE_METHOD(ValidateFixture, "one changed number of any array differs from the replay",
                 "[dataset][validate]") {
  for (const std::string array : {"state", "observation", "dstate_dt", "initial_state"}) {
    INFO(array);
    const auto file = changed([&](Layout& layout) {
      // the last element, changed by far more than another libm could
      auto& content = test::array_of(layout, "trajectories/" + array);
      const auto last = content.content.size() / sizeof(double) - 1;
      test::set_element(content, last, 0.123);
    });
    const auto found = violations(file, "replay");
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::StartsWith("'trajectories/" + array + "', sample 9: element "));
  }
}

TEST_CASE_METHOD(ValidateFixture, "trajectories of another seed differ from the replay",
                 "[dataset][validate]") {
  test::generate(test::small_springs({{"seed", "1"}}), path("others"));
  auto others = test::read_layout(path("others"));
  const auto file = changed([&](Layout& layout) {
    for (const std::string name :
         {"state", "observation", "dstate_dt", "initial_state", "invariants/energy"}) {
      const std::string array = "trajectories/" + name;
      test::array_of(layout, array).content = test::array_of(others, array).content;
    }
  });
  CHECK(failed(file) == Failed{"replay"});
}

TEST_CASE_METHOD(ValidateFixture, "a configuration that did not make the file is found",
                 "[dataset][validate]") {
  const auto with_config = [&](const std::string& toml) {
    return violations(
        changed([&](Layout& layout) { test::array_of(layout, "provenance/config").text = {toml}; }),
        "replay");
  };
  const auto toml = [](const dataset::Overrides& overrides) {
    return test::small_springs(overrides).config_toml;
  };
  CHECK_FALSE(with_config(toml({{"seed", "1"}})).empty());
  CHECK_FALSE(with_config(toml({{"noise_std", "0.2"}})).empty());
  CHECK(with_config(toml({{"n", "11"}})) ==
        std::vector<std::string>{"the configuration gives 11 samples, the file holds 10"});
  CHECK_FALSE(with_config(toml({{"steps", "6"}})).empty());
  CHECK_FALSE(with_config("n = = 3").empty());
  CHECK_FALSE(with_config("").empty());
}

TEST_CASE_METHOD(ValidateFixture, "a number in the root that is not the configuration's is found",
                 "[dataset][validate]") {
  const auto with = [&](const std::string& name, const dataset::AttributeValue& value) {
    return violations(changed([&](Layout& layout) { test::attribute_of(layout, name) = value; }),
                      "replay");
  };
  CHECK(with("rtol", 1e-6) ==
        std::vector<std::string>{"the attribute 'rtol' is not what the configuration gives"});
  CHECK(with("seed", std::uint64_t{5}).size() == 1);
  CHECK(with("n_steps", std::int64_t{6}).size() == 1);
}

TEST_CASE_METHOD(ValidateFixture, "episodes that were changed differ from the replay",
                 "[dataset][validate]") {
  test::generate(test::small_episodes(), path("episodes"));
  CHECK(failed(path("episodes")).empty());
  test::rewrite(path("episodes"), path("changed"), [](Layout& layout) {
    auto& pixels = test::array_of(layout, "episodes/observations/pixels");
    pixels.content.back() ^= std::byte{1};
  });
  CHECK(failed(path("changed")) == Failed{"replay"});
  CHECK(violations(path("changed"), "replay") ==
        std::vector<std::string>{"'episodes/observations/pixels', sample 2: element 4031 differs "
                                 "from the replay"});
}

TEST_CASE_METHOD(ValidateFixture, "a file of wrong form is checked as far as that goes",
                 "[dataset][validate]") {
  const auto file = changed([](Layout& layout) {
    std::erase_if(layout.arrays, [](const auto& a) { return a.path == "splits/valid"; });
  });
  CHECK(failed(file) == Failed{"form"});
  test::write_foreign(path("foreign"), {{"a", {1}, test::Doubles{1}}});
  CHECK(failed(path("foreign")) == Failed{"form"});
}

TEST_CASE_METHOD(ValidateFixture, "what is no HDF5 file fails its seal and stops there",
                 "[dataset][validate]") {
  for (const auto& bytes : {std::string(), std::string("text"), std::string(4096, '\0')}) {
    test::write_bytes(path("changed"), bytes);
    CHECK(failed(path("changed")) == Failed{"seal"});
  }
  CHECK_THROWS_AS(dataset::validate(path("none")), base::DataError);
}

TEST_CASE_METHOD(ValidateFixture, "replay can be left out or taken at evenly spaced blocks",
                 "[dataset][validate]") {
  CHECK(dataset::validate(path("springs"), {.replay = 0}).back().what == "skipped");
  // blocks are as large as they are made: all ten springs in one
  CHECK(dataset::validate(path("springs"), {.replay = 1}).back().what ==
        "10 of 10 samples made anew");
}
