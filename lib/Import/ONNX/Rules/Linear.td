// SPDX-License-Identifier: Apache-2.0
//
// Linear operators.
