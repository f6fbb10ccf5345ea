#include <catch2/catch.hpp>

#include "dataset/store/h5.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::AttributeValue;

namespace {

// any text without the NUL that ends an HDF5 string
rc::Gen<std::string> any_text() {
  return rc::gen::container<std::string>(rc::gen::nonZero<char>());
}

AttributeValue random_value() {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      return *rc::gen::arbitrary<std::int8_t>();
    case 1:
      return *rc::gen::arbitrary<std::int64_t>();
    case 2:
      return *rc::gen::arbitrary<std::uint64_t>();
    case 3:
      return *rc::gen::arbitrary<double>();
    case 4:
      return *rc::gen::arbitrary<bool>();
    case 5:
      return *any_text();
    default:
      return *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(any_text()));
  }
}

}  // namespace

TEST_CASE("an attribute reads back as what was set, on the root and on an array",
          "[store][attribute]") {
  const test::TempFolder folder;
  CHECK(test::holds("round trip", 200, [&] {
    const AttributeValue of_root = random_value();
    const AttributeValue of_array = random_value();
    {
      auto file = dataset::H5File::create(folder / "a.h5");
      file.set_attribute("", {"x", of_root});
      file.create_array({.path = "g/a", .shape = {}, .attributes = {{"y", of_array}}});
      file.close();
    }
    const auto file = dataset::H5File::open(folder / "a.h5");
    RC_ASSERT((file.attribute("", "x") == of_root));
    RC_ASSERT((file.attribute("g/a", "y") == of_array));
  }));
}

TEST_CASE("attribute names are listed in order, absent ones are nothing", "[store][attribute]") {
  const test::TempFolder folder;
  auto file = dataset::H5File::create(folder / "a.h5");
  for (const char* name : {"units", "atol", "description"}) {
    file.set_attribute("", {name, std::string("1")});
  }
  CHECK(file.attribute_names("") == std::vector<std::string>{"atol", "description", "units"});
  CHECK_FALSE(file.attribute("", "rtol").has_value());
  CHECK(file.text_attribute("", "rtol").empty());
}

TEST_CASE("a number is no text attribute", "[store][attribute]") {
  const test::TempFolder folder;
  auto file = dataset::H5File::create(folder / "a.h5");
  file.set_attribute("", {"dt", 0.05});
  CHECK(file.text_attribute("", "dt").empty());
}
