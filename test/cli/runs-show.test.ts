import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, onTestFinished, test } from 'vitest';
import { FleetProgram } from './support/fleet-program.ts';

const counts = { queued: 0, running: 0, parked: 0, succeeded: 0, failed: 0, cancelled: 0, escalated: 0 };
const RUN = {
  id: 'run-1',
  createdAt: '2026-11-02T22:00:00.000Z',
  size: 7,
  refused: 0,
  status: 'running',
  tasks: { ...counts, running: 2, succeeded: 5 },
  spent: { tokens: 12_000, usd: 0.25 },
  links: { self: '/runs/run-1', tasks: '/tasks?run=run-1', cancel: '/runs/run-1/cancel' },
};
const AGENTS = [
  { agent: 'scout', tasks: { ...counts, succeeded: 5 }, spent: { tokens: 0, usd: 0 } },
  { agent: 'analyst', tasks: { ...counts, running: 2 }, spent: { tokens: 12_000, usd: 0.25 } },
];

/** `fleet runs` on a fleet that answers so. */
async function answering(answer: (query: URLSearchParams) => unknown) {
  const server = createServer(({ url }, response) => {
    const { searchParams } = new URL(url ?? '', 'http://fleet');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(searchParams)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const env = {
    FLEET_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    FLEET_KEY: `flk_${'a'.repeat(20)}`,
  };
  return (...args: string[]) => new FleetProgram(temporaryFolder()).run(['runs', ...args], env);
}

test.each([
  [
    'each agent of a pipeline',
    { agents: AGENTS, budgetUsd: 2 },
    /limit +\$2\.00\nAGENT +TASKS +SPENT\nscout +5 succeeded +\$0\.00\nanalyst +2 running +\$0\.2500/,
  ],
  ['the run alone, from a fleet that does not say more', {}, /spent +\$0\.2500, 12,000 tokens\n$/],
])('fleet runs ID shows %s', async (_, more, says) => {
  const fleet = await answering(() => ({ ...RUN, ...more }));
  const { code, stdout, stderr } = await fleet('run-1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(says);
});

test('fleet runs follows the pages up to --limit, and says when there are more', async () => {
  const { createdAt, size: tasks, links } = RUN;
  const listed = { createdAt, size: tasks, links };
  const fleet = await answering((query) => {
    const from = Number(query.get('cursor') ?? 0);
    const size = Math.min(2, Number(query.get('limit')));
    const runs = Array.from({ length: 5 }, (_each, at) => ({ ...listed, id: `run-${at}` })).slice(from, from + size);
    return { runs, ...(from + size < 5 && { next: String(from + size) }) };
  });
  const all = await fleet();
  expect(all.stdout.match(/run-\d/g)).toEqual(['run-0', 'run-1', 'run-2', 'run-3', 'run-4']);
  expect(all.stdout).not.toContain('There are more');
  const some = await fleet('--limit', '3');
  expect(some.stdout.match(/run-\d/g)).toEqual(['run-0', 'run-1', 'run-2']);
  expect(some.stdout).toMatch(/There are more: use --limit 15\.\n$/);
  expect(JSON.parse((await fleet('--limit', '4', '--json')).stdout)).toMatchObject({ next: '4' });
});
