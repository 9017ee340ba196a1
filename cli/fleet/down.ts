import { setTimeout as delay } from 'node:timers/promises';
import { findRunningGlobal } from '../global/registry.ts';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { isBusy } from './busy.ts';
import { MAIN_DATA } from './paths.ts';
import { findRunningFleet } from './registry.ts';

/** `fleet up` waits 30 seconds for running work. A stop that takes much longer is stuck. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** `fleet down`: tells the running fleet to drain and stop, like Ctrl-C in its terminal, and waits until it has. */
export async function downCommand(output: Output): Promise<void> {
  const running = findRunningFleet();
  if (!running && !isBusy(MAIN_DATA)) {
    const others = findRunningGlobal() === null ? '' : ' Three regions are: npm run fleet -- global down stops them.';
    return output.line(`No fleet is running.${others}`);
  }
  if (!running) throw new UserError('The fleet is starting or stopping.', 'Try again in a few seconds.');
  process.kill(running.pid, 'SIGTERM');
  output.progress(`Stopping the fleet (process ${running.pid}): waiting for running tasks …`);
  const deadline = Date.now() + PATIENCE_MS;
  while (isBusy(MAIN_DATA)) {
    if (Date.now() > deadline)
      throw new UserError(
        `The fleet (process ${running.pid}) has not stopped after ${PATIENCE_MS / 1_000} seconds.`,
        `End it with kill -9 ${running.pid}. Accepted tasks are on disk; npm start continues with them.`,
      );
    await delay(LOOK_EVERY_MS);
  }
  output.progress('');
  output.line('Stopped. All data is kept; npm start continues.');
}
