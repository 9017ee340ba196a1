import { z } from 'zod';
import { defineAgent, type Agent } from '#core/agents/define-agent.ts';
import type { ModelAnswer, ModelRequest } from '#core/ports/model.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import type { Line } from './fakes/scripted-model.ts';
import { workerHarness } from './worker-harness.ts';

const numbers = z.object({ numbers: z.array(z.number()) });

/** Adds numbers by itself. */
export const counter = defineAgent({
  name: 'counter',
  version: '1',
  description: 'Counts numbers.',
  tier: 'fast',
  system: 'Count.',
  input: numbers,
  output: z.object({ sum: z.number() }),
});

export const doublerOptions = {
  name: 'doubler',
  version: '1',
  tier: 'fast',
  system: 'Double.',
  input: numbers,
  output: z.object({ sum: z.number() }),
} as const;

/** Doubles numbers by itself. */
export const doubler = defineAgent(doublerOptions);

export const leadOptions = {
  name: 'lead',
  version: '1',
  tier: 'fast',
  system: 'Lead.',
  input: z.unknown(),
  output: z.object({ done: z.boolean() }),
} as const;

/** Delegates to both. */
export const lead = defineAgent({ ...leadOptions, delegates: { count: counter, double: doubler } });

/** The answer by which a model calls a tool. */
export const calling = (name: string, input: unknown, id = 'use-1'): { readonly answer: Partial<ModelAnswer> } => ({
  answer: { content: [{ type: 'tool-use', id, name, input }], stopReason: 'tool-use' },
});

/** The answer by which a model delegates. */
export const delegating = (input: unknown): { readonly answer: Partial<ModelAnswer> } => calling('delegate', input);

const toolResults = ({ messages }: ModelRequest) =>
  messages.flatMap(({ content }) => content).filter((part) => part.type === 'tool-result');

/** Whether a call of a tool was rejected. */
export const isRejected = (request: ModelRequest): boolean => toolResults(request).some(({ isError }) => isError);

/** What the parent's model has read of its delegated tasks. */
export function resultsRead(request: ModelRequest): readonly Record<string, unknown>[] {
  return toolResults(request).flatMap(
    ({ content }) => (JSON.parse(content) as { results: Record<string, unknown>[] }).results,
  );
}

/** Which agent a request is for: its system prompt says so. */
export type Roles = Readonly<Record<string, (request: ModelRequest) => Line | Promise<Line>>>;

/** Pools of several agents in one world. */
export function treeHarness(agents: readonly [Agent, ...Agent[]], roles: Roles) {
  const h = workerHarness(
    [
      (request) => {
        const role = roles[request.system];
        if (!role) throw new Error(`no role for "${request.system}"`);
        return role(request);
      },
    ],
    agents[0],
  );
  const agentOf = (name: string): Agent => {
    const agent = agents.find((each) => each.name === name);
    if (!agent) throw new Error(`no agent ${name}`);
    return agent;
  };
  return {
    ...h,
    /** Accepts a task of the first agent and sends its message. */
    async begin(change: Partial<Submission> = {}): Promise<TaskId> {
      const task = await h.accept(change);
      await h.queue.send(task);
      return task.id;
    },
    /** Hands out one message of an agent. @returns whether there was one */
    async workOne(name: string, change: Partial<WorkerPorts> = {}): Promise<boolean> {
      const message = h.queue.receive(name, 'default', 15_000) ?? h.queue.receive(name, 'high', 15_000);
      if (!message) return false;
      const item = { message: message.body, received: message, timeLeftMs: () => 300_000 };
      if ((await work({ ...h.ports, ...change }, agentOf(name), item)) === 'delete') message.delete();
      return true;
    },
    /** Works until no message is visible. */
    async workAll(names: readonly string[] = agents.map(({ name }) => name)): Promise<void> {
      for (let worked = true; worked;) {
        worked = false;
        for (const name of names) worked = (await this.workOne(name)) || worked;
      }
    },
    /** Lets the sweepers of all pools run once. */
    sweep: () => sweep(h.ports, () => true),
    children: (id: TaskId): readonly Task[] => h.store.all().filter(({ parent }) => parent?.id === id),
  };
}

/** A request for a task of each. */
export const both = {
  tasks: [
    { to: 'count', input: { numbers: [1, 2] } },
    { to: 'double', input: { numbers: [3] } },
  ],
};

/** A lead that delegates once, with what its model reads of the results. @param doubles what the doubler's model answers */
export function family(request: unknown = both, agent = lead, doubles: () => object = () => ({ json: { sum: 6 } })) {
  const read: Record<string, unknown>[] = [];
  const h = treeHarness([agent, counter, doubler], {
    'Lead.': (asked) => {
      if (asked.messages.length === 1) return delegating(request);
      read.push(...resultsRead(asked));
      return { json: { done: true } };
    },
    'Count.': () => ({ json: { sum: 3 } }),
    'Double.': () => doubles() as { json: unknown },
  });
  const statuses = (id: TaskId): string[] => h.children(id).map(({ state }) => state.status);
  return { ...h, read, statuses };
}
