import type { EndingPorts } from '../ending/ports.ts';
import type { BatchModel } from '../ports/batch-model.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import type { Ids } from '../ports/ids.ts';
import type { PoolStore } from '../ports/pool-store.ts';
import type { Runs } from '../ports/runs.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { Tracer } from '../ports/tracer.ts';
import type { FitPorts, SettleHeldPorts, SpendingPorts } from '../spending/ports.ts';
import type { ObjectPorts } from '../worker/objects-elsewhere.ts';

/** What gives tasks back that lay in a batch. */
export interface ReturnPorts extends SettleHeldPorts {
  readonly store: TaskStore;
}

/** What settles a batch's results. */
export interface SettlePorts extends EndingPorts, ReturnPorts, Pick<FitPorts, 'catalogue'> {
  readonly ids: Ids;
  readonly batches: BatchStore;
  readonly batchModel: BatchModel;
  /** Where the spans of batched calls go. @default none are recorded */
  readonly tracer?: Pick<Tracer, 'record'> | undefined;
}

/** Looks after one batch until it is over. */
export interface PollInput {
  readonly batch: string;
}

/** What collects tasks into batches. */
export interface CollectPorts extends SettlePorts, SpendingPorts, ObjectPorts {
  readonly pools: PoolStore;
  readonly polls: Runs<PollInput>;
}
