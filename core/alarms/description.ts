/** What an alarm's description says. */
export interface AlarmDescription {
  /** What happened and where to look. */
  readonly says: string;
  /** 1 wakes somebody, 2 waits for working hours, 3 is a ticket. Undefined for alarms that are not of the fleet. */
  readonly severity: 1 | 2 | 3 | undefined;
  readonly owner: string | undefined;
  /** The section of the runbook, such as `docs/runbook.md#queue-age`, or its URL. */
  readonly runbook: string | undefined;
}

const LAST_LINE = /^Severity ([1-3]) · Owner (.+) · Runbook (\S+)$/;

/** Reads severity, owner and runbook from the last line of an alarm's description, where `alarm()` in lib writes them. */
export function readAlarmDescription(description: string): AlarmDescription {
  const text = description.trimEnd();
  const end = text.lastIndexOf('\n');
  const match = LAST_LINE.exec(text.slice(end + 1));
  if (match === null) return { says: text, severity: undefined, owner: undefined, runbook: undefined };
  const [, severity, owner, runbook] = match;
  return {
    says: text.slice(0, Math.max(0, end)).trimEnd(),
    severity: Number(severity) as 1 | 2 | 3,
    owner,
    runbook,
  };
}
