#include "dataset/store/spool.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Bytes;
using dataset::Spool;

namespace {

const std::string header = "n = 3\n# build {}\n";
// magic, then size and checksum, then the header itself
const std::size_t header_end = 16 + 16 + header.size();

Bytes record(std::size_t i) { return Bytes(5 + 7 * i, static_cast<std::byte>(i + 1)); }

std::size_t record_end(std::size_t i) {
  std::size_t end = header_end;
  for (std::size_t k = 0; k <= i; ++k) end += 16 + record(k).size();
  return end;
}

// a spool of three records; returns its bytes
std::string make_spool(const std::filesystem::path& path) {
  {
    Spool spool = Spool::create(path, header);
    for (std::size_t i = 0; i < 3; ++i) spool.append(record(i));
  }
  return test::read_bytes(path);
}

// how many records a spool of these bytes yields, each checked; nothing where it is refused
std::optional<std::int64_t> records_of(const std::filesystem::path& path,
                                       const std::string& bytes) {
  test::write_bytes(path, bytes);
  try {
    const Spool spool = Spool::resume(path);
    if (spool.header() != header) throw std::runtime_error("the header differs");
    for (std::int64_t i = 0; i < spool.records(); ++i) {
      if (spool.read(i) != record(static_cast<std::size_t>(i)))
        throw std::runtime_error("a record differs");
    }
    return spool.records();
  } catch (const base::DataError&) {
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("a resumed spool holds the header and the records that were appended", "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  CHECK(bytes.size() == record_end(2));
  CHECK(records_of(folder / "s", bytes) == 3);
}

TEST_CASE("a spool cut after any byte yields the records before the cut", "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    INFO("cut to " << size << " bytes");
    std::optional<std::int64_t> expected;
    if (size >= header_end) expected = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      if (size >= record_end(i)) expected = static_cast<std::int64_t>(i) + 1;
    }
    CHECK(records_of(folder / "s", bytes.substr(0, size)) == expected);
  }
}

TEST_CASE("appending what a cut lost gives the bytes of the unbroken spool", "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  for (std::size_t size = header_end; size <= bytes.size(); ++size) {
    test::write_bytes(folder / "s", bytes.substr(0, size));
    {
      Spool spool = Spool::resume(folder / "s");
      while (spool.records() < 3) spool.append(record(static_cast<std::size_t>(spool.records())));
    }
    CHECK(test::read_bytes(folder / "s") == bytes);
  }
}

TEST_CASE("a changed byte refuses the spool or ends it before its record", "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    INFO("byte " << at);
    const auto records = records_of(folder / "s", test::flipped(bytes, at));
    if (at < header_end) {
      CHECK_FALSE(records.has_value());
    } else {
      const std::int64_t before = at < record_end(0) ? 0 : at < record_end(1) ? 1 : 2;
      CHECK(records == before);
    }
  }
}

TEST_CASE("zeros behind the last record, as a power failure leaves them, are cut off",
          "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  CHECK(records_of(folder / "s", bytes + std::string(64, '\0')) == 3);
  CHECK(test::read_bytes(folder / "s") == bytes);
}

TEST_CASE("a record that changes while the spool is open is refused", "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  const Spool spool = Spool::resume(folder / "s");
  // in place: a new file of that name would be another one
  std::fstream file(std::filesystem::path(folder / "s"),
                    std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(record_end(1) - 1));
  file.put(static_cast<char>(~bytes[record_end(1) - 1]));
  REQUIRE(file.flush());
  CHECK(test::message_of<base::DataError>([&] {
          spool.read(1);
        }).ends_with("record 1 has changed since it was written"));
}

TEST_CASE("creating a spool replaces an older, longer one", "[store][spool]") {
  const test::TempFolder folder;
  make_spool(folder / "s");
  { const Spool spool = Spool::create(folder / "s", header); }
  CHECK(records_of(folder / "s", test::read_bytes(folder / "s")) == 0);
}

TEST_CASE("a spool that another process writes can be neither resumed nor replaced",
          "[store][spool]") {
  const test::TempFolder folder;
  const std::string bytes = make_spool(folder / "s");
  const Spool held = Spool::resume(folder / "s");
  const pid_t child = fork();
  if (child == 0) {
    const auto says_so = [&](auto open) {
      const auto message = test::message_of<base::DataError>([&] { open(); });
      return message.ends_with("/s' is being written by another process");
    };
    const bool refused = says_so([&] { Spool::resume(folder / "s"); }) &&
                         says_so([&] { Spool::create(folder / "s", "other"); });
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(test::read_bytes(folder / "s") == bytes);
}

TEST_CASE("a file that is no spool is refused and left as it is", "[store][spool]") {
  const test::TempFolder folder;
  for (const std::string text : {"", "notes", "noether spool 2\n0123456789abcdef0123456789"}) {
    test::write_bytes(folder / "s", text);
    CHECK(test::message_of<base::DataError>([&] {
            Spool::resume(folder / "s");
          }).ends_with("is not the partial file of a generate command"));
    CHECK(test::read_bytes(folder / "s") == text);
  }
}
