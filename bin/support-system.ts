import type { Rehearsal, RehearsalOptions, ShopPlace, SupportSystem } from '#cli/system.ts';
import { SUPPORT } from '#systems/support/agents/identity.ts';
import { dayPhases } from '#systems/support/load/day.ts';
import { judge } from '#systems/support/load/judge.ts';
import { rehearsal } from '#systems/support/load/rehearsal.ts';
import { messagesIn } from '#systems/support/load/volume.ts';
import { fillShop } from '#systems/support/samples/shop.ts';
import { dynamodbShop } from '#systems/support/shop/dynamodb-shop.ts';
import { claudeRules } from './claude-rules.ts';

/** The support system as the command line knows it: here both sides meet. */
export const supportSystem: SupportSystem = { agent: SUPPORT.name, claudeRules, rehearse };

function rehearse({ volume, seconds, ...options }: RehearsalOptions): Rehearsal {
  const messages = typeof volume === 'number' ? messagesIn(seconds, volume) : volume.rate * seconds;
  const { customers, arrivals } = rehearsal({ ...options, seconds, messages });
  const { peak, climb } = dayPhases(seconds);
  return {
    arrivals,
    peak,
    climb,
    fill: (shop) => fillShop(dynamodbShop(shop), customers),
    async judge(place: ShopPlace, results, sent) {
      const shop = dynamodbShop(place);
      const orders = [];
      for (const { customer } of customers) orders.push(...(await shop.orders(customer.id)));
      const messages = arrivals.map(({ message }) => message).filter(({ id }) => sent.has(id));
      return judge(messages, results, orders);
    },
  };
}
