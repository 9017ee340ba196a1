import { describe, expect, it } from 'vitest';
import { statedUsd, type Alert } from '../../alerts/alert.ts';
import { after, analysis, halted, m, resumed, urgent, warning } from './acts.ts';
import { matchOf, MINUTE, NOW } from './support.ts';

describe('an alert', () => {
  it('says words and money of one match: the loudest, and of equally loud ones that with the most at stake', () => {
    const most = m({ id: 'c', severity: 'warning', atStakeUsd: 90_000, title: 'quieter' });
    const quieter = after([m({ id: 'a', atStakeUsd: 5_000 }), most]);
    expect(quieter).toMatchObject({ title: matchOf().title, titleUsd: 5_000, atStakeUsd: 90_000 });
    const equal = after([m({ id: 'a', atStakeUsd: 5_000 }), m({ id: 'b', atStakeUsd: 9_000, title: 'more' }), most]);
    expect(equal).toMatchObject({ title: 'more', titleUsd: 9_000, atStakeUsd: 90_000 });
    const found = analysis('t')(quieter);
    expect(found?.notifications.map(({ title, atStakeUsd }) => [title, atStakeUsd])).toEqual([
      [matchOf().title, 5_000],
      [matchOf().title, 5_000],
    ]);
    const { titleUsd: _, ...old } = quieter ?? ({} as Alert);
    expect(statedUsd(old as Alert)).toBe(90_000);
  });

  it('keeps why nobody was notified when it ends', () => {
    expect(after([urgent('a', halted), resumed('r')])?.resolved).toMatchObject({ why: 'ended', unsent: 'inhibited' });
    expect(after([urgent('a'), resumed('r')])?.resolved).not.toHaveProperty('unsent');
  });

  it('takes the loudest title', () => {
    const alert = after([warning('a'), m({ id: 'b', title: 'louder' }, { now: NOW + MINUTE })]);
    expect(alert?.notifications.map(({ title }) => title)).toEqual([matchOf().title, 'louder']);
    expect(alert?.lastMatchAt).toBe(NOW + MINUTE);
  });
});
