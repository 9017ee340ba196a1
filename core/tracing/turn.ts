import { failureOf } from '../failures/failure.ts';
import { costUsd, roundUsd } from '../models/price.ts';
import type { Catalogue } from '../models/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportEvent, TaskEvent } from '../ports/events.ts';
import type { Ids } from '../ports/ids.ts';
import type { Model, ModelAnswer, ModelRequest } from '../ports/model.ts';
import type { Attributes, Span, SpanContext, SpanStatus, Tracer } from '../ports/tracer.ts';
import type { Task } from '../tasks/task.ts';
import { costAttributes, usageAttributes } from './model-attributes.ts';
import { modelSpanId, runContext, toolSpanId, traceOf, turnSpanId } from './span-ids.ts';
import { taskAttributes } from './task-attributes.ts';
import { waitSpans } from './waits.ts';

export interface TracedPorts {
  readonly tracer?: Tracer | undefined;
  readonly ids: Pick<Ids, 'digest'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly catalogue: Catalogue;
  readonly model: Model;
  readonly report: ReportEvent;
}

/** What a turn of a worker is traced with: the task as it was found, and as it was claimed. */
export interface TracedTurn {
  readonly found: Task;
  readonly claimed: Task;
}

/**
 * Runs a worker's turn as a span of its task's trace, with the wait before it, its model calls and its tool calls. The
 * spans follow from the ports that the turn uses anyway: its model, and the events that it reports. A turn whose claim was
 * never written leaves none: they are another worker's.
 */
export async function tracedTurn<Ports extends TracedPorts, Result>(
  ports: Ports,
  { found, claimed }: TracedTurn,
  work: (ports: Ports) => Promise<Result>,
): Promise<Result> {
  const { tracer } = ports;
  if (tracer === undefined) return work(ports);
  const turn = new Turn(ports, tracer, { found, claimed });
  return tracer.during(turn.context, async () => {
    try {
      return await work({ ...ports, model: turn.model(ports.model), report: turn.report(ports.report) });
    } catch (error) {
      turn.broke(error);
      throw error;
    } finally {
      turn.end();
    }
  });
}

/** Records what a task waited for that is claimed and parked again at once. */
export function recordWaits({ tracer, ids, clock }: TracedPorts, { found, claimed }: TracedTurn): void {
  for (const span of waitSpans(ids, traceOf(ids, found), found, claimed, clock.now())) tracer?.record(span);
}

/** A call of the model, as its span names it. */
interface ModelCall {
  readonly spanId: string;
  readonly startMs: number;
  readonly model: string;
  readonly stepId: string;
}

class Turn {
  readonly context: SpanContext;
  readonly #ports: TracedPorts;
  readonly #tracer: Tracer;
  readonly #found: Task;
  readonly #task: Task;
  readonly #trace: SpanContext;
  readonly #startMs: number;
  #status: SpanStatus = 'unset';
  #outcome: Attributes = {};
  #usd = 0;
  #isClaimed = false;

