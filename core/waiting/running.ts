import { attentionAt } from '../tasks/task.ts';
import type { RunningState, Task } from '../tasks/task.ts';
import type { Step } from '../tasks/step.ts';
import { command } from './commands.ts';
import type { Around, Why } from './explanation.ts';

/** How far a running task is: which step, since when. */
export function whyRunning(task: Task, state: RunningState, { now, steps = [] }: Around): Why {
  const { id, worker } = task;
  const by = worker === undefined ? '' : ` Its worker is ${worker.name}.`;
  const last = steps.at(-1)?.endedAt;
  const since = last === undefined ? {} : { since: last };
  if (now > state.leaseUntil) {
    const until = attentionAt(task) ?? state.leaseUntil;
    const says = `Its worker has not renewed its lease: it crashed or stalled. Another one takes over.${by}`;
    const commands = [command('logs', id, '--errors'), command('logs', id)];
    return { cause: 'worker-lost', since: state.leaseUntil, until, freedBy: 'time', says, commands };
  }
  if (state.cancelRequested) {
    const says = `It is about to be cancelled. A tool call that runs finishes first.${by}`;
    return { cause: 'cancelling', ...since, freedBy: 'worker', says, commands: [command('watch', id)] };
  }
  const { cause, what } = currentStep(task, steps);
  const says = `It is running, step ${steps.length}: ${what}.${by}`;
  return { cause, ...since, says, commands: [command('watch', id), command('logs', id), command('cancel', id)] };
}

interface CurrentStep {
  readonly cause: 'model-call' | 'tool-call' | 'between-steps';
  readonly what: string;
}

function currentStep({ reservation, epoch }: Task, steps: readonly Step[]): CurrentStep {
  const tool = nextTool(steps);
  if (tool !== undefined) return { cause: 'tool-call', what: `the tool ${tool}` };
  if (reservation?.epoch !== epoch) return { cause: 'between-steps', what: 'about to start' };
  return { cause: 'model-call', what: `a call of ${reservation.model ?? 'a tool'}` };
}

/** The first tool that the model asked for and that has not run. */
function nextTool(steps: readonly Step[]): string | undefined {
  const ran = new Set(steps.flatMap((step) => (step.kind === 'tool' ? [step.toolUseId] : [])));
  const asked = steps.findLast((step) => step.kind === 'model')?.content ?? [];
  return asked.flatMap((part) => (part.type === 'tool-use' && !ran.has(part.id) ? [part.name] : []))[0];
}
