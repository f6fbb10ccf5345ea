#pragma once

// The models that can be trained by name.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/models/field.h"

namespace noether::bench {

struct ModelInfo {
  std::string_view name;         // "hnn"
  std::string_view description;  // one line
};
std::span<const ModelInfo> all_models();

// A network and what it stands for; the weights are Params.
struct Model {
  std::string name = "mlp";
  learn::Mlp mlp;  // widths from the d coordinates to the output

  std::int64_t dimension() const { return mlp.widths.front(); }
};

// The model of that name for d coordinates: mlp has d outputs, hnn one. Throws UsageError for an
// unknown name, hidden widths that are not positive, or an hnn of odd d.
Model make_model(std::string_view name, std::int64_t dimension,
                 std::span<const std::int64_t> hidden);

learn::Field field_of(const Model& model);

// "hnn 2-200-200-1"
std::string to_string(const Model& model);

}  // namespace noether::bench
