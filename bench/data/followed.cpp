#include "bench/data/followed.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.h"
#include "learn/noether/quantity.h"
#include "sim/system.h"

namespace noether::bench {
namespace {

using learn::Tensor;

const std::string invariants = "trajectories/invariants/";

// Whether the formula gives what the file holds along its first trajectory.
bool gives_stored(const Followed& followed, const dataset::DatasetFile& file,
                  const std::string& array) {
  if (file.samples() < 1) return false;
  const auto d = static_cast<std::int64_t>(file.names("coordinate_names").size());
  const auto states = file.rows<double>("trajectories/state", 0, 1);
  const auto stored = file.rows<double>(array, 0, 1);
  const auto n = static_cast<std::int64_t>(stored.size());
  if (d * n != static_cast<std::int64_t>(states.size())) return false;
  const auto values = followed.values(Tensor::from<double>(states, {n, d}));
  for (std::size_t i = 0; i < values.size(); ++i) {
    // a formula for people may have rounded its constants; one with others is off by far more
    if (!(std::abs(values[i] - stored[i]) <= 1e-6 * std::max(1.0, std::abs(stored[i]))))
      return false;
  }
  return true;
}

}  // namespace

Followed followed_of_system(const std::string& name, const std::vector<double>& constants,
                            std::int64_t dimension) {
  const auto system = std::ranges::find(sim::all_systems(), name, &sim::System::name);
  const bool known =
      system != sim::all_systems().end() && system->constants.size() == constants.size() &&
      static_cast<std::int64_t>(system->dimension()) == dimension && !system->invariants.empty();
  if (!known) return {};
  const auto named = std::ranges::find(system->invariants, "energy", &sim::Invariant::name);
  const sim::Invariant& energy =
      named == system->invariants.end() ? system->invariants.front() : *named;
  return {.name = energy.name,
          .is_conserved = energy.law == sim::Law::conserved,
          .values = [&energy, constants, dimension](const Tensor& states) {
            const auto values = states.to_vector();
            const auto d = static_cast<std::size_t>(dimension);
            std::vector<double> all;
            for (std::size_t at = 0; at < values.size(); at += d)
              all.push_back(energy.value(std::span(values).subspan(at, d), constants));
            return all;
          }};
}

Followed followed_of_file(const dataset::DatasetFile& file) {
  auto names = file.invariant_names();
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "energy"; });
  const auto coordinates = file.names("coordinate_names");
  for (const std::string& name : names) {
    const std::string formula = file.h5().text_attribute(invariants + name, "description");
    try {
      Followed followed = followed_formula(formula, coordinates);
      followed.name = name;
      followed.is_conserved = file.h5().text_attribute(invariants + name, "law") != "dissipated";
      if (gives_stored(followed, file, invariants + name)) return followed;
    } catch (const base::UsageError&) {
      // a description in words, or of more than the coordinates
    }
  }
  return {};
}

Followed first_energy(const Followed& own, const Followed& known) {
  const bool takes_known = known.values && own.name != "energy" && known.name == "energy";
  return takes_known || !own.values ? known : own;
}

Followed followed_formula(const std::string& formula, const std::vector<std::string>& coordinates) {
  const learn::Quantity g = learn::formula_quantity(formula, coordinates);
  return {.name = formula, .formula = formula, .values = [g](const Tensor& states) {
            return g({}, learn::cast(states, learn::DType::f64)).to_vector();
          }};
}

}  // namespace noether::bench
