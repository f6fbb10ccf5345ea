#include "sim/pcg64.h"

#include <catch2/catch.hpp>

namespace noether::sim {

TEST_CASE("SeedSequence(0) yields the words of NumPy", "[sim][pcg64]") {
  CHECK(seed_sequence_words(0) ==
        std::array<std::uint64_t, 4>{0xdb2cd7e7b0f478beU, 0xabf4641a2c71ba49U, 0x20c6ed6d9d7b8d41U,
                                     0x2c4099de223c39d4U});
}

TEST_CASE("seeds of more than 32 bits use both halves", "[sim][pcg64]") {
  CHECK(seed_sequence_words(1) != seed_sequence_words(1 + (std::uint64_t{1} << 32U)));
  // numpy.random.SeedSequence(2**63 + 12345678901).generate_state(4, uint64)
  CHECK(seed_sequence_words(9223372049200454709U) ==
        std::array<std::uint64_t, 4>{0x9d677ddda24b6f7aU, 0xec047880a0015dbfU, 0x7905a1ef56080099U,
                                     0x30582f1dfe1282fU});
}

TEST_CASE("PCG64 draws the doubles of numpy.random.default_rng", "[sim][pcg64]") {
  {
    Pcg64 random(0U);
    CHECK(random.next_double() == 0x1.461fd79fb3850p-1);
    CHECK(random.next_double() == 0x1.1442f7e20b674p-2);
    CHECK(random.next_double() == 0x1.4fa7b529d9bd0p-5);
  }
  {
    Pcg64 random(7U);
    CHECK(random.next_double() == 0x1.400c8353e3ca9p-1);
    CHECK(random.next_double() == 0x1.cb5f9b795e4cdp-1);
    CHECK(random.next_double() == 0x1.8d26acbf2815fp-1);
  }
  {
    Pcg64 random(9223372049200454709U);
    CHECK(random.next_double() == 0x1.22020fbccf4c0p-7);
    CHECK(random.next_double() == 0x1.827c41d3877e0p-4);
    CHECK(random.next_double() == 0x1.def4763265f38p-2);
  }
}

TEST_CASE("a uniform draw stays within its interval", "[sim][pcg64]") {
  Pcg64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const double x = random.uniform(-2, 3);
    CHECK((x >= -2 && x < 3));
  }
}

}  // namespace noether::sim
