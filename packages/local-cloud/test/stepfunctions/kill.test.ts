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

/** Runs the victim until it has told of this many accepted answers, and kills it; answers with all it told of. */
async function killAfter(answers: number, dataDir: string, queue: string): Promise<number[]> {
  const victim = fork(new URL('victim.ts', import.meta.url), [dataDir, queue]);
  const accepted: number[] = [];
  victim.on('message', (item) => {
    accepted.push(Number(item));
    if (accepted.length === answers) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  return accepted;
}

it('every answer that was accepted is kept over kill -9, and every other item is still waited for', async () => {
  const dataDir = temporaryFolder();
  const queue = join(temporaryFolder(), 'queue');
  const accepted = await killAfter(120, dataDir, queue);
  expect(accepted.length).toBeGreaterThanOrEqual(120);

  const answer = async ({ token, item }: Message): Promise<void> => {
    const input = { taskToken: token, output: `"again ${item}"` };
    await states.invoke('SendTaskSuccess', input, ROOT).catch((error: ServiceError) => {
      // A task that is over was answered before the kill.
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
  for (const item of accepted) expect(output[item - 1]).toBe(`first ${item}`);
});
