#include <catch2/catch.hpp>
#include <cmath>

#include "dataset/store/seal.h"
#include "tests/cli/failure.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/foreign_file.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Layout;
using test::check_failure;

namespace {

constexpr int check_failed = 1;
constexpr int data = 3;

// A folder with a good file, and copies of it that are not.
class FileFixture {
 public:
  FileFixture() { test::generate(test::small_springs(), good()); }

 protected:
  std::filesystem::path good() const { return folder_ / "good.h5"; }
  std::filesystem::path bad() const { return folder_ / "bad.h5"; }
  std::filesystem::path picture() const { return folder_ / "a.png"; }

  // Every verb that reads a dataset refuses bad() with this sentence and writes nothing.
  void check_unreadable(const std::string& sentence) const {
    check_failure({"inspect", bad()}, data, sentence);
    check_failure({"render", bad(), "-o", picture()}, data, sentence);
    check_failure({"rollout", "spring", "--input", bad(), "-o", folder_ / "out.h5"}, data,
                  sentence);
    CHECK(test::names_in(folder_.path()) == test::Names{"bad.h5", "good.h5"});
  }

  // validate prints its table, with this sentence in it, and fails.
  void check_invalid(const std::string& sentence) const {
    const auto result = test::run({"validate", bad(), "--jobs", "1"});
    CHECK(result.exit_code == check_failed);
    CHECK_THAT(result.out, Catch::Contains(sentence) && Catch::Contains("FAILED"));
    CHECK(test::is_one_sentence(result.err));
    CHECK_THAT(result.err, Catch::Contains("bad.h5' is not valid: "));
  }

  // The same for bad() as `change` leaves good(), with checksums and seal made anew.
  template <class Change>
  void check_invalid_after(Change change, const std::string& sentence) const {
    test::rewrite(good(), bad(), change);
    check_invalid(sentence);
  }

 private:
  test::TempFolder folder_;
};

}  // namespace

TEST_CASE_METHOD(FileFixture, "a file that is no HDF5 file is refused by every verb",
                 "[cli][files]") {
  test::write_bytes(bad(), "time,angle\n0,1\n");
  check_unreadable("bad.h5' is not an HDF5 file");
  check_invalid("the file is not an HDF5 file");
  test::write_bytes(bad(), "");
  check_unreadable("bad.h5' is empty");
  check_invalid("the file is empty");
}

TEST_CASE_METHOD(FileFixture, "a file that is missing or a folder is refused by every verb",
                 "[cli][files]") {
  const std::string none = bad();
  const std::string folder = bad().parent_path();
  for (const std::string verb : {"inspect", "validate"}) {
    check_failure({verb, none}, data, "bad.h5' does not exist");
    check_failure({verb, folder}, data, "' is a directory");
  }
  check_failure({"render", none, "-o", picture()}, data, "bad.h5' does not exist");
  check_failure({"rollout", "spring", "--input", none, "-o", bad()}, data, "does not exist");
  CHECK_FALSE(std::filesystem::exists(bad()));
}

TEST_CASE_METHOD(FileFixture, "a truncated file is refused by every verb", "[cli][files]") {
  const std::string bytes = test::read_bytes(good());
  test::write_bytes(bad(), bytes.substr(0, bytes.size() / 2));
  check_unreadable("it was cut or extended");
  check_invalid("it was cut or extended");
}

TEST_CASE_METHOD(FileFixture, "a file with a changed byte is refused by every verb",
                 "[cli][files]") {
  const std::string bytes = test::read_bytes(good());
  test::write_bytes(bad(), test::flipped(bytes, bytes.size() / 2));
  check_unreadable("has changed since it was written (its checksum differs)");
  check_invalid("has changed since it was written (its checksum differs)");
}

TEST_CASE_METHOD(FileFixture, "a file without a seal that HDF5 cannot read is refused",
                 "[cli][files]") {
  test::write_foreign(bad(), {{"a", {100}, test::Doubles(100)}});
  const std::string bytes = test::read_bytes(bad());
  test::write_bytes(bad(), bytes.substr(0, bytes.size() - 300));
  check_unreadable("bad.h5' is damaged: ");
}

