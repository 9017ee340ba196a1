import { describe, expect, it } from 'vitest';
import { parseLoadOptions } from '#cli/load/options.ts';
import { workOf } from '#cli/load/work.ts';
import { supportSystem } from '../../system.ts';

const raw = { agent: 'assistant', rate: '2', duration: '5s', arrivals: 'poisson', seed: '1', patience: '1m' };
const elsewhere = { url: 'https://fleet.example.com/v1', key: 'flk_x', local: false };

const of = (options: object) =>
  workOf(
    { id: 'load-1', target: elsewhere, options: parseLoadOptions({ ...raw, ...options }), raw: options },
    supportSystem.load === undefined ? [] : [supportSystem.load],
    10,
  );

describe('the work of a load test', () => {
  it('is a small sum, or the given instruction or input', async () => {
    expect((await of({})).of(3)).toEqual({ instruction: 'What is 6 times 7?' });
    expect((await of({ instruction: 'Sing.' })).of(3)).toEqual({ instruction: 'Sing.' });
    const input = '{"customerId":"c-1","text":"Hello"}';
    const given = await of({ agent: 'support-agent', inputFile: input });
    expect(given.of(0)).toEqual({ input: { customerId: 'c-1', text: 'Hello' } });
    expect('judge' in given).toBe(false);
  });

  it('needs the shop table of a support agent on another fleet, to add its customers', async () => {
    await expect(of({ agent: 'support-agent' })).rejects.toMatchObject({
      exitCode: 2,
      remedy: expect.stringContaining('--shop-table'),
    });
  });
});
