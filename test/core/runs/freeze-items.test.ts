import { describe, expect, it } from 'vitest';
import { freezeItems, runItemsKey } from '#core/runs/freeze-items.ts';
import { inMemoryArtifacts } from '../../support/fakes/in-memory-artifacts.ts';

const SOURCE = { bucket: 'inputs', key: 'uploads/list.jsonl' };
const COPY = { bucket: 'runs', key: runItemsKey('night-1', 0) };

function harness(text: string) {
  const artifacts = inMemoryArtifacts();
  const put = (lines: string) => artifacts.put(SOURCE, lines, 'application/jsonl');
  const copied = async () => new TextDecoder().decode(await artifacts.get(COPY));
  const freeze = async (ports = { artifacts }) => {
    const found = await freezeItems(ports, SOURCE, COPY);
    return found.ok ? found.items.map(({ id }) => id) : found.problem;
  };
  return { artifacts, put, copied, freeze, ready: put(text) };
}

describe('freezeItems', () => {
  it('copies what it has parsed', async () => {
    const h = harness('{"id": "x",  "site": "x.test"}\r\n{"id":"y"}\n');
    expect(await h.freeze()).toEqual(['x', 'y']);
    expect(await h.copied()).toBe('{"id":"x","site":"x.test"}\n{"id":"y"}');
  });

  it('a repeat keeps the first copy, whatever was put in the place of the source', async () => {
    const h = harness('{"id":"x"}');
    await h.freeze();
    for (const later of ['{"id":"x"}\n{"id":"y"}', 'nonsense']) {
      await h.put(later);
      expect(await h.freeze()).toEqual(['x']);
    }
    expect(await h.copied()).toBe('{"id":"x"}');
  });

  it('adds fields to each item, and leaves its id', async () => {
    const h = harness('{"id":"x","night":"always"}\n{"id":"y"}');
    await h.ready;
    const found = await freezeItems(h, SOURCE, COPY, { night: '2026-11-02', id: 'other' });
    const night = '2026-11-02';
    expect(found).toEqual({
      ok: true,
      items: [
        { id: 'x', night },
        { id: 'y', night },
      ],
    });
    expect(await h.copied()).toBe(`{"id":"x","night":"${night}"}\n{"id":"y","night":"${night}"}`);
  });

  it('of two calls at once both return the copy of the first', async () => {
    const h = harness('{"id":"x"}');
    let other: unknown;
    const create: typeof h.artifacts.create = async (...args) => {
      // Another call is faster, and has read another list.
      await h.put('{"id":"y"}');
      other = await h.freeze();
      return h.artifacts.create(...args);
    };
    expect(await h.freeze({ artifacts: { ...h.artifacts, create } })).toEqual(['y']);
    expect(other).toEqual(['y']);
  });

  it('a list that is missing or not valid is no copy', async () => {
    const h = harness('{"id":"x"}\nnonsense');
    expect(await h.freeze()).toContain('Line 2 is not valid JSON');
    await expect(h.copied()).rejects.toThrow('does not exist');
    const missing = await freezeItems(h, { bucket: 'inputs', key: 'none' }, COPY);
    expect(missing).toMatchObject({ ok: false, problem: expect.stringContaining('cannot be read') as string });
  });

  it('each part of the stages has a copy of its own', () => {
    expect([0, 1].map((part) => runItemsKey('a', part))).toEqual(['runs/a/items.jsonl', 'runs/a/items-1.jsonl']);
  });
});
