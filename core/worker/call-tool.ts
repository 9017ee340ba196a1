import { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import type { ToolCall } from '../agents/conversation.ts';
import { entryHash } from '../audit/entry.ts';
import { readInput } from '../tasks/input.ts';
import { commitStep, reserveCall } from '../tasks/progress.ts';
import type { ToolStep } from '../tasks/step.ts';
import { announced, entryAfter, entryBefore, recorded } from './audit.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';

/**
 * Runs one tool call as one step. The audit trail records the call before it runs and the outcome after (I7). The empty
 * reservation, written just before the side effect, proves that the claim still holds (I2). Errors of the tool are
 * returned to the model, which may try something else. Each entry names the one before it by its hash; the chain's head is
 * on the task, in the writes that a step needs anyway.
 */
export async function callTool(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
): Promise<ToolStep> {
  const { clock, store } = ports;
  const index = handle.task.steps.length;
  const startedAt = clock.now();
  const reservation = { step: index, epoch: handle.epoch, tokens: 0, usd: 0 };
  const before = entryBefore(ports, handle.task, call, startedAt);
  await handle.update((task) => announced(ports, reserveCall(task, handle.epoch, reservation, startedAt), before));
  await ports.audit.record(before);
  const { content, isError } = await run(ports, agent, handle, call, index);
  const step: ToolStep = {
    kind: 'tool',
    taskId: handle.task.id,
    index,
    epoch: handle.epoch,
    startedAt,
    endedAt: clock.now(),
    tool: call.tool,
    toolUseId: call.toolUseId,
    content,
    isError,
  };
  // Not the head of the handle's task, which is another's once the claim is lost.
  const after = entryAfter(ports, handle.task, step, entryHash(ports.ids, before));
  await ports.audit.record(after);
  await store.putStep(step);
  await handle.update((task) => recorded(ports, commitStep(task, handle.epoch, step, clock.now()), after));
  ports.report(handle.task, { type: 'tool.ran', tool: call.tool, isError, ms: step.endedAt - startedAt });
  return step;
}

async function run(
  { sandbox, artifacts }: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: ToolCall,
  index: number,
): Promise<{ content: string; isError: boolean }> {
  const tool = agent.tools.find(({ name }) => name === call.tool);
  if (!tool) return { content: `Tool "${call.tool}" does not exist.`, isError: true };
  try {
    const input = await readInput(artifacts, handle.task);
    const context = { idempotencyKey: `${handle.task.id}/${index}`, signal: handle.lost, sandbox, input };
    return { content: await tool.run(call.input, context), isError: false };
  } catch (error) {
    if (error instanceof z.ZodError) return { content: z.prettifyError(error), isError: true };
    return { content: error instanceof Error ? error.message : String(error), isError: true };
  }
}
