import { describe, expect, it } from 'vitest';
import { endPermit, newHostPace, takePermit, type HostPace } from '#core/web/politeness.ts';

const NOW = 1_000_000;
const request = (id: string) => ({ id, manner: { delayMs: 1_000 }, leaseMs: 25_000 });

function taken(pace: HostPace, id: string, now: number): HostPace {
  const answer = takePermit(pace, request(id), now);
  if (answer.kind === 'later') throw new Error(`Not before ${answer.at}.`);
  return answer.pace;
}

describe('permits of a site', () => {
  it('H1: have one holder, until its request or its lease ends', () => {
    const held = taken(newHostPace('a.example'), 'first', NOW);
    expect(takePermit(held, request('second'), NOW + 10)).toEqual({ kind: 'later', at: NOW + 25_000 });
    expect(takePermit(held, request('second'), NOW + 25_000)).toMatchObject({ kind: 'go' });
    const taken2 = taken(held, 'second', NOW + 25_000);
    // The first one comes back late, and takes nothing from the second.
    expect(endPermit(taken2, request('first'), NOW + 26_000)).toBeNull();
  });

  it('H2: lie a delay apart', () => {
    const ended = endPermit(taken(newHostPace('a.example'), 'first', NOW), request('first'), NOW + 300);
    expect(ended).toMatchObject({ holder: null, nextAt: NOW + 1_300, version: 2 });
    const pace = ended ?? newHostPace('a.example');
    expect(takePermit(pace, request('second'), NOW + 299)).toEqual({ kind: 'later', at: NOW + 300 });
    expect(takePermit(pace, request('second'), NOW + 2_000)).toMatchObject({ kind: 'go', startAt: NOW + 2_000 });
  });

  it('H2: the delay counts from the end of the answer, which may take time to store', () => {
    const held = taken(newHostPace('a.example'), 'first', NOW);
    expect(endPermit(held, request('first'), NOW + 340, { at: NOW + 300 })).toMatchObject({ nextAt: NOW + 1_300 });
    // A clock that is ahead brings no longer delay.
    expect(endPermit(held, request('first'), NOW + 340, { at: NOW + 900 })).toMatchObject({ nextAt: NOW + 1_340 });
  });

  it('H1, H2: may be taken while the delay runs, by one holder, whose lease begins with its start', () => {
    const ended = endPermit(taken(newHostPace('a.example'), 'first', NOW), request('first'), NOW + 300);
    const pace = ended ?? newHostPace('a.example');
    expect(takePermit(pace, request('second'), NOW + 400)).toMatchObject({ kind: 'go', startAt: NOW + 1_300 });
    const held = taken(pace, 'second', NOW + 400);
    expect(takePermit(held, request('third'), NOW + 410)).toEqual({ kind: 'later', at: NOW + 26_300 });
    expect(takePermit(held, request('third'), NOW + 26_299)).toMatchObject({ kind: 'later' });
  });

  it('H3: are given to nobody before the time that the site named', () => {
    const held = taken(newHostPace('a.example'), 'first', NOW);
    const blocked = endPermit(held, request('first'), NOW, { retryAfterMs: 60_000 });
    expect(takePermit(blocked ?? held, request('second'), NOW + 59_999)).toEqual({ kind: 'later', at: NOW + 60_000 });
    expect(takePermit(blocked ?? held, request('second'), NOW + 60_000)).toMatchObject({ kind: 'go' });
  });
});
