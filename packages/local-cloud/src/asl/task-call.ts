import type { Cancellation } from './cancellation.ts';
import type { Json } from './json.ts';

/** The call of a Task state to its service. */
export interface TaskCall {
  readonly resource: string;
  readonly arguments: Json;
  readonly roleArn: string;
  readonly executionArn: string;
  /** Stays the same when the call is repeated after a crash. Use it as the idempotency key where the service has one. */
  readonly id: string;
  readonly cancellation: Cancellation;
}
