/** How often two judges of the same things said what: `yesNo` is the first saying yes and the second no. */
export interface Agreement {
  readonly yesYes: number;
  readonly yesNo: number;
  readonly noYes: number;
  readonly noNo: number;
}

/**
 * Cohen's kappa: how much more two judges agree than they would by chance, given how often each says yes.
 *
 * @returns 1 for full agreement, 0 for that of chance, down to -1; `null` where it means nothing: of no things, or where both always say the same
 * Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
 */
export function kappa({ yesYes, yesNo, noYes, noNo }: Agreement): number | null {
  const total = yesYes + yesNo + noYes + noNo;
  const [first, second] = [yesYes + yesNo, yesYes + noYes];
  const byChance = (first * second + (total - first) * (total - second)) / total ** 2;
  // a judge that never changes its mind tells nothing of the other
  if (total === 0 || first === 0 || first === total || second === 0 || second === total) return null;
  return ((yesYes + noNo) / total - byChance) / (1 - byChance);
}

/** One vote: the share of the votes that the most frequent answer had, more than 0, at most 1, and whether it was the known one. */
export interface TakenVote {
  readonly share: number;
  readonly right: boolean;
}

/** Bins of the share of votes. */
const bins = 5;

/** How often votes were right, by their share in fifths: more than `shareFrom`, at most `shareTo`. Fifths without votes are left out. */
export function voteAccuracy(votes: readonly TakenVote[]): { readonly shareFrom: number; readonly shareTo: number; readonly tasks: number; readonly accuracy: number }[] {
  return Array.from({ length: bins }, (_, bin) => {
    const own = votes.filter(({ share }) => share > bin / bins && share <= (bin + 1) / bins);
    return { shareFrom: bin / bins, shareTo: (bin + 1) / bins, tasks: own.length, accuracy: own.filter(({ right }) => right).length / own.length };
  }).filter(({ tasks }) => tasks > 0);
}
