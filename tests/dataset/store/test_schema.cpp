#include "dataset/store/schema.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "dataset/make/kind.h"
#include "dataset/store/dataset_file.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::ElementType;
using dataset::Layout;

namespace {

using Sentences = std::vector<std::string>;

// A folder with a valid file of each form, and what is wrong with changed copies of them.
class SchemaFixture {
 public:
  SchemaFixture() {
    test::generate(test::small_springs(), folder_ / "trajectories.h5");
    test::generate(test::small_episodes(), folder_ / "episodes.h5");
    test::generate(test::small_films(), folder_ / "films.h5");
  }

 protected:
  template <class Change>
  Sentences violations(const std::string& name, Change change) const {
    test::rewrite(folder_ / (name + ".h5"), folder_ / "changed.h5", change);
    return dataset::form_violations(dataset::open_h5(folder_ / "changed.h5"));
  }
  std::filesystem::path path(const std::string& name) const { return folder_ / (name + ".h5"); }

 private:
  test::TempFolder folder_;
};

// films are episodes of version 1.1.0
const dataset::Schema& schema_of(const std::string& name) {
  if (name == "films")
    return dataset::find_schema(dataset::episodes_schema, dataset::films_version);
  return dataset::find_schema("noether/" + name);
}

void no_change(Layout&) {}

// the array as (1, 1): a rank that no rule of one or three axes expects, kept small
void set_shape(dataset::Array& array, dataset::Shape shape) {
  array.shape = std::move(shape);
  array.content.assign(static_cast<std::size_t>(dataset::element_count(array.shape)) *
                           dataset::element_bytes(array.type),
                       std::byte{0});
}

}  // namespace

TEST_CASE_METHOD(SchemaFixture, "files as generated, and copies of them, have no violations",
                 "[dataset][schema]") {
  for (const std::string name : {"trajectories", "episodes", "films"}) {
    CHECK(dataset::form_violations(dataset::open_h5(path(name))).empty());
    CHECK(violations(name, no_change).empty());
    CHECK_NOTHROW(dataset::DatasetFile(path("changed")));
  }
}

TEST_CASE_METHOD(SchemaFixture, "each missing array is named", "[dataset][schema]") {
  for (const std::string name : {"trajectories", "episodes", "films"}) {
    for (const auto& rule : schema_of(name).arrays) {
      INFO(rule.path);
      CHECK(violations(name, [&](Layout& layout) {
              std::erase_if(layout.arrays, [&](const auto& a) { return a.path == rule.path; });
            }) == Sentences{"the array '" + rule.path + "' is missing"});
    }
  }
}

TEST_CASE_METHOD(SchemaFixture, "each missing attribute is named", "[dataset][schema]") {
  for (const std::string name : {"trajectories", "episodes", "films"}) {
    for (const auto& rule : schema_of(name).attributes) {
      // those that the writer adds, and those without which the schema is not known
      if (rule.name == "complete" || rule.name == "content_sha256") continue;
      if (rule.name.starts_with("schema")) continue;
      INFO(rule.name);
      CHECK(violations(name, [&](Layout& layout) {
              std::erase_if(layout.attributes, [&](const auto& a) { return a.name == rule.name; });
            }) == Sentences{"the attribute '" + rule.name + "' is missing"});
    }
  }
}

TEST_CASE_METHOD(SchemaFixture, "an attribute of another type is named", "[dataset][schema]") {
  CHECK(violations("trajectories", [](Layout& layout) {
          test::attribute_of(layout, "rtol") = std::string("small");
        }) == Sentences{"the attribute 'rtol' is not number as expected"});
}

TEST_CASE_METHOD(SchemaFixture, "each array of another type is named with both types",
                 "[dataset][schema]") {
  for (const std::string name : {"trajectories", "episodes", "films"}) {
    for (const auto& rule : schema_of(name).arrays) {
      if (rule.type == ElementType::text) continue;
      INFO(rule.path);
      CHECK(violations(name,
                       [&](Layout& layout) {
                         auto& array = test::array_of(layout, rule.path);
                         array.type = ElementType::i1;
                         set_shape(array, array.shape);
                       }) ==
            Sentences{"'" + rule.path + "' holds int8 where " +
                      std::string(dataset::element_name(rule.type)) + " was expected"});
    }
  }
}

TEST_CASE_METHOD(SchemaFixture, "each array of another rank is named", "[dataset][schema]") {
  for (const std::string name : {"trajectories", "episodes", "films"}) {
    for (const auto& rule : schema_of(name).arrays) {
      if (rule.type == ElementType::text) continue;
      INFO(rule.path);
      const auto found = violations(name, [&](Layout& layout) {
        auto& array = test::array_of(layout, rule.path);
        array.shape.push_back(1);
      });
      REQUIRE_FALSE(found.empty());
      CHECK_THAT(
          found.front(),
          Catch::StartsWith("'" + rule.path + "' has shape (") &&
              Catch::EndsWith(" where rank " + std::to_string(rule.axes.size()) + " was expected"));
    }
  }
}

