import { describe, expect, it } from 'vitest';
import { dateBins } from '../../report/html/date-bins.ts';

describe('dates in a chart', () => {
  it('are counted by year, empty years included', () => {
    expect(dateBins(['2021-01-01', '2024-06-30', '2024-07-01'])).toEqual([
      { label: '2021', count: 1 },
      { label: '2022', count: 0 },
      { label: '2023', count: 0 },
      { label: '2024', count: 2 },
    ]);
  });

  it('are counted by quarter if they are within three years', () => {
    expect(dateBins(['2025-12-31', '2026-01-01', '2026-04-01'])).toEqual([
      { label: 'Q4 2025', count: 1 },
      { label: 'Q1 2026', count: 1 },
      { label: 'Q2 2026', count: 1 },
    ]);
  });

  it('share the first bin if they are too old for their own', () => {
    const bins = dateBins(['1066-10-14', '1990-01-01', '2026-01-01']);
    expect(bins).toHaveLength(30);
    expect(bins[0]).toEqual({ label: '≤ 1997', count: 2 });
  });

  it('have no bins if no contract has a date', () => expect(dateBins([])).toEqual([]));
});
