import { command } from '#core/waiting/commands.ts';
import { findRunningGlobal, type RunningGlobal } from './global/registry.ts';
import { UserError } from './user-error.ts';

/** The fleet on this machine stopped while a command used it. */
export class FleetLost extends UserError {
  readonly #place: string | null;

  /**
   * @param place its endpoint; null if the error does not name it, so that it may also be a deployed fleet
   * @param goOn the command that goes on where this one ended
   * @param regions those of `global up`, of which it may be one
   */
  constructor(place: string | null, goOn: string, regions: RunningGlobal | null = findRunningGlobal()) {
    if (place === null)
      super('The connection to the fleet broke.', `If it runs on this machine, start it with npm start. ${goOn}`);
    else super(...stopped(place, goOn, regions));
    this.name = 'FleetLost';
    this.#place = place;
  }

  /** The same with another command that goes on. */
  goingOnWith(goOn: string): FleetLost {
    return new FleetLost(this.#place, goOn);
  }
}

/** A region of `global up` is started again by itself. */
function stopped(place: string, goOn: string, regions: RunningGlobal | null): readonly [string, string] {
  const isThere = (url: string | undefined): boolean => url !== undefined && new URL(url).host === place;
  const region = regions?.regions.find(({ api, endpoint }) => isThere(api?.url) || isThere(endpoint));
  if (region === undefined)
    return [`The fleet at ${place} does not answer: it has stopped.`, `Start it with npm start. ${goOn}`];
  const start = command('global', 'start', region.name);
  return [`Region ${region.name} at ${place} does not answer: it has stopped.`, `Start it with ${start}. ${goOn}`];
}

/** What a connection says when the program at the other end has gone. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
const LOCAL = new Set(['127.0.0.1', '::1']);

/** The error as one for the user, if it says that the fleet on this machine has gone; else null. */
export function lostFleet(error: unknown, goOn = 'Then run the command again.'): FleetLost | null {
  for (const each of causes(error)) {
    const { code, address, port, syscall } = each as NodeJS.ErrnoException & { address?: string; port?: number };
    if (code === undefined || !GONE.has(code)) continue;
    if (address !== undefined && LOCAL.has(address)) return new FleetLost(`${address}:${port}`, goOn);
    // An open connection that breaks does not say where it led.
    if (address === undefined && (syscall === 'read' || syscall === 'write' || code === 'ECONNRESET'))
      return new FleetLost(null, goOn);
  }
  return null;
}

/** An error, those that it collects, and their causes. */
export function causes(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...inner.flatMap(causes), ...causes(error.cause)];
}
