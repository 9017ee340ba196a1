import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { FleetError } from '#client/fleet-error.ts';
import { reasonOf } from './notices.ts';

/** A read that failed. Data that was read before stays below it. */
export function FailureBox({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const isMissing = error instanceof FleetError && error.status === 404;
  return (
    <Alert
      type={isMissing ? 'info' : 'error'}
      header={isMissing ? 'Not found' : 'The fleet did not answer as expected'}
      action={retry && <Button onClick={retry}>Try again</Button>}
    >
      {reasonOf(error)}
    </Alert>
  );
}
