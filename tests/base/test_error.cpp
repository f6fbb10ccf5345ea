#include "base/error.h"

#include <catch2/catch.hpp>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace noether::base {
namespace {

// the message of the error of exactly this type that leaves two layers of context
template <class ThrownError>
std::string message_in_context(const ThrownError& thrown) {
  try {
    with_context("while reading 'a.h5'", [&] { with_context("sample 17", [&] { throw thrown; }); });
  } catch (const ThrownError& error) {
    CHECK(typeid(error) == typeid(ThrownError));
    CHECK(error.code() == thrown.code());
    return error.what();
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
  CHECK(message_in_context(DataError("checksum mismatch")) ==
        "while reading 'a.h5': sample 17: checksum mismatch");
}

TEST_CASE("context keeps the type of the error and its exit code", "[base][error]") {
  const std::string context = "while reading 'a.h5': sample 17: ";
  CHECK(message_in_context(UsageError("u")) == context + "u");
  CHECK(message_in_context(DataError("d")) == context + "d");
  CHECK(message_in_context(ShapeError("s")) == context + "s");
  CHECK(message_in_context(NumericalError("n")) == context + "n");
  CHECK(message_in_context(Interrupted("i")) == context + "i");
  CHECK(message_in_context(Error(ExitCode::check_failed, "c")) == context + "c");
}

TEST_CASE("context hands the result through", "[base][error]") {
  CHECK(with_context("while counting", [] { return 3; }) == 3);
}

TEST_CASE("context leaves exceptions that are not ours alone", "[base][error]") {
  CHECK_THROWS_AS(with_context("while allocating", [] { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace noether::base
