import { describe, expect, it } from 'vitest';
import { attentionAt, type TaskState } from '#core/tasks/task.ts';
import { NOW, sampleTask } from '../../contract/samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** States that are looked at less and less often. */
const WAITING: readonly (readonly [string, TaskState])[] = [
  ['queued behind others', { status: 'queued', since: NOW, resends: 6 }],
  [
    'held by a dead worker',
    { status: 'running', holder: 'h', leaseUntil: NOW, cancelRequested: false, resent: { at: NOW, times: 6 } },
  ],
  ['parked for a paused pool', { status: 'parked', cause: 'paused', until: NOW, looks: 3 }],
];

describe('a task that was looked at often', () => {
  it.each(WAITING)('and is %s is looked at when its deadline passes', (_, state) => {
    const soon = sampleTask({ state, deadline: NOW + 5 * MINUTE });
    expect(attentionAt(soon)).toBe(NOW + 5 * MINUTE);
    const late = attentionAt(sampleTask({ state, deadline: NOW + 24 * HOUR })) ?? 0;
    expect(late).toBeGreaterThan(NOW + 5 * MINUTE);
    expect(late).toBeLessThan(NOW + 2 * HOUR);
  });

  it('and is held by a worker past its deadline is looked at once the lease has run out', () => {
    const leaseUntil = NOW + 15_000;
    const state = { status: 'running', holder: 'h', leaseUntil, cancelRequested: false } as const;
    expect(attentionAt(sampleTask({ state, deadline: NOW }))).toBe(leaseUntil);
  });
});

describe('a parent whose time to conclude has passed', () => {
  const delegation = { step: 1, epoch: 1, tool: 'delegate', toolUseId: 'u', since: NOW, until: NOW, children: [] };
  const lookedAt = (state: TaskState) => attentionAt(sampleTask({ state, delegation, deadline: NOW + 24 * HOUR }));

  it('is looked at then while it waits for its children', () => {
    expect(lookedAt({ status: 'parked', cause: 'yielded', detail: 'delegated', until: NOW })).toBe(NOW);
  });

  it.each(['paused', 'tenant-cap', 'session'] as const)('but not again and again while it waits for: %s', (cause) => {
    const later = NOW + HOUR;
    expect(lookedAt({ status: 'parked', cause, until: later, looks: 3 })).toBeGreaterThan(later);
  });
});
