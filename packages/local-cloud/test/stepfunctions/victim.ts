import { appendFileSync } from 'node:fs';
import { ROOT, type CallService } from '../../src/services/service.ts';
import { createStepFunctions } from '../../src/services/stepfunctions/service.ts';
import { manyItems } from './victim-machine.ts';

/**
 * A process that the test kills while it works: it runs a Distributed Map whose items wait for tokens, completes them one
 * by one, and reports each confirmed result to its parent. Arguments: the data folder, and the file that stands in for the
 * queue.
 */
const waiting: { readonly token: string; readonly item: number }[] = [];
const call: CallService = async (_service, _action, input) => {
  appendFileSync(String(process.argv[3]), `${String(input['MessageBody'])}\n`);
  waiting.push(JSON.parse(String(input['MessageBody'])) as { readonly token: string; readonly item: number });
  return { MessageId: 'm' };
};
const states = createStepFunctions({
  dataDir: String(process.argv[2]),
  call,
  account: '000000000000',
  region: 'us-east-1',
});
const { stateMachineArn } = await states.invoke('CreateStateMachine', manyItems, ROOT);
await states.invoke('StartExecution', { stateMachineArn, name: 'run' }, ROOT);
for (;;) {
  const next = waiting.shift();
  if (next === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
  } else {
    await states.invoke('SendTaskSuccess', { taskToken: next.token, output: `"first ${next.item}"` }, ROOT);
    process.send?.(next.item);
  }
}
