import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher, type WebFetcherOptions } from '#adapters/web/fetcher.ts';
import { FailureError } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Fetcher } from '#core/ports/fetcher.ts';
import { normalized } from '#core/web/plain.ts';
import type { ScoutServices } from '../agents/scout.ts';
import { collectedStore, ofTenant, PAGES, type KeptDocument } from '../night/collected.ts';
import { isSimulated, SIMULATED_WEB_KEY, simulatedWebSchema, type NightItem } from '../night/item.ts';
import { collectSources } from './collect.ts';
import type { Collection } from './company.ts';
import { SEC, SEC_STAND_IN } from './edgar.ts';
import { withinTurn } from './within-turn.ts';

export interface ScoutPlace extends Pick<WebFetcherOptions, 'paces' | 'clock' | 'ids' | 'delay' | 'limits'> {
  readonly artifacts: Artifacts;
  /** The bucket of snapshots. */
  readonly bucket: string;
  /** Whom the owner of a site may ask. Without it the real web is not fetched. */
  readonly contact: string | undefined;
  /** The address at which a simulated web may be served. Undefined where none may. */
  readonly standInAddress: string | undefined;
}

/** For a simulated web, whose owner is this machine. */
const NOBODY = 'https://fleet.example/research';

/** What a scout uses: the web of its item, and the bucket of snapshots. */
export function scoutServices(place: ScoutPlace): ScoutServices {
  const { artifacts, bucket, clock, ids } = place;
  // A fetcher keeps the robots.txt files that it has read.
  const fetchers = new Map<string, Fetcher>();
  const fetcherFor = async (tenant: string, item: NightItem): Promise<Fetcher> => {
    const web = await webOf(item, place);
    const key = JSON.stringify([tenant, item.space, web]);
    const known = fetchers.get(key);
    if (known !== undefined) return known;
    const snapshots = s3Snapshots({ artifacts, bucket, folder: `${ofTenant(PAGES, tenant)}${item.space}` });
    const made = webFetcher({ ...place, ...web, snapshots });
    fetchers.set(key, made);
    return made;
  };
  return {
    async fetch(tenant, item, deadline, pages = []) {
      const fetcher = withinTurn(await fetcherFor(tenant, item), clock, deadline);
      const edgar = isSimulated(item) ? SEC_STAND_IN : SEC;
      const result = await collectSources(companyOf(item), { fetcher, night: item.night, edgar, found: pages });
      const kept = (found: Collection) => ({
        documents: found.documents.map((document) => keptDocument(item, document, ids.digest)),
        failures: found.failures,
      });
      if (result.kind === 'later') return { kind: 'later', at: result.at, ...kept(result.soFar) };
      return { kind: 'collected', ...kept(result) };
    },
    keep: (tenant, item, documents) => collectedStore(artifacts, bucket, tenant).keep(item, documents),
    now: () => clock.now(),
  };
}

/** The pause before a scout looks again whether its night is shown. */
const OTHER_NIGHT_MS = 5_000;

/** How the web of an item is reached. Throws a permanent failure where it is not, a throttled one while it is not yet. */
async function webOf(item: NightItem, { artifacts, bucket, contact, standInAddress }: ScoutPlace) {
  if (!isSimulated(item)) {
    if (contact === undefined)
      throw permanent(
        'Sites may be fetched only by somebody whom their owners can ask. Set systems.research.contact in config/, and deploy.',
      );
    return { contact };
  }
  if (standInAddress === undefined)
    throw permanent(
      `The space ${item.space} is a simulated web, which only a fleet on this machine has. Use the space "web".`,
    );
  const bytes = await artifacts.get({ bucket, key: SIMULATED_WEB_KEY }).catch(() => null);
  const parsed = simulatedWebSchema.safeParse(bytes === null ? null : parseJson(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw permanent('No simulated web is running. Start one with: npm run fleet -- research');
  const { port, contact: own = NOBODY, space = item.space, night = item.night } = parsed.data;
  // A run may outlive the command whose web it reads.
  if (space !== item.space || night !== item.night)
    throw new FailureError({
      kind: 'throttled',
      reason: `The simulated web shows ${space} in the night ${night}.`,
      retryAfterMs: OTHER_NIGHT_MS,
    });
  return { contact: own, standIn: { address: standInAddress, port } };
}

const permanent = (reason: string): FailureError => new FailureError({ kind: 'permanent', reason });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const companyOf = ({ name, website, ticker, cik, news }: NightItem) => ({
  name,
  ...(website !== null && { site: website }),
  ...(ticker !== null && { ticker }),
  ...(cik !== null && { cik: Number(cik) }),
  ...(news !== undefined && { news }),
});

/** A document as it is kept, without what no reader sees. */
export function keptDocument(
  item: NightItem,
  { id, url, title, published, fetched, text, kind }: Collection['documents'][number],
  digest: (text: string) => string,
): KeptDocument {
  return {
    id,
    url,
    title,
    ...(published !== undefined && { published }),
    // The clock of a simulated night is the night's.
    fetched: isSimulated(item) ? `${item.night}T22:00:00.000Z` : fetched,
    text,
    kind,
    digest: digest(normalized(`${title}\n${text}`)),
  };
}
