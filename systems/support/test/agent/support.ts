import { withServices } from '#core/agents/define-agent.ts';
import type { Answer } from '../../agents/answer.ts';
import { supportAgent } from '../../agents/support-agent.ts';
import { inMemoryShop } from '../../shop/in-memory-shop.ts';
import type { Order } from '../../shop/order.ts';
import { workerHarness } from '#test/support/worker-harness.ts';
import type { Line } from '#test/support/fakes/scripted-model.ts';
import { NOW, sampleCustomerOf, sampleOrderOf } from '../shop/support.ts';

/** A resolved answer, with the fields that a test sets. */
export const answer = (part: Partial<Answer> = {}): Answer => ({
  outcome: 'resolved',
  reply: 'It arrives on Friday.',
  reason: null,
  summary: null,
  category: 'shipment',
  confidence: 0.9,
  ...part,
});

export const escalated = (part: Partial<Answer> = {}): Answer =>
  answer({
    outcome: 'escalate',
    reply: 'A colleague will answer.',
    reason: 'human',
    summary: 'Wants a person.',
    ...part,
  });

/** The model's response that calls a tool. */
export const use = (name: string, input: unknown, id = `use-${name}`): Line => ({
  answer: { stopReason: 'tool-use', content: [{ type: 'tool-use', id, name, input }] },
});

/** A worker with the support agent and a shop of two customers. */
export async function supportWorld(lines: readonly [Line, ...Line[]], order: Partial<Order> = {}) {
  const shop = inMemoryShop();
  const [ada, bo] = [sampleCustomerOf(), sampleCustomerOf({ name: 'Bo Singh' })];
  const own = sampleOrderOf({ customerId: ada.id, ...order });
  const others = sampleOrderOf({ customerId: bo.id });
  await shop.add(ada, [own]);
  await shop.add(bo, [others]);
  const h = workerHarness(lines, withServices(supportAgent, { shop, now: () => NOW }));
  return {
    ...h,
    shop,
    ada,
    own,
    others,
    /** Submits a message from Ada, runs its task and returns it. */
    async say(text: string) {
      const { id } = await h.accept({ input: { customerId: ada.id, text } });
      await h.deliver(id);
      return h.task(id);
    },
    /** The last message to the model. */
    lastToModel: () => JSON.stringify(h.model.requests.at(-1)?.messages.at(-1)?.content),
  };
}
