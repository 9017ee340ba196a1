import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, onTestFinished, test } from 'vitest';
import { FleetProgram } from './support/fleet-program.ts';

interface Asked {
  readonly route: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

const ACCEPTED = {
  id: 'run-1',
  links: { self: '/runs/run-1', tasks: '/tasks?run=run-1', cancel: '/runs/run-1/cancel' },
  items: [],
};

/** A task API that accepts every run, and the program with a list in its folder. */
async function start(list: string) {
  const home = temporaryFolder();
  writeFileSync(join(home, 'items.jsonl'), list);
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const key = request.headers['idempotency-key'];
      asked.push({ route: `${request.method} ${request.url}`, body, key: key?.toString() });
      response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(ACCEPTED));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const env = {
    FLEET_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    FLEET_KEY: `flk_${'a'.repeat(20)}`,
  };
  const program = new FleetProgram(home);
  const run = (...args: string[]) =>
    program.run(['runs', 'start', 'companies', '--items', 'items.jsonl', ...args], env);
  return { asked, run };
}

const TWO = '\uFEFF{"id":"acme","name":"Acme"}\n{"id":"bolt"}\n';

test('fleet runs start sends the workflow with its items and limits', async () => {
  const { asked, run } = await start(TWO);
  const before = Date.now();
  const { code, stdout, stderr } = await run('--budget-usd', '20', '--deadline', '2h', '--idempotency-key', 'night-1');
  expect({ code, stdout, stderr }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('run-1 has started') as string,
  });
  const deadline = expect.any(String) as string;
  const items = [{ id: 'acme', name: 'Acme' }, { id: 'bolt' }];
  expect(asked).toEqual([
    { route: 'POST /runs', key: 'night-1', body: { workflow: 'companies', items, budgetUsd: 20, deadline } },
  ]);
  const sent = asked[0]?.body as { deadline: string };
  expect(Date.parse(sent.deadline) - before).toBeGreaterThan(7_100_000);
});

test('fleet runs start takes a JSON array, and prints the answer as JSON', async () => {
  const { asked, run } = await start('[{"id": "acme"},\n {"id": "bolt"}]');
  const { code, stdout } = await run('--json');
  expect({ code, answer: JSON.parse(stdout) as unknown }).toMatchObject({ code: 0, answer: { id: 'run-1' } });
  expect(asked[0]?.body).toEqual({ workflow: 'companies', items: [{ id: 'acme' }, { id: 'bolt' }] });
});

test.each([
  ['', 'has no items'],
  ['{"id":"a"}\n{"name":"b"}\n', 'items.jsonl: '],
  ['{"id":"a"}\n{"id":"a"}\n', 'items.jsonl: '],
  ['[{"id":"a"}', 'is not valid JSON'],
])('a list that is none sends nothing: %j', async (list, says) => {
  const { asked, run } = await start(list);
  const { code, stderr } = await run();
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) as string });
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(asked).toEqual([]);
});
