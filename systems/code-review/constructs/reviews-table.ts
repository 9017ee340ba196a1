import type { Construct } from 'constructs';
import { ItemTable, type Wire } from '#lib/index.ts';

/** The reviews’ table: claims and heads of pull requests, and day budgets. Keys: pull-request/{claim,head,held}-store.ts. */
export class ReviewsTable extends ItemTable {
  constructor(scope: Construct, id: string) {
    super(scope, id, { expires: true });
  }

  /** Read and write single items. */
  items(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem']);
  }

  /** Read and write single items, and find and forget the pull requests for which money was held. */
  reconciling(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem', 'Query', 'DeleteItem']);
  }

  /** Read single items. */
  looking(): Wire {
    return this.allowing(['GetItem']);
  }
}
