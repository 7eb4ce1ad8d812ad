// SPDX-License-Identifier: Apache-2.0
//
/// \file The matrices of minimal filtering.
#include "dialects/MS/IR/Winograd.h"

#include <gtest/gtest.h>

using namespace msc;

namespace {

/// sum over j of A[i, j] G[j, k] B[j, l] is 1 where l = i + k and else 0: that
/// is what makes the transforms a convolution, whatever the values.
TEST(Winograd, MatricesConvolve) {
  for (int64_t tile : {2, 4}) {
    ms::Winograd winograd(tile);
    ASSERT_EQ(winograd.input.rows, tile + 2);
    ASSERT_EQ(winograd.filter.rows, tile + 2);
    ASSERT_EQ(winograd.output.rows, tile);
    for (int64_t i = 0; i < tile; ++i)
      for (int64_t k = 0; k < 3; ++k)
        for (int64_t l = 0; l < tile + 2; ++l) {
          double sum = 0;
          for (int64_t j = 0; j < tile + 2; ++j)
            sum += winograd.output.at(i, j) * winograd.filter.at(j, k) *
                   winograd.input.at(j, l);
          EXPECT_NEAR(sum, l == i + k ? 1 : 0, 1e-14)
              << "tile " << tile << ", result " << i << ", tap " << k
              << ", element " << l;
        }
  }
}

} // namespace
