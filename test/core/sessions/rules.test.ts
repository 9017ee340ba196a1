import { describe, expect, it } from 'vitest';
import { enter, forget, leave } from '#core/sessions/rules.ts';
import {
  DEFAULT_SESSION_POLICY,
  MAX_WAITING,
  newSession,
  sessionIdSchema,
  type Session,
} from '#core/sessions/session.ts';
import { plainTurn, turnOf } from '#core/sessions/turn.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';

const NOW = 1_763_900_000_000;
const HOUR = 3_600_000;
const id = (name: string) => taskIdSchema.parse(name);
const fresh = newSession('acme', 's', DEFAULT_SESSION_POLICY);
const withTasks = (...names: readonly string[]): Session =>
  names.reduce((session, name) => enter(session, id(name), NOW).session, fresh);
const turn = (tokens: number) => ({ user: 'u', assistant: 'a', tokens });

describe('a session', () => {
  it('S2: keeps each task once, in the order they were entered', () => {
    const session = withTasks('a', 'b', 'c');
    expect(session.waiting).toEqual(['a', 'b', 'c']);
    expect(enter(session, id('a'), NOW)).toMatchObject({ ok: false, refusal: 'unchanged' });
  });

  it('S3: a task leaves once with its turn, from any position, and does not return', () => {
    const left = leave(withTasks('a', 'b', 'c'), id('b'), turn(3), NOW).session;
    expect(left.waiting).toEqual(['a', 'c']);
    expect(left.turns).toEqual([{ taskId: 'b', ...turn(3) }]);
    expect(leave(left, id('b'), turn(3), NOW).ok).toBe(false);
    expect(enter(left, id('b'), NOW).ok).toBe(false);
  });

  it('rejects a task when it is full', () => {
    const waiting = Array.from({ length: MAX_WAITING }, (_, index) => id(`t${index}`));
    expect(enter({ ...fresh, waiting }, id('late'), NOW)).toMatchObject({ ok: false, refusal: 'full' });
  });

  it('S4: forgets its turns an hour after its last use, but not while a task waits', () => {
    const used = leave(withTasks('a'), id('a'), turn(3), NOW).session;
    expect(enter(used, id('b'), NOW + HOUR - 1).session.turns).toHaveLength(1);
    expect(enter(used, id('b'), NOW + HOUR).session.turns).toHaveLength(0);
    const busy = leave(withTasks('a', 'b'), id('a'), turn(3), NOW).session;
    expect(enter(busy, id('c'), NOW + 5 * HOUR).session.turns).toHaveLength(1);
  });

  it('drops the oldest turns beyond its limit, and never the newest', () => {
    const policy = { ...DEFAULT_SESSION_POLICY, tokenLimit: 100 };
    const say = (session: Session, name: string, tokens: number): Session =>
      leave(enter(session, id(name), NOW).session, id(name), turn(tokens), NOW).session;
    const three = [40, 30, 30].reduce((session, tokens, index) => say(session, `t${index}`, tokens), {
      ...fresh,
      policy,
    });
    expect(three.turns.map(({ taskId }) => taskId)).toEqual(['t0', 't1', 't2']);
    expect(say(three, 't3', 20).turns.map(({ taskId }) => taskId)).toEqual(['t1', 't2', 't3']);
    expect(say(three, 't3', 500).turns.map(({ taskId }) => taskId)).toEqual(['t3']);
  });

  it('is forgotten on request, and its waiting tasks continue to wait', () => {
    const used = leave(withTasks('a', 'b'), id('a'), turn(3), NOW).session;
    expect(forget(used).session).toMatchObject({ turns: [], waiting: ['b'] });
  });

  it('S5: names every agent that had a turn, also behind a dropped turn or a summary, until it is forgotten', () => {
    const policy = { ...DEFAULT_SESSION_POLICY, tokenLimit: 10 };
    const say = (session: Session, name: string, agent: string, change: object = {}): Session =>
      leave(enter(session, id(name), NOW).session, id(name), { ...turn(6), ...change }, NOW, agent).session;
    const dropped = say(say({ ...fresh, policy }, 'a', 'parrot'), 'b', 'owl');
    expect(dropped).toMatchObject({ turns: [{ taskId: 'b' }], agents: ['parrot', 'owl'] });
    const first = say(say(fresh, 'a', 'parrot'), 'b', 'owl');
    const summarised = say(first, 'c', 'owl', { summary: { ...turn(3), upTo: 'b' } });
    expect(summarised).toMatchObject({ turns: [{ taskId: 'b' }, { taskId: 'c' }], agents: ['parrot', 'owl'] });
    expect(forget(summarised).session).toMatchObject({ turns: [], agents: [] });
    expect(enter(summarised, id('d'), NOW + HOUR).session).toMatchObject({ turns: [], agents: [] });
    expect(leave(withTasks('a'), id('a'), null, NOW, 'parrot').session.agents).toEqual([]);
  });

  it('has an id of letters, digits and a few symbols', () => {
    expect(sessionIdSchema.safeParse('customer-4711@eu').success).toBe(true);
    expect(sessionIdSchema.safeParse('a#b').success).toBe(false);
    expect(sessionIdSchema.safeParse('').success).toBe(false);
  });
});

describe('a turn', () => {
  it('contains the instruction and the text of the answer, or their JSON', () => {
    expect(plainTurn({ instruction: 'Where is it?' }, { text: 'Here.' })).toEqual({
      user: 'Where is it?',
      assistant: 'Here.',
    });
    expect(plainTurn({ numbers: [1] }, { sum: 1 })).toEqual({ user: '{"numbers":[1]}', assistant: '{"sum":1}' });
  });

  it('is never empty, and is cut to half the limit', () => {
    expect(turnOf({ user: ' ', assistant: '' }, 100)).toMatchObject({ user: '(nothing)', assistant: '(nothing)' });
    const long = turnOf({ user: '€'.repeat(10_000), assistant: 'x'.repeat(10_000) }, 1_000);
    expect(long.tokens).toBeLessThanOrEqual(510);
    expect(long.user.endsWith(' …')).toBe(true);
  });
});
