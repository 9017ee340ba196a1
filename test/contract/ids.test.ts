import { describe, expect, it } from 'vitest';
import { nodeIds } from '#adapters/node/ids.ts';
import type { Ids } from '#core/ports/ids.ts';
import { seededIds } from '../support/fakes/seeded-ids.ts';

function idsContract(open: () => Ids): void {
  it('creates distinct version 4 UUIDs', () => {
    const ids = open();
    const made = Array.from({ length: 200 }, () => ids.uuid());
    expect(new Set(made).size).toBe(200);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('digests text and bytes with SHA-256', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(open().digest('abc')).toBe(abc);
    expect(open().digest(new TextEncoder().encode('abc'))).toBe(abc);
  });

  it('draws numbers in [0, 1), evenly spread', () => {
    const ids = open();
    const drawn = Array.from({ length: 2_000 }, () => ids.random());
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    for (const tenth of Array.from({ length: 10 }, (_, n) => n)) {
      expect(drawn.filter((number) => Math.floor(number * 10) === tenth).length).toBeGreaterThan(100);
    }
  });
}

describe('node ids', () => {
  idsContract(nodeIds);
});

describe('seeded ids', () => {
  idsContract(() => seededIds(7));

  it('repeat with the same seed', () => {
    const draw = (seed: number) => {
      const ids = seededIds(seed);
      return [ids.uuid(), ids.random(), ids.uuid()];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
