import { describe, expect, it } from 'vitest';
import { type MailPorts, sendOnce } from '#core/mail/send-once.ts';
import type { Letter, MailResult } from '#core/ports/mailer.ts';
import { inMemoryMailStore } from '../../support/fakes/in-memory-mail-store.ts';

const letter: Letter = {
  about: 'research#1',
  from: 'brief@example.com',
  to: 'ada@example.org',
  subject: 'Brief',
  text: 'News',
};
const accepted: MailResult = { kind: 'accepted', messageId: 'm-1' };
const lost: MailResult = { kind: 'unknown', reason: 'no answer' };

class Died extends Error {}

/** A world with one mail: `results` are the mailer's answers in turn, then it accepts. */
function world(...results: MailResult[]) {
  const mails = inMemoryMailStore();
  let [now, delivered, left] = [1_000_000, 0, Number.POSITIVE_INFINITY];
  /** Dies before or after an action, as a process does. */
  const step = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    if (left <= 0) throw new Died();
    left -= 1;
    const result = await action();
    if (left <= 0) throw new Died();
    left -= 1;
    return result;
  };
  const ports: MailPorts = {
    mails: { get: (key) => step(() => mails.get(key)), write: (key, record) => step(() => mails.write(key, record)) },
    mailer: {
      send: () =>
        step(async () => {
          const result = results.shift() ?? accepted;
          if (result.kind === 'accepted' || result.kind === 'unknown') delivered += 1;
          return result;
        }),
    },
    clock: { now: () => now },
  };
  return {
    send: () => sendOnce(ports, letter),
    delivered: () => delivered,
    later: (ms: number) => void (now += ms),
    dieAfter: (steps: number) => void (left = steps),
  };
}

describe('sendOnce', () => {
  it('sends once, and answers the same afterwards', async () => {
    const { send, delivered } = world();
    expect(await send()).toEqual({ kind: 'sent', messageId: 'm-1' });
    expect(await send()).toEqual({ kind: 'sent', messageId: 'm-1' });
    expect(delivered()).toBe(1);
  });

  it('sends again when surely nothing was sent, as often as it takes', async () => {
    const refused: MailResult = { kind: 'not-sent', reason: 'too many' };
    const { send, delivered } = world(refused, refused, refused);
    for (const _ of [1, 2, 3]) expect(await send()).toEqual({ kind: 'later', reason: 'too many' });
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(delivered()).toBe(1);
  });

  it('never sends what was rejected', async () => {
    const { send, delivered } = world({ kind: 'rejected', reason: 'no address' });
    for (const _ of [1, 2]) expect(await send()).toEqual({ kind: 'rejected', reason: 'no address' });
    expect(delivered()).toBe(0);
  });

  it('leaves a mail alone while another sender may wait for its answer, then sends it once more, and never again', async () => {
    const { send, delivered, later } = world(lost, lost);
    expect(await send()).toEqual({ kind: 'later', reason: 'no answer' });
    later(59_999);
    expect(await send()).toMatchObject({ kind: 'later' });
    later(1);
    expect(await send()).toMatchObject({ kind: 'unknown' });
    later(3_600_000);
    expect(await send()).toEqual({ kind: 'unknown', reason: 'No answer came to 2 attempts.' });
    expect(delivered()).toBe(2);
  });

  it('of two senders at once, one sends', async () => {
    const { send, delivered } = world();
    const outcomes = await Promise.all([send(), send()]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['later', 'sent']);
    expect(delivered()).toBe(1);
  });

  // Read, write the intent, send, write the outcome: each may be the last thing that happens, before it or after.
  it.each(Array.from({ length: 8 }, (_, steps) => steps))(
    'a crash after %i half steps: it arrives, at most twice',
    async (steps) => {
      const { send, delivered, later, dieAfter } = world();
      dieAfter(steps);
      await expect(send()).rejects.toBeInstanceOf(Died);
      dieAfter(Number.POSITIVE_INFINITY);
      later(60_000);
      expect(await send()).toMatchObject({ kind: 'sent' });
      // Only a crash between sending and recording makes a second one.
      expect(delivered()).toBe(steps === 5 || steps === 6 ? 2 : 1);
    },
  );
});
