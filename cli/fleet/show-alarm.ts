import type { CloudEvent } from '@agent-fleet/local-cloud';
import { readAlarmDescription } from '#core/alarms/description.ts';
import type { Output } from '../terminal/output.ts';

/** One line when an alarm rings, with the section of the runbook, and one when it clears. */
export function showAlarm(event: Extract<CloudEvent, { code: 'alarm.changed' }>, output: Output): void {
  if (event.to === 'ALARM') {
    const { severity, runbook, says } = readAlarmDescription(event.description);
    const label = severity === undefined ? 'Alarm' : `Alarm (severity ${severity})`;
    const look = runbook === undefined ? '' : ` See ${runbook}.`;
    return output.line(`${label}: ${event.alarm}: ${says.split('\n')[0]}${look}`);
  }
  if (event.from === 'ALARM') output.line(`Alarm cleared: ${event.alarm}`);
}
