/** Amounts are integers in minor units; a currency's exponent says how many digits are cents. */

export const MINUS = "−";

/** 123456 with exponent 2 is "1,234.56"; cents are left out where `whole` and there are none. */
export function amount(minor: number, exponent = 0, whole = true): string {
  const sign = minor < 0 ? MINUS : "";
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0");
  const cut = digits.length - exponent;
  const units = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  const cents = digits.slice(cut);
  return sign + (exponent === 0 || (whole && /^0+$/.test(cents)) ? units : `${units}.${cents}`);
}

/** The same with the currency behind it; play chips are just chips. */
export function money(minor: number, currency: string, exponent = 0): string {
  return currency === "PLAY" ? amount(minor, exponent) : `${amount(minor, exponent, false)} ${currency}`;
}

/** "10 / 20": the blinds of a table. */
export function stakes(small: number, big: number, exponent = 0): string {
  return `${amount(small, exponent)} / ${amount(big, exponent)}`;
}
