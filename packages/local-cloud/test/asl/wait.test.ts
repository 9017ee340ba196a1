import { describe, expect, it } from 'vitest';
import { run, single } from './harness.ts';

describe('Wait', () => {
  it('waits for Seconds', async () => {
    const { clock, events, output } = run(single({ Type: 'Wait', Seconds: '{% $states.input.s %}' }), {
      input: { s: 90 },
    });
    await clock.advance(89);
    expect(events.map((event) => event.type)).toEqual(['WaitStateEntered']);
    await clock.advance(1);
    expect(await output).toEqual({ s: 90 });
  });

  it('waits until Timestamp, or not at all if it has passed', async () => {
    const { clock, output } = run(single({ Type: 'Wait', Timestamp: '2026-01-01T00:01:00+00:00' }));
    await clock.advance(60);
    expect(await output).toEqual({});
    const past = run(single({ Type: 'Wait', Timestamp: '2025-01-01T00:00:00Z' }));
    await past.clock.advance(0);
    expect(await past.output).toEqual({});
  });

  it.each(['05-12-2016T21:29:29Z', '2016-12-05T21:29:29', '2016-13-05T21:29:29Z'])('rejects %s', async (timestamp) => {
    const { failure } = run(single({ Type: 'Wait', Timestamp: `{% "${timestamp}" %}` }));
    expect((await failure).cause).toContain(`extended offset date-time format string: ${timestamp}`);
  });
});
