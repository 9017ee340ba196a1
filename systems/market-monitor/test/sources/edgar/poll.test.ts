import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { EdgarPoll } from '../../../sources/edgar/poll.ts';
import type { Answer, Validators } from '../../../sources/edgar/request.ts';
import { feedPage, filingNumber } from './feed-page.ts';

const { signal } = new AbortController();
const SINCE = Date.parse('2026-11-19T15:00:00Z');

/** EDGAR with filings 0 to `newest`, and what was sent to the stream. */
function edgar(newest: number) {
  const state = {
    newest,
    sent: [] as string[],
    asked: [] as number[],
    known: [] as Validators[],
    pauses: [] as number[],
    answer: undefined as Answer | undefined,
    failsToSend: false,
  };
  const poll = new EdgarPoll(
    {
      request: (start, known) => {
        state.asked.push(start);
        state.known.push(known);
        if (state.answer !== undefined) return Promise.resolve(state.answer);
        const numbers = Array.from({ length: 100 }, (_, index) => state.newest - start - index);
        const text = feedPage(numbers.filter((n) => n >= 0).map((n) => filingNumber(n)));
        return Promise.resolve({ kind: 'page', text, validators: { etag: `"${state.newest}"` } });
      },
      send: (events: readonly CloudEvent[]) => {
        if (state.failsToSend) return Promise.reject(new Error('The stream takes no records.'));
        state.sent.push(...events.map(({ id }) => id));
        return Promise.resolve();
      },
      pause: (ms) => Promise.resolve(void state.pauses.push(ms)),
    },
    SINCE,
  );
  return { state, poll };
}

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => filingNumber(from + index).accession);

describe('a poll of EDGAR', () => {
  it('reads back page after page, at most five a second, and sends the oldest first', async () => {
    const { state, poll } = edgar(249);
    expect(await poll.poll(signal)).toEqual({ kind: 'read', sent: 250, unread: null, outOfReach: null });
    expect(state.asked).toEqual([0, 100, 200]);
    expect(state.pauses).toEqual([200, 200]);
    expect(state.sent).toEqual(ids(0, 249));
  });

  it('sends only what is new, and leaves no gap after a pause of many pages', async () => {
    const { state, poll } = edgar(10);
    await poll.poll(signal);
    state.newest = 13;
    expect(await poll.poll(signal)).toMatchObject({ sent: 3 });
    state.newest = 400;
    expect(await poll.poll(signal)).toMatchObject({ sent: 387 });
    expect(state.sent).toEqual(ids(0, 400));
  });

  it('begins with filings of a time, and says what is out of reach', async () => {
    const { state, poll } = edgar(-1);
    state.newest = 2_500;
    expect(await poll.poll(signal)).toMatchObject({ sent: 2_000, outOfReach: filingNumber(501).updated });
    expect(state.asked).toHaveLength(20);
    const later = edgar(-1);
    const before = { ...filingNumber(1), updated: '2026-11-19T09:59:59-05:00' };
    const text = feedPage([filingNumber(2), before]);
    later.state.answer = { kind: 'page', text, validators: {} };
    await later.poll.poll(signal);
    expect(later.state.sent).toEqual(ids(2, 2));
  });

  it('repeats what the stream did not take, without a condition that would hide it', async () => {
    const { state, poll } = edgar(3);
    state.failsToSend = true;
    await expect(poll.poll(signal)).rejects.toThrow('takes no records');
    state.failsToSend = false;
    expect(await poll.poll(signal)).toMatchObject({ sent: 4 });
    await poll.poll(signal);
    expect(state.known).toEqual([{}, {}, { etag: '"3"' }]);
    state.answer = { kind: 'unchanged' };
    expect(await poll.poll(signal)).toMatchObject({ kind: 'read', sent: 0 });
  });

  it('passes on that it is blocked, and that an answer is no feed', async () => {
    const { state, poll } = edgar(3);
    state.answer = { kind: 'blocked', waitMs: 600_000, reason: 'status 403' };
    expect(await poll.poll(signal)).toEqual(state.answer);
    state.answer = { kind: 'page', text: '<html/>', validators: {} };
    expect(await poll.poll(signal)).toMatchObject({ kind: 'failed' });
    expect(state.sent).toEqual([]);
  });
});
