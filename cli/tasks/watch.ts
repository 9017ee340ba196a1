import type { TaskView } from '#core/api/tasks/messages.ts';
import type { ApiContext } from '../api/api-command.ts';
import { clock } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { requireSuccess, untilInterrupted } from './submit.ts';
import { followTask } from './wait.ts';
import { sayWhyQueued } from './why-queued.ts';
import { costWords, stateWords } from './words.ts';

/** Seconds that one read waits: a change is seen within that time, an end immediately. */
const WAIT_SECONDS = 2;

/** `fleet watch`: prints a line for each change of each task, until all have ended. */
export async function watchCommand({ api, output, json }: ApiContext, ids: readonly string[]): Promise<void> {
  const onChange = (task: TaskView): void => {
    const cost = task.finishedAt === undefined ? '' : ` (${costWords(task)})`;
    const step = task.status === 'running' ? `, ${task.steps} steps done` : '';
    output.line(`${clock()}  ${task.id}  ${oneLine(stateWords(task))}${step}${cost}`);
  };
  const onSame = sayWhyQueued(api, output);
  const tasks = await untilInterrupted(ids, (signal) =>
    Promise.all(ids.map((id) => followTask(api, id, { signal, seconds: WAIT_SECONDS, onChange, onSame }))),
  );
  if (json) output.json({ tasks });
  requireSuccess(tasks);
}
