import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  // Tasks and runs.
  queued: 'pending',
  running: 'in-progress',
  parked: 'pending',
  succeeded: 'success',
  ended: 'success',
  failed: 'error',
  cancelled: 'stopped',
  escalated: 'warning',
  // Pools.
  active: 'success',
  paused: 'stopped',
  open: 'error',
  'half-open': 'warning',
  resuming: 'in-progress',
  // Escalations.
  claimed: 'in-progress',
  answered: 'success',
  // Outcomes of bulk actions.
  done: 'success',
  skipped: 'stopped',
  // Alarms.
  OK: 'success',
  ALARM: 'error',
  INSUFFICIENT_DATA: 'pending',
};

/** A status by colour, icon and word. */
export function Status({ of, detail }: { readonly of: string; readonly detail?: string }) {
  return (
    <StatusIndicator type={TYPES[of] ?? 'info'}>
      {of === 'INSUFFICIENT_DATA' ? 'no data' : of}
      {detail === undefined ? '' : `: ${detail}`}
    </StatusIndicator>
  );
}
