#include "learn/discovery/formulas/parameter_sizes.h"

#include <cmath>

#include "learn/discovery/natural_size.h"

namespace noether::learn::symbolic {
namespace {

// The size of a part: `factor` times |c|^power, where c is a parameter whose size is open.
struct Size {
  double factor = 1;
  int parameter = -1;  // none: the size is known
  double power = 0;
};

class Sizes {
 public:
  Sizes(int count, const Points& points) : result_(static_cast<std::size_t>(count), 1.0) {
    for (std::size_t d = 0; d < points.dimension; ++d) {
      double sum = 0;
      for (std::size_t pack = 0; pack < points.packs(); ++pack) {
        for (const double x : points.x_of(pack)[d]) sum += x * x;
      }
      coordinates_.push_back(
          std::sqrt(sum / static_cast<double>(points.packs() * base::pack_lanes)));
    }
  }

  std::vector<double> of(const Expression& e) {
    fold<Size>(e, [this](const Node& n, std::span<const Size> a) { return of(n, a); });
    for (double& size : result_) size = natural_size(size);
    return result_;
  }

 private:
  Size of(const Node& n, std::span<const Size> a) {
    switch (n.op) {
      case Op::input:
        return {coordinates_[static_cast<std::size_t>(n.index)]};
      case Op::parameter:
        return {1, n.index, 1};
      case Op::number:
        return {std::abs(n.value)};
      case Op::add:
      case Op::subtract:
        return sum(a[0], a[1]);
      case Op::multiply:
        return product(a[0], a[1], 1);
      case Op::divide:
        return product(a[0], a[1], -1);
      case Op::square:
        return raised(a[0], 2);
      case Op::sqrt:
        return raised(a[0], 0.5);
      case Op::power:
        return raised(a[0], n.value);
      case Op::negate:
        return a[0];
      default:  // functions take and give numbers of order 1
        settle(a[0], 1);
        return {};
    }
  }

  static Size raised(Size a, double exponent) {
    a.factor = std::pow(a.factor, exponent);
    a.power *= exponent;
    return a;
  }

  // Whichever is open becomes as large as the other.
  Size sum(const Size& a, const Size& b) {
    if (a.parameter >= 0) {
      const Size known = b.parameter >= 0 ? Size{settle(b, b.factor)} : b;
      return {settle(a, known.factor)};
    }
    return b.parameter >= 0 ? Size{settle(b, a.factor)} : Size{std::max(a.factor, b.factor)};
  }

  Size product(const Size& a, const Size& b, double exponent) {
    Size other = raised(b, exponent);
    if (a.parameter >= 0 && b.parameter >= 0) other = {settle(other, other.factor)};
    const bool open = a.parameter >= 0;
    return {a.factor * other.factor, open ? a.parameter : other.parameter,
            open ? a.power : other.power};
  }

  // The parameter of `a` is chosen so that `a` has this size, which is returned.
  double settle(const Size& a, double size) {
    if (a.parameter >= 0 && a.power != 0 && a.factor > 0) {
      result_[static_cast<std::size_t>(a.parameter)] = std::pow(size / a.factor, 1 / a.power);
    }
    return a.parameter >= 0 ? size : a.factor;
  }

  std::vector<double> coordinates_ = {};
  std::vector<double> result_;
};

}  // namespace

std::vector<double> parameter_sizes(const Expression& e, const Points& points) {
  return Sizes(e.parameter_count(), points).of(e);
}

}  // namespace noether::learn::symbolic
