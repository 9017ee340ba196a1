import { expect, test } from 'vitest';
import { closedIn } from '#test/core/stored/closed.ts';
import { articleSchema } from '../../shop/article.ts';
import { customerSchema, orderSchema } from '../../shop/order.ts';

test.each(Object.entries({ articleSchema, customerSchema, orderSchema }))(
  'R1: %s keeps unknown fields on every level',
  (_, schema) => {
    expect(closedIn(schema)).toEqual([]);
  },
);
