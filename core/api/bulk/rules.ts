import { stopAction, type BulkAction } from '../../bulk/action.ts';
import type { BulkStore } from '../../ports/bulk-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Caller } from '../http/caller.ts';
import { cursorText, parseCursor } from '../http/page.ts';
import { ApiProblem, notFound } from '../http/problem.ts';
import type { BulkDetail, BulkList, BulkQuery, BulkView } from './messages.ts';
import { bulkView, itemView } from './views.ts';

export interface BulkPorts {
  readonly bulk: BulkStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Returns a bulk action and a page of its tasks. Throws `ApiProblem`: not found for another tenant's (I8). */
export async function getBulkAction(
  ports: BulkPorts,
  caller: Caller,
  id: string,
  query: BulkQuery,
): Promise<BulkDetail> {
  const action = await readAction(ports, caller, id);
  return { ...bulkView(action, ports.clock.now()), ...(await itemsOf(ports, action, query)) };
}

/** A key of some agents sees the actions that such a key may have asked for. */
async function readAction({ bulk }: BulkPorts, caller: Caller, id: string): Promise<BulkAction> {
  const action = await bulk.get(caller.tenant, id);
  if (!action || !isVisible(action, caller)) throw notFound('bulk action', id);
  return action;
}

const isVisible = ({ caller: { agents } }: BulkAction, caller: Caller): boolean =>
  caller.agents === null || (agents?.every((agent) => caller.agents?.includes(agent)) ?? false);

async function itemsOf(
  { bulk }: BulkPorts,
  { list, pages }: BulkAction,
  { outcome, limit, cursor }: BulkQuery,
): Promise<Pick<BulkDetail, 'items' | 'next'>> {
  const items: BulkDetail['items'] = [];
  const from = cursor === undefined ? { page: 0, item: 0 } : parsePlace(cursor);
  for (let index = from.page; index < pages; index += 1) {
    const page = await bulk.getPage(list, index);
    for (const [place, item] of (page?.items ?? []).entries()) {
      if (index === from.page && place < from.item) continue;
      if (outcome !== undefined && item.outcome !== outcome) continue;
      if (items.length === limit) return { items, next: `${index}.${place}` };
      items.push(itemView(item));
    }
  }
  return { items };
}

function parsePlace(cursor: string): { readonly page: number; readonly item: number } {
  const [, page, item] = /^(\d{1,6})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (page !== undefined && item !== undefined) return { page: Number(page), item: Number(item) };
  const remedy = 'Pass the `next` value of the previous page unchanged.';
  throw new ApiProblem('invalid-request', 'cursor: is not a valid cursor.', [
    { field: 'cursor', message: 'is not a valid cursor', remedy },
  ]);
}

/** Returns a page of the tenant's bulk actions, newest first. */
export async function listBulkActions(
  { bulk, clock }: BulkPorts,
  caller: Caller,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<BulkList> {
  const actions: BulkView[] = [];
  let last: BulkAction | undefined;
  for await (const action of bulk.list(caller.tenant, cursor === undefined ? undefined : parseCursor(cursor))) {
    if (!isVisible(action, caller)) continue;
    if (actions.length === limit && last) return { actions, next: cursorText(last) };
    actions.push(bulkView(action, clock.now()));
    last = action;
  }
  return { actions };
}

/** Stops a bulk action after the page under way. Throws `ApiProblem`. */
export async function cancelBulkAction(ports: BulkPorts, caller: Caller, id: string): Promise<BulkView> {
  for (;;) {
    const action = await readAction(ports, caller, id);
    const next = stopAction(action, ports.clock.now());
    if (!next) return bulkView(action, ports.clock.now());
    if ((await ports.bulk.write(next)) === 'written') return bulkView(next, ports.clock.now());
  }
}
