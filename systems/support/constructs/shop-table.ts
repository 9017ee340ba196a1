import { ItemTable, type Wire } from '#lib/index.ts';

/** The shop's table: customers, orders, articles. shop/dynamodb-shop.ts documents its keys. */
export class ShopTable extends ItemTable {
  /** Access for the agent's tools: they read, and write refunds. */
  serving(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'Query']);
  }
}
