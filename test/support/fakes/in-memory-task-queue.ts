import type { Clock } from '#core/ports/clock.ts';
import type { ReceivedMessage, TaskQueue } from '#core/ports/task-queue.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Priority } from '#core/tasks/task.ts';
import type { WorkMessage } from '#core/tasks/work-message.ts';

/** One receipt of a message: as long as it is held, nobody else receives it. */
export interface Receipt extends ReceivedMessage {
  readonly agent: string;
  readonly body: WorkMessage;
  /** Times the message was received, this one included. */
  readonly receives: number;
  /** Takes the message off the queue; nothing once another receipt replaced this one. */
  delete(): void;
}

export interface InMemoryTaskQueue extends TaskQueue {
  /** Puts any message, as a state machine does. */
  put(agent: string, priority: Priority, body: WorkMessage): void;
  /** The oldest visible message of a queue, hidden for `visibilityMs`; null when there is none. */
  receive(agent: string, priority: Priority, visibilityMs: number): Receipt | null;
  /** Messages that are on a queue, visible or not, as task ids. */
  waiting(): readonly TaskId[];
  /** When a hidden message becomes visible next; null when none will. */
  nextVisibleAt(): number | null;
}

interface Message {
  readonly agent: string;
  readonly priority: Priority;
  readonly body: WorkMessage;
  visibleAt: number;
  receives: number;
}

const MAX_DELAY_MS = 900_000;

/**
 * Standard queues in memory.
 * Honours: delays in whole seconds, visibility, receive counts, receipts that go stale, at-least-once.
 * Does not honour: disorder and duplicates by itself (deliver twice by never deleting), retention, dead letters.
 */
export function inMemoryTaskQueue(clock: Pick<Clock, 'now'>): InMemoryTaskQueue {
  const messages = new Set<Message>();
  const put = (agent: string, priority: Priority, body: WorkMessage, delayMs = 0): void => {
    messages.add({ agent, priority, body, visibleAt: clock.now() + wholeSeconds(delayMs), receives: 0 });
  };
  return {
    serves: async () => true,
    async send(task, delayMs = 0) {
      if (!(delayMs >= 0 && delayMs <= MAX_DELAY_MS)) throw new RangeError(`delayMs: ${delayMs} is out of range`);
      put(task.agent, task.priority, { type: 'task', taskId: task.id, opensSession: task.opensSession }, delayMs);
    },
    put: (agent, priority, body) => put(agent, priority, body),
    receive(agent, priority, visibilityMs) {
      const now = clock.now();
      const message = [...messages].find((m) => m.agent === agent && m.priority === priority && m.visibleAt <= now);
      if (!message) return null;
      message.receives += 1;
      message.visibleAt = now + visibilityMs;
      return receipt(messages, message, clock);
    },
    waiting: () => [...messages].flatMap(({ body }) => (body.type === 'task' ? [body.taskId] : [])),
    nextVisibleAt() {
      const later = [...messages].map(({ visibleAt }) => visibleAt).filter((at) => at > clock.now());
      return later.length === 0 ? null : Math.min(...later);
    },
  };
}

function receipt(messages: Set<Message>, message: Message, clock: Pick<Clock, 'now'>): Receipt {
  const { agent, body, receives } = message;
  const isNewest = (): boolean => message.receives === receives && messages.has(message);
  return {
    agent,
    body,
    receives,
    async extend(ms) {
      if (isNewest() && message.visibleAt > clock.now()) message.visibleAt = clock.now() + wholeSeconds(ms);
    },
    delete() {
      if (isNewest()) messages.delete(message);
    },
  };
}

const wholeSeconds = (ms: number): number => Math.ceil(ms / 1_000) * 1_000;
