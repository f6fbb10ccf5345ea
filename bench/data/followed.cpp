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

// The formula with the values of the parameters that are the same in all trajectories.
std::string with_constants(const dataset::DatasetFile& file, const std::string& formula) {
  constexpr std::string_view folder = "parameters/";
  std::vector<sim::Constant> constants;
  for (const std::string& path : file.h5().array_paths()) {
    if (!path.starts_with(folder)) continue;
    const auto values = file.read<double>(path);
    const bool is_one =
        !values.empty() && std::ranges::count(values, values[0]) == std::ssize(values);
    if (is_one) constants.push_back({path.substr(folder.size()), values[0], 0, 0, "", ""});
  }
  if (const sim::System* known = sim::known_system(file.text("system"))) {
    for (const sim::Constant& constant : known->constants) {
      if (!file.h5().contains(std::string(folder) + constant.name)) constants.push_back(constant);
    }
  }
  return sim::with_values(constants, sim::default_values(constants), formula);
}

}  // namespace

Followed followed_of_system(const std::string& name, const std::vector<double>& constants,
                            std::int64_t dimension) {
  const sim::System* system = sim::known_system(name);
  const auto fits = [&] {
    const std::size_t count = system->constants.size();
    return count == 0 ? constants.empty() : !constants.empty() && constants.size() % count == 0;
  };
  const bool known = system != nullptr && fits() &&
                     static_cast<std::int64_t>(system->dimension()) == dimension &&
                     !system->invariants.empty();
  if (!known) return {};
  const auto named = std::ranges::find(system->invariants, "energy", &sim::Invariant::name);
  const sim::Invariant& energy =
      named == system->invariants.end() ? system->invariants.front() : *named;
  const sim::Law law = sim::law_of(energy, sim::has_friction(*system, constants));
  return {.name = energy.name,
          .is_conserved = law == sim::Law::conserved,
          .values = [&energy, system, constants, dimension](const Tensor& states) {
            const auto values = states.to_vector();
            const auto d = static_cast<std::size_t>(dimension);
            std::vector<double> all;
            for (std::size_t i = 0; i * d < values.size(); ++i) {
              all.push_back(energy.value(std::span(values).subspan(i * d, d),
                                         sim::constants_of(*system, constants, i)));
            }
            return all;
          }};
}

Followed followed_of_file(const dataset::DatasetFile& file) {
  auto names = file.invariant_names();
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "energy"; });
  const auto coordinates = file.names("coordinate_names");
  for (const std::string& name : names) {
    const std::string formula =
        with_constants(file, file.h5().text_attribute(invariants + name, "description"));
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
