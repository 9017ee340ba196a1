import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { callbackEventSchema } from '#core/callbacks/event.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { delivery, secretOf, webhook } from '../adapters/webhook/support.ts';

const page = await readFile('docs/callbacks.md', 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';

interface Receiver {
  readonly receive: (body: string, headers: object) => unknown;
}

/** The receiver shown on the page, saved to a file. */
async function receiverOfThePage(): Promise<Receiver & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-docs-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  await writeFile(join(folder, 'receiver.mjs'), block('js'));
  const { receive } = (await import(join(folder, 'receiver.mjs'))) as Receiver;
  return { receive, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

afterEach(() => vi.unstubAllEnvs());

it('the receiver of docs/callbacks.md accepts a delivery and rejects a forged one', async () => {
  vi.stubEnv('CALLBACK_SECRET', secretOf('acme'));
  const server = await stubApi((response) => sendJson(response, 200, {}));
  await using receiver = await receiverOfThePage();
  await webhook().deliver(delivery(server.url));
  const { body = '', headers = {} } = server.requests[0] ?? {};
  expect(receiver.receive(body, headers)).toEqual(JSON.parse(body));
  expect(() => receiver.receive(body.replace('succeeded', 'failed'), headers)).toThrow(/signature/);
});

it('the event shown is valid', () => {
  expect(callbackEventSchema.parse(JSON.parse(block('json')))).toEqual(JSON.parse(block('json')));
});
