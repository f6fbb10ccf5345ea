#include "dataset/make/kind.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "dataset/store/schema.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::DatasetFile;

TEST_CASE("every dataset is made by the kind of its schema, and its file is of that kind",
          "[dataset][kind]") {
  const test::TempFolder folder;
  REQUIRE(dataset::all_datasets().size() >= 24);
  for (const auto& spec : dataset::all_datasets()) {
    INFO(spec.name);
    const auto path = folder / (spec.name + ".h5");
    test::generate(test::recipe_of(spec.name, {{"n", "1"}, {"steps", "3"}}), path);
    const DatasetFile file(path);
    const dataset::Kind& kind = dataset::kind_of(file);
    CHECK(kind.schema == spec.schema);
    REQUIRE(kind.making.has_value());
    CHECK(&*kind.making == &dataset::making_of(spec));
    CHECK(file.text("system") == spec.name);
    CHECK(kind.image(file, 0).width_px > 0);
    CHECK_FALSE(kind.csv(file).columns.empty());
  }
}

TEST_CASE("what was imported is of a kind that nothing generates", "[dataset][kind]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const auto kind_of_system = [&](const std::string& system) -> const dataset::Kind& {
    test::rewrite(folder / "a.h5", folder / (system + ".h5"),
                  [&](dataset::Layout& layout) { test::attribute_of(layout, "system") = system; });
    return dataset::kind_of(DatasetFile(folder / (system + ".h5")));
  };
  CHECK_FALSE(kind_of_system("imported").making.has_value());
  CHECK(kind_of_system("imported").csv != nullptr);
  // somebody else's system: known for what it is, though not by name
  CHECK(kind_of_system("bell").making.has_value());
}

TEST_CASE("a dataset of a schema that no kind makes is refused by name", "[dataset][kind]") {
  const dataset::DatasetSpec bells{"bells", "", "noether/bells", "", "", {}};
  CHECK(test::message_of<base::UsageError>([&] { dataset::making_of(bells); }) ==
        "'bells' cannot be generated");
}
