import { expect, test } from 'vitest';
import { sendJson, stubApi } from '../../adapters/support/stub-api.ts';
import { apiAt, withRegions } from '../support/running-regions.ts';

const KEY = `flk_${'a'.repeat(20)}`;

test('submit --wait uses the first region that is up, with the key of the regions, and says so', async () => {
  const api = await stubApi((response) => sendJson(response, 403, {}));
  const program = withRegions({ regions: { us: { pid: null }, eu: { api: apiAt(api.url) } } });
  for (const options of [['--wait'], []]) {
    const { code, stderr } = await program.run(['submit', 'assistant', 'Hello.', ...options]);
    expect(code).toBe(1);
    expect(stderr).toContain('This uses region eu of the three on this machine.');
    expect(stderr).toContain('status 403');
    expect(stderr).not.toContain('starting one for this task');
  }
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
});

test('the region that FLEET_URL names needs no FLEET_KEY', async () => {
  const api = await stubApi((response) => sendJson(response, 200, { tasks: [] }));
  const program = withRegions({ regions: { ap: { api: apiAt(api.url) } } });
  const { code, stderr } = await program.run(['tasks'], { FLEET_URL: `${api.url}/` });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(api.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test.each([['documents --discard docs-1'], ['research --sample 1']])(
  'fleet %s starts no fleet beside three regions, and says what to do',
  async (command) => {
    const { code, stderr } = await withRegions().run(command.split(' '));
    expect(code).toBe(1);
    expect(stderr).toContain('needs a fleet of one region, and the regions us, eu, ap are running');
    expect(stderr).toContain('npm run fleet -- global down');
  },
);

test('a task that is submitted to a region belongs to it, so that it waits for no other one', async () => {
  const api = await stubApi((response) => sendJson(response, 403, {}));
  const program = withRegions({ regions: { eu: { api: apiAt(api.url) } } });
  const submit = async (...options: string[]) =>
    program.run(['submit', 'assistant', 'Hello.', ...options], { FLEET_URL: api.url });
  await submit();
  await submit('--session', 'ap.thread-1', '--durability', 'global');
  const keys = api.requests.map(({ headers }) => String(headers['idempotency-key']));
  expect(keys).toEqual([expect.stringMatching(/^eu\.[\da-f-]{36}$/), expect.stringMatching(/^[\da-f-]{36}$/)]);
  expect(JSON.parse(api.requests[1]?.body ?? '')).toMatchObject({ durability: 'global', sessionId: 'ap.thread-1' });
});

test('a submission that may have arrived says under which key to repeat it', async () => {
  const retry = { 'retry-after': '0' };
  const api = await stubApi((response) => sendJson(response, 503, { detail: 'Being replaced.', status: 503 }, retry));
  const program = withRegions({ regions: { us: { api: apiAt(api.url) } } });
  const { code, stderr } = await program.run(['submit', 'assistant', 'Hello.']);
  const key = String(api.requests[0]?.headers['idempotency-key']);
  expect(code).toBe(1);
  expect(stderr).toContain(`Repeat the command with --idempotency-key ${key}: that creates no second task.`);
});

test.each(['schedules list', 'audit verify --all', 'console'])(
  'fleet %s names the regions that run in place of a fleet of one, and what works with them',
  async (command) => {
    const api = await stubApi((response) => sendJson(response, 403, {}));
    const program = withRegions({ regions: { eu: { api: apiAt(api.url) } } });
    for (const env of [{}, { FLEET_URL: api.url }]) {
      const { code, stderr } = await program.run(command.split(' '), env);
      expect(code).toBe(1);
      expect(stderr).toContain('needs a fleet of one region, and the regions us, eu, ap are running');
      expect(stderr).toContain('With three regions, use submit, tasks,');
    }
  },
);

test('fleet down says which command stops three regions', async () => {
  expect((await withRegions().run(['down'])).stdout).toContain('npm run fleet -- global down stops them.');
});
