/** An exchange by its MIC: its clocks, the hours of trading, and the days that differ, for 2025 to 2027. */
export interface Exchange {
  readonly mic: ExchangeName;
  readonly zone: string;
  /** Start and end of each part of a day's trading, by the clocks of the zone. */
  readonly parts: readonly (readonly [string, string])[];
  /** The end on the days of `early`. */
  readonly earlyEnd: string;
  /** Weekdays without trading. */
  readonly holidays: readonly string[];
  readonly early: readonly string[];
}

export type ExchangeName = 'XNYS' | 'XLON' | 'XTKS';

export const FIRST_YEAR = 2025;
export const LAST_YEAR = 2027;

const days = (year: number, list: string): string[] => list.split(' ').map((day) => `${year}-${day}`);

/**
 * New York Stock Exchange, as NYSE Group announced it on 8 November 2024
 * (https://mondovisione.com/media-and-resources/news/nyse-group-announces-2025-2026-and-2027-holiday-and-early-closings-calendar/).
 * 2025-01-09 was a day of mourning.
 */
const newYork: Exchange = {
  mic: 'XNYS',
  zone: 'America/New_York',
  parts: [['09:30', '16:00']],
  earlyEnd: '13:00',
  holidays: [
    ...days(2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'),
    ...days(2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'),
    ...days(2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'),
  ],
  early: [...days(2025, '07-03 11-28 12-24'), ...days(2026, '11-27 12-24'), ...days(2027, '11-26')],
};

/**
 * London Stock Exchange: the bank holidays of England and Wales (https://www.gov.uk/bank-holidays), and half days
 * before Christmas and New Year.
 */
const london: Exchange = {
  mic: 'XLON',
  zone: 'Europe/London',
  parts: [['08:00', '16:30']],
  earlyEnd: '12:30',
  holidays: [
    ...days(2025, '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26'),
    ...days(2026, '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'),
    ...days(2027, '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28'),
  ],
  early: [...days(2025, '12-24 12-31'), ...days(2026, '12-24 12-31'), ...days(2027, '12-24 12-31')],
};

/**
 * Tokyo Stock Exchange: the national holidays of Japan, 31 December and 1 to 3 January
 * (https://www.jpx.co.jp/english/corporate/about-jpx/calendar/). It trades until 15:30 since November 2024.
 */
const tokyo: Exchange = {
  mic: 'XTKS',
  zone: 'Asia/Tokyo',
  parts: [
    ['09:00', '11:30'],
    ['12:30', '15:30'],
  ],
  earlyEnd: '15:30',
  holidays: [
    ...days(2025, '01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03'),
    ...days(2025, '11-24 12-31'),
    ...days(2026, '01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12'),
    ...days(2026, '11-03 11-23 12-31'),
    ...days(2027, '01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23'),
    ...days(2027, '12-31'),
  ],
  early: [],
};

export const EXCHANGES: Readonly<Record<ExchangeName, Exchange>> = { XNYS: newYork, XLON: london, XTKS: tokyo };
