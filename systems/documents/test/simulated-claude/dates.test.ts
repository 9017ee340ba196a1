import { describe, expect, it } from 'vitest';
import { datesIn, effectiveDate } from '../../simulated-claude/dates.ts';

describe('dates', () => {
  it.each([
    ['January 5, 2025', '2025-01-05'],
    ['Sept. 30 2024', '2024-09-30'],
    ['5 January 2025', '2025-01-05'],
    ['the 5th day of January, 2025', '2025-01-05'],
    ['2025-01-05', '2025-01-05'],
    ['05.01.2025', '2025-01-05'],
    ['5. März 2025', '2025-03-05'],
    ['le 14 août 2025', '2025-08-14'],
    ['1er février 2025', '2025-02-01'],
  ])('reads %s', (text, date) => {
    expect(datesIn(text, null).map(({ date }) => date)).toEqual([date]);
  });

  it('reads a date with slashes by the country, and skips it if it is ambiguous', () => {
    const read = (text: string, american: boolean | null) => datesIn(text, american)[0]?.date ?? null;
    expect([read('01/05/2025', true), read('01/05/2025', false), read('01/05/2025', null)]).toEqual([
      '2025-01-05',
      '2025-05-01',
      null,
    ]);
    expect([read('01/25/2025', null), read('25/01/2025', true)]).toEqual(['2025-01-25', '2025-01-25']);
  });

  it('skips days that do not exist', () => {
    expect(datesIn('2025-02-30 or 45 May 2025 or 13/13/2025', true)).toEqual([]);
  });
});

describe('the effective date', () => {
  it('is the date on which the contract takes effect, not any other', () => {
    const text =
      'This agreement replaces the one of May 1, 2020. It is made on June 2, 2021 and takes effect on July 3, 2021.';
    expect(effectiveDate([text], true)).toBe('2021-07-03');
  });

  it('is the day of the last signature if the contract says so', () => {
    const text =
      'It takes effect on the date of the last signature below.\nBy: A\nDate: 3 May 2022\nBy: B\nDate: 7 May 2022';
    expect(effectiveDate([text], false)).toBe('2022-05-07');
  });

  it('is null if the contract states none', () => {
    expect(effectiveDate(['This agreement binds the parties. See the invoice of May 1, 2020.'], true)).toBeNull();
  });
});
