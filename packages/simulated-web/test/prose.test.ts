import { describe, expect, it } from 'vitest';
import { say } from '../src/prose/fill.ts';
import { first } from '../src/prose/first/index.ts';
import { second } from '../src/prose/second/index.ts';
import type { KindProse, Prose } from '../src/prose/types.ts';
import { Choices } from '../src/random.ts';
import { EVENT_KINDS } from '../src/world/kinds.ts';
import { get, startWeb, textOf, unhurried } from './support.ts';

const sentencesOf = ({ release, wire, filing }: KindProse): string[] => [...release, ...wire, ...filing];

describe('The two sets of texts', () => {
  it('have no sentence in common', () => {
    const textsOf = (prose: Prose) =>
      EVENT_KINDS.flatMap((kind) => {
        const { headlines, newsHeadlines, details } = prose.kinds[kind];
        return [...headlines, ...newsHeadlines, ...details, ...sentencesOf(prose.kinds[kind])];
      });
    const known = new Set(textsOf(first));
    expect(textsOf(second).filter((text) => known.has(text))).toEqual([]);
  });

  it.each([
    ['first', 8],
    ['second', 6],
  ] as const)('tell each kind in several ways (%s)', (name, least) => {
    for (const kind of EVENT_KINDS) {
      const sentences = sentencesOf({ first, second }[name].kinds[kind]);
      expect(sentences.length).toBeGreaterThanOrEqual(kind === 'rename' ? 5 : least);
      expect(new Set(sentences).size).toBe(sentences.length);
    }
  });

  it('are both what the pages say', async () => {
    const web = await startWeb({ companies: 20, prose: 'second', faults: { share: 0 }, now: unhurried() });
    const tellings = web.truth(0).flatMap(({ told }) => told);
    const wrong: string[] = [];
    for (const { url, paragraph, sentence } of tellings) {
      const { status, body } = await get(web, url);
      if (status !== 200 || textOf(body, paragraph)?.includes(sentence) !== true) wrong.push(`${url} ${sentence}`);
    }
    expect(wrong).toEqual([]);
    const other = await startWeb({ companies: 20, faults: { share: 0 } });
    const said = new Set(tellings.map(({ sentence }) => sentence));
    const shared = other
      .truth(0)
      .flatMap(({ told }) => told)
      .filter(({ sentence }) => said.has(sentence));
    expect(shared).toEqual([]);
    const facts = (events: ReturnType<typeof web.truth>) => events.map(({ id, kind, facts }) => ({ id, kind, facts }));
    expect(facts(other.truth(0))).toEqual(facts(web.truth(0)));
  });
});

describe('A text', () => {
  it('is chosen among those whose slots have a value', () => {
    const choices = new Choices('test');
    const said = Array.from({ length: 20 }, () => say(['{one} and {two}', 'a {one}.'], { one: 'offer' }, choices));
    expect(new Set(said)).toEqual(new Set(['An offer.']));
  });
});
