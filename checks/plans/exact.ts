/** Products of measured numbers, rounded up once and exactly: floating point makes 12 of 1.1 x 30 / 3. */

/** Nine digits behind the point are kept; nobody measures finer. */
const DIGITS = 9;
const SCALE = 10n ** BigInt(DIGITS);

/** For numbers that people write, 0 or more. */
const scaled = (value: number): bigint => BigInt(value.toFixed(DIGITS).replace('.', ''));

/** The product of the factors over the divisor, rounded up. May be larger than a safe integer. */
export function productUp(factors: readonly number[], divisor: number): bigint {
  const over = factors.reduce((product, factor) => product * scaled(factor), 1n);
  const under = scaled(divisor) * SCALE ** BigInt(factors.length - 1);
  return (over + under - 1n) / under;
}
