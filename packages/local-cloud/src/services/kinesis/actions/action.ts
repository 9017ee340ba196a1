import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { StreamStore } from '../store.ts';

export interface KinesisContext {
  readonly store: StreamStore;
  /** Whether the call came over HTTP. Only such calls count for the limit of reads. */
  readonly remote: boolean;
}

/** Runs one API action. Throws `ServiceError`. */
export type KinesisAction = (context: KinesisContext, input: ServiceInput) => ServiceOutput;
