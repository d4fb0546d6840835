// SPDX-License-Identifier: GPL-3.0-or-later

/// xoshiro256**, seeded by splitmix64: the same numbers on every machine.
///
/// Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators",
/// ACM Trans. Math. Softw. 47 (2021), doi:10.1145/3460772.
public struct RandomSource: Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// A generator of a seed and a stream, such as the number of a thread.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var state = seed &+ stream &* 0xD1B5_4A32_D192_ED03
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
    a = next()
    b = next()
    c = next()
    d = next()
  }

  /// 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = (product << 7 | product >> 57) &* 9
    let t = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = d << 45 | d >> 19
    return result
  }

  /// A whole number from 0 to `bound` − 1 (multiply-high; the bias is below 2⁻³²).
  @inline(__always)
  public mutating func below(_ bound: Int) -> Int {
    Int(((next() >> 32) &* UInt64(bound)) >> 32)
  }

  /// A number from 0 up to, not including, 1.
  @inline(__always)
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
