#include "learn/discovery/library/law_forms.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {
namespace {

// The size of the gradient of each kept feature: in these units coefficients can be compared.
Vector feature_sizes(const Basis& basis) {
  Vector result(static_cast<Index>(basis.kept.size()));
  for (Index k = 0; k < result.size(); ++k) {
    const auto& column = basis.spread[static_cast<std::size_t>(k)];
    result[k] = Eigen::Map<const Vector>(column.data(), static_cast<Index>(column.size())).norm();
  }
  return result;
}

// Gauss and Jordan: each row in turn takes the last column in which any row left has an entry. The
// rows of `first` are used up before the others, so that their pivots are 0 in all others.
void reduce(Matrix& rows, Index first, double tolerance) {
  const auto eliminate = [&](Index from, Index to) {
    Index row = from;
    for (Index column = rows.cols() - 1; column >= 0 && row < to; --column) {
      Index pivot = 0;
      const double size = rows.col(column).segment(row, to - row).cwiseAbs().maxCoeff(&pivot);
      if (size <= tolerance) continue;
      rows.row(row).swap(rows.row(row + pivot));
      for (Index other = 0; other < rows.rows(); ++other) {
        if (other == row) continue;
        rows.row(other) -= rows(other, column) / rows(row, column) * rows.row(row);
        rows(other, column) = 0;
        const double norm = rows.row(other).norm();
        if (norm > 0) rows.row(other) /= norm;
      }
      ++row;
    }
  };
  eliminate(0, first);
  eliminate(first, rows.rows());
}

// Refitted within its support.
std::optional<SparseLaw> fitted(const Basis& basis, std::vector<std::int64_t> support) {
  const std::vector<Direction> found = directions(basis, support);
  if (found.empty()) return std::nullopt;
  return SparseLaw{std::move(support), found.front().coefficients, found.front().score};
}

// The positions in the support, the least contribution first.
std::vector<std::size_t> by_contribution(const SparseLaw& law, const Vector& sizes) {
  std::vector<std::size_t> order(law.support.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    return std::abs(law.coefficients[i]) * sizes[law.support[i]];
  });
  return order;
}

// The law without the terms that it does not need.
SparseLaw pruned(SparseLaw law, const Basis& basis, const Vector& sizes, double floor) {
  bool shorter = true;
  while (shorter && law.support.size() > 1) {
    shorter = false;
    for (const std::size_t i : by_contribution(law, sizes)) {
      std::vector<std::int64_t> rest = law.support;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      const std::optional<SparseLaw> candidate = fitted(basis, rest);
      if (!candidate || candidate->score > std::max(1.1 * law.score, floor)) continue;
      law = *candidate;
      shorter = true;
      break;
    }
  }
  return law;
}

// c times the formula, with c at the first factor as people write it: 2 p^2 / r.
Expression scaled(const Expression& e, double c) {
  if (c == 1) return e;
  struct Both {
    Expression plain;
    Expression scaled;
  };
  return fold<Both>(
             e,
             [&](const Node& n, std::span<const Both> a) {
               if (n.op == Op::multiply || n.op == Op::divide) {
                 return Both{apply(n.op, a[0].plain, a[1].plain),
                             apply(n.op, a[0].scaled, a[1].plain)};
               }
               std::vector<Expression> operands;
               for (const Both& operand : a) operands.push_back(operand.plain);
               const Expression plain = operands.empty()
                                            ? Expression(n)
                                            : apply(n, std::span<const Expression>(operands));
               const bool is_one = n == Node{.op = Op::number, .value = 1};
               return Both{plain, is_one ? number(c) : apply(Op::multiply, number(c), plain)};
             })
      .scaled;
}

}  // namespace

double rounded(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return std::strtod(text, nullptr);
}

Conserved split(std::span<const Direction> null_space, const Basis& basis, const Slopes& slopes,
                const Metric& metric, double tolerance) {
  Conserved result;
  if (null_space.empty()) return result;
  const auto points = static_cast<Index>(slopes.value.front().size());
  const auto count = static_cast<Index>(null_space.size());
  Matrix values = Matrix::Zero(points, count);
  for (Index j = 0; j < count; ++j) {
    const Direction& direction = null_space[static_cast<std::size_t>(j)];
    for (std::size_t k = 0; k < basis.kept.size(); ++k) {
      const auto& column = slopes.value[static_cast<std::size_t>(basis.kept[k])];
      values.col(j) += direction.coefficients[k] * Eigen::Map<const Vector>(column.data(), points);
    }
  }
  values.rowwise() -= values.colwise().mean().eval();
  const RightSingular svd = right_singular_of_tall(values);
  const double scale = std::sqrt(metric.square_rate / static_cast<double>(points));
  for (Index j = 0; j < count; ++j) {
    std::vector<double> u(basis.kept.size());
    for (Index i = 0; i < count; ++i) {
      const Direction& direction = null_space[static_cast<std::size_t>(i)];
      for (std::size_t k = 0; k < u.size(); ++k) {
        u[k] += svd.vectors(i, j) * direction.coefficients[k];
      }
    }
    const bool varies = svd.values[j] * scale > tolerance;
    (varies ? result.laws : result.constants).push_back(std::move(u));
  }
  return result;
}

std::vector<SparseLaw> sparse_laws(const Conserved& conserved, const Basis& basis, double tolerance,
                                   double floor) {
  const Vector sizes = feature_sizes(basis);
  if (conserved.laws.empty() && conserved.constants.empty()) return {};
  std::vector<std::vector<double>> all = conserved.constants;
  all.insert(all.end(), conserved.laws.begin(), conserved.laws.end());
  Matrix rows(static_cast<Index>(all.size()), sizes.size());
  for (Index i = 0; i < rows.rows(); ++i) {
    const auto& u = all[static_cast<std::size_t>(i)];
    rows.row(i) = Eigen::Map<const Vector>(u.data(), sizes.size()).cwiseProduct(sizes).transpose();
    rows.row(i).normalize();
  }
  const auto constants = static_cast<Index>(conserved.constants.size());
  reduce(rows, constants, tolerance);
  std::vector<SparseLaw> result;
  for (Index i = 0; i < rows.rows(); ++i) {
    std::vector<std::int64_t> support;
    for (Index k = 0; k < sizes.size(); ++k) {
      if (std::abs(rows(i, k)) > tolerance) support.push_back(k);
    }
    const std::optional<SparseLaw> law = fitted(basis, std::move(support));
    if (law) result.push_back(pruned(*law, basis, sizes, floor));
  }
  return result;
}

Expression formula(std::span<const double> coefficients, std::span<const Expression> features,
                   int digits) {
  std::optional<Expression> sum;
  // what is added comes before what is subtracted
  for (const bool negative : {false, true}) {
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
      const double c = rounded(coefficients[k], digits);
      if (c == 0 || (c < 0) != negative) continue;
      sum = sum ? apply(negative ? Op::subtract : Op::add, *sum, scaled(features[k], std::abs(c)))
                : scaled(features[k], c);
    }
  }
  return sum ? *sum : number(0);
}

}  // namespace noether::learn::symbolic
