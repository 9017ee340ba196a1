import { ApiError } from '../http/api-error.ts';
import { link, oneOf, pageOf } from '../http/pages.ts';
import { idOf, type Answer, type Call, type Route } from '../http/route.ts';
import { notFound } from '../http/api-error.ts';
import { deliveryItemView, deliveryView, redeliver } from '../webhooks/delivery.ts';
import type { Delivery } from '../webhooks/types.ts';

const DAYS_KEPT_MS = 3 * 86_400_000;

const succeeded = ({ statusCode }: Delivery): boolean => statusCode >= 200 && statusCode < 400;

/** Lists deliveries, newest first, by a cursor: new ones do not shift the pages. */
function listDeliveries(call: Call): Answer {
  const { world, query } = call;
  const status = oneOf(call, 'status', ['success', 'failure', 'all'], 'all');
  const { perPage } = pageOf(call);
  const before = query.get('cursor');
  if (before !== null && !/^\d+$/.test(before)) throw new ApiError(400, 'Invalid cursor');
  const found = world.deliveries
    .filter(({ deliveredAt }) => world.now() - deliveredAt < DAYS_KEPT_MS)
    .filter((delivery) => status === 'all' || succeeded(delivery) === (status === 'success'))
    .filter(({ id }) => before === null || id < Number(before))
    .toReversed();
  const items = found.slice(0, perPage);
  const last = items.at(-1);
  const headers: Record<string, string> =
    last === undefined || items.length === found.length ? {} : { link: link(call, { cursor: last.id }, 'next') };
  return { status: 200, json: items.map(deliveryItemView), headers };
}

function deliveryOf(call: Call): Delivery {
  const id = idOf(call, 'id');
  const found = call.world.deliveries.find((delivery) => delivery.id === id);
  if (found === undefined) throw notFound();
  return found;
}

function attemptAgain(call: Call): Answer {
  redeliver(call.world, deliveryOf(call));
  return { status: 202, json: {} };
}

export const deliveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/app/hook/deliveries',
    docs: 'apps/webhooks#list-deliveries-for-an-app-webhook',
    who: 'app',
    handle: listDeliveries,
  },
  {
    method: 'GET',
    pattern: '/app/hook/deliveries/{id}',
    docs: 'apps/webhooks#get-a-delivery-for-an-app-webhook',
    who: 'app',
    handle: (call) => ({ status: 200, json: deliveryView(deliveryOf(call)) }),
  },
  {
    method: 'POST',
    pattern: '/app/hook/deliveries/{id}/attempts',
    docs: 'apps/webhooks#redeliver-a-delivery-for-an-app-webhook',
    who: 'app',
    handle: attemptAgain,
  },
];
