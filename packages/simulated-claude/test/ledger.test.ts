import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask, MODEL, simulate } from './support.ts';

it('has a line per answered call, written before the answer and kept across restarts', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const lines = async () => {
    const text = await readFile(join(dataDir, 'claude-ledger.jsonl'), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };
  const first = await simulate({ dataDir });
  const headers = { 'x-step-id': encodeURI('tâche-1/0') };
  const { data, request_id } = await first.client.messages.create(ask('one'), { headers }).withResponse();
  expect(await lines()).toEqual([
    {
      time: expect.any(String) as string,
      arrivedMs: expect.any(Number) as number,
      requestId: request_id,
      model: MODEL,
      content: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      stepId: 'tâche-1/0',
      outcome: 'answered',
      usage: { input: data.usage.input_tokens, output: data.usage.output_tokens, cacheRead: 0, cacheWrite: 0 },
    },
  ]);
  await first.client.messages.create(ask('one'), { headers: { 'x-simulated-fault': '529' } }).catch(() => undefined);
  await first.close();

  const second = await simulate({ dataDir });
  await second.client.messages.create(ask('one'));
  const [before, after, ...more] = (await lines()) as { content: string; stepId: string | null }[];
  expect(after?.content).toBe(before?.content);
  expect(after?.stepId).toBeNull();
  expect(more).toEqual([]);
});
