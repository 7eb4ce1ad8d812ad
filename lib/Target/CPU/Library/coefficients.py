# SPDX-License-Identifier: Apache-2.0
#
# Prints the tables of SpecialTables.h and BesselTables.h.
# Needs mpmath; not part of the build.
import mpmath as mp

mp.mp.dps = 60


def chebyshev(f, lo, hi, tolerance=mp.mpf(2)**-58, n=64):
    """Coefficients of f on [lo, hi], cut where they stop to matter."""
    nodes = [mp.cos(mp.pi * (k + mp.mpf(1) / 2) / n) for k in range(n)]
    values = [f((hi + lo) / mp.mpf(2) + (hi - lo) / mp.mpf(2) * x)
              for x in nodes]
    c = [2 / mp.mpf(n) * sum(v * mp.cos(mp.pi * j * (k + mp.mpf(1) / 2) / n)
                             for k, v in enumerate(values)) for j in range(n)]
    c[0] /= 2
    scale = max(abs(v) for v in values)
    last = max(j for j in range(n) if abs(c[j]) > tolerance * scale)
    return c[:last + 1]


def monomials(c):
    """The same polynomial in powers of the scaled variable in [-1, 1]."""
    p, t0, t1 = [mp.mpf(0)] * len(c), [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    for cj in c:
        for i, t in enumerate(t0):
            p[i] += cj * t
        t2 = [mp.mpf(0)] + [2 * t for t in t1]
        for i, t in enumerate(t0):
            t2[i] -= t
        t0, t1 = t1, t2
    return p


def table(name, values):
    print(f'static const f64 {name}[{len(values)}] = {{')
    for v in values:
        print(f'    {float(v).hex()},')
    print('};\n')


def cheb_table(name, f, lo, hi):
    table(name, chebyshev(f, mp.mpf(lo), mp.mpf(hi)))


def poly_table(name, f, lo, hi):
    table(name, monomials(chebyshev(f, mp.mpf(lo), mp.mpf(hi))))


def special():
    # erfc(x) exp(x^2) (1 + 2x) in t = (x - 4) / (x + 4), 0.5 <= x <= 28.
    def erfcx(t):
        x = 4 * (1 + t) / (1 - t)
        return mp.erfc(x) * mp.exp(x * x) * (1 + 2 * x)
    lo, hi = (mp.mpf('0.5') - 4) / mp.mpf('4.5'), mp.mpf(24) / 32
    print('// scaled by', float((hi + lo) / 2).hex(), float(2 / (hi - lo)).hex())
    poly_table('kErfcx', erfcx, lo, hi)
    # lgamma(x) / ((x - 1)(x - 2)) and digamma(x) / (x - root) on [1, 2].
    def lg(x):
        return mp.loggamma(x) / ((x - 1) * (x - 2))
    poly_table('kLgamma', lg, 1, 2)
    root = mp.findroot(mp.digamma, 1.4616321449683623)
    hi = mp.mpf(float(root))
    print('// digamma root', float(hi).hex(), float(root - hi).hex())
    poly_table('kDigamma', lambda x: mp.digamma(x) / (x - root), 1, 2)
    poly_table('kGamma', mp.gamma, 1, 2)


def bessel():
    exp, sqrt, pi, log = mp.exp, mp.sqrt, mp.pi, mp.log
    I, K, J, Y = mp.besseli, mp.besselk, mp.besselj, mp.bessely
    cheb_table('kI0Small', lambda x: exp(-x) * I(0, x), 0, 8)
    cheb_table('kI0Large', lambda t: 1 / sqrt(2 * pi) if t == 0 else
               exp(-8 / t) * sqrt(8 / t) * I(0, 8 / t), 0, 1)
    cheb_table('kI1Small', lambda x: exp(-x) * I(1, x) / x, 0, 8)
    cheb_table('kI1Large', lambda t: exp(-8 / t) * sqrt(8 / t) * I(1, 8 / t),
               0, 1)
    cheb_table('kK0Small', lambda z: K(0, sqrt(z)) +
               log(sqrt(z) / 2) * I(0, sqrt(z)), 0, 4)
    cheb_table('kK0Large', lambda t: exp(2 / t) * sqrt(2 / t) * K(0, 2 / t),
               0, 1)
    cheb_table('kK1Small', lambda z: sqrt(z) * (K(1, sqrt(z)) -
               log(sqrt(z) / 2) * I(1, sqrt(z))), 0, 4)
    cheb_table('kK1Large', lambda t: exp(2 / t) * sqrt(2 / t) * K(1, 2 / t),
               0, 1)
    cheb_table('kJ0Small', lambda z: J(0, sqrt(z)), 0, 64)
    cheb_table('kJ1Small', lambda z: J(1, sqrt(z)) / sqrt(z), 0, 64)
    cheb_table('kY0Small', lambda z: Y(0, sqrt(z)) -
               2 / pi * log(sqrt(z)) * J(0, sqrt(z)), 0, 64)
    cheb_table('kY1Small', lambda z: (Y(1, sqrt(z)) - 2 / pi *
               (log(sqrt(z)) * J(1, sqrt(z)) - 1 / sqrt(z))) / sqrt(z), 0, 64)
    # J + iY = sqrt(2 / (pi x)) exp(i (x - pi/4 - n pi/2)) (P + iQ).
    for n in (0, 1):
        def pq(t, n=n):
            x = 8 / sqrt(t)
            h = (J(n, x) + 1j * Y(n, x)) * sqrt(pi * x / 2)
            return h * mp.expj(-(x - pi / 4 - n * pi / 2))
        cheb_table(f'kP{n}', lambda t: pq(t).real, 0, 1)
        cheb_table(f'kQ{n}', lambda t: pq(t).imag / sqrt(t), 0, 1)


if __name__ == '__main__':
    special()
    bessel()
