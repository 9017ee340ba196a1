import type { Dice } from '#core/chance/dice.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The date formats of contracts. A numeric day and month is used only if it is unambiguous. */
export const DATE_STYLES = [
  'us-long',
  'us-short',
  'us-slash',
  'us-legal',
  'uk-long',
  'uk-short',
  'uk-ordinal',
  'uk-slash',
  'uk-legal',
  'dotted',
  'iso',
] as const;
export type DateStyle = (typeof DATE_STYLES)[number];

/** Writes an ISO date (YYYY-MM-DD) in the given style. */
export function writeDate(iso: string, style: DateStyle): string {
  const [year, month, day] = iso.split('-').map(Number) as [number, number, number];
  const name = MONTHS[month - 1] ?? '';
  const [mm, dd] = [String(month).padStart(2, '0'), String(day).padStart(2, '0')];
  switch (style) {
    case 'us-long':
      return `${name} ${day}, ${year}`;
    case 'us-short':
      return `${name.slice(0, 3)} ${day}, ${year}`;
    case 'us-slash':
      return day > 12 ? `${mm}/${dd}/${year}` : writeDate(iso, 'us-long');
    case 'us-legal':
    case 'uk-legal':
      return `the ${day}${ordinal(day)} day of ${name}, ${year}`;
    case 'uk-long':
      return `${day} ${name} ${year}`;
    case 'uk-short':
      return `${dd} ${name.slice(0, 3)} ${year}`;
    case 'uk-ordinal':
      return `${day}${ordinal(day)} ${name} ${year}`;
    case 'uk-slash':
      return day > 12 ? `${dd}/${mm}/${year}` : writeDate(iso, 'uk-long');
    case 'dotted':
      return `${dd}.${mm}.${year}`;
    case 'iso':
      return iso;
  }
}

/** Moves an ISO date by months, then days. The 31st becomes the last day of a shorter month. */
export function shiftDate(iso: string, months: number, days = 0): string {
  const [year, month, day] = iso.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay) + days)).toISOString().slice(0, 10);
}

/** Writes a time span as lawyers do: "two (2) years", "24 months", "six months". */
export function writeSpan(amount: number, unit: 'month' | 'day' | 'year', dice: Dice): string {
  const [count, named] =
    unit === 'month' && amount % 12 === 0 && dice.chance(0.6) ? [amount / 12, 'year'] : [amount, unit];
  const noun = count === 1 ? named : `${named}s`;
  const words = writeNumber(count);
  return dice.pick([`${words} (${count}) ${noun}`, `${count} ${noun}`, `${words} ${noun}`]);
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const;

/** 0–999 in words. */
export function writeNumber(n: number): string {
  if (n < 20) return SMALL[n] ?? String(n);
  if (n < 100) return [TENS[Math.floor(n / 10)], n % 10 ? SMALL[n % 10] : ''].filter(Boolean).join('-');
  const rest = n % 100;
  return `${SMALL[Math.floor(n / 100)]} hundred${rest ? ` and ${writeNumber(rest)}` : ''}`;
}

function ordinal(day: number): string {
  if (day % 10 === 1 && day !== 11) return 'st';
  if (day % 10 === 2 && day !== 12) return 'nd';
  return day % 10 === 3 && day !== 13 ? 'rd' : 'th';
}