  constructor(ports: TracedPorts, tracer: Tracer, { found, claimed: task }: TracedTurn) {
    this.#ports = ports;
    this.#tracer = tracer;
    this.#found = found;
    this.#task = task;
    this.#trace = traceOf(ports.ids, task);
    this.context = { ...this.#trace, spanId: turnSpanId(ports.ids, task.id, task.epoch) };
    this.#startMs = ports.clock.now();
  }

  /** Records what the task waited for. */
  #begin(): void {
    this.#isClaimed = true;
    const spans = waitSpans(this.#ports.ids, this.#trace, this.#found, this.#task, this.#startMs);
    for (const span of spans) this.#tracer.record(span);
  }

  /** The model, whose calls are spans that carry the trace on. */
  model(model: Model): Model {
    return { ...model, invoke: (request) => this.#invoke(model, request) };
  }

  /** Takes tool calls, costs and the turn's outcome from the events. */
  report(report: ReportEvent): ReportEvent {
    return (task, event) => {
      report(task, event);
      if (task.id === this.#task.id) this.#note(task, event);
    };
  }

  broke(error: unknown): void {
    this.#status = 'error';
    this.#outcome = { ...this.#outcome, 'error.type': error instanceof Error ? error.name : 'unknown' };
  }

  end(): void {
    if (!this.#isClaimed) return;
    const { id, runId, agentVersion, epoch, attempts, crashes } = this.#task;
    this.#record({
      ...this.context,
      parentSpanId: this.#trace.spanId,
      name: `invoke_agent ${this.#task.agent}`,
      kind: 'consumer',
      startMs: this.#startMs,
      status: this.#status,
      ...(runId !== undefined && { links: [runContext(this.#ports.ids, runId)] }),
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.id': id,
        'gen_ai.agent.version': agentVersion,
        'fleet.epoch': epoch,
        'fleet.attempt': attempts,
        'fleet.crashes': crashes,
        'messaging.system': 'aws_sqs',
        'fleet.cost.usd': this.#usd,
        'fleet.task.usd': roundUsd(this.#task.spend.usd + this.#usd),
        'fleet.deadline.used': this.#deadlineUsed(),
        ...this.#outcome,
      },
    });
  }

  /** The share of the time from the task's acceptance to its deadline that is over, to three digits. */
  #deadlineUsed(): number {
    const { createdAt, deadline } = this.#task;
    return Number(((this.#ports.clock.now() - createdAt) / Math.max(1, deadline - createdAt)).toFixed(3));
  }

  async #invoke(model: Model, request: ModelRequest): Promise<ModelAnswer> {
    const spanId = modelSpanId(this.#ports.ids, this.#task.id, request.stepId, this.#task.epoch);
    const startMs = this.#ports.clock.now();
    const { model: name, maxTokens, stepId } = request;
    const record = (status: SpanStatus, attributes: Attributes): void =>
      this.#chat({ spanId, startMs, model: name, stepId }, status, {
        'gen_ai.request.max_tokens': maxTokens,
        ...attributes,
      });
    try {
      const answer = await this.#tracer.during({ ...this.context, spanId }, () => model.invoke(request));
      const usd = costUsd(this.#ports.catalogue, request.model, answer.usage);
      this.#usd = roundUsd(this.#usd + usd);
      record('ok', { ...usageAttributes(answer), ...costAttributes(usd) });
      return answer;
    } catch (error) {
      // A call that we broke off ourselves has not failed.
      const aborted = request.signal?.aborted === true;
      record(aborted ? 'unset' : 'error', aborted ? {} : { 'error.type': failureOf(error).kind });
      throw error;
    }
  }

  #note(task: Task, event: TaskEvent): void {
    switch (event.type) {
      case 'tool.ran':
        return this.#tool(task, event.tool, event.ms, event.isError ? { 'error.type': 'tool_error' } : {});
      case 'tool.given-up':
        return this.#tool(task, event.tool, event.ms, { 'error.type': 'given_up' }, 0);
      case 'model.lost':
        return this.#lost(task, event);
      case 'task.parked':
        this.#status = event.cause === 'backoff' ? 'error' : this.#status;
        this.#outcome = { 'fleet.outcome': 'parked', 'fleet.park.cause': event.cause };
        return undefined;
      case 'task.finished':
        this.#status = event.status === 'failed' ? 'error' : 'ok';
        this.#outcome = {
          'fleet.outcome': event.status,
          'fleet.task.ms': event.ms,
          ...(event.failureKind !== undefined && { 'error.type': event.failureKind }),
        };
        return undefined;
      case 'task.claim-lost':
        this.#status = 'error';
        this.#outcome = { 'fleet.outcome': 'claim-lost', 'error.type': 'claim_lost' };
        return undefined;
      case 'task.claimed':
        return this.#begin();
      case 'task.created':
      case 'task.claim-refused':
      case 'task.upgraded':
      case 'model.answered':
      case 'model.failed':
      case 'slot.given':
      case 'budget.refused':
      case 'usage.lost':
      case 'answer.refused':
      case 'answer.by-code':
      case 'tool.failed':
        return undefined;
    }
  }

  /** The call of a worker that died. Nobody knows when it ended, so its span is the moment at which it was found. */
  #lost({ id }: Task, { model, lostUsd, step, epoch }: Extract<TaskEvent, { type: 'model.lost' }>): void {
    const stepId = `${id}/${step}`;
    const spanId = modelSpanId(this.#ports.ids, id, stepId, epoch);
    const call = { spanId, startMs: this.#ports.clock.now(), model, stepId };
    this.#chat(call, 'error', { 'error.type': 'interrupted', ...costAttributes(lostUsd) });
  }

  #chat({ spanId, startMs, model, stepId }: ModelCall, status: SpanStatus, attributes: Attributes): void {
    this.#record({
      ...this.context,
      spanId,
      parentSpanId: this.context.spanId,
      name: `chat ${model}`,
      kind: 'client',
      startMs,
      status,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': model,
        'fleet.step.id': stepId,
        ...attributes,
      },
    });
  }

  /** @param counted 1 when the call's step already counts in `task` */
  #tool({ id, steps }: Task, tool: string, ms: number, attributes: Attributes, counted = 1): void {
    const step = steps.length - counted;
    this.#record({
      ...this.context,
      spanId: toolSpanId(this.#ports.ids, id, step),
      parentSpanId: this.context.spanId,
      name: `execute_tool ${tool}`,
      kind: 'internal',
      startMs: this.#ports.clock.now() - ms,
      status: 'error.type' in attributes ? 'error' : 'ok',
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool,
        'gen_ai.tool.type': 'function',
        'fleet.step.id': `${id}/${step}`,
        ...attributes,
      },
    });
  }

  #record(span: Omit<Span, 'endMs'>): void {
    const attributes = { ...taskAttributes(this.#task), ...span.attributes };
    this.#tracer.record({ ...span, attributes, endMs: this.#ports.clock.now() });
  }
}
