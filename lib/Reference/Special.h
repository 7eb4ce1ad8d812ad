// SPDX-License-Identifier: Apache-2.0
//
/// \file Special functions that libm lacks, in double precision.
#ifndef LIB_REFERENCE_SPECIAL_H
#define LIB_REFERENCE_SPECIAL_H

namespace msc::reference {

double erfinv(double x);  ///< on (-1, 1); +-inf at +-1, NaN outside
double digamma(double x); ///< NaN at the poles
/// e^-|x| I_n(x) for n = 0, 1.
double besselIe(int n, double x);
/// e^x K_n(x) for x > 0 and n = 0, 1.
double besselKe(int n, double x);

} // namespace msc::reference

#endif // LIB_REFERENCE_SPECIAL_H
