#include "dataset/store/seal.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/sha256.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/writer.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::SealState;

namespace {

// a sealed file of one array; returns its bytes
std::string make_sealed(const std::filesystem::path& path) {
  const std::vector<double> values{1, 2, 3};
  dataset::write_dataset({.attributes = {{"name", std::string("small")}},
                          .arrays = {{.path = "a",
                                      .shape = {3},
                                      .attributes = {},
                                      .content = dataset::to_bytes<double>(values)}}},
                         path);
  return test::read_bytes(path);
}

SealState state_of(const std::filesystem::path& path, const std::string& bytes) {
  test::write_bytes(path, bytes);
  return dataset::check_seal(path).state;
}

}  // namespace

TEST_CASE("a file that was just written is intact and opens", "[store][seal]") {
  const test::TempFolder folder;
  make_sealed(folder / "a.h5");
  CHECK(dataset::has_seal(folder / "a.h5"));
  CHECK(dataset::check_seal(folder / "a.h5").state == SealState::intact);
  CHECK(dataset::open_h5(folder / "a.h5").contains("a"));
}

TEST_CASE("every changed byte breaks the seal", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    INFO("byte " << at);
    CHECK(state_of(folder / "b.h5", test::flipped(bytes, at)) == SealState::broken);
  }
}

TEST_CASE("every truncation breaks the seal", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO("cut to " << size << " bytes");
    CHECK(state_of(folder / "b.h5", bytes.substr(0, size)) == SealState::broken);
  }
}

TEST_CASE("a file whose seal is broken does not open", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  for (std::size_t at = 0; at < bytes.size(); at += 101) {
    INFO("byte " << at);
    test::write_bytes(folder / "b.h5", test::flipped(bytes, at));
    CHECK_THROWS_AS(dataset::open_h5(folder / "b.h5"), base::DataError);
  }
}

TEST_CASE("a byte behind the end breaks the seal", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  CHECK(state_of(folder / "b.h5", bytes + 'x') == SealState::broken);
}

TEST_CASE("a broken seal says what happened to the file", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  const auto reason = [&](const std::string& changed) {
    test::write_bytes(folder / "b.h5", changed);
    return dataset::check_seal(folder / "b.h5").reason;
  };
  CHECK(reason("") == "is empty");
  CHECK(reason("some text") == "is not an HDF5 file");
  CHECK(reason(bytes.substr(0, 600)).starts_with("holds 88 bytes after its header where "));
  CHECK(reason(test::flipped(bytes, bytes.size() - 1)) ==
        "has changed since it was written (its checksum differs)");
}

TEST_CASE("a seal is text: the length and the CRC-32 of what follows", "[store][seal]") {
  const test::TempFolder folder;
  // the check value of CRC-32: that of the digits 1 to 9
  test::write_bytes(folder / "a", std::string(512, '\0') + "123456789");
  dataset::seal(folder / "a");
  const std::string sealed = test::read_bytes(folder / "a");
  const std::string text = "noether seal 2\nlength 9\ncrc32 cbf43926\n", end = "noether seal 2\n";
  CHECK(sealed == text + std::string(512 - text.size() - end.size(), '\0') + end + "123456789");
  CHECK(dataset::check_seal(folder / "a").state == SealState::intact);
}

TEST_CASE("a large file is sealed piece by piece", "[store][seal]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", std::string(512, '\0') + std::string(3'000'000, 'x'));
  dataset::seal(folder / "a");
  const std::string sealed = test::read_bytes(folder / "a");
  CHECK(dataset::check_seal(folder / "a").state == SealState::intact);
  for (const std::size_t at : {std::size_t{600}, std::size_t{1'500'000}, sealed.size() - 1})
    CHECK(state_of(folder / "b", test::flipped(sealed, at)) == SealState::broken);
}

TEST_CASE("a seal that zeros cover in part is broken, not missing", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  for (std::size_t at = 0; at < 512; ++at) {
    INFO("from byte " << at);
    std::string covered = bytes;
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at),
                std::min<std::size_t>(64, 512 - at), '\0');
    const bool is_changed = covered != bytes;
    CHECK((state_of(folder / "b.h5", covered) == SealState::broken) == is_changed);
  }
}

TEST_CASE("a seal of the older form, one SHA-256 of all, is checked", "[store][seal]") {
  const test::TempFolder folder;
  for (const std::size_t size : {100, 5'000'000}) {
    const std::string body(size, 'x');
    std::string block = "noether seal 1\nlength " + std::to_string(size) + "\nsha256 " +
                        base::sha256_hex(body) + "\n";
    block.resize(512, '\0');
    CHECK(state_of(folder / "a", block + body) == SealState::intact);
    CHECK(dataset::has_seal(folder / "a"));
    CHECK(state_of(folder / "b", test::flipped(block + body, 600)) == SealState::broken);
    CHECK(state_of(folder / "b", test::flipped(block + body, 13)) == SealState::broken);
  }
}

TEST_CASE("sealing a changed file again makes it intact", "[store][seal]") {
  const test::TempFolder folder;
  const std::string bytes = make_sealed(folder / "a.h5");
  test::write_bytes(folder / "b.h5", test::flipped(bytes, bytes.size() - 1));
  dataset::seal(folder / "b.h5");
  CHECK(dataset::check_seal(folder / "b.h5").state == SealState::intact);
}

TEST_CASE("a seal cannot be checked where there is no file", "[store][seal]") {
  const test::TempFolder folder;
  const auto missing = [&] { dataset::check_seal(folder / "none.h5"); };
  CHECK(test::message_of<base::DataError>(missing).ends_with("none.h5' does not exist"));
  const auto directory = [&] { dataset::check_seal(folder.path()); };
  CHECK(test::message_of<base::DataError>(directory).ends_with("' is a directory"));
}
