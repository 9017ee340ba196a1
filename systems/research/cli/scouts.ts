import { setTimeout as delay } from 'node:timers/promises';
import { dynamodbHostPaceStore } from '#adapters/dynamodb/host-pace-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher } from '#adapters/web/fetcher.ts';
import type { Connection } from '#cli/fleet/connection.ts';
import { canonicalUrl } from '#core/web/canonical.ts';
import { standsIn } from '../claims/quotes.ts';
import type { Source } from '../claims/claim.ts';
import type { NightPorts } from '../night/ports.ts';
import { collectSources } from '../sources/collect.ts';
import { SEC, SEC_STAND_IN } from '../sources/edgar.ts';
import type { Company } from '../companies/company.ts';

export interface ScoutPlace {
  readonly connection: Pick<Connection, 's3' | 'dynamodb'>;
  readonly bucket: string;
  /** The table with the paces of sites. */
  readonly table: string;
  /** Where the names below `.test` are served; null if no company of the list is there. */
  readonly standInPort: number | null;
  /** Whom a site's owner may ask. */
  readonly contact: string;
  /** The time in the night, for what was fetched in it. */
  readonly now: () => number;
}

/** Fetches what companies published, and looks quotes up in it afterwards. */
export interface Scouts {
  readonly collect: NightPorts['collect'];
  /** Whether the snapshot of a source has its quote. */
  holds(source: Source, night: string): Promise<boolean>;
}

export function scouts({ connection, bucket, table, standInPort, contact, now }: ScoutPlace): Scouts {
  const snapshots = s3Snapshots({ artifacts: s3Artifacts({ client: connection.s3 }), bucket });
  const fetcher = webFetcher({
    snapshots,
    paces: dynamodbHostPaceStore({ table, client: connection.dynamodb }),
    clock: systemClock(),
    ids: nodeIds(),
    contact,
    ...(standInPort !== null && { standIn: { address: '127.0.0.1', port: standInPort } }),
  });
  return {
    async collect(company, night, signal) {
      const edgar = isSimulated(company) ? SEC_STAND_IN : SEC;
      for (;;) {
        signal.throwIfAborted();
        const result = await collectSources(sourceOf(company), { fetcher, night, edgar });
        if (result.kind === 'collected') {
          const fetched = new Date(now()).toISOString();
          return { ...result, documents: result.documents.map((document) => ({ ...document, fetched })) };
        }
        await delay(Math.max(1, result.at - Date.now()), undefined, { signal });
      }
    },
    async holds({ url, quote }, night) {
      const snapshot = await snapshots.newest(canonicalUrl(url), night);
      return snapshot?.kind === 'page' && standsIn(quote, snapshot.text);
    },
  };
}

export const isSimulated = ({ website }: Company): boolean =>
  website !== null && new URL(website).hostname.endsWith('.test');

const sourceOf = ({ name, website, ticker, cik }: Company) => ({
  name,
  ...(website !== null && { site: website }),
  ...(ticker !== null && { ticker }),
  ...(cik !== null && { cik: Number(cik) }),
});
