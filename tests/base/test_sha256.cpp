#include "base/sha256.h"

#include <rapidcheck.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace noether::base {

// The vectors of FIPS 180-4's examples, and that of the empty message.
TEST_CASE("SHA-256 gives the published digests", "[base][sha256]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("bytes and text of the same content have the same digest", "[base][sha256]") {
  const std::array<std::byte, 3> bytes{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  CHECK(sha256_hex(bytes) == sha256_hex("abc"));
}

TEST_CASE("the digest does not depend on how the bytes arrive", "[base][sha256]") {
  CHECK(rc::check("pieces", [](const std::string& text) {
    const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const std::string_view whole = text;
    Sha256 pieces;
    pieces.update(whole.substr(0, cut)).update(whole.substr(cut));
    RC_ASSERT(pieces.hex() == sha256_hex(text));
  }));
}

TEST_CASE("a digest may be read in between", "[base][sha256]") {
  Sha256 hash;
  hash.update("ab");
  CHECK(hash.hex() == sha256_hex("ab"));
  CHECK(hash.update("c").hex() == sha256_hex("abc"));
}

TEST_CASE("a moved hash goes on where it was", "[base][sha256]") {
  Sha256 hash;
  hash.update("ab");
  Sha256 moved = std::move(hash);
  CHECK(moved.update("c").hex() == sha256_hex("abc"));
}

}  // namespace noether::base
