// How fast laws are sought, on one thread: formulas scored and formulas searched a second.

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "learn/discovery/formulas/search.h"

namespace {

namespace symbolic = noether::learn::symbolic;

// As many points as the train split of the table `pendulum`: 25 trajectories of 45. Each runs
// through angles at an energy of its own, where p and so the derivatives follow from q.
symbolic::Trajectories pendulum_points() {
  symbolic::Trajectories t{
      .coordinates = {"q", "p"}, .count = 25, .samples = 45, .x = {{}, {}}, .dx_dt = {{}, {}}};
  for (int k = 0; k < 25; ++k) {
    for (int i = 0; i < 45; ++i) {
      const double q = -1 + 2.0 * i / 44, p = std::sqrt(0.1 * k + 3 * std::cos(q));
      t.x[0].push_back(q);
      t.x[1].push_back(p);
      t.dx_dt[0].push_back(2 * p);
      t.dx_dt[1].push_back(-3 * std::sin(q));
    }
  }
  return t;
}

std::vector<symbolic::Expression> formulas() {
  std::vector<symbolic::Expression> result;
  for (const char* text :
       {"p^2 - c0 cos(q)", "q^2 + c0 p^2", "sin(q) - c0 p", "cos(c0 q) p", "q p + c0 p^2",
        "sin(q + c0) p", "p/(q + c0)", "q^2 p^2", "cos(q) + c0 p + c1 q", "(q + c0)^2 + c1 p"}) {
    result.push_back(symbolic::parse(text, {"q", "p"}));
  }
  return result;
}

// One evaluation of the score with parameters at hand; the argument is how many points.
void score(benchmark::State& state) {
  const symbolic::Points points = symbolic::spread_points(pendulum_points(), state.range(0));
  std::vector<symbolic::Program> programs;
  for (const auto& e : formulas()) programs.push_back(symbolic::compile(e));
  const std::vector<double> parameters = {1.1, 0.7};
  symbolic::Machine machine(2);
  for (auto _ : state) {
    for (const auto& program : programs) {
      benchmark::DoNotOptimize(symbolic::score(program, points, parameters, machine));
    }
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(programs));
}
// the screening points, and all
BENCHMARK(score)->Arg(112)->Arg(1125)->ArgName("points")->Unit(benchmark::kMicrosecond);

// The search of laws: every formula fitted, a tenth of them kept. Items are formulas.
void search(benchmark::State& state) {
  const symbolic::Trajectories t = pendulum_points();
  std::vector<symbolic::Expression> candidates;
  for (int i = 0; i < 100; ++i) {
    for (const auto& e : formulas()) candidates.push_back(e);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(symbolic::search(t, candidates, {.jobs = 1, .reported = 0}));
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(candidates));
}
BENCHMARK(search)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