TEST_CASE_METHOD(FileFixture, "wrong and newer schemas are told", "[cli][files]") {
  const auto newer = [](Layout& layout) {
    test::attribute_of(layout, "schema_version") = std::string("2.0.0");
  };
  const std::string sentence = "the schema version is '2.0.0'; this program reads 1.0.0";
  check_invalid_after(newer, sentence);
  check_failure({"render", bad(), "-o", picture()}, data, sentence);
  check_invalid_after(
      [](Layout& layout) { test::attribute_of(layout, "schema") = std::string("minari"); },
      "the schema is 'minari'; known are");
  test::write_foreign(bad(), {{"a", {1}, test::Doubles{1}}});
  check_invalid("the attribute 'schema' is missing: this is no dataset of this suite");
  check_failure({"render", bad(), "-o", picture()}, data, "this is no dataset of this suite");
}

TEST_CASE_METHOD(FileFixture, "missing arrays and attributes are told", "[cli][files]") {
  const auto without_state = [](Layout& layout) {
    std::erase_if(layout.arrays, [](const auto& a) { return a.path == "trajectories/state"; });
  };
  check_invalid_after(without_state, "the array 'trajectories/state' is missing");
  check_failure({"render", bad(), "-o", picture()}, data, "'trajectories/state' is missing");
  check_invalid_after(
      [](Layout& layout) {
        std::erase_if(layout.attributes, [](const auto& a) { return a.name == "system"; });
      },
      "the attribute 'system' is missing");
}

TEST_CASE_METHOD(FileFixture, "wrong types, ranks and shapes are told", "[cli][files]") {
  const auto change_state = [this](auto change, const std::string& sentence) {
    check_invalid_after(
        [&](Layout& layout) { change(test::array_of(layout, "trajectories/state")); }, sentence);
    check_failure({"render", bad(), "-o", picture()}, data, sentence);
  };
  change_state([](dataset::Array& array) { array.type = dataset::ElementType::i8; },
               "'trajectories/state' holds int64 where float64 was expected");
  change_state(
      [](dataset::Array& array) {
        array.shape = {10, 10};
      },
      "'trajectories/state' has shape (10, 10) where rank 3 was expected");
  change_state(
      [](dataset::Array& array) {
        array.shape = {10, 2, 5};
      },
      "'trajectories/state' has shape (10, 2, 5) whose axis 1 does not agree with the 5");
}

TEST_CASE_METHOD(FileFixture, "a checksum that does not fit is told", "[cli][files]") {
  std::string bytes = test::read_bytes(good());
  const auto sha = dataset::open_h5(good()).text_attribute("trajectories/observation", "sha256");
  bytes.replace(bytes.find(sha), 4, "0000");
  test::write_bytes(bad(), bytes);
  dataset::seal(bad());
  check_invalid("'trajectories/observation' does not have the SHA-256 that is stated");
}

TEST_CASE_METHOD(FileFixture, "a NaN is told", "[cli][files]") {
  check_invalid_after(
      [](Layout& layout) {
        test::set_element(test::array_of(layout, "trajectories/state"), 4, double{NAN});
      },
      "'trajectories/state' holds a non-finite number");
}

TEST_CASE_METHOD(FileFixture, "a state that the equations do not give is told", "[cli][files]") {
  check_invalid_after(
      [](Layout& layout) {
        test::set_element(test::array_of(layout, "trajectories/state"), 4, 0.5);
      },
      "'trajectories/state', sample 0: element 4 differs from the replay");
}

TEST_CASE_METHOD(FileFixture, "a picture that exists or has no known ending is refused",
                 "[cli][files]") {
  check_failure({"render", good(), "-o", good().parent_path() / "a.gif"}, 2,
                "the output must end in .png or .webp");
  test::write_bytes(picture(), "notes");
  check_failure({"render", good(), "-o", picture()}, data, "a.png' exists");
  CHECK(test::read_bytes(picture()) == "notes");
  check_failure({"render", good(), "-o", good().parent_path() / "a.webp"}, 2,
                "a trajectory file has no frames");
  CHECK_FALSE(std::filesystem::exists(good().parent_path() / "a.webp"));
}
