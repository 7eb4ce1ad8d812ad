// SPDX-License-Identifier: Apache-2.0
//
/// \file Anchor of the precompiled header that all compiler libraries share.
