#include "bench/planets/orbits_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "bench/planets/pairs.h"
#include "learn/autodiff/ops.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr std::array shares{0.5, 0.9, 0.99};
constexpr double side = 250, gap = 80, top = 90;
constexpr int bodies = 3;

using render::palette::series;

// Squared errors of the test systems.
std::vector<double> errors_of(const PlanetProblem& problem, const learn::Tensor& y) {
  return sum(square(y - problem.test.y), 1).to_vector();
}

std::vector<std::size_t> systems_at(const std::vector<double>& errors) {
  std::vector<std::size_t> order(errors.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return errors[i]; });
  std::vector<std::size_t> chosen;
  for (const double share : shares)
    chosen.push_back(
        order[static_cast<std::size_t>(share * static_cast<double>(order.size() - 1))]);
  return chosen;
}

// The state at time 1 that y [1, 12] says.
std::vector<double> end_of(const PlanetProblem& problem, const learn::Tensor& x,
                           const learn::Tensor& y) {
  return (slice(x, 1, 0, 12) + problem.change_mean + y * problem.change_spread).to_vector();
}

void draw_system(render::Plot& plot, const std::vector<double>& path,
                 const std::vector<double>& predicted) {
  constexpr std::size_t d = 12;
  for (std::size_t body = 0; body < bodies; ++body) {
    std::vector<double> x, y;
    for (std::size_t k = 0; k < path.size(); k += d) {
      x.push_back(path[k + 2 * body]);
      y.push_back(path[k + 2 * body + 1]);
    }
    plot.line(x, y, series(body));
    plot.circle(x.back(), y.back(), 0.11, series(body));
    plot.points(std::span(predicted).subspan(2 * body, 1),
                std::span(predicted).subspan(2 * body + 1, 1), series(body), 3.5);
  }
}

}  // namespace

render::Image orbits_figure(const PlanetProblem& problem, const std::vector<PredictedOrbits>& rows,
                            const std::string& caption) {
  const auto columns = static_cast<double>(rows.size());
  render::Canvas canvas(static_cast<int>(gap + columns * (side + gap)),
                        static_cast<int>(top + shares.size() * (side + gap)),
                        render::palette::paper);
  canvas.text({gap, 28}, "Where three bodies are after one unit of time",
              {.size_px = 17, .color = render::palette::ink, .bold = true});
  canvas.text({gap, 50}, caption, {.size_px = 13, .color = render::palette::faint_ink});
  const auto systems = systems_at(errors_of(problem, rows.front().y));
  for (std::size_t line = 0; line < systems.size(); ++line) {
    const auto i = static_cast<std::int64_t>(systems[line]);
    const learn::Tensor x = slice(problem.test.x, 0, i, i + 1);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const render::Rectangle area{gap + static_cast<double>(k) * (side + gap),
                                   top + static_cast<double>(line) * (side + gap), side, side};
      render::Plot plot(canvas, area, {"x", {-2.2, 2.2}}, {"y", {-2.2, 2.2}});
      const learn::Tensor y = slice(rows[k].y, 0, i, i + 1);
      const double error = mean(square(y - slice(problem.test.y, 0, i, i + 1))).item();
      plot.heading(fmt::format("{}, squared error {:.2g}", rows[k].name, error));
      draw_system(plot, planet_path(x.to_vector()), end_of(problem, x, y));
    }
  }
  return canvas.to_image();
}

}  // namespace noether::bench
