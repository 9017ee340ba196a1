import Alert from '@cloudscape-design/components/alert';
import type { TaskView } from '../../api/tasks.ts';
import { Age } from '../../parts/age.tsx';

/** Why a task waits, or why it ended as it did. */
export function Why({ task: { waitsFor, failure, lastError, escalation, warnings } }: { readonly task: TaskView }) {
  if (failure)
    return (
      <Alert type="error" header={`Failed: ${failure.kind}`}>
        {failure.reason}
      </Alert>
    );
  if (escalation)
    return (
      <Alert type="warning" header="Handed to a person">
        {escalation.reason}
      </Alert>
    );
  if (waitsFor)
    return (
      <Alert type="info" header={`Waits: ${waitsFor.detail ?? waitsFor.cause}`}>
        It may run <Age at={waitsFor.until} />. {lastError?.reason}
      </Alert>
    );
  if (lastError)
    return (
      <Alert type="warning" header="The last error">
        {lastError.reason}
      </Alert>
    );
  return warnings && warnings.length > 0 ? <Alert type="warning">{warnings.join(' · ')}</Alert> : null;
}
