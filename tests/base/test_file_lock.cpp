#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using base::FileLock;

// flock keeps two descriptors of one process apart as it does those of two

TEST_CASE("a folder is locked by one, and free again after it", "[base][lock]") {
  const test::TempFolder folder;
  {
    const FileLock first = FileLock::of_folder(folder.path());
    CHECK_THROWS_WITH(FileLock::of_folder(folder.path()),
                      "'" + folder.path().string() + "' is being written by another process");
  }
  CHECK_NOTHROW(FileLock::of_folder(folder.path()));
  CHECK_THROWS_AS(FileLock::of_folder(folder / "none"), base::DataError);
}

TEST_CASE("an output is locked by one, and nothing is left beside it", "[base][lock]") {
  const test::TempFolder folder;
  {
    const FileLock first = FileLock::of_output(folder / "m.h5");
    CHECK(std::filesystem::exists(folder / "m.h5.lock"));
    CHECK_THROWS_WITH(FileLock::of_output(folder / "m.h5"),
                      Catch::EndsWith("m.h5' is being written by another process"));
    // who was refused has not taken it away
    CHECK_THROWS_AS(FileLock::of_output(folder / "m.h5"), base::DataError);
    CHECK_NOTHROW(FileLock::of_output(folder / "n.h5"));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("who waits for an output gets it when it is free", "[base][lock]") {
  const test::TempFolder folder;
  std::atomic<bool> is_free = false;
  std::atomic<int> early = 0;
  std::jthread second;
  {
    const FileLock first = FileLock::of_output(folder / "m.h5");
    second = std::jthread([&] {
      const FileLock lock = FileLock::wait_for_output(folder / "m.h5");
      early += is_free ? 0 : 1;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    is_free = true;
  }
  second.join();
  CHECK(early == 0);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("what a killed process left locks nobody out", "[base][lock]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "m.h5.lock", "");
  CHECK_NOTHROW(FileLock::of_output(folder / "m.h5"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("what somebody keeps under the name of a lock is left alone", "[base][lock]") {
  const test::TempFolder folder;
  const auto refusal =
      Catch::EndsWith("m.h5.lock' is in the way: a lock is an empty file, and that is none");
  test::write_bytes(folder / "m.h5.lock", "precious");
  CHECK_THROWS_WITH(FileLock::of_output(folder / "m.h5"), refusal);
  CHECK(test::read_bytes(folder / "m.h5.lock") == "precious");

  std::filesystem::remove(folder / "m.h5.lock");
  REQUIRE(mkfifo((folder / "m.h5.lock").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(FileLock::of_output(folder / "m.h5"), refusal);

  std::filesystem::remove(folder / "m.h5.lock");
  std::filesystem::create_symlink("elsewhere", folder / "m.h5.lock");
  CHECK_THROWS_AS(FileLock::of_output(folder / "m.h5"), base::DataError);
  CHECK(std::filesystem::is_symlink(folder / "m.h5.lock"));
  CHECK_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST_CASE("what cannot be locked is written without a lock", "[base][lock]") {
  const test::TempFolder folder;
  const FileLock other = FileLock::of_folder(folder.path());
  // flock(2) says EBADF of it, as of a folder on NFS
  const int descriptor = ::open(folder.path().c_str(), O_PATH);
  REQUIRE(descriptor >= 0);
  CHECK_NOTHROW(base::lock_descriptor(descriptor, folder.path()));
  ::close(descriptor);
}

TEST_CASE("a lock that is moved is held until its new owner goes", "[base][lock]") {
  const test::TempFolder folder;
  FileLock kept;
  {
    FileLock made = FileLock::of_output(folder / "m.h5");
    kept = std::move(made);
  }
  CHECK_THROWS_AS(FileLock::of_output(folder / "m.h5"), base::DataError);
  kept = FileLock();
  CHECK_NOTHROW(FileLock::of_output(folder / "m.h5"));
}
