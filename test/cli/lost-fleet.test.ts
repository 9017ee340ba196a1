import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiClient } from '#cli/api/client.ts';
import { noFleet } from '#cli/api/target.ts';
import { exitCodeOf } from '#cli/exit-code.ts';
import { localFleet, OR_REGIONS } from '#cli/fleet/local-fleet.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import type { RunningGlobal } from '#cli/global/registry.ts';
import { FleetLost, lostFleet } from '#cli/lost-fleet.ts';
import { untilInterrupted } from '#cli/tasks/submit.ts';
import { taskViewSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';

afterEach(() => void vi.restoreAllMocks());

/** A port at which nobody listens any more. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What a command prints that ends with this error. */
function said(error: unknown): { code: number; text: string } {
  let text = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const code = exitCodeOf(error);
  write.mockRestore();
  return { code, text };
}

it('a command whose AWS endpoint has gone says that the fleet stopped, and what goes on', async () => {
  const port = await deadPort();
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const s3 = new S3Client({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  const error: unknown = await s3.send(new ListBucketsCommand({})).catch((reason: unknown) => reason);
  s3.destroy();
  expect(said(error)).toEqual({
    code: 1,
    text: `\nThe fleet at 127.0.0.1:${port} does not answer: it has stopped.\nStart it with npm start. Then run the command again.\n`,
  });
  const goOn = 'Reattach to the run: npm run fleet -- documents --run r1';
  expect(said(lostFleet(error, goOn)).text).toContain(`Start it with npm start. ${goOn}\n`);
});

it('a command whose task API has gone says the same, and names the command that follows the task', async () => {
  const port = await deadPort();
  const api = new ApiClient({ url: `http://127.0.0.1:${port}`, key: 'flk_x' });
  const request = { params: { id: 'task-1' } };
  const waiting = untilInterrupted(['task-1'], () => api.call(taskOperations.getTask, taskViewSchema, request));
  const error: unknown = await waiting.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FleetLost);
  expect(said(error).text).toBe(
    `\nThe fleet at 127.0.0.1:${port} does not answer: it has stopped.\n` +
      'Start it with npm start. Accepted tasks are not lost. Watch again: npm run fleet -- watch task-1\n',
  );
});

/** Three regions of which eu has its API at a port. */
function regionsWith(port: number): RunningGlobal {
  const api = { url: `http://127.0.0.1:${port}`, table: 't', usagePlan: 'u', callbackSecret: 's' };
  const eu = { name: 'eu', region: 'eu-west-1', pid: null, endpoint: 'http://127.0.0.1:1', api };
  const fleet = { pid: 7, startedAt: '', prefix: 'p', control: '', secret: 's', key: 'flk_x', dataDir: '/data' };
  return { ...fleet, regions: [eu] };
}

it('a region that has gone is named, with the command that starts it', () => {
  const lost = new FleetLost('127.0.0.1:4410', 'Then run the command again.', regionsWith(4_410));
  expect(said(lost).text).toBe(
    '\nRegion eu at 127.0.0.1:4410 does not answer: it has stopped.\n' +
      'Start it with npm run fleet -- global start eu. Then run the command again.\n',
  );
});

it('a command that finds no region up says how to start one', () => {
  expect(noFleet(null).message).toBe('No fleet is running on this machine.');
  expect(noFleet(regionsWith(4_410)).remedy).toContain('npm run fleet -- global start eu');
});

it('a command that acts on three regions names both ways to start a fleet', () => {
  expect(() => localFleet('--env', null, OR_REGIONS)).toThrow(
    expect.objectContaining({
      remedy: expect.stringContaining('npm start, or three regions with npm run fleet -- global up.'),
    }),
  );
});

const errno = (code: string, more: object): Error => Object.assign(new Error(code), { code, ...more });

it.each([
  ['a connection that breaks', errno('ECONNRESET', { syscall: 'read' }), true],
  [
    'several addresses',
    new AggregateError([errno('ECONNREFUSED', { address: '::1', port: 1, syscall: 'connect' })]),
    true,
  ],
  ['another machine', errno('ECONNREFUSED', { address: '10.0.0.1', port: 1, syscall: 'connect' }), false],
  ['another error', new Error('ECONNREFUSED'), false],
])('%s', (_, error, lost) => {
  expect(lostFleet(error) !== null).toBe(lost);
});

it.each([
  ['EACCES', 'you may not use it'],
  ['EROFS', 'read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EEXIST', 'is a file'],
  ['ENOTDIR', 'is a file'],
])('%s names the file, the reason and the remedy', (code, reason) => {
  const path = join(FLEET_HOME, 'main');
  const { text } = said(errno(code, { path, syscall: 'mkdir' }));
  expect(text).toContain(`${path} cannot be used: `);
  expect(text).toContain(reason);
  expect(text).toContain('FLEET_HOME');
  const other = join(mkdtempSync(join(tmpdir(), 'fleet-out-')), 'report');
  expect(said(errno(code, { path: other, syscall: 'mkdir' })).text).not.toContain('FLEET_HOME');
});

it('a command for a deployed fleet says that no region is set', async () => {
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_DEFAULT_REGION', undefined);
  vi.stubEnv('AWS_PROFILE', 'no-such-profile');
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const error: unknown = await new S3Client({ credentials })
    .send(new ListBucketsCommand({}))
    .catch((each: unknown) => each);
  vi.unstubAllEnvs();
  expect(said(error)).toEqual({ code: 1, text: expect.stringContaining('No AWS region is set.\nSet AWS_REGION') });
});
