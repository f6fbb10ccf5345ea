#include "bench/discovery/claims.h"

#include <catch2/catch.hpp>

#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

// As if the search of two-body data had found these.
JudgedClaims judged_claims(const std::vector<std::string>& formulas) {
  const test::TempFolder folder;
  test::generate(test::recipe_of("two-body", {{"n", "10"}}), folder / "data.h5");
  Discovery d{.task = load_task(folder / "data.h5", {.dtype = learn::DType::f64}),
              .data = {},
              .language = {},
              .candidates = {},
              .found = {},
              .independent = {}};
  for (const std::string& formula : formulas)
    d.independent.laws.push_back({.formula = symbolic::parse(formula, d.task.coordinates)});
  return judged(d, sim::find_system("two-body"));
}

bool has_found(const JudgedClaims& judgement, const std::string& name) {
  for (const TrueLaw& law : judgement.laws) {
    if (law.name == name) return law.found;
  }
  FAIL(name << " is not judged");
  return false;
}

}  // namespace

TEST_CASE("a claim is false where noise-free motion does not keep it", "[bench][discovery]") {
  const JudgedClaims judgement = judged_claims({"vx1^2 + vy1^2", "x1 vy1 - y1 vx1"});
  CHECK(judgement.claims == 2);
  CHECK(judgement.false_claims == 1);
  CHECK(has_found(judgement, "angular_momentum"));
  CHECK_FALSE(has_found(judgement, "energy"));
}

TEST_CASE("a true law is found in any form, and what never differs is none", "[bench][discovery]") {
  const JudgedClaims judgement =
      judged_claims({"vx1^2 + vy1^2 - 0.5 / sqrt(x1^2 + y1^2)", "x1 + x2",
                     "(x1 vy1 - y1 vx1)^2 + vx1^2 + vy1^2 - 0.5 / sqrt(x1^2 + y1^2)"});
  CHECK(judgement.false_claims == 0);
  CHECK(has_found(judgement, "energy"));
  CHECK(has_found(judgement, "angular_momentum"));
  // the total momentum is zero everywhere
  CHECK(judgement.laws.size() == 2);
}

// In these data one charge is nearly at rest: its speed of .007 is smaller than what the noise
// leaves of it, .012. From offsets of zero its speed seemed to change, and "+ 0.0045 y" stayed.
TEST_CASE("a motion smaller than its offset leaves no false term in a law", "[bench][discovery]") {
  const test::TempFolder folder;
  test::generate(test::recipe_of("charged-particle", {{"seed", "13"}}), folder / "data.h5");
  const Discovery found =
      discover(load_task(folder / "data.h5", {.denoise = true, .dtype = learn::DType::f64}),
               {.max_nodes = 3});
  const JudgedClaims judgement = judged(found, sim::find_system("charged-particle"));
  CHECK(judgement.false_claims == 0);
  CHECK(has_found(judgement, "energy"));
}

}  // namespace noether::bench
