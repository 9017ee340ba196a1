import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, onTestFinished, test } from 'vitest';
import { FleetProgram } from './support/fleet-program.ts';

const entry = { step: 1, epoch: 2, tool: 'refund', contentDigest: 'ab'.repeat(32), counted: true };
const AUDIT = {
  whole: true,
  findings: [],
  entries: [
    { ...entry, at: '2026-11-02T22:00:00.000Z', phase: 'before', model: 'claude' },
    { ...entry, at: '2026-11-02T22:00:01.000Z', phase: 'after', outcome: 'ok', counted: false },
  ],
  asOf: '2026-11-02T22:01:00.000Z',
};

test.each([
  [
    'intact',
    {},
    0,
    /^intact {2}task-1 {2}1 link\n.*step 1 {2}epoch 2 {2}calls {2}refund \(claude\).*\n.*\(not counted\)\n$/,
  ],
  [
    'damaged',
    { whole: false, findings: [{ fault: 'replaced', entry: { step: 1, epoch: 2, phase: 'before' } }] },
    1,
    /^DAMAGED[^]*step 1, epoch 2, before: replaced\n$/,
  ],
])('fleet audit show asks the API of a fleet that FLEET_URL names: %s', async (_, more, exit, says) => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...AUDIT, ...more }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const FLEET_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { FLEET_URL, FLEET_KEY: `flk_${'a'.repeat(20)}` };
  const { code, stdout } = await new FleetProgram(temporaryFolder()).run(['audit', 'show', 'task-1'], env);
  expect(code).toBe(exit);
  expect(stdout).toMatch(says);
  expect(asked).toEqual(['/tasks/task-1/audit']);
});
