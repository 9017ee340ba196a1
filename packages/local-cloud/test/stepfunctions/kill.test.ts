import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, type CallService, type ServiceError } from '../../src/services/service.ts';
import { createStepFunctions } from '../../src/services/stepfunctions/service.ts';
import { temporaryFolder } from '../../testing/serve.ts';

interface Message {
  readonly token: string;
  readonly item: number;
}

/** Runs the victim until it has reported `answers` confirmed results, kills it, and returns all reported results. */
async function killAfter(answers: number, dataDir: string, queue: string): Promise<number[]> {
  const victim = fork(new URL('victim.ts', import.meta.url), [dataDir, queue]);
  const confirmed: number[] = [];
  victim.on('message', (item) => {
    confirmed.push(Number(item));
    if (confirmed.length === answers) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  return confirmed;
}

it('keeps every confirmed task result through kill -9, and keeps waiting for all other items', async () => {
  const dataDir = temporaryFolder();
  const queue = join(temporaryFolder(), 'queue');
  const confirmed = await killAfter(120, dataDir, queue);
  expect(confirmed.length).toBeGreaterThanOrEqual(120);

  const answer = async ({ token, item }: Message): Promise<void> => {
    const input = { taskToken: token, output: `"again ${item}"` };
    await states.invoke('SendTaskSuccess', input, ROOT).catch((error: ServiceError) => {
      // A task that has ended was completed before the kill.
      if (error.code !== 'TaskTimedOut') throw error;
    });
  };
  const call: CallService = async (_service, _action, input) => {
    const message = JSON.parse(String(input['MessageBody'])) as Message;
    setImmediate(() => void answer(message));
    return { MessageId: 'm' };
  };
  const states = createStepFunctions({ dataDir, call, account: '000000000000', region: 'us-east-1' });
  const sent = readFileSync(queue, 'utf8').trim().split('\n');
  for (const line of sent) await answer(JSON.parse(line) as Message);
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:many:run';
  let described = await states.invoke('DescribeExecution', { executionArn }, ROOT);
  while (described['status'] === 'RUNNING') {
    await new Promise((resolve) => setImmediate(resolve));
    described = await states.invoke('DescribeExecution', { executionArn }, ROOT);
  }
  await states.close();

  const output = JSON.parse(String(described['output'])) as readonly string[];
  expect(output.map((text) => Number(text.split(' ')[1]))).toEqual(
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
  for (const item of confirmed) expect(output[item - 1]).toBe(`first ${item}`);
});
