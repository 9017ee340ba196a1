import type { StepView, TaskView } from '#client/types.ts';
import type { Span } from './span.ts';

/**
 * The spans that follow from a task and its steps, for a task whose trace was not kept or has expired. Attempts and causes
 * of waits are not among them.
 */
export function spansOfSteps(task: TaskView, steps: readonly StepView[], now: number): Span[] {
  const ms = (text: string): number => Date.parse(text);
  const startMs = ms(task.createdAt);
  const endMs = task.finishedAt === undefined ? now : ms(task.finishedAt);
  const root = 'task';
  const spans: Span[] = [
    { spanId: root, name: `invoke_agent ${task.agent}`, startMs, endMs, status: statusOf(task), attributes: {} },
  ];
  let until = startMs;
  for (const step of steps) {
    const from = ms(step.startedAt);
    if (from > until) spans.push(gap(spans.length === 1 ? 'queued' : 'between steps', until, from, root));
    spans.push(spanOfStep(step, root));
    until = Math.max(until, ms(step.endedAt));
  }
  return spans;
}

const statusOf = ({ status }: TaskView): Span['status'] =>
  status === 'failed' ? 'error' : status === 'succeeded' ? 'ok' : 'unset';

const gap = (name: string, startMs: number, endMs: number, parentSpanId: string): Span => ({
  spanId: `${name} ${startMs}`,
  parentSpanId,
  name,
  startMs,
  endMs,
  status: 'unset',
  attributes: {},
});

function spanOfStep({ index, kind, startedAt, endedAt, ...step }: StepView, parentSpanId: string): Span {
  return {
    spanId: `step ${index}`,
    parentSpanId,
    name: kind === 'model' ? `chat ${step.model ?? ''}` : `execute_tool ${step.tool ?? ''}`,
    startMs: Date.parse(startedAt),
    endMs: Date.parse(endedAt),
    status: step.isError === true ? 'error' : 'ok',
    attributes: {
      'fleet.step.index': index,
      ...(step.usd !== undefined && { 'gen_ai.usage.cost.amount': step.usd }),
      ...(step.usage !== undefined && { 'gen_ai.usage.output_tokens': step.usage.output }),
    },
  };
}
