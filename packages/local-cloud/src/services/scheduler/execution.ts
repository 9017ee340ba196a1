import { randomUUID } from 'node:crypto';

/** One firing of a schedule. */
export interface Execution {
  readonly id: string;
  readonly scheduleArn: string;
  /** Milliseconds since 1970. */
  readonly firedAt: number;
}

/** Writes a firing's attributes into a target's own input: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
export function fillInput(input: string, { id, scheduleArn, firedAt }: Execution): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', toSecond(firedAt))
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

/**
 * The event of a target without its own input.
 * @param source `aws.scheduler` or `aws.events`
 * @param arn of the schedule or rule
 * @param detail a text for Scheduler and an object for rules
 */
export function scheduledEvent(source: string, arn: string, detail: unknown, firedAt: number): object {
  const [, , , region, account] = arn.split(':');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account,
    time: toSecond(firedAt),
    region,
    resources: [arn],
    detail,
  };
}

const toSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
