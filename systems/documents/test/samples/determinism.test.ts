import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateSamples } from '../../samples/samples.ts';
import type { Sample, SampleOptions } from '../../samples/samples.ts';

async function collect(options: SampleOptions): Promise<Sample[]> {
  return Array.fromAsync(generateSamples(options));
}

describe('generateSamples', () => {
  test('generates the same files, bytes and truth for the same options', async () => {
    const options = { count: 24, broken: 8, seed: 5 };
    expect(await collect(options)).toEqual(await collect(options));
  });

  test('generates other files for another seed', async () => {
    const [first, second] = await Promise.all([
      collect({ count: 5, broken: 0, seed: 1 }),
      collect({ count: 5, broken: 0, seed: 2 }),
    ]);
    expect(first.map(({ truth }) => truth)).not.toEqual(second.map(({ truth }) => truth));
  });

  test('begins a large sample like a small one, so that a number identifies a contract', async () => {
    const [small, large] = await Promise.all([
      collect({ count: 5, broken: 0, seed: 1 }),
      collect({ count: 12, broken: 0, seed: 1 }),
    ]);
    expect(large.slice(0, 5)).toEqual(small);
  });

  test('generates no two files with equal bytes or equal names, except the empty ones', async () => {
    const samples = await collect({ count: 200, broken: 30, seed: 3 });
    const filled = samples.filter(({ bytes }) => bytes.length > 0);
    const digests = new Set(filled.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex')));
    expect(digests.size).toBe(filled.length);
    expect(samples.length - filled.length).toBe(samples.filter(({ defect }) => defect === 'empty').length);
    expect(new Set(samples.map(({ file }) => file)).size).toBe(200);
  });

  test('rejects more broken documents than documents', async () => {
    await expect(collect({ count: 2, broken: 3, seed: 1 })).rejects.toThrow('with broken from 0 to count');
  });
});
