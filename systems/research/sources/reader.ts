import type { Fetcher } from '#core/ports/fetcher.ts';
import type { PageSnapshot } from '#core/web/snapshot.ts';
import { isSameSite } from './choose.ts';
import type { Collection, DocumentKind, SourceBudget, SourceDocument, SourceFailure } from './company.ts';

/** A site gives no permit now. Whoever collects goes on at `at`: the pages of this night are kept. */
export class Deferred extends Error {
  override readonly name = 'Deferred';
  readonly at: number;
  readonly url: string;

  constructor(at: number, url: string) {
    super('A site asks to wait.');
    this.at = at;
    this.url = url;
  }
}

export interface Fetched {
  readonly page: PageSnapshot;
  readonly changed: boolean;
}

export interface PageOptions {
  /** Whether it is no failure if there is none. */
  readonly optional?: boolean;
  /** Whether it never changes. */
  readonly fixed?: boolean;
}

/** What is known of a page before it is read. */
export interface Known {
  readonly title?: string;
  readonly published?: string | undefined;
  readonly fixed?: boolean;
}

/** Shorter texts are no documents. */
const MIN_CHARS = 60;

type Draft = Omit<SourceDocument, 'id'>;

/** Fetches what belongs to one company in one night, within its budget. */
export class Reader {
  readonly #fetcher: Fetcher;
  readonly #night: string;
  readonly #budget: SourceBudget;
  /** By the hash of their text: a copy takes no place. */
  readonly #documents = new Map<string, Draft>();
  readonly #failures: SourceFailure[] = [];
  readonly #own: string[] = [];
  #characters = 0;

  constructor(fetcher: Fetcher, night: string, budget: SourceBudget) {
    this.#fetcher = fetcher;
    this.#night = night;
    this.#budget = budget;
  }

  get pagesLeft(): number {
    return this.#characters >= this.#budget.characters ? 0 : this.#budget.pages - this.#documents.size;
  }

  /** Says that this address is the company's: what lies on its site is its own word, whoever led there. */
  own(url: string): void {
    this.#own.push(url);
  }

  /** Fetches a page. Null if that failed, which is a failure of the company unless `optional`. Throws `Deferred`. */
  async page(url: string, { optional = false, fixed = false }: PageOptions = {}): Promise<Fetched | null> {
    const result = await this.#fetcher.fetch({ url, night: this.#night, fixed });
    if (result.kind === 'later') throw new Deferred(result.at, url);
    if (result.kind === 'page') return result;
    if (!optional) this.fail(url, result.reason, result.unread);
    return null;
  }

  sitemaps(url: string): Promise<readonly string[]> {
    return this.#fetcher.sitemaps({ url, night: this.#night });
  }

  /** Fetches a page and keeps it as a document, if the budget has room. Returns it. */
  async read(url: string, kind: DocumentKind, known: Known = {}) {
    if (this.pagesLeft <= 0) return null;
    const fetched = await this.page(url, { fixed: known.fixed ?? false });
    if (fetched !== null) this.keep(fetched, kind, known);
    return fetched;
  }

  keep({ page, changed }: Fetched, kind: DocumentKind, known: Known = {}): void {
    const copied = this.#documents.get(page.hash);
    if (copied !== undefined) {
      // What others print word for word is the word of the company, or the SEC, that published it.
      if (copied.kind === 'press' && kind !== 'press')
        this.#documents.set(page.hash, draftOf({ page, changed }, kind, known));
      return;
    }
    if (this.pagesLeft <= 0) return;
    if (page.text.length < MIN_CHARS) {
      this.fail(page.url, 'The page has no text unless its scripts are run, or hardly any.');
      return;
    }
    if (this.#characters + page.text.length > this.#budget.characters) {
      this.fail(page.url, "The page does not fit what is left of the company's budget.");
      return;
    }
    this.#characters += page.text.length;
    this.#documents.set(page.hash, draftOf({ page, changed }, kind, known));
  }

  fail(url: string, reason: string, unread?: true): void {
    this.#failures.push({ url, reason, ...(unread && { unread }) });
  }

  collection(): Collection {
    const documents = [...this.#documents.values()].map((draft, index) => ({
      id: `s${index + 1}`,
      ...draft,
      kind: draft.kind === 'press' && this.#isOwn(draft.url) ? 'news' : draft.kind,
    }));
    return {
      documents,
      failures: this.#failures,
      unchanged: documents.length > 0 && documents.every(({ changed }) => !changed),
    };
  }

  /** By where a page lies, not by the address that led there, which may redirect to a stranger or to the company. */
  #isOwn(url: string): boolean {
    return this.#own.some((own) => isSameSite(url, own));
  }
}

function draftOf({ page, changed }: Fetched, kind: DocumentKind, known: Known): Draft {
  const published = page.published ?? known.published;
  return {
    url: page.url,
    title: known.title ?? page.title,
    ...(published !== undefined && { published }),
    fetched: new Date(page.fetched).toISOString(),
    text: page.text,
    kind,
    changed,
  };
}
