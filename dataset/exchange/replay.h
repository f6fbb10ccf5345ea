#pragma once

#include "dataset/exchange/validate.h"

namespace noether::dataset {

class DatasetFile;

// Makes blocks of the file anew from its own configuration and compares them with what is stored:
// integers and frames exactly, floating-point numbers within 1e-9 (1 + |x|), the room that another
// libm or compiler needs after 200 steps.
Check replay_check(const DatasetFile& file, const ValidateOptions& options);

}  // namespace noether::dataset
