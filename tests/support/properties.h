#pragma once

// Properties checked on random cases, the same cases in every run; RC_PARAMS="seed=..." tries
// others.

#include <rapidcheck.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace noether::test {

// Whether `property` holds for `cases` random cases; where not, the smallest counterexample and how
// to repeat it are on stderr.
template <class Property>
bool holds(const std::string& description, int cases, Property property) {
  setenv("RC_PARAMS", "seed=2024", 0);
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = cases;
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = description;
  const auto result = rc::detail::checkTestable(std::move(property), metadata, params);
  const bool passed = result.template is<rc::detail::SuccessResult>();
  if (!passed) rc::detail::printResultMessage(result, std::cerr);
  return passed;
}

}  // namespace noether::test