TEST_CASE_METHOD(SchemaFixture, "extents that do not agree are named with what they should be",
                 "[dataset][schema]") {
  CHECK(violations("trajectories",
                   [](Layout& layout) {
                     set_shape(test::array_of(layout, "trajectories/observation"), {10, 4, 2});
                   }) ==
        Sentences{"'trajectories/observation' has shape (10, 4, 2) whose axis 1 does not "
                  "agree with the 5 of 'dimensions/time'"});
  CHECK(violations("trajectories",
                   [](Layout& layout) {
                     set_shape(test::array_of(layout, "trajectories/invariants/energy"), {9, 5});
                   }) ==
        Sentences{"'trajectories/invariants/energy' has shape (9, 5) whose axis 0 does not "
                  "agree with the 10 of 'trajectories/state'"});
  CHECK(violations(
            "episodes",
            [](Layout& layout) {
              set_shape(test::array_of(layout, "episodes/observations/pixels"), {3, 21, 8, 8, 4});
            }) ==
        Sentences{"'episodes/observations/pixels' has shape (3, 21, 8, 8, 4) whose axis 4 "
                  "does not agree with the 3 of the schema"});
}

TEST_CASE_METHOD(SchemaFixture, "frames of films are grey or have three colors",
                 "[dataset][schema]") {
  const auto with_channels = [&](std::int64_t channels) {
    return violations("films", [&](Layout& layout) {
      set_shape(test::array_of(layout, dataset::pixels_array), {3, 5, 8, 8, channels});
    });
  };
  CHECK(with_channels(1).empty());
  CHECK(with_channels(3).empty());
  CHECK(with_channels(2) == Sentences{"frames have 2 channels, not 1 or 3"});
}

TEST_CASE_METHOD(SchemaFixture, "as many times as steps are one too few", "[dataset][schema]") {
  const auto found = violations("episodes", [](Layout& layout) {
    for (const std::string name : {"actions", "rewards", "terminations", "truncations"}) {
      auto& array = test::array_of(layout, "episodes/" + name);
      auto shape = array.shape;
      shape[1] = 21;
      set_shape(array, shape);
    }
  });
  CHECK(found == Sentences{"21 steps need 22 times, not 21"});
}

TEST_CASE_METHOD(SchemaFixture, "a newer major version is refused, a newer minor one is read",
                 "[dataset][schema]") {
  const auto with_version = [&](const std::string& version) {
    return violations("trajectories", [&](Layout& layout) {
      test::attribute_of(layout, "schema_version") = version;
    });
  };
  CHECK(with_version("2.0.0") == Sentences{"the schema version is '2.0.0'; this program reads "
                                           "1.0.0: a newer version of noether reads it"});
  CHECK(with_version("1.9.3").empty());
}

TEST_CASE_METHOD(SchemaFixture, "a newer minor version of episodes has the form of its arrays",
                 "[dataset][schema]") {
  for (const bool is_film : {true, false}) {
    const auto later = [](Layout& layout) {
      test::attribute_of(layout, "schema_version") = std::string("1.2.0");
    };
    CHECK(violations(is_film ? "films" : "episodes", later).empty());
    const dataset::DatasetFile file(path("changed"));
    CHECK(file.has_actions() != is_film);
    CHECK(dataset::kind_of(file).making.has_value() != is_film);
    CHECK(dataset::kind_of(file).animation(file, 0).size() == (is_film ? 5 : 21));
  }
}

TEST_CASE_METHOD(SchemaFixture,
                 "an older major version is refused with the command to make it anew",
                 "[dataset][schema]") {
  const auto with_version = [&](const std::string& version, const std::string& command) {
    return violations("trajectories", [&](Layout& layout) {
      test::attribute_of(layout, "schema_version") = version;
      test::attribute_of(layout, "command_line") = command;
    });
  };
  const std::string command = "noether generate spring --n 10 --seed 0";
  CHECK(with_version("0.9.0", command) ==
        Sentences{"the schema version is '0.9.0'; this program reads 1.0.0: make the file again, "
                  "by `noether generate spring --n 10 --seed 0`"});
  CHECK(with_version("", "") ==
        Sentences{"the schema version is ''; this program reads 1.0.0: make the file again"});
}

TEST_CASE_METHOD(SchemaFixture, "another schema, or none, is refused", "[dataset][schema]") {
  CHECK(violations("trajectories",
                   [](Layout& layout) {
                     test::attribute_of(layout, "schema") = std::string("minari");
                   }) == Sentences{"the schema is 'minari'; known are 'noether/trajectories' and "
                                   "'noether/episodes'"});
  CHECK(violations("trajectories", [](Layout& layout) { layout.attributes.clear(); }) ==
        Sentences{"the attribute 'schema' is missing: this is no dataset of this suite"});
}

TEST_CASE_METHOD(SchemaFixture, "a dataset of wrong form does not open and says how much more",
                 "[dataset][schema]") {
  violations("trajectories", [](Layout& layout) {
    std::erase_if(layout.arrays, [](const auto& a) { return a.path.starts_with("splits/"); });
  });
  const auto message =
      test::message_of<base::DataError>([&] { dataset::DatasetFile(path("changed")); });
  CHECK_THAT(message, Catch::EndsWith("changed.h5': the array 'splits/train' is missing (and 2 "
                                      "more; `validate` lists all)"));
}
