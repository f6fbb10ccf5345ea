#pragma once

// What a dynamical system is to this library: plain data and a few functions. A system is one file
// pair (equations, invariants, defaults, citation) and one line in all_systems().

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "sim/pack_integrator.h"

namespace noether::sim {

// A named number with its default, its allowed interval [min, max] and its unit.
struct Constant {
  std::string name;
  double value = 0;
  double min = 0;
  double max = 0;
  std::string unit;
  std::string description;
  // Files have no array of it where all trajectories have the default, as those had none that were
  // made before it was a constant.
  bool is_silent = false;
  // what it is drawn from for each trajectory, unless asked otherwise; nothing: it is `value`
  std::optional<base::Uniform> drawn_from = {};
};

// By this name a constant is linear friction, and 0 none: it makes a conserved energy a dissipated
// one.
inline constexpr std::string_view friction_name = "friction";

inline constexpr std::string_view least_distance_name = "least_distance";

struct Coordinate {
  std::string name;
  std::string unit;       // "rad", "1"
  std::string rate_unit;  // of its derivative: "rad/s"
};

enum class Law {
  conserved,  // dI/dt = 0
  dissipated  // dI/dt <= 0
};

// A scalar function of the state with its law along every exact trajectory.
struct Invariant {
  std::string name;
  std::string unit;
  std::string formula;               // of the coordinates and, by their names, of constants
  std::string default_formula = {};  // a shorter one at the default constants; "": none
  Law law = Law::conserved;
  // What a stored noise-free trajectory at default settings may violate the law by, in units of
  // max(1, |I(0)|): |I(t) - I(0)| if conserved, max(0, I(t_n+1) - I(t_n)) if dissipated.
  double tolerance = 0;
  double (*value)(std::span<const double> state, std::span<const double> constants) = nullptr;
};

struct System {
  std::string name;         // "damped-pendulum"
  std::string title;        // one line for people
  std::string equations;    // in plain text, SI units and radians
  std::string hamiltonian;  // "" where there is none
  std::string citation;
  std::string time_name = "time";  // "arc length" for a ray
  std::string time_unit = "s";
  std::vector<Coordinate> coordinates;  // D of them
  std::vector<Constant>
      constants;  // what the functions below receive as `constants`, in this order
  std::vector<Constant>
      sampling;  // ranges of the initial states, as sample_initial_state receives them
  std::vector<Invariant> invariants;
  int steps = 0;                     // default number of stored points, both ends included
  double t_end = 0;                  // default last time; the first is 0
  double noise_std = 0;              // default standard deviation of the observation noise
  std::string integrator = "rkf78";  // default method, see integrator.h
  // The state splits in two halves (q, p) with q' = f(p), p' = g(q) where there is no friction:
  // symplectic methods apply.
  bool separable = false;
  PackIntegrator packs = {};  // a method of its own

  // rate = d state / dt; all spans but `constants` have D elements.
  void (*derivative)(std::span<const double> state, std::span<const double> constants,
                     std::span<double> rate) = nullptr;
  // One initial state, D numbers.
  std::vector<double> (*sample_initial_state)(base::RandomStream& random,
                                              std::span<const double> sampling,
                                              std::span<const double> constants) = nullptr;

  // The least distance of two bodies in a state; nothing where bodies cannot collide. A start from
  // which they come nearer than the sampling range least_distance_name is drawn again.
  double (*nearest)(std::span<const double> state) = nullptr;

  std::size_t dimension() const { return coordinates.size(); }
};

// Every system, in the order in which people should meet them.
const std::vector<System>& all_systems();

// Those that are found by their names too: n-body-2 to n-body-32.
const std::vector<System>& more_systems();

// The system of that name; nothing where there is none.
const System* known_system(std::string_view name);

// The same; throws UsageError naming the nearest.
const System& find_system(std::string_view name);

// Throws UsageError for the name n-body-N of too few or too many bodies.
void check_bodies(std::string_view name);

// The default values of a list of constants, in order.
std::vector<double> default_values(const std::vector<Constant>& constants);

// The constants of trajectory i out of C numbers for all trajectories, or of (N, C).
std::span<const double> constants_of(const System& system, std::span<const double> constants,
                                     std::size_t i);

// Throws UsageError as check_values, unless there are C or (count, C) such constants.
void check_all_constants(const System& system, std::span<const double> constants,
                         std::size_t count);

// Whether there is friction in C or (N, C) constants.
bool has_friction(const System& system, std::span<const double> constants);

// The law of an invariant of a system with or without friction.
Law law_of(const Invariant& invariant, bool has_friction);

// `formula` with the values of these constants in place of their names.
std::string with_values(const std::vector<Constant>& constants, std::span<const double> values,
                        std::string_view formula);

// Throws UsageError "OWNER: NAME = VALUE lies outside [min, max]" unless there is one value, within
// its interval, for each declared constant.
void check_values(std::string_view owner, const std::vector<Constant>& declared,
                  std::span<const double> values);

}  // namespace noether::sim
