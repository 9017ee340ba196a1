import type { Construct } from 'constructs';
import { ItemTable, type Wire } from '#lib/index.ts';

/** The reviews' table: claims of pull requests, and day budgets. pull-request/claim-store.ts documents its keys. */
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
