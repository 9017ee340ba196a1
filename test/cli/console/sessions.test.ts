import { describe, expect, test } from 'vitest';
import { ConsoleSessions, LIFETIME_MS } from '#cli/console/sessions.ts';

function sessionsAt(start = 0) {
  let now = start;
  return { sessions: new ConsoleSessions(() => now), wait: (ms: number) => void (now += ms) };
}

describe('the console’s sessions', () => {
  test('begin by a link, once', () => {
    const { sessions } = sessionsAt();
    const link = sessions.newLink();
    const session = sessions.open(link);
    expect(session).not.toBe(null);
    expect(sessions.isOpen(session ?? '')).toBe(true);
    expect(sessions.open(link)).toBe(null);
    expect(sessions.isOpen(session ?? '')).toBe(true);
  });

  test('do not begin by anything else: no guess, no session, and a link is no session', () => {
    const { sessions } = sessionsAt();
    const link = sessions.newLink();
    expect(sessions.isOpen(link)).toBe(false);
    const session = sessions.open(link) ?? '';
    for (const guess of ['', 'undefined', session, `${link}x`]) expect(sessions.open(guess)).toBe(null);
    for (const guess of ['', 'undefined', link]) expect(sessions.isOpen(guess)).toBe(false);
  });

  test('end after their lifetime, and so do links', () => {
    const { sessions, wait } = sessionsAt();
    const [late, link] = [sessions.newLink(), sessions.newLink()];
    const session = sessions.open(link) ?? '';
    wait(LIFETIME_MS - 1);
    expect(sessions.isOpen(session)).toBe(true);
    wait(1);
    expect(sessions.isOpen(session)).toBe(false);
    expect(sessions.open(late)).toBe(null);
  });

  test('are bounded: the oldest link gives way', () => {
    const { sessions } = sessionsAt();
    const links = Array.from({ length: 101 }, () => sessions.newLink());
    expect(sessions.open(links[0] ?? '')).toBe(null);
    expect(sessions.open(links[1] ?? '')).not.toBe(null);
    expect(sessions.open(links[100] ?? '')).not.toBe(null);
  });
});
