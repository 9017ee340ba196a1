const DAY_MS = 86_400_000;

/** The dates of the simulated nights. A night is the evening of its date, after everything of that day was published. */
export class Calendar {
  private readonly start: number;

  constructor(firstNight: string) {
    this.start = Date.parse(`${firstNight}T00:00:00Z`);
  }

  /** A time of day, `minutes` after midnight UTC, on a day relative to night 0. */
  at(day: number, minutes: number): Date {
    return new Date(this.start + day * DAY_MS + minutes * 60_000);
  }

  /** The end of a night's day, up to which pages can be dated. */
  endOf(night: number): Date {
    return new Date(this.start + (night + 1) * DAY_MS - 1_000);
  }
}

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
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const isoDate = (date: Date): string => date.toISOString().slice(0, 10);
export const monthOf = (date: Date): string => MONTHS[date.getUTCMonth()] ?? '';
export const weekdayOf = (date: Date): string => WEEKDAYS[date.getUTCDay()] ?? '';
/** November 2, 2026 */
export const longDate = (date: Date): string => `${monthOf(date)} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
/** 2 November 2026 */
export const britishDate = (date: Date): string => `${date.getUTCDate()} ${monthOf(date)} ${date.getUTCFullYear()}`;
/** Mon, 02 Nov 2026 08:30:00 GMT */
export const httpDate = (date: Date): string => date.toUTCString();
