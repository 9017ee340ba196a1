import { describe, expect, it } from 'vitest';
import { EVENT_KINDS } from '../src/world/kinds.ts';
import { get, startWeb, textOf, unhurried } from './support.ts';

describe('The truth', () => {
  it('is what the pages say, in the paragraphs that it names', async () => {
    const web = await startWeb({ companies: 40, faults: { share: 0 }, now: unhurried() });
    const wrong: string[] = [];
    let checked = 0;
    const events = [0, 1, 2, 3].flatMap((night) => web.truth(night).slice(0, 60));
    for (const { night, told, contradictedBy } of events) {
      web.setNight(night);
      for (const { url, paragraph, sentence, rivalSentence } of [...told, ...contradictedBy]) {
        const page = await get(web, url);
        checked += 1;
        if (textOf(page.body, paragraph)?.includes(sentence) !== true) wrong.push(`${url} ${sentence}`);
        const said = page.body
          .replaceAll('&amp;', '&')
          .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
        if (rivalSentence !== undefined && !said.includes(rivalSentence)) wrong.push(`${url} ${rivalSentence}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });

  it('has every kind of event, with a magnitude, and tells each somewhere', async () => {
    const web = await startWeb({ companies: 200, night: 1, faults: { at: { 'news-1.test': [] }, kinds: ['renamed'] } });
    const events = [...web.truth(0), ...web.truth(1)];
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(EVENT_KINDS));
    expect(events.filter(({ told }) => told.length === 0)).toEqual([]);
    expect(new Set(events.map(({ magnitude }) => magnitude))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const rivals = events.flatMap((event) => event.rivals);
    expect(rivals.length).toBeGreaterThan(50);
    expect(rivals.filter((id) => !web.companies.some((company) => company.id === id))).toEqual([]);
  });

  it('says which sources contradict it, with another number', async () => {
    const web = await startWeb({ companies: 200, faults: { share: 0 } });
    const contradicted = web.truth(0).filter(({ contradictedBy }) => contradictedBy.length > 0);
    expect(contradicted.length).toBeGreaterThan(10);
    for (const { told, contradictedBy } of contradicted) {
      expect(told.map(({ sentence }) => sentence)).not.toContain(contradictedBy[0]?.sentence);
    }
  });

  it('tells many events on several sites, some of them in the same words', async () => {
    const web = await startWeb({ companies: 200, faults: { share: 0 } });
    const stories = web.truth(0).map(({ told }) => told.filter(({ via }) => via === 'news'));
    const several = stories.filter(({ length }) => length > 1);
    expect(several.length).toBeGreaterThan(100);
    const same = several.filter((each) => new Set(each.map(({ sentence }) => sentence)).size < each.length);
    expect(same.length).toBeGreaterThan(50);
  });
});
