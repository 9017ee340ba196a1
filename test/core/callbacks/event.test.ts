import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callbackEventSchema, webhookId } from '#core/callbacks/event.ts';
import { excerptOf } from '#core/callbacks/excerpt.ts';
import { callbackMessageSchema, callbackOf } from '#core/callbacks/event.ts';
import { masterSecrets, signingSecret } from '#core/callbacks/signing.ts';
import { failureKind } from '#core/failures/failure.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { isTerminal, type Task, type TaskState } from '#core/tasks/task.ts';
import { hmacSha256 } from '#adapters/node/hmac.ts';
import { NOW, sampleTask } from '../../contract/samples.ts';

const SECRET = 'the-secret-of-a-document';
const callback = { url: 'https://example.com/hook' };
const ended = { finishedAt: NOW, notified: false };

const STATES: readonly TaskState[] = [
  { status: 'succeeded', output: { text: SECRET }, warnings: [SECRET], ...ended },
  { status: 'cancelled', ...ended },
  { status: 'escalated', reason: SECRET, ...ended },
  ...failureKind.options.map((kind): TaskState => ({ status: 'failed', failure: { kind, reason: SECRET }, ...ended })),
];

function messageOf(state: TaskState, change: Partial<Task> = {}) {
  const task = sampleTask({ callback, input: SECRET, system: SECRET, state, ...change });
  if (!isTerminal(task.state)) throw new Error('not ended');
  return callbackOf(task, task.state);
}

describe('the event of a callback', () => {
  it.each(STATES.map((state) => [state.status, state] as const))(
    '%s: contains no inputs, prompts or outputs',
    (_, state) => {
      const message = messageOf(state);
      expect(callbackMessageSchema.parse(message)).toEqual(message);
      expect(JSON.stringify(message)).not.toContain(SECRET);
      expect(message?.event.type).toBe(`task.${state.status}`);
      expect(message?.event.data.reason === undefined).toBe(state.status === 'succeeded');
    },
  );

  it('contains the task and the client’s own metadata', () => {
    const message = messageOf(
      { status: 'succeeded', output: 1, warnings: [], ...ended },
      { id: taskIdSchema.parse('agent-1'), sessionId: 's', runId: 'r', metadata: { order: '7' } },
    );
    expect(callbackEventSchema.parse(message?.event)).toEqual({
      type: 'task.succeeded',
      timestamp: new Date(NOW).toISOString(),
      data: {
        taskId: 'agent-1',
        agent: 'contract-analyst',
        sessionId: 's',
        runId: 'r',
        metadata: { order: '7' },
        status: 'succeeded',
        links: { task: '/tasks/agent-1', steps: '/tasks/agent-1/steps' },
      },
    });
  });

  it('is null for a task without a callback', () => {
    const task = sampleTask();
    expect(callbackOf(task, { status: 'cancelled', ...ended })).toBeNull();
  });
});

describe('webhook-id', () => {
  it('consists of the task’s id and its final status', () => {
    expect(webhookId(taskIdSchema.parse('agent-0af3'))).toBe('agent-0af3/end');
  });

  it('has no full stop of a region’s name, as docs/callbacks.md says', () => {
    expect(webhookId(taskIdSchema.parse('eu.task-1'))).toBe('eu%2Etask-1/end');
    expect(readFileSync('docs/callbacks.md', 'utf8')).toContain('the task `eu.task-1` has `eu%2Etask-1/end`');
  });

  it('I6: is unique per task and contains no full stop', () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((text) => taskIdSchema.parse(text));
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(webhookId(one)).toMatch(/^[\w%-]+\/end$/);
        expect(webhookId(one) === webhookId(other)).toBe(one === other);
      }),
    );
  });
});

describe('the secret of a tenant', () => {
  it('is a stable whsec_ of 32 bytes, different for each tenant and master secret', () => {
    const secret = signingSecret(hmacSha256, 'master', 'acme');
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(signingSecret(hmacSha256, 'master', 'acme')).toBe(secret);
    expect(signingSecret(hmacSha256, 'master', 'other')).not.toBe(secret);
    expect(signingSecret(hmacSha256, 'another', 'acme')).not.toBe(secret);
  });

  it('may be stored with the previous secret, but not empty', () => {
    expect(masterSecrets('new old\n')).toEqual(['new', 'old']);
    expect(() => masterSecrets(' \n')).toThrow(/empty/);
  });
});

it('the excerpt of a response is one short line', () => {
  expect(excerptOf(' a\u0000b\r\n\u001B[31mc ')).toBe('a b [31mc');
  expect(excerptOf('x'.repeat(1_000))).toHaveLength(201);
});
