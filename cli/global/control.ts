import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../user-error.ts';
import type { RunningGlobal } from './registry.ts';

/** Orders to the command that runs the regions, from other terminals. */
export interface Orders {
  /** Starts a region that is down. */
  start(name: string): Promise<void>;
}

export interface Control {
  readonly url: string;
  close(): void;
}

/** Listens on 127.0.0.1 for orders that prove that they come from this user. */
export async function listenForOrders(orders: Orders, secret: string): Promise<Control> {
  const server = createServer((request, response) => void obey(orders, secret, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function obey(orders: Orders, secret: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = /^\/start\/([a-z]{2,8})$/.exec(request.url ?? '')?.[1];
  if (!isSame(request.headers.authorization ?? '', `Bearer ${secret}`)) return void response.writeHead(403).end();
  if (request.method !== 'POST' || name === undefined) return void response.writeHead(404).end();
  try {
    await orders.start(name);
    response.writeHead(204).end();
  } catch (error) {
    const { message, remedy = '' } = error as Partial<UserError>;
    response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ message, remedy }));
  }
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** That a region which was down starts already, as an error for the user. */
export const isStartingStill = (name: string): UserError =>
  new UserError(`Region ${name} is starting.`, 'Wait until npm run fleet -- global map shows it as up.');

/** That the command which runs the regions takes no more orders, as an error for the user. */
export const areStopping = (): UserError =>
  new UserError(
    'The regions on this machine are stopping.',
    'Wait until their terminal says that they are stopped, then start all of them with npm run fleet -- global up.',
  );

/** Tells the command that runs the regions to start one. Throws a `UserError` if it cannot. */
export async function orderStart({ control, secret }: RunningGlobal, name: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}` };
  const response = await fetch(`${control}/start/${name}`, { method: 'POST', headers }).catch(() => {
    throw areStopping();
  });
  if (response.ok) return;
  const { message, remedy } = (await response.json()) as { message: string; remedy: string };
  throw new UserError(message, remedy);
}
