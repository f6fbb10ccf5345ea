#pragma once

// Properties checked on random cases, the same cases in every run; RC_PARAMS="seed=..." tries
// others.

#include <rapidcheck.h>

#include <cstdlib>
#include <string>

namespace noether::test {

// Whether `property` holds for `cases` random cases; where not, the smallest counterexample and how
// to repeat it are on stderr.
template <class Property>
bool holds(const std::string& description, int cases, Property property) {
  const std::string parameters = "seed=2024 max_success=" + std::to_string(cases);
  const char* const set = std::getenv("RC_PARAMS");
  rc::detail::TestParams params =
      rc::detail::configFromString(set == nullptr ? parameters : set).testParams;
  rc::detail::TestMetadata metadata;
  metadata.description = description;
  const auto result = rc::detail::checkTestable(std::move(property), metadata, params);
  rc::detail::printResultMessage(result, std::cerr);
  return result.template is<rc::detail::SuccessResult>();
}

}  // namespace noether::test
