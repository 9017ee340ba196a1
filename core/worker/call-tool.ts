import { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import type { NextAction } from '../agents/conversation.ts';
import { commitStep, reserveCall } from '../tasks/progress.ts';
import type { ToolStep } from '../tasks/step.ts';
import type { WorkerPorts } from './ports.ts';
import { readInput } from './read-input.ts';
import type { TaskHandle } from './task-handle.ts';

/**
 * One tool call as one step. It is in the audit trail before it runs and its outcome after (I7); its empty
 * reservation is the proof, made just before the side effect, that the claim is still ours (I2). What a tool throws
 * is told to the model, which may try something else.
 */
export async function callTool(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: Extract<NextAction, { kind: 'call-tool' }>,
): Promise<ToolStep> {
  const { clock, store } = ports;
  const index = handle.task.steps.length;
  const startedAt = clock.now();
  const reservation = { step: index, epoch: handle.epoch, tokens: 0, usd: 0 };
  await handle.update((task) => reserveCall(task, handle.epoch, reservation, startedAt));
  await audit(ports, agent, handle, { index, tool: call.tool, phase: 'before', content: JSON.stringify(call.input) });
  const { content, isError } = await run(ports, agent, handle, call, index);
  await audit(ports, agent, handle, { index, tool: call.tool, phase: 'after', content, isError });
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
  await store.putStep(step);
  await handle.update((task) => commitStep(task, handle.epoch, step, clock.now()));
  ports.report(handle.task, { type: 'tool.ran', tool: call.tool, isError, ms: step.endedAt - startedAt });
  return step;
}

async function run(
  { sandbox, artifacts }: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  call: Extract<NextAction, { kind: 'call-tool' }>,
  index: number,
): Promise<{ content: string; isError: boolean }> {
  const tool = agent.tools.find(({ name }) => name === call.tool);
  if (!tool) return { content: `There is no tool "${call.tool}".`, isError: true };
  try {
    const input = await readInput(artifacts, handle.task);
    const context = { idempotencyKey: `${handle.task.id}/${index}`, signal: handle.lost, sandbox, input };
    return { content: await tool.run(call.input, context), isError: false };
  } catch (error) {
    if (error instanceof z.ZodError) return { content: z.prettifyError(error), isError: true };
    return { content: error instanceof Error ? error.message : String(error), isError: true };
  }
}

async function audit(
  ports: WorkerPorts,
  agent: Agent,
  handle: TaskHandle,
  entry: { index: number; tool: string; phase: 'before' | 'after'; content: string; isError?: boolean },
): Promise<void> {
  await ports.audit.record({
    taskId: handle.task.id,
    step: entry.index,
    epoch: handle.epoch,
    agent: agent.name,
    tool: entry.tool,
    phase: entry.phase,
    at: ports.clock.now(),
    contentDigest: ports.ids.digest(entry.content),
    ...(entry.isError === undefined ? {} : { outcome: entry.isError ? 'error' : 'ok' }),
  });
}
