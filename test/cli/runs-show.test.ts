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

test.each([
  [
    'each agent of a pipeline',
    { agents: AGENTS, budgetUsd: 2 },
    /limit +\$2\.00\nAGENT +TASKS +SPENT\nscout +5 succeeded +\$0\.00\nanalyst +2 running +\$0\.2500/,
  ],
  ['the run alone, from a fleet that does not say more', {}, /spent +\$0\.2500, 12,000 tokens\n$/],
])('fleet runs ID shows %s', async (_, more, says) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...RUN, ...more }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const env = {
    FLEET_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    FLEET_KEY: `flk_${'a'.repeat(20)}`,
  };
  const { code, stdout, stderr } = await new FleetProgram(temporaryFolder()).run(['runs', 'run-1'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(says);
});
