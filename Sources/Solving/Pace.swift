// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether a team or its first chain alone draws more moves a second, tried again now and then: where
/// other programs hold the cores, chains that wait for each other come to less than one.
struct Pace {
  /// Rounds between two looks at the first chain alone, and at the team: to miss the other cores that
  /// have come free costs more than to look for them.
  private static let roundsPerLook = (alone: 200, team: 50)
  /// Rounds of a look; together they are what is known of the way from then on.
  private static let roundsOfLook = 3
  private var sinceLook = 0
  private var looked = 0
  private var look = (moves: 0, seconds: 0.0)
  private var rates = (team: 0.0, alone: 0.0)

  private var isAloneFaster: Bool { rates.alone > rates.team }
  private var isLooking: Bool {
    sinceLook >= (isAloneFaster ? Pace.roundsPerLook.team : Pace.roundsPerLook.alone)
  }

  /// How the next round is to be made.
  func isNextAlone() -> Bool { isLooking ? !isAloneFaster : isAloneFaster }

  /// What a round came to.
  mutating func note(alone: Bool, moves: Int, seconds: Double) {
    guard isLooking else {
      sinceLook += 1
      let rate = Double(moves) / max(1e-6, seconds)
      if alone {
        rates.alone = rates.alone == 0 ? rate : 0.9 * rates.alone + 0.1 * rate
      } else {
        rates.team = rates.team == 0 ? rate : 0.9 * rates.team + 0.1 * rate
      }
      return
    }
    looked += 1
    look.moves += moves
    look.seconds += seconds
    if looked < Pace.roundsOfLook { return }
    let rate = Double(look.moves) / max(1e-6, look.seconds)
    if alone { rates.alone = rate } else { rates.team = rate }
    sinceLook = 0
    looked = 0
    look = (0, 0)
  }
}
