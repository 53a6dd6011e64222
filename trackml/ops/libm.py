"""Logarithm, sine and cosine in float32, rounded as the GNU C library rounds them.

numpy's own are off by other last digits; where numbers shall be TensorFlow's to the last one, these are needed. They
are also faster than numpy's in float64. Each is a short polynomial in float64 around the nearest entry of a table.

Source: Arm Optimized Routines, math/logf.c and math/sincosf.c, which are part of glibc since 2.28.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_INVERSES = np.array(
    [float.fromhex(text) for text in (
        "0x1.661ec79f8f3bep+0", "0x1.571ed4aaf883dp+0", "0x1.49539f0f010bp+0", "0x1.3c995b0b80385p+0",
        "0x1.30d190c8864a5p+0", "0x1.25e227b0b8eap+0", "0x1.1bb4a4a1a343fp+0", "0x1.12358f08ae5bap+0",
        "0x1.0953f419900a7p+0", "0x1p+0", "0x1.e608cfd9a47acp-1", "0x1.ca4b31f026aap-1",
        "0x1.b2036576afce6p-1", "0x1.9c2d163a1aa2dp-1", "0x1.886e6037841edp-1", "0x1.767dcf5534862p-1",
    )]
)  # fmt: skip
"""`1 / c` for a number c near the middle of each of 16 intervals."""
_LOGARITHMS = -np.log(_INVERSES)
_LOG_TERMS = tuple(map(float.fromhex, ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2")))
_LN2 = float.fromhex("0x1.62e42fefa39efp-1")
_OFFSET = np.int32(0x3F330000)
_EXPONENT = np.int32(-0x800000)

_HALF_PI = float.fromhex("0x1.921fb54442d18p+0")
_COSINE_TERMS = tuple(map(float.fromhex, (
    "0x1p+0", "-0x1.ffffffd0c621cp-2", "0x1.55553e1068f19p-5", "-0x1.6c087e89a359dp-10", "0x1.99343027bf8c3p-16",
)))  # fmt: skip
_SINE_TERMS = tuple(map(float.fromhex, ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")))


def log(x: Array) -> Array:
    """The natural logarithm of positive, normal float32 numbers."""
    bits = np.ascontiguousarray(x).view(np.int32)
    shifted = bits - _OFFSET
    entry = (shifted >> 19) & 15
    reduced = (bits - (shifted & _EXPONENT)).view(np.float32).astype(np.float64)
    r = reduced * _INVERSES[entry] - 1
    base = _LOGARITHMS[entry] + (shifted >> 23) * _LN2
    square = r * r
    tail = _LOG_TERMS[0] * square + (_LOG_TERMS[1] * r + _LOG_TERMS[2])
    result: Array = (tail * square + (base + r)).astype(np.float32)
    return result


def sine_and_cosine(x: Array) -> tuple[Array, Array]:
    """Sine and cosine of float32 numbers from 0 to 2 pi."""
    wide = x.astype(np.float64)
    quadrant = np.rint(wide * (1 / _HALF_PI)).astype(np.int8)
    r = wide - quadrant * _HALF_PI
    square = r * r
    fourth = square * square
    sine = (r + (square * r) * _SINE_TERMS[0]) + (square * r * square) * (_SINE_TERMS[1] + square * _SINE_TERMS[2])
    c0, c1, c2, c3, c4 = _COSINE_TERMS
    cosine = ((c0 + square * c1) + fourth * c2) + (fourth * square) * (c3 + square * c4)
    odd = (quadrant & 1).astype(np.bool_)
    first = np.where(odd, cosine, sine)
    second = np.where(odd, sine, cosine)
    np.negative(first, out=first, where=(quadrant & 2).astype(np.bool_))
    np.negative(second, out=second, where=((quadrant + 1) & 2).astype(np.bool_))
    return first.astype(np.float32), second.astype(np.float32)
