#pragma once

// Some parameters need no search: a formula that is affine in them gives them by an eigenvector.

#include <vector>

#include "learn/discovery/points.h"

namespace noether::learn::symbolic {

// For each parameter: whether it is affine. The formula is affine in all of these together: no two
// of them are multiplied, none divides, none is inside a function.
std::vector<bool> affine_parameters(const Expression& e);

// `parameters` with the affine ones, c_1, ..., c_k, replaced by those that minimise
//
//     sum_i w_i (n_i . v_i)^2 / sum_i w_i n_i^T C n_i,
//     n = grad f = m_0 + c_1 m_1 + ... + c_k m_k.
//
// m_0 is grad f where all c_j are 0, and m_j its change by c_j = 1. The weight of point i is
// w_i = 1 / sum_j m_j^T C m_j. The solution is the eigenvector u of A u = lambda B u with the least
// lambda, where A = sum w (m . v)(m . v)^T and B = sum w m^T C m. It is scaled to u_0 = 1, or by
// its largest element where m_0 is zero. Parameters that move nothing are 1.
std::vector<double> linear_guess(const Program& program, const Points& points,
                                 std::vector<double> parameters, const std::vector<bool>& affine,
                                 Machine& machine);

}  // namespace noether::learn::symbolic
