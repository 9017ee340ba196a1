import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCommand } from '../../cli/market/demo.ts';
import { parseDemoOptions } from '../../cli/market/options.ts';
import { said } from '../../cli/market/replay.ts';
import { readReplayFile } from '../../cli/market/replay-file.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-replay-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const NOW = Date.parse('2026-11-17T16:00:00Z');
const event = (id: string, more: object = {}) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'test',
    type: 'market.corporate-action.v1',
    subject: 'cik:0000320193',
    time: '2026-11-17T15:00:00Z',
    data: { ticker: 'AAPL', action: 'dividend', exDate: '2026-11-20', amount: 1 },
    ...more,
  });

async function read(...lines: readonly string[]) {
  const file = join(home, 'day.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  return readReplayFile(file, NOW);
}

describe('a file that is replayed', () => {
  it('says which lines the router sets aside, and does not send what no stream takes', async () => {
    const day = await read(event('a'), 'garbage', '', event('b', { type: 'market.unknown.v1' }), 'x'.repeat(2_000_000));
    expect(day.records.map(({ key }) => key)).toEqual(['cik:0000320193', 'unknown', 'cik:0000320193']);
    expect(day.rejected.map(({ line }) => line)).toEqual([2, 4]);
    expect(day.tooBig).toEqual([{ line: 5, why: expect.stringContaining('2000000 bytes') as string }]);
    const setAside = { count: 3, reasons: { 'not-json': 2, 'unknown-type': 1 } };
    expect(said(day, setAside)).toEqual([
      '1 valid event sent. npm run fleet -- alerts list shows the alerts.',
      'Set aside by the router: 3 records (2 not-json, 1 unknown-type). See them: npm run fleet -- market rejected --details',
      expect.stringMatching(/^2 lines not valid, and sent as they are\. The first one is line 2: .*JSON/),
      expect.stringMatching(/^1 line not sent\. The first one is line 5: /),
    ]);
    expect(said(day, null)[1]).toBe(
      'The router is still reading. What it sets aside: npm run fleet -- market rejected --details',
    );
    expect(said({ ...day, rejected: [], tooBig: [] }, { count: 0, reasons: {} })).toHaveLength(1);
  });

  it('has an event that is in the future by the clock of the fleet that gets it', async () => {
    const later = await read(event('a'), event('b', { time: '2027-01-01T00:00:00Z' }));
    expect(later.rejected.map(({ line }) => line)).toEqual([2]);
  });

  it.each([[['garbage', '{}']], [['x'.repeat(2_000_000)]]])('is wrong usage without an event', async (lines) => {
    await expect(read(...lines)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('Line 1: ') });
  });
});

describe('a day without trading', () => {
  it.each([
    ['2026-12-25', 'The next session is on 2026-12-28'],
    ['2026-11-15', 'The next session is on 2026-11-16'],
    ['2031-01-02', 'Choose a day from 2025 to 2027'],
  ])('%s is wrong usage, and says which day has some', async (day, message) => {
    const options = parseDemoOptions({ day });
    await expect(demoCommand([], options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });
});
