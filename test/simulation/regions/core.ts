import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Keepers = typeof import('#core/regions/keeper.ts');
type Pledges = typeof import('#core/regions/pledge.ts');
type Epochs = typeof import('#core/regions/epoch.ts');
type Homes = typeof import('#core/regions/home.ts');
type Homed = typeof import('#core/regions/homed-tasks.ts');
type Canaries = typeof import('#core/regions/canary.ts');
type Gifts = typeof import('#core/regions/day-gifts.ts');
type Progress = typeof import('#core/tasks/progress.ts');
type Finish = typeof import('#core/tasks/finish.ts');

/** The parts of `core/` that the searches and the worlds run, as modules of one tree: the shipped one, or a patched copy. */
export interface RegionsCore extends Keepers, Pledges, Epochs, Homes, Homed, Canaries, Gifts {
  readonly answerLease: typeof import('#core/regions/lease.ts').answerLease;
  readonly NO_LEASE: typeof import('#core/regions/lease.ts').NO_LEASE;
  readonly fitsOn: typeof import('#core/budgets/day-budget.ts').fitsOn;
  readonly claim: typeof import('#core/tasks/claim.ts').claim;
  readonly apply: typeof import('#core/tasks/apply.ts').apply;
  readonly newTask: typeof import('#core/tasks/submit.ts').newTask;
  readonly keyedTaskId: typeof import('#core/tasks/task-id.ts').keyedTaskId;
  readonly treeCostOf: typeof import('#core/tasks/cost.ts').treeCostOf;
  readonly reserveCall: Progress['reserveCall'];
  readonly forfeitCall: Progress['forfeitCall'];
  readonly commitStep: Progress['commitStep'];
  readonly succeed: Finish['succeed'];
  readonly fail: Finish['fail'];
  readonly markNotified: Finish['markNotified'];
}

const FILES = [
  'regions/lease.ts',
  'regions/keeper.ts',
  'regions/pledge.ts',
  'regions/epoch.ts',
  'regions/home.ts',
  'regions/homed-tasks.ts',
  'regions/canary.ts',
  'regions/day-gifts.ts',
  'budgets/day-budget.ts',
  'tasks/claim.ts',
  'tasks/apply.ts',
  'tasks/submit.ts',
  'tasks/task-id.ts',
  'tasks/cost.ts',
  'tasks/progress.ts',
  'tasks/finish.ts',
] as const;

/** Loads the modules from a folder that contains `core/`. */
export async function loadRegionsCore(root: string): Promise<RegionsCore> {
  const modules: object[] = [];
  for (const file of FILES) modules.push((await import(pathToFileURL(join(root, 'core', file)).href)) as object);
  return Object.assign({}, ...modules) as RegionsCore;
}
