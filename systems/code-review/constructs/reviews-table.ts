import type { Construct } from 'constructs';
import { ItemTable, type Wire } from '#lib/index.ts';

/** The reviews’ table: claims and heads of pull requests, and day budgets. Keys: pull-request/claim-store.ts, head-store.ts. */
export class ReviewsTable extends ItemTable {
  constructor(scope: Construct, id: string) {
    super(scope, id, { expires: true });
  }

  /** Read and write single items. */
  items(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem']);
  }

  /** Read claims, and write how far the reconciler has come. */
  reconciling(): Wire {
    return this.allowing(['GetItem', 'PutItem']);
  }

  /** Read single items. */
  looking(): Wire {
    return this.allowing(['GetItem']);
  }
}
