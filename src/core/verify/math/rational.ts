/** An exact fraction: `bottom` is at least 1 and shares no factor with `top`. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/**
 * Above this many bits an exact value is given up: hostile answers ask for billions. Fractions have less room, since bringing them to
 * lowest terms takes time with the square of their length.
 */
const mostBits = 65_536;
const mostFractionBits = 2048;
const limit = 1n << BigInt(mostBits);
const fractionLimit = 1n << BigInt(mostFractionBits);

/** Zero. */
export const zero: Rational = { top: 0n, bottom: 1n };
/** One. */
export const one: Rational = { top: 1n, bottom: 1n };

const isWithin = (value: bigint, bound: bigint) => value < bound && value > -bound;

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** `top / bottom` in lowest terms; `null` for a zero bottom, a whole number past 65,536 bits or a fraction past 2,048. */
export function rational(top: bigint, bottom = 1n): Rational | null {
  if (bottom === 1n) return isWithin(top, limit) ? { top, bottom } : null;
  if (bottom === 0n || !isWithin(top, fractionLimit) || !isWithin(bottom, fractionLimit)) return null;
  const divisor = greatestCommonDivisor(top, bottom < 0n ? -bottom : bottom) * (bottom < 0n ? -1n : 1n);
  return { top: top / divisor, bottom: bottom / divisor };
}

/** The value of a plain decimal such as `12`, `.5`, `12.50`; `null` where it is none or has more than 1,000 digits. */
export function decimalValue(text: string): Rational | null {
  const [whole = '', fraction = ''] = text.split('.');
  if (text.length > 1000 || !/^\d*$/.test(whole + fraction) || whole + fraction === '') return null;
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}

/** Sum; `null` past the limit. */
export const add = (a: Rational, b: Rational) => rational(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
/** Product; `null` past the limit. */
export const multiply = (a: Rational, b: Rational) => rational(a.top * b.top, a.bottom * b.bottom);
/** Quotient; `null` past the limit and for a zero divisor. */
export const divide = (a: Rational, b: Rational) => rational(a.top * b.bottom, a.bottom * b.top);
/** The same with the other sign. */
export const negate = (a: Rational): Rational => ({ top: -a.top, bottom: a.bottom });
/** Whether two fractions are the same number. */
export const same = (a: Rational, b: Rational) => a.top === b.top && a.bottom === b.bottom;
/** Whether it is a whole number. */
export const isWhole = (a: Rational) => a.bottom === 1n;

/** -1, 0 or 1 as `a` is less than, equal to or greater than `b`. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Distance from zero. */
export const magnitude = (a: Rational): Rational => (a.top < 0n ? negate(a) : a);

/** A lower bound of how many bits a factor adds to a product: 1 for 2 and 3, 2 for 4 to 7. */
const leastBits = (value: bigint) => (value < 0n ? -value : value).toString(2).length - 1;
const bits = (value: bigint) => (value < 0n ? -value : value).toString(16).length * 4;

/** A power of 0, 1 or -1, whose exponent may be absurd; `null` for any other base. */
function trivialPower({ top, bottom }: Rational, exponent: bigint): Rational | null {
  if (top === 0n) return exponent > 0n ? zero : null;
  if (bottom !== 1n || (top !== 1n && top !== -1n)) return null;
  return top === 1n || exponent % 2n === 0n ? one : { top, bottom };
}

/** A whole power; `null` past the limit and for a negative power of zero. Cheap also where the exponent is absurd. */
export function power(base: Rational, exponent: Rational): Rational | null {
  if (!isWhole(exponent)) return null;
  if (exponent.top === 0n) return one;
  const trivial = trivialPower(base, exponent.top);
  if (trivial !== null || base.top === 0n) return trivial;
  const times = exponent.top < 0n ? -exponent.top : exponent.top;
  const room = BigInt(isWhole(base) && exponent.top > 0n ? mostBits : mostFractionBits);
  if (BigInt(Math.max(leastBits(base.top), leastBits(base.bottom))) * times > room) return null;
  const raised = rational(base.top ** times, base.bottom ** times);
  return raised && exponent.top < 0n ? divide(one, raised) : raised;
}

function wholeRoot(value: bigint, degree: number): bigint | null {
  if (value < 2n) return value;
  const wanted = BigInt(degree);
  // Newton's method from above: strictly falling until the floor of the root.
  let guess = 1n << BigInt(Math.ceil(bits(value) / degree) + 1);
  for (;;) {
    const next = ((wanted - 1n) * guess + value / guess ** (wanted - 1n)) / wanted;
    if (next >= guess) break;
    guess = next;
  }
  return guess ** wanted === value ? guess : null;
}

/** The exact root of degree 2 to 64 where it is a fraction; `null` otherwise, and for an even root of a negative number. */
export function root(value: Rational, degree: number): Rational | null {
  if (degree < 2 || degree > 64 || (value.top < 0n && degree % 2 === 0)) return null;
  const top = wholeRoot(value.top < 0n ? -value.top : value.top, degree);
  const bottom = wholeRoot(value.bottom, degree);
  if (top === null || bottom === null) return null;
  return { top: value.top < 0n ? -top : top, bottom };
}

/** The nearest floating-point number; exact integers of any size keep their magnitude. */
export function toNumber({ top, bottom }: Rational): number {
  if (bottom === 1n) return Number(top);
  const excess = Math.max(bits(top), bits(bottom)) - 900;
  if (excess <= 0) return Number(top) / Number(bottom);
  const shift = BigInt(excess);
  const divisor = Number(bottom >> shift);
  return divisor === 0 ? Number(top / bottom) : Number(top >> shift) / divisor;
}

/** How many decimals write it exactly; `null` where no finite number does. */
export function finiteDecimals({ bottom }: Rational): number | null {
  let rest = bottom;
  let [twos, fives] = [0, 0];
  for (; rest % 2n === 0n; twos += 1) rest /= 2n;
  for (; rest % 5n === 0n; fives += 1) rest /= 5n;
  return rest === 1n ? Math.max(twos, fives) : null;
}

/** The value rounded to so many decimals (0 to 100), halves away from zero. */
export function rounded({ top, bottom }: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals);
  const size = top < 0n ? -top : top;
  const units = (2n * size * scale + bottom) / (2n * bottom);
  return rational(top < 0n ? -units : units, scale) ?? zero;
}
