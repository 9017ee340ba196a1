import { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import type { ToolCall } from '../agents/conversation.ts';
import { entryHash, type AuditEntry } from '../audit/entry.ts';
import { readInput } from '../tasks/input.ts';
import { withError } from '../tasks/last-error.ts';
import { commitStep, forfeitCall, reserveCall } from '../tasks/progress.ts';
import { quietStack } from '../failures/quiet-stack.ts';
import type { ToolStep } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import type { Decision } from '../tasks/transition.ts';
import { announced, entryAfter, entryBefore, recorded } from './audit.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';
import { untilGivenUp } from './until-given-up.ts';

/**
 * Runs one tool call as one step. The audit trail records the call before it runs and the outcome after (I7). The empty
 * reservation, written just before the side effect, proves that the claim still holds (I2). Errors of the tool are
 * returned to the model, which may try something else. Each entry names the one before it by its hash; the chain's head is
 * on the task, in the writes that a step needs anyway. Throws `ToolGivenUp` for a tool that outlives its signal.
 * @param problem why the tool is not run, for the model @default it is run
 */
export async function callTool(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
  problem?: string,
): Promise<ToolStep> {
  const { clock, store } = ports;
  const index = handle.task.steps.length;
  const startedAt = clock.now();
  const reservation = { step: index, epoch: handle.epoch, tokens: 0, usd: 0 };
  const before = entryBefore(ports, handle.task, call, startedAt);
  await handle.update((task) => announced(ports, reserveCall(task, handle.epoch, reservation, startedAt), before));
  await ports.audit.record(before);
  const running = problem === undefined ? run(ports, agent, handle, call, index) : rejected(problem);
  const stepOf = (outcome: Outcome): ToolStep => ({
    kind: 'tool',
    taskId: handle.task.id,
    index,
    epoch: handle.epoch,
    startedAt,
    endedAt: clock.now(),
    tool: call.tool,
    toolUseId: call.toolUseId,
    ...outcome,
  });
  // Not the head of the handle's task, which is another's once the claim is lost.
  const afterOf = (step: ToolStep) => entryAfter(ports, handle.task, step, entryHash(ports.ids, before));
  const outcome = await untilGivenUp(clock, running, handle.stopped);
  if (outcome === null) {
    // An outcome that comes late stands in the trail, but no task counts it (I3, I7).
    running.then((late) => ports.audit.record(afterOf(stepOf(late)))).catch(() => undefined);
    return giveUp(ports, handle, before, startedAt);
  }
  const step = stepOf(outcome);
  const after = afterOf(step);
  await ports.audit.record(after);
  await store.putStep(step);
  handle.owe({
    step,
    commit: (task) => recorded(ports, commitStep(task, handle.epoch, step, clock.now()), after),
    stored: Promise.resolve(),
  });
  ports.report(handle.task, { type: 'tool.ran', tool: call.tool, isError: step.isError, ms: step.endedAt - startedAt });
  return step;
}

/** A tool was still running when its task had to end. */
class ToolGivenUp extends Error {}

async function giveUp(ports: WorkerPorts, handle: TaskHandle, before: AuditEntry, startedAt: number): Promise<never> {
  const { tool } = before;
  const now = ports.clock.now();
  const reason = `The task ended while the tool ${tool} was running. What it did is not known: the audit trail has the call without its outcome.`;
  const forfeited = (task: Task): Decision => recorded(ports, forfeitCall(task, handle.epoch), before);
  await handle.update((task) => withError(forfeited(task), reason, now));
  ports.report(handle.task, { type: 'tool.given-up', tool, ms: now - startedAt });
  throw new ToolGivenUp(reason);
}

interface Outcome {
  readonly content: string;
  readonly isError: boolean;
  /** Where it threw. */
  readonly stack?: string;
}

const rejected = async (problem: string): Promise<Outcome> => ({ content: problem, isError: true });

async function run(
  { sandbox, artifacts, report, inSources = (stack) => stack }: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
  index: number,
): Promise<Outcome> {
  const tool = agent.tools.find(({ name }) => name === call.tool);
  if (!tool) return { content: `Tool "${call.tool}" does not exist.`, isError: true };
  try {
    const input = await readInput(artifacts, handle.task);
    const context = { idempotencyKey: `${handle.task.id}/${index}`, signal: handle.stopped, sandbox, input };
    return { content: await tool.run(call.input, context), isError: false };
  } catch (error) {
    const stack = inSources(quietStack(error));
    report(handle.task, { type: 'tool.failed', tool: tool.name, stack });
    return { content: toolError(error), isError: true, stack };
  }
}

/** What the model reads of an error. */
export function toolError(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
