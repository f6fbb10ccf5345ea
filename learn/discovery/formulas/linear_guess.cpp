#include "learn/discovery/formulas/linear_guess.h"

#include <cmath>

#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {

namespace {

// Directions in which B is below this part of its largest eigenvalue move nothing.
constexpr double vanishing = 1e-10;

struct Forms {
  Matrix a, b;  // A and B of linear_guess
};

// The parameters at which the gradients m_j are read off: all affine ones zero, then one of them 1.
std::vector<std::vector<double>> probes(std::vector<double> parameters,
                                        const std::vector<bool>& affine) {
  for (std::size_t j = 0; j < affine.size(); ++j) parameters[j] = affine[j] ? 0 : parameters[j];
  std::vector<std::vector<double>> result{parameters};
  for (std::size_t j = 0; j < affine.size(); ++j) {
    if (!affine[j]) continue;
    result.push_back(parameters);
    result.back()[j] = 1;
  }
  return result;
}

// Adds what point `lane` of a pack, with these gradients, contributes.
void add_point(Forms& forms, const Matrix& m, const Vector& v, const Vector& metric) {
  const Vector rate = transposed_product(m, v);
  const Matrix size = transposed_product(metric.asDiagonal() * m, m);
  const double trace = size.trace();
  if (!std::isfinite(trace) || !(trace > 0)) return;
  forms.a += rate * rate.transpose() / trace;
  forms.b += size / trace;
}

Forms forms_of(const Program& program, const Points& points,
               const std::vector<std::vector<double>>& at, Machine& machine) {
  const auto d = static_cast<Index>(points.dimension);
  const auto k = static_cast<Index>(at.size());
  const Eigen::Map<const Vector> metric(points.metric.data(), d);
  Forms forms{Matrix::Zero(k, k), Matrix::Zero(k, k)};
  std::vector<Lanes> gradients(at.size() * points.dimension);
  Matrix m(d, k);
  Vector v(d);
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
    for (std::size_t j = 0; j < at.size(); ++j) {
      const auto n = machine.run(program, points.x_of(pack), at[j]).subspan(1);
      for (std::size_t i = 0; i < n.size(); ++i) {
        gradients[j * points.dimension + i] = base::lanes(n[i]);
      }
    }
    for (std::size_t lane = 0; lane < base::pack_lanes; ++lane) {
      if (pack * base::pack_lanes + lane >= points.count) break;
      for (Index i = 0; i < d; ++i) {
        v(i) = points.v_of(pack)[static_cast<std::size_t>(i)][lane];
        for (Index j = 0; j < k; ++j) {
          m(i, j) = gradients[static_cast<std::size_t>(j * d + i)][lane];
        }
      }
      m.rightCols(k - 1).colwise() -= m.col(0).eval();
      add_point(forms, m, v, metric);
    }
  }
  return forms;
}

// The eigenvector of the least eigenvalue of A u = lambda B u, B scaled to a unit diagonal and
// restricted to where it does not vanish.
Vector least_eigenvector(const Forms& forms) {
  const Vector diagonal = forms.b.diagonal();
  Vector scale = Vector::Zero(diagonal.size());
  for (Index j = 0; j < scale.size(); ++j) {
    if (diagonal(j) > 1e-200) scale(j) = 1 / std::sqrt(diagonal(j));
  }
  const auto [values, vectors] = symmetric_eigen(scale.asDiagonal() * forms.b * scale.asDiagonal());
  const double largest = values(values.size() - 1);
  const auto kept = (values.array() > vanishing * largest).count();
  if (!(largest > 0) || kept == 0) return Vector::Zero(diagonal.size());
  const Matrix whitening = scale.asDiagonal() * vectors.rightCols(kept) *
                           values.tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
  const SymmetricEigen of_a =
      symmetric_eigen(product(transposed_product(whitening, forms.a), whitening));
  return product(whitening, Vector(of_a.vectors.col(0)));
}

}  // namespace

std::vector<bool> affine_parameters(const Expression& e) {
  using Mask = std::uint64_t;
  struct Dependence {
    Mask affine = 0, other = 0;
  };
  const auto all = fold<Dependence>(e, [](const Node& n, std::span<const Dependence> operands) {
    Dependence sum;
    for (const Dependence& operand : operands) {
      sum.affine |= operand.affine;
      sum.other |= operand.other;
    }
    const auto none_of = [&sum](Mask mask) { sum.other |= mask; };
    switch (n.op) {
      case Op::parameter:
        sum.affine = Mask{1} << (n.index % 64);
        break;
      case Op::input:
      case Op::number:
      case Op::add:
      case Op::subtract:
      case Op::negate:
        break;
      case Op::multiply:
        // given the right factor, the product is affine in the left one
        if (operands[0].affine != 0) none_of(operands[1].affine);
        break;
      case Op::divide:
        none_of(operands[1].affine);
        break;
      default:
        none_of(sum.affine);
    }
    sum.affine &= ~sum.other;
    return sum;
  });
  std::vector<bool> result;
  for (int j = 0; j < e.parameter_count(); ++j) result.push_back((all.affine >> (j % 64) & 1) != 0);
  return result;
}

std::vector<double> linear_guess(const Program& program, const Points& points,
                                 std::vector<double> parameters, const std::vector<bool>& affine,
                                 Machine& machine) {
  const auto at = probes(parameters, affine);
  const Forms forms = forms_of(program, points, at, machine);
  const Vector u = least_eigenvector(forms);
  const double first = forms.b(0, 0) > 0 ? u(0) : u.cwiseAbs().maxCoeff();
  Index j = 1;
  for (std::size_t i = 0; i < affine.size(); ++i) {
    if (!affine[i]) continue;
    const double value = u(j) / first;
    parameters[i] = forms.b(j, j) > 0 && std::isfinite(value) ? value : 1;
    ++j;
  }
  return parameters;
}

}  // namespace noether::learn::symbolic
