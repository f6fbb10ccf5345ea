#include "base/error.h"

#include <catch2/catch.hpp>
#include <new>
#include <string>

namespace noether::base {
namespace {

// the error that leaves two layers of context around `action`
template <class Action>
Error caught(Action action) {
  try {
    with_context("while reading 'a.h5'", [&] { with_context("sample 17", action); });
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

}  // namespace

TEST_CASE("every kind of error has its exit code", "[base][error]") {
  CHECK(UsageError("").code() == ExitCode::usage);
  CHECK(DataError("").code() == ExitCode::data);
  CHECK(ShapeError("").code() == ExitCode::data);
  CHECK(NumericalError("").code() == ExitCode::numerical);
  CHECK(Interrupted("").code() == ExitCode::interrupted);
}

// The numbers are promised to scripts.
TEST_CASE("exit codes have the documented numbers", "[base][error]") {
  CHECK(static_cast<int>(ExitCode::ok) == 0);
  CHECK(static_cast<int>(ExitCode::check_failed) == 1);
  CHECK(static_cast<int>(ExitCode::usage) == 2);
  CHECK(static_cast<int>(ExitCode::data) == 3);
  CHECK(static_cast<int>(ExitCode::numerical) == 4);
  CHECK(static_cast<int>(ExitCode::bug) == 70);
  CHECK(static_cast<int>(ExitCode::interrupted) == 130);
}

TEST_CASE("context goes before the message, outermost first", "[base][error]") {
  const Error error = caught([] { throw DataError("checksum mismatch"); });
  CHECK(std::string(error.what()) == "while reading 'a.h5': sample 17: checksum mismatch");
}

TEST_CASE("context keeps the exit code", "[base][error]") {
  CHECK(caught([] { throw UsageError("n"); }).code() == ExitCode::usage);
  CHECK(caught([] { throw DataError("d"); }).code() == ExitCode::data);
  CHECK(caught([] { throw NumericalError("x"); }).code() == ExitCode::numerical);
  CHECK(caught([] { throw Interrupted("i"); }).code() == ExitCode::interrupted);
}

TEST_CASE("context hands the result through", "[base][error]") {
  CHECK(with_context("while counting", [] { return 3; }) == 3);
}

TEST_CASE("context leaves exceptions that are not ours alone", "[base][error]") {
  CHECK_THROWS_AS(with_context("while allocating", [] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace noether::base
