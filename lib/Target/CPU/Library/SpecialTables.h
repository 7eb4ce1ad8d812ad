// SPDX-License-Identifier: Apache-2.0

/// \file
/// Polynomial coefficients of the error and gamma functions, printed by
/// coefficients.py, which states the function and interval of each.

#ifndef LIB_TARGET_CPU_LIBRARY_SPECIALTABLES_H
#define LIB_TARGET_CPU_LIBRARY_SPECIALTABLES_H

#include "Detail.h"

static const f64 kErfcx[22] = {
    0x1.3c24d628d2216p+0,   -0x1.b611a46e0f955p-4,  0x1.db125e5875bc7p-8,
    0x1.0dd518c020236p-5,   -0x1.2c8a5470643c0p-5,  0x1.a7a8889676587p-6,
    -0x1.c7f6d470d05a7p-7,  0x1.83f4e4b2da83fp-8,   -0x1.ff9f0bee8c32fp-10,
    0x1.dce26d19ce3b3p-12,  -0x1.9bafc38aaa75ep-15, -0x1.85b014e1eee84p-17,
    0x1.9a2f744d2c75dp-18,  -0x1.65d3f9fcc2939p-21, -0x1.32dc04cd2d7e8p-22,
    0x1.a8be82cbda4b4p-24,  0x1.c9ae4cae204b7p-28,  -0x1.26954dea81839p-27,
    0x1.4e2c7a09a99f5p-32,  0x1.63b8e71dfb963p-31,  -0x1.7169a671ecdcep-35,
    -0x1.3b8b7d9d64267p-35,
};

static const f64 kLgamma[22] = {
    0x1.eeb95b094c191p-2,   -0x1.2aed059bd608ap-4,  0x1.01af62a2929bfp-6,
    -0x1.007aa83cee101p-8,  0x1.133423527f3d7p-10,  -0x1.34dbda14a599fp-12,
    0x1.64f0664c37406p-14,  -0x1.a5035229a9556p-16, 0x1.f814babe86906p-18,
    -0x1.313e8bc6a6231p-19, 0x1.750a77d822d32p-21,  -0x1.cb448e61e1d84p-23,
    0x1.1c7e4f467baeep-24,  -0x1.62443cdd5170dp-26, 0x1.b9e257d11f1c8p-28,
    -0x1.15350c1f6c64ap-29, 0x1.68fdeb08edc47p-31,  -0x1.cb09aadf8c861p-33,
    0x1.ba137484c764cp-35,  -0x1.0ed848f4c3a8bp-36, 0x1.97a672f510735p-37,
    -0x1.0ba7e4b7ec423p-38,
};

static const f64 kDigamma[23] = {
    0x1.e6f0cbb873616p-1,   -0x1.b1cb63005ee98p-3,  0x1.eca189b8e6f7bp-5,
    -0x1.2feeeb98a78cbp-6,  0x1.8512e59037ebbp-8,   -0x1.fb44202a259cep-10,
    0x1.4de9aa1802de8p-11,  -0x1.b9f8b11b2f98ep-13, 0x1.25647156391a7p-14,
    -0x1.8635641765f08p-16, 0x1.03c0b2b60f6f7p-17,  -0x1.5a06a23d62223p-19,
    0x1.cd1f26d55994ep-21,  -0x1.336df991b5f25p-22, 0x1.99e1aca26565dp-24,
    -0x1.0fb126d4c2892p-25, 0x1.69ba8fdd1d52cp-27,  -0x1.fdacdb7508852p-29,
    0x1.56c5b73aaffa6p-30,  -0x1.2f41994664278p-32, 0x1.80260c257a44fp-34,
    -0x1.761380b8f00cep-34, 0x1.00b98a8f0aa04p-35,
};

static const f64 kGamma[24] = {
    0x1.c5bf891b4ef6bp-1,   0x1.08ea88ee561b2p-6,   0x1.a8c4dba620d63p-4,
    -0x1.b77ac1ca2ec3ap-7,  0x1.283bd374ea0e0p-7,   -0x1.3d88cfe501968p-9,
    0x1.e022b74498c06p-11,  -0x1.374fd5ce89d67p-12, 0x1.a752c64c7ae1cp-14,
    -0x1.1a2c28feadffcp-15, 0x1.7991eeb85af70p-17,  -0x1.f7fc7c77eaabdp-19,
    0x1.504cc3b99e256p-20,  -0x1.c09e64ede49acp-22, 0x1.2b52f283afd49p-23,
    -0x1.8f3d29de36d5fp-25, 0x1.08491270ad524p-26,  -0x1.5fd0b6db333f6p-28,
    0x1.f4f6063ddea2cp-30,  -0x1.514a2bdb276aep-31, 0x1.18ba4cc8e94d8p-33,
    -0x1.6123186b313d9p-35, 0x1.773bf2f086911p-35,  -0x1.01854338e4cd5p-36,
};

#endif // LIB_TARGET_CPU_LIBRARY_SPECIALTABLES_H
