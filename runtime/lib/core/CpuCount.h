// SPDX-License-Identifier: Apache-2.0
//
/// \file How many processors this process may keep busy.
#ifndef MSCRT_LIB_CORE_CPUCOUNT_H
#define MSCRT_LIB_CORE_CPUCOUNT_H

#include <string>

namespace mscrt::core {

/// The cpu quota of control groups in whole processors, rounded up; 0 when
/// there is none. `membership` is the text of /proc/self/cgroup, `root` where
/// the control groups are mounted. Reads versions 1 and 2.
unsigned cgroupCpuLimit(const std::string &membership, const std::string &root);

/// Processors in the affinity mask, lowered to the quota; at least 1.
unsigned availableCpus();

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_CPUCOUNT_H
