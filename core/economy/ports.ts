import type { BatchModel } from '../ports/batch-model.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import type { Runs } from '../ports/runs.ts';
import type { NotifyPorts } from '../worker/notify.ts';
import type { WorkerPorts } from '../worker/ports.ts';

/** What gives tasks back that lay in a batch. */
export type ReturnPorts = Pick<WorkerPorts, 'store' | 'daySpend' | 'clock'>;

/** What settles a batch's results. */
export type SettlePorts = NotifyPorts &
  ReturnPorts &
  Pick<WorkerPorts, 'queue' | 'catalogue' | 'usage' | 'report' | 'ids'> & {
    readonly batches: BatchStore;
    readonly batchModel: BatchModel;
  };

/** Looks after one batch until it is over. */
export interface PollInput {
  readonly batch: string;
}

/** What collects tasks into batches. */
export type CollectPorts = SettlePorts &
  Pick<WorkerPorts, 'model' | 'artifacts' | 'pools' | 'limits'> & {
    readonly polls: Runs<PollInput>;
  };
