import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '#core/tasks/claim.ts';
import { readArticles } from '../../data/read-articles.ts';
import { answer, supportWorld, use } from './support.ts';

describe('the tools of the support agent', () => {
  it('see only the orders of the task’s customer, whatever the model asks for', async () => {
    const history = await supportWorld([use('order-history', { customerId: 'cus-other' }), { json: answer() }]);
    await history.say('Where is my order?');
    expect(history.lastToModel()).toContain(history.own.id);
    expect(history.lastToModel()).not.toContain(history.others.id);
    const foreign = await supportWorld([use('shipment-status', { orderId: 'ORD-99999' }), { json: answer() }]);
    await foreign.say('Where is ORD-99999?');
    expect(foreign.lastToModel()).toContain('no order of that number');
  });

  it('find an order in any format of its number', async () => {
    const w = await supportWorld([
      (request) => use('shipment-status', { orderId: numberIn(request) }),
      { json: answer() },
    ]);
    await w.say(`Where is order ${w.own.id.slice(4)}?`);
    expect(w.lastToModel()).toContain('TRK123456789');
  });

  it('never refund another customer’s order', async () => {
    const w = await supportWorld([(request) => refundOf(numberIn(request)), { json: answer() }]);
    await w.say(`Please look at ${w.others.id}`);
    expect(w.lastToModel()).toContain('no order of that number');
    expect((await w.shop.order(w.others.customerId, w.others.id))?.refunds).toEqual([]);
  });

  it('search the knowledge base', async () => {
    const w = await supportWorld([use('search-knowledge', { query: 'reset my password' }), { json: answer() }]);
    for (const article of await readArticles()) await w.shop.publish(article);
    await w.say('How do I reset my password?');
    expect(w.lastToModel()).toContain('Forgot password');
  });
});

describe('a refund', () => {
  it('is made once and reported the same, even if its worker died right after it (I3)', async () => {
    const w = await supportWorld([(request) => refundOf(numberIn(request)), { json: answer({ category: 'refund' }) }]);
    const { id } = await w.accept({
      input: { customerId: w.ada.id, text: `${w.own.id} came broken, please refund it.` },
    });
    const died = Promise.withResolvers<never>();
    // The refund is made, but the worker gets no response.
    const replaceOrder = w.shop.replaceOrder.bind(w.shop);
    const made = Promise.withResolvers<void>();
    w.shop.replaceOrder = async (next) => {
      await replaceOrder(next);
      w.shop.replaceOrder = replaceOrder;
      made.resolve();
      return died.promise;
    };
    void w.deliver(id, { clock: { ...w.clock, every: () => () => undefined } });
    await made.promise;
    w.clock.advance(LEASE_MS + 1);
    await w.deliver(id);
    expect((await w.task(id)).state.status).toBe('succeeded');
    expect((await w.shop.order(w.ada.id, w.own.id))?.refunds).toMatchObject([{ key: `${id}/1`, cents: 6_700 }]);
    expect(w.lastToModel()).toContain('$67.00');
  });

  it('beyond the limit is refused, and the model asked to escalate', async () => {
    const line = { sku: 'C', name: 'chair', quantity: 1, cents: 24_900 };
    const w = await supportWorld([(request) => refundOf(numberIn(request)), { json: answer() }], { lines: [line] });
    await w.say(`The chair in ${w.own.id} is not as I thought.`);
    expect(w.model.requests.some(({ messages }) => JSON.stringify(messages).includes('beyond the limit'))).toBe(true);
    expect((await w.shop.order(w.ada.id, w.own.id))?.refunds).toEqual([]);
  });
});

const refundOf = (orderId: string) => use('refund', { orderId, skus: null, reason: 'broken' });

/** The order number in the customer's message. */
const numberIn = (request: { readonly messages: readonly unknown[] }): string =>
  /\d{5}/.exec(JSON.stringify(request.messages).replaceAll(/cus-[\d-]+/g, ''))?.[0] ?? '';
